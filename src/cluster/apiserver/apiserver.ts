/**
 * kube-apiserver: the front door. It authenticates, authorizes, decides, and is the only one that talks to etcd.
 * Upstream: cmd/kube-apiserver, staging/src/k8s.io/apiserver (v1.36). Simplified: one version a kind; TLS is a line in a note.
 */
import type { Listen } from '../network/packet.ts';
import type { HttpCall } from '../runtime/process.ts';
import { answerAnonymous } from './anonymous.ts';
import { kinds } from '../../api/registry.ts';
import { pathOf, resourceNameOf } from '../../api/paths.ts';
import { genericNotFound, internalError, serviceUnavailable, tooLargeVersion } from '../../api/machinery/status.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { safeSuffix, uuid } from '../../api/machinery/rand.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { EventId, Message } from '../../kernel/message.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiCall, ApiReply } from '../client/api-client.ts';
import type { Identity } from '../client/identity.ts';
import { ETCD_TIMEOUT_US, type EtcdCall, type EtcdReply, type EtcdWatchEvents } from '../etcd/protocol.ts';
import { reviewAccess } from './access-review.ts';
import { refusal, unservedRefusal } from './authorize.ts';
import { decide } from './decide.ts';
import type { Lots, OnSuccess, TxnAnswer } from './decision.ts';
import { stamped } from './decision.ts';
import { discover } from './discovery.ts';
import { OWN_LEASE_EVERY_US, ownLease, renewOwnLease, type OwnLease, type OwnLeaseThen } from './own-lease.ts';
import { kubeletAnswer, proxyToKubelet, type KubeletThen } from './kubelet-proxy.ts';
import { impersonated } from './impersonate.ts';
import { requestInfo } from './request-info.ts';
import { resourceFor } from './resources/registry.ts';
import { storagePrefix } from './storage-key.ts';
import { glance, letCrowdsKnow, tellCrowd, type CrowdWake } from './crowds.ts';
import type { ServerView } from './view.ts';
import { createLog } from '../../lib/log.ts';
import { encoded } from './encode.ts';
import { refusalBefore, timeoutError } from './negotiate.ts';
import { directAnswered, dropDirect, openDirect, passOn, type DirectThen } from './direct-watches.ts';
import { closeWatch, endStream, openWatch, sendBookmarks, tellWatcher, type Client, type WatchWake } from './watches.ts';
import {
  allWatchers,
  applyChange,
  createResourceCache,
  dropWatchers,
  forgetBefore,
  objectsAt,
  told,
  watchersFor,
  type CacheEvent,
  type ResourceCache,
  type Watcher,
} from './watch-cache.ts';

export interface ApiserverConfig {
  readonly etcd: string;
  /** Milliseconds since 1970 of virtual zero. */
  readonly epochMs: number;
  readonly serviceCIDR: string;
  readonly ip: string;
  readonly pod: string;
  /** Machine name → address of its kubelet. */
  readonly kubelets?: Readonly<Record<string, string>>;
}

interface Pending {
  readonly client: Client;
  readonly request: ApiRequest;
  readonly as: Identity;
  readonly answers: readonly TxnAnswer[];
  readonly lot: string;
  /** When it came: what the server writes must be the same however often it decides. */
  readonly at: number;
  /** The how-manieth use of its generateName this is. */
  readonly use: number;
  readonly onSuccess?: OnSuccess;
  /** The collection of which this deletes one. */
  readonly within?: Collection;
}
interface Collection {
  readonly whole: Pending;
  readonly each: readonly KubeObject[];
  readonly list: unknown;
  readonly done: number;
}
export interface ApiserverState {
  readonly config: ApiserverConfig;
  revision: number;
  isReady: boolean;
  readonly resources: Map<string, ResourceCache>;
  /** The watches at etcd that keep the caches, by resource. */
  readonly feeds: Map<EventId, string>;
  /** Watches of clients that each have one at etcd. */
  readonly direct: Map<EventId, Watcher>;
  /** How often a name was generated from a base: the n-th use draws another suffix. */
  readonly namesUsed: Map<string, number>;
  /** The lease that new events share, and until when. */
  eventLease: { readonly id: number; readonly until: number } | undefined;
  served: number;
  /** Reads that want a revision which the caches have not come to yet. */
  held: readonly Held[];
  readonly lease: OwnLease;
}
interface Held {
  readonly pending: Pending;
  readonly revision: number;
  readonly until: number;
}

type Then =
  | { readonly step: 'txn'; readonly pending: Pending }
  | { readonly step: 'lease'; readonly pending: Pending; readonly txn: EtcdCall }
  | { readonly step: 'load' }
  | { readonly step: 'watch' }
  | DirectThen
  | { readonly step: 'compact'; readonly revision: number }
  | KubeletThen
  | OwnLeaseThen;

/** Upstream: cacher/watch_cache.go blockTimeout. */
const HOLD_US = 3_000_000;
const COMPACT_EVERY_US = 300_000_000;
const REGISTRY = '/registry/';
const CACHED = kinds
  .filter((kind) => !resourceFor(kind).isUncached)
  .map((kind) => ({ kind, prefix: storagePrefix(kind), resource: resourceNameOf(kind.group, kind.plural) }));
const kindOfFeed = new Map(CACHED.map(({ resource, kind }) => [resource, kind]));

export const kubeApiserver: Component<ApiserverState, ApiserverConfig> = {
  role: 'kube-apiserver',
  start(config, ctx) {
    const resources = new Map(CACHED.map(({ resource }) => [resource, createResourceCache()]));
    const state: ApiserverState = {
      config,
      revision: 0,
      isReady: false,
      resources,
      feeds: new Map(),
      direct: new Map(),
      namesUsed: new Map(),
      eventLease: undefined,
      served: 0,
      held: [],
      lease: ownLease(ctx),
    };
    ctx.send(`${ctx.host}/linux`, {
      protocol: 'listen',
      ns: config.ip,
      name: `kube-system/${config.pod}`,
      ports: [{ proto: 'tcp', port: 6443 }],
    } satisfies Listen);
    // What the last life watched is nobody's now.
    ctx.send(config.etcd, { protocol: 'etcd', verb: 'cancel' } satisfies EtcdCall);
    load(state, ctx);
    ctx.wake(COMPACT_EVERY_US, { compact: 0 }, true);
    ctx.wake(OWN_LEASE_EVERY_US, { lease: true }, true);
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') return woken(state, message, ctx);
    if (message.kind === 'bounced') {
      for (const cache of state.resources.values()) dropWatchers(cache, (w) => w.client === message.from);
      dropDirect(serverOf(state), (w) => w.client === message.from, ctx);
      return;
    }
    if (message.kind === 'send') {
      takeChanges(state, message.body as EtcdWatchEvents, ctx);
      return;
    }
    if (message.kind !== 'call') return;
    const body = message.body as HttpCall | { readonly protocol: 'api' };
    if (body.protocol === 'http') ctx.reply(answerAnonymous(state.isReady, body));
    else serve(state, message, ctx);
  },
  answered(state, answer, then, ctx) {
    const t = then as Then;
    switch (t.step) {
      case 'load':
        if (answer.outcome === 'reply') loaded(state, answer.body as EtcdReply, ctx);
        else ctx.wake(1_000_000, { load: true });
        return;
      case 'watch':
        if (state.isReady) {
          state.isReady = false;
          ctx.wake(1_000_000, { load: true });
        }
        return;
      case 'first':
      case 'direct':
        return directAnswered(serverOf(state), t, answer, ctx);
      case 'compact':
        if (answer.outcome === 'reply') for (const cache of state.resources.values()) forgetBefore(cache, t.revision);
        return;
      case 'own-lease':
        return;
      case 'kubelet':
        return reply(ctx, t.client, kubeletAnswer(answer, t));
      case 'lease': {
        const body = answer.body as EtcdReply | undefined;
        if (body?.verb !== 'leaseGrant')
          return finish(state, t.pending, { code: 500, body: internalError('etcdserver: request timed out') }, ctx);
        state.eventLease = { id: body.lease, until: ctx.now + 60_000_000 };
        return attachAndCommit(state, t.pending, t.txn, ctx);
      }
      case 'txn': {
        const body = answer.body as EtcdReply | undefined;
        if (body?.verb === 'error')
          return proceed(
            state,
            { ...t.pending, answers: [...t.pending.answers, { succeeded: false, revision: state.revision, ranges: [] }] },
            ctx,
          );
        if (body?.verb !== 'txn') return finish(state, t.pending, { code: 500, body: internalError('etcdserver: request timed out') }, ctx);
        // Etcd tells watches first: there is nothing older that the caches have not heard of.
        state.revision = Math.max(state.revision, body.revision);
        if (body.succeeded && t.pending.onSuccess)
          return finish(state, t.pending, shown(state, t.pending, t.pending.onSuccess, body.revision), ctx);
        return proceed(
          state,
          { ...t.pending, answers: [...t.pending.answers, { succeeded: body.succeeded, revision: body.revision, ranges: body.ranges }] },
          ctx,
        );
      }
    }
  },
};

function load(state: ApiserverState, ctx: Context): void {
  const call: EtcdCall = { protocol: 'etcd', verb: 'txn', txn: { compare: [], success: [{ op: 'prefix', key: REGISTRY }], failure: [] } };
  ctx.call(etcdOf(state), call, { step: 'load' } satisfies Then, { deadlineUs: ETCD_TIMEOUT_US });
}
const serverOf = ({
  config,
  direct,
}: ApiserverState): { readonly etcd: string; readonly direct: Map<EventId, Watcher>; readonly epochMs: number } => ({
  etcd: config.etcd,
  direct,
  epochMs: config.epochMs,
});
const etcdOf = (state: ApiserverState): string => state.config.etcd;

function loaded(state: ApiserverState, body: EtcdReply, ctx: Context): void {
  if (body.verb !== 'txn') return;
  for (const cache of state.resources.values()) {
    // Who watched has missed what happened meanwhile: the stream ends, and the client lists again.
    for (const watcher of allWatchers(cache)) endStream(watcher, ctx);
    dropWatchers(cache, () => true);
    cache.objects.clear();
    cache.recent = createLog();
    cache.oldest = body.revision;
  }
  for (const kv of body.ranges[0]) {
    const home = CACHED.find(({ prefix }) => kv.key.startsWith(prefix));
    if (home) {
      const object = stamped(kv.value, kv.modRevision);
      cacheOf(state, home.resource).objects.set(keyOf(object), object);
    }
  }
  state.revision = body.revision;
  state.isReady = true;
  state.feeds.clear();
  for (const { resource, prefix } of CACHED)
    state.feeds.set(
      ctx.call(
        etcdOf(state),
        { protocol: 'etcd', verb: 'watch', prefix, from: body.revision + 1 } satisfies EtcdCall,
        { step: 'watch' } satisfies Then,
      ),
      resource,
    );
  ctx.note({ says: 'apiserver/ready', about: ctx.self, with: { revision: body.revision, objects: body.ranges[0].length } });
}

function cacheOf(state: ApiserverState, resource: string): ResourceCache {
  let cache = state.resources.get(resource);
  if (!cache) {
    cache = createResourceCache();
    state.resources.set(resource, cache);
  }
  return cache;
}

function woken(state: ApiserverState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly compact?: number;
    readonly load?: boolean;
    readonly held?: boolean;
    readonly lease?: boolean;
  } & WatchWake &
    CrowdWake;
  if (body.crowd) {
    const { resource, key } = body.crowd;
    const kind = kindOfFeed.get(resource);
    if (kind) tellCrowd(cacheOf(state, resource), key, kind, state.revision, ctx);
    return;
  }
  if (body.bookmarks) return sendBookmarks(cacheOf(state, body.bookmarks), { resource: body.bookmarks, revision: state.revision }, ctx);
  if (body.close) {
    const { stream, resource } = body.close;
    const cache = state.resources.get(resource);
    return cache ? closeWatch(cache, body.close, ctx) : dropDirect(serverOf(state), (w) => w.stream === stream, ctx, true);
  }
  if (body.lease) {
    ctx.wake(OWN_LEASE_EVERY_US, { lease: true }, true);
    return renewOwnLease(state.lease, state.config.epochMs, ctx);
  }
  if (body.held) return lookAtHeld(state, ctx);
  if (body.load) return load(state, ctx);
  if (body.compact !== undefined) {
    if (body.compact > 0)
      ctx.call(
        etcdOf(state),
        { protocol: 'etcd', verb: 'compact', revision: body.compact } satisfies EtcdCall,
        { step: 'compact', revision: body.compact } satisfies Then,
        { deadlineUs: ETCD_TIMEOUT_US },
      );
    ctx.wake(COMPACT_EVERY_US, { compact: state.revision }, true);
  }
}

/** Etcd says what changed: the cache follows, and every watch that it concerns is told. */
function takeChanges(state: ApiserverState, body: EtcdWatchEvents, ctx: Context): void {
  if (body.protocol !== 'etcd-watch') return;
  state.revision = Math.max(state.revision, body.revision);
  const resource = state.feeds.get(body.watch);
  const kind = resource === undefined ? undefined : kindOfFeed.get(resource);
  if (resource === undefined || !kind) return passOn(serverOf(state), body, ctx);
  const cache = cacheOf(state, resource);
  for (const { type, kv, prev } of body.events) {
    const object = stamped(type === 'delete' ? prev?.value : kv.value, body.revision);
    const old = cache.objects.get(keyOf(object));
    const event: CacheEvent = {
      revision: body.revision,
      type: type === 'delete' ? 'DELETED' : old ? 'MODIFIED' : 'ADDED',
      object,
      ...(old ? { old } : {}),
    };
    applyChange(cache, event);
    letCrowdsKnow(cache, resource, event, ctx);
    watchersFor(cache, event, (watcher) => {
      const said = told(watcher, kind, event);
      if (said) tellWatcher(watcher, kind, said, state.config.epochMs, ctx);
    });
  }
  lookAtHeld(state, ctx);
}

function reply(ctx: Context, client: Client, response: ApiResponse): void {
  ctx.reply({ protocol: 'api', response } satisfies ApiReply, client);
}

function serve(state: ApiserverState, message: Message, ctx: Context): void {
  const { request, as: caller } = message.body as ApiCall;
  const client: Client = { id: message.id, from: message.from };
  const refuse = (status: V1Status): void => reply(ctx, client, { code: status.code ?? 500, body: status });
  state.served++;
  const late = timeoutError(request);
  if (late) return refuse(late);
  const actor = request.impersonate ? impersonated(caller, request.impersonate) : { as: caller };
  if ('status' in actor) return refuse(actor.status);
  const { as } = actor;
  const info = requestInfo(request);
  if (!info) {
    const denied = unservedRefusal(as, request);
    if (denied) return refuse(denied);
    const found =
      reviewAccess(as, request, viewOf(state, ctx.now)) ??
      discover(request, { isReady: state.isReady, address: `${state.config.ip}:6443` });
    return found ? reply(ctx, client, found) : refuse(genericNotFound());
  }
  if (!state.isReady) return refuse(serviceUnavailable('apiserver not ready'));
  const denied = refusal(
    as,
    request.query?.fieldSelector === undefined ? info : { ...info, fields: request.query.fieldSelector },
    viewOf(state, ctx.now),
  );
  if (denied) {
    ctx.note({
      says: 'apiserver/forbidden',
      about: `${info.resource}/${info.namespace ?? ''}/${info.name ?? ''}`,
      with: { user: as.user, verb: info.verb },
    });
    return refuse(denied);
  }
  const early = refusalBefore(info, request);
  if (early) return refuse(early);
  if (info.verb === 'watch' && resourceFor(info.kind).isUncached) return openDirect(serverOf(state), client, request, info, ctx);
  if (info.verb === 'watch')
    return openWatch(
      { cache: cacheOf(state, info.resource), revision: state.revision, nowMs: state.config.epochMs + Math.floor(ctx.now / 1000) },
      client,
      request,
      info,
      ctx,
    );
  const seen =
    info.verb === 'list' && request.concern ? glance(cacheOf(state, info.resource), info.kind, request, state.revision, ctx) : undefined;
  if (seen) return reply(ctx, client, seen);
  if (info.subresource === 'log' || info.subresource === 'exec')
    return proxyToKubelet({ view: viewOf(state, ctx.now), info, request, client, ctx, refuse });
  proceed(
    state,
    {
      client,
      request,
      as,
      answers: [],
      lot: `${info.resource}/${info.namespace ?? ''}/${info.name ?? ''}`,
      at: ctx.now,
      use: useOf(state, request),
    },
    ctx,
  );
}

/** Decides the request with what is known by now; commits, or answers. */
function proceed(state: ApiserverState, pending: Pending, ctx: Context): void {
  const info = requestInfo(pending.request);
  if (!info) return;
  const decision = decide({
    request: pending.request,
    info,
    as: pending.as,
    view: viewOf(state, pending.at),
    answers: pending.answers,
    lots: lotsOf(pending, ctx),
  });
  for (const note of decision.notes ?? []) ctx.note(note);
  if ('answer' in decision) return finish(state, pending, decision.answer, ctx);
  if ('awaits' in decision) return hold(state, pending, decision.awaits, ctx);
  if ('each' in decision) return deleteNext(state, { whole: pending, each: decision.each, list: decision.list, done: 0 }, ctx);
  const { client, request, as, answers, lot, at, use, within } = pending;
  const next: Pending = {
    client,
    request,
    as,
    answers,
    lot,
    at,
    use,
    ...(decision.onSuccess ? { onSuccess: decision.onSuccess } : {}),
    ...(within ? { within } : {}),
  };
  const txn: EtcdCall = { protocol: 'etcd', verb: 'txn', txn: decision.commit };
  if (decision.ttlSeconds === undefined) {
    ctx.call(etcdOf(state), txn, { step: 'txn', pending: next } satisfies Then, { deadlineUs: ETCD_TIMEOUT_US });
    return;
  }
  if (state.eventLease && state.eventLease.until > ctx.now) return attachAndCommit(state, next, txn, ctx);
  ctx.call(
    etcdOf(state),
    { protocol: 'etcd', verb: 'leaseGrant', ttlSeconds: decision.ttlSeconds } satisfies EtcdCall,
    { step: 'lease', pending: next, txn } satisfies Then,
    { deadlineUs: ETCD_TIMEOUT_US },
  );
}

function hold(state: ApiserverState, pending: Pending, revision: number, ctx: Context): void {
  state.held = [...state.held, Object.freeze({ pending, revision, until: ctx.now + HOLD_US })];
  ctx.wake(HOLD_US, { held: true });
}

/** Those that waited long enough are refused, and those that need not wait any more are decided. */
function lookAtHeld(state: ApiserverState, ctx: Context): void {
  if (state.held.length === 0) return;
  const isDue = ({ revision, until }: Held): boolean => revision <= state.revision || until <= ctx.now;
  const due = state.held.filter(isDue);
  state.held = state.held.filter((held) => !isDue(held));
  for (const { pending, revision } of due)
    if (revision <= state.revision) proceed(state, pending, ctx);
    else finish(state, pending, { code: 504, body: tooLargeVersion(revision, state.revision) }, ctx);
}

function finish(state: ApiserverState, pending: Pending, response: ApiResponse, ctx: Context): void {
  const { within } = pending;
  if (within && (response.code < 400 || response.code === 404)) return deleteNext(state, { ...within, done: within.done + 1 }, ctx);
  reply(ctx, pending.client, inShape(state, pending, response, ctx));
}

function deleteNext(state: ApiserverState, within: Collection, ctx: Context): void {
  const { whole, each, list, done } = within;
  const info = requestInfo(whole.request);
  if (!info || done === each.length) return finish(state, whole, { code: 200, body: list }, ctx);
  const { namespace, name } = each[done].metadata ?? {};
  const { group, version, plural } = info.kind;
  const request: ApiRequest = Object.freeze({
    ...whole.request,
    path: pathOf({ group, version, plural, ...(namespace ? { namespace } : {}), name: name ?? '' }),
  });
  proceed(state, { ...whole, request, answers: [], lot: `${info.resource}/${namespace ?? ''}/${name}`, at: ctx.now, within }, ctx);
}

function inShape(state: ApiserverState, { request }: Pending, response: ApiResponse, ctx: Context): ApiResponse {
  const info = request.accept === undefined ? undefined : requestInfo(request);
  return info ? encoded(response, { request, kind: info.kind, nowMs: state.config.epochMs + Math.floor(ctx.now / 1000) }) : response;
}

/** What a write that went through shows: the very object that watches were told of, when etcd has told it already. */
function shown(state: ApiserverState, pending: Pending, { code, object, body, warnings }: OnSuccess, revision: number): ApiResponse {
  const info = requestInfo(pending.request);
  const special = info?.subresource === undefined ? undefined : resourceFor(info.kind).subresources?.[info.subresource];
  const told = info && object ? state.resources.get(info.resource)?.objects.get(keyOf(object)) : undefined;
  const written = told?.metadata?.resourceVersion === String(revision) ? told : object && stamped(object, revision);
  return { code, body: written ? (special ? special.show(written) : written) : body, ...(warnings ? { warnings } : {}) };
}

function attachAndCommit(state: ApiserverState, pending: Pending, call: EtcdCall, ctx: Context): void {
  if (call.verb !== 'txn') return;
  const lease = state.eventLease?.id ?? 0;
  const { compare, success, failure } = call.txn;
  ctx.call(
    etcdOf(state),
    {
      protocol: 'etcd',
      verb: 'txn',
      txn: { compare, success: success.map((op) => (op.op === 'put' ? { op: op.op, key: op.key, value: op.value, lease } : op)), failure },
    } satisfies EtcdCall,
    { step: 'txn', pending } satisfies Then,
    { deadlineUs: ETCD_TIMEOUT_US },
  );
}

function viewOf(state: ApiserverState, nowUs: number): ServerView {
  return {
    revision: state.revision,
    serviceCIDR: state.config.serviceCIDR,
    now: rfc3339(state.config.epochMs + Math.floor(nowUs / 1000)),
    get: <O extends KubeObject>(resource: string, key: string) => state.resources.get(resource)?.objects.get(key) as O | undefined,
    listAt: (resource, revision) => {
      const cache = state.resources.get(resource);
      return cache && objectsAt(cache, revision);
    },
    list: <O extends KubeObject>(resource: string) => (state.resources.get(resource)?.objects.values() ?? []) as Iterable<O>,
  };
}

function lotsOf(pending: Pending, ctx: Context): Lots {
  return {
    below: (what, n) =>
      ctx.draw(`${what}/${(pending.request.body as KubeObject | undefined)?.metadata?.name ?? ''}/${pending.lot}`).below(n),
    suffix: (base, attempt) => {
      const rng = ctx.draw(`name/${pending.lot}/${base}/${pending.use}/${attempt}`);
      return safeSuffix((n) => rng.below(n));
    },
    uid: (key) => {
      const rng = ctx.draw(`uid/${key}/${pending.at}`);
      return uuid((n) => rng.below(n));
    },
  };
}

/** Counts the uses of a base, so that two requests at once draw different names. */
function useOf(state: ApiserverState, request: ApiRequest): number {
  const base = request.method === 'POST' ? (request.body as KubeObject | undefined)?.metadata?.generateName : undefined;
  if (base === undefined) return 0;
  const use = state.namesUsed.get(`${request.path}${base}`) ?? 0;
  state.namesUsed.set(`${request.path}${base}`, use + 1);
  return use;
}
