/** Writes a pod's status when it changed, and deletes the object when the pod is over. Upstream: pkg/kubelet/status/status_manager.go (v1.36). */
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { isOver } from '../../api/pods/phase.ts';
import type { V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import type { PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { forget } from './forget.ts';
import { addresseeOf, workerFor, type Addressee } from './worker-calls.ts';
import { statusOf } from './pod-status.ts';

/** A status, or the last word: the object may go. */
interface Then extends Addressee {
  readonly wrote: 'status' | 'end';
}

export function writeStatus(state: KubeletState, worker: PodWorker, ctx: Context): void {
  if (worker.isWriting || !state.isRegistered || worker.isDeleted) return;
  if (worker.isStatic && !state.mirrors.has(worker.key)) return;
  if (worker.writtenStatus && !mayEnd(worker) && isAsLooked(worker)) return;
  const { ip, epochMs } = state.config;
  const where = { ip, epochMs, now: ctx.now, hasSandbox: worker.sandbox?.isReady === true };
  const status = merged(worker, statusOf({ ...worker, ...worker.seen }, where));
  const path = `/api/v1/namespaces/${worker.pod.metadata?.namespace}/pods/${worker.pod.metadata?.name}`;
  if (!worker.writtenStatus || !saysSame(worker.writtenStatus, status)) {
    worker.writtenStatus = deepFreeze(status);
    const said = { ...gone(worker.pod, status), ...status };
    worker.isWriting = true;
    callApi(
      ctx,
      state.endpoint,
      {
        method: 'PATCH',
        path: `${path}/status`,
        contentType: 'application/merge-patch+json',
        body: worker.isStatic ? { status: said } : { metadata: { uid: worker.uid }, status: said },
      },
      { wrote: 'status', ...addresseeOf(worker) } satisfies Then,
    );
    return;
  }
  looked.set(worker, { ...worker });
  if (mayEnd(worker)) {
    worker.isDeleted = true;
    callApi(
      ctx,
      state.endpoint,
      {
        method: 'DELETE',
        path,
        body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid: worker.uid } },
      },
      { wrote: 'end', ...addresseeOf(worker) } satisfies Then,
    );
  }
}

/** Nothing that failed is said to be Failed while its containers may run. Upstream: mergePodStatus. */
function merged({ pod, failure, isFinished }: PodWorker, status: V1PodStatus): V1PodStatus {
  if (!failure || isFinished || isOver(pod)) return status;
  const was = pod.status;
  const { reason: _reason, message: _message, ...rest } = status;
  return {
    ...rest,
    phase: was?.phase ?? 'Pending',
    ...(was?.reason === undefined ? {} : { reason: was.reason }),
    ...(was?.message === undefined ? {} : { message: was.message }),
  };
}

/** Nothing of it is left here, and the API knows: the object may go. */
const mayEnd = (worker: PodWorker): boolean => worker.isFinished && worker.isTerminating && !worker.isStatic;

/** The worker when its status last turned out as it was written. */
const looked = new WeakMap<PodWorker, Readonly<PodWorker>>();

/** Whether nothing has changed since of what a status is made of; when it was made plays no part. */
function isAsLooked(worker: PodWorker): boolean {
  const was = looked.get(worker);
  return (
    was !== undefined &&
    was.writtenStatus === worker.writtenStatus &&
    looksSame(was.pod, worker.pod) &&
    was.resize === worker.resize &&
    was.seen === worker.seen &&
    was.probes === worker.probes &&
    was.sandbox === worker.sandbox &&
    was.failure === worker.failure &&
    was.isRejected === worker.isRejected &&
    was.isFinished === worker.isFinished &&
    was.isTerminating === worker.isTerminating &&
    was.startedAt === worker.startedAt
  );
}

/** Of the object itself a status takes in its spec, its deletion, its generation and parts of its status. */
function looksSame(a: V1Pod, b: V1Pod): boolean {
  return (
    a === b ||
    (a.spec === b.spec &&
      a.status?.conditions === b.status?.conditions &&
      a.status?.phase === b.status?.phase &&
      a.status?.podIP === b.status?.podIP &&
      a.metadata?.deletionTimestamp === b.metadata?.deletionTimestamp &&
      a.metadata?.generation === b.metadata?.generation)
  );
}

/** What the kubelet alone says of a pod. Upstream: kubetypes.PodConditionByKubelet. */
const OWN = ['Ready', 'ContainersReady', 'Initialized', 'PodReadyToStartContainers'];
const RECONCILE_US = 10_000_000;

/** Others may have said of a pod what the kubelet alone knows, as the node lifecycle controller does of a silent machine's; it is set right within ten seconds. Upstream: needsReconcile, syncBatch. */
export function reconcileStatus(worker: PodWorker, pod: V1Pod, ctx: Context): void {
  const { writtenStatus } = worker;
  if (worker.isWriting || writtenStatus === undefined) return;
  const said = (status: V1PodStatus | undefined, type: string): string | undefined =>
    status?.conditions?.find((c) => c.type === type)?.status;
  if (OWN.every((type) => said(pod.status, type) === said(writtenStatus, type))) return;
  worker.writtenStatus = undefined;
  ctx.wake(RECONCILE_US, { retry: worker.key });
}

/** Whether two statuses differ in nothing but when their conditions changed. */
function saysSame(a: V1PodStatus, b: V1PodStatus): boolean {
  const [before, now] = [a.conditions ?? [], b.conditions ?? []];
  return (
    before.length === now.length &&
    now.every((c, i) => {
      const was = before[i];
      return c.type === was.type && c.status === was.status && c.reason === was.reason && c.message === was.message;
    }) &&
    sameJson({ ...a, conditions: 0 }, { ...b, conditions: 0 })
  );
}

/** What a merge patch must name to take it away. */
function gone(pod: V1Pod, status: NonNullable<V1Pod['status']>): Readonly<Record<string, null>> {
  return Object.fromEntries(
    (['reason', 'message'] as const)
      .filter((field) => pod.status?.[field] !== undefined && status[field] === undefined)
      .map((field) => [field, null]),
  );
}

export function statusWritten(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('wrote' in then)) return false;
  const { wrote } = then as Then;
  const worker = workerFor(state, then as Then);
  if (!worker) return true;
  const { code, body } = responseOf(answer);
  if (wrote === 'end') {
    if (code === 200 || code === 404 || code === 409) forget(state, worker, ctx);
    else {
      worker.isDeleted = false;
      ctx.wake(2_000_000, { retry: worker.key }, true);
    }
    return true;
  }
  worker.isWriting = false;
  if (worker.isDeleted) return true;
  if (code === 200 && !worker.isStatic) {
    const pod = body as V1Pod;
    worker.pod = Object.freeze({ ...worker.pod, status: pod.status ?? worker.pod.status });
  } else if (code !== 200) {
    worker.writtenStatus = undefined;
    if (code !== 404) ctx.wake(2_000_000, { retry: worker.key }, true);
    return true;
  }
  writeStatus(state, worker, ctx);
  return true;
}
