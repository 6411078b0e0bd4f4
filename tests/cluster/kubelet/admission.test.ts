/** What a kubelet takes and what it refuses. Upstream: pkg/kubelet/lifecycle/predicate.go (v1.36). */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';

const pod = (spec: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'nginx:1.29' }], ...spec },
  });

it('a label of its machine counts from the moment it is there', () => {
  const cluster = openCluster();
  cluster.kubectl(
    'create -f -',
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'd' } },
        template: {
          metadata: { labels: { app: 'd' } },
          spec: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'c', image: 'nginx:1.29' }] },
        },
      },
    }),
  );
  cluster.advance(5);
  cluster.kubectl('label node worker-2 disk=ssd');
  cluster.advance(30);
  expect(cluster.kubectl('get pods -o jsonpath={.items[*].status.phase}').stdout).toBe('Running Running');
});

it.each<[string, string, object, string]>([
  [
    'a taint that drives it off',
    'taint node worker-1 dedicated=gpu:NoExecute',
    { nodeName: 'worker-1' },
    "TaintToleration|Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  ],
  [
    'a selector that its machine does not meet',
    'label node worker-1 a=b',
    { nodeName: 'worker-1', nodeSelector: { a: 'c' } },
    "NodeAffinity|Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
])('refuses a pod that names its machine because of %s', (_, before, spec, why) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(before);
  cluster.kubectl('create -f -', pod(spec));
  cluster.advance(1);
  expect(
    cluster.kubectl([
      'get',
      'events',
      '--field-selector',
      'involvedObject.name=p',
      '-o',
      'jsonpath={range .items[*]}{.reason}|{.message};{end}',
    ]).stdout,
  ).toContain(`${why};`);
});

/** kubelet_pods.go filterOutInactivePods, over the pods of the pod manager: a pod that was deleted by force has left it. */
it('counts no pod that the API has no more, although it still ends', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const big = (name: string): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        nodeName: 'worker-1',
        containers: [{ name: 'c', image: 'busybox:1.37', command: ['sleep', '3600'], resources: { requests: { cpu: '3' } } }],
      },
    });
  cluster.kubectl('create -f -', big('a'));
  cluster.settle();
  cluster.kubectl('delete pod a --force --grace-period=0 --wait=false');
  cluster.kubectl('create -f -', big('b'));
  cluster.advance(60);
  expect(cluster.kubectl('get pods -o jsonpath={.items[*].status.phase}').stdout).toBe('Running');
});

it.each<[string, string, object, string]>([
  ['a page that is there', '/', {}, '1/1'],
  ['a page that is not', '/healthz', {}, '0/1'],
  [
    'a page of a volume',
    '/healthz',
    { volumes: [{ name: 'pages', configMap: { name: 'pages' } }], mounts: [{ name: 'pages', mountPath: '/usr/share/nginx/html' }] },
    '1/1',
  ],
  [
    'the first page behind a volume without one',
    '/',
    { volumes: [{ name: 'pages', configMap: { name: 'pages' } }], mounts: [{ name: 'pages', mountPath: '/usr/share/nginx/html' }] },
    '0/1',
  ],
])('nginx is ready when the probe finds %s', (_, path, { volumes, mounts }: { volumes?: unknown; mounts?: unknown }, ready) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create configmap pages --from-literal=healthz=ok');
  cluster.kubectl(
    'create -f -',
    pod({
      ...(volumes ? { volumes } : {}),
      containers: [
        {
          name: 'c',
          image: 'nginx:1.29',
          readinessProbe: { httpGet: { path, port: 80 }, periodSeconds: 1 },
          ports: [{ containerPort: 80 }],
          ...(mounts ? { volumeMounts: mounts } : {}),
        },
      ],
    }),
  );
  cluster.advance(30);
  expect(cluster.kubectl('get pod p --no-headers').stdout).toContain(` ${ready} `);
});

it('logs and exec say why a kubelet does not answer', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod({}));
  cluster.settle();
  cluster.fault({ do: 'stop', what: 'worker-1/kubelet' });
  expect(cluster.kubectl('logs p').stderr).toBe(
    'Error from server: Get "https://192.168.0.11:10250/containerLogs/default/p/c": dial tcp 192.168.0.11:10250: connect: connection refused\n',
  );
  expect(cluster.kubectl('exec p -- date').stderr).toBe(
    'Error from server: error dialing backend: dial tcp 192.168.0.11:10250: connect: connection refused\n',
  );
  cluster.fault({ do: 'partition', a: 'cp-1', b: 'worker-1' });
  expect(cluster.kubectl('logs p').stderr).toMatch(/dial tcp 192\.168\.0\.11:10250: i\/o timeout\n$/);
  expect(cluster.request({ method: 'GET', path: '/api/v1/nodes/worker-1?resourceVersion=99999999' })).toMatchObject({
    status: 504,
    body: { reason: 'Timeout' },
  });
});
