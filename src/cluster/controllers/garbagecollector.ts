/**
 * Deletes what has lost all its owners, and honours foreground and orphan deletion.
 * Upstream: pkg/controller/garbagecollector/garbagecollector.go (v1.36). Simplified: the graph is the informers' own index; an owner missing from the cache is taken as gone.
 */
import { keyOf, type KubeObject } from '../../api/object.ts';
import { kindOf, kinds, resourceName } from '../../api/registry.ts';
import type { Cache } from '../client/cache.ts';
import { nothing, type Controller } from './controller.ts';
import { destroy, mergePatchOf } from './paths.ts';

const WATCHED = kinds.filter((kind) => kind.heartbeat !== true);
const keyFor = (resource: string, object: KubeObject): string => `${resource}|${keyOf(object)}`;
const resourceOf = (object: KubeObject): string => { const kind = kindOf(object.apiVersion, object.kind); return kind ? resourceName(kind) : ''; };

/** An owner that no informer knows counts as alive. */
const UNKNOWN: KubeObject = {};

function owners(object: KubeObject, cache: Cache): readonly { readonly owner: KubeObject | undefined }[] {
  return (object.metadata?.ownerReferences ?? []).map((ref) => {
    const kind = kindOf(ref.apiVersion, ref.kind);
    if (!kind || kind.heartbeat) return { owner: UNKNOWN };
    const found = cache.get(resourceName(kind), kind.namespaced ? `${object.metadata?.namespace}/${ref.name}` : ref.name);
    return { owner: found?.metadata?.uid === ref.uid ? found : undefined };
  });
}

export default {
  name: 'garbagecollector',
  watches: WATCHED.map((kind) => ({
    resource: resourceName(kind),
    keys: ({ object, deleted, cache }) => {
      const { metadata } = object;
      if (deleted) return [...cache.dependentsOf(metadata?.uid ?? '').map((o) => keyFor(resourceOf(o), o)), ...owners(object, cache).flatMap(({ owner }) => (owner?.metadata?.finalizers?.includes('foregroundDeletion') ? [keyFor(resourceOf(owner), owner)] : []))];
      if (metadata?.deletionTimestamp && metadata.finalizers?.some((f) => f === 'foregroundDeletion' || f === 'orphan')) return [keyFor(resourceName(kind), object)];
      return (metadata?.ownerReferences ?? []).length > 0 && owners(object, cache).every(({ owner }) => owner === undefined) ? [keyFor(resourceName(kind), object)] : [];
    },
  })),
  reconcile(key, cache) {
    const [resource, name] = key.split('|');
    const object = cache.get(resource, name);
    if (!object) return nothing;
    const finalizers = object.metadata?.finalizers ?? [];
    const dependents = cache.dependentsOf(object.metadata?.uid ?? '');
    if (object.metadata?.deletionTimestamp && finalizers.includes('orphan')) {
      const freed = dependents.map((d) => mergePatchOf(resourceOf(d), d, { metadata: { ownerReferences: (d.metadata?.ownerReferences ?? []).filter((r) => r.uid !== object.metadata?.uid) } }));
      return { writes: [...freed, mergePatchOf(resource, object, { metadata: { finalizers: finalizers.filter((f) => f !== 'orphan') } })], notes: [{ says: 'garbagecollector/orphaned', about: `${resource}/${name}`, with: { dependents: dependents.length } }] };
    }
    if (object.metadata?.deletionTimestamp && finalizers.includes('foregroundDeletion')) {
      const blocking = dependents.filter((d) => !d.metadata?.deletionTimestamp);
      if (blocking.length > 0) return { writes: blocking.map((d) => destroy(resourceOf(d), d, { propagationPolicy: 'Foreground' })), notes: [{ says: 'garbagecollector/collected', about: `${resource}/${name}`, with: { name: object.metadata?.name, kind: object.kind, dependents: blocking.length } }] };
      const isBlocked = dependents.some((d) => d.metadata?.ownerReferences?.some((ref) => ref.uid === object.metadata?.uid && ref.blockOwnerDeletion === true));
      return isBlocked ? nothing : { writes: [mergePatchOf(resource, object, { metadata: { finalizers: finalizers.filter((f) => f !== 'foregroundDeletion') } })], notes: [] };
    }
    const refs = owners(object, cache);
    if (refs.length === 0 || object.metadata?.deletionTimestamp || refs.some(({ owner }) => owner !== undefined)) return nothing;
    return { writes: [destroy(resource, object, { propagationPolicy: 'Background' })], notes: [{ says: 'garbagecollector/ownerless', about: `${resource}/${name}`, with: { kind: object.kind, name: object.metadata?.name, owner: object.metadata?.ownerReferences?.[0]?.name, ownerKind: object.metadata?.ownerReferences?.[0]?.kind } }] };
  },
} satisfies Controller;
