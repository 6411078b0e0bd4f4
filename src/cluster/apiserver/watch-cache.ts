/**
 * The apiserver's copy of what etcd holds, and the watches that hang on it. Lists and watches are served from here and never reach etcd, but those of what is in no cache (direct-watches.ts).
 * Upstream: staging/src/k8s.io/apiserver/pkg/storage/cacher (v1.36). Simplified: one cache in one piece; what etcd has compacted cannot be watched from here either.
 */
import { matchesFields, parseFieldSelector, type FieldRequirement } from '../../api/machinery/field-selector.ts';
import type { Concern } from '../api-request.ts';
import { matchesLabels, parseSelector, type LabelRequirement } from '../../api/machinery/labels.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { Kind } from '../../api/kind.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { append, createLog, itemsOf, lengthOf, logOf, type Log } from '../../lib/log.ts';
import type { Address, EventId, Us } from '../../kernel/message.ts';

export interface Selection {
  readonly namespace?: string;
  readonly name?: string;
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
}

export interface Watcher {
  readonly stream: EventId;
  readonly client: Address;
  readonly resource: string;
  readonly selection: Selection;
  /** The machine, when the selection is exactly its pods or its Node: such watchers are found by index. */
  readonly machine?: string;
  /** Wants to hear now and then how far the watch has come. */
  readonly bookmarks?: true;
  /** A revision to come, when the watch begins after one. */
  readonly after?: number;
  /** The request's Accept header, when it asks for another shape. */
  readonly accept?: string;
}

export interface CacheEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

/** One resource's objects with the recent past, so that a watch can resume. */
export interface ResourceCache {
  readonly objects: LayeredMap<KubeObject>;
  /** The oldest revision that a watch can still resume from. */
  oldest: number;
  recent: Log<CacheEvent>;
  readonly watchers: Map<EventId, Watcher>;
  readonly byMachine: Map<string, Map<EventId, Watcher>>;
  /** Watches in the same words by clients that say what concerns them. */
  readonly crowds: Map<string, Crowd>;
}

export interface Crowd {
  /** The fields outside which a change concerns nobody. */
  readonly concern: Concern;
  readonly selection: Selection;
  readonly watchers: Map<EventId, Watcher>;
  /** They are so many that they are told together (crowds.ts), and no longer one by one. */
  isTogether: boolean;
  /** The newest revision that they have not been told of; 0 when there is none. */
  heardAt: number;
  toldAt: Us;
  /** What those are shown who will take any state. */
  glance: { readonly at: Us; readonly list: KubeObject } | undefined;
}

const RECENT_KEPT = 2000;

export const createResourceCache = (): ResourceCache => ({
  objects: new LayeredMap(),
  oldest: 0,
  recent: createLog(),
  watchers: new Map(),
  byMachine: new Map(),
  crowds: new Map(),
});

export function selectionOf(query: Readonly<Record<string, string>>, namespace?: string, name?: string): Selection {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    labels: parseSelector(query.labelSelector ?? ''),
    fields: parseFieldSelector(query.fieldSelector ?? ''),
  };
}

export function selects(selection: Selection, kind: Kind, object: KubeObject): boolean {
  const { metadata } = object;
  if (selection.namespace !== undefined && metadata?.namespace !== selection.namespace) return false;
  if (selection.name !== undefined && metadata?.name !== selection.name) return false;
  if (selection.labels.length > 0 && !matchesLabels(selection.labels, metadata?.labels ?? {})) return false;
  if (selection.fields.length === 0) return true;
  return matchesFields(selection.fields, fieldsOf(kind, object));
}

export function fieldsOf(kind: Kind, object: KubeObject): Readonly<Record<string, string>> {
  return {
    'metadata.name': object.metadata?.name ?? '',
    ...(kind.namespaced ? { 'metadata.namespace': object.metadata?.namespace ?? '' } : {}),
    ...kind.selectableFields?.(object),
  };
}

/** Takes one change in; returns nothing new when the cache already has it. */
export function applyChange(cache: ResourceCache, event: CacheEvent): void {
  const key = keyOf(event.object);
  if (event.type === 'DELETED') cache.objects.delete(key);
  else cache.objects.set(key, event.object);
  append(cache.recent, Object.freeze(event));
  if (lengthOf(cache.recent) > RECENT_KEPT * 2) {
    const kept = itemsOf(cache.recent).slice(RECENT_KEPT);
    cache.oldest = kept[0].revision;
    cache.recent = logOf(kept);
  }
}

/** What one watcher is told of a change: entering its selection is ADDED, leaving it is DELETED. */
export function told(
  watcher: Watcher,
  kind: Kind,
  event: CacheEvent,
): { readonly type: CacheEvent['type']; readonly object: KubeObject } | undefined {
  const { selection, after } = watcher;
  if (after !== undefined && event.revision <= after) return undefined;
  const was = event.old !== undefined && selects(selection, kind, event.old);
  const is = event.type !== 'DELETED' && selects(selection, kind, event.object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: event.object };
  if (!was || !event.old) return undefined;
  const object =
    event.type === 'DELETED'
      ? event.object
      : Object.freeze({ ...event.old, metadata: Object.freeze({ ...event.old.metadata, resourceVersion: String(event.revision) }) });
  return { type: 'DELETED', object };
}

/** Upstream: NodeNameTriggerFunc, of pods and of nodes. */
export function machineOf(selection: Selection, resource: string): string | undefined {
  const only =
    selection.fields.length === 1 && selection.labels.length === 0 && selection.namespace === undefined ? selection.fields[0] : undefined;
  return only?.field === (resource === 'nodes' ? 'metadata.name' : 'spec.nodeName') && only.operator === '=' && only.value !== ''
    ? only.value
    : undefined;
}

/** The objects as they were at a revision; undefined when that is too long ago. */
export function objectsAt(cache: ResourceCache, revision: number): Iterable<KubeObject> | undefined {
  if (revision < cache.oldest) return undefined;
  const newer = itemsOf(cache.recent).filter((event) => event.revision > revision);
  if (newer.length === 0) return cache.objects.values();
  const then = new Map(cache.objects.entries());
  for (const event of newer.reverse())
    if (event.old) then.set(keyOf(event.object), event.old);
    else then.delete(keyOf(event.object));
  return then.values();
}

/** Forgets what etcd no longer knows. */
export function forgetBefore(cache: ResourceCache, revision: number): void {
  if (revision <= cache.oldest) return;
  cache.oldest = revision;
  cache.recent = logOf(itemsOf(cache.recent).filter((event) => event.revision > revision));
}

export const allWatchers = function* (cache: ResourceCache): Iterable<Watcher> {
  yield* cache.watchers.values();
  for (const there of cache.byMachine.values()) yield* there.values();
  for (const { isTogether, watchers } of cache.crowds.values()) if (isTogether) yield* watchers.values();
};

export function addWatcher(cache: ResourceCache, watcher: Watcher): void {
  if (watcher.machine === undefined) {
    cache.watchers.set(watcher.stream, watcher);
    return;
  }
  const there = cache.byMachine.get(watcher.machine) ?? new Map<EventId, Watcher>();
  there.set(watcher.stream, watcher);
  cache.byMachine.set(watcher.machine, there);
}

export function dropWatchers(cache: ResourceCache, isGone: (watcher: Watcher) => boolean): void {
  for (const [stream, watcher] of cache.watchers) if (isGone(watcher)) cache.watchers.delete(stream);
  for (const [key, { watchers }] of cache.crowds) {
    for (const [stream, watcher] of watchers) if (isGone(watcher)) watchers.delete(stream);
    if (watchers.size === 0) cache.crowds.delete(key);
  }
  for (const [machine, there] of cache.byMachine) {
    for (const [stream, watcher] of there) if (isGone(watcher)) there.delete(stream);
    if (there.size === 0) cache.byMachine.delete(machine);
  }
}

/** The watchers a change may concern, in the order they came; without crowds. */
export function watchersFor(cache: ResourceCache, event: CacheEvent, tell: (watcher: Watcher) => void): void {
  cache.watchers.forEach(tell);
  if (cache.byMachine.size === 0) return;
  const now = placeOf(event.object);
  const before = event.old ? placeOf(event.old) : undefined;
  if (now !== undefined) cache.byMachine.get(now)?.forEach(tell);
  if (before !== undefined && before !== now) cache.byMachine.get(before)?.forEach(tell);
}

/** The machine of a pod, or the name of a Node. */
export const placeOf = (object: KubeObject): string | undefined =>
  object.kind === 'Node' ? object.metadata?.name : (object as { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName;
