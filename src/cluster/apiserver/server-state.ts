/** What the apiserver holds: its caches of etcd, the requests that are under way, and how they are seen by who decides. */
import { kinds } from '../../api/registry.ts';
import { resourceNameOf } from '../../api/paths.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { EventId } from '../../kernel/message.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Identity } from '../client/identity.ts';
import type { EtcdCall } from '../etcd/protocol.ts';
import type { OnSuccess, TxnAnswer } from './decision.ts';
import type { OwnLease, OwnLeaseThen } from './own-lease.ts';
import type { OwnServiceThen } from './own-service.ts';
import type { KubeletThen } from './kubelet-proxy.ts';
import { resourceFor } from './resources/registry.ts';
import { storagePrefix } from './storage-key.ts';
import type { ServerView } from './view.ts';
import type { DirectThen } from './direct-watches.ts';
import type { Client } from './watches.ts';
import { createResourceCache, objectsAt, type ResourceCache, type Watcher } from './watch-cache.ts';

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

export interface Pending {
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

export interface Collection {
  readonly whole: Pending;
  readonly each: readonly KubeObject[];
  readonly list: unknown;
  readonly done: number;
}

export interface Held {
  readonly pending: Pending;
  readonly revision: number;
  readonly until: number;
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

export type Then =
  | { readonly step: 'txn'; readonly pending: Pending }
  | { readonly step: 'lease'; readonly pending: Pending; readonly txn: EtcdCall }
  | { readonly step: 'load' }
  | { readonly step: 'watch' }
  | DirectThen
  | { readonly step: 'compact'; readonly revision: number }
  | KubeletThen
  | OwnLeaseThen
  | OwnServiceThen;

export const CACHED = kinds
  .filter((kind) => !resourceFor(kind).isUncached)
  .map((kind) => ({ kind, prefix: storagePrefix(kind), resource: resourceNameOf(kind.group, kind.plural) }));

export const kindOfFeed = new Map(CACHED.map(({ resource, kind }) => [resource, kind]));
export const etcdOf = (state: ApiserverState): string => state.config.etcd;

export const serverOf = ({
  config,
  direct,
}: ApiserverState): { readonly etcd: string; readonly direct: Map<EventId, Watcher>; readonly epochMs: number } => ({
  etcd: config.etcd,
  direct,
  epochMs: config.epochMs,
});

export function cacheOf(state: ApiserverState, resource: string): ResourceCache {
  let cache = state.resources.get(resource);
  if (!cache) {
    cache = createResourceCache();
    state.resources.set(resource, cache);
  }
  return cache;
}

export function viewOf(state: ApiserverState, nowUs: number): ServerView {
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
