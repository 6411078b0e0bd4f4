/** The store behind an informer, as plain data, with its indexes kept as objects come and go. Upstream: client-go tools/cache/thread_safe_store.go (v1.36). */
import { controllerOf } from '../../api/machinery/owner.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Cache, Tally } from './cache.ts';

type ByKey = Map<string, KubeObject>;
type MutableTally = { -readonly [K in keyof Tally]: Tally[K] };

export interface IndexedCache {
  readonly objects: Map<string, ByKey>;
  /** 'resource|uid' of the controlling owner → objects. */
  readonly controlled: Map<string, ByKey>;
  /** uid of any owner → 'resource/key' → object. */
  readonly dependents: Map<string, ByKey>;
  readonly podsByMachine: Map<string, ByKey>;
  readonly tallies: Map<string, MutableTally>;
}

const NONE: Tally = { total: 0, active: 0, ready: 0, terminating: 0, failed: 0, succeeded: 0 };

export const createIndexedCache = (): IndexedCache => ({ objects: new Map(), controlled: new Map(), dependents: new Map(), podsByMachine: new Map(), tallies: new Map() });

function put(index: Map<string, ByKey>, at: string, key: string, object: KubeObject): void {
  let entries = index.get(at);
  if (!entries) { entries = new Map(); index.set(at, entries); }
  entries.set(key, object);
}

function drop(index: Map<string, ByKey>, at: string, key: string): void {
  const entries = index.get(at);
  if (entries?.delete(key) && entries.size === 0) index.delete(at);
}

/** The places one object is indexed at. */
function index(cache: IndexedCache, resource: string, key: string, object: KubeObject, isComing: boolean): void {
  const change = (map: Map<string, ByKey>, at: string, name: string): void => (isComing ? put(map, at, name, object) : drop(map, at, name));
  for (const owner of object.metadata?.ownerReferences ?? []) change(cache.dependents, owner.uid, `${resource}/${key}`);
  const controller = controllerOf(object)?.uid;
  if (controller !== undefined) change(cache.controlled, `${resource}|${controller}`, key);
  if (resource !== 'pods') return;
  const machine = (object as V1Pod).spec?.nodeName;
  if (machine) change(cache.podsByMachine, machine, key);
  if (controller !== undefined) count(cache, controller, object as V1Pod, isComing ? 1 : -1);
}

function count(cache: IndexedCache, uid: string, pod: V1Pod, by: 1 | -1): void {
  const tally = cache.tallies.get(uid) ?? { ...NONE };
  const phase = pod.status?.phase;
  const isTerminating = pod.metadata?.deletionTimestamp !== undefined;
  tally.total += by;
  if (phase === 'Failed') tally.failed += by;
  else if (phase === 'Succeeded') tally.succeeded += by;
  else if (isTerminating) tally.terminating += by;
  else tally.active += by;
  if (!isTerminating && isReady(pod)) tally.ready += by;
  if (tally.total === 0) cache.tallies.delete(uid); else cache.tallies.set(uid, tally);
}

export const isReady = (pod: V1Pod): boolean => pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

/** Takes an object in; returns what was there. */
export function upsert(cache: IndexedCache, resource: string, object: KubeObject): KubeObject | undefined {
  let objects = cache.objects.get(resource);
  if (!objects) { objects = new Map(); cache.objects.set(resource, objects); }
  const key = keyOf(object);
  const old = objects.get(key);
  if (old) index(cache, resource, key, old, false);
  objects.set(key, object);
  index(cache, resource, key, object, true);
  return old;
}

export function remove(cache: IndexedCache, resource: string, key: string): KubeObject | undefined {
  const objects = cache.objects.get(resource);
  const old = objects?.get(key);
  if (!objects || !old) return undefined;
  objects.delete(key);
  index(cache, resource, key, old, false);
  return old;
}

export function viewOf(cache: IndexedCache): Cache {
  const values = <O extends KubeObject>(map: ByKey | undefined): readonly O[] => (map ? ([...map.values()] as unknown as readonly O[]) : []);
  return {
    get: <O extends KubeObject>(resource: string, key: string) => cache.objects.get(resource)?.get(key) as O | undefined,
    list: <O extends KubeObject>(resource: string, namespace?: string) => {
      const all = values<O>(cache.objects.get(resource));
      return namespace === undefined ? all : all.filter((object) => object.metadata?.namespace === namespace);
    },
    count: (resource) => cache.objects.get(resource)?.size ?? 0,
    controlledBy: <O extends KubeObject>(resource: string, uid: string) => values<O>(cache.controlled.get(`${resource}|${uid}`)),
    dependentsOf: (uid) => values(cache.dependents.get(uid)),
    podsOn: <O extends KubeObject>(machine: string) => values<O>(cache.podsByMachine.get(machine)),
    podTally: (uid) => cache.tallies.get(uid) ?? NONE,
  };
}

/** A cache over a list of objects, for tests and for the parts. `resourceOf` names each object's resource. */
export function cacheOf(objects: readonly KubeObject[], resourceOf: (object: KubeObject) => string): Cache {
  const cache = createIndexedCache();
  for (const object of objects) upsert(cache, resourceOf(object), object);
  return viewOf(cache);
}
