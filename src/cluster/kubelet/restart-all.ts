/**
 * All containers of a pod begin anew in its sandbox, because one of them ended as a rule of its says: init containers, too, and without hooks, grace or back-off.
 * Upstream: pkg/kubelet/container/helpers.go ShouldAllContainersRestart, kuberuntime_manager.go computePodActions (v1.36, KEP-5532). Simplified: how they ended is not shown as their last state.
 */
import type { Context } from '../../kernel/component.ts';
import { NO_ENTRIES, withEntry } from '../../lib/persistent.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { restartsAll } from './restart-policy.ts';
import { tellRuntime } from './worker-calls.ts';

/** Whether it is to be so, or under way. */
export function beginsAnew({ isRestartingAll, containers, sandbox, pod: { spec } }: PodWorker): boolean {
  if (isRestartingAll) return true;
  for (const [name, { current }] of containers) {
    if (current?.state !== 'EXITED' || current.sandbox !== sandbox?.id) continue;
    const container = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find((c) => c.name === name);
    if (container && restartsAll(container, current.exitCode)) return true;
  }
  return false;
}

/** When all have ended: what was is forgotten, and only counted. */
export function beginAnew(state: KubeletState, worker: PodWorker, ctx: Context): void {
  const { spec } = worker.pod;
  for (const { name } of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    const { current, attempts } = recordOf(worker, name);
    if (current) tellRuntime(state, ctx, { protocol: 'cri', verb: 'RemoveContainer', container: current.id });
    worker.containers = withEntry(worker.containers, name, { attempts, hasImage: false });
  }
  worker.waits = NO_ENTRIES;
  worker.reasons = NO_ENTRIES;
  worker.probes = NO_ENTRIES;
  worker.isRestartingAll = false;
}
