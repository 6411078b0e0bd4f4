/**
 * A Deployment's status: counts, availability, and whether it still makes progress.
 * Upstream: pkg/controller/deployment/{progress,sync}.go calculateStatus, syncRolloutStatus (v1.36). Simplified: nothing.
 */
import { conditionOf } from '../../../api/machinery/conditions.ts';
import { parseTime } from '../../../api/machinery/time.ts';
import type { V1Deployment, V1DeploymentCondition, V1DeploymentStatus, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';
import { available, limits, sum, wanted } from './replica-sets.ts';

export interface Rollout {
  readonly deployment: V1Deployment;
  readonly current: V1ReplicaSet | undefined;
  readonly old: readonly V1ReplicaSet[];
  /** RFC 3339 */
  readonly now: string;
}
type Conditions = readonly V1DeploymentCondition[];

/** Upstream: SetDeploymentCondition: the same status and reason changes nothing; a changed one goes to the end. */
export function withDeploymentCondition(
  conditions: Conditions | undefined,
  next: Omit<V1DeploymentCondition, 'lastUpdateTime'>,
  now: string,
): Conditions {
  const was = conditionOf(conditions, next.type);
  if (was?.status === next.status && was.reason === next.reason) return conditions ?? [];
  const lastTransitionTime = was?.status === next.status ? was.lastTransitionTime : (next.lastTransitionTime ?? now);
  return [...without(conditions, next.type), { ...next, lastTransitionTime, lastUpdateTime: now }];
}
export const without = (conditions: Conditions | undefined, type: string): Conditions => (conditions ?? []).filter((c) => c.type !== type);

/** Zero counts are left out, as Go's omitempty does; terminatingReplicas is a pointer and stays. */
function clean(status: V1DeploymentStatus): V1DeploymentStatus {
  return Object.fromEntries(
    Object.entries(status).filter(([key, value]) => value !== undefined && (value !== 0 || key === 'terminatingReplicas')),
  ) as V1DeploymentStatus;
}

/** Whether it is watched for progress at all. Upstream: HasProgressDeadline. */
export const hasDeadline = (d: V1Deployment): boolean =>
  d.spec?.progressDeadlineSeconds !== undefined && d.spec.progressDeadlineSeconds !== 2_147_483_647;

/** Unknown as long as one set has been looked at and does not say. Upstream: GetTerminatingReplicaCountForReplicaSets. */
function terminating(sets: readonly V1ReplicaSet[]): number | undefined {
  const looked = sets.filter((set) => set.status?.terminatingReplicas !== undefined || (set.status?.observedGeneration ?? 0) !== 0);
  return looked.some((set) => set.status?.terminatingReplicas === undefined)
    ? undefined
    : sum(looked, (set) => set.status?.terminatingReplicas ?? 0);
}

/** Counts and availability. Upstream: calculateStatus. */
export function countedStatus({ deployment: d, current, old, now }: Rollout): V1DeploymentStatus {
  const all = [...old, ...(current ? [current] : [])];
  const ready = sum(all, available);
  const enough = ready >= wanted(d) - limits(d).unavailable;
  const conditions = withDeploymentCondition(
    d.status?.conditions,
    enough
      ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    now,
  );
  return clean({
    observedGeneration: d.metadata?.generation,
    replicas: sum(all, (set) => set.status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(all, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: ready,
    unavailableReplicas: Math.max(0, sum(all, wanted) - ready),
    terminatingReplicas: terminating(all),
    collisionCount: d.status?.collisionCount,
    conditions,
  });
}

/** Upstream: DeploymentComplete. */
export function isComplete(d: V1Deployment, s: V1DeploymentStatus): boolean {
  const want = wanted(d);
  return (
    (s.updatedReplicas ?? 0) === want &&
    (s.replicas ?? 0) === want &&
    (s.availableReplicas ?? 0) === want &&
    (s.observedGeneration ?? 0) >= (d.metadata?.generation ?? 0)
  );
}

/** Upstream: DeploymentProgressing: more new, ready or available pods, or fewer old ones. */
function hasMoved(was: V1DeploymentStatus, is: V1DeploymentStatus): boolean {
  const oldPods = (s: V1DeploymentStatus): number => (s.replicas ?? 0) - (s.updatedReplicas ?? 0);
  return (
    (is.updatedReplicas ?? 0) > (was.updatedReplicas ?? 0) ||
    oldPods(is) < oldPods(was) ||
    (is.readyReplicas ?? 0) > (was.readyReplicas ?? 0) ||
    (is.availableReplicas ?? 0) > (was.availableReplicas ?? 0)
  );
}

/** Why pods can not be made or deleted: of the new set, or else of the old ones. Upstream: getReplicaFailures. */
function failureOf({ current, old }: Rollout): V1DeploymentCondition | undefined {
  const of = (set: V1ReplicaSet | undefined): V1DeploymentCondition | undefined => conditionOf(set?.status?.conditions, 'ReplicaFailure');
  return of(current) ?? old.map(of).find((condition) => condition !== undefined);
}

/** Status with the Progressing and ReplicaFailure conditions. Upstream: syncRolloutStatus. */
export function rolloutStatus(rollout: Rollout): V1DeploymentStatus {
  const counted = countedStatus(rollout);
  const conditions = progressing(rollout, counted);
  const failure = failureOf(rollout);
  if (!failure) return { ...counted, conditions: without(conditions, 'ReplicaFailure') };
  const { type, status, reason, message } = failure;
  const lastTransitionTime = failure.lastTransitionTime ?? rollout.now;
  return {
    ...counted,
    conditions: withDeploymentCondition(conditions, { type, status, reason, message, lastTransitionTime }, lastTransitionTime),
  };
}

function progressing({ deployment: d, current, now }: Rollout, status: V1DeploymentStatus): Conditions {
  const conditions = status.conditions ?? [];
  if (!hasDeadline(d)) return without(conditions, 'Progressing');
  const was = conditionOf(d.status?.conditions, 'Progressing');
  if ((status.replicas ?? 0) === (status.updatedReplicas ?? 0) && was?.reason === 'NewReplicaSetAvailable') return conditions;
  const subject = current ? `ReplicaSet ${JSON.stringify(current.metadata?.name)}` : `Deployment ${JSON.stringify(d.metadata?.name)}`;
  if (isComplete(d, status))
    return withDeploymentCondition(
      conditions,
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` },
      now,
    );
  if (hasMoved(d.status ?? {}, status)) {
    const lastTransitionTime = was?.status === 'True' ? was.lastTransitionTime : now;
    return [
      ...without(conditions, 'Progressing'),
      {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `${subject} is progressing.`,
        lastTransitionTime,
        lastUpdateTime: now,
      },
    ];
  }
  return isTimedOut(status, d.spec?.progressDeadlineSeconds ?? 0, now)
    ? withDeploymentCondition(
        conditions,
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: `${subject} has timed out progressing.` },
        now,
      )
    : conditions;
}

/** Upstream: DeploymentTimedOut. */
function isTimedOut(status: V1DeploymentStatus, deadline: number, now: string): boolean {
  const condition = conditionOf(status.conditions, 'Progressing');
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false;
  return condition.reason === 'ProgressDeadlineExceeded' || parseTime(condition.lastUpdateTime ?? now) + deadline * 1000 < parseTime(now);
}

/** Microseconds until the deadline is worth a look; a finished roll-out whose pods fail later can not time out any more. Upstream: requeueStuckDeployment. */
export function untilDeadlineUs(d: V1Deployment, status: V1DeploymentStatus, now: string): number | undefined {
  const condition = conditionOf(status.conditions, 'Progressing');
  if (!hasDeadline(d) || d.spec?.paused || !condition || isComplete(d, status) || condition.reason === 'ProgressDeadlineExceeded')
    return undefined;
  const leftMs = parseTime(condition.lastUpdateTime ?? now) + (d.spec?.progressDeadlineSeconds ?? 0) * 1000 - parseTime(now);
  return leftMs < 0 ? undefined : (leftMs + 1000) * 1000;
}
