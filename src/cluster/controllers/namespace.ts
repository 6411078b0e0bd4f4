/**
 * Empties a namespace that is being deleted, its pods first, then lets it go.
 * Upstream: pkg/controller/namespace/namespace_controller.go, deletion/namespaced_resources_deleter.go (v1.36). Simplified: a namespace in which nothing is left says so in no condition.
 */
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import { isOver } from '../../api/pods/phase.ts';
import { kinds, resourceName } from '../../api/registry.ts';
import { pathOf } from '../../api/paths.ts';
import type { Kind } from '../../api/kind.ts';
import type { V1Namespace, V1Pod } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import { nothing, type Controller, type Plan } from './controller.ts';
import { namespaceConditions, type Remaining } from './namespaces/conditions.ts';
import { update } from './paths.ts';

const isEvent = ({ kind }: Kind): boolean => kind === 'Event';
const CONTENT = kinds.filter((kind) => kind.namespaced && !isEvent(kind));
const EVENTS = kinds.filter(isEvent);
/** So that the last that was made in it is seen. Upstream: namespaceDeletionGracePeriod. */
const SETTLE_MS = 5_000;
/** Upstream: finalizerEstimateSeconds. */
const FINALIZERS_S = 15;

interface Content {
  readonly kind: Kind;
  readonly objects: readonly KubeObject[];
}

export default {
  name: 'namespace',
  watches: [
    { resource: 'namespaces', keys: ({ object }) => (object.metadata?.deletionTimestamp ? [keyOf(object)] : []) },
    ...CONTENT.filter((kind) => kind.heartbeat !== true).map((kind) => ({
      resource: resourceName(kind),
      keys: (): readonly string[] => [],
    })),
  ],
  reconcile(name, cache, clock) {
    const namespace = cache.get<V1Namespace>('namespaces', name);
    if (!namespace?.metadata?.deletionTimestamp || (namespace.spec?.finalizers ?? []).length === 0) return nothing;
    const nowMs = clock.epochMs + Math.floor(clock.nowUs / 1000);
    const goingMs = nowMs - parseTime(namespace.metadata.deletionTimestamp);
    if (goingMs < SETTLE_MS) return { writes: [], notes: [], againAfterUs: (SETTLE_MS - goingMs) * 1000, isUnderWay: true };
    const full = CONTENT.map((kind): Content => ({ kind, objects: cache.list(resourceName(kind), name) })).filter(
      ({ objects }) => objects.length > 0,
    );
    const pods = full.filter(({ kind }) => kind.plural === 'pods');
    const turn = pods.length > 0 ? pods : full;
    const doomed = turn.filter(({ objects }) => objects.some((object) => !object.metadata?.deletionTimestamp));
    if (doomed.length > 0)
      return {
        writes: doomed.map(({ kind }) => emptied(kind, name)),
        notes: [
          {
            says: 'namespace/emptying',
            about: `namespaces/${name}`,
            with: { namespace: name, resources: doomed.map(({ kind }) => kind.plural) },
          },
        ],
      };
    if (turn.length > 0) return waiting(namespace, turn, { goingMs, now: rfc3339(nowMs) });
    // What else holds it is not ours to take away.
    if (!namespace.spec?.finalizers?.includes('kubernetes')) return nothing;
    const body: V1Namespace = { ...namespace, spec: { finalizers: namespace.spec?.finalizers?.filter((f) => f !== 'kubernetes') } };
    return {
      writes: [...EVENTS.map((kind) => emptied(kind, name)), { method: 'PUT', path: `/api/v1/namespaces/${name}/finalize`, body }],
      notes: [{ says: 'namespace/emptied', about: `namespaces/${name}`, with: { namespace: name } }],
    };
  },
} satisfies Controller;

const emptied = ({ group, version, plural }: Kind, namespace: string): ApiRequest => ({
  method: 'DELETE',
  path: pathOf({ group, version, plural, namespace }),
  body: { propagationPolicy: 'Background' },
});

/** Says what is left, and looks again when that may have changed. */
function waiting(
  namespace: V1Namespace,
  content: readonly Content[],
  { goingMs, now }: { readonly goingMs: number; readonly now: string },
): Plan {
  const name = namespace.metadata?.name ?? '';
  const looks = content.map(({ kind, objects }) => ({ kind, objects, seconds: estimate(kind, objects, goingMs) }));
  const remaining = looks.map(({ kind: { plural, group, version }, objects, seconds }): Remaining => ({
    plural,
    group,
    objects,
    ...(seconds === 0
      ? { error: `unexpected items still remain in namespace: ${name} for gvr: ${group}/${version}, Resource=${plural}` }
      : {}),
  }));
  const conditions = namespaceConditions(namespace.status?.conditions, remaining, now);
  const isSame = sameJson(conditions, namespace.status?.conditions);
  const seconds = Math.max(...looks.map((look) => look.seconds));
  return {
    writes: isSame ? [] : [update('namespaces', { ...namespace, status: { ...namespace.status, conditions } }, 'status')],
    notes: [],
    againAfterUs: isSame && seconds > 0 ? (Math.floor(seconds / 2) + 1) * 1_000_000 : SETTLE_MS * 1000,
    isUnderWay: looks.some(({ kind, seconds: s }) => kind.plural === 'pods' && goingMs < s * 1000),
  };
}

/** How long what is left may take: the longest grace of its pods while that lasts, or what finalizers may need. Nothing, when nothing explains it. */
function estimate(kind: Kind, objects: readonly KubeObject[], goingMs: number): number {
  const grace =
    kind.plural === 'pods'
      ? Math.max(
          0,
          ...(objects as readonly V1Pod[]).filter((pod) => !isOver(pod)).map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0),
        )
      : 0;
  if (goingMs < grace * 1000) return grace;
  return objects.some(({ metadata }) => (metadata?.finalizers ?? []).length > 0) ? FINALIZERS_S : 0;
}
