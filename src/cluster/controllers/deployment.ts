/**
 * Turns a Deployment into ReplicaSets, and moves pods from the old ones to the new one.
 * Upstream: pkg/controller/deployment/{deployment_controller,sync,rolling,recreate}.go (v1.36). Simplified: a set that can not be created is only retried.
 */
import { conditionOf } from '../../api/machinery/conditions.ts';
import { controllerOf } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { byAge, keyOf } from '../../api/object.ts';
import type { V1Deployment, V1DeploymentStatus, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';
import { claimed, ownersOf, selectsAll } from './claims.ts';
import { nothing, type Controller, type Plan } from './controller.ts';
import { destroy, update } from './paths.ts';
import {
  byRevision,
  isResized,
  isRolling,
  newReplicas,
  proportional,
  revisionOf,
  sameTemplate,
  shrinkOld,
  wanted,
} from './rollout/replica-sets.ts';
import { createSet } from './rollout/new-set.ts';
import { revise } from './rollout/revision.ts';
import { rollback, rollbackTo } from './rollout/rollback.ts';
import { scale } from './rollout/scale.ts';
import {
  countedStatus,
  hasDeadline,
  isComplete,
  rolloutStatus,
  untilDeadlineUs,
  withDeploymentCondition,
  type Rollout,
} from './rollout/status.ts';

const RS = 'replicasets.apps';

export default {
  name: 'deployment',
  watches: [
    { resource: 'deployments.apps', keys: ({ object, deleted }) => (deleted ? [] : [keyOf(object)]) },
    {
      resource: RS,
      keys: ({ object, deleted, cache }) =>
        ownersOf(object, { kind: 'Deployment', resource: 'deployments.apps', wasOwned: deleted, cache }),
    },
    // Only Recreate waits for the last old pod to be gone.
    {
      resource: 'pods',
      keys: ({ object, deleted, cache }) => {
        const owner = deleted ? controllerOf(object) : undefined;
        const set = owner?.kind === 'ReplicaSet' ? cache.get<V1ReplicaSet>(RS, `${object.metadata?.namespace}/${owner.name}`) : undefined;
        const key = set ? `${object.metadata?.namespace}/${controllerOf(set)?.name}` : '';
        return set && cache.get<V1Deployment>('deployments.apps', key)?.spec?.strategy?.type === 'Recreate' ? [key] : [];
      },
    },
  ],
  reconcile(key, cache, clock) {
    const deployment = cache.get<V1Deployment>('deployments.apps', key);
    if (!deployment) return nothing;
    const notes = selectsAll(deployment, 'deployments.apps', 'deployment');
    if (notes.length > 0) return { notes, writes: observe(deployment) };
    const now = rfc3339(clock.epochMs + Math.floor(clock.nowUs / 1000));
    const claims = claim(deployment, cache);
    if (claims.writes.length > 0) return claims;
    const sets = [...cache.controlledBy<V1ReplicaSet>(RS, deployment.metadata?.uid ?? '')].sort(byAge);
    const current = sets.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));
    return sync({ deployment, current, old: sets.filter((set) => set !== current), now }, cache);
  },
} satisfies Controller;

/** All that is written of one that selects all pods: that it was seen. */
function observe(d: V1Deployment): readonly ApiRequest[] {
  const { generation } = d.metadata ?? {};
  if ((d.status?.observedGeneration ?? 0) >= (generation ?? 0)) return [];
  return [update('deployments', { ...d, status: { ...d.status, observedGeneration: generation } }, 'status')];
}

/** Adopts sets that match and have no owner, releases its own that no longer match. Upstream: ClaimReplicaSets. */
function claim(deployment: V1Deployment, cache: Cache): Plan {
  if (deployment.metadata?.deletionTimestamp) return nothing;
  const { adopted, released, writes } = claimed<V1ReplicaSet>(deployment, RS, cache, (set) => !set.metadata?.deletionTimestamp);
  const note =
    (says: string) =>
    (set: V1ReplicaSet): Fact => ({
      says,
      about: `deployments.apps/${keyOf(deployment)}`,
      with: { name: deployment.metadata?.name, replicaset: set.metadata?.name },
    });
  return { writes, notes: [...adopted.map(note('deployment/adopted')), ...released.map(note('deployment/released'))] };
}

/** Upstream: syncDeployment. */
function sync(rollout: Rollout, cache: Cache): Plan {
  const { deployment: d, current, old } = rollout;
  if (d.metadata?.deletionTimestamp) return finish(rollout, countedStatus(rollout));
  const pausing = pausedStatus(rollout);
  if (pausing) return { writes: [update('deployments', { ...d, status: pausing }, 'status')], notes: [] };
  if (current) {
    const stale = revise(rollout, current);
    if (stale.length > 0) return { writes: stale, notes: [] };
  }
  const all = [...old, ...(current ? [current] : [])];
  const asked = rollbackTo(d);
  if (asked !== undefined && !d.spec?.paused) return current ? rollback(d, all, asked) : createSet(rollout, cache);
  if (d.spec?.paused || isResized(d, all))
    return scale(rollout, proportional(d, current, old)) ?? finish(rollout, countedStatus(rollout), d.spec?.paused ? tidy(rollout) : []);
  return isRolling(d) ? roll(rollout, cache) : recreate(rollout, cache);
}

/** Upstream: rolloutRolling. */
function roll(rollout: Rollout, cache: Cache): Plan {
  const { deployment: d, current, old } = rollout;
  if (!current) return createSet(rollout, cache);
  const have = wanted(current);
  const size = have > wanted(d) ? wanted(d) : newReplicas(d, [...old, current], current);
  return (
    scale(rollout, new Map([[current, size]])) ??
    scale(
      rollout,
      shrinkOld(
        d,
        current,
        old.filter((set) => wanted(set) > 0),
      ),
    ) ??
    finish(rollout, rolloutStatus(rollout), tidy(rollout))
  );
}

/** Upstream: rolloutRecreate: all old pods go, and are gone, before the first new one comes. */
function recreate(rollout: Rollout, cache: Cache): Plan {
  const { deployment: d, current, old } = rollout;
  const down = scale(rollout, new Map(old.map((set) => [set, 0])));
  if (down) return down;
  const areThere = old.some((set) => {
    const { total, failed, succeeded } = cache.podTally(set.metadata?.uid ?? '');
    return (set.status?.replicas ?? 0) > 0 || total - failed - succeeded > 0;
  });
  if (areThere) return finish(rollout, rolloutStatus(rollout));
  if (!current) return createSet(rollout, cache);
  return scale(rollout, new Map([[current, wanted(d)]])) ?? finish(rollout, rolloutStatus(rollout), tidy(rollout));
}

/** Upstream: checkPausedConditions. */
function pausedStatus({ deployment: d, now }: Rollout): V1DeploymentStatus | undefined {
  if (!hasDeadline(d)) return undefined;
  const was = conditionOf(d.status?.conditions, 'Progressing');
  if (was?.reason === 'ProgressDeadlineExceeded') return undefined;
  const isPaused = was?.reason === 'DeploymentPaused';
  if (Boolean(d.spec?.paused) === isPaused) return undefined;
  const next = d.spec?.paused
    ? { reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : { reason: 'DeploymentResumed', message: 'Deployment is resumed' };
  return {
    ...d.status,
    conditions: withDeploymentCondition(d.status?.conditions, { type: 'Progressing', status: 'Unknown', ...next }, now),
  };
}

/** Deletes idle sets beyond the history limit once the roll-out is complete. Upstream: cleanupDeployment. */
function tidy(rollout: Rollout): readonly ApiRequest[] {
  const { deployment: d, old } = rollout;
  if (d.spec?.revisionHistoryLimit === undefined || !(d.spec.paused || isComplete(d, countedStatus(rollout)))) return [];
  const alive = old.filter((set) => !set.metadata?.deletionTimestamp).sort(byRevision);
  return alive
    .slice(0, Math.max(0, alive.length - d.spec.revisionHistoryLimit))
    .filter(
      (set) =>
        wanted(set) === 0 && (set.status?.replicas ?? 0) === 0 && (set.metadata?.generation ?? 0) <= (set.status?.observedGeneration ?? 0),
    )
    .map((set) => destroy('replicasets', set));
}

function finish({ deployment: d, now }: Rollout, status: V1DeploymentStatus, more: readonly ApiRequest[] = []): Plan {
  const isSame = sameJson(status, d.status);
  const done = !isSame && isComplete(d, status) && !isComplete(d, d.status ?? {});
  const againAfterUs = untilDeadlineUs(d, status, now);
  return {
    writes: [...(isSame ? [] : [update('deployments', { ...d, status }, 'status')]), ...more],
    ...(againAfterUs === undefined ? {} : { againAfterUs }),
    isToldAfter: true,
    notes: done
      ? [
          {
            says: 'deployment/complete',
            about: `deployments.apps/${keyOf(d)}`,
            with: { name: d.metadata?.name, ready: status.readyReplicas ?? 0, want: wanted(d), revision: revisionOf(d) },
          },
        ]
      : [],
  };
}
