/**
 * Keeps as many pods as the ReplicaSet wants.
 * Upstream: pkg/controller/replicaset/replica_set.go, controller_utils.go ActivePodsWithRanks (v1.36).
 * Simplified: pods are not adopted or released when labels change; the ranking leaves out the pod-deletion cost and doubled-up machines.
 */
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { parseTime } from '../../api/machinery/time.ts';
import type { V1Pod, V1ReplicaSet, V1ReplicaSetStatus } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import { isReady } from '../client/indexed-cache.ts';
import type { Cache } from '../client/cache.ts';
import { nothing, type Clock, type Controller, type Plan } from './controller.ts';
import { create, destroy, update } from './paths.ts';

/** Upstream: BurstReplicas. */
const BURST = 500;

export const isActive = (pod: V1Pod): boolean => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata?.deletionTimestamp === undefined;

export default {
  name: 'replicaset',
  watches: [
    { resource: 'replicasets.apps', keys: ({ object }) => [keyOf(object)] },
    { resource: 'pods', keys: ({ object }) => { const owner = controllerOf(object); return owner?.kind === 'ReplicaSet' ? [`${object.metadata?.namespace}/${owner.name}`] : []; } },
  ],
  reconcile(key, cache, clock) {
    const set = cache.get<V1ReplicaSet>('replicasets.apps', key);
    if (!set) return nothing;
    const uid = set.metadata?.uid ?? '';
    const { active } = cache.podTally(uid);
    const want = set.spec?.replicas ?? 1;
    const changes = set.metadata?.deletionTimestamp ? nothing : active < want ? scaleUp(set, want - active, active) : active > want ? scaleDown(set, active - want, cache, clock) : nothing;
    const status = statusOf(set, cache, clock);
    const moved = changes.writes.length > 0 ? undefined : status.status;
    return { ...changes, writes: [...changes.writes, ...(moved ? [update('replicasets.apps', { ...set, status: moved } as V1ReplicaSet, 'status')] : [])], ...(status.againAfterUs === undefined ? {} : { againAfterUs: status.againAfterUs }) };
  },
} satisfies Controller;

function scaleUp(set: V1ReplicaSet, missing: number, have: number): Plan {
  const count = Math.min(missing, BURST);
  const { template } = set.spec ?? {};
  const pod: V1Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: `${set.metadata?.name}-`, labels: template?.metadata?.labels, annotations: template?.metadata?.annotations, finalizers: template?.metadata?.finalizers, ownerReferences: [controllerRef(set)] }, spec: template?.spec };
  return {
    writes: Array.from({ length: count }, () => create('pods', set.metadata?.namespace, pod)), slowStart: count,
    notes: [{ says: 'replicaset/too-few', about: `replicasets.apps/${keyOf(set)}`, with: { name: set.metadata?.name, want: have + missing, have, creates: count, event: { type: 'Normal', reason: 'SuccessfulCreate', message: 'Created pod: $name' } } }],
  };
}

function scaleDown(set: V1ReplicaSet, excess: number, cache: Cache, clock: Clock): Plan {
  const pods = cache.controlledBy<V1Pod>('pods', set.metadata?.uid ?? '').filter(isActive);
  const doomed = [...pods].sort((a, b) => compareForDeletion(a, b, clock)).slice(0, Math.min(excess, BURST));
  return {
    writes: doomed.map((pod) => destroy('pods', pod)), slowStart: doomed.length,
    notes: [{ says: 'replicaset/too-many', about: `replicasets.apps/${keyOf(set)}`, with: { name: set.metadata?.name, want: pods.length - excess, have: pods.length, deletes: doomed.map((pod) => pod.metadata?.name), event: { type: 'Normal', reason: 'SuccessfulDelete', message: 'Deleted pod: $name' } } }],
  };
}

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** The pods that are missed least come first: unassigned, pending, not ready, ready for a shorter time, restarted more, younger. */
export function compareForDeletion(a: V1Pod, b: V1Pod, _clock: Clock): number {
  const assigned = Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName));
  if (assigned !== 0) return assigned;
  const phase = (PHASE_RANK[a.status?.phase ?? ''] ?? 0) - (PHASE_RANK[b.status?.phase ?? ''] ?? 0);
  if (phase !== 0) return phase;
  const ready = Number(isReady(a)) - Number(isReady(b));
  if (ready !== 0) return ready;
  const since = (pod: V1Pod): number => parseTime(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '') || 0;
  if (isReady(a) && since(a) !== since(b)) return since(b) - since(a);
  const restarts = (pod: V1Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c) => c.restartCount));
  if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a);
  const born = (pod: V1Pod): number => parseTime(pod.metadata?.creationTimestamp ?? '') || 0;
  return born(b) - born(a) || ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? 1 : -1);
}

/** The status when it differs from the one that is written. */
function statusOf(set: V1ReplicaSet, cache: Cache, clock: Clock): { readonly status?: V1ReplicaSetStatus; readonly againAfterUs?: number } {
  const uid = set.metadata?.uid ?? '';
  const tally = cache.podTally(uid);
  const min = set.spec?.minReadySeconds ?? 0;
  const available = min === 0 ? { count: tally.ready } : countAvailable(cache.controlledBy<V1Pod>('pods', uid), min, clock);
  const old = set.status;
  const status: V1ReplicaSetStatus = { replicas: tally.active, fullyLabeledReplicas: tally.active, readyReplicas: tally.ready, availableReplicas: available.count, terminatingReplicas: tally.terminating, observedGeneration: set.metadata?.generation };
  const isSame = old && old.replicas === status.replicas && (old.readyReplicas ?? 0) === status.readyReplicas && (old.availableReplicas ?? 0) === status.availableReplicas && (old.terminatingReplicas ?? 0) === status.terminatingReplicas && old.observedGeneration === status.observedGeneration;
  return { ...(isSame ? {} : { status }), ...('againAfterUs' in available ? { againAfterUs: available.againAfterUs } : {}) };
}

function countAvailable(pods: readonly V1Pod[], minSeconds: number, clock: Clock): { readonly count: number; readonly againAfterUs?: number } {
  const nowMs = clock.epochMs + clock.nowUs / 1000;
  let count = 0;
  let soonest = Number.MAX_SAFE_INTEGER;
  for (const pod of pods) {
    if (!isActive(pod) || !isReady(pod)) continue;
    const left = parseTime(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '') + minSeconds * 1000 - nowMs;
    if (left <= 0) count++; else soonest = Math.min(soonest, left);
  }
  return soonest === Number.MAX_SAFE_INTEGER ? { count } : { count, againAfterUs: Math.ceil(soonest) * 1000 };
}
