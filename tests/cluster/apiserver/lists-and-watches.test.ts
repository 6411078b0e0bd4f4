/** Lists in pages and as Tables, and watches from a revision on. Sources: kubernetes/kubernetes test/e2e/apimachinery/{chunking,table_conversion,watch}.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, MERGE, type Body } from './ask.ts';
import { deployment, DEPLOYMENTS, map, MAPS } from './rest-objects.ts';

const cluster = openCluster({ topology: { workers: 1 } });
const ask = askOf(cluster);

describe('lists and watches', () => {
  it('come in pages that show one moment', () => {
    for (const n of [1, 2, 3, 4]) ask('POST', MAPS, map(`page-${n}`, { set: 'pages' }));
    const list = `${MAPS}?limit=2&labelSelector=set%3Dpages`;
    const first = ask('GET', list).body;
    ask('DELETE', `${MAPS}/page-3`);
    ask('POST', MAPS, map('page-5', { set: 'pages' }));
    const second = ask('GET', `${list}&continue=${encodeURIComponent(first.metadata.continue ?? '')}`).body;
    expect([...first.items, ...second.items].map((o) => o.metadata.name)).toEqual(['page-1', 'page-2', 'page-3', 'page-4']);
    expect([second.metadata.continue, second.metadata.resourceVersion, first.metadata.remainingItemCount]).toEqual([
      undefined,
      first.metadata.resourceVersion,
      undefined,
    ]);
    expect(ask('GET', `${MAPS}?limit=2`).body.metadata.remainingItemCount).toBeGreaterThan(0);
    expect(
      ask(
        'GET',
        `${MAPS}?labelSelector=set%3Dpages&resourceVersionMatch=Exact&resourceVersion=${first.metadata.resourceVersion}`,
      ).body.items.map((o) => o.metadata.name),
    ).toEqual(['page-1', 'page-2', 'page-3', 'page-4']);
  });

  it('wait for a revision that is to come: lists for 3 s, watches as long as it takes', () => {
    const now = Number(ask('GET', MAPS).body.metadata.resourceVersion);
    const [path, heard] = [`${MAPS}?labelSelector=to-come&resourceVersion=`, [] as string[]];
    const before = cluster.now;
    expect(ask('GET', `${path}${now + 900}`)).toMatchObject({
      status: 504,
      body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 } },
    });
    expect(cluster.now - before).toBeGreaterThan(3);
    const from = Number(ask('GET', MAPS).body.metadata.resourceVersion) + 2;
    const watch = cluster.watch(`${path}${from}`, (e) => heard.push(`${e.type} ${(e.object as Body).metadata.name}`));
    const made = ['to-come-1', 'to-come-2', 'to-come-3'].map((name) => ask('POST', MAPS, map(name, { 'to-come': '' })).body.metadata);
    cluster.advance(1);
    watch.stop();
    const later = made.filter((m) => Number(m.resourceVersion) > from);
    expect(later.length).toBeLessThan(made.length);
    expect(heard).toEqual(later.map((m) => `ADDED ${m.name}`));
  });

  it('say what etcd knows, unless any version will do', () => {
    cluster.fault({ do: 'pause', what: 'cp-1/etcd' });
    expect(ask('GET', `${MAPS}?resourceVersion=0`).status).toBe(200);
    expect(ask('GET', MAPS)).toMatchObject({ status: 500, body: { message: 'Internal error occurred: etcdserver: request timed out' } });
    cluster.fault({ do: 'resume', what: 'cp-1/etcd' });
    cluster.advance(60);
    expect(ask('GET', MAPS).status).toBe(200);
  });

  it('may be of Services by type and address', () => {
    const names = (selector: string) =>
      ask('GET', `/api/v1/services?fieldSelector=${encodeURIComponent(selector)}`).body.items.map((o) => o.metadata.name);
    expect([names('spec.clusterIP=10.254.0.10'), names('spec.type=ClusterIP'), names('spec.type!=ClusterIP')]).toEqual([
      ['kube-dns'],
      ['kubernetes', 'kube-dns'],
      [],
    ]);
  });

  it('may be asked for by the older paths', () => {
    const heard: string[][] = [[], []];
    const watches = [
      '/api/v1/watch/namespaces/default/configmaps?labelSelector=older',
      '/api/v1/watch/namespaces/default/configmaps/older-1',
    ].map((path, n) => cluster.watch(path, (e) => heard[n].push(`${e.type} ${(e.object as Body).metadata.name}`)));
    for (const name of ['older-1', 'older-2']) ask('POST', MAPS, map(name, { older: '' }));
    cluster.advance(1);
    for (const watch of watches) watch.stop();
    expect(heard).toEqual([['ADDED older-1', 'ADDED older-2'], ['ADDED older-1']]);
    expect(ask('GET', `${MAPS}/older-1?watch=1`).body).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'older-1' } });
  });

  it('tell who enters and leaves a selection, and how far they have come', () => {
    const { resourceVersion } = ask('GET', MAPS).body.metadata;
    const heard: string[] = [];
    const watch = cluster.watch(`${MAPS}?labelSelector=in%3D1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`, (e) =>
      heard.push(`${e.type} ${(e.object as Body).metadata.name ?? ''}`.trim()),
    );
    ask('POST', MAPS, map('moves'));
    ask('PATCH', `${MAPS}/moves`, { metadata: { labels: { in: '1' } } }, MERGE);
    ask('PATCH', `${MAPS}/moves`, { data: { x: 'y' } }, MERGE);
    ask('PATCH', `${MAPS}/moves`, { metadata: { labels: { in: null } } }, MERGE);
    cluster.advance(61);
    watch.stop();
    expect(heard).toEqual(['ADDED moves', 'MODIFIED moves', 'DELETED moves', 'BOOKMARK']);
  });

  it('end where etcd has forgotten: 410', () => {
    const list = ask('GET', `${MAPS}?limit=1`).body;
    cluster.advance(620);
    const heard: { type: string; object: unknown }[] = [];
    cluster.watch(`${MAPS}?resourceVersion=${list.metadata.resourceVersion}`, (e) => heard.push(e));
    cluster.advance(1);
    expect(heard).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    const late = ask('GET', `${MAPS}?limit=1&continue=${encodeURIComponent(list.metadata.continue ?? '')}`);
    expect([late.status, late.body.reason, late.body.metadata.continue === undefined]).toEqual([410, 'Expired', false]);
  });

  it('say the same of events, which the apiserver keeps no copy of', () => {
    const EVENTS = '/api/v1/namespaces/quiet/events';
    ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'quiet' } });
    const event = (name: string, reason = 'Told') => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'quiet' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'quiet' },
      reason,
      type: 'Normal',
    });
    for (const name of ['a', 'b', 'c']) ask('POST', EVENTS, event(name));
    const first = ask('GET', `${EVENTS}?limit=2`).body;
    ask('DELETE', `${EVENTS}/c`);
    ask('POST', EVENTS, event('d', 'Other'));
    const second = ask('GET', `${EVENTS}?limit=2&continue=${encodeURIComponent(first.metadata.continue ?? '')}`).body;
    expect([...first.items, ...second.items].map((o) => o.metadata.name)).toEqual(['a', 'b', 'c']);
    const now = ask('GET', `${EVENTS}?fieldSelector=reason%3DTold`).body;
    expect(now.items.map((o) => o.metadata.name)).toEqual(['a', 'b']);
    const heard: string[][] = [[], []];
    const hear = (n: number) => (e: { type: string; object: unknown }) =>
      void heard[n].push(`${e.type} ${(e.object as Body).metadata.name ?? ''}`);
    const all = cluster.watch(`${EVENTS}?fieldSelector=reason%3DTold`, hear(0));
    const later = cluster.watch(`${EVENTS}?resourceVersion=${now.metadata.resourceVersion}`, hear(1));
    cluster.advance(1);
    ask('PATCH', `${EVENTS}/a`, { count: 2 }, MERGE);
    ask('PATCH', `${EVENTS}/b`, { reason: 'Other' }, MERGE);
    cluster.advance(1);
    all.stop();
    expect(ask('DELETE', EVENTS).body.items.map((o) => o.metadata.name)).toEqual(['a', 'b', 'd']);
    expect(ask('GET', EVENTS).body.items).toEqual([]);
    cluster.advance(1);
    later.stop();
    expect(heard).toEqual([
      ['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'],
      ['MODIFIED a', 'MODIFIED b', 'DELETED a', 'DELETED b', 'DELETED d'],
    ]);
    cluster.advance(620);
    const tooOld: { type: string; object: unknown }[] = [];
    cluster.watch(`${EVENTS}?resourceVersion=${now.metadata.resourceVersion}`, (e) => tooOld.push(e));
    cluster.advance(1);
    expect(tooOld).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    expect(ask('GET', `${EVENTS}?limit=2&continue=${encodeURIComponent(first.metadata.continue ?? '')}`)).toMatchObject({
      status: 410,
      body: { reason: 'Expired' },
    });
  });

  it('come as a Table, or as metadata alone', () => {
    const { spec, ...rest } = deployment('d');
    ask('POST', DEPLOYMENTS, { ...rest, spec: { ...spec, replicas: 2 } });
    cluster.settle();
    const { body } = ask('GET', `${DEPLOYMENTS}/d`, undefined, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' });
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Ready' },
        { name: 'Up-to-date', type: 'integer' },
        { name: 'Available' },
        { name: 'Age' },
        { name: 'Containers', priority: 1 },
        {},
        {},
      ],
      rows: [{ object: { kind: 'PartialObjectMetadata', metadata: { name: 'd' } } }],
    });
    expect((body as unknown as { rows: { cells: unknown[] }[] }).rows[0].cells.slice(0, 3)).toEqual(['d', '2/2', 2]);
    const partial = ask('GET', `${DEPLOYMENTS}`, undefined, {
      accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    }).body;
    expect([partial.kind, Object.keys(partial.items[0]).sort((a, b) => (a < b ? -1 : 1))]).toEqual([
      'PartialObjectMetadataList',
      ['apiVersion', 'kind', 'metadata'],
    ]);
  });
});
