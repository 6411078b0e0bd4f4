/** "Why did this happen?": the way up an event's causes to the user's command or to power-on. */
import type { TraceEvent } from '../kernel/trace.ts';

export interface CauseIndex { readonly rows: ReadonlyMap<number, number> }

export function indexCauses(events: readonly TraceEvent[]): CauseIndex {
  const rows = new Map<number, number>();
  events.forEach((event, row) => rows.set(event.id, row));
  return { rows };
}

/** The chain of events, nearest cause first. Of several causes the earliest is followed: it asked for it. */
export function whyChain(events: readonly TraceEvent[], index: CauseIndex, id: number): readonly TraceEvent[] {
  const chain: TraceEvent[] = [];
  let row = index.rows.get(id);
  while (row !== undefined && chain.length < 500) {
    const event = events[row];
    chain.push(event);
    const next = event.causes.length > 1 ? Math.min(...event.causes) : event.causes[0];
    row = next === undefined ? undefined : index.rows.get(next);
  }
  return chain;
}
