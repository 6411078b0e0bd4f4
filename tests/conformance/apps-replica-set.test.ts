/** Upstream: test/e2e/apps/replica_set.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { newReplicaSet, podsRunning, ready } from './apps.ts';
import { AGNHOST, conditionOf, controllerOf, examine, MERGE, NGINX, PAUSE, podOf } from './examiner.ts';

const LABELS = { name: 'sample-pod', pod: 'httpd' };

describe('apps/replica_set.go', () => {
  it('should serve a basic image on each replica with a public image', () => {
    const e = examine();
    const rs = newReplicaSet({ name: 'my-hostname-basic', labels: { name: 'my-hostname-basic' }, container: 'c', image: AGNHOST });
    Object.assign(rs.spec.template.spec.containers[0], { args: ['serve-hostname'], ports: [{ containerPort: 9376 }] });
    e.create('replicasets', rs);
    podsRunning(e, 'my-hostname-basic', 1);
    const [pod] = ready(e, 'name=my-hostname-basic');
    expect(e.cluster.connect({ from: 'node/cp-1', to: `http://${pod.status.podIP}:9376/` })).toMatchObject({
      verdict: 'answered',
      status: 200,
      body: pod.metadata.name,
    });
  });

  it('should adopt matching pods on creation and release no longer matching pods', () => {
    const e = examine();
    const name = 'pod-adoption-release';
    e.create('pods', podOf(name, { containers: [{ name, image: NGINX }] }, { labels: { name } }));
    e.until(() => e.get('pods', name).status.phase === 'Running');
    const rs = e.create('replicasets', newReplicaSet({ name, labels: { name }, container: name }));
    e.until(() => controllerOf(e.get('pods', name))?.uid === rs.metadata.uid);
    e.retry('pods', name, (pod) => {
      pod.metadata.labels = { name: 'not-matching-name' };
    });
    e.until(() => controllerOf(e.get('pods', name)) === undefined);
  });

  it('Replicaset should have a working scale subresource', () => {
    const e = examine();
    e.create('replicasets', newReplicaSet({ name: 'test-rs', labels: LABELS }));
    podsRunning(e, 'sample-pod', 1);
    const scale = e.get('replicasets', 'test-rs/scale');
    expect([scale.spec.replicas, scale.status.replicas]).toEqual([1, 1]);
    scale.metadata.resourceVersion = '';
    scale.spec.replicas = 2;
    expect(e.update('replicasets', scale, 'scale').spec.replicas).toBe(2);
    expect(e.get('replicasets', 'test-rs').spec.replicas).toBe(2);
    e.patch('replicasets', 'test-rs/scale', { metadata: { creationTimestamp: null }, spec: { replicas: 4 }, status: { replicas: 0 } });
    expect(e.get('replicasets', 'test-rs').spec.replicas).toBe(4);
  });

  it('Replace and Patch tests', () => {
    const e = examine();
    const { metadata } = e.ask('GET', '/apis/apps/v1/replicasets?labelSelector=test-rs%3Dpatched').body;
    e.create('replicasets', newReplicaSet({ name: 'test-rs', labels: LABELS }));
    podsRunning(e, 'sample-pod', 1);
    e.retry('replicasets', 'test-rs', (rs) => {
      rs.spec.replicas = 2;
    });
    e.patch('replicasets', 'test-rs', {
      metadata: { labels: { 'test-rs': 'patched' } },
      spec: { replicas: 3, template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'test-rs', image: PAUSE }] } } },
    });
    const watch = e.watch(`${e.at('replicasets')}?labelSelector=test-rs%3Dpatched&resourceVersion=${metadata.resourceVersion}`);
    e.until(() =>
      watch.events.some(
        ({ object: rs }) =>
          rs.metadata.labels['test-rs'] === 'patched' &&
          rs.status.readyReplicas === 3 &&
          rs.status.availableReplicas === 3 &&
          rs.spec.template.spec.containers[0].image === PAUSE &&
          rs.spec.template.spec.terminationGracePeriodSeconds === 0,
      ),
    );
    watch.stop();
  });

  it('should list and delete a collection of ReplicaSets', () => {
    const e = examine();
    e.create('replicasets', newReplicaSet({ name: 'test-rs', labels: { ...LABELS, e2e: 'x7' }, replicas: 3 }));
    podsRunning(e, 'sample-pod', 3);
    const listed = (): unknown[] => e.ask('GET', '/apis/apps/v1/replicasets?labelSelector=e2e%3Dx7').body.items;
    expect(listed()).toHaveLength(1);
    expect(e.ask('DELETE', `${e.at('replicasets')}?labelSelector=e2e%3Dx7`, { gracePeriodSeconds: 1 }).status).toBe(200);
    expect(listed()).toHaveLength(0);
  });

  it('should validate Replicaset Status endpoints', () => {
    const e = examine();
    const selector = 'name%3Dsample-pod%2Cpod%3Dhttpd';
    const { metadata } = e.ask('GET', `/apis/apps/v1/replicasets?labelSelector=${selector}`).body;
    const watch = e.watch(`${e.at('replicasets')}?labelSelector=${selector}&resourceVersion=${metadata.resourceVersion}`);
    e.create('replicasets', newReplicaSet({ name: 'test-rs', labels: LABELS }));
    podsRunning(e, 'sample-pod', 1);
    expect(e.get('replicasets', 'test-rs/status')).toMatchObject({ kind: 'ReplicaSet', metadata: { name: 'test-rs' } });
    const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    e.retry(
      'replicasets',
      'test-rs',
      (rs) => {
        (rs.status.conditions ??= []).push(own);
      },
      'status',
    );
    e.until(() => watch.events.some((event) => conditionOf(event.object, 'StatusUpdate')?.message === own.message));
    e.patch('replicasets', 'test-rs/status', { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } }, MERGE);
    e.until(() => watch.events.some((event) => conditionOf(event.object, 'StatusPatched')));
    watch.stop();
  });
});
