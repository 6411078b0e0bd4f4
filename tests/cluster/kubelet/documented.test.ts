/** What pages of the documentation say that a reader sees. Source: kubernetes/website content/en/docs, each by its path. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';

const pod = (name: string, spec: object): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });

// tasks/configure-pod-container/configure-liveness-readiness-startup-probes.md; test/images/agnhost/liveness/server.go catches no SIGTERM, Go's runtime ends with 2.
it('a Go program that SIGTERM reaches ends with 2', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod('liveness-http', { containers: [{ name: 'liveness', image: 'registry.k8s.io/e2e-test-images/agnhost:2.40', args: ['liveness'], livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 3, periodSeconds: 3 } }] }));
  cluster.advance(40);
  expect(cluster.kubectl('get pod liveness-http -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason},{.status.containerStatuses[0].lastState.terminated.exitCode}').stdout).toBe('Error,2');
});

// The same page, pods/probe/grpc-liveness.yaml: the events show that it is well.
it("somebody's own etcd answers its probe", () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod('etcd-with-grpc', { containers: [{ name: 'etcd', image: 'registry.k8s.io/etcd:3.5.1-0', command: ['/usr/local/bin/etcd', '--data-dir', '/var/lib/etcd', '--listen-client-urls', 'http://0.0.0.0:2379'], ports: [{ containerPort: 2379 }], livenessProbe: { grpc: { port: 2379 }, initialDelaySeconds: 10 } }] }));
  cluster.advance(90);
  expect(cluster.kubectl('get pod etcd-with-grpc --no-headers').stdout).toMatch(/ 1\/1 +Running +0 /);
  expect(cluster.kubectl('get events --field-selector involvedObject.name=etcd-with-grpc,type=Warning').stdout).toBe('');
});

// pkg/kubelet/pod_workers.go completeWork (v1.36): what waits is looked at again when its time has come, at the latest after a minute; each look says BackOff.
it('a container that waits long for its restart is said to wait each minute', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod('crash', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'exit 3'] }] }));
  const counts: number[] = [];
  // It waits 10, 20, 40, 80 and 160 s: the fourth wait is said twice. Later the events are too many, and most are not written.
  for (let minute = 0; minute < 3; minute++) { cluster.advance(60); counts.push(Number(cluster.kubectl('get events --field-selector involvedObject.name=crash,reason=BackOff -o jsonpath={.items[0].count}').stdout)); }
  expect(counts).toEqual([3, 4, 6]);
});

// concepts/architecture/leases.md, garbage-collection.md: the Lease belongs to its Node; k8s.io/component-helpers apimachinery/lease/controller.go makes none without it.
it('a machine whose Node is deleted has no Lease either', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('delete node worker-2');
  cluster.advance(40);
  expect(cluster.kubectl('get leases -n kube-node-lease -o name').stdout).toBe('lease.coordination.k8s.io/cp-1\nlease.coordination.k8s.io/worker-1\n');
  cluster.fault({ do: 'kill', what: 'worker-2/kubelet' });
  cluster.advance(20);
  expect(cluster.kubectl('get leases -n kube-node-lease -o name').stdout).toContain('worker-2');
});
