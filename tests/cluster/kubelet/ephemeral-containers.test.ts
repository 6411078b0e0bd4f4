/**
 * Containers that join a running pod. Upstream: test/e2e/common/node/ephemeral_containers.go; pkg/apis/core/validation/validation_test.go TestValidateEphemeralContainers, TestValidatePodEphemeralContainersUpdate;
 * pkg/kubelet/kuberuntime/kuberuntime_manager_test.go TestComputePodActionsWithInitAndEphemeralContainers; website concepts/workloads/pods/ephemeral-containers.md.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

let cluster: Cluster;
const PODS = '/api/v1/namespaces/default/pods';
const make = (name: string, spec: object): void => {
  cluster.kubectl('create -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));
  cluster.settle();
};
const join = (name: string, container: object): { readonly status: number; readonly body: unknown } => {
  const result = cluster.request({
    method: 'PATCH',
    path: `${PODS}/${name}/ephemeralcontainers`,
    headers: { 'Content-Type': 'application/strategic-merge-patch+json' },
    body: { spec: { ephemeralContainers: [container] } },
  });
  cluster.settle();
  return result;
};
const pod = (name: string): V1Pod => cluster.request({ method: 'GET', path: `${PODS}/${name}` }).body as V1Pod;
const joined = (name: string): NonNullable<V1Pod['status']>['ephemeralContainerStatuses'] => pod(name).status?.ephemeralContainerStatuses;
const app = { name: 'app', image: 'registry.k8s.io/pause:3.10' };
const debugger1 = { name: 'debugger', image: 'busybox:1.37', command: ['sleep', '3600'] };

beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
});

describe('an ephemeral container', () => {
  it('joins a running pod and its network; the pod is as ready as before', () => {
    make('one', { containers: [app] });
    cluster.kubectl('run web --image=nginx');
    cluster.settle();
    expect(cluster.kubectl('exec one -- ls').exitCode).toBe(1);
    expect(join('one', { ...debugger1, targetContainerName: 'app' }).status).toBe(200);
    const { metadata, spec, status } = pod('one');
    expect([metadata?.generation, status?.observedGeneration, spec?.ephemeralContainers]).toEqual([
      2,
      2,
      [
        {
          ...debugger1,
          targetContainerName: 'app',
          imagePullPolicy: 'IfNotPresent',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
    ]);
    expect(status?.ephemeralContainerStatuses).toMatchObject([
      { name: 'debugger', ready: false, restartCount: 0, state: { running: {} }, lastState: {} },
    ]);
    expect(cluster.kubectl('get pod one --no-headers').stdout).toMatch(/^one +1\/1 +Running +0 /);
    expect(cluster.kubectl('exec one -c debugger -- hostname -i').stdout).toBe(`${status?.podIP}\n`);
    expect(cluster.kubectl(`exec one -c debugger -- wget -qO- ${pod('web').status?.podIP}`).stdout).toContain('Welcome to nginx!');
    expect(
      cluster.kubectl('get events --field-selector reason=Started,involvedObject.name=one -o jsonpath={.items[*].involvedObject.fieldPath}')
        .stdout,
    ).toBe('spec.containers{app} spec.ephemeralContainers{debugger}');
  });

  it('is never started again, whatever becomes of it', () => {
    make('two', { containers: [app] });
    join('two', { name: 'ends', image: 'busybox:1.37', command: ['sh', '-c', 'echo bye; exit 3'] });
    join('two', debugger1);
    cluster.fault({ do: 'kill', what: 'default/two/debugger' });
    cluster.advance(60);
    expect(joined('two')).toMatchObject([
      { name: 'debugger', restartCount: 0, state: { terminated: { exitCode: 137 } } },
      { name: 'ends', restartCount: 0, state: { terminated: { exitCode: 3, reason: 'Error' } } },
    ]);
    expect(cluster.kubectl('logs two -c ends').stdout).toBe('bye\n');
    expect(pod('two').status?.phase).toBe('Running');
  });

  it('starts while the init containers run, and ends with its pod', () => {
    cluster.kubectl(
      'create -f -',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'four' },
        spec: {
          restartPolicy: 'Never',
          initContainers: [{ name: 'init', image: 'busybox:1.37', command: ['sleep', '50'] }],
          containers: [{ name: 'app', image: 'busybox:1.37', command: ['sleep', '10'] }],
        },
      }),
    );
    cluster.advance(5);
    cluster.kubectl('debug four --image=busybox:1.37 -c debugger -- sleep 3600');
    cluster.advance(5);
    expect([pod('four').status?.phase, joined('four')]).toMatchObject(['Pending', [{ state: { running: {} } }]]);
    cluster.advance(120);
    expect([pod('four').status?.phase, joined('four')]).toMatchObject(['Succeeded', [{ state: { terminated: { exitCode: 137 } } }]]);
  });

  it('waits for an image that cannot be pulled, and holds up nobody', () => {
    make('five', { containers: [app] });
    join('five', { name: 'lost', image: 'registry.invalid/nobody:1' });
    join('five', debugger1);
    expect(joined('five')).toMatchObject([
      { name: 'debugger', state: { running: {} } },
      { name: 'lost', state: { waiting: { reason: expect.stringMatching(/^(ErrImagePull|ImagePullBackOff)$/) as string } } },
    ]);
    expect(cluster.kubectl('get pod five --no-headers').stdout).toMatch(/1\/1 +Running/);
  });

  it('is there after the kubelet has been started again', () => {
    make('six', { containers: [app] });
    join('six', debugger1);
    const before = joined('six');
    cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
    cluster.advance(30);
    expect(joined('six')).toEqual(before);
  });
});

describe('is refused', () => {
  const AT = 'spec.ephemeralContainers';
  const WHY = 'cannot be set for an Ephemeral Container';
  beforeAll(() => {
    make('strict', { containers: [app], volumes: [{ name: 'v', emptyDir: {} }] });
    join('strict', debugger1);
  });
  it.each<readonly [string, object, string]>([
    ['a name that a container has', { name: 'app', image: 'x' }, `${AT}[0].name: Duplicate value: "app"`],
    ['no image', { name: 'b' }, `${AT}[0].image: Required value`],
    [
      'a target that is not there',
      { name: 'b', image: 'x', targetContainerName: 'nobody' },
      `${AT}[0].targetContainerName: Not found: "nobody"`,
    ],
    [
      'a target that joined, too',
      { name: 'b', image: 'x', targetContainerName: 'debugger' },
      `${AT}[0].targetContainerName: Not found: "debugger"`,
    ],
    ['ports', { name: 'b', image: 'x', ports: [{ containerPort: 80 }] }, `${AT}[0].ports: Forbidden: ${WHY}`],
    ['resources', { name: 'b', image: 'x', resources: { limits: { cpu: '1' } } }, `${AT}[0].resources: Forbidden: ${WHY}`],
    ['a probe', { name: 'b', image: 'x', readinessProbe: { exec: { command: ['x'] } } }, `${AT}[0].readinessProbe: Forbidden: ${WHY}`],
    ['a hook', { name: 'b', image: 'x', lifecycle: { preStop: { exec: { command: ['x'] } } } }, `${AT}[0].lifecycle: Forbidden: ${WHY}`],
    [
      'a part of a volume',
      { name: 'b', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a' }] },
      `${AT}[0].volumeMounts[0].subPath: Forbidden: ${WHY}`,
    ],
    ['a change', { name: 'debugger', image: 'other' }, `${AT}: Forbidden: existing ephemeral containers "debugger" may not be changed\n`],
  ])('%s', (_what, container, message) =>
    expect(join('strict', container)).toMatchObject({ status: 422, body: { message: `Pod "strict" is invalid: ${message}` } }),
  );
  it('an end', () => {
    const { spec, ...rest } = pod('strict');
    const put = (path: string, body: unknown): unknown => cluster.request({ method: 'PUT', path: `${PODS}/strict${path}`, body }).body;
    expect(put('/ephemeralcontainers', { ...rest, spec: { ...spec, ephemeralContainers: [] } })).toMatchObject({
      message: `Pod "strict" is invalid: ${AT}: Forbidden: existing ephemeral containers "debugger" may not be removed\n`,
    });
    expect(put('', { ...rest, spec: { ...spec, ephemeralContainers: [] } })).toMatchObject({
      message: expect.stringContaining('Forbidden: pod updates may not change fields other than') as string,
    });
    expect(cluster.kubectl('label pod strict a=b').exitCode).toBe(0);
  });
  it('a pod that is made with one, and a static pod', () => {
    expect(
      cluster.request({
        method: 'POST',
        path: PODS,
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'new' }, spec: { containers: [app], ephemeralContainers: [debugger1] } },
      }).body,
    ).toMatchObject({ message: `Pod "new" is invalid: ${AT}: Forbidden: cannot be set on create` });
    expect(cluster.kubectl('debug -n kube-system kube-scheduler-cp-1 --image=busybox -q').stderr).toBe(
      'The Pod "kube-scheduler-cp-1" is invalid: : Forbidden: static pods do not support ephemeral containers\n',
    );
  });
});
