import { describe, expect, it } from 'vitest';
import type { V1Node, V1Pod, V1Taint } from '../../../src/api/schema/kubernetes.ts';
import { patience } from '../../../src/cluster/controllers/nodes/evictions.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';
import { parseTime } from '../../../src/api/machinery/time.ts';

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

/** Upstream: TestUpdateNodeWithMultipleTaints, TestGetMinTolerationTime of tainteviction. */
describe('how long a pod may stay', () => {
  const now = parseTime('2026-01-01T00:01:00Z');
  const taint = (key: string): V1Taint => ({ key, effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' });
  const bears = (key: string, tolerationSeconds?: number): object => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  });
  const table: readonly (readonly [string, object[], readonly string[], number | undefined])[] = [
    ['not tolerated: goes at once', [], ['a'], 0],
    ['tolerated for ever', [bears('a')], ['a'], undefined],
    ['tolerated for 300 s, 60 of them over', [bears('a', 300)], ['a'], 240_000],
    ['two taints: the shorter patience counts', [bears('a', 300), bears('b', 100)], ['a', 'b'], 40_000],
    ['one of two not tolerated', [bears('a', 300)], ['a', 'b'], 0],
    ['over already', [bears('a', 30)], ['a'], 0],
  ];
  for (const [name, tolerations, keys, expected] of table)
    it(name, () => expect(patience(pod(tolerations), keys.map(taint), { nowMs: now, seen: {} })).toBe(expected));
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
});
