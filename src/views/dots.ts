/** What moves: hops that are alike and leave at one instant are one thing. Those to one place are one dot, "×2"; to several, as many dots, at most three. */
import { hopWords, isShown, isTravel, type HopWords } from '../story/hop-words.ts';
import type { TraceEvent } from './chronicle.ts';

type Hop = Extract<TraceEvent, { type: 'hop' | 'lost' }>;
export interface Dot extends HopWords {
  readonly from: string;
  readonly to: string;
  /** How many hops it stands for. */
  readonly count: number;
  readonly isLost: boolean;
  /** A packet inside a packet. */
  readonly isNested: boolean;
}

const MOST_DOTS = 3;
/** How far apart in the trace hops of one instant can be. */
const NEAR = 40;

const alike = (a: Hop, b: Hop): boolean =>
  a.type === b.type &&
  a.background === b.background &&
  a.kind === b.kind &&
  a.from === b.from &&
  a.sentAt === b.sentAt &&
  hopWords(a).text === hopWords(b).text &&
  hopWords(a).failed === hopWords(b).failed;

/** The rows of the hops that move together with the one at a row, itself first. */
export function alongside(events: readonly TraceEvent[], row: number): readonly number[] {
  const leader = events[row];
  if (!leader || !isTravel(leader)) return [];
  const rows = [row];
  for (let i = row + 1; i < events.length && i < row + NEAR; i++) {
    const event = events[i];
    if (
      event.type === leader.type &&
      event.sentAt === leader.sentAt &&
      event.from === leader.from &&
      isTravel(event) &&
      alike(leader, event)
    )
      rows.push(i);
  }
  return rows;
}

/** The rows from which something moves: hops that move with an earlier one are left out. `withChatter`: heartbeats, probes and Events too. */
export function leadersOf(events: readonly TraceEvent[], from: number, withChatter = false): readonly number[] {
  const isMeant = withChatter ? isTravel : isShown;
  const leaders: number[] = [];
  const led = new Set<number>();
  for (let row = from; row < events.length; row++) {
    if (led.has(row) || !isMeant(events[row])) continue;
    leaders.push(row);
    for (const other of alongside(events, row)) led.add(other);
  }
  return leaders;
}

export function dotsOf(events: readonly TraceEvent[], row: number): readonly Dot[] {
  const hops = alongside(events, row)
    .map((i) => events[i])
    .filter((e): e is Hop => e.type === 'hop' || e.type === 'lost');
  const byPlace = new Map<string, Dot>();
  for (const hop of hops) {
    const had = byPlace.get(hop.to);
    const body = (hop.body ?? {}) as { readonly outer?: unknown };
    byPlace.set(
      hop.to,
      had
        ? { ...had, count: had.count + 1 }
        : { ...hopWords(hop), from: hop.from, to: hop.to, count: 1, isLost: hop.type === 'lost', isNested: body.outer !== undefined },
    );
  }
  const dots = [...byPlace.values()];
  const shown = dots.slice(0, MOST_DOTS);
  const hidden = dots.slice(MOST_DOTS).reduce((sum, d) => sum + d.count, 0);
  return hidden === 0 ? shown : shown.map((d, i) => (i === 0 ? { ...d, count: d.count + hidden } : d));
}
