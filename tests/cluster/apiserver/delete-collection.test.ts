/** Upstream: pkg/registry/generic/registry/store_test.go TestStoreDeleteCollection, TestStoreDeleteCollectionNotFound, TestStoreDeleteCollectionWithWatch. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, type Body } from './ask.ts';
import { map, MAPS } from './rest-objects.ts';

const cluster = openCluster({ topology: { workers: 1 } });
const ask = askOf(cluster);

describe('deleting a collection', () => {
  const doomed = `${MAPS}?labelSelector=set%3Ddoomed`;
  const make = (n: number): readonly (string | undefined)[] =>
    Array.from({ length: n }, (_, i) => ask('POST', MAPS, map(`doomed-${i}`, { set: 'doomed' })).body.metadata.uid);

  it('deletes each at a revision of its own, and answers with what there was', () => {
    make(10);
    const { resourceVersion } = ask('GET', MAPS).body.metadata;
    const heard: [string, number][] = [];
    const watch = cluster.watch(`${doomed}&resourceVersion=${resourceVersion}`, ({ type, object }) =>
      heard.push([type, Number((object as Body).metadata.resourceVersion)]),
    );
    const { status, body } = ask('DELETE', doomed);
    expect([status, body.kind, body.items.map((o) => o.metadata.name)]).toEqual([
      200,
      'ConfigMapList',
      Array.from({ length: 10 }, (_, i) => `doomed-${i}`),
    ]);
    cluster.advance(1);
    watch.stop();
    expect(heard.map(([type]) => type)).toEqual(Array.from({ length: 10 }, () => 'DELETED'));
    expect(new Set(heard.map(([, version]) => version)).size).toBe(10);
    expect(ask('GET', doomed).body.items).toEqual([]);
    expect(ask('DELETE', doomed).body.items).toEqual([]);
  });
  it('ends at the first that is refused; what is gone is gone', () => {
    const [uid] = make(3);
    expect(ask('DELETE', doomed, { preconditions: { uid } })).toMatchObject({
      status: 409,
      body: { reason: 'Conflict', details: { name: 'doomed-1' } },
    });
    expect(ask('GET', doomed).body.items.map((o) => o.metadata.name)).toEqual(['doomed-1', 'doomed-2']);
    expect(ask('DELETE', `${doomed}&dryRun=All`).body.items).toHaveLength(2);
    expect(ask('GET', doomed).body.items).toHaveLength(2);
    expect(ask('DELETE', doomed).status).toBe(200);
  });
  it('reads from the store what is in no cache', () => {
    ask('POST', '/api/v1/namespaces/default/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', labels: { set: 'doomed' } },
      involvedObject: { namespace: 'default' },
    });
    const events = '/api/v1/namespaces/default/events?labelSelector=set%3Ddoomed';
    expect(ask('DELETE', events).body.items.map((o) => o.metadata.name)).toEqual(['e']);
    expect(ask('GET', events).body.items).toEqual([]);
  });
});
