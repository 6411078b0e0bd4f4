/** Which machine loses the least. Upstream's table: TestSelectBestCandidate of pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36), without PDBs. */
import { describe, expect, it } from 'vitest';
import { dryRun, pickOne } from '../../../src/cluster/scheduler/preemption.ts';
import {
  bench,
  HIGH,
  LARGE,
  LOW,
  machine,
  make,
  MEDIUM,
  MID,
  NEG,
  SMALL,
  VERY_HIGH,
  VERY_LARGE,
  type Amounts,
} from './preemption-objects.ts';

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
