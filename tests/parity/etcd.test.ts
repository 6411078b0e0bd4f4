/**
 * The store against a real etcd: 400 random transactions, reads of the past, compactions and watches, answered by both. The record is of the etcd named in it; where one is
 * installed (or named by ETCD_PATH) it is asked again. `ORRERY_RECORD=1` writes the record anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KeyValue, Op } from '../../src/cluster/etcd/protocol.ts';
import { changesFrom, compact, createStore, rangeAt, transact } from '../../src/cluster/etcd/store.ts';
import { createRng } from '../soak/dice.ts';
import { askEtcd, etcdVersion, type EtcdStep } from './real-etcd.mjs';

const FILE = new URL('etcd.recorded.json', import.meta.url);

function stepsOf(seed: number): readonly EtcdStep[] {
  const die = createRng(seed);
  const key = (): string => `/registry/${die.pick(['pods', 'services'])}/${die.pick(['a', 'b', 'c', 'ab'])}`;
  let value = 0;
  const op = (): Op =>
    die.pick<() => Op>([
      () => ({ op: 'put', key: key(), value: `v${value++}` }),
      () => ({ op: 'delete', key: key() }),
      () => ({ op: 'range', key: key() }),
      () => ({ op: 'prefix', key: '/registry/pods/' }),
    ])();
  /** etcd refuses a transaction that writes one key twice. */
  const ops = (): readonly Op[] => {
    const some = Array.from({ length: 1 + die.below(3) }, op);
    return some.filter(
      (o, i) =>
        o.op === 'range' || o.op === 'prefix' || !some.slice(0, i).some((p) => p.key === o.key && (p.op === 'put' || p.op === 'delete')),
    );
  };
  const mods = new Map<string, number>();
  const steps: EtcdStep[] = [];
  const shadow = createStore();
  for (let i = 0; i < 400; i++) {
    const kind = die.below(20);
    if (kind === 0) steps.push({ do: 'rangeAt', prefix: '/registry/', revision: 1 + die.below(shadow.revision + 3) });
    else if (kind === 1 && i > 100) {
      const revision = Math.max(1, shadow.revision - die.below(60) + 2);
      steps.push({ do: 'compact', revision });
      compact(shadow, revision);
    } else {
      const compares =
        die.below(2) === 0
          ? []
          : [{ key: key(), modRevision: 0 }].map((c) => ({ ...c, modRevision: die.below(2) === 0 ? 0 : (mods.get(c.key) ?? 0) }));
      const txn = { compare: compares, success: ops(), failure: ops() };
      steps.push({ do: 'txn', txn });
      transact(shadow, txn);
      for (const kv of shadow.keys.values()) mods.set(kv.key, kv.modRevision);
    }
  }
  return [
    ...steps,
    { do: 'watch', prefix: '/registry/pods/', from: shadow.compacted + 1 },
    { do: 'watch', prefix: '/registry/', from: shadow.revision - 20 },
    ...(shadow.compacted > 1 ? [{ do: 'watch', prefix: '/registry/', from: 1 } as const] : []),
  ];
}

const shown = (kv: KeyValue) => ({
  key: kv.key,
  value: String(kv.value),
  create: kv.createRevision,
  mod: kv.modRevision,
  version: kv.version,
});
function ours(steps: readonly EtcdStep[]): readonly unknown[] {
  const store = createStore();
  return steps.map((step) => {
    if (step.do === 'txn') {
      const { succeeded, ranges } = transact(store, step.txn);
      return { succeeded, revision: store.revision, ranges: ranges.map((r) => r.map(shown)) };
    }
    if (step.do === 'rangeAt') {
      const kvs = rangeAt(store, step.prefix, step.revision);
      return typeof kvs === 'string' ? { error: kvs } : { kvs: kvs.map(shown) };
    }
    if (step.do === 'compact') {
      const error = compact(store, step.revision);
      return error === undefined ? { ok: true } : { error };
    }
    const changes = changesFrom(store, step.prefix, step.from);
    return typeof changes === 'string'
      ? { error: 'compacted' }
      : {
          changes: changes.flatMap((c) =>
            c.events.map((e) => ({
              type: e.type,
              key: e.kv.key,
              value: e.type === 'put' ? String(e.kv.value) : '',
              mod: e.kv.modRevision,
              version: e.kv.version,
              prev: e.prev ? String(e.prev.value) : null,
            })),
          ),
        };
  });
}

const steps = stepsOf(5);
const version = etcdVersion();
if (process.env.ORRERY_RECORD && version) writeFileSync(FILE, `${JSON.stringify({ version, said: await askEtcd(steps) })}\n`);
const record = JSON.parse(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '{"said":[]}') as {
  readonly version: string;
  readonly said: readonly unknown[];
};

describe(`etcd ${record.version}`, () => {
  it('has a record of every step, which an etcd on this machine confirms', async () => {
    expect(record.said).toHaveLength(steps.length);
    if (version === record.version) expect(await askEtcd(steps)).toEqual(record.said);
  });
  it('answers as our store does', () => {
    const mine = ours(steps);
    steps.forEach((step, i) => expect(mine[i], `step ${i}: ${JSON.stringify(step)}`).toEqual(record.said[i]));
  });
});
