/** What comes of a pod that fits nowhere. Upstream's table: TestPostFilter of pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36), without PDBs, extenders, volumes and pod groups. */
import { describe, expect, it } from 'vitest';
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import defaultPreemption from '../../../src/cluster/scheduler/plugins/default-preemption.ts';
import { bench, HIGH, LARGE, LOW, machine, make, MID, VERY_HIGH } from './preemption-objects.ts';

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
