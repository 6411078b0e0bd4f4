import { describe, expect, it } from 'vitest';
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { node, placed, pod, tainted } from './objects.ts';

function scores(plugin: string, request: Parameters<typeof schedule>[0]): Record<string, number> {
  const decision = schedule(request);
  return Object.fromEntries(decision.nodes.map((n) => [n.name, n.scores.find((s) => s.plugin === plugin)?.normalized ?? -1]));
}
const reasons = (request: Parameters<typeof schedule>[0]): Record<string, readonly string[]> =>
  Object.fromEntries(schedule(request).nodes.map((n) => [n.name, n.verdicts.flatMap((v) => v.reasons)]));

const asked = [
  { cpu: '1000', memory: '2000' },
  { cpu: '2000', memory: '3000' },
];
const cpuOnly = { cpu: '3000', memory: '0' };
const both = { cpu: '3000', memory: '5000' };

describe('NodeResourcesFit scores as least_allocated_test.go', () => {
  const cases: readonly (readonly [string, V1Pod, readonly V1Node[], readonly V1Pod[], Record<string, number>])[] = [
    [
      'nothing scheduled, nothing requested',
      pod('p'),
      [node('node1', { cpu: '4000', memory: '10000' }), node('node2', { cpu: '4000', memory: '10000' })],
      [],
      { node1: 100, node2: 100 },
    ],
    [
      'nothing scheduled, resources requested, differently sized nodes',
      pod('p', asked),
      [node('node1', { cpu: '4000', memory: '10000' }), node('node2', { cpu: '6000', memory: '10000' })],
      [],
      { node1: 37, node2: 50 },
    ],
    [
      'no resources requested, pods scheduled with resources',
      pod('p'),
      [node('node1', { cpu: '10000', memory: '20000' }), node('node2', { cpu: '10000', memory: '20000' })],
      [placed('a', 'node1', [cpuOnly]), placed('b', 'node1', [cpuOnly]), placed('c', 'node2', [cpuOnly]), placed('d', 'node2', [both])],
      { node1: 70, node2: 57 },
    ],
    [
      'resources requested, pods scheduled with resources',
      pod('p', asked),
      [node('node1', { cpu: '10000', memory: '20000' }), node('node2', { cpu: '10000', memory: '20000' })],
      [placed('a', 'node1', [cpuOnly]), placed('b', 'node2', [both])],
      { node1: 57, node2: 45 },
    ],
    [
      'differently sized nodes',
      pod('p', asked),
      [node('node1', { cpu: '10000', memory: '20000' }), node('node2', { cpu: '10000', memory: '50000' })],
      [placed('a', 'node1', [cpuOnly]), placed('b', 'node2', [both])],
      { node1: 57, node2: 60 },
    ],
  ];
  for (const [name, p, nodes, pods, expected] of cases)
    it(name, () => expect(scores('NodeResourcesFit', { pod: p, nodes, pods })).toEqual(expected));

  it('weights of resources count', () => {
    const configuration = {
      profiles: [
        {
          pluginConfig: [
            {
              name: 'NodeResourcesFit',
              args: {
                scoringStrategy: {
                  type: 'LeastAllocated',
                  resources: [
                    { name: 'memory', weight: 2 },
                    { name: 'cpu', weight: 1 },
                  ],
                },
              },
            },
          ],
        },
      ],
    };
    expect(
      scores('NodeResourcesFit', {
        pod: pod('p', asked),
        nodes: [node('node1', { cpu: '4000', memory: '10000' }), node('node2', { cpu: '6000', memory: '10000' })],
        configuration,
      }),
    ).toEqual({ node1: 41, node2: 50 });
  });
  /** Upstream: most_allocated_test.go, "bypass extended resource if the pod does not request"; huge pages are scalar resources, too (IsScalarResourceName). */
  it.each(['example.com/foo', 'hugepages-2Mi'])('%s has no say when the pod asks for none', (name) => {
    const configuration = {
      profiles: [
        {
          pluginConfig: [
            {
              name: 'NodeResourcesFit',
              args: {
                scoringStrategy: {
                  type: 'MostAllocated',
                  resources: [
                    { name, weight: 2 },
                    { name: 'cpu', weight: 1 },
                    { name: 'memory', weight: 1 },
                  ],
                },
              },
            },
          ],
        },
      ],
    };
    expect(
      scores('NodeResourcesFit', {
        pod: pod('p', asked),
        nodes: [node('node1', { cpu: '6000', memory: '10000' }), node('node2', { cpu: '6000', memory: '10000', [name]: '4' })],
        configuration,
      }),
    ).toEqual({ node1: 50, node2: 50 });
  });
});

/** The fractions are those of balanced_allocation_test.go; the score is v1.36's 50 + (50 + with − without) / 2 of PR #135573. */
describe('NodeResourcesBalancedAllocation', () => {
  const cases: readonly (readonly [string, V1Pod, readonly V1Node[], readonly V1Pod[], Record<string, number>])[] = [
    [
      '87 and 100 after 100',
      pod('p', [both]),
      [node('node1', { cpu: '4000', memory: '10000' }), node('node2', { cpu: '6000', memory: '10000' })],
      [],
      { node1: 68, node2: 75 },
    ],
    [
      '82 after 85, 95 after 97',
      pod('p', [both]),
      [node('node1', { cpu: '10000', memory: '20000' }), node('node2', { cpu: '10000', memory: '20000' })],
      [placed('a', 'node1', [cpuOnly]), placed('b', 'node2', [both])],
      { node1: 73, node2: 74 },
    ],
    ['a pod that asks for nothing has no say', pod('p'), [node('node1'), node('node2')], [], { node1: -1, node2: -1 }],
  ];
  for (const [name, p, nodes, pods, expected] of cases)
    it(name, () => expect(scores('NodeResourcesBalancedAllocation', { pod: p, nodes, pods })).toEqual(expected));
});

/** Upstream: TestEnoughRequests, TestNotEnoughRequests, TestStorageRequests of fit_test.go: CPU in milli-cores and memory of the pod, of its init containers, of what is there; what lacks on a machine of 10m and 20. */
describe('NodeResourcesFit filters as fit_test.go', () => {
  const A = 'example.com/aaa';
  const B = 'example.com/bbb';
  const HUGE = 'hugepages-2Mi';
  const room = { cpu: '10m', memory: '20', pods: '32', [A]: '5', 'ephemeral-storage': '20', [HUGE]: '5' };
  const ask = (text: string): Record<string, string> => {
    const [cpu, memory, more = ''] = text.split(' ');
    const [name, amount] = more.split(':');
    return { ...(cpu === '0' ? {} : { cpu: `${cpu}m` }), ...(memory === '0' ? {} : { memory }), ...(name ? { [name]: amount } : {}) };
  };
  const initial = (asks: readonly string[]): object[] => asks.map((text, i) => ({ name: `i${i}`, resources: { requests: ask(text) } }));
  it.each<readonly [readonly string[], readonly string[], string, readonly string[], object]>([
    [[], [], '10 20', [], {}],
    [['1 1'], [], '10 20', ['cpu', 'memory'], {}],
    [['1 1'], ['3 1'], '8 19', ['cpu'], {}],
    [['1 1'], ['3 1', '2 1'], '8 19', ['cpu'], {}],
    [['1 1'], ['1 3'], '9 19', ['memory'], {}],
    [['1 1'], ['1 3', '1 2'], '9 19', ['memory'], {}],
    [['1 1'], ['1 1'], '9 19', [], {}],
    [['1 1'], ['1 1', '1 1'], '9 19', [], {}],
    [['1 1'], [], '5 5', [], {}],
    [['2 1'], [], '9 5', ['cpu'], {}],
    [['1 2'], [], '5 19', ['memory'], {}],
    [['5 1'], [], '5 19', [], {}],
    [['4 1'], ['5 1'], '5 19', [], {}],
    [[`0 0 ${A}:1`], [], '0 0', [], {}],
    [['0 0'], [`0 0 ${A}:1`], '0 0', [], {}],
    [[`1 1 ${A}:10`], [], '0 0', [A], {}],
    [['0 0'], [`1 1 ${A}:10`], '0 0', [A], {}],
    [[`1 1 ${A}:1`], [], `0 0 ${A}:5`, [A], {}],
    [['0 0'], [`1 1 ${A}:1`], `0 0 ${A}:5`, [A], {}],
    [[`1 1 ${A}:3`, `1 1 ${A}:3`], [], `0 0 ${A}:2`, [A], {}],
    [['0 0'], [`1 1 ${A}:3`, `1 1 ${A}:3`], `0 0 ${A}:2`, [], {}],
    [['0 0'], [`1 1 ${A}:6`, `1 1 ${A}:3`], `0 0 ${A}:2`, [A], {}],
    [[`1 1 ${B}:1`], [], '0 0', [B], {}],
    [[`1 1 ${HUGE}:10`], [], '0 0', [HUGE], {}],
    [[`1 1 ${HUGE}:3`, `1 1 ${HUGE}:3`], [], `0 0 ${HUGE}:2`, [HUGE], {}],
    [['1 1'], [], '5 5', [], { overhead: { cpu: '3m', memory: '13' } }],
    [['1 1'], [], '5 5', ['memory'], { overhead: { cpu: '1m', memory: '15' } }],
    [['0 0 ephemeral-storage:25'], [], '2 2', ['ephemeral-storage'], {}],
    [['0 0 ephemeral-storage:10'], [], '2 2', [], {}],
  ])('%j, first %j, beside %j: %j', (asks, first, there, lacking, more) => {
    const p = pod('p', asks.map(ask), { initContainers: initial(first), ...more });
    const pods = [placed('a', 'node1', [ask(there)])];
    expect(reasons({ pod: p, nodes: [node('node1', room)], pods }).node1).toEqual(lacking.map((name) => `Insufficient ${name}`));
  });
  it.each(['0 0', '1 1', '5 1'])('%j, and no place for one more', (text) =>
    expect(
      reasons({ pod: pod('p', [ask(text)]), nodes: [node('node1', { ...room, pods: '1' })], pods: [placed('a', 'node1', [ask('5 19')])] })
        .node1,
    ).toEqual(['Too many pods']),
  );
});

describe('NodeResourcesFit leaves to others what it is told to, as fit_test.go', () => {
  const configuration = (args: object): object => ({ profiles: [{ pluginConfig: [{ name: 'NodeResourcesFit', args }] }] });
  const asks = (...names: string[]): Parameters<typeof schedule>[0] => ({
    pod: pod(
      'p',
      names.map((name) => ({ [name]: '2' })),
    ),
    nodes: [node('node1')],
  });
  it('by name', () =>
    expect(reasons({ ...asks('example.com/aaa'), configuration: configuration({ ignoredResources: ['example.com/aaa'] }) }).node1).toEqual(
      [],
    ));
  it('by group', () =>
    expect(reasons({ ...asks('example.com/aaa'), configuration: configuration({ ignoredResourceGroups: ['example.com'] }) }).node1).toEqual(
      [],
    ));
  it('and not what it is not told', () =>
    expect(
      reasons({
        ...asks('example.com/aaa', 'kubernetes.io/something'),
        configuration: configuration({ ignoredResourceGroups: ['example.com'] }),
      }).node1,
    ).toEqual(['Insufficient kubernetes.io/something']));
});

it('a gated pod is not tried', () => {
  const { chosen, nodes, refusals } = schedule({
    pod: pod('p', [], { schedulingGates: [{ name: 'a' }, { name: 'b' }] }),
    nodes: [node('node1')],
  });
  expect([chosen, nodes, refusals.map((r) => `${r.plugin}: ${r.reason}`)]).toEqual([
    undefined,
    [],
    ['SchedulingGates: waiting for scheduling gates: [a b]'],
  ]);
});

describe('TaintToleration as taint_toleration_test.go', () => {
  const hard = { key: 'dedicated', value: 'user1', effect: 'NoSchedule' };
  it('refuses with upstream words', () =>
    expect(reasons({ pod: pod('p'), nodes: [tainted('nodeA', hard)] })).toEqual({ nodeA: ['node(s) had untolerated taint(s)'] }));
  it('lets a tolerant pod in', () =>
    expect(
      reasons({
        pod: pod('p', [], { tolerations: [{ key: 'dedicated', value: 'user1', effect: 'NoSchedule' }] }),
        nodes: [tainted('nodeA', hard)],
      }),
    ).toEqual({ nodeA: [] }));
  it('Exists needs no value', () =>
    expect(
      reasons({
        pod: pod('p', [], { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }] }),
        nodes: [tainted('nodeA', hard)],
      }),
    ).toEqual({ nodeA: [] }));
  it('node with tolerable taints scores above intolerable ones', () => {
    const nodes = [
      tainted('nodeA', { key: 'foo', value: 'bar', effect: 'PreferNoSchedule' }),
      tainted('nodeB', { key: 'foo', value: 'blah', effect: 'PreferNoSchedule' }),
    ];
    expect(
      scores('TaintToleration', {
        pod: pod('p', [], { tolerations: [{ key: 'foo', operator: 'Equal', value: 'bar', effect: 'PreferNoSchedule' }] }),
        nodes,
      }),
    ).toEqual({ nodeA: 100, nodeB: 0 });
  });
  it('the count of intolerable taints matters', () => {
    const soft = (key: string): { key: string; value: string; effect: string } => ({ key, value: 'arm64', effect: 'PreferNoSchedule' });
    const nodes = [
      node('nodeA'),
      tainted('nodeB', soft('cpu-type')),
      tainted('nodeC', soft('cpu-type'), { key: 'disk-type', value: 'ssd', effect: 'PreferNoSchedule' }),
    ];
    expect(scores('TaintToleration', { pod: pod('p'), nodes })).toEqual({ nodeA: 100, nodeB: 50, nodeC: 0 });
  });
});

/** A pod with containers alone; with init containers v1.36 divides by their number as well. */
describe('ImageLocality as image_locality_test.go', () => {
  const MB = 1024 * 1024;
  const holder = (name: string, ...images: readonly (readonly [string, number])[]): V1Node =>
    node(name, undefined, {
      status: {
        allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
        images: images.map(([image, mb]) => ({ names: [`${image}:latest`], sizeBytes: mb * MB })),
      },
    });
  const first = holder('machine1', ['gcr.io/40', 40], ['gcr.io/300', 300], ['gcr.io/2000', 2000]);
  const second = holder('machine2', ['gcr.io/250', 250], ['gcr.io/10', 10]);
  const uses = (...images: readonly string[]): V1Pod => pod('p', [], { containers: images.map((image, i) => ({ name: `c${i}`, image })) });
  // Since v1.20 the upper threshold grows with the number of containers (2 × 1000 MB here).
  it('prefers the larger image', () =>
    expect(scores('ImageLocality', { pod: uses('gcr.io/40', 'gcr.io/250'), nodes: [first, second] })).toEqual({
      machine1: 0,
      machine2: 5,
    }));
  it('prefers two images on one node', () =>
    expect(scores('ImageLocality', { pod: uses('gcr.io/40', 'gcr.io/300'), nodes: [first, second] })).toEqual({
      machine1: 7,
      machine2: 0,
    }));
  it('spreads over nodes without images', () =>
    expect(scores('ImageLocality', { pod: uses('gcr.io/10', 'gcr.io/2000'), nodes: [first, second, node('machine3')] })).toEqual({
      machine1: 32,
      machine2: 0,
      machine3: 0,
    }));
});

describe('NodePorts as node_ports_test.go', () => {
  const wants = (name: string, port: string, machine?: string): V1Pod => {
    const [protocol, hostIP, hostPort] = port.split('/');
    return pod(name, [], {
      ...(machine ? { nodeName: machine } : {}),
      containers: [{ name: 'c', ports: [{ protocol, hostIP, hostPort: Number(hostPort) }] }],
    });
  };
  const table: readonly (readonly [string, string, boolean])[] = [
    ['UDP/127.0.0.1/8080', 'UDP/127.0.0.1/9090', true],
    ['UDP/127.0.0.1/8080', 'UDP/127.0.0.1/8080', false],
    ['TCP/127.0.0.1/8080', 'UDP/127.0.0.1/8080', true],
    ['TCP/0.0.0.0/8001', 'TCP/127.0.0.1/8001', false],
    ['TCP/10.0.10.10/8001', 'TCP/0.0.0.0/8001', false],
    ['TCP/127.0.0.1/8080', 'TCP/127.0.0.2/8080', true],
  ];
  for (const [a, b, fits] of table)
    it(`${a} beside ${b}`, () =>
      expect(reasons({ pod: wants('p', a), nodes: [node('m1')], pods: [wants('q', b, 'm1')] }).m1).toEqual(
        fits ? [] : ["node(s) didn't have free ports for the requested pod ports"],
      ));
});

describe('NodeAffinity as node_affinity_test.go', () => {
  const required = (...matchExpressions: object[]): object => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } },
  });
  const labelled = node('node1', undefined, {
    metadata: { name: 'node1', labels: { foo: 'bar', GPU: 'NVIDIA-GRID-K1', 'kernel-version': '0206' } },
  });
  const fits = (spec: object): boolean => reasons({ pod: pod('p', [], spec), nodes: [labelled] }).node1.length === 0;
  it('In, NotIn, Exists, Gt', () => {
    expect(fits(required({ key: 'foo', operator: 'In', values: ['bar', 'value2'] }))).toBe(true);
    expect(fits(required({ key: 'kernel-version', operator: 'Gt', values: ['0204'] }))).toBe(true);
    expect(fits(required({ key: 'mem-type', operator: 'NotIn', values: ['DDR', 'DDR2'] }))).toBe(true);
    expect(fits(required({ key: 'GPU', operator: 'Exists' }))).toBe(true);
    expect(fits(required({ key: 'foo', operator: 'In', values: ['value1', 'value2'] }))).toBe(false);
    expect(fits({ nodeSelector: { foo: 'bar', baz: 'x' } })).toBe(false);
    expect(fits({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } } })).toBe(
      false,
    );
  });
  it('preferred terms add up and the best is 100', () => {
    const nodes = [
      node('machine1', undefined, { metadata: { name: 'machine1', labels: { foo: 'bar' } } }),
      node('machine2', undefined, { metadata: { name: 'machine2', labels: { key: 'value' } } }),
      node('machine5', undefined, { metadata: { name: 'machine5', labels: { foo: 'bar', key: 'value', az: 'az1' } } }),
    ];
    const preferred = [
      { weight: 2, preference: { matchExpressions: [{ key: 'foo', operator: 'In', values: ['bar'] }] } },
      { weight: 4, preference: { matchExpressions: [{ key: 'key', operator: 'In', values: ['value'] }] } },
      {
        weight: 5,
        preference: {
          matchExpressions: [
            { key: 'foo', operator: 'In', values: ['bar'] },
            { key: 'key', operator: 'In', values: ['value'] },
            { key: 'az', operator: 'In', values: ['az1'] },
          ],
        },
      },
    ];
    expect(
      scores('NodeAffinity', {
        pod: pod('p', [], { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } }),
        nodes,
      }),
    ).toEqual({ machine1: 18, machine2: 36, machine5: 100 });
  });
});

describe('InterPodAffinity', () => {
  const zoned = (name: string): V1Node => ({ ...node(name, { cpu: '4000', memory: '10000' }), metadata: { name, labels: { zone: name } } });
  const like = (name: string, on: string, more: object = {}): V1Pod => placed(name, on, [], { labels: { app: 'a' }, ...more });
  it('counts pods that are being deleted: interpodaffinity/filtering.go looks at all', () => {
    const away: V1Pod = {
      ...pod('p'),
      metadata: { name: 'p', namespace: 'default', labels: { app: 'a' } },
      spec: {
        containers: [],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'zone' }],
          },
        },
      },
    };
    expect(
      schedule({ pod: away, nodes: [zoned('n1')], pods: [like('q', 'n1', { deletionTimestamp: '2026-01-01T00:00:00Z' })] }).chosen,
    ).toBeUndefined();
  });
  it('normalises in floating point and cuts the rest off: interpodaffinity/scoring.go NormalizeScore', () => {
    const weights = { n1: 29, n2: 100, n3: 0 };
    const near: V1Pod = {
      ...pod('p'),
      spec: {
        containers: [],
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: Object.entries(weights)
              .filter(([, w]) => w > 0)
              .map(([zone, weight]) => ({
                weight,
                podAffinityTerm: { labelSelector: { matchLabels: { at: zone } }, topologyKey: 'zone' },
              })),
          },
        },
      },
    };
    const there = ['n1', 'n2'].map((zone) => like(zone, zone, { labels: { at: zone } }));
    expect(scores('InterPodAffinity', { pod: near, nodes: Object.keys(weights).map(zoned), pods: there })).toEqual({
      n1: 28,
      n2: 100,
      n3: 0,
    });
  });
});
