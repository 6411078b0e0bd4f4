/**
 * etcd: the only place where the cluster remembers. It knows keys and revisions, and nothing of Kubernetes.
 * Upstream: etcd-io/etcd server/etcdserver (v3.6). Simplified: a single member, so no Raft round before a write counts.
 */
import type { Component, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import { openHealthPort, pageAt } from '../network/health-port.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import type { EtcdCall, EtcdEvent, EtcdReply, EtcdWatchEvents } from './protocol.ts';
import { changesFrom, compact, createStore, expireLeases, grantLease, transact, type Change, type Store } from './store.ts';

export interface EtcdConfig {
  /** Prefixes whose changes are periodic chatter. */
  readonly heartbeatPrefixes: readonly string[];
  readonly ip: string;
  readonly pod: string;
}
interface Watcher {
  readonly id: EventId;
  readonly client: string;
  readonly prefix: string;
  readonly from: number;
}
export interface EtcdState {
  readonly store: Store;
  watchers: Watcher[];
  readonly heartbeatPrefixes: readonly string[];
}

const LEASE_CHECK_US = 30_000_000;

export const etcd: Component<EtcdState, EtcdConfig> = {
  role: 'etcd',
  start(config, ctx, disk) {
    openHealthPort(ctx, { ...config, port: 2381 });
    ctx.wake(LEASE_CHECK_US, 'leases', true);
    return { store: (disk as Store | undefined) ?? createStore(), watchers: [], heartbeatPrefixes: config.heartbeatPrefixes };
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') {
      for (const change of expireLeases(state.store, ctx.now)) publish(state, change, ctx);
      ctx.wake(LEASE_CHECK_US, 'leases', true);
      return;
    }
    if (message.kind === 'bounced') {
      state.watchers = state.watchers.filter((w) => w.client !== message.from);
      return;
    }
    if (message.kind !== 'call' && message.kind !== 'send') return;
    const asked = message.body as EtcdCall | HttpCall;
    if (asked.protocol === 'http') return void ctx.reply(pageAt(HEALTH, asked));
    serve(state, asked, { id: message.id, from: message.from }, ctx);
  },
  disk: (state) => state.store,
};

/** Upstream: kubeadm's --listen-metrics-urls=http://127.0.0.1:2381; server/etcdserver/api/etcdhttp/health.go. Simplified: no metrics. */
const HEALTH = { '/health': '{"health":"true","reason":""}', '/livez': 'ok', '/readyz': 'ok' };

function serve(state: EtcdState, call: EtcdCall, client: { readonly id: EventId; readonly from: string }, ctx: Context): void {
  const { store } = state;
  const reply = (body: EtcdReply) => ctx.reply(body);
  switch (call.verb) {
    case 'txn': {
      const result = transact(store, call.txn);
      if (result.error !== undefined) {
        reply({ protocol: 'etcd', verb: 'error', message: result.error });
        return;
      }
      if (result.change) publish(state, result.change, ctx);
      reply({ protocol: 'etcd', verb: 'txn', succeeded: result.succeeded, revision: store.revision, ranges: result.ranges });
      return;
    }
    case 'watch': {
      const missed = changesFrom(store, call.prefix, call.from);
      if (typeof missed === 'string') {
        reply({ protocol: 'etcd', verb: 'error', message: missed });
        return;
      }
      state.watchers.push({ id: client.id, client: client.from, prefix: call.prefix, from: call.from });
      for (const change of missed) ctx.send(client.from, { protocol: 'etcd-watch', watch: client.id, ...change } satisfies EtcdWatchEvents);
      return;
    }
    case 'cancel':
      state.watchers = state.watchers.filter((watcher) =>
        call.watch === undefined ? watcher.client !== client.from : watcher.id !== call.watch,
      );
      return;
    case 'leaseGrant':
      reply({ protocol: 'etcd', verb: 'leaseGrant', lease: grantLease(store, ctx.now, call.ttlSeconds) });
      return;
    case 'compact': {
      const message = compact(store, call.revision);
      reply(message === undefined ? { protocol: 'etcd', verb: 'compact' } : { protocol: 'etcd', verb: 'error', message });
    }
  }
}

const NONE: readonly EtcdEvent[] = [];
/** Nearly every change is of one key. */
function under(prefix: string, events: readonly EtcdEvent[]): readonly EtcdEvent[] {
  if (events.length === 1) return events[0].kv.key.startsWith(prefix) ? events : NONE;
  const mine = events.filter((event) => event.kv.key.startsWith(prefix));
  return mine.length === events.length ? events : mine;
}

/** Says what changed: to the trace, and to everyone who watches. */
function publish(state: EtcdState, change: Change, ctx: Context): void {
  for (const { kv, type } of change.events) {
    ctx.commit(
      kv.key,
      change.revision,
      type === 'delete' ? undefined : kv.value,
      state.heartbeatPrefixes.some((prefix) => kv.key.startsWith(prefix)),
    );
  }
  for (const watcher of state.watchers) {
    if (change.revision < watcher.from) continue;
    const events = under(watcher.prefix, change.events);
    if (events.length > 0)
      ctx.send(watcher.client, { protocol: 'etcd-watch', watch: watcher.id, revision: change.revision, events } satisfies EtcdWatchEvents);
  }
}
