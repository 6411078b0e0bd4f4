/** What the runtime holds and says: asked once when the kubelet starts, then told, event by event. Upstream: pkg/kubelet/pleg. */
import { allContainers } from '../../api/pods/containers.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { ContainerEvent, CriReply } from '../runtime/cri.ts';
import { recordOf, type PodWorker } from './known.ts';
import { retryWaiting } from './pod-changes.ts';
import { syncPod } from './pod-sync.ts';
import { allDone } from './next-step.ts';
import { referencesOf } from '../../api/pods/references.ts';
import { HOUSEKEEPING_US, recover } from './recovery.ts';
import { withEntry } from '../../lib/persistent.ts';
import type { KubeletState, Then } from './kubelet-state.ts';

export const RELIST_US = 1_000_000;

export function listRuntime(state: KubeletState, ctx: Context): void {
  ctx.call(state.config.containerd, { protocol: 'cri', verb: 'ListPods' }, { step: 'list' } satisfies Then, { deadlineUs: 5_000_000 });
}

export function runtimeListed(state: KubeletState, answer: Answer, ctx: Context): void {
  if (answer.outcome !== 'reply') {
    ctx.wake(1_000_000, { list: true });
    return;
  }
  const { sandboxes = [], containers = [] } = answer.body as CriReply;
  state.runtime = { sandboxes, containers };
  if (sandboxes.length > 0) ctx.wake(HOUSEKEEPING_US, { cleanUp: true }, true);
  for (const worker of state.workers.values()) {
    recover(state, worker, ctx);
    syncPod(state, worker, ctx);
  }
  retryWaiting(state, ctx);
}

export function relistOne(state: KubeletState, event: ContainerEvent, ctx: Context): void {
  for (const worker of state.workers.values()) {
    if (worker.sandbox?.id !== event.sandbox && ![...worker.containers.values()].some((r) => r.current?.id === event.container)) continue;
    if (event.type === 'SANDBOX_STOPPED' && worker.sandbox) {
      worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false });
      if (!worker.isTerminating)
        ctx.note({
          says: 'kubelet/sandbox-changed',
          about: `pods/${worker.key}`,
          with: { pod: worker.pod.metadata?.name, ip: worker.sandbox.ip, machine: state.config.machine },
        });
    }
    if (event.state) {
      const record = worker.containers.get(event.state.name);
      if (record && record.current?.id === event.state.id) {
        const wasRunning = record.current.state === 'RUNNING';
        worker.containers = withEntry(worker.containers, event.state.name, { ...record, current: event.state });
        if (wasRunning) noticeExit(worker, event.state.name, ctx);
      }
    }
    syncPod(state, worker, ctx);
  }
}

/** A container that ended by itself. */
function noticeExit(worker: PodWorker, name: string, ctx: Context): void {
  const { current } = recordOf(worker, name);
  if (!allContainers(worker.pod).some((c) => c.name === name) || worker.isTerminating || current?.state !== 'EXITED') return;
  if (referencesOf(worker.pod).length > 0) worker.references = undefined;
  ctx.note({
    says: 'kubelet/container-died',
    about: `pods/${worker.key}`,
    with: {
      pod: worker.pod.metadata?.name,
      container: name,
      exitCode: current.exitCode,
      ip: worker.sandbox?.ip,
      ...(allDone(worker) ? { isOver: true } : {}),
    },
  });
}
