/** Whatever is in the store reads as Go would have written it. Upstream: every object passes through a Go struct before it is stored. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { kinds } from '../../../src/api/registry.ts';
import { asGoWrites } from '../../../src/api/schema/go-json.ts';
import { apiVersionOf } from '../../../src/api/registry.ts';
import { pathOf } from '../../../src/api/paths.ts';
import type { KubeObject } from '../../../src/api/object.ts';

const DAEMONS = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, annotations: {}}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: false
      containers: [{name: agent, image: nginx, args: [], env: [{name: E, value: ""}], securityContext: {}}]
---
apiVersion: v1
kind: Pod
metadata: {name: gated}
spec:
  schedulingGates: [{name: example.com/later}]
  containers: [{name: c, image: nginx}]
`;

it('no null and no empty value too many, none too few, in the life of a cluster', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  for (const command of [
    'create deployment web --image=nginx --replicas=3',
    'expose deployment web --port=80',
    'run bad --image=nosuch:1',
    'create configmap c --from-literal=a=',
    'create namespace x',
    'run once --image=busybox --restart=Never -- sh -c "exit 1"',
  ])
    expect(cluster.kubectl(command)).toMatchObject({ stderr: '', exitCode: 0 });
  expect(cluster.kubectl('apply -f -', DAEMONS).exitCode).toBe(0);
  let seen = 0;
  const look = (): void => {
    for (const kind of kinds) {
      const { body } = cluster.request({ method: 'GET', path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural }) });
      for (const object of (body as { readonly items: readonly KubeObject[] }).items) {
        seen++;
        expect(asGoWrites(kind.model, object), `${apiVersionOf(kind)} ${kind.kind} ${object.metadata?.name}`).toEqual(object);
      }
    }
  };
  for (const seconds of [0, 0.02, 0.05, 0.5, 2, 30]) {
    cluster.advance(seconds);
    look();
  }
  cluster.kubectl('drain worker-1 --ignore-daemonsets --force');
  cluster.fault({ do: 'kill', what: 'worker-2' });
  for (const seconds of [60, 300]) {
    cluster.advance(seconds);
    look();
  }
  expect(seen).toBeGreaterThan(1000);
  const gated = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/gated' }).body;
  // Upstream: pkg/registry/core/pod/strategy_test.go TestApplySchedulingGatedCondition.
  expect(gated).toMatchObject({
    status: {
      conditions: [
        {
          lastProbeTime: null,
          lastTransitionTime: expect.stringMatching(/^2026-/) as string,
          message: 'Scheduling is blocked due to non-empty scheduling gates',
          reason: 'SchedulingGated',
          status: 'False',
          type: 'PodScheduled',
        },
      ],
    },
  });
});

it.each([
  [
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: }, annotations: {b: }}, data: {k: }}',
    'configmaps/a',
    { metadata: { labels: { app: '' }, annotations: { b: '' } }, data: { k: '' } },
  ],
  [
    '{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {nodeSelector: {x: }, containers: [{name: c, image: nginx, command: [sh, null], env: [{name: A, value: }]}]}}',
    'pods/b',
    { spec: { nodeSelector: { x: '' }, containers: [{ command: ['sh', ''], env: [{ name: 'A' }] }] } },
  ],
  [
    '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: }, ports: [{port: 80}]}}',
    'services/s',
    { spec: { selector: { app: '' } } },
  ],
])('a null item is its zero, as Go decodes it: %s', (manifest, path, expected) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', manifest);
  cluster.advance(10);
  expect(cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/${path}` }).body).toMatchObject(expected);
});

it.each([
  'containers: [null]',
  'containers: [{name: c, image: nginx, env: [null]}]',
  'tolerations: [null], containers: [{name: c, image: nginx}]',
])('a null struct in a list is an empty one, and halts nothing: %s', (spec) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {${spec}}}`);
  cluster.advance(10);
  expect(cluster.kubectl('get nodes').exitCode).toBe(0);
});
