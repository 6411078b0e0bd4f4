/**
 * The ReplicaSet that a Deployment makes for a pod template which none of its sets has.
 * Upstream: pkg/controller/deployment/sync.go getNewReplicaSet (v1.36).
 */
import { controllerRef } from '../../../api/machinery/owner.ts';
import { templateHash } from '../../../api/machinery/template-hash.ts';
import { keyOf } from '../../../api/object.ts';
import type { V1Deployment, V1DeploymentStatus, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';
import type { Fact } from '../../../kernel/fact.ts';
import type { Cache } from '../../client/cache.ts';
import type { Plan } from '../controller.ts';
import { create, update } from '../paths.ts';
import { copied, HASH, newestOf, newReplicas, REVISION, wanted } from './replica-sets.ts';
import { withRevision } from './revision.ts';
import { sizesOf } from './scale.ts';
import { hasDeadline, withDeploymentCondition, type Rollout } from './status.ts';

export function createSet(rollout: Rollout, cache: Cache): Plan {
  const { deployment: d, old } = rollout;
  const hash = templateHash(d.spec?.template, d.status?.collisionCount);
  const name = `${d.metadata?.name}-${hash}`;
  if (cache.get('replicasets.apps', `${d.metadata?.namespace}/${name}`)) return drawAgain(d, name);
  const revision = String(newestOf(old) + 1n);
  const set = newSet(d, { name, hash, revision, replicas: newReplicas(d, old, undefined) });
  const status = createdStatus(rollout, name);
  return {
    writes: [create('replicasets', d.metadata?.namespace, set), update('deployments', withRevision({ ...d, status }, revision), 'status')],
    notes: [createdFact(rollout, set, revision)],
  };
}

/** The name is taken: the hash takes in how often that has happened. */
function drawAgain(d: V1Deployment, name: string): Plan {
  const status = { ...d.status, collisionCount: (d.status?.collisionCount ?? 0) + 1 };
  return {
    writes: [update('deployments', { ...d, status }, 'status')],
    notes: [{ says: 'deployment/name-taken', about: `deployments.apps/${keyOf(d)}`, with: { name: d.metadata?.name, replicaset: name } }],
  };
}

interface Drawn {
  readonly name: string;
  readonly hash: string;
  readonly revision: string;
  readonly replicas: number;
}
function newSet(d: V1Deployment, { name, hash, revision, replicas }: Drawn): V1ReplicaSet {
  const { template, selector, minReadySeconds } = d.spec ?? {};
  const labels = { ...template?.metadata?.labels, [HASH]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: d.metadata?.namespace,
      labels,
      annotations: { ...copied(d), [REVISION]: revision, ...sizesOf(d) },
      ownerReferences: [controllerRef(d)],
    },
    spec: {
      replicas,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  };
}

function createdStatus({ deployment: d, now }: Rollout, name: string): V1DeploymentStatus {
  const message = `Created new replica set ${JSON.stringify(name)}`;
  const conditions = hasDeadline(d)
    ? withDeploymentCondition(d.status?.conditions, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message }, now)
    : d.status?.conditions;
  return { ...d.status, ...(conditions ? { conditions } : {}) };
}

function createdFact({ deployment: d, old }: Rollout, set: V1ReplicaSet, revision: string): Fact {
  const replicaset = set.metadata?.name;
  const replicas = wanted(set);
  const message = `Scaled up replica set ${replicaset} from 0 to ${replicas}`;
  return {
    says: 'deployment/new-replicaset',
    about: `deployments.apps/${keyOf(d)}`,
    with: {
      name: d.metadata?.name,
      replicaset,
      replicas,
      revision: Number(revision),
      old: old.filter((o) => wanted(o) > 0).length,
      ...(replicas > 0 ? { event: { type: 'Normal', reason: 'ScalingReplicaSet', message, write: 0 } } : {}),
    },
  };
}
