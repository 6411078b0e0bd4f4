/**
 * Turns a Deployment into ReplicaSets, and moves pods from the old ones to the new one.
 * Upstream: pkg/controller/deployment/{deployment_controller,sync,rolling,recreate,progress}.go, util/deployment_util.go (v1.36).
 * Simplified: ReplicaSets are not adopted; the progress deadline is checked on change and after its time.
 */
import { withCondition, conditionOf } from '../../api/machinery/conditions.ts';
import { scaledValue } from '../../api/machinery/int-or-string.ts';
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { canonicalJson, templateHash } from '../../api/machinery/template-hash.ts';
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import { keyOf } from '../../api/object.ts';
import type { V1Deployment, V1DeploymentCondition, V1DeploymentStatus, V1PodTemplateSpec, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import { nothing, type Clock, type Controller, type Plan } from './controller.ts';
import { create, destroy, mergePatchOf, update } from './paths.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const HASH = 'pod-template-hash';

export default {
  name: 'deployment',
  watches: [
    { resource: 'deployments.apps', keys: ({ object }) => [keyOf(object)] },
    { resource: 'replicasets.apps', keys: ({ object }) => { const owner = controllerOf(object); return owner?.kind === 'Deployment' ? [`${object.metadata?.namespace}/${owner.name}`] : []; } },
  ],
  reconcile(key, cache, clock) {
    const deployment = cache.get<V1Deployment>('deployments.apps', key);
    if (!deployment || deployment.metadata?.deletionTimestamp) return nothing;
    const sets = [...cache.controlledBy<V1ReplicaSet>('replicasets.apps', deployment.metadata?.uid ?? '')].sort(byAge);
    const current = sets.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));
    const old = sets.filter((set) => set !== current);
    if (!current) return deployment.spec?.paused ? withStatus(deployment, sets, undefined, clock, []) : newSet(deployment, old, clock);
    const stale = revise(deployment, current, old);
    if (stale.length > 0) return { writes: stale, notes: [] };
    const scaling = deployment.spec?.paused ? { writes: [], notes: [] } : scale(deployment, current, old);
    if (scaling.writes.length > 0) return scaling;
    return withStatus(deployment, sets, current, clock, tidy(deployment, current, old));
  },
} satisfies Controller;

const byAge = (a: V1ReplicaSet, b: V1ReplicaSet): number => {
  const [x, y] = [a.metadata?.creationTimestamp ?? '', b.metadata?.creationTimestamp ?? ''];
  return x !== y ? (x < y ? -1 : 1) : (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
};

function withoutHash(template: V1PodTemplateSpec | undefined): unknown {
  const { [HASH]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}
const sameTemplate = (a: V1PodTemplateSpec | undefined, b: V1PodTemplateSpec | undefined): boolean => canonicalJson(withoutHash(a)) === canonicalJson(withoutHash(b));
const revisionOf = (object: V1Deployment | V1ReplicaSet): number => Number(object.metadata?.annotations?.[REVISION] ?? 0);

/** Upstream: MaxSurge rounds up, MaxUnavailable rounds down, and both zero means one unavailable. */
export function limits(deployment: V1Deployment): { readonly surge: number; readonly unavailable: number } {
  const want = deployment.spec?.replicas ?? 1;
  if (deployment.spec?.strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const surge = scaledValue(rolling?.maxSurge, want, true);
  const unavailable = scaledValue(rolling?.maxUnavailable, want, false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, want) };
}

const wanted = (set: V1ReplicaSet): number => set.spec?.replicas ?? 0;
const sum = (sets: readonly V1ReplicaSet[], of: (set: V1ReplicaSet) => number): number => sets.reduce((n, set) => n + of(set), 0);

/** Upstream: NewRSNewReplicas. */
export function newReplicas(deployment: V1Deployment, all: readonly V1ReplicaSet[], current: V1ReplicaSet | undefined): number {
  const want = deployment.spec?.replicas ?? 1;
  if (deployment.spec?.strategy?.type === 'Recreate') return want;
  const have = current ? wanted(current) : 0;
  const room = want + limits(deployment).surge - sum(all, wanted);
  return room <= 0 ? have : have + Math.min(room, want - have);
}

function annotationsFor(deployment: V1Deployment, revision: number): Record<string, string> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, [REVISION]: _r, ...rest } = deployment.metadata?.annotations ?? {};
  const want = deployment.spec?.replicas ?? 1;
  return { ...rest, [REVISION]: String(revision), [DESIRED]: String(want), [MAXIMUM]: String(want + limits(deployment).surge) };
}

function newSet(deployment: V1Deployment, old: readonly V1ReplicaSet[], clock: Clock): Plan {
  if (deployment.spec?.strategy?.type === 'Recreate' && old.some((set) => wanted(set) > 0 || (set.status?.replicas ?? 0) > 0 || (set.status?.terminatingReplicas ?? 0) > 0)) {
    const writes = old.filter((set) => wanted(set) > 0).map((set) => update('replicasets.apps', { ...set, spec: { ...set.spec, replicas: 0 } } as V1ReplicaSet));
    return writes.length > 0 ? { writes, notes: [scaled(deployment, old[0], 0)] } : withStatus(deployment, old, undefined, clock, []);
  }
  const { template, selector } = deployment.spec ?? {};
  const hash = templateHash(template, deployment.status?.collisionCount);
  const revision = old.reduce((most, set) => Math.max(most, revisionOf(set)), 0) + 1;
  const name = `${deployment.metadata?.name}-${hash}`;
  const replicas = newReplicas(deployment, old, undefined);
  const labels = { ...template?.metadata?.labels, [HASH]: hash };
  const set: V1ReplicaSet = {
    apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, labels, annotations: annotationsFor(deployment, revision), ownerReferences: [controllerRef(deployment)] },
    spec: { replicas, minReadySeconds: deployment.spec?.minReadySeconds, selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } }, template: { ...template, metadata: { ...template?.metadata, labels } } },
  };
  return {
    writes: [create('replicasets', deployment.metadata?.namespace, set)],
    notes: [{ says: 'deployment/new-replicaset', about: `deployments.apps/${keyOf(deployment)}`, with: { name: deployment.metadata?.name, replicaset: name, replicas, revision, event: { type: 'Normal', reason: 'ScalingReplicaSet', message: `Scaled up replica set ${name} from 0 to ${replicas}` } } }],
  };
}

/** The current set carries the newest revision, and the Deployment repeats it. */
function revise(deployment: V1Deployment, current: V1ReplicaSet, old: readonly V1ReplicaSet[]): readonly ApiRequest[] {
  const newest = old.reduce((most, set) => Math.max(most, revisionOf(set)), 0) + 1;
  const revision = Math.max(revisionOf(current), newest);
  const writes: ApiRequest[] = [];
  const annotations = annotationsFor(deployment, revision);
  if (Object.entries(annotations).some(([k, v]) => current.metadata?.annotations?.[k] !== v)) writes.push(mergePatchOf('replicasets', current, { metadata: { annotations } }));
  if (revisionOf(deployment) !== revision) writes.push(mergePatchOf('deployments', deployment, { metadata: { annotations: { [REVISION]: String(revision) } } }));
  return writes;
}

function scaled(deployment: V1Deployment, set: V1ReplicaSet, to: number): Fact {
  const from = wanted(set);
  const direction = to > from ? 'up' : 'down';
  return { says: 'deployment/scaled', about: `deployments.apps/${keyOf(deployment)}`, with: { name: deployment.metadata?.name, replicaset: set.metadata?.name, from, to, event: { type: 'Normal', reason: 'ScalingReplicaSet', message: `Scaled ${direction} replica set ${set.metadata?.name} from ${from} to ${to}` } } };
}

function resize(deployment: V1Deployment, sizes: readonly (readonly [V1ReplicaSet, number])[]): Plan {
  const moved = sizes.filter(([set, to]) => wanted(set) !== to);
  return { writes: moved.map(([set, to]) => update('replicasets.apps', { ...set, spec: { ...set.spec, replicas: to } } as V1ReplicaSet)), notes: moved.map(([set, to]) => scaled(deployment, set, to)) };
}

function scale(deployment: V1Deployment, current: V1ReplicaSet, old: readonly V1ReplicaSet[]): Plan {
  const want = deployment.spec?.replicas ?? 1;
  const running = old.filter((set) => wanted(set) > 0);
  if (running.length === 0 || deployment.spec?.strategy?.type === 'Recreate') {
    if (running.length > 0) return resize(deployment, running.map((set) => [set, 0]));
    return resize(deployment, [[current, want]]);
  }
  if (wanted(current) > want) return resize(deployment, [[current, want]]);
  const up = newReplicas(deployment, [...old, current], current);
  if (up !== wanted(current)) return resize(deployment, [[current, up]]);
  return resize(deployment, shrinkOld(deployment, current, running));
}

/** Upstream: reconcileOldReplicaSets: first pods that do not work, then as many as availability allows, oldest set first. */
function shrinkOld(deployment: V1Deployment, current: V1ReplicaSet, old: readonly V1ReplicaSet[]): readonly (readonly [V1ReplicaSet, number])[] {
  const want = deployment.spec?.replicas ?? 1;
  const least = want - limits(deployment).unavailable;
  const newUnavailable = wanted(current) - (current.status?.availableReplicas ?? 0);
  let mayGo = sum([...old, current], wanted) - least - newUnavailable;
  const sizes = new Map(old.map((set) => [set, wanted(set)]));
  if (mayGo <= 0) return [];
  for (const set of old) {
    const broken = Math.min(mayGo, wanted(set) - (set.status?.availableReplicas ?? 0));
    if (broken > 0) { sizes.set(set, wanted(set) - broken); mayGo -= broken; }
  }
  let spare = sum([...old, current], (set) => set.status?.availableReplicas ?? 0) - least;
  for (const set of old) {
    const size = sizes.get(set) ?? 0;
    const gone = Math.min(spare, size, Math.max(0, mayGo));
    if (gone > 0) { sizes.set(set, size - gone); spare -= gone; mayGo -= gone; }
  }
  return [...sizes];
}

/** Deletes sets beyond the history limit once the roll-out is complete. */
function tidy(deployment: V1Deployment, current: V1ReplicaSet, old: readonly V1ReplicaSet[]): readonly ApiRequest[] {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const isComplete = (current.status?.availableReplicas ?? 0) >= (deployment.spec?.replicas ?? 1);
  const idle = old.filter((set) => wanted(set) === 0 && (set.status?.replicas ?? 0) === 0 && !set.metadata?.deletionTimestamp).sort((a, b) => revisionOf(a) - revisionOf(b));
  return isComplete ? idle.slice(0, Math.max(0, idle.length - limit)).map((set) => destroy('replicasets', set)) : [];
}

function withStatus(deployment: V1Deployment, all: readonly V1ReplicaSet[], current: V1ReplicaSet | undefined, clock: Clock, more: readonly ApiRequest[]): Plan {
  const now = rfc3339(clock.epochMs + Math.floor(clock.nowUs / 1000));
  const total = sum(all, (set) => set.status?.replicas ?? 0);
  const available = sum(all, (set) => set.status?.availableReplicas ?? 0);
  const old = deployment.status ?? {};
  const base: V1DeploymentStatus = {
    observedGeneration: deployment.metadata?.generation, replicas: total, updatedReplicas: current?.status?.replicas ?? 0, readyReplicas: sum(all, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: available, unavailableReplicas: Math.max(0, sum(all, wanted) - available), terminatingReplicas: sum(all, (set) => set.status?.terminatingReplicas ?? 0), ...(old.collisionCount === undefined ? {} : { collisionCount: old.collisionCount }),
  };
  const { conditions, againAfterUs } = conditionsOf(deployment, base, current, now);
  const status = clean({ ...base, conditions });
  const isSame = canonicalJson(status) === canonicalJson(old);
  const notes: Fact[] = !isSame && isComplete(deployment, base) && !isComplete(deployment, old) ? [{ says: 'deployment/complete', about: `deployments.apps/${keyOf(deployment)}`, with: { name: deployment.metadata?.name, ready: base.readyReplicas, want: deployment.spec?.replicas } }] : [];
  return { writes: [...(isSame ? [] : [update('deployments', { ...deployment, status }, 'status')]), ...more], notes, ...(againAfterUs === undefined ? {} : { againAfterUs }) };
}

/** Zero counts are left out, as Go's omitempty does. */
function clean(status: V1DeploymentStatus): V1DeploymentStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined && value !== 0)) as V1DeploymentStatus;
}

const isComplete = (d: V1Deployment, s: V1DeploymentStatus): boolean => {
  const want = d.spec?.replicas ?? 1;
  return (s.updatedReplicas ?? 0) === want && (s.replicas ?? 0) === want && (s.availableReplicas ?? 0) === want && (s.observedGeneration ?? 0) >= (d.metadata?.generation ?? 0);
};

function conditionsOf(deployment: V1Deployment, status: V1DeploymentStatus, current: V1ReplicaSet | undefined, now: string): { readonly conditions: readonly V1DeploymentCondition[]; readonly againAfterUs?: number } {
  const old = deployment.status ?? {};
  const want = deployment.spec?.replicas ?? 1;
  const enough = (status.availableReplicas ?? 0) >= want - limits(deployment).unavailable;
  const set = (conditions: readonly V1DeploymentCondition[] | undefined, c: Omit<V1DeploymentCondition, 'lastTransitionTime' | 'lastUpdateTime'>): readonly V1DeploymentCondition[] => {
    const was = conditionOf(conditions, c.type);
    const isSame = was?.status === c.status && was.reason === c.reason && was.message === c.message;
    return isSame ? (conditions ?? []) : withCondition(conditions, { ...c, lastUpdateTime: now, lastTransitionTime: now });
  };
  let conditions = set(old.conditions, enough
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' });
  const subject = current ? `ReplicaSet ${JSON.stringify(current.metadata?.name)}` : `Deployment ${JSON.stringify(deployment.metadata?.name)}`;
  const progressing = conditionOf(old.conditions, 'Progressing');
  if (isComplete(deployment, status)) {
    if (current) conditions = set(conditions, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` });
    return { conditions };
  }
  const moved = (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) || (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) || (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0) || (status.replicas ?? 0) - (status.updatedReplicas ?? 0) < (old.replicas ?? 0) - (old.updatedReplicas ?? 0);
  const isNew = !progressing || (progressing.reason === 'NewReplicaSetAvailable' && (old.observedGeneration ?? 0) < (deployment.metadata?.generation ?? 0));
  if (isNew && current) conditions = set(conditions, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message: `Created new replica set ${JSON.stringify(current.metadata?.name)}` });
  else if (moved) {
    conditions = [...conditions.filter((c) => c.type !== 'Progressing'), { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `${subject} is progressing.`, lastUpdateTime: now, lastTransitionTime: progressing?.status === 'True' ? (progressing.lastTransitionTime ?? now) : now }];
  }
  const deadline = deployment.spec?.progressDeadlineSeconds ?? 600;
  const since = conditionOf(conditions, 'Progressing')?.lastUpdateTime;
  const left = since === undefined ? deadline * 1000 : parseTime(since) + deadline * 1000 - parseTime(now);
  if (left <= 0 && progressing?.reason !== 'NewReplicaSetAvailable') return { conditions: set(conditions, { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: `${subject} has timed out progressing.` }) };
  return { conditions, againAfterUs: Math.max(1000, left) * 1000 };
}
