/**
 * What a pod's status is made of: what the kubelet has seen in the runtime, and not what it has just done there. It looks at a pod at once when a pass over it
 * went well, and once a second, counted from its own start, at all that happened by itself.
 * Upstream: pkg/kubelet/pleg/generic.go Relist, relistPod, container/cache.go, kubelet.go SyncPod's postSync (v1.36: PLEGOnDemandRelist is on, EventedPLEG off).
 * Simplified: one call shows a pod; once a second nothing is asked, what the runtime told by itself is taken in then.
 */
import { allContainers } from '../../api/pods/containers.ts';
import type { Context } from '../../kernel/component.ts';
import { withEntry } from '../../lib/persistent.ts';
import type { ContainerEvent, CriCall, RuntimeContainer } from '../runtime/cri.ts';
import { isSeenRunning, kindOf, recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { allDone } from './next-step.ts';
import { beginProbes } from './probes.ts';
import { addresseeOf, RUNTIME_TIMEOUT_US, type Addressee } from './worker-calls.ts';

/** Upstream: pkg/kubelet/kubelet.go genericPlegRelistPeriod. */
const RELIST_US = 1_000_000;

/** Who asked for a look at one pod. */
export interface LookThen extends Addressee {
  readonly looks: true;
}

/** How long until all is looked at again. */
const untilRelist = ({ since }: KubeletState, now: number): number => RELIST_US - ((now - since) % RELIST_US);

/** What happened is seen at the next relist: an event of the runtime, or what a pass over a pod has left. */
export function seeLater(state: KubeletState, what: ContainerEvent | PodWorker, ctx: Context): void {
  if (state.pleg.length + state.unseen.size === 0) ctx.wake(untilRelist(state, ctx.now), { relist: true });
  if ('protocol' in what) state.pleg.push(what);
  else state.unseen.add(what.key);
}

/** What failed is tried again when the kubelet has seen that it ended. */
export function retryWhenSeen(state: KubeletState, worker: PodWorker, container: string, ctx: Context): void {
  seeLater(state, worker, ctx);
  worker.waits = withEntry(worker.waits, container, { until: ctx.now + untilRelist(state, ctx.now), delayUs: RELIST_US });
}

/** What is known is seen: the status may say so. What is newly seen to run is probed, and returned. Upstream: a prober's worker waits for the container's id in the status. */
export function see(worker: PodWorker, ctx: Context): readonly RuntimeContainer[] {
  const { containers, sandbox, reasons } = worker;
  const fresh = allContainers(worker.pod).flatMap((container) => {
    const { current } = recordOf(worker, container.name);
    if (current?.state !== 'RUNNING' || isSeenRunning(worker, container.name)) return [];
    beginProbes(ctx, worker, container, current.id);
    return [current];
  });
  worker.seen = Object.freeze({ containers, sandbox, reasons });
  return fresh;
}

/** As `see`, and says which containers it finds running. */
export function look(state: KubeletState, worker: PodWorker, ctx: Context): void {
  for (const { name, attempt, sandbox, spec } of see(worker, ctx)) {
    const { last } = recordOf(worker, name);
    ctx.note({
      says: 'kubelet/container-started',
      about: `pods/${worker.key}`,
      with: {
        pod: worker.pod.metadata?.name,
        container: name,
        machine: state.config.machine,
        attempt,
        isNewSandbox: last !== undefined && last.sandbox !== sandbox,
        ...kindOf(worker.pod, spec.spec),
      },
    });
  }
}

/** A pass over the pod has ended; whatever ends a pod looks at it by itself. Upstream: SyncTerminatingPod asks the runtime before it returns. */
export function passOver(state: KubeletState, worker: PodWorker, hasFailed: boolean, ctx: Context): void {
  const { seen, containers, sandbox, reasons } = worker;
  if (seen.containers === containers && seen.sandbox === sandbox && seen.reasons === reasons) return;
  if (worker.isTerminating || worker.failure || allDone(worker)) return look(state, worker, ctx);
  if (hasFailed) return seeLater(state, worker, ctx);
  worker.busy++;
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'ListContainers', pod: worker.uid } satisfies CriCall,
    { looks: true, ...addresseeOf(worker) } satisfies LookThen,
    { deadlineUs: RUNTIME_TIMEOUT_US },
  );
}
