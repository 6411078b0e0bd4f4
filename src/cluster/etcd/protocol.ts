/** etcd's client API, as far as an apiserver uses it. Upstream: etcd-io/etcd api/etcdserverpb/rpc.proto (v3.6). Values are objects, never bytes. */
import type { EventId } from '../../kernel/message.ts';

export interface KeyValue {
  readonly key: string;
  readonly value: unknown;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: number;
}

/** How long an apiserver waits for an answer. */
export const ETCD_TIMEOUT_US = 30_000_000;

/** modRevision 0: the key does not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: number;
}
export type Op =
  | { readonly op: 'put'; readonly key: string; readonly value: unknown; readonly lease?: number }
  | { readonly op: 'delete'; readonly key: string }
  | { readonly op: 'range'; readonly key: string }
  | { readonly op: 'prefix'; readonly key: string; /** As they were then; now when absent. */ readonly revision?: number };
export interface Txn {
  readonly compare: readonly Compare[];
  readonly success: readonly Op[];
  readonly failure: readonly Op[];
}

export type EtcdCall = { readonly protocol: 'etcd' } & (
  | { readonly verb: 'txn'; readonly txn: Txn }
  | { readonly verb: 'watch'; readonly prefix: string; /** The first revision wanted. */ readonly from: number }
  | { readonly verb: 'cancel'; /** The call that opened it; without, all of this client's. */ readonly watch?: EventId }
  | { readonly verb: 'leaseGrant'; readonly ttlSeconds: number }
  | { readonly verb: 'compact'; readonly revision: number }
);

export type EtcdReply = { readonly protocol: 'etcd' } & (
  | {
      readonly verb: 'txn';
      readonly succeeded: boolean;
      readonly revision: number;
      /** One list a range op, in order. */
      readonly ranges: readonly (readonly KeyValue[])[];
    }
  | { readonly verb: 'leaseGrant'; readonly lease: number }
  | { readonly verb: 'compact' }
  | { readonly verb: 'error'; readonly message: string }
);

export interface EtcdEvent {
  readonly type: 'put' | 'delete';
  readonly kv: KeyValue;
  readonly prev?: KeyValue;
}
/** All changes of one revision; `watch` is the id of the call that opened it. */
export interface EtcdWatchEvents {
  readonly protocol: 'etcd-watch';
  readonly watch: EventId;
  readonly revision: number;
  readonly events: readonly EtcdEvent[];
}
