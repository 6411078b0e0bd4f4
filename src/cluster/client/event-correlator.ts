/**
 * Which events reach the apiserver: the same again raises a count, many alike become one, and about one object only so many are said.
 * Upstream: client-go tools/record/events_cache.go EventCorrelator (v1.36). Simplified: of ten messages alike the newest is the one that upstream's set forgets, where Go's picks any.
 */
import type { CoreV1Event } from '../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { withMore } from '../../lib/with-more.ts';

/** Upstream: defaultAggregateMaxEvents, defaultAggregateIntervalInSeconds, defaultSpamBurst, defaultSpamQPS. */
const MOST_ALIKE = 10;
const ALIKE_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;

interface Said {
  readonly event: CoreV1Event;
  readonly count: number;
  readonly atMs: number;
  /** Stands for others alike. */
  readonly isCombined: boolean;
  /** Said since the last long silence about its reason. */
  readonly isRecent: boolean;
}
/** What one source remembers of what it said about one object. */
export interface SaidAbout {
  readonly tokens: number;
  readonly refilledMs: number;
  readonly said: readonly Said[];
}
/** `event` is to be created, or is there and has now happened `count` times. */
export interface Correlated {
  readonly memory: SaidAbout;
  readonly event: CoreV1Event;
  readonly count: number;
  readonly isSpam: boolean;
}

const NOTHING: SaidAbout = Object.freeze({ tokens: BURST, refilledMs: 0, said: Object.freeze([]) });

export function correlate(memory: SaidAbout | undefined, event: CoreV1Event, nowMs: number): Correlated {
  const { tokens, refilledMs, said } = memory ?? NOTHING;
  const isAlike = ({ event: other }: Said): boolean => other.reason === event.reason && other.type === event.type;
  const alike = said.filter(isAlike);
  const isLongAgo = alike.every(({ atMs }) => nowMs - atMs > ALIKE_MS);
  const recent = new Set(isLongAgo ? [] : alike.filter((one) => one.isRecent).map((one) => one.event.message));
  const isCombined = !recent.has(event.message) && recent.size + 1 >= MOST_ALIKE;
  const before = alike.find(
    (one) =>
      one.isCombined === isCombined &&
      (isCombined || (one.event.message === event.message && one.event.involvedObject.fieldPath === event.involvedObject.fieldPath)),
  );
  const count = (before?.count ?? 0) + 1;
  const first = before?.event ?? event;
  const now: CoreV1Event = isCombined ? withMore(first, { message: `(combined from similar events): ${event.message ?? ''}` }) : first;
  deepFreeze(now);
  const kept = said
    .filter((one) => one !== before)
    .map((one) => (isLongAgo && one.isRecent && isAlike(one) ? Object.freeze({ ...one, isRecent: false }) : one));
  const available = Math.min(BURST, tokens + (nowMs - refilledMs) / REFILL_MS);
  const isSpam = available < 1;
  return {
    memory: Object.freeze({
      tokens: isSpam ? available : available - 1,
      refilledMs: nowMs,
      said: Object.freeze([...kept, Object.freeze({ event: now, count, atMs: nowMs, isCombined, isRecent: !isCombined })]),
    }),
    event: now,
    count,
    isSpam,
  };
}
