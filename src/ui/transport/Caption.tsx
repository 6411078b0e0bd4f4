/** The thing people read: what just happened, and why. */
import { beatAt } from '../../story/beats.ts';
import { useStore } from '../app/store.ts';
import css from './transport.module.css';

export function Caption() {
  const { beats, row, status, isBusy, bootRows, set } = useStore();
  const done = beatAt(beats, row);
  const inBeat = beats[done] && row > beats[done].from ? done : done - 1;
  const beat = beats[inBeat];
  const idle = status === 'booting' ? 'A cluster is starting …' : isBusy ? 'Simulating …' : 'A whole cluster is running in this tab.';
  return (
    <section className={css.caption} aria-live="polite" data-testid="caption">
      <span className={css.n}>{beat && row > bootRows ? `${inBeat + 1} / ${beats.length}` : `0 / ${beats.length}`}</span>
      <div>
        <h2>{beat && row > bootRows ? `${beat.title}${beat.times > 1 ? ` ×${beat.times}` : ''}` : idle}</h2>
        <p>{beat && row > bootRows ? beat.why : beats.length > 0 ? 'Press → for the next beat, or Space to play.' : 'Press Apply (Ctrl + Enter in the editor), then step through what happens with →.'}</p>
      </div>
      <span>{beat && row > bootRows && <button type="button" className={css.why} onClick={() => set({ why: beat.id, isPresenting: false })}>Why?</button>}</span>
    </section>
  );
}
