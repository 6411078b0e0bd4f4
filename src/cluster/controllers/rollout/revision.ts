/**
 * Which revision a Deployment and its current set are at, and which ones the set has had.
 * Upstream: pkg/controller/deployment/sync.go getNewReplicaSet; util.SetNewReplicaSetAnnotations (v1.36).
 */
import { conditionOf } from '../../../api/machinery/conditions.ts';
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import type { V1Deployment, V1DeploymentCondition, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../../api-request.ts';
import { update } from '../paths.ts';
import { copied, exactRevisionOf, HISTORY, newestOf, REVISION } from './replica-sets.ts';
import { hasDeadline, withDeploymentCondition, type Rollout } from './status.ts';

/** The current set carries the newest revision and the Deployment's annotations, and the Deployment repeats the revision. */
export function revise({ deployment: d, old, now }: Rollout, current: V1ReplicaSet): readonly ApiRequest[] {
  const has = current.metadata?.annotations ?? {};
  const next = newestOf(old) + 1n;
  const revision = exactRevisionOf(current) < next ? String(next) : (has[REVISION] ?? '');
  const past = has[REVISION] !== undefined && has[REVISION] !== revision ? { [HISTORY]: historyOf(has[HISTORY], has[REVISION]) } : {};
  const annotations = { ...has, ...copied(d), ...past, [REVISION]: revision };
  const minReadySeconds = d.spec?.minReadySeconds ?? 0;
  if (!sameJson(annotations, has) || (current.spec?.minReadySeconds ?? 0) !== minReadySeconds)
    return [
      update('replicasets.apps', {
        ...current,
        metadata: { ...current.metadata, annotations },
        spec: { ...current.spec, minReadySeconds },
      } as V1ReplicaSet),
    ];
  const isNoted = !hasDeadline(d) || conditionOf(d.status?.conditions, 'Progressing') !== undefined;
  if (d.metadata?.annotations?.[REVISION] === revision && isNoted) return [];
  const status = isNoted ? d.status : { ...d.status, conditions: found(d, current, now) };
  return [update('deployments', withRevision({ ...d, status: { ...status } }, revision), 'status')];
}

function found(d: V1Deployment, current: V1ReplicaSet, now: string): readonly V1DeploymentCondition[] {
  const message = `Found new replica set ${JSON.stringify(current.metadata?.name)}`;
  return withDeploymentCondition(d.status?.conditions, { type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet', message }, now);
}

export const withRevision = (d: V1Deployment, revision: string): V1Deployment => ({
  ...d,
  metadata: { ...d.metadata, annotations: { ...d.metadata?.annotations, [REVISION]: revision } },
});

/** The revisions that a set has had; the oldest go when the text grows too long. Upstream: SetNewReplicaSetAnnotations. */
export function historyOf(had: string | undefined, revision: string, mostChars = 2000): string {
  if (!had) return revision;
  const past = had.split(',');
  let start = 0;
  let chars = had.length + revision.length + 1;
  while (chars > mostChars && start < past.length) {
    chars -= past[start].length + 1;
    start++;
  }
  return chars <= mostChars ? [...past.slice(start), revision].join(',') : had;
}
