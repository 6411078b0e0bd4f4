/**
 * Scores along a line that the configuration draws, or by the strategy it names.
 * Upstream's tables: TestRequestedToCapacityRatioScoringStrategy, TestBrokenLinearFunction, TestResourceBinPackingSingleExtended and …MultipleExtended
 * of pkg/scheduler/framework/plugins/noderesources/requested_to_capacity_ratio_test.go (v1.36).
 */
import { expect, it } from 'vitest';
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { brokenLine } from '../../../src/cluster/scheduler/plugins/node-resources-fit.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { alone, node, placed, pod } from './objects.ts';

type Points = readonly (readonly [number, number])[];
const shapeOf = (points: Points): readonly { utilization: number; score: number }[] =>
  points.map(([utilization, score]) => ({ utilization, score }));
const falling: Points = [
  [0, 10],
  [100, 0],
];
const rising: Points = [
  [0, 0],
  [100, 1],
];
const core = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];
const foo = [{ name: 'intel.com/foo', weight: 1 }];
const fooAndBar = [
  { name: 'intel.com/foo', weight: 3 },
  { name: 'intel.com/bar', weight: 5 },
];
const small = node('node1', { cpu: '4000', memory: '10000' });
const large = node('node2', { cpu: '6000', memory: '10000' });
const has = (name: string, foos: string, bars: string): V1Node =>
  node(name, { cpu: '4000', memory: '10000Mi', 'intel.com/foo': foos, 'intel.com/bar': bars });
const two = [has('node1', '8', '4'), has('node2', '4', '8')];
const asks = (foos: string, bars?: string): Record<string, string> => ({
  'intel.com/foo': foos,
  ...(bars ? { 'intel.com/bar': bars } : {}),
});
const big = { cpu: '3000', memory: '5000' };

it.each<readonly [string, Points, readonly object[], V1Pod, readonly V1Node[], readonly V1Pod[], string]>([
  ['nothing is asked', falling, core, pod('p'), [small, node('node2', { cpu: '4000', memory: '10000' })], [], '100 100'],
  [
    'something is asked',
    falling,
    core,
    pod('p', [
      { cpu: '1000', memory: '2000' },
      { cpu: '2000', memory: '3000' },
    ]),
    [small, large],
    [],
    '38 50',
  ],
  ['something is there', falling, core, pod('p'), [small, large], [placed('a', 'node1', [big]), placed('b', 'node2', [big])], '38 50'],
  ['none of an extended resource', rising, foo, pod('p'), two, [], '0 0'],
  ['some of an extended resource', rising, foo, pod('p', [asks('2')]), two, [], '2 5'],
  ['some beside what is there', rising, foo, pod('p', [asks('2')]), two, [placed('a', 'node2', [asks('2')])], '2 10'],
  ['more of it', rising, foo, pod('p', [asks('4')]), two, [], '5 10'],
  ['none of two', rising, fooAndBar, pod('p'), two, [], '0 0'],
  ['some of two', rising, fooAndBar, pod('p', [asks('2', '2')]), two, [], '4 3'],
  ['more of one of two', rising, fooAndBar, pod('p', [asks('4', '2')]), two, [], '5 5'],
])('%s', (_, points, resources, p, nodes, pods, expected) => {
  const scoringStrategy = { type: 'RequestedToCapacityRatio', resources, requestedToCapacityRatio: { shape: shapeOf(points) } };
  const decision = schedule({ pod: p, nodes, pods, configuration: alone('NodeResourcesFit', { scoringStrategy }) });
  expect(decision.nodes.map(({ scores }) => scores[0].raw).join(' ')).toBe(expected);
});

it('no resources listed are cpu and memory', () => {
  const args = { scoringStrategy: { type: 'MostAllocated', resources: [] } };
  const decision = schedule({ pod: pod('p', [big]), nodes: [small, large], configuration: alone('NodeResourcesFit', args) });
  expect(decision.nodes.map(({ scores }) => scores[0].raw)).toEqual([62, 50]);
});

it.each<readonly [Points, Readonly<Record<number, number>>]>([
  [
    [
      [10, 1],
      [90, 9],
    ],
    { 0: 1, 9: 1, 10: 1, 15: 1, 19: 1, 20: 2, 89: 8, 90: 9, 99: 9, 100: 9, 110: 9 },
  ],
  [
    [
      [0, 2],
      [40, 10],
      [100, 0],
    ],
    { 0: 2, 20: 6, 30: 8, 40: 10, 70: 5, 100: 0, 110: 0 },
  ],
  [
    [
      [0, 2],
      [40, 2],
      [100, 2],
    ],
    { 0: 2, 20: 2, 30: 2, 40: 2, 70: 2, 100: 2, 110: 2 },
  ],
])('the line %j', (points, expected) => {
  const line = brokenLine(shapeOf(points));
  for (const [use, score] of Object.entries(expected)) expect(Math.floor(line(Number(use), 100) / 10)).toBe(score);
});
