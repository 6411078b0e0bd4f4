/** Who may preempt, and what is done for it. Upstream's tables: TestPodEligibleToPreemptOthers and TestPreempt of pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import defaultPreemption, { candidatesOf } from '../../../src/cluster/scheduler/plugins/default-preemption.ts';
import { BY_SCHEDULER, DISRUPTION_TARGET, whyNotEligible } from '../../../src/cluster/scheduler/preemption.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { bench, HIGH, LARGE, LOW, machine, make, MEDIUM, MID, SMALL, VERY_LARGE, type More } from './preemption-objects.ts';

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
