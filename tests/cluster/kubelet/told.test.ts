/** What the API is told of a pod, in order. Upstream: pkg/kubelet/kubelet.go SyncPod, reason_cache.go, status/status_manager.go mergePodStatus, kuberuntime/kuberuntime_container.go startContainer, pkg/registry/core/pod/storage/eviction.go (v1.36). */
import { expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const PODS = '/api/v1/namespaces/default/pods';
/** What a watch shows of the first container and of the pod, each time that it changes, with the second. */
function told(container: object, spec: object, seconds: number, then: (cluster: Cluster) => void = () => undefined): readonly string[] {
  const cluster = openCluster({ topology: { workers: 1 } });
  const from = cluster.now;
  const lines: string[] = [];
  cluster.watch(`${PODS}?watch=1`, ({ object }) => {
    const { status } = object as V1Pod;
    const own = status?.containerStatuses?.[0];
    if (!own) return;
    const words = `${status.phase} ${[status.reason, own.state?.waiting?.reason ?? own.state?.terminated?.reason ?? 'running', own.restartCount, own.ready ? 'ready' : ''].filter((w) => w !== undefined && w !== '').join(' ')}`;
    if (!lines[lines.length - 1]?.endsWith(` ${words}`)) lines.push(`${Math.floor(cluster.now - from)} ${words}`);
  });
  cluster.request({
    method: 'POST',
    path: PODS,
    body: { metadata: { name: 'p' }, spec: { ...spec, containers: [{ name: 'c', image: 'busybox:1.37', ...container }] } },
  });
  then(cluster);
  cluster.advance(seconds);
  return lines;
}

it('how a container ended comes before the back-off', () =>
  expect(told({ command: ['sh', '-c', 'exit 3'] }, {}, 30)).toEqual([
    '0 Pending ContainerCreating 0',
    '0 Running running 0 ready',
    '0 Running Error 0',
    '0 Running running 1 ready',
    '1 Running Error 1',
    '2 Running CrashLoopBackOff 1',
    '10 Running running 2 ready',
    '11 Running Error 2',
    '12 Running CrashLoopBackOff 2',
  ]));

it('a start that fails is said, and tried again when the kubelet has looked', () =>
  expect(told({ command: ['/nonexistent'] }, {}, 15)).toEqual([
    '0 Pending ContainerCreating 0',
    '0 Running RunContainerError 0',
    '1 Running RunContainerError 1',
    '2 Running CrashLoopBackOff 1',
    '11 Running RunContainerError 2',
    '12 Running CrashLoopBackOff 2',
  ]));

it('a container whose postStart hook fails is never said to run', () =>
  expect(
    told(
      { command: ['sleep', '1000'], lifecycle: { postStart: { exec: { command: ['false'] } } } },
      { terminationGracePeriodSeconds: 5 },
      20,
    ),
  ).toEqual([
    '0 Pending ContainerCreating 0',
    '5 Running PostStartHookError 0',
    '11 Running PostStartHookError 1',
    '12 Running CrashLoopBackOff 1',
  ]));

it('a pod past its deadline is Failed when its containers have stopped', () =>
  expect(told({ command: ['sleep', '1000'] }, { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 20 }, 40)).toEqual([
    '0 Pending ContainerCreating 0',
    '0 Running running 0 ready',
    '25 Failed DeadlineExceeded Error 0',
  ]));

it('an evicted pod says why it goes, and the eviction’s revision counts though that was written', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.request({
    method: 'POST',
    path: PODS,
    body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'busybox:1.37', command: ['sleep', '1000'] }] } },
  });
  cluster.settle(30);
  const evict = (deleteOptions: object): number =>
    cluster.request({
      method: 'POST',
      path: `${PODS}/p/eviction`,
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' }, deleteOptions },
    }).status;
  const pod = (): V1Pod => cluster.request({ method: 'GET', path: `${PODS}/p` }).body as V1Pod;
  expect(evict({ dryRun: ['All'] })).toBe(201);
  expect(evict({ preconditions: { resourceVersion: '1' } })).toBe(409);
  expect(pod().status?.conditions?.some((c) => c.type === 'DisruptionTarget')).toBe(false);
  expect(evict({ preconditions: { resourceVersion: pod().metadata?.resourceVersion, uid: pod().metadata?.uid } })).toBe(201);
  expect(pod().metadata?.deletionTimestamp).toBeDefined();
  expect(pod().status?.conditions?.find((c) => c.type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    observedGeneration: 1,
  });
});
