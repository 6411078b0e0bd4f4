/** The thing people read: what just happened, and why; which beat it is, and what to do when the story is at its end. */
import { useState } from 'react';
import { beatNow, timesAt, type Beat } from '../../story/beats.ts';
import { fitMiddle } from '../../views/geometry.ts';
import { useStore } from '../app/store.ts';
import { goTo, playedMs } from './playback.ts';
import css from './transport.module.css';

/** A name may have 253 characters, and must leave room for the reason. */
const LONG_NAME = 36;
const span = (us: number): string =>
  us < 1000
    ? `${Math.round(us)} µs`
    : us < 1_000_000
      ? `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`
      : us < 120_000_000
        ? `${(us / 1e6).toFixed(1)} s`
        : `${Math.round(us / 6e7)} min`;

/** The beat's number, which can be typed over to go elsewhere. */
function Place({ now, beats }: { readonly now: number; readonly beats: readonly Beat[] }) {
  const [typed, setTyped] = useState<string>();
  const go = (): void => {
    const beat = beats[Number(typed) - 1];
    setTyped(undefined);
    if (beat) goTo(beat.to);
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        go();
        (document.activeElement as HTMLElement | null)?.blur();
      }}
    >
      <input
        className={css.jump}
        style={{ width: `${(typed ?? String(now)).length || 1}ch` }}
        inputMode="numeric"
        aria-label={`Go to beat, 1 to ${beats.length}`}
        title="Type a number to go to that beat"
        disabled={beats.length === 0}
        value={typed ?? String(now)}
        onFocus={(e) => e.target.select()}
        onChange={(e) => setTyped(e.target.value.replace(/\D/g, ''))}
        onBlur={() => setTyped(undefined)}
      />{' '}
      / {beats.length}
    </form>
  );
}

export function Caption() {
  const { beats, row, events, status, isBusy, bootRows, speed, set, wait } = useStore();
  const inBeat = beatNow(beats, row);
  const beat = row > bootRows ? beats[inBeat] : undefined;
  const idle = status === 'booting' ? 'A cluster is starting …' : isBusy ? 'Simulating …' : 'A whole cluster is running in this tab.';
  const took = beat && inBeat > 0 ? beat.at - beats[inBeat - 1].at : 0;
  const shown = beat ? (playedMs(beat) * 1000) / speed : 0;
  const title = beat ? `${beat.title}${timesAt(beat, row)}` : idle;
  const isOver = beat !== undefined && row >= events.length && status === 'ready';
  return (
    <section className={css.caption} aria-live="polite" data-testid="caption">
      <div className={css.n}>
        <Place now={beat ? inBeat + 1 : 0} beats={beats} />
        {took > 0 && (
          <>
            <small title="So much virtual time after the beat before">after {span(took)}</small>
            <small title="So long it is played">shown in {span(shown)}</small>
          </>
        )}
      </div>
      <div>
        <h2>
          {title.split(/([^ ]+-[^ ]+)/).map((part, i) =>
            i % 2 === 0 ? (
              part
            ) : (
              <span key={part + String(i)} title={part}>
                {fitMiddle(part, LONG_NAME)}
              </span>
            ),
          )}
        </h2>
        <p title={beat?.why}>
          {beat
            ? beat.why
            : beats.length > 0
              ? 'Press → for the next beat, or Space to play.'
              : 'Press → or Apply (Ctrl + Enter in the editor): the manifest is applied, and told step by step.'}
        </p>
      </div>
      <div className={css.next}>
        {beat && beat.id >= 0 && (
          <button type="button" className={css.why} onClick={() => set({ why: beat.id })}>
            Why?
          </button>
        )}
        {isOver && (
          <button type="button" className={css.why} disabled={isBusy} onClick={wait} title="Let time pass until something happens (W)">
            {isBusy ? 'Waiting …' : 'Then what?'}
          </button>
        )}
        {beat && beat.id >= 0 && (
          <a className={css.doc} href={beat.doc} target="_blank" rel="noreferrer" title={beat.doc}>
            Docs ↗
          </a>
        )}
      </div>
    </section>
  );
}
