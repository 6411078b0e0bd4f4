/** What watches do when the process at the other end goes away and comes back. Upstream: etcd3/watcher.go, cacher.go, client-go's reflector (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const EVENTS = '/api/v1/namespaces/default/events';
const open = (): Cluster => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.settle();
  return cluster;
};
const post = (cluster: Cluster, namespace: string, name: string): number =>
  cluster.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/events`,
    body: { apiVersion: 'v1', kind: 'Event', metadata: { name, namespace }, involvedObject: { kind: 'Pod', name: 'p', namespace } },
  }).status;
const watchesAtEtcd = (cluster: Cluster): number => cluster.inspect('cp-1/etcd').find((row) => row.name === 'watches')?.rows?.length ?? -1;
const toldByEtcd = (cluster: Cluster, key: string): number =>
  [...cluster.trace()].filter(
    (e) =>
      e.type === 'hop' &&
      (e.body as { readonly protocol?: string } | undefined)?.protocol === 'etcd-watch' &&
      JSON.stringify(e.body).includes(key),
  ).length;

describe('watches', () => {
  it('end when etcd was away, and everybody lists again: the cluster goes on', () => {
    const cluster = open();
    const ended: string[] = [];
    cluster.watch('/api/v1/namespaces/default/configmaps', () => {}, { onEnd: () => ended.push('configmaps') });
    cluster.watch(EVENTS, () => {}, { onEnd: () => ended.push('events') });
    cluster.advance(1);
    cluster.fault({ do: 'kill', what: 'cp-1/etcd' });
    cluster.advance(60);
    expect([...ended].sort((a, b) => (a < b ? -1 : 1))).toEqual(['configmaps', 'events']);
    cluster.kubectl('create deployment web --image=nginx:1.29 --replicas=2');
    cluster.advance(60);
    expect(cluster.kubectl('get deployment web -o jsonpath={.status.readyReplicas}').stdout).toBe('2');
  });

  it('of an apiserver that ended are not kept at etcd', () => {
    const cluster = open();
    cluster.watch(EVENTS, () => {});
    cluster.advance(1);
    const before = watchesAtEtcd(cluster);
    for (let i = 0; i < 2; i++) {
      cluster.fault({ do: 'kill', what: 'cp-1/kube-apiserver' });
      cluster.advance(120);
    }
    expect([before > 1, watchesAtEtcd(cluster)]).toEqual([true, before - 1]);
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'once' } },
    });
    cluster.advance(1);
    expect(toldByEtcd(cluster, '/registry/configmaps/default/once')).toBe(1);
  });

  it('of events are each of their namespace, and gone with their client', () => {
    const cluster = open();
    const before = watchesAtEtcd(cluster);
    const watches = [1, 2, 3].map(() => cluster.watch(EVENTS, () => {}));
    cluster.advance(1);
    post(cluster, 'kube-public', 'elsewhere');
    cluster.advance(1);
    expect([watchesAtEtcd(cluster) - before, toldByEtcd(cluster, '/registry/events/kube-public/elsewhere')]).toEqual([3, 0]);
    for (const watch of watches) watch.stop();
    post(cluster, 'default', 'heard');
    post(cluster, 'default', 'unheard');
    cluster.advance(1);
    expect([watchesAtEtcd(cluster), toldByEtcd(cluster, '/registry/events/default/unheard')]).toEqual([before, 0]);
  });

  it('of events end in time even when etcd is slow to say what there is', () => {
    const cluster = open();
    const heard: string[] = [];
    cluster.fault({ do: 'slow', a: 'cp-1', b: 'cp-1', factor: 5000 });
    cluster.watch(`${EVENTS}?timeoutSeconds=1`, (e) => heard.push(e.type), { onEnd: () => heard.push('end') });
    cluster.advance(20);
    cluster.fault({ do: 'slow', a: 'cp-1', b: 'cp-1', factor: 1 });
    cluster.advance(60);
    const soFar = [...heard];
    post(cluster, 'default', 'late');
    cluster.advance(1);
    expect([soFar.at(-1), heard.length]).toEqual(['end', soFar.length]);
  });

  it('of events may begin at a revision to come, and hear nothing older', () => {
    const cluster = open();
    const heard: string[] = [];
    cluster.watch(`${EVENTS}?resourceVersion=1000000`, (e) => heard.push(e.type));
    cluster.advance(1);
    expect(post(cluster, 'default', 'now')).toBe(201);
    cluster.advance(1);
    expect(heard).toEqual([]);
  });

  it('tell a version that can be listed at once', () => {
    const cluster = open();
    post(cluster, 'default', 'short');
    const told: string[] = [];
    cluster.watch(`${EVENTS}?fieldSelector=metadata.name%3Dshort`, (e) => {
      if (e.type === 'DELETED')
        told.push((e.object as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion);
    });
    cluster.advance(3700);
    expect(told.length).toBe(1);
    expect(cluster.request({ method: 'GET', path: `${EVENTS}?resourceVersion=${told[0]}` }).status).toBe(200);
  });
});

it('what a paused process was asked it answers when it goes on', () => {
  const cluster = open();
  const from = cluster.now;
  cluster.fault({ do: 'pause', what: 'cp-1/etcd' });
  const watch = cluster.watch(EVENTS, (e) => {
    if ((e.object as { readonly metadata?: { readonly name?: string } }).metadata?.name === 'after') heard.push(cluster.now - from);
  });
  const heard: number[] = [];
  cluster.advance(4);
  cluster.fault({ do: 'resume', what: 'cp-1/etcd' });
  cluster.advance(1);
  expect(post(cluster, 'default', 'after')).toBe(201);
  cluster.advance(1);
  watch.stop();
  expect(heard.length).toBe(1);
});
