/** The way from an event back to the user's command: what was told on the way, and between two sentences the messages, folded. */
import { useMemo } from 'react';
import type { TraceEvent } from '../../kernel/trace.ts';
import { many } from '../../lib/many.ts';
import { QUIET, sentences, type Beat } from '../../story/beats.ts';
import { reasonsOf } from '../../story/causes.ts';
import { hopWords } from '../../story/hop-words.ts';
import { wordsOf } from '../../story/sentence.ts';
import { useFields } from '../app/store.ts';
import css from './inspector.module.css';

/** What is said of an event; of a deed of the user, what its beat says. */
function saidOf(event: TraceEvent, beats: readonly Beat[]): string | undefined {
  if (event.type === 'hop' && event.kind === 'start') return `${event.to} starts: this is where it all began.`;
  if (event.type !== 'note') return beats.find((beat) => beat.id === event.id)?.title;
  const sentence = sentences.get(event.fact.says);
  const words = wordsOf(event.fact);
  return !sentence || QUIET.has(event.fact.says) || sentence.isTold?.(words) === false ? undefined : sentence.title(words, event.fact);
}

const span = (us: number): string => (us < 1_000_000 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(2)} s`);
/** The time since the last command before it, as the clock shows it. */
function clockAt(at: number, commands: readonly { readonly at: number }[]): string {
  const since = commands.findLast((c) => c.at <= at)?.at;
  return since === undefined ? `T + ${span(at)}` : `+ ${span(at - since)}`;
}

export default function Why({ id }: { readonly id: number }) {
  const { events, beats, session } = useFields('events', 'beats', 'session');
  const reasons = useMemo(() => reasonsOf(events, id, (event) => saidOf(event, beats)), [events, beats, id]);
  const clock = (event: TraceEvent) => <span>{clockAt(event.at, session?.commands ?? [])}</span>;
  return (
    <ol className={css.why} data-testid="why">
      {reasons.map(({ event, text, hops }) => (
        <li key={event.id}>
          {hops.length > 0 && (
            <details>
              <summary>{many(hops.length, 'message')}</summary>
              <ol>
                {hops.map(
                  (hop) =>
                    hop.type === 'hop' && (
                      <li key={hop.id}>
                        {clock(hop)} {hop.from} → {hop.to}: {hopWords(hop).text}
                      </li>
                    ),
                )}
              </ol>
            </details>
          )}
          {clock(event)} {text}
        </li>
      ))}
    </ol>
  );
}
