/** The beats as ticks, by act; click to go there. Time in which nothing is to be seen is torn out, and said. */
import { useSyncExternalStore } from 'react';
import { beatNow, IDLE_US, timesAt, type Beat } from '../../story/beats.ts';
import { useFields } from '../app/store.ts';
import { goTo } from './playback.ts';
import css from './transport.module.css';

const ACTS = ['', 'written down', 'noticed', 'placed', 'on a machine', 'reachable'] as const;

/** About how wide the ticks are together, and an act's name, px; where the window is narrow, less. */
const roomIn = (): number => Math.min(1080, window.innerWidth - 200);
const onResize = (then: () => void) => {
  window.addEventListener('resize', then);
  return () => window.removeEventListener('resize', then);
};
const NAME = 112;
const TEAR = 84;
/** So many tears are told in seconds; more of them are only drawn. */
const MOST_TOLD = 6;

interface Label {
  readonly name: string;
  /** It would reach beyond the room: it ends where its tick does. */
  readonly isAtEnd: boolean;
}

/** Where each act begins, when there is room for its name. */
function labelsOf(beats: readonly Beat[], { tears, room }: { readonly tears: number; readonly room: number }): ReadonlyMap<number, Label> {
  const labels = new Map<number, Label>();
  const slot = Math.max(2, Math.min(40, (room - tears * TEAR) / Math.max(1, beats.length - tears)));
  let act = 0;
  let last = -1e6;
  let torn = 0;
  beats.forEach((beat, i) => {
    if (tears > 0 && idleBefore(beats, i) >= IDLE_US) torn++;
    if (beat.act > act && (i - last) * slot >= NAME) {
      act = beat.act;
      last = i;
      labels.set(i, { name: ACTS[act], isAtEnd: room - i * slot - torn * TEAR < NAME });
    }
  });
  return labels;
}
const idleBefore = (beats: readonly Beat[], i: number): number => (i === 0 ? 0 : beats[i].at - beats[i - 1].at);

export function Timeline() {
  const { beats, row, showsSequence, set } = useFields('beats', 'row', 'showsSequence', 'set');
  const now = beatNow(beats, row);
  const torn = beats.filter((_, i) => idleBefore(beats, i) >= IDLE_US).length;
  const isTold = torn <= MOST_TOLD;
  const labels = labelsOf(beats, { tears: isTold ? torn : 0, room: useSyncExternalStore(onResize, roomIn) });
  return (
    <nav className={css.timeline} aria-label="Beats">
      <div className={css.acts} data-bare={showsSequence || undefined}>
        {beats.length === 0 && <span className={css.hint}>The story's beats will be listed here.</span>}
        {beats.map((beat, i) => {
          const label = labels.get(i);
          return (
            <span key={beat.id} className={css.slot} data-torn={(isTold && idleBefore(beats, i) >= IDLE_US) || undefined}>
              {idleBefore(beats, i) >= IDLE_US && (
                <span className={css.tear} title={`${(idleBefore(beats, i) / 1e6).toFixed(1)} s in which nothing is to be seen`}>
                  {isTold && `${(idleBefore(beats, i) / 1e6).toFixed(1)} s`}
                </span>
              )}
              {label && !showsSequence && (
                <span className={css.act} data-end={label.isAtEnd || undefined}>
                  {label.name}
                </span>
              )}
              <button
                type="button"
                className={css.beat}
                data-state={i === now ? 'now' : i < now ? 'done' : 'next'}
                onClick={() => goTo(beat.to)}
                title={`${beat.title}${timesAt(beat, row)}`}
                aria-label={`Beat ${i + 1}: ${beat.title}`}
              />
            </span>
          );
        })}
      </div>
      <button
        type="button"
        className={css.toggle}
        aria-pressed={showsSequence}
        disabled={beats.length === 0}
        title="Sequence of messages (S)"
        onClick={() => set({ showsSequence: !showsSequence })}
      >
        Sequence
      </button>
    </nav>
  );
}
