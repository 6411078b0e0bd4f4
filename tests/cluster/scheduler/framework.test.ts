import { describe, expect, it } from 'vitest';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { decide, nodesToFind } from '../../../src/cluster/scheduler/framework.ts';
import { addPod, createFleet, machineInfos, removePod, setNode } from '../../../src/cluster/scheduler/machine-info.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { node, placed, pod, tainted } from './objects.ts';

const cordoned = (name: string) => node(name, undefined, { spec: { unschedulable: true } });
const control = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };
const workers = ['w1', 'w2', 'w3'].map((name) => node(name, { cpu: '2', memory: '8Gi' }));

describe('a pod that fits nowhere is told why, as FitError.Error says it', () => {
  it('too large for any machine: no eviction helps', () =>
    expect(schedule({ pod: pod('p', [{ cpu: '8' }]), nodes: [tainted('cp', control), ...workers] }).fitError).toBe(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.',
    ));
  it('no room beside others: eviction could help, but finds no victims', () =>
    expect(
      schedule({
        pod: pod('p', [{ cpu: '1' }]),
        nodes: [tainted('cp', control), ...workers],
        pods: workers.map((w, i) => placed(`q${i}`, w.metadata?.name ?? '', [{ cpu: '1500m' }])),
      }).fitError,
    ).toBe(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/4 nodes are available: 1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.',
    ));
  it('reasons are sorted with their counts', () =>
    expect(
      schedule({ pod: pod('p', [{ cpu: '1' }], { nodeSelector: { disk: 'ssd' } }), nodes: [cordoned('a'), ...workers] }).fitError,
    ).toBe(
      "0/4 nodes are available: 1 node(s) were unschedulable, 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    ));
  it('a pod pinned to one machine looks at that one only', () => {
    const pinned = {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['w1'] }] }],
          },
        },
      },
    };
    const decision = schedule({ pod: pod('p', [{ cpu: '1' }], pinned), nodes: workers, pods: [placed('q', 'w1', [{ cpu: '1500m' }])] });
    expect(decision.evaluated).toBe(1);
    expect(decision.fitError).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    );
  });
  it('without machines', () => expect(schedule({ pod: pod('p'), nodes: [] }).fitError).toBe('no nodes available to schedule pods'));
  it('preemptionPolicy Never', () =>
    expect(schedule({ pod: pod('p', [{ cpu: '8' }], { preemptionPolicy: 'Never' }), nodes: [workers[0]] }).fitError).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
    ));
});

describe('choosing', () => {
  it('the first refusing plugin ends the look at a machine', () =>
    expect(
      schedule({ pod: pod('p', [{ cpu: '8' }]), nodes: [tainted('cp', control)] }).nodes[0].verdicts.map((v) => `${v.plugin} ${v.code}`),
    ).toEqual(['NodeUnschedulable fits', 'NodeName fits', 'TaintToleration unresolvable']));
  it('totals are the weighted sum of normalized scores', () => {
    const { nodes, chosen } = schedule({
      pod: pod('p', [{ cpu: '500m', memory: '1Gi' }]),
      nodes: workers,
      pods: [placed('q', 'w1', [{ cpu: '1' }])],
    });
    for (const n of nodes) expect(n.total).toBe(n.scores.reduce((sum, s) => sum + s.normalized * s.weight, 0));
    expect(nodes[0].scores.map((s) => `${s.plugin} ${s.weight}`)).toEqual([
      'TaintToleration 3',
      'NodeResourcesFit 1',
      'NodeResourcesBalancedAllocation 1',
      'ImageLocality 1',
    ]);
    expect(chosen).not.toBe('w1');
  });
  it('a tie is a lot that depends on seed, pod and attempt alone', () => {
    const chosen = (seed: number) => schedule({ pod: pod('p'), nodes: workers, seed }).chosen;
    expect(schedule({ pod: pod('p'), nodes: workers }).tie).toEqual(['w1', 'w2', 'w3']);
    expect(chosen(1)).toBe(chosen(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => chosen(seed))).size).toBe(3);
  });
  it('without recording the outcome is the same', () => {
    const fleet = createFleet();
    for (const n of [tainted('cp', control), ...workers]) setNode(fleet, n.metadata?.name ?? '', n);
    const input = {
      pod: pod('p', [{ cpu: '500m' }]),
      machines: machineInfos(fleet),
      imageHolders: fleet.imageHolders,
      groups: fleet.groups,
      cache: cacheOf([]),
      seed: 5,
      attempt: 2,
      start: 1,
    };
    const [full, lean] = [decide(input, { record: true }), decide(input, { record: false })];
    expect({ ...full, nodes: [] }).toEqual(lean);
    expect(full.nodes.length).toBe(4);
  });
  it('a disabled plugin has no say, a weight replaces the default', () => {
    const configuration = {
      profiles: [
        {
          plugins: {
            multiPoint: { disabled: [{ name: 'TaintToleration' }] },
            score: { disabled: [{ name: 'ImageLocality' }], enabled: [{ name: 'NodeResourcesFit', weight: 7 }] },
          },
        },
      ],
    };
    const decision = schedule({ pod: pod('p'), nodes: [tainted('cp', control), workers[0]], configuration });
    expect(decision.feasible).toBe(2);
    expect(decision.nodes[0].scores.map((s) => `${s.plugin} ${s.weight}`)).toEqual(['NodeResourcesFit 7']);
  });
});

/** Upstream: TestNumFeasibleNodesToFind of schedule_one_test.go. */
describe('how many machines are looked for', () => {
  for (const [all, percentage, expected] of [
    [10, 0, 10],
    [10, 40, 10],
    [1000, 0, 420],
    [1000, 40, 400],
    [6000, 0, 300],
    [6000, 40, 2400],
  ] as const)
    it(`${all} machines at ${percentage} %`, () => expect(nodesToFind(all, percentage)).toBe(expected));
});

describe('the sums of a machine', () => {
  it('are what they were after a pod came and went', () => {
    const fleet = createFleet();
    setNode(fleet, 'w1', workers[0]);
    const before = JSON.stringify(machineInfos(fleet)[0].requested);
    const p = placed('q', 'w1', [{ cpu: '1500m', memory: '1Gi', 'example.com/gpu': '1' }]);
    addPod(fleet, 'w1', 'default/q', p);
    addPod(fleet, 'w1', 'default/q', { ...p, status: { phase: 'Running' } });
    expect(machineInfos(fleet)[0].requested).toMatchObject({ cpuMilli: 1500, memory: 1073741824, pods: 1 });
    removePod(fleet, 'w1', 'default/q');
    expect(JSON.stringify(machineInfos(fleet)[0].requested)).toBe(before);
    expect(fleet.machines.get('w1')?.groups.size).toBe(0);
  });
  it('are of its Node as it is now: one that changes, comes or goes is seen the next time', () => {
    const fleet = createFleet();
    const named = (): readonly (string | undefined)[] => machineInfos(fleet).map((m) => m.node.metadata?.name);
    for (const n of ['w3', 'w1', 'w2']) setNode(fleet, n, node(n));
    expect(named()).toEqual(['w1', 'w2', 'w3']);
    setNode(fleet, 'w2', cordoned('w2'));
    expect(machineInfos(fleet).map((m) => m.node.spec?.unschedulable ?? false)).toEqual([false, true, false]);
    setNode(fleet, 'w1', undefined);
    setNode(fleet, 'w25', node('w25'));
    expect([named(), machineInfos(fleet)[0].node.spec?.unschedulable]).toEqual([['w2', 'w25', 'w3'], true]);
  });
});
