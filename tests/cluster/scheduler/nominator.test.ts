/** Nominations in the scheduler's memory, and the gate of a pod that preempts. Upstream: backend/queue/nominator.go UpdateNominatedPod; framework/preemption/executor.go IsPodRunningPreemption (v1.36). */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { createIndexedCache, upsert } from '../../../src/cluster/client/indexed-cache.ts';
import { createSeriesRecorder } from '../../../src/cluster/client/event-series.ts';
import { createNominator, followNomination, nominate, nominatedPods, removeNomination } from '../../../src/cluster/scheduler/nominator.ts';
import { isPreempting, type ExecutorState, type Preempting } from '../../../src/cluster/scheduler/preemption-executor.ts';
import { pod } from './objects.ts';

const carrying = (machine?: string): V1Pod => ({ ...pod('p'), ...(machine ? { status: { nominatedNodeName: machine } } : {}) });
const KEY = 'default/p';

describe('a nomination follows the pod', () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined, string | undefined])[] = [
    ['that comes with one', undefined, 'b', 'b'],
    ['whose nomination is changed', 'a', 'b', 'b'],
    ['whose nomination is taken away', 'a', undefined, undefined],
    ['of which news arrive that are older than the nomination: it stays', undefined, undefined, 'a'],
  ];
  for (const [name, before, now, expected] of cases) {
    it(name, () => {
      const nominator = createNominator();
      nominate(nominator, KEY, 'a');
      followNomination(nominator, carrying(now), carrying(before));
      expect(nominator.machineOf.get(KEY)).toBe(expected);
      expect([...nominator.podsOn]).toEqual(expected === undefined ? [] : [[expected, [KEY]]]);
    });
  }
  it('and is forgotten with it; who came first stands first', () => {
    const nominator = createNominator();
    for (const key of ['default/q', KEY]) nominate(nominator, key, 'a');
    const podAt = (key: string): V1Pod => pod(key.slice('default/'.length));
    expect(
      nominatedPods(nominator, podAt)
        ?.get('a')
        ?.map((p) => p.metadata?.name),
    ).toEqual(['q', 'p']);
    removeNomination(nominator, 'default/q');
    expect(
      nominatedPods(nominator, podAt)
        ?.get('a')
        ?.map((p) => p.metadata?.name),
    ).toEqual(['p']);
    removeNomination(nominator, KEY);
    expect(nominatedPods(nominator, podAt)).toBeUndefined();
  });
});

describe('a pod waits while it preempts', () => {
  const last = 'default/victim';
  const cases: readonly (readonly [string, Partial<Preempting> | undefined, V1Pod | undefined, boolean])[] = [
    ['not when it does not preempt', undefined, pod('victim'), false],
    ['until the last victim is asked for', { isLastAsked: false }, pod('victim'), true],
    ['and that one ends', { isLastAsked: true }, pod('victim'), true],
    ['not when the last victim ends', { isLastAsked: true }, pod('victim', [], {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), false],
    ['not when it is gone', { isLastAsked: true }, undefined, false],
  ];
  for (const [name, running, victim, expected] of cases) {
    it(name, () => {
      const cache = createIndexedCache(false);
      if (victim) upsert(cache, 'pods', victim);
      const preempting = new Map(
        running
          ? [
              [
                KEY,
                {
                  pod: pod('p'),
                  machine: 'a',
                  victims: new Map(),
                  last,
                  pending: new Set<string>(),
                  isLastAsked: false,
                  hasFailed: false,
                  causes: [],
                  ...running,
                },
              ],
            ]
          : [],
      );
      const state: ExecutorState = {
        config: { epochMs: 0 },
        reflectors: { endpoint: { api: 'api', as: { user: 'u', groups: [] } }, cache },
        recorder: createSeriesRecorder('s', 0),
        nominator: createNominator(),
        preempting,
      };
      expect(isPreempting(state, KEY)).toBe(expected);
    });
  }
});
