/** Sources: concepts in kubernetes/website resize-container-resources.md ("How kubelet retries Deferred resizes", the scheduler's maximum); pkg/kubelet/allocation/allocation_manager_test.go (v1.36). */
import { beforeEach, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

let cluster: Cluster;
const create = (name: string, cpu: string, more: object = {}): void => {
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }];
  cluster.kubectl('create -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers, ...more } }));
  cluster.settle();
};
const resize = (name: string, cpu: string): void => {
  cluster.kubectl(
    `patch pod ${name} --subresource resize --patch '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"${cpu}"}}}]}}'`,
  );
  cluster.settle();
};
const read = (name: string): V1Pod => cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}` }).body as V1Pod;
const given = (name: string): unknown => read(name).status?.containerStatuses?.[0].allocatedResources?.['cpu'];
const why = (name: string): readonly unknown[] =>
  (read(name).status?.conditions ?? []).filter(({ type }) => type === 'PodResizePending').map((c) => `${c.reason}: ${c.message}`);
/** The machine says for a while that it is smaller: who waits hears that this can never be. More than it has nobody may ask for (PodResizeValidator). */
const shrink = (): void => {
  cluster.kubectl(`patch node worker-1 --subresource status -p '{"status":{"allocatable":{"cpu":"1"}}}'`);
  cluster.kubectl('annotate pod second a=b');
  cluster.settle();
  cluster.advance(320);
};

beforeEach(() => {
  cluster = openCluster({ topology: { workers: [{ cpu: '2' }] } });
});

it('waits for room, and gets it when another pod leaves', () => {
  create('first', '500m');
  create('second', '1');
  resize('first', '1500m');
  expect(why('first')).toEqual([
    expect.stringMatching(/^Deferred: Node didn't have enough resource: cpu, requested: 1500, used: \d+, capacity: 2000$/),
  ]);
  expect(given('first')).toBe('500m');
  cluster.kubectl('delete pod second');
  cluster.settle();
  expect(why('first')).toEqual([]);
  expect(given('first')).toBe('1500m');
});

it('of those that wait the more important one gets what is left', () => {
  create('first', '100m');
  create('second', '100m', { priorityClassName: 'system-node-critical' });
  create('third', '1500m');
  resize('first', '1500m');
  resize('second', '1500m');
  cluster.kubectl('delete pod third');
  cluster.settle();
  expect([given('first'), given('second')]).toEqual(['100m', '1500m']);
});

it('a request that is taken back waits no more', () => {
  create('first', '500m');
  create('second', '1');
  resize('first', '1500m');
  resize('first', '500m');
  expect([why('first'), given('first')]).toEqual([[], '500m']);
});

it('the scheduler counts what is asked for while it waits, and not what can never be', () => {
  create('first', '500m');
  create('second', '1');
  resize('first', '1500m');
  create('fits-not', '300m');
  expect(read('fits-not').spec?.nodeName).toBeUndefined();
  shrink();
  expect(why('first')).toEqual(["Infeasible: Node didn't have enough capacity: cpu, requested: 1500, capacity: 1000"]);
  expect(cluster.kubectl('describe pod first').stdout).toMatch(
    /Warning +ResizeInfeasible .*Pod resize Infeasible: .*"error":"Node didn't have enough/,
  );
  expect(read('fits-not').spec?.nodeName).toBe('worker-1');
});

it('a kubelet that starts anew keeps what was given, and what waits', () => {
  create('first', '500m');
  create('second', '1');
  resize('first', '600m');
  resize('first', '1500m');
  cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
  cluster.settle();
  expect([why('first').length, given('first')]).toEqual([1, '600m']);
  cluster.kubectl('delete pod second');
  cluster.settle();
  expect([why('first').length, given('first')]).toEqual([0, '1500m']);
});

// kubelet_pods.go determinePodResizeStatus: a pod that is over has no resize to wait for.
it('a pod that has ended waits for nothing', () => {
  create('first', '500m', { restartPolicy: 'Never', activeDeadlineSeconds: 900 });
  create('second', '1');
  resize('first', '1500m');
  shrink();
  expect(why('first')).toEqual([expect.stringMatching(/^Infeasible: /)]);
  cluster.advance(1000);
  expect([read('first').status?.phase, why('first')]).toEqual(['Failed', []]);
});
