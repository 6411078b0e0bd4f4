/** The store behind an informer, as plain data, with its indexes kept as objects come and go. Upstream: client-go tools/cache/thread_safe_store.go (v1.36). */
import { controllerOf } from '../../api/machinery/owner.ts';
import { keyOf, splitKey, type KubeObject } from '../../api/object.ts';
import { kindOf, resourceName } from '../../api/registry.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Cache, Journal, LabelCount, Tally } from './cache.ts';

type ByKey = LayeredMap<KubeObject>;
type MutableJournal = { forgotten: number; readonly changes: Journal['changes'][number][] };
type MutableTally = { -readonly [K in keyof Tally]: Tally[K] };

export interface IndexedCache {
  /** Without: by resource, namespace and key only. */
  readonly isIndexed: boolean;
  /** resource → namespace ('' for cluster-scoped) → key → object */
  readonly objects: Map<string, Map<string, ByKey>>;
  /** 'resource|uid' of the controlling owner → objects. */
  readonly controlled: Map<string, ByKey>;
  /** 'resource|namespace' → objects without a controlling owner. */
  readonly orphans: Map<string, ByKey>;
  /** uid of any owner → 'resource/key' → object. */
  readonly dependents: Map<string, ByKey>;
  readonly podsByMachine: Map<string, ByKey>;
  /** namespace → the latest changes of its pods */
  readonly podJournals: Map<string, MutableJournal>;
  readonly tallies: Map<string, MutableTally>;
  /** uid of the controlling owner → text of the labels → count */
  readonly labels: Map<string, Map<string, { readonly labels: LabelCount['labels']; active: number; total: number }>>;
}

const NONE: Tally = { total: 0, active: 0, ready: 0, terminating: 0, failed: 0, succeeded: 0 };

const NO_JOURNAL: Journal = Object.freeze({ forgotten: 0, changes: [] });

export const createIndexedCache = (isIndexed = true): IndexedCache => ({
  isIndexed,
  objects: new Map(),
  controlled: new Map(),
  orphans: new Map(),
  dependents: new Map(),
  podsByMachine: new Map(),
  podJournals: new Map(),
  tallies: new Map(),
  labels: new Map(),
});

function put(index: Map<string, ByKey>, at: string, key: string, object: KubeObject): void {
  const entries = index.get(at);
  if (entries) {
    entries.set(key, object);
    return;
  }
  const made: ByKey = new LayeredMap();
  made.set(key, object);
  index.set(at, made);
}

function drop(index: Map<string, ByKey>, at: string, key: string): void {
  const entries = index.get(at);
  if (entries?.delete(key) && entries.size === 0) index.delete(at);
}

type Place = readonly [index: Map<string, ByKey>, at: string, key: string];

/** What controllers adopt by its labels. */
const ADOPTABLE: ReadonlySet<string> = new Set(['pods', 'replicasets.apps', 'controllerrevisions.apps']);

/** Where an object is indexed. */
function placesOf(cache: IndexedCache, resource: string, key: string, object: KubeObject): readonly Place[] {
  const places: Place[] = [];
  if (ADOPTABLE.has(resource) && !controllerOf(object))
    places.push([cache.orphans, `${resource}|${object.metadata?.namespace ?? ''}`, key]);
  for (const owner of object.metadata?.ownerReferences ?? []) {
    places.push([cache.dependents, owner.uid, `${resource}/${key}`]);
    if (owner.controller === true) places.push([cache.controlled, `${resource}|${owner.uid}`, key]);
  }
  const machine = resource === 'pods' ? (object as V1Pod).spec?.nodeName : undefined;
  if (machine) places.push([cache.podsByMachine, machine, key]);
  return places;
}

/** Moves an object from where the old one stood to where the new one belongs; what stays keeps its place in the order. */
function reindex(
  cache: IndexedCache,
  resource: string,
  key: string,
  { old, object }: { readonly old?: KubeObject; readonly object?: KubeObject },
): void {
  const places = object ? placesOf(cache, resource, key, object) : [];
  if (old && !(object && standsWhere(old, object)))
    for (const [index, at, name] of placesOf(cache, resource, key, old))
      if (!places.some((p) => p[0] === index && p[1] === at)) drop(index, at, name);
  if (object) for (const [index, at, name] of places) put(index, at, name, object);
  if (resource !== 'pods') return;
  writeDown(cache, splitKey(key).namespace ?? '', { key, type: !object ? 'DELETED' : old ? 'MODIFIED' : 'ADDED' });
  if (object) count(cache, object, 1);
  if (old) count(cache, old, -1);
}

const MOST_CHANGES = 1024;

function writeDown(cache: IndexedCache, namespace: string, change: Journal['changes'][number]): void {
  let journal = cache.podJournals.get(namespace);
  if (!journal) {
    journal = { forgotten: 0, changes: [] };
    cache.podJournals.set(namespace, journal);
  }
  journal.changes.push(Object.freeze(change));
  if (journal.changes.length < MOST_CHANGES) return;
  journal.changes.splice(0, MOST_CHANGES / 2);
  journal.forgotten += MOST_CHANGES / 2;
}

/** Whether nothing that places an object has changed. */
const standsWhere = (old: KubeObject, object: KubeObject): boolean =>
  old.metadata?.ownerReferences === object.metadata?.ownerReferences && (old as V1Pod).spec?.nodeName === (object as V1Pod).spec?.nodeName;

function count(cache: IndexedCache, pod: V1Pod, by: 1 | -1): void {
  const uid = controllerOf(pod)?.uid;
  if (uid === undefined) return;
  let tally = cache.tallies.get(uid);
  if (!tally) {
    tally = { ...NONE };
    cache.tallies.set(uid, tally);
  }
  const phase = pod.status?.phase;
  const isTerminating = pod.metadata?.deletionTimestamp !== undefined;
  tally.total += by;
  if (phase === 'Failed') tally.failed += by;
  else if (phase === 'Succeeded') tally.succeeded += by;
  else if (isTerminating) tally.terminating += by;
  else {
    tally.active += by;
    if (isReady(pod)) tally.ready += by;
  }
  if (tally.total === 0) cache.tallies.delete(uid);
  countLabels(cache, uid, pod, { by, isActive: phase !== 'Failed' && phase !== 'Succeeded' && !isTerminating });
}

const NO_LABELS: LabelCount['labels'] = Object.freeze({});
const texts = new WeakMap<LabelCount['labels'], string>();

/** The labels as JSON; the pods of one template share them. */
function textOf(labels: LabelCount['labels']): string {
  let text = texts.get(labels);
  if (text === undefined) {
    text = JSON.stringify(labels);
    if (Object.isFrozen(labels)) texts.set(labels, text);
  }
  return text;
}

function countLabels(
  cache: IndexedCache,
  uid: string,
  { metadata }: V1Pod,
  { by, isActive }: { readonly by: 1 | -1; readonly isActive: boolean },
): void {
  let sets = cache.labels.get(uid);
  if (!sets) {
    sets = new Map();
    cache.labels.set(uid, sets);
  }
  const labels = metadata?.labels ?? NO_LABELS;
  const text = textOf(labels);
  let set = sets.get(text);
  if (!set) {
    set = { labels, active: 0, total: 0 };
    sets.set(text, set);
  }
  set.total += by;
  if (isActive) set.active += by;
  if (set.total === 0) sets.delete(text);
  if (sets.size === 0) cache.labels.delete(uid);
}

export const isReady = (pod: V1Pod): boolean => pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

/** Takes an object in; returns what was there. */
export function upsert(cache: IndexedCache, resource: string, object: KubeObject): KubeObject | undefined {
  let spaces = cache.objects.get(resource);
  if (!spaces) {
    spaces = new Map();
    cache.objects.set(resource, spaces);
  }
  const key = keyOf(object);
  const namespace = object.metadata?.namespace ?? '';
  const old = spaces.get(namespace)?.get(key);
  put(spaces, namespace, key, object);
  if (cache.isIndexed) reindex(cache, resource, key, old ? { old, object } : { object });
  return old;
}

/** Namespace ('' for cluster-scoped) → key → object. Nobody changes one. */
export type Index = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;

/** Takes all that there is of a resource, in an index that others share: what a fleet's machines all know is there once. Of a cache without other indexes. */
export function share(cache: IndexedCache, resource: string, index: Index): void {
  cache.objects.set(resource, new Map([...index].map(([namespace, all]) => [namespace, LayeredMap.over(all)])));
}
export const indexIn = (cache: IndexedCache, resource: string): Index =>
  new Map([...(cache.objects.get(resource) ?? [])].map(([namespace, all]) => [namespace, all.whole()]));

export function remove(cache: IndexedCache, resource: string, key: string): KubeObject | undefined {
  const spaces = cache.objects.get(resource);
  const namespace = splitKey(key).namespace ?? '';
  const old = spaces?.get(namespace)?.get(key);
  if (!spaces || !old) return undefined;
  drop(spaces, namespace, key);
  if (cache.isIndexed) reindex(cache, resource, key, { old });
  return old;
}

const values = <O extends KubeObject>(map: ByKey | undefined): readonly O[] => (map ? (map.values() as unknown as readonly O[]) : []);

/** Readers' face; costs nothing to make. Lists are copies, made when asked for. */
export function viewOf(cache: IndexedCache): Cache {
  return {
    get: <O extends KubeObject>(resource: string, key: string) =>
      cache.objects
        .get(resource)
        ?.get(splitKey(key).namespace ?? '')
        ?.get(key) as O | undefined,
    list: <O extends KubeObject>(resource: string, namespace?: string) => {
      const spaces = cache.objects.get(resource);
      if (namespace !== undefined) return values<O>(spaces?.get(namespace));
      return spaces?.size === 1
        ? values<O>(spaces.values().next().value)
        : [...(spaces?.values() ?? [])].flatMap((space) => values<O>(space));
    },
    each: <O extends KubeObject>(resource: string, namespace: string, visit: (object: O) => void) => {
      cache.objects
        .get(resource)
        ?.get(namespace)
        ?.forEach((object) => visit(object as unknown as O));
    },
    count: (resource) => {
      let sum = 0;
      for (const space of cache.objects.get(resource)?.values() ?? []) sum += space.size;
      return sum;
    },
    controlledBy: <O extends KubeObject>(resource: string, uid: string) => values<O>(cache.controlled.get(`${resource}|${uid}`)),
    orphans: <O extends KubeObject>(resource: string, namespace: string) => values<O>(cache.orphans.get(`${resource}|${namespace}`)),
    podLabelsOf: (uid) => [...(cache.labels.get(uid)?.values() ?? [])],
    dependentsOf: (uid) => values(cache.dependents.get(uid)),
    podsOn: <O extends KubeObject>(machine: string) => values<O>(cache.podsByMachine.get(machine)),
    podJournal: (namespace) => cache.podJournals.get(namespace) ?? NO_JOURNAL,
    podTally: (uid) => cache.tallies.get(uid) ?? NONE,
  };
}

/** 'Deployment' of apps/v1 → 'deployments.apps', by its kind file, or by upstream's habit when it has none. */
export function resourceNamed(object: KubeObject): string {
  const kind = kindOf(object.apiVersion, object.kind);
  if (kind) return resourceName(kind);
  const slash = object.apiVersion?.indexOf('/') ?? -1;
  return `${(object.kind ?? '').toLowerCase()}s${slash < 0 ? '' : `.${object.apiVersion?.slice(0, slash)}`}`;
}

/** A cache over a list of objects, for tests and for the parts. */
export function cacheOf(objects: readonly KubeObject[], resourceOf: (object: KubeObject) => string = resourceNamed): Cache {
  const cache = createIndexedCache();
  for (const object of objects) upsert(cache, resourceOf(object), object);
  return viewOf(cache);
}
