/** Pods of all priorities crowd onto few machines under random faults: at rest nobody waits for a place that a less important pod has. `ORRERY_SOAK=200` runs more seeds. */
import { expect, it } from 'vitest';
import { openCluster, replay, type Cluster } from '../../src/engine/headless.ts';
import { createRng } from './dice.ts';

const SEEDS = Number(process.env.ORRERY_SOAK ?? 4);
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];
const CLASSES = [undefined, undefined, 'system-cluster-critical', 'system-node-critical'];
interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly priority: number;
    readonly containers: readonly { readonly resources?: { readonly requests?: { readonly cpu?: string } } }[];
  };
  readonly status: { readonly phase: string; readonly nominatedNodeName?: string };
}

const milli = (cpu = '0'): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
const asks = ({ spec }: Pod): number => spec.containers.reduce((sum, c) => sum + milli(c.resources?.requests?.cpu), 0);
const podsOf = (cluster: Cluster): readonly Pod[] =>
  (cluster.request({ method: 'GET', path: '/api/v1/pods' }).body as { readonly items?: readonly Pod[] }).items ?? [];

/** What does not run at the moment cannot be killed, and says so. */
function killed(cluster: Cluster, what: string): void {
  try {
    cluster.fault({ do: 'kill', what });
  } catch (error) {
    expect((error as Error).message).toMatch(/^nothing runs at /);
  }
}

function crowded(seed: number): Cluster {
  const die = createRng(seed);
  const cluster = openCluster({ seed });
  for (let i = 0; i < 24; i++) {
    const [priorityClassName, cpu] = [die.pick(CLASSES), die.pick(['500m', '1', '1500m', '2500m'])];
    const stubborn = die.below(3) === 0 ? { image: 'busybox:1.37', command: ['sleep', '3600'] } : { image: 'registry.k8s.io/pause:3.10.1' };
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      body: {
        metadata: { name: `p${i}` },
        spec: {
          terminationGracePeriodSeconds: die.below(3) * 5,
          ...(priorityClassName ? { priorityClassName } : {}),
          containers: [{ name: 'c', ...stubborn, resources: { requests: { cpu } } }],
        },
      },
    });
    cluster.advance(die.pick([0, 0.01, 1, 7]));
    if (die.below(6) === 0) killed(cluster, `cp-1/${die.pick(['kube-scheduler', 'kube-apiserver'])}`);
    if (die.below(6) === 0) {
      const pod = die.pick(podsOf(cluster).filter((p) => p.metadata.namespace === 'default'));
      if (pod) cluster.kubectl(`delete pod ${pod.metadata.name} --wait=false`);
    }
  }
  return cluster;
}

let preempted = 0;
it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('seed %i: the more important pods have the machines', (seed) => {
  const cluster = crowded(seed);
  cluster.advance(420);
  cluster.settle();
  const pods = podsOf(cluster);
  const free = (machine: string, from: number): number =>
    4000 -
    pods
      .filter((p) => p.spec.nodeName === machine && p.spec.priority >= from && p.status.phase !== 'Failed')
      .reduce((sum, p) => sum + asks(p), 0);
  for (const machine of WORKERS) expect(free(machine, 0), `${machine} holds no more than it has`).toBeGreaterThanOrEqual(0);
  const waiting = pods.filter((p) => p.spec.nodeName === undefined);
  for (const pod of waiting)
    for (const machine of WORKERS)
      expect(free(machine, pod.spec.priority), `${pod.metadata.name} waits, and has no place on ${machine}`).toBeLessThan(asks(pod));
  expect(
    pods.filter((p) => p.status.nominatedNodeName !== undefined).map((p) => p.metadata.name),
    'nobody is on the way',
  ).toEqual([]);
  for (const e of cluster.trace()) if (e.type === 'note' && e.fact.says === 'scheduler/preempted') preempted++;
  expect(replay(cluster.session()).digest()).toBe(cluster.digest());
});

it('and they took them', () => expect(preempted).toBeGreaterThan(SEEDS));
