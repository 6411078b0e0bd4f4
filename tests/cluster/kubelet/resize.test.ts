/** Source: kubernetes/website content/en/docs/tasks/configure-pod-container/resize-container-resources.md with its pods/resource/pod-resize.yaml; messages: pkg/kubelet/allocation, pkg/kubelet/events/resize_test.go (v1.36). */
import { beforeAll, expect, it } from 'vitest';
import type { CoreV1Event, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';
import { beatsOf } from '../../../src/story/beats.ts';

const RESIZE_DEMO = `apiVersion: v1
kind: Pod
metadata:
  name: resize-demo
spec:
  containers:
  - name: pause
    image: registry.k8s.io/pause:3.8
    resizePolicy:
    - resourceName: cpu
      restartPolicy: NotRequired # Default, but explicit here
    - resourceName: memory
      restartPolicy: RestartContainer
    resources:
      limits:
        memory: "200Mi"
        cpu: "700m"
      requests:
        memory: "200Mi"
        cpu: "700m"
`;
let cluster: Cluster;
const read = (name: string): V1Pod => cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}` }).body as V1Pod;
const patch = (name: string, container: string, amounts: object, limits: object = amounts): string => {
  const body = { spec: { containers: [{ name: container, resources: { requests: amounts, limits } }] } };
  const { stdout, stderr } = cluster.kubectl(`patch pod ${name} --subresource resize --patch '${JSON.stringify(body)}'`);
  cluster.settle();
  return stdout + stderr;
};
const conditionsOf = (name: string): readonly object[] =>
  (read(name).status?.conditions ?? []).filter(({ type }) => type.startsWith('PodResize'));
const eventsOf = (name: string): readonly string[] =>
  (cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/events' }).body as { readonly items: readonly CoreV1Event[] }).items
    .filter(({ involvedObject, reason }) => involvedObject.name === name && reason?.startsWith('Resize'))
    .map(({ type, reason, message }) => `${type}|${reason}|${message}`);
const seen = (): number => [...cluster.trace()].length;
const told = (from: number): readonly string[] =>
  beatsOf([...cluster.trace()].slice(from), 0)
    .filter(({ fact }) => fact.says === 'kubelet/resize')
    .map(({ title }) => title);

beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', RESIZE_DEMO);
  cluster.settle();
});

it('example 1: more cpu, and no restart', () => {
  const from = seen();
  const before = read('resize-demo').status?.containerStatuses?.[0];
  expect(before).toMatchObject({ restartCount: 0, resources: { limits: { cpu: '700m', memory: '200Mi' } } });
  expect(patch('resize-demo', 'pause', { cpu: '800m' })).toBe('pod/resize-demo patched\n');
  const { spec, status } = read('resize-demo');
  expect(spec?.containers[0].resources?.requests).toEqual({ cpu: '800m', memory: '200Mi' });
  expect(status?.containerStatuses?.[0]).toMatchObject({
    containerID: before?.containerID,
    restartCount: 0,
    allocatedResources: { cpu: '800m', memory: '200Mi' },
    resources: { limits: { cpu: '800m', memory: '200Mi' }, requests: { cpu: '800m', memory: '200Mi' } },
  });
  expect([conditionsOf('resize-demo'), status?.observedGeneration]).toEqual([[], 2]);
  const said =
    '{"containers":[{"name":"pause","resources":{"limits":{"cpu":"800m","memory":"200Mi"},"requests":{"cpu":"800m","memory":"200Mi"}}}],"generation":2}';
  expect(eventsOf('resize-demo')).toEqual([
    `Normal|ResizeStarted|Pod resize started: ${said}`,
    `Normal|ResizeCompleted|Pod resize completed: ${said}`,
  ]);
  expect(told(from)).toEqual([
    'The kubelet gives resize-demo other resources in place.',
    'The kubelet has given resize-demo other resources in place.',
  ]);
});

it('the API hears that it is in progress, and the runtime is told of one container at a time', () => {
  const from = seen();
  patch('resize-demo', 'pause', { cpu: '750m' });
  const steps = [...cluster.trace()].slice(from).flatMap((e) => {
    if (e.type !== 'hop' || e.kind !== 'call') return [];
    const { verb, request } = e.body as { readonly verb?: string; readonly request?: { readonly path: string; readonly body?: V1Pod } };
    if (verb === 'UpdateContainerResources') return [verb];
    if (!request?.path.endsWith('/resize-demo/status')) return [];
    return [(request.body?.status?.conditions ?? []).flatMap(({ type }) => (type.startsWith('PodResize') ? [type] : [])).join()];
  });
  expect(steps).toEqual(['UpdateContainerResources', 'PodResizeInProgress', '']);
  patch('resize-demo', 'pause', { cpu: '800m' });
});

it('example 2: more memory, for which its policy wants a restart', () => {
  patch('resize-demo', 'pause', { memory: '300Mi' });
  const { status } = read('resize-demo');
  expect(status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    ready: true,
    resources: { limits: { cpu: '800m', memory: '300Mi' }, requests: { cpu: '800m', memory: '300Mi' } },
  });
  expect(conditionsOf('resize-demo')).toEqual([]);
  expect(cluster.kubectl('describe pod resize-demo').stdout).toMatch(/Killing .* Container pause resize requires restart/);
});

// plugin/pkg/admission/podresize/admission.go (v1.36); up to v1.35 the kubelet said that it is infeasible.
it('troubleshooting: more than the machine has is refused, and changes nothing', () => {
  expect(patch('resize-demo', 'pause', { cpu: '1000' })).toMatch(
    /^Error from server \(Forbidden\): pods "resize-demo" is forbidden: Node didn't have enough allocatable resources: cpu, requested: 1000000, allocatable: \d+\n$/,
  );
  const { spec, status } = read('resize-demo');
  expect([spec?.containers[0].resources?.requests?.['cpu'], conditionsOf('resize-demo')]).toEqual(['800m', []]);
  expect(status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, allocatedResources: { cpu: '800m', memory: '300Mi' } });
});

it('a static pod and one of Windows are refused', () => {
  const mirror = cluster.kubectl(
    `patch pod kube-scheduler-cp-1 -n kube-system --subresource resize --patch '{"spec":{"containers":[{"name":"kube-scheduler","resources":{"requests":{"cpu":"200m"}}}]}}'`,
  );
  expect(mirror.stderr).toContain('static pods cannot be resized');
  cluster.kubectl('create -f -', RESIZE_DEMO.replace('name: resize-demo\nspec:', 'name: windows\nspec:\n  os: {name: windows}'));
  expect(patch('windows', 'pause', { cpu: '800m' })).toContain('windows pods cannot be resized');
});

// kuberuntime_manager.go doPodResizeAction: memory before cpu; computePodResizeAction: "resource decreases are applied before increases".
it('memory goes before cpu, and what shrinks before what grows, sidecars too', () => {
  const resources = { requests: { cpu: '100m', memory: '100Mi' } };
  const containers = [{ name: 'grows', image: 'nginx', resources }];
  const initContainers = [{ name: 'shrinks', image: 'redis', restartPolicy: 'Always', resources }];
  cluster.kubectl(
    'create -f -',
    JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'two' }, spec: { containers, initContainers } }),
  );
  cluster.settle();
  const from = seen();
  const spec = {
    containers: [{ name: 'grows', resources: { requests: { cpu: '200m', memory: '200Mi' } } }],
    initContainers: [{ name: 'shrinks', resources: { requests: { cpu: '50m', memory: '50Mi' } } }],
  };
  cluster.kubectl(`patch pod two --subresource resize --patch '${JSON.stringify({ spec })}'`);
  cluster.settle();
  const updates = [...cluster.trace()].slice(from).flatMap((e) => {
    const body = e.type === 'hop' && e.kind === 'call' ? (e.body as { readonly verb?: string; readonly resources?: typeof resources }) : {};
    return body.verb === 'UpdateContainerResources' ? [Object.values(body.resources?.requests ?? {}).join(' ')] : [];
  });
  expect(updates).toEqual(['100m 50Mi', '100m 200Mi', '50m 50Mi', '200m 200Mi']);
  expect(read('two').status?.initContainerStatuses?.[0]).toMatchObject({ restartCount: 0, resources: { requests: { cpu: '50m' } } });
});

// test/e2e/common/node/pod_resize.go doPodResizeInitContainerResizeTest; InPlacePodVerticalScalingInitContainers is on since v1.36.
it('an init container that runs is resized, too, and one that has ended keeps what it had', () => {
  const resources = { requests: { cpu: '100m', memory: '100Mi' } };
  const initContainers = [
    { name: 'over', image: 'busybox', command: ['true'], resources },
    { name: 'runs', image: 'busybox', command: ['sleep', '3600'], resources },
  ];
  const containers = [{ name: 'main', image: 'nginx', resources }];
  cluster.kubectl(
    'create -f -',
    JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'inits' }, spec: { containers, initContainers } }),
  );
  cluster.advance(10);
  const more = { requests: { cpu: '200m', memory: '200Mi' } };
  const spec = {
    initContainers: [
      { name: 'over', resources: more },
      { name: 'runs', resources: more },
    ],
  };
  expect(cluster.kubectl(`patch pod inits --subresource resize --patch '${JSON.stringify({ spec })}'`).stdout).toBe('pod/inits patched\n');
  cluster.advance(10);
  expect(read('inits').status?.initContainerStatuses?.[1]).toMatchObject({
    restartCount: 0,
    state: { running: {} },
    allocatedResources: more.requests,
    resources: more,
  });
  expect(conditionsOf('inits')).toEqual([]);
  expect(eventsOf('inits').map((e) => e.split('|')[1])).toEqual(['ResizeStarted', 'ResizeCompleted']);
});
