/** Upstream: test/e2e/apimachinery/{garbage_collector,namespace}.go (v1.36); what upstream asks of ReplicationControllers is asked of ReplicaSets. */
import { describe, expect, it } from 'vitest';
import { newDeployment, newReplicaSet } from './apps.ts';
import { controllerOf, examine, MERGE, NGINX, PAUSE, podOf, type Any, type Examiner } from './examiner.ts';

const LABELS = { gctest: 'x' };
const own = (e: Examiner, replicas: number, name = 'simpletest.rc', labels: Readonly<Record<string, string>> = LABELS): Any =>
  e.create('replicasets', newReplicaSet({ name, labels, replicas }));
const whole = (e: Examiner, rs: Any): void => {
  e.until(() => (e.get('replicasets', rs.metadata.name).status.replicas ?? 0) === rs.spec.replicas);
};
const options = (object: Any, propagationPolicy: string): object => ({
  kind: 'DeleteOptions',
  apiVersion: 'v1',
  propagationPolicy,
  preconditions: { uid: object.metadata.uid },
});

describe('apimachinery/garbage_collector.go', () => {
  it('should delete pods created by rc when not orphaning', () => {
    const e = examine();
    const rs = own(e, 2);
    e.until(() => e.list('pods').length > 0);
    e.remove('replicasets', rs.metadata.name, options(rs, 'Background'));
    e.until(() => e.list('replicasets').length + e.list('pods').length === 0, 60);
  });

  it.each([
    ['should orphan pods created by rc if delete options say so', 8],
    ['should orphan pods created by rc when deleteOptions.propagationPolicy is Orphan', 2],
  ])('%s', (_, replicas) => {
    const e = examine();
    const rs = own(e, replicas);
    whole(e, rs);
    e.remove('replicasets', rs.metadata.name, options(rs, 'Orphan'));
    e.until(() => e.list('replicasets').length === 0, 120);
    e.cluster.advance(30);
    expect(e.list('pods').map((pod) => [controllerOf(pod), pod.metadata.deletionTimestamp])).toEqual(
      Array.from({ length: replicas }, () => [undefined, undefined]),
    );
  });

  it('should delete RS created by deployment when not orphaning', () => {
    const e = examine();
    const d = e.create('deployments', newDeployment({ name: 'simpletest.deployment', labels: LABELS, replicas: 2 }));
    e.until(() => e.list('replicasets').length > 0);
    e.remove('deployments', 'simpletest.deployment', options(d, 'Background'));
    e.until(() => e.list('deployments').length + e.list('replicasets').length + e.list('pods').length === 0, 60);
  });

  it('should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan', () => {
    const e = examine();
    const d = e.create('deployments', newDeployment({ name: 'simpletest.deployment', labels: LABELS, replicas: 2 }));
    e.until(() => e.list('pods').length === 2);
    e.remove('deployments', 'simpletest.deployment', options(d, 'Orphan'));
    e.cluster.advance(30);
    expect([e.list('deployments').length, e.list('replicasets').map(controllerOf), e.list('pods').length]).toEqual([0, [undefined], 2]);
  });

  it('should keep the rc around until all its pods are deleted if the deleteOptions says so', () => {
    const e = examine();
    const rs = own(e, 8);
    whole(e, rs);
    const answer = e.remove('replicasets', rs.metadata.name, options(rs, 'Foreground'));
    expect(answer.metadata.finalizers).toEqual(['foregroundDeletion']);
    e.until(() => {
      const isGone = e.isGone('replicasets', rs.metadata.name);
      if (isGone) expect(e.list('pods')).toEqual([]);
      return isGone;
    }, 60);
  });

  it("should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted", () => {
    const e = examine();
    const going = own(e, 8, 'simpletest-rc-to-be-deleted', { gctest: 'd' });
    const staying = own(e, 0, 'simpletest-rc-to-stay', { gctest: 's' });
    whole(e, going);
    const half = e
      .list('pods')
      .slice(0, 4)
      .map((pod) => pod.metadata.name)
      .sort();
    for (const name of half)
      e.patch('pods', name, {
        metadata: {
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: staying.metadata.name, uid: staying.metadata.uid }],
        },
      });
    e.remove('replicasets', going.metadata.name, options(going, 'Foreground'));
    e.until(() => e.isGone('replicasets', going.metadata.name), 90);
    expect(
      e
        .list('pods')
        .map((pod) => [pod.metadata.name, pod.metadata.deletionTimestamp, pod.metadata.ownerReferences.map((o: Any) => o.name)]),
    ).toEqual(half.map((name) => [name, undefined, [staying.metadata.name]]));
  });

  it('should not be blocked by dependency circle', () => {
    const e = examine();
    const made = ['pod1', 'pod2', 'pod3'].map((name) =>
      e.create('pods', podOf(name, { terminationGracePeriodSeconds: 0, containers: [{ name: 'nginx', image: NGINX }] })),
    );
    made.forEach((pod, i) => {
      const owner = made[(i + 2) % 3];
      e.patch('pods', pod.metadata.name, {
        metadata: {
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'Pod',
              name: owner.metadata.name,
              uid: owner.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
      });
    });
    e.remove('pods', 'pod1', options(made[0], 'Foreground'));
    e.until(() => e.list('pods').length === 0, 90);
  });
});

describe('apimachinery/namespace.go', () => {
  const make = (e: Examiner, name: string): Any => e.create('namespaces', { metadata: { name } });
  const within = (name: string, plural: string, rest = ''): string => `/api/v1/namespaces/${name}/${plural}${rest && `/${rest}`}`;
  const provisioned = (e: Examiner, name: string): void => {
    e.until(() => e.ask('GET', within(name, 'serviceaccounts', 'default')).status === 200);
  };

  it.each([
    [
      'should ensure that all pods are removed when a namespace is deleted',
      'pods',
      podOf('test', { containers: [{ name: 'nginx', image: PAUSE }] }),
    ],
    [
      'should ensure that all services are removed when a namespace is deleted',
      'services',
      { metadata: { name: 'test' }, spec: { selector: { foo: 'bar' }, ports: [{ port: 80, targetPort: 80 }] } },
    ],
  ])('%s', (_, plural, body) => {
    const e = examine();
    make(e, 'nsdeletetest');
    provisioned(e, 'nsdeletetest');
    expect(e.ask('POST', within('nsdeletetest', plural), body).status).toBe(201);
    if (plural === 'pods') e.until(() => e.ask('GET', within('nsdeletetest', 'pods', 'test')).body.status.phase === 'Running');
    expect(e.remove('namespaces', 'nsdeletetest').status.phase).toBe('Terminating');
    e.until(() => e.isGone('namespaces', 'nsdeletetest'), 90);
    make(e, 'nsdeletetest');
    provisioned(e, 'nsdeletetest');
    expect(e.ask('GET', within('nsdeletetest', plural, 'test')).status).toBe(404);
    e.remove('namespaces', 'nsdeletetest');
    e.until(() => e.isGone('namespaces', 'nsdeletetest'), 90);
  });

  it('should always delete fast (ALL of 100 namespaces in 150 seconds)', () => {
    const e = examine();
    const names = Array.from({ length: 30 }, (_, i) => `nslifetest-${i}`);
    for (const name of names) make(e, name);
    e.cluster.advance(10);
    for (const name of names) e.remove('namespaces', name);
    e.until(() => !e.list('namespaces').some((ns) => ns.metadata.name.startsWith('nslifetest')), 150);
  });

  it('should patch a Namespace', () => {
    const e = examine();
    make(e, 'nspatchtest');
    e.patch('namespaces', 'nspatchtest', { metadata: { labels: { testLabel: 'testValue' } } });
    expect(e.get('namespaces', 'nspatchtest').metadata.labels).toEqual({
      'kubernetes.io/metadata.name': 'nspatchtest',
      testLabel: 'testValue',
    });
  });

  it('should apply changes to a namespace status', () => {
    const e = examine();
    expect(e.get('namespaces', `${e.ns}/status`).status.phase).toBe('Active');
    const patched = e.patch(
      'namespaces',
      `${e.ns}/status`,
      {
        metadata: { annotations: { 'e2e-patched': 'yes' } },
        status: { conditions: [{ type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Patched by an e2e test' }] },
      },
      MERGE,
    );
    expect([patched.status.conditions.length, patched.status.conditions[0]]).toMatchObject([
      1,
      { type: 'StatusPatch', reason: 'E2E', message: 'Patched by an e2e test' },
    ]);
    const updated = e.retry(
      'namespaces',
      e.ns,
      (ns) => {
        ns.status.conditions.push({ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Updated by an e2e test' });
      },
      'status',
    );
    expect([updated.status.conditions.length, updated.status.conditions[1]]).toMatchObject([
      2,
      { type: 'StatusUpdate', reason: 'E2E', message: 'Updated by an e2e test' },
    ]);
  });

  it('should apply an update to a Namespace', () => {
    const e = examine();
    expect(
      e.retry('namespaces', e.ns, (ns) => {
        ns.metadata.labels[e.ns] = 'updated';
      }).metadata.labels[e.ns],
    ).toBe('updated');
  });

  it('should apply a finalizer to a Namespace', () => {
    const e = examine();
    make(e, 'e2e-finalizer');
    const fake = 'e2e.example.com/fakeFinalizer';
    expect(
      e.retry(
        'namespaces',
        'e2e-finalizer',
        (ns) => {
          ns.spec.finalizers.push(fake);
        },
        'finalize',
      ).spec.finalizers,
    ).toEqual(['kubernetes', fake]);
    expect(
      e.retry(
        'namespaces',
        'e2e-finalizer',
        (ns) => {
          ns.spec.finalizers = ns.spec.finalizers.filter((one: string) => one !== fake);
        },
        'finalize',
      ).spec.finalizers,
    ).toEqual(['kubernetes']);
  });
});
