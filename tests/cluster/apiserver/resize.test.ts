/** Upstream: test/e2e/common/node/pod_resize.go (invalid patches); pkg/apis/core/validation/validation_test.go TestValidatePodResize; pkg/registry/core/pod/strategy_test.go TestPodResizePrepareForUpdate. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/object.ts';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { admit } from '../../../src/cluster/apiserver/admit-part.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

let cluster: Cluster;
const PODS = '/api/v1/namespaces/default/pods';
const resize = (name: string, container: object, more: object = {}): { readonly status: number; readonly body: unknown } =>
  cluster.request({
    method: 'PATCH',
    path: `${PODS}/${name}/resize`,
    headers: { 'Content-Type': 'application/strategic-merge-patch+json' },
    body: { spec: { containers: [{ name: 'c', ...container }], ...more } },
  });
const pod = (name: string): V1Pod => cluster.request({ method: 'GET', path: `${PODS}/${name}` }).body as V1Pod;

beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  for (const [name, resources] of Object.entries({
    'best-effort': {},
    burstable: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } },
    unlimited: { requests: { cpu: '100m', memory: '64Mi' } },
    guaranteed: { limits: { cpu: '500m', memory: '64Mi' } },
  }))
    cluster.kubectl(
      'create -f -',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { containers: [{ name: 'c', image: 'nginx', resources }] },
      }),
    );
  cluster.settle();
});

it('takes cpu and memory of containers, and nothing else that is sent', () => {
  const before = pod('burstable');
  const { status } = resize('burstable', { image: 'httpd', resources: { requests: { cpu: '200m' } } }, { nodeName: 'elsewhere' });
  cluster.settle();
  const after = pod('burstable');
  expect(status).toBe(200);
  expect(after.spec?.containers[0].resources?.requests).toEqual({ cpu: '200m', memory: '64Mi' });
  expect([after.spec?.containers[0].image, after.spec?.nodeName, after.metadata?.generation]).toEqual(['nginx', before.spec?.nodeName, 2]);
  expect(after.status?.containerStatuses?.[0]).toMatchObject({ restartCount: 0, resources: { requests: { cpu: '200m', memory: '64Mi' } } });
});

it.each<readonly [string, string, object, string]>([
  [
    'the class of service stays: a request',
    'best-effort',
    { requests: { memory: '40Mi' } },
    'spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
  ],
  [
    'the class of service stays: a lower request',
    'guaranteed',
    { requests: { cpu: '250m' } },
    'spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing',
  ],
  [
    'no limit goes',
    'burstable',
    { limits: { memory: null } },
    'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
  ],
  [
    'no request goes',
    'unlimited',
    { requests: { memory: null } },
    'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
  ],
  [
    'other resources stay',
    'burstable',
    { requests: { 'ephemeral-storage': '1Gi' } },
    'spec: Forbidden: only cpu and memory resources are mutable',
  ],
  [
    'a request is no more than its limit',
    'burstable',
    { requests: { cpu: '2' } },
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ],
])('%s', (_what, name, resources, message) => {
  const { body } = resize(name, { resources });
  expect((body as { readonly message: string }).message).toContain(message);
});

// pkg/apis/core/validation/validation.go ValidatePodResize (v1.36), InPlacePodVerticalScalingInitContainers.
it.each<readonly [string, object, object, string | undefined]>([
  ['takes cpu', {}, { requests: { cpu: '200m' } }, undefined],
  [
    'takes nothing else',
    {},
    { requests: { 'ephemeral-storage': '1Gi' } },
    'spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable',
  ],
  [
    'cannot begin anew for it',
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    { requests: { cpu: '200m' } },
    'spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of RestartContainer cannot be resized',
  ],
])('an init container %s', (_what, more, resources, why) => {
  const was = { requests: { cpu: '100m' } };
  const podWith = (init: object): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }], initContainers: [{ name: 'i', image: 'i', ...more, ...init }] },
    }) as KubeObject;
  const old = podWith({ resources: was });
  const object = podWith({ resources: { requests: { ...was.requests, ...(resources as typeof was).requests } } });
  const outcome = admit({ operation: 'UPDATE', subresource: 'resize', old, object });
  expect('status' in outcome ? outcome.status.message : undefined).toBe(why && `Pod "p" is invalid: ${why}`);
});

// plugin/pkg/admission/podresize/admission_test.go TestResizeAdmission (v1.36).
describe('what no machine could give is refused at once', () => {
  const node = (os: string): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `${os}-node`, labels: { 'kubernetes.io/os': os } },
      status: { allocatable: { cpu: '4', memory: '8Gi' } },
    }) as KubeObject;
  const asking = (nodeName: string | undefined, requests: object): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'test-pod', namespace: 'default', generation: 1 },
      spec: { nodeName, containers: [{ name: 'main', image: 'i', resources: { requests } }] },
    }) as KubeObject;
  const said = (nodeName: string | undefined, requests: object): string | undefined => {
    const old = asking(nodeName, { cpu: '1', memory: '1Gi' });
    const objects = [node('linux'), node('windows')];
    const outcome = admit({
      operation: 'UPDATE',
      subresource: 'resize',
      old,
      object: asking(nodeName, { cpu: '1', memory: '1Gi', ...requests }),
      objects,
    });
    return 'status' in outcome ? outcome.status.message : undefined;
  };
  const short = `pods "test-pod" is forbidden: Node didn't have enough allocatable resources: `;
  it.each<readonly [string, string | undefined, object, string | undefined]>([
    ['cpu', 'linux-node', { cpu: '2' }, undefined],
    ['memory', 'linux-node', { memory: '2Gi' }, undefined],
    ['no machine yet', undefined, { cpu: '10' }, undefined],
    ['the same again', 'missing-node', {}, undefined],
    ['too much cpu', 'linux-node', { cpu: '10' }, `${short}cpu, requested: 10000, allocatable: 4000`],
    ['too much memory', 'linux-node', { memory: '10Gi' }, `${short}memory, requested: 10737418240, allocatable: 8589934592`],
    [
      'too much of both',
      'linux-node',
      { cpu: '10', memory: '10Gi' },
      `${short}cpu, requested: 10000, allocatable: 4000; memory, requested: 10737418240, allocatable: 8589934592`,
    ],
    [
      'Windows',
      'windows-node',
      { cpu: '2' },
      'pods "test-pod" is forbidden: pod resize is only supported on linux nodes, node "windows-node" is "windows"',
    ],
    ['no machine of this name', 'missing-node', { cpu: '2' }, 'pods "test-pod" is forbidden: node "missing-node" not found'],
  ])('%s', (_what, nodeName, requests, message) => expect(said(nodeName, requests)).toBe(message));
});
