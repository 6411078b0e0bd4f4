/** Pods that wait for the place of their victims. As RunFilterPluginsWithNominatedPods of framework/runtime/framework.go says: with them, and without. */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { BY_SCHEDULER, DISRUPTION_TARGET } from '../../../src/cluster/scheduler/preemption.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { HIGH, LARGE, LOW, machine, make, MID, SMALL, VERY_HIGH, type More } from './preemption-objects.ts';

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
