/** Upstream: test/e2e/apps/deployment.go (v1.36). */
import { describe, expect, it } from 'vitest';
import {
  completeAndRolling,
  deploymentComplete,
  newDeployment,
  newReplicaSet,
  newReplicaSetOf,
  oldReplicaSetsOf,
  podsRunning,
  revisionAndImage,
} from './apps.ts';
import { AGNHOST, conditionOf, controllerOf, examine, HTTPD, MERGE, NGINX, PAUSE, STRATEGIC, type Any } from './examiner.ts';

const AGN = { container: 'agnhost', image: AGNHOST };
const agnhost = (d: Any): void => {
  Object.assign(d.spec.template.spec.containers[0], { name: 'agnhost', image: AGNHOST });
};
const found =
  (events: readonly { readonly type: string; readonly object: Any }[], type: string, isIt: (d: Any) => unknown = () => true) =>
  (): boolean =>
    events.some((event) => event.type === type && isIt(event.object));

describe('apps/deployment.go', () => {
  it('deployment reaping should cascade to its replica sets and pods', () => {
    const e = examine();
    const name = 'test-new-deployment';
    const d = newDeployment({ name, labels: { name: 'httpd' } });
    d.metadata.annotations = {
      test: 'should-copy-to-replica-set',
      'kubectl.kubernetes.io/last-applied-configuration': 'should-not-copy-to-replica-set',
    };
    e.create('deployments', d);
    revisionAndImage(e, name, '1', NGINX);
    deploymentComplete(e, name);
    const rs = newReplicaSetOf(e, e.get('deployments', name));
    expect(rs.metadata.annotations).toMatchObject({ test: 'should-copy-to-replica-set' });
    expect(rs.metadata.annotations).not.toHaveProperty('kubectl.kubernetes.io/last-applied-configuration');
    e.remove('deployments', name, { propagationPolicy: 'Background' });
    e.until(() => e.isGone('deployments', name) && e.list('replicasets').length === 0 && e.list('pods').length === 0);
  });

  it('RollingUpdateDeployment should delete old pods and create new ones', () => {
    const e = examine();
    const rs = newReplicaSet({ name: 'test-rolling-update-controller', labels: { name: 'sample-pod', pod: 'httpd' } });
    rs.metadata.annotations = { 'deployment.kubernetes.io/revision': '3546343826724305832' };
    e.create('replicasets', rs);
    podsRunning(e, 'sample-pod', 1);
    const name = 'test-rolling-update-deployment';
    e.create('deployments', newDeployment({ name, labels: { name: 'sample-pod' }, ...AGN }));
    revisionAndImage(e, name, '3546343826724305833', AGNHOST);
    deploymentComplete(e, name);
    expect(oldReplicaSetsOf(e, e.get('deployments', name)).map((old) => old.metadata.name)).toEqual(['test-rolling-update-controller']);
  });

  it('RecreateDeployment should delete old pods and create new ones', () => {
    const e = examine();
    const name = 'test-recreate-deployment';
    e.create('deployments', newDeployment({ name, labels: { name: 'sample-pod-3' }, ...AGN }, { strategy: { type: 'Recreate' } }));
    revisionAndImage(e, name, '1', AGNHOST);
    deploymentComplete(e, name);
    const watch = e.watch(`${e.at('deployments')}?fieldSelector=metadata.name%3D${name}`);
    e.retry('deployments', name, (d) => {
      Object.assign(d.spec.template.spec.containers[0], { name: 'httpd', image: NGINX });
    });
    e.until(
      found(
        watch.events,
        'MODIFIED',
        (d) =>
          d.status.updatedReplicas === 1 &&
          d.status.availableReplicas === 1 &&
          d.status.observedGeneration === d.metadata.generation &&
          d.metadata.generation === 2,
      ),
    );
    watch.stop();
    for (const {
      object: { status },
    } of watch.events)
      expect(
        status.updatedReplicas > 0 && status.replicas !== status.updatedReplicas && status.observedGeneration === 2,
        JSON.stringify(status),
      ).toBe(false);
  });

  it('deployment should delete old replica sets', () => {
    const e = examine();
    e.create('replicasets', newReplicaSet({ name: 'test-cleanup-controller', labels: { name: 'cleanup-pod', pod: 'httpd' } }));
    podsRunning(e, 'cleanup-pod', 1);
    const { metadata } = e.ask('GET', e.at('pods')).body;
    const watch = e.watch(`${e.at('pods')}?resourceVersion=${metadata.resourceVersion}`);
    const name = 'test-cleanup-deployment';
    e.create('deployments', newDeployment({ name, labels: { name: 'cleanup-pod' }, ...AGN }, { revisionHistoryLimit: 0 }));
    e.until(() => {
      const d = e.get('deployments', name);
      return d.status.observedGeneration && newReplicaSetOf(e, d) && oldReplicaSetsOf(e, d).length === 0;
    });
    watch.stop();
    expect(watch.events.filter((event) => event.type === 'ADDED').map((event) => event.object.spec.containers[0].name)).toEqual([
      'agnhost',
    ]);
  });

  it('deployment should support rollover', () => {
    const e = examine();
    e.create('replicasets', newReplicaSet({ name: 'test-rollover-controller', labels: { name: 'rollover-pod', pod: 'httpd' } }));
    podsRunning(e, 'rollover-pod', 1);
    e.until(() => e.get('replicasets', 'test-rollover-controller').status.readyReplicas === 1);
    const name = 'test-rollover-deployment';
    e.create(
      'deployments',
      newDeployment(
        { name, labels: { name: 'rollover-pod' }, container: 'redis-slave', image: 'gcr.io/google_samples/gb-redisslave:nonexistent' },
        { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }, minReadySeconds: 10 },
      ),
    );
    e.until(() => {
      const d = e.get('deployments', name);
      return d.status.observedGeneration >= d.metadata.generation && d.status.updatedReplicas >= 1;
    });
    revisionAndImage(e, name, '1', 'gcr.io/google_samples/gb-redisslave:nonexistent');
    const stuck = newReplicaSetOf(e, e.get('deployments', name)).metadata.name;
    const sizes = (): number[][] =>
      ['test-rollover-controller', stuck].map((rs) => e.get('replicasets', rs)).map((rs) => [rs.spec.replicas, rs.status.replicas]);
    expect(sizes()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    e.retry('deployments', name, agnhost);
    revisionAndImage(e, name, '2', AGNHOST);
    completeAndRolling(e, name);
    expect(sizes()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('iterative rollouts should eventually progress', () => {
    const e = examine();
    const name = 'webserver';
    e.create(
      'deployments',
      newDeployment({ name, labels: { name: 'httpd' }, replicas: 6 }, { progressDeadlineSeconds: 300, revisionHistoryLimit: 2 }),
    );
    let seed = 7;
    const dice = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const scaled = (d: Any): void => {
      const r = dice();
      if (r < 0.3) d.spec.replicas++;
      else if (r < 0.6 && d.spec.replicas > 1) d.spec.replicas--;
    };
    for (let i = 0; i < 20; i++) {
      const wait = dice();
      if (wait < 0.6) e.cluster.advance(i * wait);
      const n = dice();
      if (n < 0.3)
        e.retry('deployments', name, (d) => {
          (d.spec.template.spec.containers[0].env ??= []).push({ name: `A${i}`, value: `${i}` });
          scaled(d);
        });
      else if (n < 0.4)
        e.retry('deployments', name, (d) => {
          (d.metadata.annotations ??= {})['deprecated.deployment.rollback.to'] = '0';
        });
      else if (n < 0.6) e.retry('deployments', name, scaled);
      else if (n < 0.8)
        e.retry('deployments', name, (d) => {
          d.spec.paused = !d.spec.paused;
          scaled(d);
        });
      else for (const pod of e.list('pods', 'name=httpd')) if (dice() < 0.5) e.ask('DELETE', e.at('pods', pod.metadata.name));
    }
    e.retry('deployments', name, (d) => {
      d.spec.paused = false;
    });
    deploymentComplete(e, name);
    e.until(() => conditionOf(e.get('deployments', name), 'Progressing').reason === 'NewReplicaSetAvailable');
    expect(e.get('deployments', name).metadata.annotations).not.toHaveProperty('deprecated.deployment.rollback.to');
    expect(oldReplicaSetsOf(e, e.get('deployments', name)).length).toBeLessThanOrEqual(2);
    e.remove('deployments', name, { propagationPolicy: 'Background' });
  });

  it('test Deployment ReplicaSet orphaning and adoption regarding controllerRef', () => {
    const e = examine();
    const d = e.create('deployments', newDeployment({ name: 'test-orphan-deployment', labels: { name: 'httpd' } }));
    deploymentComplete(e, 'test-orphan-deployment');
    const [rs, ...others] = e.list('replicasets', 'name=httpd');
    expect([others, controllerOf(rs).uid]).toEqual([[], d.metadata.uid]);
    e.remove('deployments', 'test-orphan-deployment', { orphanDependents: true, preconditions: { uid: d.metadata.uid } });
    e.until(() => controllerOf(e.get('replicasets', rs.metadata.name)) === undefined);
    e.until(() => e.isGone('deployments', 'test-orphan-deployment'));
    const second = e.create('deployments', newDeployment({ name: 'test-adopt-deployment', labels: { name: 'httpd' } }));
    deploymentComplete(e, 'test-adopt-deployment');
    expect(e.list('replicasets', 'name=httpd').map((o) => [o.metadata.uid, controllerOf(o).uid])).toEqual([
      [rs.metadata.uid, second.metadata.uid],
    ]);
  });

  it('Deployment should have a working scale subresource', () => {
    const e = examine();
    const name = 'test-new-deployment';
    e.create('deployments', newDeployment({ name, labels: { name: 'httpd' } }));
    revisionAndImage(e, name, '1', NGINX);
    deploymentComplete(e, name);
    const scale = e.get('deployments', `${name}/scale`);
    expect([scale.kind, scale.apiVersion, scale.spec.replicas, scale.status.replicas]).toEqual(['Scale', 'autoscaling/v1', 1, 1]);
    scale.metadata.resourceVersion = '';
    scale.spec.replicas = 2;
    expect(e.update('deployments', scale, 'scale').spec.replicas).toBe(2);
    expect(e.get('deployments', name).spec.replicas).toBe(2);
    e.patch('deployments', `${name}/scale`, { spec: { replicas: 4 } });
    expect(e.get('deployments', name).spec.replicas).toBe(4);
  });

  it('deployment should support proportional scaling', () => {
    const e = examine();
    const name = 'webserver-deployment';
    e.create(
      'deployments',
      newDeployment(
        { name, labels: { name: 'httpd' }, replicas: 10 },
        { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } },
      ),
    );
    podsRunning(e, 'httpd', 10);
    deploymentComplete(e, name);
    const first = newReplicaSetOf(e, e.get('deployments', name)).metadata.name;
    e.retry('deployments', name, (d) => {
      d.spec.template.spec.containers[0].image = 'webserver:404';
    });
    e.until(() => {
      const rs = e.get('replicasets', first);
      return rs.status.availableReplicas === 8 && rs.spec.replicas === 8 && rs.status.replicas === 8;
    });
    const second = newReplicaSetOf(e, e.get('deployments', name)).metadata.name;
    expect(e.get('replicasets', second).status.availableReplicas ?? 0).toBe(0);
    e.until(() => {
      const rs = e.get('replicasets', second);
      return rs.spec.replicas === 5 && rs.status.replicas === 5;
    });
    expect(e.get('deployments', name).status.availableReplicas).toBeGreaterThanOrEqual(8);
    e.retry('deployments', name, (d) => {
      d.spec.replicas = 30;
    });
    e.until(() => e.get('replicasets', first).spec.replicas === 20 && e.get('replicasets', second).spec.replicas === 13);
    e.remove('deployments', name, { propagationPolicy: 'Foreground' });
    e.until(() => e.isGone('deployments', name));
  });

  it('should run the lifecycle of a Deployment', () => {
    const e = examine();
    const name = 'test-deployment';
    const flat = 'test-deployment-static%3Dtrue';
    const { metadata } = e.ask('GET', `/apis/apps/v1/deployments?labelSelector=${flat}`).body;
    const watch = e.watch(`${e.at('deployments')}?labelSelector=${flat}&resourceVersion=${metadata.resourceVersion}`);
    const see = (type: string, isIt?: (d: Any) => unknown): unknown => e.until(found(watch.events, type, isIt));
    const d = newDeployment({ name, labels: { 'test-deployment-static': 'true' }, replicas: 2, container: name, image: AGNHOST });
    d.spec.template.spec.terminationGracePeriodSeconds = 1;
    e.create('deployments', d);
    see('ADDED', (o) => o.metadata.name === name);
    see('MODIFIED', (o) => o.status.readyReplicas === 2);
    e.patch('deployments', name, {
      metadata: { labels: { 'test-deployment': 'patched' } },
      spec: { replicas: 1, template: { spec: { terminationGracePeriodSeconds: 2, containers: [{ name, image: PAUSE }] } } },
    });
    see(
      'MODIFIED',
      (o) =>
        o.status.readyReplicas === 1 &&
        o.status.updatedReplicas === 1 &&
        (o.status.unavailableReplicas ?? 0) === 0 &&
        o.spec.template.spec.containers[0].image === PAUSE &&
        o.spec.template.spec.terminationGracePeriodSeconds === 2,
    );
    expect(
      e.ask('GET', `/apis/apps/v1/deployments?labelSelector=${flat}`).body.items.map((o: Any) => [o.metadata.name, o.metadata.namespace]),
    ).toEqual([[name, e.ns]]);
    d.metadata.labels['test-deployment'] = 'updated';
    d.spec.template.spec.containers[0].image = HTTPD;
    e.update('deployments', d);
    const is = (): void =>
      expect(e.get('deployments', `${name}/status`)).toMatchObject({
        metadata: { labels: { 'test-deployment': 'updated' } },
        spec: { template: { spec: { containers: [{ image: HTTPD }] } } },
      });
    is();
    see(
      'MODIFIED',
      (o) =>
        o.status.readyReplicas === 2 &&
        o.status.updatedReplicas === 2 &&
        (o.status.unavailableReplicas ?? 0) === 0 &&
        o.spec.template.spec.containers[0].image === HTTPD,
    );
    const before = watch.events.length;
    e.patch(
      'deployments',
      `${name}/status`,
      { metadata: { labels: { 'test-deployment': 'patched-status' } }, status: { readyReplicas: 0, availableReplicas: 0 } },
      STRATEGIC,
    );
    is();
    e.until(() =>
      watch.events
        .slice(before + 1)
        .some((event) => event.object.status.readyReplicas === 2 && event.object.status.availableReplicas === 2),
    );
    expect(e.ask('DELETE', `${e.at('deployments')}?labelSelector=${flat}`, { gracePeriodSeconds: 1 }).status).toBe(200);
    see('DELETED');
    watch.stop();
  });

  it('should validate Deployment Status endpoints', () => {
    const e = examine();
    const name = 'test-deployment-status';
    const { metadata } = e.ask('GET', '/apis/apps/v1/deployments?labelSelector=e2e%3Dtesting').body;
    const watch = e.watch(`${e.at('deployments')}?labelSelector=e2e%3Dtesting&resourceVersion=${metadata.resourceVersion}`);
    e.create('deployments', newDeployment({ name, labels: { name: 'httpd', e2e: 'testing' } }));
    revisionAndImage(e, name, '1', NGINX);
    deploymentComplete(e, name);
    expect(e.get('deployments', `${name}/status`)).toMatchObject({ kind: 'Deployment', metadata: { name }, status: { replicas: 1 } });
    const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    expect(
      conditionOf(
        e.retry(
          'deployments',
          name,
          (d) => {
            d.status.conditions.push(own);
          },
          'status',
        ),
        'StatusUpdate',
      ),
    ).toMatchObject(own);
    e.until(found(watch.events, 'MODIFIED', (d) => conditionOf(d, 'StatusUpdate')?.message === own.message));
    expect(
      e.patch('deployments', `${name}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } }, MERGE).status
        .conditions,
    ).toMatchObject([{ type: 'StatusPatched' }]);
    e.until(found(watch.events, 'MODIFIED', (d) => conditionOf(d, 'StatusPatched')));
    watch.stop();
  });
});
