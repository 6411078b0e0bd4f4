/** What the kubelet does when a pod of its machine comes, changes or goes. Upstream: pkg/kubelet/kubelet.go syncLoopIteration, pod_workers.go UpdatePod (v1.36). Simplified: a pod waits until its namesake of another uid has ended. */
import { keyOf } from '../../api/object.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { allContainers } from '../../api/pods/containers.ts';
import { isOver } from '../../api/pods/phase.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { withEntry, withMember } from '../../lib/persistent.ts';
import { viewOf } from '../client/indexed-cache.ts';
import type { Change } from '../client/reflector.ts';
import { late } from '../late.ts';
import { awaitDeadline } from './active-deadline.ts';
import { forget } from './forget.ts';
import { abandonHooks, graceUsOf, hurry } from './hooks.ts';
import { createWorker, isRunning, recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { mirrorChanged } from './mirror-pods.ts';
import { syncPod } from './pod-sync.ts';
import { refusalOf } from './predicates.ts';
import { recover } from './recovery.ts';
import { mirrorKey } from './static-pods.ts';
import { reconcileStatus } from './status-writer.ts';
import { say } from './worker-calls.ts';

export function podChanged(state: KubeletState, { object, type }: Pick<Change, 'object' | 'type'>, ctx: Context): void {
  const pod = object as V1Pod;
  const key = keyOf(pod);
  const staticKey = mirrorKey(pod);
  if (staticKey !== undefined) return mirrorChanged(state, staticKey, pod, type, ctx);
  const worker = state.workers.get(key);
  const isOther = worker !== undefined && worker.uid !== pod.metadata?.uid;
  if (type === 'DELETED') {
    if (worker && !isOther) {
      if (worker.isFinished) forget(state, worker, ctx);
      else endDeleted(state, worker, ctx);
    }
    return;
  }
  if (isOther && !worker.isFinished) {
    worker.isAwaited = true;
    if (!worker.isDeleted) endDeleted(state, worker, ctx);
    return;
  }
  if (!worker || isOther) {
    if (isOver(pod)) return;
    const fresh = createWorker(key, pod, false, ctx.now);
    const others = pod.status?.startTime === undefined ? [...state.workers.values()].filter((w) => w !== worker) : [];
    state.workers.set(key, fresh);
    recover(state, fresh, ctx);
    const refusal =
      pod.status?.startTime === undefined && !pod.metadata?.deletionTimestamp ? refusalOf(pod, state.node, others) : undefined;
    if (refusal) return reject(state, fresh, refusal, ctx);
    awaitDeadline(fresh, ctx);
    ctx.note({
      says: 'kubelet/saw-pod',
      about: `pods/${key}`,
      with: { pod: pod.metadata?.name, machine: state.config.machine, containers: (pod.spec?.containers ?? []).map((c) => c.name) },
    });
    if (pod.metadata?.deletionTimestamp) fresh.isTerminating = true;
    return syncPod(state, fresh, ctx);
  }
  const graceUs = graceUsOf(worker);
  const hasOtherDeadline = worker.pod.spec?.activeDeadlineSeconds !== pod.spec?.activeDeadlineSeconds;
  if (isResized(pod, worker.pod)) late().changePod(state, worker, pod, ctx);
  else {
    worker.pod = pod;
    if (worker.resize?.wanted) worker.resize = worker.resize.inProgress && Object.freeze({ inProgress: worker.resize.inProgress });
  }
  if (hasOtherDeadline) awaitDeadline(worker, ctx);
  if (worker.isTerminating && graceUsOf(worker) < graceUs) hurry(state, worker, ctx);
  else if (!worker.isTerminating) replaceChanged(worker);
  if (pod.metadata?.deletionTimestamp && !worker.isTerminating) {
    worker.isTerminating = true;
    abandonHooks(worker, ctx);
    ctx.note({
      says: 'kubelet/terminating',
      about: `pods/${key}`,
      with: { pod: pod.metadata.name, graceSeconds: pod.metadata.deletionGracePeriodSeconds },
    });
  }
  syncPod(state, worker, ctx);
  reconcileStatus(worker, pod, ctx);
}

/** Whether it or its containers are to have other resources than they were given. */
function isResized(now: V1Pod, was: V1Pod): boolean {
  const resourcesIn = ({ spec }: V1Pod): readonly unknown[] => [
    spec?.resources ?? {},
    ...[...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ resources }) => resources ?? {}),
  ];
  return now.spec !== was.spec && (now.metadata?.generation ?? 1) > 1 && !sameJson(resourcesIn(now), resourcesIn(was));
}

/** There may be room for those that wait for other resources. Upstream: retryPendingResizes, not before sourcesReady.AllReady. */
export function retryWaiting(state: KubeletState, ctx: Context): void {
  if (!state.runtime || !state.reflectors.byResource.get('pods')?.hasSynced) return;
  for (const { resize } of state.workers.values())
    if (resize?.wanted) {
      for (const worker of late().retryResizes(state, ctx)) syncPod(state, worker, ctx);
      return;
    }
}

/** The name is free: whoever has it in the API now begins. */
export function arrived(state: KubeletState, key: string, ctx: Context): void {
  const object = viewOf(state.reflectors.cache).get<V1Pod>('pods', key);
  if (object) podChanged(state, { object, type: 'ADDED' }, ctx);
}

/** The API has it no more. */
function endDeleted(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.isTerminating = true;
  worker.isDeleted = true;
  abandonHooks(worker, ctx);
  syncPod(state, worker, ctx);
}

/** Containers whose image is another now are stopped, and start anew whatever the restart policy says. Upstream: kuberuntime_manager.go containerChanged. */
function replaceChanged(worker: PodWorker): void {
  for (const { name, image } of allContainers(worker.pod)) {
    const record = recordOf(worker, name);
    if (!isRunning(record) || record.current?.image === image || worker.killing.has(name)) continue;
    worker.killing = withMember(worker.killing, name);
    worker.replaced = withMember(worker.replaced, name);
    worker.why = withEntry(worker.why, name, `Container ${name} definition changed, will be restarted`);
  }
}

function reject(
  state: KubeletState,
  worker: PodWorker,
  refusal: { readonly reason: string; readonly message: string },
  ctx: Context,
): void {
  worker.failure = { reason: refusal.reason, message: `Pod was rejected: ${refusal.message}` };
  worker.isRejected = true;
  worker.isFinished = true;
  say(state, worker, ctx, 'Warning', refusal.reason, refusal.message);
  syncPod(state, worker, ctx);
}
