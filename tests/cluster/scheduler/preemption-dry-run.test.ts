/** Where it would help, and who would have to go. Upstream's table: TestDryRunPreemption of pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36), without PDBs. */
import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../../src/cluster/scheduler/plugins/default-preemption.ts';
import interPodAffinity from '../../../src/cluster/scheduler/plugins/inter-pod-affinity.ts';
import fit from '../../../src/cluster/scheduler/plugins/node-resources-fit.ts';
import podTopologySpread from '../../../src/cluster/scheduler/plugins/pod-topology-spread.ts';
import { dryRun, keysOf } from '../../../src/cluster/scheduler/preemption.ts';
import { bench, HIGH, LARGE, LOW, machine, make, MEDIUM, MID, SMALL, VERY_HIGH, type Bench } from './preemption-objects.ts';

describe('TestDryRunPreemption', () => {
  const p = make('p', undefined, HIGH, LARGE);
  const two = ['node1', 'node2'];
  const pair = [make('p1', 'node1', MID, LARGE), make('p2', 'node2', MID, LARGE)];
  const five = ['node1', 'node2', 'node3', 'node4', 'node5'];
  const exists = (key: string) => ({ matchExpressions: [{ key, operator: 'Exists' }] });
  const foo = { foo: '' };
  const spread = {
    topologySpreadConstraints: ['zone', 'hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: exists('foo'),
    })),
  };
  const away = {
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: exists('foo'), topologyKey: 'hostname' }] },
    },
  };
  const cases: readonly (readonly [
    string,
    Omit<Bench, 'nodes'> & { readonly at: readonly string[] },
    Readonly<Record<string, readonly string[]>>,
    number,
  ])[] = [
    [
      'a pod that does not fit on any node',
      {
        pod: make('p', undefined, HIGH),
        at: two,
        pods: [make('p1', 'node1', MID), make('p2', 'node2', MID)],
        plugins: [],
        says: { code: 'unschedulable', reasons: [] },
      },
      {},
      2,
    ],
    [
      'a pod that fits on both nodes when lower priority pods are preempted',
      { pod: p, at: two, pods: pair },
      { node1: ['p1'], node2: ['p2'] },
      4,
    ],
    [
      'a pod that would fit on the nodes, but other pods running are higher priority, no preemption would happen',
      { pod: make('p', undefined, LOW, LARGE), at: two, pods: pair },
      {},
      0,
    ],
    [
      'medium priority pod is preempted, but lower priority one stays as it is small',
      { pod: p, at: two, pods: [make('p1.1', 'node1', LOW, SMALL), make('p1.2', 'node1', MID, LARGE), make('p2', 'node2', MID, LARGE)] },
      { node1: ['p1.2'], node2: ['p2'] },
      5,
    ],
    [
      'mixed priority pods are preempted',
      {
        pod: p,
        at: two,
        pods: [
          make('p1.1', 'node1', MID, SMALL),
          make('p1.2', 'node1', LOW, SMALL),
          make('p1.3', 'node1', MID, MEDIUM),
          make('p1.4', 'node1', HIGH, SMALL),
          make('p2', 'node2', HIGH, LARGE),
        ],
      },
      { node1: ['p1.2', 'p1.3'] },
      4,
    ],
    [
      'mixed priority pods are preempted, pick later StartTime one when priorities are equal',
      {
        pod: p,
        at: two,
        pods: [
          make('p1.1', 'node1', LOW, SMALL, { start: 5 }),
          make('p1.2', 'node1', LOW, SMALL, { start: 4 }),
          make('p1.3', 'node1', MID, MEDIUM, { start: 3 }),
          make('p1.4', 'node1', HIGH, SMALL, { start: 2 }),
          make('p2', 'node2', HIGH, LARGE, { start: 1 }),
        ],
      },
      { node1: ['p1.1', 'p1.3'] },
      4,
    ],
    [
      'pod with anti-affinity is preempted',
      {
        pod: make('p', undefined, HIGH, SMALL, { labels: foo }),
        at: two,
        plugins: [fit, interPodAffinity],
        pods: [
          make('p1.1', 'node1', LOW, SMALL, { labels: foo, spec: away }),
          make('p1.2', 'node1', MID, SMALL),
          make('p1.3', 'node1', HIGH, SMALL),
          make('p2', 'node2', HIGH, SMALL),
        ],
      },
      { node1: ['p1.1'] },
      3,
    ],
    [
      'preemption to resolve pod topology spread filter failure',
      {
        pod: make('p', undefined, HIGH, undefined, { labels: foo, spec: spread }),
        at: ['node-a/zone1', 'node-b/zone1', 'node-x/zone2'],
        plugins: [podTopologySpread],
        pods: [
          make('pod-a1', 'node-a', MID, undefined, { labels: foo }),
          make('pod-a2', 'node-a', LOW, undefined, { labels: foo }),
          make('pod-b1', 'node-b', LOW, undefined, { labels: foo }),
          make('pod-x1', 'node-x', HIGH, undefined, { labels: foo }),
          make('pod-x2', 'node-x', HIGH, undefined, { labels: foo }),
        ],
      },
      { 'node-a': ['pod-a2'], 'node-b': ['pod-b1'] },
      5,
    ],
    [
      'get Unschedulable in the preemption phase when the filter plugins filtering the nodes',
      { pod: p, at: two, pods: pair, says: { code: 'unschedulable', reasons: [] } },
      {},
      2,
    ],
    [
      'all nodes are possible candidates, but DefaultPreemptionArgs limits to 2',
      {
        pod: p,
        at: five,
        offset: 4,
        args: { minCandidateNodesPercentage: 40, minCandidateNodesAbsolute: 1 },
        pods: five.map((at, i) => make(`p${i + 1}`, at, MID, LARGE)),
      },
      { node1: ['p1'], node5: ['p5'] },
      4,
    ],
    [
      'some nodes are not possible candidates, DefaultPreemptionArgs limits to 2',
      {
        pod: p,
        at: five,
        offset: 4,
        args: { minCandidateNodesPercentage: 40, minCandidateNodesAbsolute: 1 },
        pods: five.map((at, i) => make(`p${i + 1}`, at, i === 1 || i === 4 ? VERY_HIGH : MID, LARGE)),
      },
      { node1: ['p1'], node3: ['p3'] },
      4,
    ],
    [
      'preemption offset across multiple scheduling cycles and wrap around',
      {
        pod: p,
        at: five,
        offset: 3,
        args: { minCandidateNodesPercentage: 40, minCandidateNodesAbsolute: 1 },
        pods: five.map((at, i) => make(`p${i + 1}`, at, MID, LARGE)),
      },
      { node4: ['p4'], node5: ['p5'] },
      4,
    ],
  ];
  for (const [name, { at, ...rest }, expected, filterCalls] of cases) {
    it(name, () => {
      const { context, calls } = bench({ ...rest, nodes: at.map((path) => machine(path)) });
      const { candidates } = dryRun(context, rest.offset ?? 0, candidatesOf(at.length, rest.args ?? {}));
      expect(
        Object.fromEntries(
          candidates.map((c) => [
            c.node,
            keysOf(c)
              .map((key) => key.slice('default/'.length))
              .sort((a, b) => (a < b ? -1 : 1)),
          ]),
        ),
      ).toEqual(expected);
      expect(calls()).toBe(filterCalls);
    });
  }
});
