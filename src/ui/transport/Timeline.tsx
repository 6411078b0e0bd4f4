/** The beats as ticks, by act; click to go there. */
import { beatAt } from '../../story/beats.ts';
import { useStore } from '../app/store.ts';
import { goTo } from './playback.ts';
import css from './transport.module.css';

const ACTS = ['', 'written down', 'noticed', 'placed', 'on a machine', 'reachable'] as const;

/** Where each act begins, when there is room for its name. */
function labelsOf(beats: readonly { readonly act: number }[]): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  let act = 0;
  let last = -20;
  beats.forEach((beat, i) => { if (beat.act > act && i - last > 4) { act = beat.act; last = i; labels.set(i, ACTS[act]); } });
  return labels;
}

export function Timeline() {
  const { beats, row } = useStore();
  const now = beatAt(beats, row) - 1;
  const labels = labelsOf(beats);
  return (
    <nav className={css.timeline} aria-label="Beats">
      <div className={css.acts}>
        {beats.length === 0 && <span className={css.hint}>The story's beats will be listed here.</span>}
        {beats.map((beat, i) => (
           <span key={beat.id} className={css.slot}>{labels.has(i) && <span className={css.act}>{labels.get(i)}</span>}<button type="button" className={css.beat} data-state={i === now ? 'now' : i < now ? 'done' : 'next'} onClick={() => goTo(beat.to)} title={beat.title} aria-label={`Beat ${i + 1}: ${beat.title}`} /></span>
        ))}
      </div>
    </nav>
  );
}
