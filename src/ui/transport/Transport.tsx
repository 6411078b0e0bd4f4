/** The bar at the top: where we are in time, and what can be done to the cluster. */
import { lazy, Suspense } from 'react';
import { pictureAt } from '../../story/picture.ts';
import { useFields, useStore } from '../app/store.ts';
import { Icon } from './Icon.tsx';
import { goToEnd, goToStart, isAwaited, stepBack, stepForward, togglePlay } from './playback.ts';
import css from './transport.module.css';

const duration = (us: number): string =>
  us < 1000 ? `${us} µs` : us < 1_000_000 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1_000_000).toFixed(us < 100_000_000 ? 2 : 0)} s`;

const PACES = [
  ['chatter', 'by message, with heartbeats'],
  ['hop', 'by message'],
  ['0.5', '½ ×'],
  ['1', '1 ×'],
  ['2', '2 ×'],
  ['4', '4 ×'],
  ['1000', 'no pauses'],
] as const;

/** Fetched when nothing else is left to do. */
const Menus = lazy(() => import('./Menus.tsx'));
const Time = lazy(async () => ({ default: (await import('./Menus.tsx')).Time }));
const Wait = ({ names, is }: { readonly names: readonly string[]; readonly is: string | undefined }) => (
  <>
    {names.map((name) => (
      <select key={name} className={is} aria-label={name} disabled>
        <option>{name}</option>
      </select>
    ))}
  </>
);

export function Transport() {
  const { row, events, bootRows, isPresenting, lesson, set } = useFields('row', 'events', 'bootRows', 'isPresenting', 'lesson', 'set');
  return (
    <header className={css.bar}>
      <b className={css.brand} title={lesson ? `Lesson: ${lesson}` : undefined} data-testid="brand">
        {lesson ?? 'Kube Orrery'}
      </b>
      <div className={css.group} role="group" aria-label="Playback">
        <button type="button" onClick={goToStart} disabled={row <= bootRows} title="To the start" aria-label="To the start">
          <Icon d="M4 3v10M13 3 6 8l7 5z" />
        </button>
        <button type="button" onClick={stepBack} disabled={row <= bootRows} title="Back a beat (←)" aria-label="Back a beat">
          <Icon d="M11 3 4 8l7 5z" />
        </button>
        <Forward />
        <button type="button" onClick={goToEnd} disabled={row >= events.length} title="To the end (End)" aria-label="Settle">
          <Icon d="M3 3l4.5 5L3 13zM8 3l4.5 5L8 13zM14 3v10" />
        </button>
      </div>
      <Pace />
      <Suspense fallback={<Wait names={['Wait …']} is={css.time} />}>
        <Time />
      </Suspense>
      <span className={css.space} />
      <Clock />
      <Suspense
        fallback={
          <>
            <Wait names={['Break …', 'Request …']} is={css.break} />
            <button disabled>Share</button>
          </>
        }
      >
        <Menus />
      </Suspense>
      <button type="button" aria-pressed={isPresenting} onClick={() => set({ isPresenting: !isPresenting })}>
        Present
      </button>
      <button type="button" onClick={() => set({ showsLegend: !useStore.getState().showsLegend })} aria-label="Legend">
        ?
      </button>
      <ThemeButton />
    </header>
  );
}

/** Play, and one step: at the end of the story, while something is due, they let time pass. */
function Forward() {
  const store = useStore();
  const { row, events, beats, isPlaying, isByHop, status } = store;
  const next = isAwaited(store) ? 'Then what? Lets time pass until something happens' : undefined;
  const isOver = row >= events.length && beats.length > 0 && next === undefined;
  const isDisabled = status !== 'ready' || isOver;
  return (
    <>
      <button
        type="button"
        className={css.primary}
        onClick={togglePlay}
        disabled={isDisabled}
        title={`${next ?? 'Play'} (Space)`}
        aria-label={isPlaying ? 'Pause' : 'Play'}
      >
        <Icon d={isPlaying ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2l9 6-9 6z'} />
      </button>
      <button
        type="button"
        onClick={stepForward}
        disabled={isDisabled}
        title={`${next ?? (isByHop ? 'Forward a message' : 'Forward a beat')} (→)`}
        aria-label="Forward a beat"
      >
        <Icon d="M4 3l6 5-6 5zM12 3v10" />
      </button>
    </>
  );
}

function Pace() {
  const { speed, isByHop, showsChatter, paced } = useFields('speed', 'isByHop', 'showsChatter', 'paced');
  const pace = showsChatter ? 'chatter' : isByHop ? 'hop' : String(speed);
  return (
    <label className={css.pace}>
      <select aria-label="Pace" title="Pace" value={pace} onChange={(e) => paced(e.target.value)}>
        {PACES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Clock() {
  const { book, row, session } = useFields('book', 'row', 'session');
  const picture = pictureAt(book, row);
  const since = session?.commands.filter((c) => c.at <= picture.at).at(-1)?.at;
  return (
    <output className={css.clock} aria-label="Virtual clock" title="Virtual time since the last command, and etcd's revision">
      {since === undefined ? `T + ${duration(picture.at)}` : `+ ${duration(picture.at - since)}`}
      <span> · rev {picture.revision}</span>
    </output>
  );
}

const MOON = 'M12.5 10A5.5 5.5 0 0 1 6 3.5 5.5 5.5 0 1 0 12.5 10z';
const SUN = 'M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM8 1v1M8 14v1M1 8h1M14 8h1';

function ThemeButton() {
  const { theme, set } = useFields('theme', 'set');
  return (
    <button type="button" onClick={() => set({ theme: theme === 'dark' ? 'light' : 'dark' })} aria-label="Theme">
      <Icon d={theme === 'dark' ? MOON : SUN} />
    </button>
  );
}
