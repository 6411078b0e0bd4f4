/**
 * List, then watch from the list's version, then keep a cache true: what every client of the apiserver stands on. One reflector a resource,
 * all of one process in one `Reflectors` with one cache.
 * Upstream: staging/src/k8s.io/client-go/tools/cache/reflector.go (v1.36). Simplified: lists in one page; the stream of WatchList is not used; one of more
 * than a hundred clients that watch the same and say what concerns them is told by a list how everything stands (crowds.ts of the apiserver).
 */
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId, Message, Us } from '../../kernel/message.ts';
import type { Concern } from '../api-request.ts';
import { remembering } from '../../lib/remembering.ts';
import { callApi, responseOf, type Endpoint, type WatchEvent } from './api-client.ts';
import { createIndexedCache, indexIn, remove, share, upsert, viewOf, type Index, type IndexedCache } from './indexed-cache.ts';

export interface Reflector {
  /** 'pods', 'deployments.apps' */
  readonly resource: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly concern: Concern | undefined;
  stream: EventId;
  hasSynced: boolean;
  /** The newest resourceVersion seen. */
  version: number;
  failures: number;
}

export interface Reflectors {
  endpoint: Endpoint;
  readonly byResource: Map<string, Reflector>;
  readonly cache: IndexedCache;
}

export interface Change {
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The new state; on DELETED the last one. */
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

type Then = { readonly reflector: string; readonly step: 'list' | 'watch' };
const isMine = (then: unknown): then is Then => typeof then === 'object' && then !== null && 'reflector' in then;

/** `isIndexed`: objects are found by owner and machine, too, and counted. */
export function createReflectors(endpoint: Endpoint, isIndexed = false): Reflectors {
  return { endpoint, byResource: new Map(), cache: createIndexedCache(isIndexed) };
}

export function startReflector(
  ctx: Context,
  all: Reflectors,
  spec: { readonly resource: string; readonly path: string; readonly query?: Readonly<Record<string, string>>; readonly concern?: Concern },
): void {
  const reflector: Reflector = {
    resource: spec.resource,
    path: spec.path,
    query: spec.query ?? {},
    concern: spec.concern,
    stream: 0,
    hasSynced: false,
    version: 0,
    failures: 0,
  };
  all.byResource.set(spec.resource, reflector);
  list(ctx, all, reflector);
}

export function hasSynced(all: Reflectors): boolean {
  for (const reflector of all.byResource.values()) if (!reflector.hasSynced) return false;
  return true;
}

/** What the apiserver has at hand will do, when it is no older than what was seen. Upstream: relistResourceVersion. */
function list(ctx: Context, all: Reflectors, reflector: Reflector): void {
  reflector.stream = 0;
  callApi(
    ctx,
    all.endpoint,
    {
      method: 'GET',
      path: reflector.path,
      query: { ...reflector.query, resourceVersion: String(reflector.version) },
      ...concernOf(reflector),
    },
    { reflector: reflector.resource, step: 'list' } satisfies Then,
  );
}

/** The changes that a message brings; undefined when the message is not a reflector's. */
export function reflected(ctx: Context, all: Reflectors, message: Message): readonly Change[] | undefined {
  if (message.kind === 'wake') {
    const then = message.body;
    if (!isMine(then)) return undefined;
    const reflector = all.byResource.get(then.reflector);
    if (reflector) list(ctx, all, reflector);
    return [];
  }
  const event = message.body as WatchEvent | undefined;
  if (message.kind !== 'send' || event?.protocol !== 'watch') return undefined;
  for (const reflector of all.byResource.values()) if (reflector.stream === event.stream) return applyEvent(all, reflector, event);
  return [];
}

function applyEvent(all: Reflectors, reflector: Reflector, event: WatchEvent): readonly Change[] {
  const { resource } = reflector;
  reflector.version = Math.max(reflector.version, Number(event.object.metadata?.resourceVersion ?? 0));
  if (event.type === 'BOOKMARK') return [];
  if (event.type === 'REPLACED')
    return replace(all, reflector, (event.object as unknown as { readonly items: readonly KubeObject[] }).items);
  if (event.type === 'DELETED') {
    const old = remove(all.cache, resource, keyOf(event.object));
    return [{ resource, type: 'DELETED', object: event.object, ...(old ? { old } : {}) }];
  }
  const old = upsert(all.cache, resource, event.object);
  return [{ resource, type: old ? 'MODIFIED' : 'ADDED', object: event.object, ...(old ? { old } : {}) }];
}

/** The changes that an answer brings; undefined when the call was not a reflector's. */
export function reflectedAnswer(ctx: Context, all: Reflectors, answer: Answer, then: unknown): readonly Change[] | undefined {
  if (!isMine(then)) return undefined;
  const reflector = all.byResource.get(then.reflector);
  if (!reflector) return [];
  const response = responseOf(answer);
  if (then.step === 'watch') {
    if (reflector.stream === answer.re) {
      reflector.stream = 0;
      again(ctx, reflector);
    }
    return [];
  }
  if (response.code !== 200) {
    again(ctx, reflector);
    return [];
  }
  reflector.failures = 0;
  const { items, metadata } = response.body as {
    readonly items: readonly KubeObject[];
    readonly metadata: { readonly resourceVersion: string };
  };
  const changes = replace(all, reflector, items);
  reflector.hasSynced = true;
  reflector.version = Number(metadata.resourceVersion);
  reflector.stream = callApi(
    ctx,
    all.endpoint,
    {
      method: 'GET',
      path: reflector.path,
      query: { ...reflector.query, watch: '1', resourceVersion: metadata.resourceVersion },
      ...concernOf(reflector),
    },
    { reflector: reflector.resource, step: 'watch' } satisfies Then,
    { isWatch: true },
  );
  return changes;
}

function replace(all: Reflectors, { resource, concern }: Reflector, items: readonly KubeObject[]): readonly Change[] {
  if (concern && !all.cache.isIndexed) return replaceByShared(all, resource, items);
  const changes: Change[] = [];
  const listed = new Set(items.map(keyOf));
  for (const old of viewOf(all.cache).list(resource)) {
    if (listed.has(keyOf(old))) continue;
    remove(all.cache, resource, keyOf(old));
    changes.push({ resource, type: 'DELETED', object: old, old });
  }
  for (const object of items) {
    const old = upsert(all.cache, resource, object);
    if (old?.metadata?.resourceVersion === object.metadata?.resourceVersion && old) continue;
    changes.push({ resource, type: old ? 'MODIFIED' : 'ADDED', object, ...(old ? { old } : {}) });
  }
  return changes;
}

const concernOf = ({ concern }: Reflector): { readonly concern?: Concern } => (concern ? { concern } : {});

/** The same list comes to a whole fleet, one machine after the other: it is indexed once, and compared once with the one before. */
let step: { readonly from: Index; readonly now: Index; readonly changes: readonly Change[] } | undefined;

function replaceByShared(all: Reflectors, resource: string, items: readonly KubeObject[]): readonly Change[] {
  const now = indexOf(items);
  const from = indexIn(all.cache, resource);
  if (step?.now !== now || !sameIndex(step.from, from)) step = { from, now, changes: Object.freeze(changesBetween(resource, from, now)) };
  share(all.cache, resource, now);
  return step.changes;
}

const indexOf = remembering((items: readonly KubeObject[]): Index => {
  const index = new Map<string, Map<string, KubeObject>>();
  for (const object of items) {
    const namespace = object.metadata?.namespace ?? '';
    let there = index.get(namespace);
    if (!there) {
      there = new Map();
      index.set(namespace, there);
    }
    there.set(keyOf(object), object);
  }
  return index;
});

const sameIndex = (a: Index, b: Index): boolean => a.size === b.size && [...a].every(([namespace, all]) => b.get(namespace) === all);

function changesBetween(resource: string, from: Index, now: Index): readonly Change[] {
  const changes: Change[] = [];
  for (const [namespace, all] of from)
    for (const [key, old] of all) if (!now.get(namespace)?.has(key)) changes.push({ resource, type: 'DELETED', object: old, old });
  for (const [namespace, all] of now) {
    for (const [key, object] of all) {
      const old = from.get(namespace)?.get(key);
      if (!old) changes.push({ resource, type: 'ADDED', object });
      else if (old.metadata?.resourceVersion !== object.metadata?.resourceVersion)
        changes.push({ resource, type: 'MODIFIED', object, old });
    }
  }
  return changes;
}

/** Tries again after 0.8 s doubling to 30 s, as client-go's reflector backs off. */
function again(ctx: Context, reflector: Reflector): void {
  const after: Us = Math.min(30_000_000, 800_000 * (1 << Math.min(reflector.failures, 6)));
  reflector.failures++;
  ctx.wake(after, { reflector: reflector.resource, step: 'list' } satisfies Then, reflector.failures > 3);
}
