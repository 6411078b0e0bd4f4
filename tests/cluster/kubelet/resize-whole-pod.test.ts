/** Source: kubernetes/website content/en/docs/tasks/configure-pod-container/resize-pod-resources.md with its pods/resource/pod-level-resize.yaml (v1.36); Events do not tell of the whole pod: kubernetes/kubernetes#141606. */
import { beforeEach, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

let cluster: Cluster;
const read = (name: string): V1Pod => cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}` }).body as V1Pod;
const create = (name: string, spec: object): void => {
  cluster.kubectl('create -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));
  cluster.settle();
};
const resize = (name: string, resources: object): string => {
  const { stdout, stderr } = cluster.kubectl(`patch pod ${name} --subresource resize --patch '${JSON.stringify({ spec: { resources } })}'`);
  cluster.settle();
  return stdout + stderr;
};
const both = (cpu: string, memory = '200Mi'): object => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const policy = (cpu: string): readonly object[] => [
  { resourceName: 'cpu', restartPolicy: cpu },
  { resourceName: 'memory', restartPolicy: 'RestartContainer' },
];

beforeEach(() => {
  cluster = openCluster({ topology: { workers: [{ cpu: '2' }] } });
});

it('the example: more for the whole pod; who lives by its limit and wants a restart begins anew', () => {
  create('pod-level-resize-demo', {
    containers: [
      {
        name: 'pause',
        image: 'registry.k8s.io/pause:3.9',
        resizePolicy: policy('NotRequired'),
        resources: { requests: { cpu: '100m', memory: '100Mi' } },
      },
      { name: 'nginx-server', image: 'registry.k8s.io/nginx:latest', resizePolicy: policy('RestartContainer') },
    ],
    resources: both('200m'),
  });
  expect(read('pod-level-resize-demo').status).toMatchObject({
    qosClass: 'Guaranteed',
    resources: both('200m'),
    allocatedResources: { cpu: '200m', memory: '200Mi' },
  });
  expect(resize('pod-level-resize-demo', both('300m'))).toBe('pod/pod-level-resize-demo patched\n');
  const { metadata, spec, status } = read('pod-level-resize-demo');
  expect([metadata?.generation, spec?.resources]).toEqual([2, both('300m')]);
  expect(status).toMatchObject({ observedGeneration: 2, resources: both('300m'), allocatedResources: { cpu: '300m', memory: '200Mi' } });
  // By name: kubelet_pods.go convertToAPIContainerStatuses.
  expect(status?.containerStatuses?.map(({ name, restartCount }) => [name, restartCount])).toEqual([
    ['nginx-server', 1],
    ['pause', 0],
  ]);
  expect(status?.conditions?.filter(({ type }) => type.startsWith('PodResize'))).toEqual([]);
  const said =
    '{"containers":[{"name":"pause","resources":{"requests":{"cpu":"100m","memory":"100Mi"}}},{"name":"nginx-server","resources":{}}],"generation":2}';
  const described = cluster.kubectl('describe pod pod-level-resize-demo').stdout;
  expect(described).toContain(`Pod resize started: ${said}`);
  expect(described).toContain(`Pod resize completed: ${said}`);
});

it('what there is no room for waits, and is kept free', () => {
  create('first', { containers: [{ name: 'c', image: 'nginx' }], resources: { requests: { cpu: '500m' } } });
  create('second', { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '1' } } }] });
  resize('first', { requests: { cpu: '1500m' } });
  expect(read('first').status).toMatchObject({ resources: { requests: { cpu: '500m' } }, allocatedResources: { cpu: '500m' } });
  expect(read('first').status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason).toBe('Deferred');
  create('third', { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '300m' } } }] });
  expect(read('third').spec?.nodeName).toBeUndefined();
  cluster.kubectl('delete pod second');
  cluster.settle();
  expect(read('first').status?.allocatedResources).toEqual({ cpu: '1500m' });
});

// pkg/apis/core/validation/validation.go validatePodLevelResourcesResize (v1.36).
it.each<readonly [string, object, string]>([
  ['nothing at all', { resources: null }, 'spec.resources: Forbidden: pod-level resources cannot be removed'],
  [
    'no request',
    { resources: { requests: { cpu: null } } },
    'spec.resources.requests: Forbidden: pod-level resource requests cannot be removed',
  ],
  [
    'no huge pages',
    { resources: { limits: { 'hugepages-2Mi': '2Mi' }, requests: { 'hugepages-2Mi': '2Mi' } } },
    'spec: Forbidden: only cpu and memory resources are mutable at pod-level',
  ],
])('takes away or adds %s', (_what, spec, message) => {
  create('first', { containers: [{ name: 'c', image: 'nginx' }], resources: { requests: { cpu: '500m' } } });
  const { body } = cluster.request({
    method: 'PATCH',
    path: '/api/v1/namespaces/default/pods/first/resize',
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: { spec },
  });
  expect((body as { readonly message: string }).message).toContain(message);
});
