import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../src/api/machinery/time.ts';
import type { V1Pod, V1ReplicaSet } from '../../../src/api/schema/kubernetes.ts';
import { compareForDeletion } from '../../../src/cluster/controllers/replicas/deletion-order.ts';
import { openCluster } from '../../../src/engine/headless.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'rs', controller: true, blockOwnerDeletion: true };
const rs = (replicas: number, more: object = {}): V1ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default', uid: 'rs', generation: 1 },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
    ...more,
  },
});
const pod = (
  name: string,
  {
    machine = 'w1',
    phase = 'Running',
    ready = true,
    at = '2026-01-01T00:00:00Z',
    born = '2026-01-01T00:00:00Z',
    restarts = 0,
    metadata = {},
  }: { machine?: string; phase?: string; ready?: boolean; at?: string; born?: string; restarts?: number; metadata?: object } = {},
): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    creationTimestamp: born,
    labels: { app: 'web' },
    ownerReferences: [owner],
    ...metadata,
  },
  spec: { containers: [], nodeName: machine },
  status: {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at }],
    containerStatuses: [{ name: 'c', restartCount: restarts, image: 'i', imageID: 'i', ready }],
  },
});
const run = (objects: readonly (V1Pod | V1ReplicaSet)[], now?: string) =>
  reconcile('replicaset', { key: 'default/web', objects, ...(now ? { now } : {}) });

describe('ReplicaSet', () => {
  it('creates what is missing, at most 500 in one pass', () => {
    const { writes, slowStart, notes } = run([rs(3), pod('a')]);
    expect(writes.length).toBe(2);
    expect(slowStart).toBe(2);
    expect(writes[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      body: { metadata: { generateName: 'web-', labels: { app: 'web' }, ownerReferences: [owner] } },
    });
    expect(notes[0]).toMatchObject({
      says: 'replicaset/too-few',
      about: 'replicasets.apps/default/web',
      with: { want: 3, have: 1, creates: 2 },
    });
    expect(run([rs(2000)]).writes.length).toBe(500);
  });
  it('failed, ended and terminating pods do not count', () =>
    expect(
      run([
        rs(2),
        pod('a', { phase: 'Failed' }),
        pod('b', { phase: 'Succeeded' }),
        pod('c', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      ]).writes.length,
    ).toBe(2));
  it('adopts pods that match and nobody owns', () => {
    const stray = pod('stray', { metadata: { ownerReferences: undefined } });
    expect(run([rs(1), stray]).writes).toMatchObject([
      { method: 'PATCH', path: '/api/v1/namespaces/default/pods/stray', body: { metadata: { ownerReferences: [owner], uid: 'stray' } } },
    ]);
  });
  it('releases pods that no longer match', () =>
    expect(run([rs(1), pod('a', { metadata: { labels: { app: 'debug' } } })]).writes).toMatchObject([
      { method: 'PATCH', body: { metadata: { ownerReferences: [{ $patch: 'delete', uid: 'rs' }] } } },
    ]));
  it('status counts ready, available and terminating pods', () => {
    const status = (now: string) =>
      (
        run(
          [
            rs(2, { minReadySeconds: 30 }),
            pod('a'),
            pod('b', { at: '2026-01-01T00:00:20Z' }),
            pod('c', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
          ],
          now,
        ).writes[0].body as V1ReplicaSet
      ).status;
    expect(status('2026-01-01T00:00:40Z')).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 1,
    });
    expect(
      run([rs(2, { minReadySeconds: 30 }), pod('a'), pod('b', { at: '2026-01-01T00:00:20Z' })], '2026-01-01T00:00:40Z').againAfterSeconds,
    ).toBe(10);
  });
  it('deletes the excess by uid', () =>
    expect(run([rs(1), pod('a'), pod('b', { ready: false })]).writes).toMatchObject([
      { method: 'DELETE', path: '/api/v1/namespaces/default/pods/b', body: { preconditions: { uid: 'b' } } },
    ]));
});

/** Upstream: TestRelatedPodsLookup, TestGetPodsToDelete, replica_set_test.go; TestCalculateStatus, replica_set_utils_test.go. */
describe('a family, and failures', () => {
  const crowd = [pod('a', { machine: 'w2' }), pod('b', { machine: 'w1' }), pod('c', { machine: 'w1' })];
  it('the machine with more pods of one owner gives one up; a set without an owner has no family', () => {
    const d = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true };
    const of = (set: V1ReplicaSet): string[] => run([set, ...crowd]).writes.map((w) => w.path.split('/').at(-1) ?? '');
    expect(of({ ...rs(2), metadata: { ...rs(2).metadata, ownerReferences: [d] } })).toEqual(['b']);
    expect(of(rs(2))).toEqual(['a']);
  });
  it('ReplicaFailure goes when there are as many pods as wanted', () => {
    const failed = { ...rs(1), status: { replicas: 1, conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }] } };
    expect((run([failed, pod('a')]).writes[0].body as V1ReplicaSet).status?.conditions).toBeUndefined();
  });
  it('and comes in the words of who refused, up to the Deployment', () => {
    const cluster = openCluster({ seed: 1 });
    cluster.kubectl(
      ['create', '-f', '-'],
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: nobody, containers: [{name: c, image: nginx:1.29}]}}}}',
    );
    cluster.advance(5);
    const condition = (kind: string): string => {
      const c = JSON.parse(cluster.kubectl(['get', kind, '-o', 'json']).stdout).items[0].status.conditions?.find(
        (x: { type: string }) => x.type === 'ReplicaFailure',
      );
      return c ? `${c.reason} ${c.message}` : '';
    };
    const words =
      /^FailedCreate pods "web-\w+-" is forbidden: error looking up service account default\/nobody: serviceaccount "nobody" not found$/;
    expect(condition('rs')).toMatch(words);
    expect(condition('deploy')).toMatch(words);
    cluster.kubectl('create serviceaccount nobody');
    cluster.advance(30);
    expect(condition('deploy')).toBe('');
    expect(cluster.kubectl('get deploy web').stdout).toContain('1/1');
  });
});

/** Upstream: TestSortingActivePodsWithRanks, controller_utils_test.go: each pair in the order of deletion. */
describe('the order of deletion', () => {
  const now = parseTime('2026-01-10T00:00:00Z');
  const ordered: readonly (readonly [string, V1Pod, V1Pod])[] = [
    ['unscheduled before scheduled', pod('a', { machine: '', phase: 'Pending' }), pod('b', { phase: 'Pending' })],
    ['pending before running', pod('a', { phase: 'Pending', ready: false }), pod('b', { ready: false })],
    ['unknown before running', pod('a', { phase: 'Unknown', ready: false }), pod('b', { ready: false })],
    ['not ready before ready', pod('a', { ready: false }), pod('b')],
    [
      'lower deletion cost before higher',
      pod('a', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '1' } } }),
      pod('b', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '2' } } }),
    ],
    ['ready for a short time before long', pod('a', { at: '2026-01-09T23:00:00Z' }), pod('b', { at: '2026-01-01T00:00:00Z' })],
    ['more restarts before fewer', pod('a', { restarts: 3 }), pod('b', { restarts: 1 })],
    ['younger before older', pod('a', { born: '2026-01-09T23:00:00Z' }), pod('b', { born: '2026-01-01T00:00:00Z' })],
  ];
  for (const [name, first, second] of ordered) {
    it(name, () => {
      expect(compareForDeletion(first, second, now)).toBeLessThan(0);
      expect(compareForDeletion(second, first, now)).toBeGreaterThan(0);
    });
  }
  it('doubled up before alone', () => {
    const crowd = (p: V1Pod): number => (p.spec?.nodeName === 'w1' ? 2 : 1);
    expect(compareForDeletion(pod('b', { machine: 'w1' }), pod('a', { machine: 'w2' }), now, crowd)).toBeLessThan(0);
  });
  it('more restarts of sidecars before fewer', () => {
    const sidecar = (name: string, restartCount: number): V1Pod => {
      const p = pod(name, { restarts: 2 });
      return {
        ...p,
        spec: { containers: [], ...p.spec, initContainers: [{ name: 's', restartPolicy: 'Always' }] },
        status: { ...p.status, initContainerStatuses: [{ name: 's', restartCount, image: 'i', imageID: 'i', ready: true }] },
      };
    };
    expect(compareForDeletion(sidecar('b', 3), sidecar('a', 1), now)).toBeLessThan(0);
  });
  it('times of one magnitude count as equal and the uid decides', () =>
    expect(compareForDeletion(pod('a', { at: '2026-01-01T00:00:00Z' }), pod('b', { at: '2026-01-02T00:00:00Z' }), now)).toBeLessThan(0));
});
