/**
 * Pods that wait for a machine: ready to be tried, backing off, or unschedulable until something changes.
 * Upstream: pkg/scheduler/backend/queue/{scheduling_queue,backoff_queue,active_queue}.go (v1.36): back-off 1 s doubling to 10 s, left-overs moved after 5 minutes,
 * and a pod that backs off is taken early when nobody else waits (SchedulerPopFromBackoffQ). Simplified: pods whose binding failed back off the same way.
 */
import { createHeap, popHeap, pushHeap, type Heap } from '../../lib/heap.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { EventId, Us } from '../../kernel/message.ts';

export interface Waiting {
  readonly key: string;
  readonly priority: number;
  /** When it joined the queue, or failed last. */
  readonly since: Us;
  /** Orders pods of equal priority: grows with `since`. */
  readonly turn: number;
  readonly attempts: number;
  readonly causes: readonly EventId[];
  /** The plugins that refused it: only changes that they ask about wake it. Empty when not a plugin but the binding failed. */
  readonly refusedBy: readonly string[];
  /** The end of its back-off. */
  readonly until: Us;
}

/** Heaps hold keys that may have left since; the maps are the truth. */
export interface SchedulingQueue {
  readonly active: Map<string, Waiting>;
  readonly backoff: Map<string, Waiting>;
  readonly unschedulable: Map<string, Waiting>;
  readonly byTurn: Heap<string>;
  readonly byEnd: Heap<string>;
  /** plugin → the unschedulable pods that it refused */
  readonly byPlugin: Map<string, Set<string>>;
  turns: number;
}

export const LEFT_OVER_US: Us = 300_000_000;
export const FLUSH_US: Us = 30_000_000;
const FIRST_US = 1_000_000;
const MOST_US = 10_000_000;
const MOST_CAUSES = 4;

export const createQueue = (): SchedulingQueue => ({
  active: new Map(),
  backoff: new Map(),
  unschedulable: new Map(),
  byTurn: createHeap(),
  byEnd: createHeap(),
  byPlugin: new Map(),
  turns: 0,
});
export const backoffOf = (attempts: number): Us => (attempts <= 0 ? 0 : Math.min(MOST_US, FIRST_US * (1 << Math.min(attempts - 1, 4))));

function activate(queue: SchedulingQueue, waiting: Waiting): void {
  queue.active.set(waiting.key, waiting);
  pushHeap(queue.byTurn, -waiting.priority, waiting.turn, waiting.key);
}

export const isQueued = (queue: SchedulingQueue, key: string): boolean =>
  queue.active.has(key) || queue.backoff.has(key) || queue.unschedulable.has(key);

export function enqueuePod(queue: SchedulingQueue, key: string, pod: V1Pod, now: Us, cause: EventId): void {
  if (isQueued(queue, key)) return;
  activate(queue, {
    key,
    priority: pod.spec?.priority ?? 0,
    since: now,
    turn: queue.turns++,
    attempts: 0,
    causes: [cause],
    refusedBy: [],
    until: 0,
  });
}

export function forget(queue: SchedulingQueue, key: string): void {
  queue.active.delete(key);
  queue.backoff.delete(key);
  leaveUnschedulable(queue, key);
}

function leaveUnschedulable(queue: SchedulingQueue, key: string): Waiting | undefined {
  const waiting = queue.unschedulable.get(key);
  if (!waiting) return undefined;
  queue.unschedulable.delete(key);
  for (const plugin of waiting.refusedBy) {
    const keys = queue.byPlugin.get(plugin);
    keys?.delete(key);
    if (keys?.size === 0) queue.byPlugin.delete(plugin);
  }
  return waiting;
}

/** The next pod: highest priority first, then the one that waits longest; when none is ready, the one whose back-off ends first. */
export function takeNext(queue: SchedulingQueue): Waiting | undefined {
  while (queue.byTurn.items.length > 0) {
    const turn = queue.byTurn.order[0];
    const waiting = queue.active.get(popHeap(queue.byTurn));
    if (waiting?.turn !== turn) continue;
    queue.active.delete(waiting.key);
    return waiting;
  }
  const early = firstToEnd(queue);
  if (!early || early.refusedBy.length === 0) return undefined;
  popHeap(queue.byEnd);
  queue.backoff.delete(early.key);
  return early;
}

/** Would takeNext find a pod? A pod whose binding failed waits to the end of its back-off. */
export function hasNext(queue: SchedulingQueue): boolean {
  return queue.active.size > 0 || (firstToEnd(queue)?.refusedBy.length ?? 0) > 0;
}

function firstToEnd({ byEnd, backoff }: SchedulingQueue): Waiting | undefined {
  while (byEnd.items.length > 0) {
    const waiting = backoff.get(byEnd.items[0]);
    if (waiting?.turn === byEnd.order[0]) return waiting;
    popHeap(byEnd);
  }
  return undefined;
}

/** Puts a pod aside after an attempt that found it no machine. */
export function park(queue: SchedulingQueue, waiting: Waiting, refusedBy: readonly string[], now: Us): void {
  const parked: Waiting = { ...waiting, refusedBy, since: now, turn: queue.turns++, until: now + backoffOf(waiting.attempts) };
  queue.unschedulable.set(waiting.key, parked);
  for (const plugin of refusedBy) {
    let keys = queue.byPlugin.get(plugin);
    if (!keys) {
      keys = new Set();
      queue.byPlugin.set(plugin, keys);
    }
    keys.add(waiting.key);
  }
}

/** A failure that is nobody's refusal: tried again when the back-off is over. */
export function backOff(queue: SchedulingQueue, waiting: Waiting, now: Us): void {
  toBackoff(queue, { ...waiting, since: now, turn: queue.turns++, until: now + backoffOf(waiting.attempts) });
}

function toBackoff(queue: SchedulingQueue, waiting: Waiting): void {
  queue.backoff.set(waiting.key, waiting);
  pushHeap(queue.byEnd, waiting.until, waiting.turn, waiting.key);
}

/** Lets an unschedulable pod be tried again, after its back-off. */
export function wake(queue: SchedulingQueue, key: string, now: Us, cause: EventId): void {
  const waiting = leaveUnschedulable(queue, key);
  if (!waiting) return;
  const next = { ...waiting, causes: [...waiting.causes.slice(0, MOST_CAUSES - 1), cause] };
  if (waiting.until <= now) activate(queue, next);
  else toBackoff(queue, next);
}

/** Lets a pod be tried at once, whatever it waits for. Upstream: Activate. */
export function activateNow(queue: SchedulingQueue, key: string): void {
  const waiting = leaveUnschedulable(queue, key) ?? queue.backoff.get(key);
  queue.backoff.delete(key);
  if (waiting) activate(queue, waiting);
}

/** Pods that wait for longer than five minutes are tried whatever refused them. */
export function wakeLeftOvers(queue: SchedulingQueue, now: Us, cause: EventId): void {
  for (const [key, waiting] of [...queue.unschedulable]) if (waiting.since + LEFT_OVER_US <= now) wake(queue, key, now, cause);
}

/** Moves what has backed off long enough into the active queue; returns when the next one is due. */
export function flush(queue: SchedulingQueue, now: Us): Us | undefined {
  for (let first = firstToEnd(queue); first; first = firstToEnd(queue)) {
    if (first.until > now) return first.until;
    popHeap(queue.byEnd);
    queue.backoff.delete(first.key);
    activate(queue, first);
  }
  return undefined;
}
