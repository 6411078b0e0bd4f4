/**
 * The templates that a DaemonSet has had, kept as ControllerRevisions: which is today's, and which have had their time.
 * Upstream: pkg/controller/daemon/update.go constructHistory, snapshot, dedupCurHistories, cleanupHistory (v1.36). Simplified: nothing.
 */
import { goJson } from '../../../api/machinery/go-json.ts';
import { controllerRef } from '../../../api/machinery/owner.ts';
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import { templateHash } from '../../../api/machinery/template-hash.ts';
import { keyOf } from '../../../api/object.ts';
import type { V1ControllerRevision, V1DaemonSet, V1Pod } from '../../../api/schema/kubernetes.ts';
import type { Cache } from '../../client/cache.ts';
import type { Plan } from '../controller.ts';
import { create, destroy, mergePatchOf, update } from '../paths.ts';
import { HASH } from './pod.ts';

export const REVISIONS = 'controllerrevisions.apps';
const hashOf = (object: V1ControllerRevision | V1Pod): string | undefined => object.metadata?.labels?.[HASH];
/** Its template as a patch, with sorted keys: `kubectl rollout undo` compares the bytes. Upstream: getPatch. */
const dataOf = (set: V1DaemonSet): object =>
  JSON.parse(goJson({ spec: { template: { ...set.spec?.template, $patch: 'replace' } } })) as object;

export interface History {
  readonly current: V1ControllerRevision;
  readonly old: readonly V1ControllerRevision[];
}

/** What is to be written first, or the history. */
export function historyOf(set: V1DaemonSet, cache: Cache): Plan | History {
  const revisions = cache.controlledBy<V1ControllerRevision>(REVISIONS, set.metadata?.uid ?? '');
  const bare = revisions.filter((r) => hashOf(r) === undefined);
  if (bare.length > 0)
    return plan(
      bare.map((r) =>
        update('controllerrevisions', {
          ...r,
          metadata: { ...r.metadata, labels: { ...r.metadata?.labels, [HASH]: r.metadata?.name ?? '' } },
        }),
      ),
    );
  const data = dataOf(set);
  const same = revisions.filter((r) => sameJson(r.data, data));
  const old = revisions.filter((r) => !same.includes(r));
  const revision = old.reduce((most, r) => Math.max(most, r.revision), 0) + 1;
  const current = same.reduce<V1ControllerRevision | undefined>((most, r) => (most && most.revision > r.revision ? most : r), undefined);
  if (!current) return snapshot(set, revision, cache);
  if (same.length > 1) return dedup(set, current, same, cache);
  return current.revision < revision ? plan([update('controllerrevisions', { ...current, revision })]) : { current, old };
}

const plan = (writes: Plan['writes']): Plan => ({ writes, notes: [] });

/** A name that another template has taken makes the hash be drawn again. */
function snapshot(set: V1DaemonSet, revision: number, cache: Cache): Plan {
  const { namespace, annotations } = set.metadata ?? {};
  const hash = templateHash(set.spec?.template, set.status?.collisionCount);
  const name = `${set.metadata?.name}-${hash}`;
  if (cache.get(REVISIONS, `${namespace}/${name}`))
    return {
      ...plan([
        update(
          'daemonsets',
          { ...set, status: { ...set.status, collisionCount: (set.status?.collisionCount ?? 0) + 1 } as V1DaemonSet['status'] },
          'status',
        ),
      ]),
      notes: [{ says: 'daemonset/name-taken', about: `daemonsets.apps/${keyOf(set)}`, with: { name: set.metadata?.name, revision: name } }],
    };
  return plan([
    create('controllerrevisions', namespace, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace,
        labels: { ...set.spec?.template.metadata?.labels, [HASH]: hash },
        annotations,
        ownerReferences: [controllerRef(set)],
      },
      revision,
      data: dataOf(set),
    } satisfies V1ControllerRevision),
  ]);
}

/** Of several with today's template the newest stays, and all pods say that they are of it. */
function dedup(set: V1DaemonSet, kept: V1ControllerRevision, same: readonly V1ControllerRevision[], cache: Cache): Plan {
  const pods = cache.controlledBy<V1Pod>('pods', set.metadata?.uid ?? '').filter((pod) => hashOf(pod) !== hashOf(kept));
  return plan([
    ...pods.map((pod) => mergePatchOf('pods', pod, { metadata: { labels: { [HASH]: hashOf(kept) } } })),
    ...same.filter((r) => r !== kept).map((r) => destroy('controllerrevisions', r)),
  ]);
}

/** Old ones beyond the history limit that no pod lives by, the oldest first. */
export function superseded(
  set: V1DaemonSet,
  old: readonly V1ControllerRevision[],
  inUse: readonly (string | undefined)[],
): readonly V1ControllerRevision[] {
  const most = Math.max(0, old.length - (set.spec?.revisionHistoryLimit ?? 10));
  return [...old]
    .sort((a, b) => a.revision - b.revision)
    .filter((r) => !inUse.includes(hashOf(r)))
    .slice(0, most);
}
