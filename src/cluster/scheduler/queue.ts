/**
 * Pods that wait for a machine: ready to be tried, backing off, or unschedulable until something changes.
 * Upstream: pkg/scheduler/backend/queue/scheduling_queue.go (v1.36): back-off 1 s doubling to 10 s, left-overs moved after 5 minutes. Simplified: requeueing hints are per event type.
 */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { EventId, Us } from '../../kernel/message.ts';

export interface Waiting { readonly key: string; readonly priority: number; readonly since: Us; readonly attempts: number; readonly causes: readonly EventId[]; readonly refusedBy: readonly string[]; readonly until: Us }
export interface SchedulingQueue { readonly active: Map<string, Waiting>; readonly backoff: Map<string, Waiting>; readonly unschedulable: Map<string, Waiting> }

export const createQueue = (): SchedulingQueue => ({ active: new Map(), backoff: new Map(), unschedulable: new Map() });
export const LEFT_OVER_US: Us = 300_000_000;
export const backoffOf = (attempts: number): Us => Math.min(10_000_000, 1_000_000 * (1 << Math.min(Math.max(0, attempts - 1), 4)));

export function enqueuePod(queue: SchedulingQueue, key: string, pod: V1Pod, now: Us, cause: EventId): void {
  const known = queue.active.get(key) ?? queue.backoff.get(key) ?? queue.unschedulable.get(key);
  if (known) return;
  queue.active.set(key, { key, priority: pod.spec?.priority ?? 0, since: now, attempts: 0, causes: [cause], refusedBy: [], until: 0 });
}

export function forget(queue: SchedulingQueue, key: string): void {
  queue.active.delete(key); queue.backoff.delete(key); queue.unschedulable.delete(key);
}

/** The next pod: highest priority first, then the longest waiting. */
export function takeNext(queue: SchedulingQueue): Waiting | undefined {
  let best: Waiting | undefined;
  for (const waiting of queue.active.values()) {
    if (!best || waiting.priority > best.priority) best = waiting;
    if (best.priority === 0 && queue.active.size > 64) break;
  }
  if (best) queue.active.delete(best.key);
  return best;
}

export function park(queue: SchedulingQueue, waiting: Waiting, refusedBy: readonly string[], now: Us): void {
  queue.unschedulable.set(waiting.key, { ...waiting, refusedBy, until: now + backoffOf(waiting.attempts) });
}

/** Something changed: pods that it may help leave the unschedulable; those whose back-off is not over wait for it. */
export function wakePods(queue: SchedulingQueue, mayHelp: (waiting: Waiting) => boolean, now: Us, cause: EventId): void {
  for (const [key, waiting] of queue.unschedulable) {
    if (!mayHelp(waiting)) continue;
    queue.unschedulable.delete(key);
    const next = { ...waiting, causes: [...waiting.causes.slice(0, 1), cause] };
    if (waiting.until <= now) queue.active.set(key, next); else queue.backoff.set(key, next);
  }
}

/** Moves what has waited long enough into the active queue; returns when the next one is due. */
export function flush(queue: SchedulingQueue, now: Us): Us | undefined {
  let next: Us | undefined;
  for (const [key, waiting] of queue.backoff) {
    if (waiting.until <= now) { queue.backoff.delete(key); queue.active.set(key, waiting); } else next = Math.min(next ?? waiting.until, waiting.until);
  }
  return next;
}
