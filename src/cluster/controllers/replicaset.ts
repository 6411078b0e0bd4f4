/**
 * Keeps as many pods as the ReplicaSet wants.
 * Upstream: pkg/controller/replicaset/{replica_set,replica_set_utils}.go, controller_ref_manager.go (v1.36).
 * Simplified: status waits until the pods are made or refused.
 */
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1Pod, V1ReplicaSet, V1ReplicaSetCondition, V1ReplicaSetStatus } from '../../api/schema/kubernetes.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { Cache } from '../client/cache.ts';
import { claimed, ownersOf } from './claims.ts';
import { untilAvailable } from './replicas/availability.ts';
import { nothing, type Clock, soon, type Controller, type Plan } from './controller.ts';
import { create, destroy, update } from './paths.ts';
import { compareForDeletion } from './replicas/deletion-order.ts';

/** Upstream: BurstReplicas. */
const BURST = 500;
const RS = 'replicasets.apps';
const isActive = (pod: V1Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata?.deletionTimestamp === undefined;
const msOf = (clock: Clock): number => clock.epochMs + Math.floor(clock.nowUs / 1000);

export default {
  name: 'replicaset',
  watches: [
    { resource: RS, keys: ({ object, deleted }) => (deleted ? [] : [keyOf(object)]) },
    {
      resource: 'pods',
      keys: ({ object, old, deleted, cache }) => [
        ...new Set([...setsOf(object, deleted, cache), ...(old ? setsOf(old, true, cache) : [])]),
      ],
    },
  ],
  reconcile(key, cache, clock) {
    const set = cache.get<V1ReplicaSet>(RS, key);
    if (!set) return nothing;
    const claims = set.metadata?.deletionTimestamp ? nothing : claim(set, cache);
    if (claims.writes.length > 0) return claims;
    const { active } = cache.podTally(set.metadata?.uid ?? '');
    const want = set.spec?.replicas ?? 1;
    if (!set.metadata?.deletionTimestamp && active < want) return scaleUp(set, want - active, active);
    if (!set.metadata?.deletionTimestamp && active > want) return scaleDown(set, active - want, cache, msOf(clock));
    return refresh(set, cache, msOf(clock));
  },
  refused(key, cache, clock, message) {
    const set = cache.get<V1ReplicaSet>(RS, key);
    const over = set ? cache.podTally(set.metadata?.uid ?? '').active - (set.spec?.replicas ?? 1) : 0;
    return set && over !== 0
      ? refresh(set, cache, msOf(clock), { reason: over < 0 ? 'FailedCreate' : 'FailedDelete', message }).writes
      : [];
  },
} satisfies Controller;

const setsOf = (pod: KubeObject, wasOwned: boolean, cache: Cache): readonly string[] =>
  ownersOf(pod, { kind: 'ReplicaSet', resource: RS, wasOwned, cache });

/** Adopts pods that match and have no owner, releases its own that no longer match. */
function claim(set: V1ReplicaSet, cache: Cache): Plan {
  const { adopted, released, writes } = claimed<V1Pod>(set, 'pods', cache, isActive);
  const note =
    (says: string) =>
    (pod: V1Pod): Fact => ({ says, about: `${RS}/${keyOf(set)}`, with: { name: set.metadata?.name, pod: pod.metadata?.name } });
  return { writes, notes: [...adopted.map(note('replicaset/adopted')), ...released.map(note('replicaset/released'))] };
}

function scaleUp(set: V1ReplicaSet, missing: number, have: number): Plan {
  const count = Math.min(missing, BURST);
  const { template } = set.spec ?? {};
  const pod: V1Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${set.metadata?.name}-`,
      namespace: set.metadata?.namespace,
      labels: template?.metadata?.labels,
      annotations: template?.metadata?.annotations,
      finalizers: template?.metadata?.finalizers,
      ownerReferences: [controllerRef(set)],
    },
    spec: template?.spec,
    status: {},
  };
  return {
    writes: Array.from({ length: count }, () => create('pods', set.metadata?.namespace, pod)),
    slowStart: count,
    notes: [
      {
        says: 'replicaset/too-few',
        about: `${RS}/${keyOf(set)}`,
        with: {
          name: set.metadata?.name,
          want: have + missing,
          have,
          creates: count,
          event: { type: 'Normal', reason: 'SuccessfulCreate', message: 'Created pod: $name' },
        },
      },
    ],
  };
}

function scaleDown(set: V1ReplicaSet, excess: number, cache: Cache, nowMs: number): Plan {
  const pods = cache.controlledBy<V1Pod>('pods', set.metadata?.uid ?? '').filter(isActive);
  const count = Math.min(excess, BURST);
  const related = excess < pods.length ? countRelated(set, cache) : new Map<string, number>();
  const ranked =
    excess < pods.length
      ? [...pods].sort((a, b) => compareForDeletion(a, b, nowMs, (pod) => related.get(pod.spec?.nodeName ?? '') ?? 0))
      : pods;
  const doomed = ranked.slice(0, count);
  return {
    writes: doomed.map((pod) => destroy('pods', pod)),
    slowStart: count,
    notes: [
      {
        says: 'replicaset/too-many',
        about: `${RS}/${keyOf(set)}`,
        with: {
          name: set.metadata?.name,
          want: pods.length - excess,
          have: pods.length,
          deletes: doomed.map((pod) => pod.metadata?.name),
          event: { type: 'Normal', reason: 'SuccessfulDelete', message: 'Deleted pod: $name' },
        },
      },
    ],
  };
}

/** Active pods per machine of the sets with the same controller; a set that nobody owns has no family. Upstream: getIndirectlyRelatedPods. */
function countRelated(set: V1ReplicaSet, cache: Cache): ReadonlyMap<string, number> {
  const owner = controllerOf(set);
  const family = owner ? cache.controlledBy<V1ReplicaSet>(RS, owner.uid) : [];
  const counts = new Map<string, number>();
  for (const member of family)
    for (const pod of cache.controlledBy<V1Pod>('pods', member.metadata?.uid ?? ''))
      if (isActive(pod)) counts.set(pod.spec?.nodeName ?? '', (counts.get(pod.spec?.nodeName ?? '') ?? 0) + 1);
  return counts;
}

type Failure = Pick<V1ReplicaSetCondition, 'reason' | 'message'>;

/** ReplicaFailure comes with the first refusal, keeps its words until pods could be made or deleted again, and goes. */
function conditionsOf(set: V1ReplicaSet, nowMs: number, failure: Failure | undefined): readonly V1ReplicaSetCondition[] {
  const was = set.status?.conditions ?? [];
  if (!failure) return was.filter((c) => c.type !== 'ReplicaFailure');
  return was.some((c) => c.type === 'ReplicaFailure')
    ? was
    : [...was, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: rfc3339(nowMs), ...failure }];
}

/** The status, written when it differs. Upstream: calculateStatus. */
function refresh(set: V1ReplicaSet, cache: Cache, nowMs: number, failure?: Failure): Plan {
  const uid = set.metadata?.uid ?? '';
  const tally = cache.podTally(uid);
  const wanted = Object.entries(set.spec?.template?.metadata?.labels ?? {});
  const labelled = cache
    .podLabelsOf(uid)
    .reduce((n, { labels, active }) => n + (wanted.every(([key, value]) => labels[key] === value) ? active : 0), 0);
  const minSeconds = set.spec?.minReadySeconds ?? 0;
  const { count, againMs } =
    minSeconds === 0
      ? { count: tally.ready, againMs: undefined }
      : countAvailable(cache.controlledBy<V1Pod>('pods', uid), minSeconds, nowMs);
  const positive = Object.entries({ fullyLabeledReplicas: labelled, readyReplicas: tally.ready, availableReplicas: count }).filter(
    ([, n]) => n > 0,
  );
  const conditions = conditionsOf(set, nowMs, failure);
  const status: V1ReplicaSetStatus = {
    replicas: tally.active,
    ...Object.fromEntries(positive),
    terminatingReplicas: tally.terminating,
    observedGeneration: set.metadata?.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  const isSame = sameJson(status, set.status);
  return {
    writes: isSame ? [] : [update(RS, { ...set, status } as V1ReplicaSet, 'status')],
    notes: [],
    ...(againMs === undefined ? {} : soon(Math.max(1, againMs))),
  };
}

/** How many are available, and when the next will be. */
function countAvailable(
  pods: readonly V1Pod[],
  minSeconds: number,
  nowMs: number,
): { readonly count: number; readonly againMs: number | undefined } {
  let count = 0;
  let againMs: number | undefined;
  for (const pod of pods) {
    const left = isActive(pod) ? untilAvailable(pod, minSeconds, nowMs) : undefined;
    if (left === undefined) continue;
    if (left === 0) count++;
    else againMs = Math.min(againMs ?? left, left);
  }
  return { count, againMs };
}
