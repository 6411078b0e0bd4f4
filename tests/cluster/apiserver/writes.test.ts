/** Creating, updating, patching and deleting, as clients rely on it. Sources: kubernetes/kubernetes test/e2e/apimachinery/generated_clientset.go, staging/src/k8s.io/apiserver pkg/endpoints/apiserver_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, MERGE } from './ask.ts';
import { deployment, DEPLOYMENTS, map, MAPS, pod, PODS } from './rest-objects.ts';

const cluster = openCluster({ topology: { workers: 1 } });
const ask = askOf(cluster);

describe('writes', () => {
  it('warn of unknown fields and drop them', () => {
    const answer = ask('POST', MAPS, { ...map('warned'), foo: 1 });
    expect([answer.status, answer.headers.warning]).toEqual([201, '299 - "unknown field \\"foo\\""']);
    expect('foo' in answer.body).toBe(false);
  });

  it('in a dry run leave nothing behind', () => {
    expect(ask('POST', `${MAPS}?dryRun=All`, map('dry')).status).toBe(201);
    expect(ask('GET', `${MAPS}/dry`).status).toBe(404);
    ask('POST', MAPS, map('kept'));
    expect(ask('DELETE', `${MAPS}/kept?dryRun=All`).status).toBe(200);
    expect(ask('GET', `${MAPS}/kept`).status).toBe(200);
  });

  it('take the body as text and the content type with parameters', () => {
    expect(ask('POST', MAPS, JSON.stringify(map('text')), { 'Content-Type': 'application/json; charset=utf-8' }).status).toBe(201);
    expect(
      ask('POST', MAPS, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\n', { 'content-type': 'application/yaml' }).status,
    ).toBe(201);
    expect(
      ask('PATCH', `${MAPS}/text`, { data: { c: 'd' } }, { 'Content-Type': 'application/merge-patch+json; charset=utf-8' }).status,
    ).toBe(200);
  });

  it('conflict when the object has changed, and change nothing when nothing is new', () => {
    const first = ask('POST', MAPS, map('seen')).body;
    const second = ask('PATCH', `${MAPS}/seen`, { data: { c: 'd' } }, MERGE).body;
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    expect(ask('PUT', `${MAPS}/seen`, first).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      details: { name: 'seen', kind: 'configmaps' },
    });
    expect(ask('PATCH', `${MAPS}/seen`, { data: { c: 'd' } }, MERGE).body.metadata.resourceVersion).toBe(second.metadata.resourceVersion);
  });

  it('to status leave the spec alone, and writes of the spec the status', () => {
    ask('POST', DEPLOYMENTS, deployment('d'));
    cluster.settle();
    const there = ask('GET', `${DEPLOYMENTS}/d`).body;
    const { body } = ask('PUT', `${DEPLOYMENTS}/d/status`, {
      ...there,
      spec: { ...there.spec, replicas: 5 },
      status: { ...there.status, replicas: 7 },
    });
    expect([body.spec.replicas, body.status.replicas, body.metadata.generation]).toEqual([0, 7, 1]);
    const scaled = ask('PUT', `${DEPLOYMENTS}/d/scale`, {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'd', namespace: 'default' },
      spec: { replicas: 2 },
    });
    expect(scaled.body).toMatchObject({ kind: 'Scale', spec: { replicas: 2 }, status: { selector: 'a=b' } });
    expect(ask('GET', `${DEPLOYMENTS}/d`).body.metadata.generation).toBe(2);
  });

  it('are about the object of the path as it is now', () => {
    ask('POST', DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'e' },
      spec: { replicas: 0, selector: { matchLabels: { e: 'e' } }, template: { metadata: { labels: { e: 'e' } }, spec: pod('x').spec } },
    });
    const there = ask('GET', `${DEPLOYMENTS}/e`).body;
    const scale = (metadata: object) =>
      ask('PUT', `${DEPLOYMENTS}/e/scale`, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 0 } }).body.message;
    const put = (metadata: object) => ask('PUT', `${DEPLOYMENTS}/e`, { ...there, metadata }).body.message;
    const stale =
      'Operation cannot be fulfilled on deployments.apps "e": the object has been modified; please apply your changes to the latest version and try again';
    expect([
      scale({ name: 'other' }),
      scale({ name: 'e', resourceVersion: '1' }),
      put({ name: 'e', resourceVersion: '1' }),
      put({}),
    ]).toEqual([
      'the name of the object (other) does not match the name on the URL (e)',
      stale,
      stale,
      'the name of the object (e based on URL) was undeterminable: name must be provided',
    ]);
    expect(ask('DELETE', '/api/v1/namespaces').status).toBe(405);
  });

  it('of a status that cannot be are refused', () => {
    const there = ask('GET', `${DEPLOYMENTS}/e`).body;
    const status = (s: object) => ask('PUT', `${DEPLOYMENTS}/e/status`, { ...there, status: s }).body.message;
    expect([status({ unavailableReplicas: -1 }), status({ replicas: 1, readyReplicas: 2 })]).toEqual([
      'Deployment.apps "e" is invalid: status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0',
      'Deployment.apps "e" is invalid: status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
    expect(
      ask('PUT', '/api/v1/namespaces/default/status', { metadata: { name: 'default' }, status: { phase: 'Terminating' } }).body.message,
    ).toBe(
      'Namespace "default" is invalid: status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    );
  });

  it('by patches that cannot be applied are refused', () => {
    const patch = (type: string, body: unknown) => {
      const a = ask('PATCH', `${DEPLOYMENTS}/e`, body, { 'content-type': `application/${type}+json` });
      return [a.status, a.body.message];
    };
    expect(
      patch('strategic-merge-patch', { spec: { template: { spec: { containers: [{ image: 'x', ports: [{ containerPort: 1 }] }] } } } }),
    ).toEqual([500, 'map: map[image:x ports:[map[containerPort:1]]] does not contain declared merge key: name']);
    expect(patch('merge-patch', 'garbage')).toEqual([
      400,
      'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}',
    ]);
  });

  it('delete with preconditions, and evict', () => {
    ask('POST', PODS, pod('doomed'));
    cluster.settle();
    expect(ask('DELETE', `${PODS}/doomed`, { preconditions: { uid: 'other' } }).status).toBe(409);
    expect(
      ask('POST', `${PODS}/doomed/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: 'doomed' },
        target: { kind: 'Node', name: 'cp-1' },
      }).body.message,
    ).toBe('Operation cannot be fulfilled on pods/binding "doomed": pod doomed is already assigned to node "worker-1"');
    expect(ask('POST', `${PODS}/doomed/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'doomed' } }).status).toBe(
      201,
    );
    expect(ask('GET', `${PODS}/doomed`).body.metadata.deletionTimestamp).toBeDefined();
  });

  it('in a namespace that ends are refused, and the namespace goes when it is empty', () => {
    ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } });
    cluster.settle();
    ask('POST', '/api/v1/namespaces/short/configmaps', { ...map('held'), metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    ask('DELETE', '/api/v1/namespaces/short');
    cluster.advance(10);
    expect(ask('POST', '/api/v1/namespaces/short/configmaps', map('x')).body).toMatchObject({
      code: 403,
      message: 'configmaps "x" is forbidden: unable to create new content in namespace short because it is being terminated',
    });
    ask('PATCH', '/api/v1/namespaces/short/configmaps/held', { metadata: { finalizers: null } }, MERGE);
    cluster.advance(10);
    expect(ask('GET', '/api/v1/namespaces/short').status).toBe(404);
  });
});
