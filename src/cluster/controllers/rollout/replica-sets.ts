/**
 * What a Deployment's ReplicaSets say, and how large each should be.
 * Upstream: pkg/controller/deployment/util/deployment_util.go, sync.go scale (v1.36). Simplified: nothing.
 */
import { int64 } from '../../../api/machinery/selector-parser.ts';
import { byAge } from '../../../api/object.ts';
import { scaledValue } from '../../../api/machinery/int-or-string.ts';
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import type { V1Deployment, V1PodTemplateSpec, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
export const HASH = 'pod-template-hash';
export const ROLLBACK = 'deprecated.deployment.rollback.to';
/** Upstream: annotationsToSkip. */
const SKIPPED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  DESIRED,
  MAXIMUM,
  ROLLBACK,
]);
/** The annotations that a Deployment and its set share. */
export const copied = (object: V1Deployment | V1ReplicaSet): Record<string, string> =>
  Object.fromEntries(Object.entries(object.metadata?.annotations ?? {}).filter(([name]) => !SKIPPED.has(name)));
/** What a Deployment that goes back to a set is annotated with. Upstream: setDeploymentAnnotationsTo. */
export const annotationsBackTo = (d: V1Deployment, set: V1ReplicaSet): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(d.metadata?.annotations ?? {}).filter(([name]) => SKIPPED.has(name))),
  ...copied(set),
});

export const wanted = (object: V1ReplicaSet | V1Deployment): number => object.spec?.replicas ?? 1;
export const sum = (sets: readonly V1ReplicaSet[], of: (set: V1ReplicaSet) => number): number => sets.reduce((n, set) => n + of(set), 0);
export const available = (set: V1ReplicaSet): number => set.status?.availableReplicas ?? 0;
export const revisionOf = (object: V1Deployment | V1ReplicaSet): number => Number(object.metadata?.annotations?.[REVISION] ?? 0) || 0;
/** As Go's int64: adopted sets may carry any number. Upstream: deploymentutil.Revision. */
export const exactRevisionOf = (object: V1Deployment | V1ReplicaSet): bigint => int64(object.metadata?.annotations?.[REVISION] ?? '') ?? 0n;
/** Upstream: MaxRevision. */
export const newestOf = (sets: readonly V1ReplicaSet[]): bigint =>
  sets.map(exactRevisionOf).reduce((most, revision) => (revision > most ? revision : most), 0n);
export const byRevision = (a: V1ReplicaSet, b: V1ReplicaSet): number => Number(exactRevisionOf(a) - exactRevisionOf(b));
export const isRolling = (d: V1Deployment): boolean => d.spec?.strategy?.type !== 'Recreate';

export function withoutHash(template: V1PodTemplateSpec | undefined): unknown {
  const { [HASH]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}
/** Upstream: EqualIgnoreHash. */
export const sameTemplate = (a: V1PodTemplateSpec | undefined, b: V1PodTemplateSpec | undefined): boolean =>
  sameJson(withoutHash(a), withoutHash(b));

/** MaxSurge rounds up, MaxUnavailable rounds down, and both zero means one unavailable. Upstream: ResolveFenceposts, MaxSurge, MaxUnavailable. */
export function limits(d: V1Deployment): { readonly surge: number; readonly unavailable: number } {
  if (!isRolling(d)) return { surge: 0, unavailable: 0 };
  const want = wanted(d);
  const { maxSurge, maxUnavailable } = d.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, want, true);
  const unavailable = scaledValue(maxUnavailable, want, false);
  const resolved = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { surge, unavailable: want === 0 ? 0 : Math.min(resolved, want) };
}

/** Upstream: NewRSNewReplicas. */
export function newReplicas(d: V1Deployment, all: readonly V1ReplicaSet[], current: V1ReplicaSet | undefined): number {
  const want = wanted(d);
  const have = current ? wanted(current) : 0;
  if (!isRolling(d)) return want;
  const room = want + limits(d).surge - sum(all, wanted);
  return room <= 0 ? have : have + Math.min(room, want - have);
}

export type Sizes = ReadonlyMap<V1ReplicaSet, number>;

/** Upstream: reconcileOldReplicaSets: first pods that do not work, then as many as availability allows, oldest set first. */
export function shrinkOld(d: V1Deployment, current: V1ReplicaSet, old: readonly V1ReplicaSet[]): Sizes {
  const sizes = new Map(old.map((set) => [set, wanted(set)]));
  const least = wanted(d) - limits(d).unavailable;
  const all = [...old, current];
  let mayGo = sum(all, wanted) - least - (wanted(current) - available(current));
  if (mayGo <= 0) return sizes;
  for (const set of old) {
    const broken = Math.min(mayGo, wanted(set) - available(set));
    if (broken > 0) {
      sizes.set(set, wanted(set) - broken);
      mayGo -= broken;
    }
  }
  let spare = sum(all, available) - least;
  for (const set of old) {
    const gone = Math.min(spare, sizes.get(set) ?? 0);
    if (gone > 0) {
      sizes.set(set, (sizes.get(set) ?? 0) - gone);
      spare -= gone;
    }
  }
  return sizes;
}

/** Upstream: getNonNegativeInt32FromAnnotation. */
function amountIn(set: V1ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata?.annotations?.[annotation] ?? '';
  return /^\d+$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : undefined;
}

/** Was the Deployment itself resized since its sets were? Upstream: isScalingEvent. */
export function isResized(d: V1Deployment, all: readonly V1ReplicaSet[]): boolean {
  return all.some((set) => {
    const desired = amountIn(set, DESIRED);
    return wanted(set) > 0 && desired !== undefined && desired !== wanted(d);
  });
}

/** Shares a change of size among the sets that have pods, each by its part. Upstream: DeploymentController.scale. */
export function proportional(d: V1Deployment, current: V1ReplicaSet | undefined, old: readonly V1ReplicaSet[]): Sizes {
  const want = wanted(d);
  const all = [...old, ...(current ? [current] : [])];
  const active = all.filter((set) => wanted(set) > 0);
  const only = active.length === 1 ? active[0] : active.length === 0 ? (current ?? [...old].sort(byAge)[old.length - 1]) : undefined;
  if (only) return new Map([[only, want]]);
  if (active.length === 0) return new Map();
  if (current && wanted(current) === want && available(current) === want && amountIn(current, DESIRED) === want)
    return new Map(old.filter((set) => wanted(set) > 0).map((set) => [set, 0]));
  if (!isRolling(d)) return new Map();
  const target = want > 0 ? want + limits(d).surge : 0;
  const toAdd = target - sum(active, wanted);
  const largest = [...active].sort((a, b) => wanted(b) - wanted(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  const sizes = new Map<V1ReplicaSet, number>();
  let added = 0;
  for (const set of largest) {
    const part = toAdd === 0 ? 0 : proportion(d, set, toAdd, added);
    sizes.set(set, wanted(set) + part);
    added += part;
  }
  if (toAdd !== 0) sizes.set(largest[0], Math.max(0, (sizes.get(largest[0]) ?? 0) + toAdd - added));
  return sizes;
}

/** Upstream: GetReplicaSetProportion, getReplicaSetFraction. */
export function proportion(d: V1Deployment, set: V1ReplicaSet, toAdd: number, added: number): number {
  if (wanted(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const allowed = toAdd - added;
  const part = fraction(d, set);
  return toAdd > 0 ? Math.min(part, allowed) : Math.max(part, allowed);
}

function fraction(d: V1Deployment, set: V1ReplicaSet): number {
  if (wanted(d) === 0) return -wanted(set);
  const before = amountIn(set, MAXIMUM) || (d.status?.replicas ?? 0);
  return before === 0 ? 0 : Math.round((wanted(set) * (wanted(d) + limits(d).surge)) / before) - wanted(set);
}
