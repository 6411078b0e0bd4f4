import { describe, expect, it } from 'vitest';
import type { V1Node, V1Pod, V1Taint } from '../../../src/api/schema/kubernetes.ts';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { evict, secondsTolerated, type Due } from '../../../src/cluster/controllers/nodes/evictions.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const node = (taints: readonly V1Taint[] = [], ready = 'True'): V1Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'w1', uid: 'w1', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { taints },
  status: {
    conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: '2026-01-01T00:00:00Z', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  },
});
const lease = (renewTime: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'w1', namespace: 'kube-node-lease', uid: 'l' },
  spec: { renewTime },
});
const pod = (tolerations: object[]): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', uid: 'p' },
  spec: { nodeName: 'w1', containers: [], tolerations },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const run = (now: string, ...objects: object[]) => reconcile('node-lifecycle', { key: 'w1', objects, now });

describe('a machine that says nothing', () => {
  it('is Unknown 50 s after its last renewal', () => {
    const calm = run('2026-01-01T00:01:29Z', node(), lease('2026-01-01T00:00:40.000000Z'));
    expect(calm.writes).toEqual([]);
    expect(calm.againAfterSeconds).toBe(5);
    const { writes, notes } = run('2026-01-01T00:01:30Z', node(), lease('2026-01-01T00:00:40.000000Z'), pod([]));
    expect(writes[0]).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/nodes/w1/status',
      body: {
        status: {
          conditions: expect.arrayContaining([
            expect.objectContaining({
              type: 'Ready',
              status: 'Unknown',
              reason: 'NodeStatusUnknown',
              message: 'Kubelet stopped posting node status.',
            }),
          ]),
        },
      },
    });
    expect(writes[1]).toMatchObject({
      path: '/api/v1/namespaces/default/pods/p/status',
      body: { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
    });
    expect((writes[2].body as V1Node).spec?.taints).toEqual([
      { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:01:30Z' },
      { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2026-01-01T00:01:30Z' },
    ]);
    expect(notes[0].with?.event).toMatchObject({ reason: 'NodeNotReady', message: 'Node w1 status is now: NodeNotReady' });
    expect(notes[1]).toMatchObject({
      about: 'pods/default/p',
      with: { event: { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready', write: 1 } },
    });
  });
  it('puts out a pod in the same pass, and the Event tells of the write that does so', () => {
    const away = { key: 'dedicated', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' };
    const { writes, notes } = run('2026-01-01T00:01:30Z', node([away]), lease('2026-01-01T00:00:40.000000Z'), pod([]));
    const { write } = notes.find((note) => note.says === 'nodelifecycle/evicted')?.with?.event as { readonly write: number };
    expect(writes[write].body).toMatchObject({ status: { conditions: [{ type: 'DisruptionTarget' }] } });
  });
  it('keeps its own taints and loses ours when it is back', () => {
    const own = { key: 'dedicated', value: 'db', effect: 'NoSchedule' };
    expect(
      (run('2026-01-01T00:00:10Z', node([own, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }])).writes[0].body as V1Node)
        .spec?.taints,
    ).toEqual([own]);
  });
});

const bears = (key: string, tolerationSeconds?: number): object => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});
const taints = (keys: string): readonly V1Taint[] => keys.split('').map((key) => ({ key, effect: 'NoExecute' }));

/** Upstream: TestGetMinTolerationTime, TestCreatePod, TestCreateNode of taint_eviction_test.go. */
it.each<readonly [string, readonly object[], string, number | undefined]>([
  ['not tolerated', [], 'a', 0],
  ['another one tolerated', [bears('b')], 'a', 0],
  ['tolerated for ever', [bears('a')], 'a', undefined],
  ['tolerated for a time', [bears('a', 300)], 'a', 300],
  ['tolerated for no time', [bears('a', -5)], 'a', 0],
  ['two taints: the shorter time counts', [bears('a', 300), bears('b', 100)], 'ab', 100],
  ['for ever and for a time', [bears('a'), bears('b', 100)], 'ab', 100],
  ['one of two not tolerated', [bears('a', 300)], 'ab', 0],
  ['of two tolerations of one taint the first counts', [bears('a', 300), bears('a', 100)], 'a', 300],
])('patience: %s', (_, tolerations, keys, expected) => expect(secondsTolerated(pod([...tolerations]), taints(keys))).toBe(expected));

/** Seconds, the taints that are there then, what the pod tolerates then. Upstream: TestUpdatePod, TestUpdateNode, TestUpdateNodeWithMultipleTaints, TestUpdateNodeWithMultiplePods of taint_eviction_test.go. */
it.each<readonly [string, readonly (readonly [number, string, readonly object[]])[], number | undefined]>([
  [
    'tolerates it and then does not',
    [
      [0, 'a', [bears('a', 100)]],
      [1, 'a', []],
    ],
    1,
  ],
  [
    'a longer patience comes too late',
    [
      [0, 'a', [bears('a', 1)]],
      [0.5, 'a', [bears('a', 100)]],
      [1, 'a', [bears('a', 100)]],
    ],
    1,
  ],
  [
    'a patience for ever does not',
    [
      [0, 'a', [bears('a', 1)]],
      [0.5, 'a', [bears('a')]],
      [9, 'a', [bears('a')]],
    ],
    undefined,
  ],
  [
    'a taint comes that is not tolerated',
    [
      [0, 'a', [bears('a', 100)]],
      [2, 'ab', [bears('a', 100)]],
    ],
    2,
  ],
  [
    'the taint goes in time',
    [
      [0, 'a', [bears('a', 1)]],
      [0.5, '', [bears('a', 1)]],
      [2, 'a', [bears('a', 1)]],
      [2.9, 'a', [bears('a', 1)]],
    ],
    undefined,
  ],
  [
    'the first of several patiences is over',
    [
      [0, 'ab', [bears('a', 1), bears('b', 100)]],
      [1, 'ab', [bears('a', 1), bears('b', 100)]],
    ],
    1,
  ],
  [
    'one taint takes the place of another',
    [
      [0, 'a', [bears('a', 3), bears('b', 3)]],
      [2, 'b', [bears('a', 3), bears('b', 3)]],
      [3, 'b', [bears('a', 3), bears('b', 3)]],
    ],
    3,
  ],
  [
    'the one that is tolerated for a time comes and goes',
    [
      [0, 'a', [bears('a'), bears('b', 60)]],
      [1, 'ab', [bears('a'), bears('b', 60)]],
      [2, 'a', [bears('a'), bears('b', 60)]],
      [99, 'a', [bears('a'), bears('b', 60)]],
    ],
    undefined,
  ],
])('%s', (_, steps, expected) => {
  let was: Due = {};
  const evicted = steps.find(([at, keys, tolerations]) => {
    const { due, writes } = evict(node(taints(keys)), cacheOf([pod([...tolerations])]), { nowMs: 1000 * at, was, before: 0 });
    was = due;
    return writes.length > 0;
  });
  expect(evicted?.[0]).toBe(expected);
});

describe('a pod that has patience', () => {
  it('is then marked and deleted', () => {
    const { writes, notes } = run(
      '2026-01-01T00:06:00Z',
      node(
        [
          { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2026-01-01T00:01:00Z' },
          { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:01:00Z' },
        ],
        'Unknown',
      ),
      pod([bears('node.kubernetes.io/unreachable', 300)]),
    );
    expect(writes.map((w) => `${w.method} ${w.path}`)).toEqual([
      'PATCH /api/v1/namespaces/default/pods/p/status',
      'DELETE /api/v1/namespaces/default/pods/p',
    ]);
    expect(notes[0].with?.event).toMatchObject({ reason: 'TaintManagerEviction', message: 'Marking for deletion Pod default/p' });
  });
  it('has it from the time on when it is there, however old the taint is', () => {
    const old = node([{ key: 'a', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' }]);
    const late = pod([bears('a', 60)]);
    const bound = { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T01:00:00Z' };
    const at = (now: string): number => run(now, old, lease(now), { ...late, status: { conditions: [bound] } }).writes.length;
    expect([at('2026-01-01T01:00:59Z'), at('2026-01-01T01:01:00Z')]).toEqual([0, 2]);
  });
});
