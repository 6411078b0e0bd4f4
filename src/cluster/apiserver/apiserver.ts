/**
 * kube-apiserver: the front door. It authenticates, authorizes, decides, and is the only one that talks to etcd.
 * Upstream: cmd/kube-apiserver, staging/src/k8s.io/apiserver (v1.36). Simplified: one version a kind; TLS is a line in a note.
 */
import type { Listen } from '../network/packet.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import { answerAnonymous } from './anonymous.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { ETCD_TIMEOUT_US, type EtcdCall, type EtcdReply, type EtcdWatchEvents } from '../etcd/protocol.ts';
import { late } from '../late.ts';
import { OWN_LEASE_EVERY_US, ownLease, renewOwnLease } from './own-lease.ts';
import { keepOwnService, OWN_SERVICE_EVERY_US } from './own-service.ts';
import { tellCrowd, type CrowdWake } from './crowds.ts';
import { directAnswered, dropDirect } from './direct-watches.ts';
import { closeWatch, sendBookmarks, type WatchWake } from './watches.ts';
import { createResourceCache, dropWatchers, forgetBefore } from './watch-cache.ts';
import { cacheOf, CACHED, etcdOf, kindOfFeed, serverOf, type ApiserverConfig, type ApiserverState, type Then } from './server-state.ts';
import { load, loaded, takeChanges } from './feed.ts';
import { committed, leaseGranted, lookAtHeld, reply } from './proceed.ts';
import { serve } from './serve.ts';

const COMPACT_EVERY_US = 300_000_000;

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
    ctx.wake(OWN_SERVICE_EVERY_US, { service: true }, true);
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
      case 'own-service':
        return;
      case 'kubelet':
        return reply(ctx, t.client, late().kubeletAnswer(answer, t));
      case 'lease':
        return leaseGranted(state, t, answer.body as EtcdReply | undefined, ctx);
      case 'txn':
        return committed(state, t.pending, answer.body as EtcdReply | undefined, ctx);
    }
  },
};

function woken(state: ApiserverState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly compact?: number;
    readonly load?: boolean;
    readonly held?: boolean;
    readonly lease?: boolean;
    readonly service?: boolean;
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
  if (body.service) {
    ctx.wake(OWN_SERVICE_EVERY_US, { service: true }, true);
    return keepOwnService(state, ctx);
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
