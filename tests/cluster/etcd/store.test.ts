/** etcd's promises. Source: etcd-io/etcd Documentation/learning/api_guarantees, server/storage/mvcc/{kvstore,watchable_store}_test.go, server/lease/lessor_test.go (v3.6). */
import { describe, expect, it } from 'vitest';
import type { Op, Txn } from '../../../src/cluster/etcd/protocol.ts';
import {
  changesFrom,
  compact,
  createStore,
  expireLeases,
  grantLease,
  rangeAt,
  rangePrefix,
  transact,
  type Store,
} from '../../../src/cluster/etcd/store.ts';

const put = (key: string, value: unknown, lease?: number): Op => ({ op: 'put', key, value, ...(lease === undefined ? {} : { lease }) });
const run = (store: Store, ...success: Op[]) => transact(store, { compare: [], success, failure: [] } satisfies Txn);
const seconds = (n: number): number => n * 1_000_000;

describe('revisions', () => {
  it('count changes of the whole store; a key keeps where it was created and how often it was written', () => {
    const store = createStore();
    run(store, put('/a', 1));
    run(store, put('/b', 1));
    run(store, put('/a', 2));
    expect(store.revision).toBe(4);
    expect(store.keys.get('/a')).toMatchObject({ createRevision: 2, modRevision: 4, version: 2, value: 2 });
  });

  it('are shared by all writes of one transaction, and not spent on reads or on deletes of nothing', () => {
    const store = createStore();
    const { change } = run(store, put('/a', 1), put('/b', 1));
    expect(change?.events.map((e) => [e.kv.key, e.kv.modRevision])).toEqual([
      ['/a', 2],
      ['/b', 2],
    ]);
    expect(run(store, { op: 'range', key: '/a' }).ranges[0][0].value).toBe(1);
    expect(run(store, { op: 'delete', key: '/none' }).change).toBeUndefined();
    expect(store.revision).toBe(2);
  });

  it('start again from version 1 when a key is deleted and put back', () => {
    const store = createStore();
    run(store, put('/a', 1));
    run(store, { op: 'delete', key: '/a' });
    run(store, put('/a', 2));
    expect(store.keys.get('/a')).toMatchObject({ createRevision: 4, version: 1 });
  });
});

describe('transactions', () => {
  it('compare the revision of a key, 0 meaning that there is none, and run the other branch when it differs', () => {
    const store = createStore();
    const create: Txn = { compare: [{ key: '/a', modRevision: 0 }], success: [put('/a', 1)], failure: [{ op: 'range', key: '/a' }] };
    expect(transact(store, create).succeeded).toBe(true);
    const again = transact(store, create);
    expect(again).toMatchObject({ succeeded: false });
    expect(again.ranges[0][0]).toMatchObject({ key: '/a', value: 1, modRevision: 2 });
    expect(again.change).toBeUndefined();
  });
});

describe('history', () => {
  const filled = (): Store => {
    const store = createStore();
    run(store, put('/x/a', 1));
    run(store, put('/x/b', 1));
    run(store, { op: 'delete', key: '/x/a' });
    run(store, put('/y', 1));
    return store;
  };

  it('can be read at any revision since the last compaction', () => {
    const store = filled();
    const at = (revision: number): unknown => {
      const kvs = rangeAt(store, '/x/', revision);
      return typeof kvs === 'string' ? kvs : kvs.map((kv) => kv.key);
    };
    expect([at(2), at(3), at(4)]).toEqual([['/x/a'], ['/x/a', '/x/b'], ['/x/b']]);
    expect(at(99)).toMatch(/future revision/);
    expect(compact(store, 3)).toBeUndefined();
    expect(at(2)).toMatch(/compacted/);
    expect(at(3)).toEqual(['/x/a', '/x/b']);
  });

  it('is watched from a revision: nothing missed, nothing twice, nothing of another prefix', () => {
    const changes = changesFrom(filled(), '/x/', 3);
    expect(typeof changes === 'string' ? changes : changes.map((c) => [c.revision, c.events.map((e) => `${e.type} ${e.kv.key}`)])).toEqual([
      [3, ['put /x/b']],
      [4, ['delete /x/a']],
    ]);
  });

  it('cannot be watched or compacted before its compaction', () => {
    const store = filled();
    compact(store, 4);
    expect(changesFrom(store, '/', 4)).toMatch(/compacted/);
    expect(typeof changesFrom(store, '/', 5)).toBe('object');
    expect(compact(store, 4)).toMatch(/compacted/);
    expect(compact(store, 99)).toMatch(/future/);
    expect(
      rangePrefix(store, '/').map((kv) => kv.key),
      'the newest state stays',
    ).toEqual(['/x/b', '/y']);
  });
});

describe('leases', () => {
  it('take their keys with them, in one revision', () => {
    const store = createStore();
    const lease = grantLease(store, 0, 10);
    run(store, put('/e/b', 1, lease), put('/e/a', 1, lease));
    expect(expireLeases(store, seconds(9))).toEqual([]);
    const [change] = expireLeases(store, seconds(10));
    expect(change.events.map((e) => [e.type, e.kv.key])).toEqual([
      ['delete', '/e/a'],
      ['delete', '/e/b'],
    ]);
    expect(store.keys.size).toBe(0);
  });

  it('let go of a key that is put again without them', () => {
    const store = createStore();
    const lease = grantLease(store, 0, 10);
    run(store, put('/a', 1, lease));
    run(store, put('/a', 2));
    expect(expireLeases(store, seconds(60))).toEqual([]);
    expect(store.keys.get('/a')?.value).toBe(2);
  });
});
