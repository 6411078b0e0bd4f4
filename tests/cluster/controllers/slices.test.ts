/** The endpoints of a Service, brought up to date from the journal, are those that a look at every pod finds; and so are the slices. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/object.ts';
import type { V1EndpointSlice, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { cacheOf, createIndexedCache, remove, upsert, viewOf, type IndexedCache } from '../../../src/cluster/client/indexed-cache.ts';
import endpointslice from '../../../src/cluster/controllers/endpointslice.ts';
import { cloneData } from '../../../src/kernel/clone.ts';
import { deepFreeze } from '../../../src/lib/deep-freeze.ts';
import { createRng } from '../../soak/dice.ts';

const service = deepFreeze({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', uid: 'service' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
});
const SLICES = 'endpointslices.discovery.k8s.io';
let made = 0;

function pod(n: number, of: { readonly app?: string; readonly ip?: boolean; readonly ready?: boolean; readonly port?: number }): V1Pod {
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p-${n}`, namespace: 'default', uid: `pod-${n}`, labels: { app: of.app ?? 'web' } },
    spec: { nodeName: 'm', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: of.port ?? 80 }] }] },
    status: {
      ...(of.ip === false ? {} : { podIP: `10.0.${n >> 8}.${n & 255}` }),
      conditions: [{ type: 'Ready', status: of.ready ? 'True' : 'False' }],
    },
  }) as V1Pod;
}

/** What the plan leaves of the slices. */
function carryOut(cache: IndexedCache): void {
  for (const { method, path, body } of endpointslice.reconcile('default/web', viewOf(cache)).writes) {
    const name = path.split('/')[6];
    if (method === 'DELETE') {
      remove(cache, SLICES, `default/${name}`);
      continue;
    }
    const slice = body as V1EndpointSlice;
    upsert(
      cache,
      SLICES,
      deepFreeze({
        ...slice,
        metadata: { ...slice.metadata, name: slice.metadata?.name ?? `web-${String(made++).padStart(4, '0')}` },
      }) as KubeObject,
    );
  }
}

/** The same objects, copied, in a cache that nobody has looked at. */
const afresh = (cache: IndexedCache): ReturnType<typeof cacheOf> =>
  cacheOf(
    [...cache.objects.values()].flatMap((spaces) =>
      [...spaces.values()].flatMap((space) => [...space.values()].map((object) => deepFreeze(structuredClone(object)))),
    ),
  );

function live(seed: number, ports: readonly number[]): number {
  const die = createRng(seed);
  let cache = createIndexedCache();
  upsert(cache, 'services', service);
  let [n, most] = [0, 0];
  let saved = cloneData(cache);
  for (let round = 0; round < 60; round++) {
    for (let i = die.below(40); i > 0; i--)
      upsert(cache, 'pods', pod(n++, { ip: die.below(3) > 0, ready: die.below(2) > 0, port: die.pick(ports) }));
    for (let i = die.below(60); i > 0; i--)
      upsert(
        cache,
        'pods',
        pod(die.below(n + 1), {
          ip: die.below(9) > 0,
          ready: die.below(2) > 0,
          port: die.pick(ports),
          app: die.below(20) === 0 ? 'other' : 'web',
        }),
      );
    for (let i = die.below(12); i > 0; i--) remove(cache, 'pods', `default/p-${die.below(n + 1)}`);
    const deed = die.below(9);
    if (deed === 0) cache = cloneData(saved);
    if (deed === 1) saved = cloneData(cache);
    const fresh = endpointslice.reconcile('default/web', afresh(cache));
    expect(JSON.stringify(endpointslice.reconcile('default/web', viewOf(cache)))).toBe(JSON.stringify(fresh));
    if (die.below(3) > 0) carryOut(cache);
    most = Math.max(most, viewOf(cache).count(SLICES));
  }
  return most;
}

describe('endpointslice', () => {
  it('plans the same whether it has followed the pods, gone back in time, or never seen them', () => {
    for (let seed = 1; seed <= 3; seed++) expect(live(seed, [80])).toBeGreaterThan(2);
  });
  it('and when pods show different ports', () => {
    for (let seed = 1; seed <= 2; seed++) expect(live(seed, [80, 80, 80, 80, 80, 8080])).toBeGreaterThan(2);
  });
});
