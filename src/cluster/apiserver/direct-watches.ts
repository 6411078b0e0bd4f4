/**
 * Watches of what the apiserver keeps no copy of: each has one at etcd.
 * Upstream: staging/src/k8s.io/apiserver/pkg/storage/etcd3/watcher.go (v1.36). Simplified: no bookmarks but the one that ends the initial events.
 */
import type { Kind } from '../../api/kind.ts';
import { expired, internalError } from '../../api/machinery/status.ts';
import { kindNamed } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiReply } from '../client/api-client.ts';
import { ETCD_TIMEOUT_US, type EtcdCall, type EtcdReply, type EtcdWatchEvents } from '../etcd/protocol.ts';
import { stamped } from './decision.ts';
import { isTrue, type RequestInfo } from './request-info.ts';
import { storageFolder } from './storage-key.ts';
import { told, type Watcher } from './watch-cache.ts';
import { endInTime, endStream, INITIAL_END, tellBookmark, tellWatcher, watcherOf, type Client } from './watches.ts';

/** `first`: what is there already; `direct`: what changes. */
export type DirectThen =
  | { readonly step: 'first'; readonly watcher: Watcher; readonly isInitial: boolean }
  | { readonly step: 'direct'; readonly watcher: Watcher };
interface Server {
  readonly etcd: string;
  readonly direct: Map<EventId, Watcher>;
  readonly epochMs: number;
}

const kindOf = ({ resource }: Watcher): Kind => kindNamed(resource) as Kind;

export function openDirect({ etcd, direct }: Server, client: Client, request: ApiRequest, info: RequestInfo, ctx: Context): void {
  const watcher = watcherOf(client, request, info);
  const query = request.query ?? {};
  const from = Number(query.resourceVersion ?? 0);
  endInTime(watcher, request, ctx);
  if (from > 0 && !isTrue(query.sendInitialEvents)) return follow({ etcd, direct }, watcher, from, ctx);
  const first: EtcdCall = {
    protocol: 'etcd',
    verb: 'txn',
    txn: { compare: [], success: [{ op: 'prefix', key: storageFolder(info.kind, info.namespace) }], failure: [] },
  };
  direct.set(
    ctx.call(etcd, first, { step: 'first', watcher, isInitial: isTrue(query.sendInitialEvents) } satisfies DirectThen, {
      deadlineUs: ETCD_TIMEOUT_US,
    }),
    watcher,
  );
}

function follow({ etcd, direct }: Pick<Server, 'etcd' | 'direct'>, watcher: Watcher, from: number, ctx: Context): void {
  direct.set(
    ctx.call(
      etcd,
      {
        protocol: 'etcd',
        verb: 'watch',
        prefix: storageFolder(kindOf(watcher), watcher.selection.namespace),
        from: from + 1,
      } satisfies EtcdCall,
      { step: 'direct', watcher } satisfies DirectThen,
    ),
    watcher,
  );
}

export function directAnswered(server: Server, then: DirectThen, answer: Answer, ctx: Context): void {
  const { watcher } = then;
  const body = answer.body as EtcdReply | undefined;
  server.direct.delete(answer.re);
  if (then.step === 'first' && body?.verb === 'txn') {
    const kind = kindOf(watcher);
    for (const { value, modRevision } of body.ranges[0]) {
      const object = stamped(value, modRevision);
      if (told(watcher, kind, { revision: modRevision, type: 'ADDED', object }))
        tellWatcher(watcher, kind, { type: 'ADDED', object }, server.epochMs, ctx);
    }
    if (then.isInitial && watcher.bookmarks) tellBookmark(watcher, kind, body.revision, ctx, { [INITIAL_END]: 'true' });
    return follow(server, watcher, body.revision, ctx);
  }
  const response: ApiResponse =
    body?.verb === 'error'
      ? { code: 410, body: expired('The resourceVersion for the provided watch is too old.') }
      : { code: 500, body: internalError('etcdserver: request timed out') };
  ctx.reply({ protocol: 'api', response } satisfies ApiReply, { id: watcher.stream, from: watcher.client });
}

/** What etcd said to one of them. */
export function passOn(server: Server, { watch, events, revision }: EtcdWatchEvents, ctx: Context): void {
  const watcher = server.direct.get(watch);
  if (!watcher) return;
  if (!ctx.isAlive(watcher.client)) return dropDirect(server, (w) => w.client === watcher.client, ctx);
  const kind = kindOf(watcher);
  for (const { type, kv, prev } of events) {
    const old: KubeObject | undefined = prev && stamped(prev.value, prev.modRevision);
    const said = told(watcher, kind, {
      revision,
      type: type === 'delete' ? 'DELETED' : old ? 'MODIFIED' : 'ADDED',
      object: stamped(type === 'delete' ? prev?.value : kv.value, revision),
      ...(old ? { old } : {}),
    });
    if (said) tellWatcher(watcher, kind, said, server.epochMs, ctx);
  }
}

/** Closes those that are over, here and at etcd; `says`: the client is still there to be told. */
export function dropDirect(
  { etcd, direct }: Pick<Server, 'etcd' | 'direct'>,
  isOver: (watcher: Watcher) => boolean,
  ctx: Context,
  says = false,
): void {
  for (const [watch, watcher] of direct) {
    if (!isOver(watcher)) continue;
    direct.delete(watch);
    ctx.hangUp(watch);
    ctx.send(etcd, { protocol: 'etcd', verb: 'cancel', watch } satisfies EtcdCall);
    if (says) endStream(watcher, ctx);
  }
}
