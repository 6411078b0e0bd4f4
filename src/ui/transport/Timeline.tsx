/** The beats as ticks, by act; click to go there. */
import { beatAt } from '../../story/beats.ts';
import { useStore } from '../app/store.ts';
import { goTo } from './playback.ts';
import css from './transport.module.css';

const ACTS = ['', 'written down', 'noticed', 'placed', 'on a machine', 'reachable'] as const;

export function Timeline() {
  const { beats, row } = useStore();
  const now = beatAt(beats, row) - 1;
  let act = 0;
  let lastLabel = -20;
  return (
    <nav className={css.timeline} aria-label="Beats">
      <div className={css.acts}>
        {beats.length === 0 && <span className={css.hint}>The story's beats will be listed here.</span>}
        {beats.map((beat, i) => {
          const isNew = beat.act > act && i - lastLabel > 4;
          if (isNew) { act = beat.act; lastLabel = i; }
          return <button type="button" key={beat.id} className={css.beat} data-state={i === now ? 'now' : i < now ? 'done' : 'next'} onClick={() => goTo(beat.to)} title={beat.title} aria-label={`Beat ${i + 1}: ${beat.title}`}>{isNew && <span className={css.act}>{ACTS[act]}</span>}</button>;
        })}
      </div>
    </nav>
  );
}
