/**
 * Opening, telling and closing watches.
 * Upstream: staging/src/k8s.io/apiserver pkg/endpoints/handlers/{get,watch}.go, pkg/storage/cacher (v1.36). Simplified: a watch without timeoutSeconds has no end; who wants to begin with a state that is to come is refused at once and not after 3 s.
 */
import type { Kind } from '../../api/kind.ts';
import { apiVersionOf, kinds, resourceName } from '../../api/registry.ts';
import { expired, tooLargeVersion } from '../../api/machinery/status.ts';
import { byKey, type KubeObject } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiReply, WatchEvent } from '../client/api-client.ts';
import { partial, shapeOf, tableOf } from './encode.ts';
import { isTrue, type RequestInfo } from './request-info.ts';
import { newest } from '../../lib/log.ts';
import { joinCrowd } from './crowds.ts';
import { addWatcher, allWatchers, dropWatchers, machineOf, selectionOf, told, type ResourceCache, type Watcher } from './watch-cache.ts';

export interface WatchWake {
  readonly bookmarks?: string;
  readonly close?: { readonly resource: string; readonly stream: EventId; readonly client: string };
}
export interface Client {
  readonly id: EventId;
  readonly from: string;
}
interface Source {
  readonly cache: ResourceCache;
  readonly revision: number;
  readonly nowMs: number;
}

const BOOKMARK_EVERY_US = 60_000_000;
export const INITIAL_END = 'k8s.io/initial-events-end';

export function openWatch({ cache, revision, nowMs }: Source, client: Client, request: ApiRequest, info: RequestInfo, ctx: Context): void {
  const query = request.query ?? {};
  const refuse = (response: ApiResponse): void => void ctx.reply({ protocol: 'api', response } satisfies ApiReply, client);
  const from = Number(query.resourceVersion ?? 0);
  const asked = watcherOf(client, request, info);
  if (request.concern && from > 0 && from <= revision && joinCrowd(cache, asked, request, from, ctx)) return;
  if (from > 0 && from < cache.oldest) return refuse({ code: 410, body: expired(`too old resource version: ${from} (${cache.oldest})`) });
  if (from > revision && isTrue(query.sendInitialEvents)) return refuse({ code: 504, body: tooLargeVersion(from, revision) });
  const watcher = from > revision ? Object.freeze({ ...asked, after: from }) : asked;
  const wantsBookmarks = watcher.bookmarks === true;
  const epochMs = nowMs - Math.floor(ctx.now / 1000);
  if (from === 0 || isTrue(query.sendInitialEvents)) {
    for (const object of [...cache.objects.values()].sort(byKey)) {
      if (told(watcher, info.kind, { revision, type: 'ADDED', object }))
        tellWatcher(watcher, info.kind, { type: 'ADDED', object }, epochMs, ctx);
    }
    if (isTrue(query.sendInitialEvents) && wantsBookmarks) tellBookmark(watcher, info.kind, revision, ctx, { [INITIAL_END]: 'true' });
  } else {
    for (const event of newest(cache.recent, ({ revision: at }) => at > from)) {
      const seen = told(watcher, info.kind, event);
      if (seen) tellWatcher(watcher, info.kind, seen, epochMs, ctx);
    }
  }
  const isFirstRound = wantsBookmarks && ![...allWatchers(cache)].some((w) => w.bookmarks);
  addWatcher(cache, watcher);
  if (isFirstRound) ctx.wake(BOOKMARK_EVERY_US, { bookmarks: info.resource } satisfies WatchWake, true);
  endInTime(watcher, request, ctx);
}

export function watcherOf(client: Client, request: ApiRequest, info: RequestInfo): Watcher {
  const query = request.query ?? {};
  const selection = selectionOf(query, info.namespace, info.name);
  const machine = machineOf(selection, info.resource);
  return Object.freeze({
    stream: client.id,
    client: client.from,
    resource: info.resource,
    selection,
    ...(machine === undefined ? {} : { machine }),
    ...(isTrue(query.allowWatchBookmarks) ? { bookmarks: true } : {}),
    ...(request.accept === undefined ? {} : { accept: request.accept }),
  });
}

/** A watch with timeoutSeconds is closed when they are over. */
export function endInTime({ resource, stream, client }: Watcher, request: ApiRequest, ctx: Context): void {
  const seconds = Number(request.query?.timeoutSeconds ?? 0);
  if (seconds > 0) ctx.wake(seconds * 1_000_000, { close: { resource, stream, client } } satisfies WatchWake, true);
}

/** One event in the shape that this watch asked for. */
export function tellWatcher(
  watcher: Watcher,
  kind: Kind,
  { type, object }: { readonly type: WatchEvent['type']; readonly object: KubeObject },
  epochMs: number,
  ctx: Context,
): void {
  const shape = watcher.accept === undefined ? undefined : shapeOf(watcher.accept);
  const nowMs = epochMs + Math.floor(ctx.now / 1000);
  const shown =
    shape === undefined || shape === 'none'
      ? object
      : shape.as === 'Table'
        ? (tableOf({
            kind,
            objects: [object],
            metadata: { resourceVersion: object.metadata?.resourceVersion },
            version: shape.version,
            nowMs,
          }) as KubeObject)
        : partial(object, shape.version);
  ctx.send(watcher.client, { protocol: 'watch', stream: watcher.stream, type, object: shown } satisfies WatchEvent);
}

export function tellBookmark(
  watcher: Watcher,
  kind: Kind,
  revision: number,
  ctx: Context,
  annotations?: Readonly<Record<string, string>>,
): void {
  const object: KubeObject = {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) },
  };
  ctx.send(watcher.client, { protocol: 'watch', stream: watcher.stream, type: 'BOOKMARK', object } satisfies WatchEvent);
}

/** About once a minute, to those who want it. */
export function sendBookmarks(
  cache: ResourceCache,
  { resource, revision }: { readonly resource: string; readonly revision: number },
  ctx: Context,
): void {
  const wanting = [...allWatchers(cache)].filter((w) => w.bookmarks);
  const kind = kinds.find((k) => resourceName(k) === resource);
  if (wanting.length === 0 || !kind) return;
  for (const watcher of wanting) tellBookmark(watcher, kind, revision, ctx);
  ctx.wake(BOOKMARK_EVERY_US, { bookmarks: resource } satisfies WatchWake, true);
}

/** timeoutSeconds is over: the stream ends, and the client may open another. */
export function closeWatch(cache: ResourceCache, { stream, client }: NonNullable<WatchWake['close']>, ctx: Context): void {
  if (![...allWatchers(cache)].some((w) => w.stream === stream)) return;
  dropWatchers(cache, (w) => w.stream === stream);
  endStream({ stream, client }, ctx);
}

/** The client hears that its watch is over, and may open another. */
export const endStream = ({ stream, client }: Pick<Watcher, 'stream' | 'client'>, ctx: Context): void =>
  void ctx.reply({ protocol: 'api', response: { code: 200, body: undefined } } satisfies ApiReply, { id: stream, from: client });
