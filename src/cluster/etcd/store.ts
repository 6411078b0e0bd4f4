/**
 * etcd's multi-version store: every change gets the next revision, and history back to the last compaction can be read and watched.
 * Upstream: etcd-io/etcd server/storage/mvcc (v3.6). Simplified: one member, history is a list of changes and not a tree of versions.
 */
import { assert } from '../../lib/assert.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { append, createLog, itemsOf, logOf, type Log } from '../../lib/log.ts';
import type { Compare, EtcdEvent, KeyValue, Op, Txn } from './protocol.ts';

export interface Change {
  readonly revision: number;
  readonly events: readonly EtcdEvent[];
}

export interface Store {
  revision: number;
  compacted: number;
  readonly keys: LayeredMap<KeyValue>;
  /** Changes after `compacted`, oldest first. */
  history: Log<Change>;
  nextLease: number;
  /** Lease → when it ends, in virtual µs, and the keys attached to it. */
  readonly leases: Map<number, { readonly endsAt: number; readonly keys: LayeredMap<true> }>;
}

export function createStore(): Store {
  return { revision: 1, compacted: 0, keys: new LayeredMap(), history: createLog(), nextLease: 1, leases: new Map() };
}

export interface TxnResult {
  readonly succeeded: boolean;
  readonly ranges: readonly (readonly KeyValue[])[];
  readonly change?: Change;
  /** A moment was asked for that is gone or to come; nothing was done. */
  readonly error?: string;
}

/** Runs a transaction: all compares hold → success, else failure; all its writes share one new revision. */
export function transact(store: Store, txn: Txn): TxnResult {
  const succeeded = txn.compare.every((compare) => holds(store, compare));
  const ops = succeeded ? txn.success : txn.failure;
  let ranges: (readonly KeyValue[])[] = NO_RANGES;
  const events: EtcdEvent[] = [];
  const revision = store.revision + 1;
  for (const op of ops) {
    if (op.op === 'range') ranges = [...ranges, listOf(store.keys.get(op.key))];
    else if (op.op === 'prefix') {
      const found = op.revision === undefined ? rangePrefix(store, op.key) : rangeAt(store, op.key, op.revision);
      if (typeof found === 'string') return { succeeded: false, ranges: NO_RANGES, error: found };
      ranges = [...ranges, found];
    } else write(store, op, revision, events);
  }
  if (events.length === 0) return { succeeded, ranges };
  store.revision = revision;
  const change: Change = Object.freeze({ revision, events: Object.freeze(events) });
  append(store.history, change);
  return { succeeded, ranges, change };
}

/** Shared, since every answer keeps its own in the trace. */
const NO_RANGES: (readonly KeyValue[])[] = [];
Object.freeze(NO_RANGES);
const listOf = (kv: KeyValue | undefined): readonly KeyValue[] => (kv ? [kv] : []);
const holds = (store: Store, compare: Compare): boolean => (store.keys.get(compare.key)?.modRevision ?? 0) === compare.modRevision;

function write(store: Store, op: Extract<Op, { op: 'put' | 'delete' }>, revision: number, events: EtcdEvent[]): void {
  const prev = store.keys.get(op.key);
  if (op.op === 'delete') {
    if (!prev) return;
    store.keys.delete(op.key);
    detach(store, prev);
    events.push(
      Object.freeze({ type: 'delete', kv: Object.freeze({ ...prev, value: undefined, modRevision: revision, version: 0 }), prev }),
    );
    return;
  }
  const lease = op.lease ?? 0;
  const kv: KeyValue = Object.freeze({
    key: op.key,
    value: op.value,
    createRevision: prev?.createRevision ?? revision,
    modRevision: revision,
    version: (prev?.version ?? 0) + 1,
    lease,
  });
  if (prev && prev.lease !== lease) detach(store, prev);
  if (lease > 0) {
    const holder = store.leases.get(lease);
    assert(holder, `requested lease not found: ${lease}`);
    holder.keys.set(op.key, true);
  }
  store.keys.set(op.key, kv);
  events.push(Object.freeze({ type: 'put', kv, ...(prev ? { prev } : {}) }));
}

function detach(store: Store, kv: KeyValue): void {
  if (kv.lease > 0) store.leases.get(kv.lease)?.keys.delete(kv.key);
}

/** The live keys under a prefix, in key order. */
export function rangePrefix(store: Store, prefix: string): readonly KeyValue[] {
  const found: KeyValue[] = [];
  for (const kv of store.keys.values()) if (kv.key.startsWith(prefix)) found.push(kv);
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The keys under a prefix as they were at a revision; an error text when that is compacted or in the future. */
export function rangeAt(store: Store, prefix: string, revision: number): readonly KeyValue[] | string {
  if (revision < store.compacted) return 'etcdserver: mvcc: required revision has been compacted';
  if (revision > store.revision) return 'etcdserver: mvcc: required revision is a future revision';
  const keys = new Map<string, KeyValue>();
  for (const kv of rangePrefix(store, prefix)) keys.set(kv.key, kv);
  for (const change of [...itemsOf(store.history)].reverse()) {
    if (change.revision <= revision) break;
    for (const event of [...change.events].reverse()) {
      if (!event.kv.key.startsWith(prefix)) continue;
      if (event.prev) keys.set(event.kv.key, event.prev);
      else keys.delete(event.kv.key);
    }
  }
  return [...keys.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Changes under a prefix from a revision on; an error text when history does not reach back that far. */
export function changesFrom(store: Store, prefix: string, from: number): readonly Change[] | string {
  if (from <= store.compacted) return 'etcdserver: mvcc: required revision has been compacted';
  const changes: Change[] = [];
  for (const change of itemsOf(store.history)) {
    if (change.revision < from) continue;
    const events = change.events.filter((event) => event.kv.key.startsWith(prefix));
    if (events.length > 0) changes.push({ revision: change.revision, events });
  }
  return changes;
}

export function compact(store: Store, revision: number): string | undefined {
  if (revision <= store.compacted) return 'etcdserver: mvcc: required revision has been compacted';
  if (revision > store.revision) return 'etcdserver: mvcc: required revision is a future revision';
  store.compacted = revision;
  store.history = logOf(itemsOf(store.history).filter((change) => change.revision > revision));
  return undefined;
}

export function grantLease(store: Store, nowUs: number, ttlSeconds: number): number {
  const lease = store.nextLease++;
  store.leases.set(lease, { endsAt: nowUs + ttlSeconds * 1_000_000, keys: new LayeredMap() });
  return lease;
}

/** Ends the leases that are due, and deletes what was attached to them. */
export function expireLeases(store: Store, nowUs: number): readonly Change[] {
  const changes: Change[] = [];
  for (const [lease, { endsAt, keys }] of store.leases) {
    if (endsAt > nowUs) continue;
    store.leases.delete(lease);
    const { change } = transact(store, {
      compare: [],
      success: [...keys.keys()].sort((a, b) => (a < b ? -1 : 1)).map((key) => ({ op: 'delete', key })),
      failure: [],
    });
    if (change) changes.push(change);
  }
  return changes;
}
