/** The caches follow etcd: all that is there is read at the start, and then each change as etcd tells it; every watch that it concerns is told. Upstream: staging/src/k8s.io/apiserver/pkg/storage/cacher. */
import { keyOf } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import { ETCD_TIMEOUT_US, type EtcdCall, type EtcdReply, type EtcdWatchEvents } from '../etcd/protocol.ts';
import { stamped } from './decision.ts';
import { letCrowdsKnow } from './crowds.ts';
import { createLog } from '../../lib/log.ts';
import { passOn } from './direct-watches.ts';
import { endStream, tellWatcher } from './watches.ts';
import { allWatchers, applyChange, dropWatchers, told, watchersFor, type CacheEvent } from './watch-cache.ts';
import { type ApiserverState, type Then, CACHED, kindOfFeed, serverOf, etcdOf, cacheOf } from './server-state.ts';
import { lookAtHeld } from './proceed.ts';

const REGISTRY = '/registry/';

export function load(state: ApiserverState, ctx: Context): void {
  const call: EtcdCall = { protocol: 'etcd', verb: 'txn', txn: { compare: [], success: [{ op: 'prefix', key: REGISTRY }], failure: [] } };
  ctx.call(etcdOf(state), call, { step: 'load' } satisfies Then, { deadlineUs: ETCD_TIMEOUT_US });
}

export function loaded(state: ApiserverState, body: EtcdReply, ctx: Context): void {
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

/** Etcd says what changed: the cache follows, and every watch that it concerns is told. */
export function takeChanges(state: ApiserverState, body: EtcdWatchEvents, ctx: Context): void {
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
