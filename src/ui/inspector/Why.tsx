/** The way from an event back to the user's command. */
import { useMemo } from 'react';
import type { TraceEvent } from '../../kernel/trace.ts';
import { sentences } from '../../story/beats.ts';
import { indexCauses, whyChain } from '../../story/causes.ts';
import { hopWords } from '../../story/hop-words.ts';
import { wordsOf } from '../../story/sentence.ts';
import { useStore } from '../app/store.ts';
import css from './inspector.module.css';

/** One line for an event on the way up to its cause. */
function lineOf(event: TraceEvent): string | undefined {
  if (event.type === 'note') return sentences.get(event.fact.says)?.title(wordsOf(event.fact), event.fact);
  if (event.type === 'hop' && event.kind === 'start' && event.causes.length === 0) return `${event.to} starts: this is where it all began`;
  if (event.type === 'hop' && event.from !== event.to && event.kind !== 'start') return `${event.from} → ${event.to}: ${hopWords(event).text}`;
  if (event.type === 'spawn') return `${event.by} is started`;
  return undefined;
}

export default function Why({ id }: { readonly id: number }) {
  const events = useStore((s) => s.events);
  const lines = useMemo(() => whyChain(events, indexCauses(events), id).flatMap((event) => { const text = lineOf(event); return text === undefined ? [] : [{ id: event.id, text, at: event.at }]; }), [events, id]);
  return <ol className={css.why} data-testid="why">{lines.map((l) => <li key={l.id}><span>{(l.at / 1e6).toFixed(3)} s</span> {l.text}</li>)}</ol>;
}
