/** What arguments of plugins are refused. Upstream's tables: pkg/scheduler/apis/config/validation/validation_pluginargs_test.go (v1.36), after the defaults of pkg/scheduler/apis/config/v1/defaults.go. */
import { expect, it } from 'vitest';
import { pluginNamed } from '../../../src/cluster/scheduler/registry.ts';

const must = { maxSkew: 1, topologyKey: 'node', whenUnsatisfiable: 'DoNotSchedule' };
const listed = (...defaultConstraints: readonly object[]): object => ({ defaultingType: 'List', defaultConstraints });
const least = (...weights: readonly number[]): object => ({
  scoringStrategy: { type: 'LeastAllocated', resources: weights.map((weight, i) => ({ name: ['cpu', 'memory'][i], weight })) },
});
const ratio = (...points: readonly (readonly [number, number])[]): object => ({
  scoringStrategy: {
    type: 'RequestedToCapacityRatio',
    requestedToCapacityRatio: { shape: points.map(([utilization, score]) => ({ utilization, score })) },
  },
});
const TYPES = 'supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"';
const shape = 'scoringStrategy.requestedToCapacityRatio.shape';

const cases: readonly (readonly [string, object, ...string[]])[] = [
  ['PodTopologySpread', {}],
  ['PodTopologySpread', { defaultingType: 'System' }],
  ['PodTopologySpread', { defaultingType: 'List' }],
  ['PodTopologySpread', listed(must, { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' })],
  ['PodTopologySpread', listed({ ...must, maxSkew: -1 }), 'defaultConstraints[0].maxSkew: Invalid value: -1: not in valid range (0, inf)'],
  ['PodTopologySpread', listed({ ...must, topologyKey: '' }), 'defaultConstraints[0].topologyKey: Required value: can not be empty'],
  [
    'PodTopologySpread',
    listed({ ...must, whenUnsatisfiable: '' }),
    'defaultConstraints[0].whenUnsatisfiable: Required value: can not be empty',
  ],
  [
    'PodTopologySpread',
    listed({ ...must, whenUnsatisfiable: 'unknown' }),
    'defaultConstraints[0].whenUnsatisfiable: Unsupported value: "unknown": supported values: "DoNotSchedule", "ScheduleAnyway"',
  ],
  ['PodTopologySpread', listed(must, { ...must, maxSkew: 2 }), 'defaultConstraints[1]: Duplicate value: "{node, DoNotSchedule}"'],
  [
    'PodTopologySpread',
    listed({ ...must, labelSelector: { matchLabels: { a: 'b' } } }),
    'defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod',
  ],
  ['PodTopologySpread', { defaultingType: 'unknown' }, 'defaultingType: Unsupported value: "unknown": supported values: "System", "List"'],
  ['PodTopologySpread', { defaultConstraints: [must] }, 'defaultingType: Invalid value: "System": when .defaultConstraints are not empty'],
  ['NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu', weight: 1 }, { name: 'memory' }] }],
  ['NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu', weight: 2 }] }, 'resources[0].weight: Invalid value: 2: must be 1'],
  ['NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu' }, { name: 'cpu' }] }, 'resources[1].name: Duplicate value: "cpu"'],
  ['NodeResourcesFit', {}],
  ['NodeResourcesFit', { ignoredResources: ['example.com'], ignoredResourceGroups: ['example.com'] }],
  [
    'NodeResourcesFit',
    { ignoredResources: ['example.com/'] },
    'ignoredResources[0]: Invalid value: "example.com/": name part must be non-empty',
    'ignoredResources[0]: Invalid value: "example.com/": name part must consist of',
  ],
  [
    'NodeResourcesFit',
    { ignoredResources: ['example.com/aaa/bbb'] },
    'ignoredResources[0]: Invalid value: "example.com/aaa/bbb": a valid label key must consist of',
  ],
  [
    'NodeResourcesFit',
    { ignoredResources: ['a'.repeat(64)] },
    `ignoredResources[0]: Invalid value: "${'a'.repeat(64)}": name part must be no more than 63`,
  ],
  [
    'NodeResourcesFit',
    { ignoredResourceGroups: ['example.com/aa'] },
    `ignoredResourceGroups[0]: Invalid value: "example.com/aa": resource group name can't contain '/'`,
  ],
  ['NodeResourcesFit', { scoringStrategy: {} }, `scoringStrategy.type: Unsupported value: "": ${TYPES}`],
  ['NodeResourcesFit', least(1, 10)],
  [
    'NodeResourcesFit',
    least(-1, 101),
    'scoringStrategy.resources[0].weight: Invalid value: -1: resource weight of cpu not in valid range (0, 100]',
    'scoringStrategy.resources[1].weight: Invalid value: 101: resource weight of memory not in valid range (0, 100]',
  ],
  ['NodeResourcesFit', ratio([30, 3])],
  ['NodeResourcesFit', ratio([10, 3], [20, 3], [30, 3])],
  ['NodeResourcesFit', ratio(), `${shape}: Required value: at least one point must be specified`],
  ['NodeResourcesFit', ratio([-1, 3]), `${shape}[0].utilization: Invalid value: -1: not in valid range [0, 100]`],
  ['NodeResourcesFit', ratio([101, 3]), `${shape}[0].utilization: Invalid value: 101: not in valid range [0, 100]`],
  ['NodeResourcesFit', ratio([10, 3], [10, 3]), `${shape}[1].utilization: Invalid value: 10: values must be sorted in increasing order`],
  [
    'NodeResourcesFit',
    ratio([10, 3], [20, 3], [15, 3]),
    `${shape}[2].utilization: Invalid value: 15: values must be sorted in increasing order`,
  ],
  ['NodeResourcesFit', ratio([10, -1]), `${shape}[0].score: Invalid value: -1: not in valid range [0, 10]`],
  ['NodeResourcesFit', ratio([10, 11]), `${shape}[0].score: Invalid value: 11: not in valid range [0, 10]`],
  [
    'NodeResourcesFit',
    { scoringStrategy: { type: 'RequestedToCapacityRatio' } },
    'scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio',
  ],
  [
    'NodeResourcesFit',
    { scoringStrategy: { type: 'MostAllocated', requestedToCapacityRatio: {} } },
    'scoringStrategy.requestedToCapacityRatio: Forbidden: must be nil when type is not RequestedToCapacityRatio',
  ],
];
it.each(cases.map(([name, args, ...why]) => [name, args, why] as const))('%s %j', (name, args, why) => {
  const wrong = (pluginNamed.get(name)?.wrongArgs?.(args) ?? []).map(({ field, message }) => `${field}: ${message}`);
  expect(wrong.map((text, i) => text.slice(0, why[i]?.length))).toEqual(why);
});
