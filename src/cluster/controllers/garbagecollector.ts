/**
 * Deletes what has lost all its owners, and honours foreground and orphan deletion.
 * Upstream: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go (v1.36). Simplified: the graph is the informers' own index; an owner missing from the cache is taken as gone; one of another namespace is looked for among the named kind.
 */
import { keyOf, type KubeObject } from '../../api/object.ts';
import { kindOf, kinds, resourceName } from '../../api/registry.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';
import { nothing, type Controller, type ControllerEvent, type Plan, type WatchedChange } from './controller.ts';
import { destroy, mergePatchOf } from './paths.ts';

const WATCHED = kinds.filter((kind) => kind.heartbeat !== true);
const keyFor = (resource: string, object: KubeObject): string => `${resource}|${keyOf(object)}`;
const resourceOf = (object: KubeObject): string => {
  const kind = kindOf(object.apiVersion, object.kind);
  return kind ? resourceName(kind) : '';
};

type Reference = NonNullable<NonNullable<KubeObject['metadata']>['ownerReferences']>[number];
type Settled = { readonly writes: readonly ApiRequest[]; readonly goes: boolean };
interface Owners {
  /** Alive, or not to be looked for: of a kind that no informer knows, or in the namespace of an object that has none. */
  readonly solid: readonly Reference[];
  readonly dangling: readonly Reference[];
  /** Being deleted in the foreground. */
  readonly waiting: readonly Reference[];
  readonly hasUnknown: boolean;
  readonly objects: readonly KubeObject[];
}

const waitsForDependents = ({ metadata }: KubeObject): boolean =>
  metadata?.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes('foregroundDeletion');

/** Upstream: classifyReferences. */
function ownersOf(object: KubeObject, cache: Cache): Owners {
  const solid: Reference[] = [];
  const dangling: Reference[] = [];
  const waiting: Reference[] = [];
  const objects: KubeObject[] = [];
  let hasUnknown = false;
  for (const ref of object.metadata?.ownerReferences ?? []) {
    const kind = kindOf(ref.apiVersion, ref.kind);
    if (!kind || kind.heartbeat || (kind.namespaced && !object.metadata?.namespace)) {
      solid.push(ref);
      hasUnknown = true;
      continue;
    }
    const found = cache.get(resourceName(kind), kind.namespaced ? `${object.metadata?.namespace}/${ref.name}` : ref.name);
    if (found?.metadata?.uid !== ref.uid) {
      dangling.push(ref);
      continue;
    }
    objects.push(found);
    (waitsForDependents(found) ? waiting : solid).push(ref);
  }
  return { solid, dangling, waiting, hasUnknown, objects };
}

/** What becomes of an object whose owners are gone or going: it goes too, or is let go when another owner stays. Undefined: nothing. Upstream: attemptToDeleteItem. */
function settle(object: KubeObject, cache: Cache): Settled | undefined {
  const { solid, dangling, waiting, hasUnknown } = ownersOf(object, cache);
  const resource = resourceOf(object);
  if (dangling.length + waiting.length === 0 || (hasUnknown && dangling.length > 0)) return undefined;
  if (solid.length > 0)
    return { goes: false, writes: [mergePatchOf(resource, object, { metadata: { ownerReferences: solid, uid: object.metadata?.uid } })] };
  const finalizers = object.metadata?.finalizers ?? [];
  const dependents = waiting.length > 0 ? cache.dependentsOf(object.metadata?.uid ?? '') : [];
  const propagationPolicy =
    dependents.length > 0
      ? 'Foreground'
      : finalizers.includes('orphan')
        ? 'Orphan'
        : finalizers.includes('foregroundDeletion')
          ? 'Foreground'
          : 'Background';
  return {
    goes: true,
    writes: [...(dependents.some(waitsForDependents) ? [unblocked(object)] : []), destroy(resource, object, { propagationPolicy })],
  };
}

/** Whose dependent waits for its own dependents may be waiting for itself: its owners need not wait for it any more. Upstream: unblockOwnerReferencesStrategicMergePatch. */
function unblocked(object: KubeObject): ApiRequest {
  const { ownerReferences = [], uid } = object.metadata ?? {};
  return mergePatchOf(resourceOf(object), object, {
    metadata: { ownerReferences: ownerReferences.map((ref) => ({ ...ref, blockOwnerDeletion: false })), uid },
  });
}

/** Owners that wait, and for this one no more. Upstream: addUnblockedOwnersToDeleteQueue. */
function freedOwners(object: KubeObject, old: KubeObject | undefined, cache: Cache): readonly KubeObject[] {
  const blocks = ({ metadata }: KubeObject, uid: string): boolean =>
    metadata?.ownerReferences?.some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true) === true;
  return old?.metadata?.ownerReferences === undefined || old.metadata.ownerReferences === object.metadata?.ownerReferences
    ? []
    : ownersOf(old, cache).objects.filter(
        (owner) => waitsForDependents(owner) && blocks(old, owner.metadata?.uid ?? '') && !blocks(object, owner.metadata?.uid ?? ''),
      );
}

/** Who names an owner of another namespace is told so, when the reference or the owner is first seen. Upstream: addDependentToOwners, processGraphChanges. */
function strayReferences({ object, old, deleted, cache }: WatchedChange): readonly ControllerEvent[] {
  const { metadata } = object;
  if (deleted) return [];
  const [refs, known] = [metadata?.ownerReferences, old?.metadata?.ownerReferences];
  const stray =
    refs === known ? undefined : refs?.find((ref) => !known?.some(({ uid }) => uid === ref.uid) && standsElsewhere(ref, object, cache));
  const strangers =
    old || !metadata?.namespace ? [] : cache.dependentsOf(metadata.uid ?? '').filter((d) => d.metadata?.namespace !== metadata.namespace);
  return [
    ...(stray ? [strayEvent(object, stray)] : []),
    ...strangers.flatMap(
      (d) =>
        d.metadata?.ownerReferences
          ?.filter(({ uid }) => uid === metadata?.uid)
          .slice(0, 1)
          .map((ref) => strayEvent(d, ref)) ?? [],
    ),
  ];
}

function standsElsewhere({ apiVersion, kind, uid, name }: Reference, { metadata }: KubeObject, cache: Cache): boolean {
  const found = kindOf(apiVersion, kind);
  if (!found?.namespaced || cache.get(resourceName(found), `${metadata?.namespace}/${name}`)?.metadata?.uid === uid) return false;
  return cache.list(resourceName(found)).some((owner) => owner.metadata?.uid === uid && owner.metadata.namespace !== metadata?.namespace);
}

/** Upstream: reportInvalidNamespaceOwnerRef, objectReference.String. */
function strayEvent({ apiVersion, kind, metadata: { name, namespace, uid } = {} }: KubeObject, ref: Reference): ControllerEvent {
  const message = `ownerRef [${ref.apiVersion}/${ref.kind}, namespace: ${namespace ?? ''}, name: ${ref.name}, uid: ${ref.uid}] does not exist in namespace ${JSON.stringify(namespace ?? '')}`;
  return {
    component: 'garbage-collector-controller',
    regarding: { apiVersion, kind, metadata: { name, namespace, uid } },
    type: 'Warning',
    reason: 'OwnerRefInvalidNamespace',
    message,
  };
}

export default {
  name: 'garbagecollector',
  watches: WATCHED.map((kind) => ({
    resource: resourceName(kind),
    events: strayReferences,
    keys: ({ object, old, deleted, cache }) => {
      const { metadata } = object;
      if (deleted)
        return [
          ...cache.dependentsOf(metadata?.uid ?? '').map((o) => keyFor(resourceOf(o), o)),
          ...ownersOf(object, cache).objects.flatMap((owner) => (waitsForDependents(owner) ? [keyFor(resourceOf(owner), owner)] : [])),
        ];
      if (metadata?.deletionTimestamp && metadata.finalizers?.some((f) => f === 'foregroundDeletion' || f === 'orphan'))
        return [keyFor(resourceName(kind), object)];
      const freed = freedOwners(object, old, cache).map((owner) => keyFor(resourceOf(owner), owner));
      if (freed.length > 0) return freed;
      return (metadata?.ownerReferences ?? []).length > 0 && ownersOf(object, cache).dangling.length > 0
        ? [keyFor(resourceName(kind), object)]
        : [];
    },
  })),
  reconcile(key, cache) {
    const [resource, name] = key.split('|');
    const object = cache.get(resource, name);
    if (!object) return nothing;
    const { deletionTimestamp, finalizers = [] } = object.metadata ?? {};
    if (deletionTimestamp && finalizers.includes('orphan')) return orphan(object, cache);
    if (deletionTimestamp && finalizers.includes('foregroundDeletion')) return collect(object, cache);
    return deletionTimestamp ? nothing : drop(object, cache);
  },
} satisfies Controller;

const aboutOf = (object: KubeObject): string => `${resourceOf(object)}/${keyOf(object)}`;
/** The object may go as far as this finalizer is concerned. */
const without = (finalizer: string, object: KubeObject): ApiRequest =>
  mergePatchOf(resourceOf(object), object, { metadata: { finalizers: object.metadata?.finalizers?.filter((f) => f !== finalizer) } });

/** Its dependents stay: none of them names it any more, and then it may go. Upstream: orphanDependents. */
function orphan(object: KubeObject, cache: Cache): Plan {
  const uid = object.metadata?.uid ?? '';
  const dependents = cache.dependentsOf(uid);
  const freed = dependents.map((d) => {
    const ownerReferences = (d.metadata?.ownerReferences ?? []).filter((ref) => ref.uid !== uid);
    return mergePatchOf(resourceOf(d), d, { metadata: { ownerReferences } });
  });
  return {
    writes: [...freed, without('orphan', object)],
    notes: [{ says: 'garbagecollector/orphaned', about: aboutOf(object), with: { dependents: dependents.length } }],
  };
}

/** Its dependents go first, and it waits for those that block it. Upstream: processDeletingDependentsItem. */
function collect(object: KubeObject, cache: Cache): Plan {
  const { uid = '', name } = object.metadata ?? {};
  const dependents = cache.dependentsOf(uid);
  const settled = dependents.filter((d) => !d.metadata?.deletionTimestamp).flatMap((d) => settle(d, cache) ?? []);
  if (settled.length > 0) {
    const doomed = settled.filter(({ goes }) => goes).length;
    const note = { says: 'garbagecollector/collected', about: aboutOf(object), with: { name, kind: object.kind, dependents: doomed } };
    return { writes: settled.flatMap(({ writes }) => writes), notes: doomed > 0 ? [note] : [] };
  }
  const blocks = (d: KubeObject): boolean =>
    d.metadata?.ownerReferences?.some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true) === true;
  return dependents.some(blocks) ? nothing : { writes: [without('foregroundDeletion', object)], notes: [] };
}

/** It goes when it has no owner left. Upstream: attemptToDeleteItem. */
function drop(object: KubeObject, cache: Cache): Plan {
  const settled = settle(object, cache);
  if (!settled) return nothing;
  const { name, ownerReferences } = object.metadata ?? {};
  const { name: owner, kind: ownerKind } = ownerReferences?.[0] ?? {};
  const note = { says: 'garbagecollector/ownerless', about: aboutOf(object), with: { kind: object.kind, name, owner, ownerKind } };
  return { writes: settled.writes, notes: settled.goes ? [note] : [] };
}
