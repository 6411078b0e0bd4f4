/** How long a pod may be active. Upstream: pkg/kubelet/active_deadline.go (v1.36). */
import type { Context } from '../../kernel/component.ts';
import type { PodWorker } from './known.ts';

export interface DeadlineTimer {
  readonly deadline: string;
}
export const PAST_DEADLINE = Object.freeze({
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
});

/** When it is over, µs; undefined: never. */
const deadlineOf = ({ pod, startedAt }: PodWorker): number | undefined =>
  pod.spec?.activeDeadlineSeconds === undefined ? undefined : startedAt + pod.spec.activeDeadlineSeconds * 1_000_000;
export const isPastDeadline = (worker: PodWorker, now: number): boolean => now >= (deadlineOf(worker) ?? Infinity);

export function awaitDeadline(worker: PodWorker, ctx: Context): void {
  const at = deadlineOf(worker);
  if (at !== undefined) ctx.wake(Math.max(0, at - ctx.now), { deadline: worker.key } satisfies DeadlineTimer, true);
}
