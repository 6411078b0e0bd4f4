/**
 * What a PUT or PATCH may not do, and where it makes what is not there. Sources: staging/src/k8s.io/apimachinery pkg/api/validation/objectmeta_test.go,
 * staging/src/k8s.io/apiserver pkg/registry/generic/registry/store_test.go TestStoreUpdate, pkg/apis/core/validation/validation_test.go TestValidateNodeUpdate,
 * and AllowCreateOnUpdate in pkg/registry/{core,coordination}/<kind>/strategy.go (v1.36).
 */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, MERGE } from './ask.ts';

const CORE = '/api/v1/namespaces/default';
const cluster = openCluster({ topology: { workers: 1 } });
cluster.advance(40);
const ask = askOf(cluster);
const map = (name: string, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } });

describe('an object that is being deleted', () => {
  it('gets no new finalizers, and may lose those it has', () => {
    const path = `${CORE}/configmaps/going`;
    ask('POST', `${CORE}/configmaps`, map('going', { finalizers: ['x/one', 'x/two'] }));
    ask('DELETE', path);
    const why =
      'ConfigMap "going" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/four", "x/three"}';
    expect(ask('PATCH', path, { metadata: { finalizers: ['x/one', 'x/three', 'x/four'] } }, MERGE)).toMatchObject({
      status: 422,
      body: { message: why },
    });
    expect(ask('PUT', path, map('going', { finalizers: ['x/four', 'x/three'] })).body.message).toBe(why);
    expect(ask('PATCH', path, { metadata: { finalizers: ['x/two'] } }, MERGE).body.metadata.finalizers).toEqual(['x/two']);
  });
});

/** Sources: store.go Update, rest.BeforeUpdate, PrepareForUpdate of pkg/registry/{core/pod,core/node,apps/deployment}/strategy.go (v1.36). */
describe('a write to a status', () => {
  it('leaves of the metadata what was sent, and the labels of a Deployment and the owners of a Pod as they are', () => {
    ask('POST', '/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'kept', labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { x: 'y' } },
        template: { metadata: { labels: { x: 'y' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
      },
    });
    expect(
      ask('PUT', '/apis/apps/v1/namespaces/default/deployments/kept/status', { metadata: { name: 'kept' } }).body.metadata,
    ).toMatchObject({ labels: { a: 'b' } });
    ask('POST', `${CORE}/pods`, {
      metadata: { name: 'kept', labels: { a: 'b' } },
      spec: { nodeSelector: { none: 'none' }, containers: [{ name: 'c', image: 'nginx' }] },
    });
    const { metadata } = ask('PUT', `${CORE}/pods/kept/status`, {
      metadata: { name: 'kept', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'x' }], annotations: { e: 'f' } },
    }).body;
    expect(metadata).toEqual(expect.objectContaining({ annotations: { e: 'f' } }));
    expect(metadata).not.toHaveProperty('labels');
    expect(metadata).not.toHaveProperty('ownerReferences');
    expect(ask('PATCH', `${CORE}/pods/kept/status`, { metadata: { labels: { '-': 'b' } } }, MERGE).status).toBe(422);
  });
});

describe('a Node', () => {
  it.each<[string, object]>([
    ['its block', { podCIDR: '10.9.0.0/24' }],
    ['its blocks', { podCIDRs: ['10.9.0.0/24'], podCIDR: '10.9.0.0/24' }],
    ['none', { podCIDR: null, podCIDRs: null }],
  ])('does not change %s', (_, spec) => {
    expect(ask('PATCH', '/api/v1/nodes/worker-1', { spec }, MERGE)).toMatchObject({
      status: 422,
      body: {
        message: 'Node "worker-1" is invalid: spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      },
    });
  });
  it('keeps both when one is left out', () => {
    const { spec } = ask('GET', '/api/v1/nodes/worker-1').body;
    expect(ask('PATCH', '/api/v1/nodes/worker-1', { spec: { podCIDR: null } }, MERGE).body.spec).toEqual(spec);
  });
});

describe('the revision that is sent', () => {
  it('must be a number, and 0 counts as none', () => {
    const put = (resourceVersion: string) =>
      ask('PUT', `${CORE}/configmaps/kube-root-ca.crt`, map('kube-root-ca.crt', { resourceVersion }));
    expect(put('abc')).toMatchObject({ status: 500, body: { message: 'strconv.ParseUint: parsing "abc": invalid syntax' } });
    expect([put('0').status, put('1').status]).toEqual([200, 409]);
  });
});

/** Sources: staging/src/k8s.io/apiserver pkg/endpoints/handlers/patch.go, test/integration/apiserver/field_validation_test.go (v1.36). */
describe('a patch whose outcome is no such object', () => {
  const patch = (type: string, body: unknown, query = '') =>
    ask('PATCH', `${CORE}/configmaps/kube-root-ca.crt${query}`, body, { 'content-type': `application/${type}+json` });
  it.each<[string, unknown, string]>([
    ['strategic-merge-patch', { immutable: 'x' }, ' "" is invalid: patch: Invalid value: "map[immutable:x]": unrecognized type: bool'],
    ['strategic-merge-patch', { data: 'x' }, ' "" is invalid: patch: Invalid value: "map[data:x]": cannot restore map from string'],
    [
      'strategic-merge-patch',
      { binaryData: { a: 'b' } },
      ' "" is invalid: patch: Invalid value: "map[binaryData:map[a:b]]": illegal base64 data at input byte 0',
    ],
  ])('is refused: %s %j', (type, body, message) => expect(patch(type, body)).toMatchObject({ status: 422, body: { message } }));
  it('shows the outcome of the others', () => {
    for (const [type, body] of [
      ['merge-patch', { immutable: 'x' }],
      ['json-patch', [{ op: 'add', path: '/immutable', value: 'x' }]],
    ] as const)
      expect(patch(type, body)).toMatchObject({
        status: 422,
        body: {
          message: expect.stringMatching(
            /^ "" is invalid: patch: Invalid value: "\{.*\\"immutable\\":\\"x\\".*\}": json: cannot unmarshal string into Go struct field ConfigMap\.immutable of type bool$/,
          ) as string,
        },
      });
  });
  it('is so, too, by an unknown field, strictly', () =>
    expect(patch('strategic-merge-patch', { foo: 1 }, '?fieldValidation=Strict')).toMatchObject({
      status: 422,
      body: { message: ' "" is invalid: patch: Invalid value: "map[foo:1]": strict decoding error: unknown field "foo"' },
    }));
});

describe('a PUT of what is not there', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'put', resourceVersion: '7' }, spec: { ports: [{ port: 80 }] } };
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'put' }, spec: { holderIdentity: 'me' } };
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'put', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
  };

  it.each<[string, string, object]>([
    ['Service', `${CORE}/services`, service],
    ['Lease', '/apis/coordination.k8s.io/v1/namespaces/default/leases', lease],
    ['Event', `${CORE}/events`, event],
  ])('makes a %s, once', (_, folder, body) => {
    expect(ask('PUT', `${folder}/put?dryRun=All`, body).status).toBe(201);
    expect(ask('GET', `${folder}/put`).status).toBe(404);
    expect(ask('PUT', `${folder}/put`, { ...body, metadata: { ...(body as typeof lease).metadata, uid: 'other' } }).body.message).toMatch(
      /Precondition failed: UID in precondition: other, UID in object meta: $/,
    );
    const made = ask('PUT', `${folder}/put`, body);
    expect([made.status, made.body.metadata.uid.length]).toEqual([201, 36]);
    expect(ask('PUT', `${folder}/put`, { ...made.body }).status).toBe(200);
  });
  it('gives a Service its address', () => expect(ask('GET', `${CORE}/services/put`).body.spec.clusterIP).toMatch(/^10\.254\.0\./));
  it('is for those who may create', () => {
    const machine = { user: 'system:kube-proxy' };
    expect(ask('PUT', `${CORE}/services/other`, service, undefined, machine).status).toBe(403);
  });
  it('of another kind, by another name or by a patch finds nothing', () => {
    expect(ask('PUT', `${CORE}/configmaps/put`, map('put')).status).toBe(404);
    expect(ask('PUT', `${CORE}/services/another`, service).body.message).toBe(
      'the name of the object (put) does not match the name on the URL (another)',
    );
    expect(ask('PATCH', `${CORE}/services/another`, { metadata: { labels: { a: 'b' } } }, MERGE).status).toBe(404);
  });
});
