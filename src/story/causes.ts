/** "Why did this happen?": the way up an event's causes to the user's command or to power-on. */
import type { TraceEvent } from '../kernel/trace.ts';
import { isTravel } from './hop-words.ts';

export interface CauseIndex {
  readonly rows: ReadonlyMap<number, number>;
}

export function indexCauses(events: readonly TraceEvent[]): CauseIndex {
  const rows = new Map<number, number>();
  events.forEach((event, row) => rows.set(event.id, row));
  return { rows };
}

/** Of several causes the earliest: it asked for it. */
export const causeOf = ({ causes }: TraceEvent): number | undefined => (causes.length > 1 ? Math.min(...causes) : causes[0]);

/** The chain of events, nearest cause first. */
export function whyChain(events: readonly TraceEvent[], index: CauseIndex, id: number): readonly TraceEvent[] {
  const chain: TraceEvent[] = [];
  let row = index.rows.get(id);
  while (row !== undefined && chain.length < 500) {
    const event = events[row];
    chain.push(event);
    const next = causeOf(event);
    row = next === undefined ? undefined : index.rows.get(next);
  }
  return chain;
}

type Note = Extract<TraceEvent, { type: 'note' }>;
/** One sentence on the way up. `hops`: the messages by which it led to the sentence before it, the latest first. */
export interface Reason {
  readonly event: TraceEvent;
  readonly text: string;
  readonly hops: readonly TraceEvent[];
}

const actorOf = (event: TraceEvent): string => (event.type === 'hop' || event.type === 'lost' ? event.from : event.by);
/** What an actor did in one go has a cause in common: the message that it sent, and the notes that it made. */
const turnsOf = (event: TraceEvent): readonly string[] => event.causes.map((cause) => `${actorOf(event)} ${cause}`);

/** The chain in sentences, nearest first, ending where it all began. `say`: undefined for what is not told. */
export function reasonsOf(events: readonly TraceEvent[], id: number, say: (event: TraceEvent) => string | undefined): readonly Reason[] {
  const notes = new Map<string, Note[]>();
  for (const event of events)
    if (event.type === 'note') for (const turn of turnsOf(event)) notes.set(turn, [event, ...(notes.get(turn) ?? [])]);
  const reasons: Reason[] = [];
  let hops: TraceEvent[] = [];
  const tell = (event: TraceEvent, text: string | undefined): void => {
    if (text === undefined || reasons.some((r) => r.text === text)) return;
    reasons.push({ event, text, hops });
    hops = [];
  };
  for (const event of whyChain(events, indexCauses(events), id)) {
    if (isTravel(event)) hops.push(event);
    if (event.type === 'note') tell(event, say(event));
    else if (event.causes.length === 0) tell(event, say(event) ?? 'This is where it all began.');
    else for (const note of turnsOf(event).flatMap((turn) => notes.get(turn) ?? [])) tell(note, say(note));
  }
  return reasons;
}
