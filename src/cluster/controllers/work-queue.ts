/**
 * A controller's queue: each key at most once, one worker a key, failures come back later and later.
 * Upstream: client-go util/workqueue, DefaultTypedControllerRateLimiter (v1.36): 5 ms doubling to 1000 s. Simplified: no overall bucket of 10 a second.
 */
import type { EventId } from '../../kernel/message.ts';

export interface WorkQueue {
  /** Key → the deliveries that put it there, oldest first. */
  readonly waiting: Map<string, EventId[]>;
  readonly failures: Map<string, number>;
}
const MOST_CAUSES = 4;
const BASE_US = 5_000;
const MOST_US = 1_000_000_000;

export const createWorkQueue = (): WorkQueue => ({ waiting: new Map(), failures: new Map() });

export function addKey(queue: WorkQueue, key: string, cause: EventId): void {
  const causes = queue.waiting.get(key);
  if (!causes) queue.waiting.set(key, [cause]);
  else if (causes.length < MOST_CAUSES && !causes.includes(cause)) causes.push(cause);
}

/** How long a key that failed again has to wait. */
export function backOffUs(queue: WorkQueue, key: string): number {
  const failures = queue.failures.get(key) ?? 0;
  queue.failures.set(key, failures + 1);
  return Math.min(MOST_US, BASE_US * (1 << Math.min(failures, 20)));
}
