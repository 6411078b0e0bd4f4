/** What the runtime holds and says: asked when the kubelet starts and when a pass over a pod is over, and told, event by event. Upstream: pkg/kubelet/pleg/generic.go (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { ContainerEvent, CriReply, RuntimeContainer } from '../runtime/cri.ts';
import { isRunning, recordOf, type PodWorker } from './known.ts';
import { retryWaiting } from './pod-changes.ts';
import { syncPod } from './pod-sync.ts';
import { allDone } from './next-step.ts';
import { referencesOf } from '../../api/pods/references.ts';
import { HOUSEKEEPING_US, recover } from './recovery.ts';
import { look, seeLater, type LookThen } from './seen.ts';
import { workerFor } from './worker-calls.ts';
import { withEntry } from '../../lib/persistent.ts';
import type { KubeletState, Then } from './kubelet-state.ts';

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

/** All that happened since the last time, and then each pod once. */
export function relist(state: KubeletState, ctx: Context): void {
  const changed = new Set<PodWorker>();
  for (const event of state.pleg.splice(0)) {
    const worker = workerOf(state, event);
    if (!worker) continue;
    changed.add(worker);
    if (event.type === 'SANDBOX_STOPPED') sandboxStopped(state, worker, ctx);
    if (event.state) takeIn(worker, event.state, ctx);
  }
  for (const key of state.unseen) {
    const worker = state.workers.get(key);
    if (worker) changed.add(worker);
  }
  state.unseen.clear();
  for (const worker of changed) {
    if (worker.busy === 0) look(state, worker, ctx);
    syncPod(state, worker, ctx);
  }
}

/** What the runtime shows of one pod. */
export function looked(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('looks' in then)) return false;
  const worker = workerFor(state, then as LookThen);
  if (!worker) return true;
  worker.busy--;
  if (answer.outcome !== 'reply') seeLater(state, worker, ctx);
  else {
    for (const container of (answer.body as CriReply).containers ?? []) takeIn(worker, container, ctx);
    look(state, worker, ctx);
    syncPod(state, worker, ctx);
  }
  return true;
}

function workerOf(state: KubeletState, { sandbox, container }: ContainerEvent): PodWorker | undefined {
  for (const worker of state.workers.values())
    if (worker.sandbox?.id === sandbox || [...worker.containers.values()].some((r) => r.current?.id === container)) return worker;
  return undefined;
}

function sandboxStopped(state: KubeletState, worker: PodWorker, ctx: Context): void {
  if (!worker.sandbox) return;
  worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false });
  if (!worker.isTerminating)
    ctx.note({
      says: 'kubelet/sandbox-changed',
      about: `pods/${worker.key}`,
      with: { pod: worker.pod.metadata?.name, ip: worker.sandbox.ip, machine: state.config.machine },
    });
}

function takeIn(worker: PodWorker, container: RuntimeContainer, ctx: Context): void {
  const record = worker.containers.get(container.name);
  if (record?.current?.id !== container.id) return;
  const wasRunning = isRunning(record);
  worker.containers = withEntry(worker.containers, container.name, { ...record, current: container });
  if (wasRunning) noticeExit(worker, container.name, ctx);
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
