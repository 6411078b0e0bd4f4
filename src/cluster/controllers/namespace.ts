/**
 * Empties a namespace that is being deleted, then lets it go.
 * Upstream: pkg/controller/namespace/deletion/namespaced_resources_deleter.go (v1.36). Simplified: no conditions; looks again every five seconds.
 */
import { keyOf } from '../../api/object.ts';
import { kinds, resourceName } from '../../api/registry.ts';
import { pathOf } from '../../api/paths.ts';
import type { V1Namespace } from '../../api/schema/kubernetes.ts';
import { nothing, type Controller } from './controller.ts';

const CONTENT = kinds.filter((kind) => kind.namespaced && kind.kind !== 'Event');

export default {
  name: 'namespace',
  watches: [
    { resource: 'namespaces', keys: ({ object }) => (object.metadata?.deletionTimestamp ? [keyOf(object)] : []) },
    ...CONTENT.filter((kind) => kind.heartbeat !== true).map((kind) => ({ resource: resourceName(kind), keys: ({ object, deleted, cache }: { readonly object: import('../../api/object.ts').KubeObject; readonly deleted: boolean; readonly cache: import('../client/cache.ts').Cache }): readonly string[] => (deleted && cache.get('namespaces', object.metadata?.namespace ?? '')?.metadata?.deletionTimestamp ? [object.metadata?.namespace ?? ''] : []) })),
  ],
  reconcile(name, cache) {
    const namespace = cache.get<V1Namespace>('namespaces', name);
    if (!namespace?.metadata?.deletionTimestamp || (namespace.spec?.finalizers ?? []).length === 0) return nothing;
    const full = CONTENT.map((kind) => ({ kind, objects: cache.list(resourceName(kind), name) })).filter(({ objects }) => objects.length > 0);
    const doomed = full.filter(({ objects }) => objects.some((object) => !object.metadata?.deletionTimestamp));
    if (full.length > 0) {
      return {
        writes: doomed.map(({ kind }) => ({ method: 'DELETE', path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural, namespace: name }), body: { propagationPolicy: 'Background' } })), againAfterUs: 5_000_000,
        notes: doomed.length > 0 ? [{ says: 'namespace/emptying', about: `namespaces/${name}`, with: { namespace: name, resources: doomed.map(({ kind }) => kind.plural) } }] : [],
      };
    }
    const body: V1Namespace = { ...namespace, spec: { finalizers: namespace.spec?.finalizers?.filter((f) => f !== 'kubernetes') } };
    // Nobody watches Events: those that there are go last.
    return { writes: [{ method: 'DELETE', path: `/api/v1/namespaces/${name}/events` }, { method: 'PUT', path: `/api/v1/namespaces/${name}/finalize`, body }], notes: [{ says: 'namespace/emptied', about: `namespaces/${name}`, with: { namespace: name } }] };
  },
} satisfies Controller;
