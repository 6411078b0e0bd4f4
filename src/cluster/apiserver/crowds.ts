/**
 * Crowds: more than a hundred clients that watch the same and say what concerns them, as the flannels and kube-proxies of a fleet do. Each is told once a
 * second at most, and only of what concerns it, how everything stands: one list that all of them share.
 * Simplified: upstream tells each of them of each change; between N machines these are N² messages (docs/decisions/0011-fleets-hear-what-concerns-them.md).
 */
import type { Kind } from '../../api/kind.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { byKey, type KubeObject } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import { newest } from '../../lib/log.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { WatchEvent } from '../client/api-client.ts';
import { FLEET } from '../fleet.ts';
import { listHead } from './decision.ts';
import { selects, type CacheEvent, type Crowd, type ResourceCache, type Watcher } from './watch-cache.ts';

export interface CrowdWake {
  readonly crowd?: { readonly resource: string; readonly key: string };
}
interface Place {
  readonly cache: ResourceCache;
  readonly resource: string;
  readonly key: string;
  readonly crowd: Crowd;
}

const TOLD_EVERY_US = 1_000_000;
/** What comes together is told together. */
const WAIT_US = 20_000;

/** Clients of one crowd ask in the same words. */
const crowdKey = ({ path, query }: ApiRequest): string => `${path}?${query?.labelSelector ?? ''}&${query?.fieldSelector ?? ''}`;

/** A new watch by one who says what concerns it; true when it is one of a crowd now. One watch more than a fleet has makes those that there are one. */
export function joinCrowd(cache: ResourceCache, watcher: Watcher, request: ApiRequest, from: number, ctx: Context): boolean {
  const key = crowdKey(request);
  let crowd = cache.crowds.get(key);
  if (!crowd) {
    crowd = {
      concern: request.concern ?? [],
      selection: watcher.selection,
      watchers: new Map(),
      isTogether: false,
      heardAt: 0,
      toldAt: -TOLD_EVERY_US,
      glance: undefined,
    };
    cache.crowds.set(key, crowd);
  }
  crowd.watchers.set(watcher.stream, watcher);
  if (!crowd.isTogether && crowd.watchers.size > FLEET) {
    crowd.isTogether = true;
    for (const stream of crowd.watchers.keys()) cache.watchers.delete(stream);
  }
  if (!crowd.isTogether) return false;
  const place: Place = { cache, resource: watcher.resource, key, crowd };
  if (from < cache.oldest || newest(cache.recent, ({ revision }) => revision > from).some((event) => concerns(crowd, event)))
    soon(place, Math.max(from + 1, cache.oldest), ctx);
  return true;
}

/** Takes a change in; the crowds that it concerns are told later. */
export function letCrowdsKnow(cache: ResourceCache, resource: string, event: CacheEvent, ctx: Context): void {
  for (const [key, crowd] of cache.crowds)
    if (crowd.isTogether && concerns(crowd, event)) soon({ cache, resource, key, crowd }, event.revision, ctx);
}

function soon({ resource, key, crowd }: Place, revision: number, ctx: Context): void {
  if (crowd.heardAt === 0)
    ctx.wake(Math.max(WAIT_US, crowd.toldAt + TOLD_EVERY_US - ctx.now), { crowd: { resource, key } } satisfies CrowdWake);
  crowd.heardAt = Math.max(crowd.heardAt, revision);
}

/** Tells how everything stands. */
export function tellCrowd(cache: ResourceCache, key: string, kind: Kind, revision: number, ctx: Context): void {
  const crowd = cache.crowds.get(key);
  if (!crowd) return;
  crowd.heardAt = 0;
  crowd.toldAt = ctx.now;
  const object = listOf(cache, crowd, kind, revision);
  for (const { client, stream } of crowd.watchers.values())
    ctx.send(client, { protocol: 'watch', stream, type: 'REPLACED', object } satisfies WatchEvent);
}

/** The answer to one of a crowd who will take any state, as resourceVersion=0 says: all of them are shown the same, unless it is more than a second old. */
export function glance(cache: ResourceCache, kind: Kind, request: ApiRequest, revision: number, ctx: Context): ApiResponse | undefined {
  const crowd =
    request.query?.resourceVersion === '0' && request.query.limit === undefined ? cache.crowds.get(crowdKey(request)) : undefined;
  if (!crowd?.isTogether) return undefined;
  if (!crowd.glance || crowd.glance.at <= ctx.now - TOLD_EVERY_US)
    crowd.glance = Object.freeze({ at: ctx.now, list: listOf(cache, crowd, kind, revision) });
  return { code: 200, body: crowd.glance.list };
}

function listOf(cache: ResourceCache, { selection }: Crowd, kind: Kind, revision: number): KubeObject {
  const items = cache.objects
    .values()
    .filter((object) => selects(selection, kind, object))
    .sort(byKey);
  return Object.freeze({
    ...listHead(kind),
    metadata: Object.freeze({ resourceVersion: String(revision) }),
    items: Object.freeze(items),
  }) as KubeObject;
}

/** What does not change in a selected field concerns nobody. Whether the object is selected is not asked: a list too many does no harm. */
function concerns({ concern }: Crowd, { type, object, old }: CacheEvent): boolean {
  return type !== 'MODIFIED' || concern.some((path) => !sameJson(at(object, path), at(old, path)));
}
const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, field) => (value as Readonly<Record<string, unknown>> | undefined)?.[field], object);
