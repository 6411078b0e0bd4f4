/**
 * How a namespace goes. Expected: pkg/controller/namespace/deletion/{namespaced_resources_deleter,status_condition_utils}.go and their tests TestSyncNamespaceThatIsTerminating, TestUpdateConditions;
 * namespace_controller.go; ordered deletion: KEP-5080 (v1.36).
 */
import { describe, expect, it } from 'vitest';
import type { V1Namespace, V1NamespaceCondition } from '../../../src/api/schema/kubernetes.ts';
import { namespaceConditions } from '../../../src/cluster/controllers/namespaces/conditions.ts';
import { openCluster } from '../../../src/engine/headless.ts';
import { reconcile } from '../../../src/engine/parts.ts';

const going = '2026-05-04T09:00:00Z';
const later = '2026-05-04T09:00:10Z';
const space = (conditions?: readonly V1NamespaceCondition[]): V1Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'team', deletionTimestamp: going },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Terminating', ...(conditions ? { conditions } : {}) },
});
const pod = (more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'team', deletionTimestamp: later, ...more },
  spec: { containers: [], terminationGracePeriodSeconds: 30 },
});
const map = (more: object = {}): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'team', ...more } });
const look = (objects: readonly object[], now = later) => {
  const { writes, againAfterSeconds } = reconcile('namespace', { key: 'team', objects: objects as never, now });
  return {
    asks: writes.map((w) => `${w.method} ${w.path.replace('/api/v1/namespaces/team', '')}`),
    conditions: (writes[0]?.body as V1Namespace | undefined)?.status?.conditions,
    againAfterSeconds,
  };
};
const said = (conditions: readonly V1NamespaceCondition[] | undefined) =>
  Object.fromEntries((conditions ?? []).map((c) => [c.type, [c.status, c.reason, c.message]]));
const WAITED = namespaceConditions(undefined, [{ plural: 'pods', group: '', objects: [pod() as never] }], later);

describe('a namespace that is being deleted', () => {
  it('is left alone for five seconds', () =>
    expect(look([space(), map()], '2026-05-04T09:00:02Z')).toMatchObject({ asks: [], againAfterSeconds: 3 }));
  it('loses its pods first', () => expect(look([space(), map(), pod({ deletionTimestamp: undefined })]).asks).toEqual(['DELETE /pods']));
  it('then the rest', () => expect(look([space(), map()]).asks).toEqual(['DELETE /configmaps']));
  it('at last its events and its finalizer', () => expect(look([space()]).asks).toEqual(['DELETE /events', 'PUT /finalize']));
  it('and waits for others that hold it', () =>
    expect(look([{ ...space(), spec: { finalizers: ['example.com/hold'] } }]).asks).toEqual([]));
  it('says what it waits for', () =>
    expect(said(look([space(), map(), pod()]).conditions)).toEqual({
      NamespaceDeletionDiscoveryFailure: ['False', 'ResourcesDiscovered', 'All resources successfully discovered'],
      NamespaceDeletionGroupVersionParsingFailure: ['False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
      NamespaceDeletionContentFailure: ['False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
      NamespaceContentRemaining: ['True', 'SomeResourcesRemain', 'Some resources are remaining: pods. has 1 resource instances'],
      NamespaceFinalizersRemaining: ['False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
    }));
  it('waits half as long as its pods may take, and a second', () =>
    expect(look([space(WAITED), pod()])).toMatchObject({ asks: [], againAfterSeconds: 16 }));
  it('names finalizers, and waits for them', () => {
    const kept = [
      map({ deletionTimestamp: later, finalizers: ['b.io/x', 'a.io/x'] }),
      { ...map({ name: 'n', deletionTimestamp: later, finalizers: ['a.io/x'] }) },
    ];
    const { conditions } = look([space(), ...kept]);
    expect(said(conditions)).toMatchObject({
      NamespaceContentRemaining: ['True', 'SomeResourcesRemain', 'Some resources are remaining: configmaps. has 2 resource instances'],
      NamespaceFinalizersRemaining: [
        'True',
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: a.io/x in 2 resource instances, b.io/x in 1 resource instances',
      ],
    });
    expect(look([space(conditions), ...kept])).toMatchObject({ asks: [], againAfterSeconds: 8 });
  });
  it('finds it wrong when a pod outlives its grace', () =>
    expect(said(look([space(), pod()], '2026-05-04T09:00:31Z').conditions).NamespaceDeletionContentFailure).toEqual([
      'True',
      'ContentDeletionFailed',
      'Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: team for gvr: /v1, Resource=pods',
    ]));
  it('moves the time of a condition with its status alone', () => {
    const after = namespaceConditions(WAITED, [], '2026-05-04T09:00:20Z');
    expect(after.map((c) => c.type)).toEqual(WAITED.map((c) => c.type));
    expect(after.filter((c) => c.lastTransitionTime !== later).map((c) => c.type)).toEqual(['NamespaceContentRemaining']);
  });
});

it('a namespace goes with all that is in it, and one that holds on says why', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create namespace team');
  cluster.kubectl('create deployment web --image=nginx -n team');
  cluster.kubectl('create configmap kept -n team');
  cluster.settle();
  cluster.request({
    method: 'PATCH',
    path: '/api/v1/namespaces/team/configmaps/kept',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { finalizers: ['example.com/hold'] } },
  });
  cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/team' });
  cluster.advance(90);
  const { body } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/team' });
  expect(said((body as V1Namespace).status?.conditions).NamespaceFinalizersRemaining[2]).toBe(
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  );
  expect(cluster.kubectl('get all -n team').stdout).toBe('');
  cluster.request({
    method: 'PATCH',
    path: '/api/v1/namespaces/team/configmaps/kept',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { finalizers: null } },
  });
  cluster.advance(30);
  expect(cluster.request({ method: 'GET', path: '/api/v1/namespaces/team' }).status).toBe(404);
  expect(cluster.request({ method: 'GET', path: '/api/v1/namespaces/team/events' }).body).toMatchObject({ items: [] });
});

it.each(['sleep 3600', 'trap "exit 0" TERM; sleep 3600'])(
  'a namespace waits for its pods, leaves nothing, and can be made again (%s)',
  (script) => {
    const cluster = openCluster({ topology: { workers: 2 } });
    cluster.kubectl('create ns x');
    cluster.kubectl(
      'apply -n x -f -',
      ['ConfigMap', 'Secret', 'ServiceAccount']
        .map((kind) => JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'a' } }))
        .concat(
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'a' },
            spec: { selector: { app: 'a' }, ports: [{ port: 80 }] },
          }),
          JSON.stringify({
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'a' },
            spec: {
              replicas: 3,
              selector: { matchLabels: { app: 'a' } },
              template: {
                metadata: { labels: { app: 'a' } },
                spec: { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }] },
              },
            },
          }),
        )
        .join('\n---\n'),
    );
    cluster.settle(120);
    expect(cluster.kubectl('get pods -n x').stdout.match(/1\/1 +Running/g)).toHaveLength(3);
    const from = cluster.now;
    expect(cluster.kubectl('delete ns x')).toEqual({ stdout: 'namespace "x" deleted\n', stderr: '', exitCode: 0 });
    expect(cluster.now - from).toBeLessThan(60);
    expect(cluster.kubectl('get all,cm,secret,sa,endpointslices,events -n x').stderr).toBe('No resources found in x namespace.\n');
    expect(cluster.kubectl('create ns x').exitCode).toBe(0);
  },
);
