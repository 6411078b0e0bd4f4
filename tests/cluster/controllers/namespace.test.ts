/** The end of a namespace. Source: pkg/controller/namespace/deletion/namespaced_resources_deleter.go (v1.36): everything in it is deleted, Events too, and what takes time is waited for. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';

it.each(['sleep 3600', 'trap "exit 0" TERM; sleep 3600'])('waits for its pods, leaves nothing, and can be made again (%s)', (script) => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('create ns x');
  cluster.kubectl('apply -n x -f -', ['ConfigMap', 'Secret', 'ServiceAccount'].map((kind) => JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'a' } })).concat(
    JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } }),
    JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas: 3, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }] } } } }),
  ).join('\n---\n'));
  cluster.settle(120);
  expect(cluster.kubectl('get pods -n x').stdout.match(/1\/1 +Running/g)).toHaveLength(3);
  const from = cluster.now;
  expect(cluster.kubectl('delete ns x')).toEqual({ stdout: 'namespace "x" deleted\n', stderr: '', exitCode: 0 });
  expect(cluster.now - from).toBeLessThan(40);
  expect(cluster.kubectl('get all,cm,secret,sa,endpointslices,events -n x').stderr).toBe('No resources found in x namespace.\n');
  expect(cluster.kubectl('create ns x').exitCode).toBe(0);
});
