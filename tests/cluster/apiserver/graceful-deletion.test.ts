/**
 * Expected: staging/src/k8s.io/apiserver/pkg/registry/rest/delete_test.go TestBeforeDelete; pkg/registry/core/pod/strategy_test.go TestCheckGracefulDelete;
 * registry/generic/registry/store.go shouldOrphanDependents, shouldDeleteDependents and store_test.go TestStoreDeleteWithOrphanDependents (v1.36).
 */
import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../../src/api/machinery/time.ts';
import { kindNamed } from '../../../src/api/registry.ts';
import type { Kind } from '../../../src/api/kind.ts';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { finalizersAfter } from '../../../src/cluster/apiserver/decide-delete.ts';
import { graceOf } from '../../../src/cluster/apiserver/graceful-deletion.ts';
import { openCluster } from '../../../src/engine/headless.ts';

const pods = kindNamed('pods') as Kind;
const now = '2026-05-04T09:00:00Z';
const going = (seconds: number, until = addSeconds(now, seconds)): V1Pod => ({
  metadata: { deletionTimestamp: until, deletionGracePeriodSeconds: seconds },
});

describe('a pod that is being deleted', () => {
  it.each<readonly [had: number, asked: number | undefined, seconds: number]>([
    [-1, -1, 1],
    [-1, 0, 0],
    [-1, 1, 1],
    [-1, 2, 1],
    [0, -1, 0],
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 0],
    [1, -1, 1],
    [1, 0, 0],
    [1, 1, 1],
    [1, 2, 1],
    [2, -1, 1],
    [2, 0, 0],
    [2, 1, 1],
    [2, 2, 2],
    [30, undefined, 30],
  ])('within %i s, and now %s: %i', (had, asked, seconds) => expect(graceOf(pods, going(had), asked, now).seconds).toBe(seconds));
  it('goes as much earlier as its grace is shorter', () =>
    expect(graceOf(pods, going(60), 20, now)).toEqual({ seconds: 20, until: addSeconds(now, 20) }));
  it('goes now when that would have been before', () => {
    expect(graceOf(pods, going(60, addSeconds(now, -60)), 50, now)).toEqual({ seconds: 1, until: now });
    expect(graceOf(pods, going(60, addSeconds(now, -60)), 0, now)).toEqual({ seconds: 0, until: now });
  });
});

describe('a pod that is deleted', () => {
  it.each<readonly [string, string | undefined, string | undefined, number | undefined, number]>([
    ['waits on a machine', 'something', 'Pending', 30, 30],
    ['has failed', 'something', 'Failed', 30, 0],
    ['has no machine', undefined, 'Pending', 30, 0],
    ['has ended without a machine', undefined, 'Succeeded', 30, 0],
    ['has no phase', undefined, undefined, 30, 0],
    ['has a grace below zero', 'something', 'Pending', -1, 1],
    ['has a grace of its own', 'something', 'Pending', undefined, 30],
  ])('%s', (_, nodeName, phase, asked, seconds) => {
    const pod: V1Pod = {
      spec: { containers: [], terminationGracePeriodSeconds: 30, ...(nodeName ? { nodeName } : {}) },
      status: phase ? { phase } : {},
    };
    expect(graceOf(pods, pod, asked, now)).toEqual({ seconds, until: addSeconds(now, seconds) });
  });
  it('its own grace counts as one below zero, and as none at zero', () => {
    const own = (terminationGracePeriodSeconds: number): number =>
      graceOf(pods, { spec: { containers: [], nodeName: 'n', terminationGracePeriodSeconds } } as V1Pod, undefined, now).seconds;
    expect([own(-5), own(0), own(7)]).toEqual([1, 0, 7]);
  });
});

describe('what a deletion makes of finalizers', () => {
  it.each<readonly [string, string | undefined, readonly string[], readonly string[]]>([
    ['nothing is asked', undefined, ['x'], ['x']],
    ['one that orphans stays', undefined, ['x', 'orphan'], ['x', 'orphan']],
    ['one that waits stays', undefined, ['foregroundDeletion', 'x'], ['x', 'foregroundDeletion']],
    ['of two the first counts', undefined, ['orphan', 'foregroundDeletion'], ['orphan']],
    ['Background takes them away', 'Background', ['x', 'orphan', 'foregroundDeletion'], ['x']],
    ['Foreground', 'Foreground', ['x'], ['x', 'foregroundDeletion']],
    ['Foreground instead of orphaning', 'Foreground', ['orphan'], ['foregroundDeletion']],
    ['Orphan instead of waiting', 'Orphan', ['x', 'foregroundDeletion'], ['x', 'orphan']],
  ])('%s', (_, policy, had, has) => expect(finalizersAfter(policy, had)).toEqual(has));
});

describe('in a cluster', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const meta = (path: string) => (cluster.request({ method: 'GET', path }).body as V1Pod).metadata;
  it('a generation counts the first deletion, not the shorter ones after it', () => {
    cluster.kubectl('run p --image=nginx');
    cluster.settle();
    const path = '/api/v1/namespaces/default/pods/p';
    const before = meta(path)?.generation ?? 0;
    for (const seconds of [300, 200, 250]) cluster.request({ method: 'DELETE', path: `${path}?gracePeriodSeconds=${seconds}` });
    expect(meta(path)).toMatchObject({ generation: before + 1, deletionGracePeriodSeconds: 200 });
  });
  it('a pod without a machine goes at once, whatever is asked', () => {
    cluster.kubectl('cordon worker-1');
    cluster.kubectl('run q --image=nginx');
    expect(cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/default/pods/q?gracePeriodSeconds=30' }).status).toBe(200);
    expect(cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/q' }).status).toBe(404);
  });
  it('another policy changes the finalizer of what is already being deleted', () => {
    const path = '/api/v1/namespaces/default/configmaps/held';
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: { metadata: { name: 'held', finalizers: ['example.com/hold'] } },
    });
    const after = (propagationPolicy: string) =>
      (cluster.request({ method: 'DELETE', path, body: { propagationPolicy } }).body as V1Pod).metadata;
    expect(after('Foreground')).toMatchObject({ finalizers: ['example.com/hold', 'foregroundDeletion'], deletionGracePeriodSeconds: 0 });
    expect(after('Orphan')?.finalizers).toEqual(['example.com/hold', 'orphan']);
  });
  it('a namespace that goes has no grace', () => {
    cluster.kubectl('create namespace going');
    const { body } = cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/going' });
    expect(body).toMatchObject({ status: { phase: 'Terminating' } });
    expect((body as V1Pod).metadata).not.toHaveProperty('deletionGracePeriodSeconds');
  });
});
