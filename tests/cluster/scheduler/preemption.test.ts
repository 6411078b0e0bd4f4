/** Whose place a pod takes. Upstream's tables: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36), without PDBs, extenders, volumes and pod groups. */
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/api/object.ts';
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { openTrial, type Active } from '../../../src/cluster/scheduler/filtering.ts';
import { addPod, createFleet, machineInfos, setNode } from '../../../src/cluster/scheduler/machine-info.ts';
import type { CycleContext, PostFilterContext, SchedulerPlugin, Verdict } from '../../../src/cluster/scheduler/plugin.ts';
import defaultPreemption, { candidatesOf } from '../../../src/cluster/scheduler/plugins/default-preemption.ts';
import interPodAffinity from '../../../src/cluster/scheduler/plugins/inter-pod-affinity.ts';
import fit from '../../../src/cluster/scheduler/plugins/node-resources-fit.ts';
import podTopologySpread from '../../../src/cluster/scheduler/plugins/pod-topology-spread.ts';
import { BY_SCHEDULER, DISRUPTION_TARGET, dryRun, keysOf, pickOne, whyNotEligible } from '../../../src/cluster/scheduler/preemption.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { node } from './objects.ts';

const [NEG, LOW, MID, HIGH, VERY_HIGH] = [-100, 0, 100, 1000, 10000];
const [SMALL, MEDIUM, LARGE, VERY_LARGE] = [1, 2, 3, 5].map((n) => ({ cpu: `${n}00m`, memory: `${n}00` }));
type Amounts = Readonly<Record<string, string>>;
interface More {
  readonly labels?: Readonly<Record<string, string>>;
  readonly start?: number;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
}

/** A pod of upstream's tables; `start`: seconds after 1970 for its nanoseconds. */
function make(
  name: string,
  at: string | undefined,
  priority: number,
  requests?: Amounts,
  { labels, start, spec, status, metadata }: More = {},
): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, ...(labels ? { labels } : {}), ...metadata },
    spec: {
      priority,
      containers: [{ name: 'c', image: 'pause', ...(requests ? { resources: { requests } } : {}) }],
      ...(at === undefined ? {} : { nodeName: at }),
      ...spec,
    },
    ...(start === undefined && !status
      ? {}
      : { status: { ...(start === undefined ? {} : { startTime: `1970-01-01T00:00:0${start}Z` }), ...status } }),
  };
}
/** 'node-a/zone1' has the labels hostname and zone. */
const machine = (path: string, amounts: Amounts = VERY_LARGE): V1Node => {
  const [name, zone] = path.split('/');
  return node(name, { pods: '32', ...amounts }, { metadata: { labels: { hostname: name, ...(zone ? { zone } : {}) } } });
};

interface Bench {
  readonly pod: V1Pod;
  readonly nodes: readonly V1Node[];
  readonly pods: readonly V1Pod[];
  readonly plugins?: readonly SchedulerPlugin[];
  /** Machines that may be looked at; all. */
  readonly potential?: readonly string[];
  readonly args?: object;
  readonly offset?: number;
  /** What the fake filter says. */
  readonly says?: Verdict;
}
/** The framework of upstream's tables: a fake filter that counts, then the plugins that are registered. */
function bench({ pod, nodes, pods, plugins = [fit], potential, args, offset = 0, says = { code: 'fits' } }: Bench): {
  readonly context: PostFilterContext;
  readonly calls: () => number;
} {
  const fleet = createFleet();
  for (const n of nodes) setNode(fleet, n.metadata?.name ?? '', n);
  for (const p of pods) addPod(fleet, p.spec?.nodeName ?? '', keyOf(p), p);
  const machines = machineInfos(fleet);
  let calls = 0;
  const fake: SchedulerPlugin = {
    name: 'FakeFilter',
    filter: () => {
      calls++;
      return says;
    },
  };
  const base: CycleContext = {
    pod,
    machines,
    feasible: [],
    imageHolders: new Map(),
    groups: fleet.groups,
    cache: cacheOf([]),
    args: undefined,
    state: undefined,
  };
  const filters = [fake, ...plugins].flatMap((plugin): readonly Active[] => {
    const outcome = plugin.preFilter?.(base);
    return outcome === 'skip'
      ? []
      : [{ plugin, weight: 1, args: undefined, context: outcome && 'state' in outcome ? { ...base, state: outcome.state } : base }];
  });
  const context = {
    pod,
    args,
    machines,
    potential: potential ? machines.filter((m) => potential.includes(m.name)) : machines,
    trialOn: (m: (typeof machines)[number]) => openTrial(filters, m, []),
    draw: () => offset,
  };
  return { context, calls: () => calls };
}

describe('TestPostFilter', () => {
  const onePod = { pods: '1' };
  const small = { cpu: '200m', memory: '400' };
  const cases: readonly (readonly [string, V1Pod, readonly V1Pod[], readonly V1Node[], readonly string[], string, string | undefined])[] = [
    [
      'pod with higher priority can be made schedulable',
      make('p', undefined, HIGH),
      [make('p1', 'node1', 0)],
      [machine('node1', onePod)],
      ['node1'],
      'node1',
      undefined,
    ],
    [
      'pod with tied priority is still unschedulable',
      make('p', undefined, 0),
      [make('p1', 'node1', 0)],
      [machine('node1', onePod)],
      ['node1'],
      '',
      'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ],
    [
      'preemption should respect filteredNodesStatuses',
      make('p', undefined, HIGH),
      [make('p1', 'node1', 0)],
      [machine('node1', onePod)],
      [],
      '',
      'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
    [
      'pod can be made schedulable on one node',
      make('p', undefined, MID),
      [make('p1', 'node1', HIGH), make('p2', 'node2', LOW)],
      [machine('node1', onePod), machine('node2', onePod)],
      ['node1', 'node2'],
      'node2',
      undefined,
    ],
    [
      'pod can be made schedulable on minHighestPriority node',
      make('p', undefined, VERY_HIGH),
      [make('p1', 'node1', HIGH), make('p2', 'node1', LOW), make('p3', 'node2', MID)],
      [machine('node1', onePod), machine('node2', onePod)],
      ['node1', 'node2'],
      'node2',
      undefined,
    ],
    [
      'no candidate nodes found, no enough resource after removing low priority pods',
      make('p', undefined, HIGH, LARGE),
      [make('p1', 'node1', 0), make('p2', 'node2', 0)],
      [machine('node1', small), machine('node2', small)],
      ['node1', 'node2'],
      '',
      'preemption: 0/2 nodes are available: 2 Insufficient cpu.',
    ],
    [
      'no candidate nodes found with mixed reasons, no lower priority pod and no enough CPU resource',
      make('p', undefined, HIGH, LARGE),
      [make('p1', 'node1', HIGH), make('p2', 'node2', 0), make('p3', 'node3', HIGH)],
      [machine('node1', onePod), machine('node2', small), machine('node3', onePod)],
      ['node1', 'node2', 'node3'],
      '',
      'preemption: 0/3 nodes are available: 1 Insufficient cpu, 2 No preemption victims found for incoming pod.',
    ],
    [
      "no candidate nodes found with mixed reason, 2 UnschedulableAndUnresolvable nodes and 2 nodes don't have enough CPU resource",
      make('p', undefined, HIGH, LARGE),
      [make('p1', 'node1', 0), make('p2', 'node2', 0)],
      ['node1', 'node2', 'node3', 'node4'].map((name) => machine(name, small)),
      ['node1', 'node2'],
      '',
      'preemption: 0/4 nodes are available: 2 Insufficient cpu, 2 Preemption is not helpful for scheduling.',
    ],
  ];
  for (const [name, pod, pods, nodes, potential, nominatedNodeName, message] of cases) {
    it(name, () => {
      const result = defaultPreemption.postFilter(bench({ pod, pods, nodes, potential }).context);
      expect([result.nominatedNodeName, result.message]).toEqual([nominatedNodeName, message]);
    });
  }
});

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

describe('TestSelectBestCandidate', () => {
  type Row = readonly [name: string, priority: number, requests: Amounts, start?: number];
  /** 'p2.1' is on node2. */
  const cases: readonly (readonly [string, number, readonly Row[], string])[] = [
    [
      'node with min highest priority pod is picked',
      HIGH,
      [
        ['p1.1', MID, MEDIUM],
        ['p1.2', MID, LARGE],
        ['p2.1', MID, MEDIUM],
        ['p2.2', LOW, MEDIUM],
        ['p3.1', LOW, MEDIUM],
        ['p3.2', LOW, MEDIUM],
      ],
      'node3',
    ],
    [
      'when highest priorities are the same, minimum sum of priorities is picked',
      HIGH,
      [
        ['p1.1', MID, MEDIUM],
        ['p1.2', MID, LARGE],
        ['p2.1', MID, LARGE],
        ['p2.2', LOW, MEDIUM],
        ['p3.1', MID, MEDIUM],
        ['p3.2', MID, MEDIUM],
      ],
      'node2',
    ],
    [
      'when highest priority and sum are the same, minimum number of pods is picked',
      HIGH,
      [
        ['p1.1', MID, SMALL],
        ['p1.2', NEG, SMALL],
        ['p1.3', MID, SMALL],
        ['p1.4', NEG, SMALL],
        ['p2.1', MID, LARGE],
        ['p2.2', NEG, MEDIUM],
        ['p3.1', MID, MEDIUM],
        ['p3.2', NEG, SMALL],
        ['p3.3', LOW, SMALL],
      ],
      'node2',
    ],
    [
      'sum of adjusted priorities is considered',
      HIGH,
      [
        ['p1.1', MID, SMALL],
        ['p1.2', NEG, SMALL],
        ['p1.3', NEG, SMALL],
        ['p2.1', MID, LARGE],
        ['p2.2', NEG, MEDIUM],
        ['p3.1', MID, MEDIUM],
        ['p3.2', NEG, SMALL],
        ['p3.3', LOW, SMALL],
      ],
      'node2',
    ],
    [
      'non-overlapping lowest high priority, sum priorities, and number of pods',
      VERY_HIGH,
      [
        ['p1.1', MID, SMALL],
        ['p1.2', LOW, SMALL],
        ['p1.3', LOW, SMALL],
        ['p2.1', HIGH, LARGE],
        ['p3.1', MID, MEDIUM],
        ['p3.2', LOW, SMALL],
        ['p3.3', LOW, SMALL],
        ['p3.4', LOW, MEDIUM],
        ['p4.1', MID, MEDIUM],
        ['p4.2', MID, SMALL],
        ['p4.3', MID, SMALL],
        ['p4.4', NEG, SMALL],
      ],
      'node1',
    ],
    [
      "same priority, same number of victims, different start time for each node's pod",
      HIGH,
      [
        ['p1.1', MID, MEDIUM, 2],
        ['p1.2', MID, MEDIUM, 2],
        ['p2.1', MID, MEDIUM, 3],
        ['p2.2', MID, MEDIUM, 3],
        ['p3.1', MID, MEDIUM, 1],
        ['p3.2', MID, MEDIUM, 1],
      ],
      'node2',
    ],
    [
      'same priority, same number of victims, different start time for all pods',
      HIGH,
      [
        ['p1.1', MID, MEDIUM, 4],
        ['p1.2', MID, MEDIUM, 2],
        ['p2.1', MID, MEDIUM, 5],
        ['p2.2', MID, MEDIUM, 1],
        ['p3.1', MID, MEDIUM, 3],
        ['p3.2', MID, MEDIUM, 6],
      ],
      'node3',
    ],
    [
      'different priority, same number of victims, different start time for all pods',
      HIGH,
      [
        ['p1.1', LOW, MEDIUM, 4],
        ['p1.2', MID, MEDIUM, 2],
        ['p2.1', MID, MEDIUM, 6],
        ['p2.2', LOW, MEDIUM, 1],
        ['p3.1', LOW, MEDIUM, 3],
        ['p3.2', MID, MEDIUM, 5],
      ],
      'node2',
    ],
  ];
  for (const [name, priority, rows, expected] of cases) {
    it(name, () => {
      const pods = rows.map(([own, p, requests, start = 0]) => make(own, `node${own[1]}`, p, requests, { start }));
      const { context } = bench({
        pod: make('p', undefined, priority, VERY_LARGE),
        pods,
        nodes: [...new Set(pods.map((p) => p.spec?.nodeName ?? ''))].map((n) => machine(n)),
      });
      expect(pickOne(dryRun(context, 0, 100).candidates)?.node).toBe(expected);
    });
  }
});

describe('TestPodEligibleToPreemptOthers', () => {
  const ending = { metadata: { deletionTimestamp: '1970-01-01T00:00:00Z' } };
  const victim = (more: More) => [make('p1', 'node1', LOW, undefined, more)];
  const there = { status: { nominatedNodeName: 'node1' } };
  const cases: readonly (readonly [string, V1Pod, readonly V1Pod[], boolean, boolean])[] = [
    ['Pod with nominated node', make('p', undefined, HIGH, undefined, there), victim(ending), true, true],
    ['Pod without nominated node', make('p', undefined, HIGH), [], false, true],
    [
      "Pod with 'PreemptNever' preemption policy",
      make('p', undefined, HIGH, undefined, { spec: { preemptionPolicy: 'Never' } }),
      [],
      false,
      false,
    ],
    [
      'preemption victim pod terminating, as indicated by the dedicated DisruptionTarget condition',
      make('p', undefined, HIGH, undefined, there),
      victim({ ...ending, status: { conditions: [{ type: DISRUPTION_TARGET, status: 'True', reason: BY_SCHEDULER }] } }),
      false,
      false,
    ],
    ['non-victim Pods terminating', make('p', undefined, HIGH, undefined, there), victim(ending), false, true],
  ];
  for (const [name, pod, pods, isHopeless, expected] of cases)
    it(name, () =>
      expect(whyNotEligible(pod, bench({ pod, pods, nodes: [machine('node1')] }).context.machines[0], isHopeless) === undefined).toBe(
        expected,
      ),
    );
});

describe('TestPreempt', () => {
  const pods = [
    make('p1.1', 'node1', LOW, SMALL),
    make('p1.2', 'node1', LOW, SMALL),
    make('p2.1', 'node2', HIGH, LARGE),
    make('p3.1', 'node3', MID, MEDIUM),
  ];
  const nodes = ['node1', 'node2', 'node3'].map((n) => machine(n));
  const preempts = (preemptionPolicy?: string) =>
    defaultPreemption.postFilter(
      bench({ pod: make('p', undefined, HIGH, VERY_LARGE, { spec: { preemptionPolicy } }), pods, nodes }).context,
    );
  it('basic preemption logic', () =>
    expect(preempts('PreemptLowerPriority')).toMatchObject({
      nominatedNodeName: 'node1',
      preemption: { node: 'node1', victims: ['default/p1.1', 'default/p1.2'] },
    }));
  it('PreemptionPolicy is nil', () => expect(preempts().nominatedNodeName).toBe('node1'));
  it('no preempting in pod', () =>
    expect(preempts('Never')).toEqual({
      preemption: { candidates: [], victims: [] },
      message: 'preemption: not eligible due to preemptionPolicy=Never.',
    }));
});

/** As RunFilterPluginsWithNominatedPods of framework/runtime/framework.go says: with them, and without. */
describe('pods that are nominated', () => {
  const nominated = (name: string, priority: number, more: More = {}) =>
    make(name, undefined, priority, LARGE, { ...more, status: { nominatedNodeName: 'node1' } });
  const placeFor = (pod: V1Pod, ...pods: V1Pod[]) => schedule({ pod, nodes: [machine('node1')], pods });
  it('take room from pods of their own priority and of lower ones', () =>
    expect([HIGH, MID].map((priority) => placeFor(make('p', undefined, priority, LARGE), nominated('n', HIGH)).fitError)).toEqual(
      [HIGH, MID].map(
        () =>
          '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      ),
    ));
  it('take none from a pod of higher priority, nor from themselves', () =>
    expect([
      placeFor(make('p', undefined, VERY_HIGH, LARGE), nominated('n', HIGH)).chosen,
      placeFor(nominated('n', HIGH), nominated('n', HIGH)).chosen,
    ]).toEqual(['node1', 'node1']));
  it('are nobody to be near to: they may never come', () => {
    const near = {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'x' } }, topologyKey: 'hostname' }],
        },
      },
    };
    expect(
      placeFor(make('p', undefined, HIGH, SMALL, { spec: near }), {
        ...nominated('n', HIGH, { labels: { app: 'x' } }),
        spec: { priority: HIGH, containers: [] },
      }).fitError,
    ).toMatch(/didn't match pod affinity rules/);
  });
  it('are to be kept away from', () => {
    const away = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'x' } }, topologyKey: 'hostname' }],
        },
      },
    };
    expect(
      placeFor(make('p', undefined, HIGH, SMALL, { spec: away }), {
        ...nominated('n', HIGH, { labels: { app: 'x' } }),
        spec: { priority: HIGH, containers: [] },
      }).fitError,
    ).toMatch(/didn't match pod anti-affinity rules/);
  });
  it('preempt elsewhere when their machine refuses them for good, although their victim still ends there', () => {
    const ending = make('v1', 'node1', LOW, LARGE, {
      metadata: { deletionTimestamp: '1970-01-01T00:00:00Z' },
      status: { conditions: [{ type: DISRUPTION_TARGET, status: 'True', reason: BY_SCHEDULER }] },
    });
    const at = (cordoned: boolean) =>
      schedule({
        pod: nominated('n', HIGH),
        nodes: [{ ...machine('node1'), ...(cordoned ? { spec: { unschedulable: true } } : {}) }, machine('node2')],
        pods: [ending, make('v2', 'node2', LOW, LARGE)],
      });
    expect(at(false)).toMatchObject({
      fitError:
        '0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory. preemption: not eligible due to a terminating pod on the nominated node.',
      preemption: { candidates: [] },
    });
    expect(at(true)).toMatchObject({ nominatedNodeName: 'node2', preemption: { victims: ['default/v2'] } });
  });
  it('are tried on their own machine first', () => {
    const decision = schedule({
      pod: { ...make('p', undefined, HIGH, SMALL), status: { nominatedNodeName: 'node2' } },
      nodes: ['node1', 'node2', 'node3'].map((n) => machine(n)),
    });
    expect([decision.chosen, decision.evaluated]).toEqual(['node2', 1]);
  });
});

/** PreFilterExtensions, as TestPreFilterStateAddPod and TestPreFilterStateRemovePod of interpodaffinity/filtering_test.go and podtopologyspread/filtering_test.go ask: what followed is what would be computed anew. */
describe('the state of a preFilter follows pods that leave and come', () => {
  const term = (key: string) => ({ labelSelector: { matchLabels: { app: 'x' } }, topologyKey: key });
  const rules = {
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('zone')] },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('hostname')] },
    },
    topologySpreadConstraints: ['zone', 'hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'x' } },
    })),
  };
  const x = { labels: { app: 'x' } };
  const pods = [
    make('a1', 'a', LOW, undefined, x),
    make('a2', 'a', LOW, undefined, { ...x, spec: { affinity: rules.affinity } }),
    make('b1', 'b', LOW),
    make('b2', 'b', LOW, undefined, x),
    make('c1', 'c', LOW, undefined, x),
  ];
  const contextOf = (there: readonly V1Pod[]): CycleContext => {
    const fleet = createFleet();
    for (const path of ['a/z1', 'b/z1', 'c/z2']) {
      const n = machine(path);
      setNode(fleet, n.metadata?.name ?? '', n);
    }
    for (const p of there) addPod(fleet, p.spec?.nodeName ?? '', keyOf(p), p);
    return {
      pod: make('p', undefined, HIGH, undefined, { ...x, spec: rules }),
      machines: machineInfos(fleet),
      feasible: [],
      imageHolders: new Map(),
      groups: fleet.groups,
      cache: cacheOf([]),
      args: undefined,
      state: undefined,
    };
  };
  const stateOf = (plugin: SchedulerPlugin, there: readonly V1Pod[]): unknown => {
    const outcome = plugin.preFilter?.(contextOf(there));
    return outcome && outcome !== 'skip' && 'state' in outcome ? outcome.state : undefined;
  };
  const told = (state: unknown): string =>
    JSON.stringify(state, (key, value) => (value instanceof Map ? [...value].sort() : key === 'concerns' ? undefined : value));
  const plugins: readonly SchedulerPlugin[] = [interPodAffinity, podTopologySpread];
  for (const plugin of plugins) {
    for (const gone of pods) {
      it(`${plugin.name}: without ${gone.metadata?.name}, and with it again`, () => {
        const all = contextOf(pods);
        const [before, fresh] = [
          stateOf(plugin, pods),
          stateOf(
            plugin,
            pods.filter((p) => p !== gone),
          ),
        ];
        const state = plugin.preFilterExtensions?.clone(before);
        const change = { other: gone, machine: all.machines.find((m) => m.name === gone.spec?.nodeName) ?? all.machines[0] };
        plugin.preFilterExtensions?.update({ ...all, state }, { ...change, by: -1 });
        expect(told(state)).toBe(told(fresh));
        plugin.preFilterExtensions?.update({ ...all, state }, { ...change, by: 1 });
        expect(told(state)).toBe(told(before));
      });
    }
  }
});

describe('what the configuration says', () => {
  const request = {
    pod: make('p', undefined, HIGH, LARGE),
    nodes: ['node1', 'node2'].map((n) => machine(n)),
    pods: [make('p1', 'node1', LOW, LARGE), make('p2', 'node2', LOW, LARGE)],
  };
  const profile = (more: object) => ({ profiles: [more] });
  it('candidates are counted, the default is a tenth and at least a hundred', () => {
    expect(
      [
        [50, {}],
        [500, {}],
        [5000, {}],
        [50, { minCandidateNodesPercentage: 50, minCandidateNodesAbsolute: 1 }],
      ].map(([n, args]) => candidatesOf(n as number, args as object)),
    ).toEqual([50, 100, 500, 25]);
    expect(
      schedule({
        ...request,
        configuration: profile({
          pluginConfig: [{ name: 'DefaultPreemption', args: { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 1 } }],
        }),
      }).preemption?.candidates.length,
    ).toBe(1);
    expect(schedule(request).preemption?.candidates.length).toBe(2);
  });
  it('without the plugin nobody is preempted, and FitError says nothing of it', () => {
    for (const point of ['postFilter', 'multiPoint']) {
      const decision = schedule({
        ...request,
        configuration: profile({ plugins: { [point]: { disabled: [{ name: 'DefaultPreemption' }] } } }),
      });
      expect([decision.fitError, decision.preemption]).toEqual([
        '0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory.',
        undefined,
      ]);
    }
  });
});

it('a victim whose start is no time is the youngest, and still one', () => {
  const nodes = ['n1', 'n2'].map((name) => machine(name));
  const pods = [make('old', 'n1', 0, VERY_LARGE, { start: 1 }), make('odd', 'n2', 0, VERY_LARGE, { status: { startTime: 'yesterday' } })];
  expect(schedule({ pod: make('p', undefined, HIGH, LARGE), nodes, pods }).preemption?.node).toBe('n2');
});
