/** A pod that is more important takes others' place: from the refusal to the machine. */
import { describe, expect, it } from 'vitest';
import { openCluster, replay, type Cluster, type Topology } from '../../src/engine/headless.ts';
import { beatsOf, sentences } from '../../src/story/beats.ts';
import { reasonsOf } from '../../src/story/causes.ts';
import { wordsOf } from '../../src/story/sentence.ts';

interface Spec {
  readonly cpu: string;
  readonly priorityClassName?: string;
  readonly graceSeconds?: number;
  /** Ends only when it is killed. */
  readonly isStubborn?: boolean;
}
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}
interface Pod {
  readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string; readonly nominatedNodeName?: string; readonly conditions?: readonly Condition[] };
}

const CRITICAL = 'system-cluster-critical';
const MORE_CRITICAL = 'system-node-critical';
const FULL = '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).';

function run(cluster: Cluster, name: string, { cpu, priorityClassName, graceSeconds = 30, isStubborn = false }: Spec): void {
  const container = isStubborn ? { image: 'busybox:1.37', command: ['sleep', '3600'] } : { image: 'registry.k8s.io/pause:3.10.1' };
  const spec = {
    terminationGracePeriodSeconds: graceSeconds,
    ...(priorityClassName ? { priorityClassName } : {}),
    containers: [{ name: 'c', ...container, resources: { requests: { cpu } } }],
  };
  expect(
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec },
    }).status,
  ).toBe(201);
}
const podNamed = (cluster: Cluster, name: string): Pod | undefined => {
  const { status, body } = cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}` });
  return status === 200 ? (body as Pod) : undefined;
};
const condition = (pod: Pod | undefined, type: string): Condition | undefined => pod?.status.conditions?.find((c) => c.type === type);
const says = (cluster: Cluster): readonly string[] =>
  [...cluster.trace()].flatMap((e) => (e.type === 'note' && e.fact.says.startsWith('scheduler/') ? [e.fact.says] : []));
function opened(pods: Readonly<Record<string, Spec>>, topology: Topology = { workers: 1 }): Cluster {
  const cluster = openCluster({ seed: 5, topology });
  for (const [name, spec] of Object.entries(pods)) run(cluster, name, spec);
  cluster.settle();
  cluster.advance(5);
  return cluster;
}
/** Steps of a millisecond until it is so. */
function until(cluster: Cluster, isSo: () => boolean): void {
  for (let i = 0; i < 1000 && !isSo(); i++) cluster.advance(0.001);
  expect(isSo()).toBe(true);
}

describe('a full machine and a critical pod', () => {
  const cluster = opened({ small: { cpu: '500m' }, big: { cpu: '3', isStubborn: true, graceSeconds: 10 } });
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  cluster.advance(3);

  it('waits, nominated, while the victim ends', () => {
    const [critical, big] = [podNamed(cluster, 'critical'), podNamed(cluster, 'big')];
    expect([critical?.status.nominatedNodeName, critical?.spec.nodeName, condition(critical, 'PodScheduled')]).toMatchObject([
      'worker-1',
      undefined,
      { status: 'False', reason: 'Unschedulable' },
    ]);
    expect(big?.metadata.deletionTimestamp).toBeDefined();
    expect(condition(big, 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    expect(podNamed(cluster, 'small')?.metadata.deletionTimestamp, 'it can stay').toBeUndefined();
    expect(cluster.kubectl('get pod critical -o wide').stdout.split('\n')[1].trim().split(/ {2,}/).slice(-4)).toEqual([
      '<none>',
      '<none>',
      'worker-1',
      '<none>',
    ]);
    expect(cluster.kubectl('describe pod critical').stdout).toMatch(/^NominatedNodeName: +worker-1$/m);
  });

  it('says so in Events, as upstream does', () => {
    const { items } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/events' }).body as {
      readonly items: readonly {
        readonly reason: string;
        readonly action?: string;
        readonly type: string;
        readonly message: string;
        readonly reportingComponent: string;
        readonly involvedObject: { readonly name: string };
        readonly related?: { readonly kind: string; readonly name: string };
      }[];
    };
    expect(items.find((e) => e.reason === 'Preempted')).toMatchObject({
      type: 'Normal',
      action: 'Preempting',
      message: `Preempted by pod ${podNamed(cluster, 'critical')?.metadata.uid} on node worker-1`,
      reportingComponent: 'default-scheduler',
      involvedObject: { name: 'big' },
      related: { kind: 'Pod', name: 'critical' },
    });
    expect(items.find((e) => e.reason === 'FailedScheduling')?.message).toBe(FULL);
  });

  it('tells it in sentences', () => {
    const beats = beatsOf([...cluster.trace()], 0);
    expect(beats.filter((b) => b.fact.says.startsWith('scheduler/preempt')).map((b) => `${b.title} ${b.why}`)).toEqual([
      'critical is to take the place of big on worker-1. With 2000000000 its priority is higher. It waits, nominated to worker-1.',
      'Pod big is preempted on worker-1. The scheduler deletes it, because critical is more important. It has 10 s to end well.',
    ]);
  });

  it('answers why?: the victim ends because somebody asked for a pod that is more important', () => {
    const events = [...cluster.trace()];
    const asked = events.find((e) => e.type === 'note' && e.fact.about === 'pods/default/big' && e.fact.says === 'kubelet/terminating');
    const says = reasonsOf(events, asked?.id ?? 0, (e) =>
      e.type === 'note' ? sentences.get(e.fact.says)?.title(wordsOf(e.fact), e.fact) : undefined,
    ).map(({ text }) => text);
    expect(says).toEqual([
      'big is asked to end within 10 s.',
      'critical is to take the place of big on worker-1.',
      'No machine fits critical: it stays Pending.',
      'The apiserver accepts Pod critical.',
      'This is where it all began.',
    ]);
  });

  it('gets the machine when the victim is gone', () => {
    cluster.advance(15);
    const critical = podNamed(cluster, 'critical');
    expect([critical?.status.phase, critical?.spec.nodeName, critical?.status.nominatedNodeName]).toEqual([
      'Running',
      'worker-1',
      undefined,
    ]);
    expect([podNamed(cluster, 'big'), podNamed(cluster, 'small')?.status.phase]).toEqual([undefined, 'Running']);
  });

  it('explains each attempt', () => {
    const [first, ...others] = cluster.explain('default/critical');
    expect(first).toMatchObject({
      fitError: FULL,
      preemption: {
        candidates: [{ node: 'worker-1', victims: ['default/big'], highestPriority: 0 }],
        node: 'worker-1',
        victims: ['default/big'],
      },
    });
    expect(others.at(-1)).toMatchObject({ chosen: 'worker-1', evaluated: 1 });
  });

  it('is the same when it is played again', () => expect(replay(cluster.session()).digest()).toBe(cluster.digest()));
});

it('does not preempt a second time while its victim still ends', () => {
  const cluster = opened({ big: { cpu: '3', isStubborn: true, graceSeconds: 10 }, other: { cpu: '500m', graceSeconds: 0 } });
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  cluster.advance(2);
  cluster.kubectl('delete pod other --wait=false');
  cluster.advance(2);
  expect(condition(podNamed(cluster, 'critical'), 'PodScheduled')?.message).toBe(
    `${FULL} preemption: not eligible due to a terminating pod on the nominated node.`,
  );
  expect(podNamed(cluster, 'critical')?.status.nominatedNodeName, 'its nomination stays').toBe('worker-1');
  expect(says(cluster).filter((s) => s === 'scheduler/preempting').length).toBe(1);
});

it('asks for all victims but one at once, then for the last, and is not tried in between', () => {
  const cluster = opened({ a: { cpu: '1', graceSeconds: 0 }, b: { cpu: '1', graceSeconds: 0 }, c: { cpu: '1', graceSeconds: 0 } });
  run(cluster, 'critical', { cpu: '3500m', priorityClassName: CRITICAL });
  cluster.advance(5);
  expect(podNamed(cluster, 'critical')?.status.phase).toBe('Running');
  const deleted = [...cluster.trace()].flatMap((e) =>
    e.type === 'note' && e.fact.says === 'scheduler/preempted' ? [e.fact.with?.pod] : [],
  );
  expect(deleted).toEqual(['a', 'b', 'c']);
  const order = [...cluster.trace()].flatMap((e) =>
    e.type === 'note' &&
    ['scheduler/preempted', 'scheduler/unschedulable', 'scheduler/filtered'].includes(e.fact.says) &&
    ['a', 'b', 'c', 'critical'].includes(String(e.fact.with?.pod))
      ? [`${e.fact.says.slice('scheduler/'.length)} ${String(e.fact.with?.pod)}`]
      : [],
  );
  expect(order.slice(order.indexOf('unschedulable critical'), order.indexOf('preempted c') + 1)).toEqual([
    'unschedulable critical',
    'preempted a',
    'preempted b',
    'preempted c',
  ]);
});

it('keeps the place for the nominated pod: an ordinary one does not slip in, also when the scheduler has started again', () => {
  const cluster = opened({ big: { cpu: '3500m', isStubborn: true, graceSeconds: 10 } });
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  cluster.advance(2);
  cluster.fault({ do: 'kill', what: 'cp-1/kube-scheduler' });
  run(cluster, 'ordinary', { cpu: '2' });
  cluster.advance(60);
  expect([podNamed(cluster, 'critical')?.status.phase, podNamed(cluster, 'ordinary')?.status.phase]).toEqual(['Running', 'Pending']);
  expect(condition(podNamed(cluster, 'ordinary'), 'PodScheduled')?.message).toBe(
    `${FULL} preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.`,
  );
});

it('takes a lower nomination away, and the pod that lost it is told', () => {
  const cluster = opened({
    big: { cpu: '2', isStubborn: true, graceSeconds: 20 },
    small: { cpu: '1500m', isStubborn: true, graceSeconds: 20 },
  });
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  cluster.advance(2);
  expect(podNamed(cluster, 'critical')?.status.nominatedNodeName).toBe('worker-1');
  run(cluster, 'more-critical', { cpu: '3500m', priorityClassName: MORE_CRITICAL });
  cluster.advance(2);
  expect(['critical', 'more-critical'].map((name) => podNamed(cluster, name)?.status.nominatedNodeName)).toEqual([undefined, 'worker-1']);
  expect(beatsOf([...cluster.trace()], 0).find((b) => b.fact.says === 'scheduler/nomination-cleared')?.title).toBe(
    'critical is not nominated to worker-1 any more.',
  );
  cluster.advance(60);
  expect(['critical', 'more-critical'].map((name) => podNamed(cluster, name)?.status.phase)).toEqual(['Pending', 'Running']);
});

it('a nomination that ends wakes those who reckoned with it', () => {
  const cluster = opened({ big: { cpu: '2', isStubborn: true, graceSeconds: 20 } });
  run(cluster, 'critical', { cpu: '3', priorityClassName: CRITICAL });
  cluster.advance(2);
  run(cluster, 'ordinary', { cpu: '1500m' });
  cluster.advance(3);
  expect(podNamed(cluster, 'ordinary')?.status.phase, 'beside critical it has no room').toBe('Pending');
  cluster.kubectl('delete pod critical --wait=false');
  cluster.advance(3);
  expect([podNamed(cluster, 'ordinary')?.status.phase, podNamed(cluster, 'big')?.status.phase]).toEqual(['Running', 'Running']);
});

it('a victim that cannot be removed is tried again', () => {
  const cluster = opened({ big: { cpu: '3' } });
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  until(cluster, () => says(cluster).includes('scheduler/preempting'));
  cluster.fault({ do: 'kill', what: 'cp-1/kube-apiserver' });
  cluster.advance(90);
  expect(beatsOf([...cluster.trace()], 0).find((b) => b.fact.says === 'scheduler/preemption-failed')).toMatchObject({
    title: 'big could not be removed from worker-1.',
    why: 'The apiserver did not answer. critical is tried again at once.',
  });
  expect(
    says(cluster).filter((s) => s === 'scheduler/preempting').length,
    'after four calls each time, 10, 50 and 250 ms apart: client-go util/retry DefaultBackoff',
  ).toBeLessThan(15);
  expect([podNamed(cluster, 'critical')?.status.phase, podNamed(cluster, 'big')]).toEqual(['Running', undefined]);
});

// pkg/scheduler/eventhandlers.go responsibleForPod (v1.36); backend/queue/scheduling_queue.go moveToActiveQ: a pod behind a gate is nominated when it is let through.
it.each([
  ['of another scheduler', { schedulerName: 'another' }],
  ['behind a gate', { schedulingGates: [{ name: 'example.com/wait' }] }],
])('a pod %s keeps no place', (_what, spec) => {
  const cluster = opened({});
  cluster.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/pods',
    body: {
      metadata: { name: 'stranger' },
      spec: {
        ...spec,
        priorityClassName: CRITICAL,
        containers: [{ name: 'c', image: 'nginx:1.29', resources: { requests: { cpu: '3' } } }],
      },
    },
  });
  expect(
    cluster.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/pods/stranger/status',
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: { status: { nominatedNodeName: 'worker-1' } },
    }).status,
  ).toBe(200);
  run(cluster, 'ordinary', { cpu: '2' });
  cluster.settle();
  expect(podNamed(cluster, 'ordinary')?.status.phase).toBe('Running');
});

it('nobody is preempted when the plugin is off', () => {
  const cluster = opened(
    { big: { cpu: '3' } },
    { workers: 1, schedulerConfiguration: { profiles: [{ plugins: { postFilter: { disabled: [{ name: '*' }] } } }] } },
  );
  run(cluster, 'critical', { cpu: '2', priorityClassName: CRITICAL });
  cluster.advance(20);
  expect(condition(podNamed(cluster, 'critical'), 'PodScheduled')?.message).toBe(FULL);
  expect(podNamed(cluster, 'big')?.status.phase).toBe('Running');
});
