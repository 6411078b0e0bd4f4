/** Containers that wait for their next start or pull: said when the wait begins, and again as long as it lasts. Upstream: kuberuntime_manager.go doBackOff, images/image_manager.go (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import type { Context } from '../../kernel/component.ts';
import { backOffKey, humanBackoff, restartAt } from './back-off.ts';
import type { PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { lastEnd, type NextStep } from './next-step.ts';
import { say } from './worker-calls.ts';
import { withEntry, withoutMember } from '../../lib/persistent.ts';
import type { PodTimer } from './pod-sync.ts';

/** A container still waits for its next start. */
export interface WaitTimer {
  readonly waits: string;
  readonly container: string;
  readonly until: number;
}

/** Upstream: pod_workers.go completeWork looks at what waits at the latest after the sync frequency. */
const RESYNC_US = 60_000_000;

export function waitUntil(worker: PodWorker, until: number, ctx: Context): void {
  if (worker.wakeAt === until && until > ctx.now) return;
  worker.wakeAt = until;
  ctx.wake(until - ctx.now, { retry: worker.key } satisfies PodTimer, true);
}

export function backOff(
  state: KubeletState,
  worker: PodWorker,
  { container, until }: Extract<NextStep, { do: 'back-off' }>,
  ctx: Context,
): void {
  const { metadata } = worker.pod;
  const delay = humanBackoff(worker.backoff.get(backOffKey(container))?.delayUs ?? 0);
  worker.reasons = withEntry(worker.reasons, container.name, {
    reason: 'CrashLoopBackOff',
    message: `back-off ${delay} restarting failed container=${container.name} pod=${metadata?.name}_${metadata?.namespace}(${worker.uid})`,
  });
  worker.probeKilled = withoutMember(worker.probeKilled, container.name);
  sayBackOff(state, worker, ctx, { name: container.name, until });
  ctx.note({ says: 'kubelet/back-off', about: `pods/${worker.key}`, with: { pod: metadata?.name, container: container.name, delay } });
  waitUntil(worker, until, ctx);
}

/** Said at each look at the pod, as long as the container waits. */
function sayBackOff(
  state: KubeletState,
  worker: PodWorker,
  ctx: Context,
  { name, until }: { readonly name: string; readonly until: number },
): void {
  const { metadata } = worker.pod;
  say(
    state,
    worker,
    ctx,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${name} in pod ${metadata?.name}_${metadata?.namespace}(${worker.uid})`,
    name,
  );
  if (until - ctx.now > RESYNC_US) ctx.wake(RESYNC_US, { waits: worker.key, container: name, until } satisfies WaitTimer, true);
}

export function stillWaits(state: KubeletState, { waits, container, until }: WaitTimer, ctx: Context): void {
  const worker = state.workers.get(waits);
  const ended = worker && lastEnd(worker, container);
  const spec = worker && allContainers(worker.pod).find((c) => c.name === container);
  if (
    ended === undefined ||
    !spec ||
    worker.isTerminating ||
    worker.failure ||
    restartAt(worker.backoff.get(backOffKey(spec)), ended) !== until
  )
    return;
  sayBackOff(state, worker, ctx, { name: container, until });
}

/** A pull that failed is now waited for. */
export function pullsBackOff(state: KubeletState, worker: PodWorker, ctx: Context): void {
  for (const container of allContainers(worker.pod)) {
    const why = worker.reasons.get(container.name);
    if (why?.reason !== 'ErrImagePull' || (worker.waits.get(container.name)?.until ?? 0) <= ctx.now) continue;
    worker.reasons = withEntry(worker.reasons, container.name, {
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${container.image}": ErrImagePull: ${why.message}`,
    });
    say(state, worker, ctx, 'Normal', 'BackOff', `Back-off pulling image "${container.image}"`, container.name);
    say(state, worker, ctx, 'Warning', 'Failed', 'Error: ImagePullBackOff', container.name);
  }
}
