/**
 * The REST semantics that clients rely on. Sources: kubernetes/kubernetes test/e2e/apimachinery/{chunking,table_conversion,watch,generated_clientset}.go, staging/src/k8s.io/apiserver
 * pkg/endpoints/apiserver_test.go, apimachinery pkg/apis/meta/{v1,internalversion}/validation/validation_test.go, pkg/api/errors/errors_test.go (v1.36).
 */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, MERGE, type Body } from './ask.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const PODS = '/api/v1/namespaces/default/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const cluster = openCluster({ topology: { workers: 1 } });
const ask = askOf(cluster);
const map = (name: string, labels?: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(labels ? { labels } : {}) },
  data: { a: 'b' },
});
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10.1' }] },
});
const service = (name: string, clusterIP?: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...(clusterIP ? { clusterIP } : {}) },
});

describe('refusals', () => {
  const cases: readonly (readonly [
    name: string,
    method: string,
    path: string,
    body: unknown,
    code: number,
    reason: string,
    message: string,
    headers?: Record<string, string>,
  ])[] = [
    [
      'a name that is taken',
      'POST',
      `${MAPS}`,
      map('kube-root-ca.crt'),
      409,
      'AlreadyExists',
      'configmaps "kube-root-ca.crt" already exists',
    ],
    ['nothing there', 'GET', `${PODS}/x`, undefined, 404, 'NotFound', 'pods "x" not found'],
    ['an unknown resource', 'GET', '/api/v1/foos', undefined, 404, 'NotFound', 'the server could not find the requested resource'],
    ['an unknown subresource', 'GET', `${PODS}/x/foo`, undefined, 404, 'NotFound', 'the server could not find the requested resource'],
    [
      'a method without a route',
      'PUT',
      PODS,
      {},
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [
      'reading a binding',
      'GET',
      `${PODS}/x/binding`,
      undefined,
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    ['a namespace that is not there', 'POST', '/api/v1/namespaces/none/pods', pod('x'), 404, 'NotFound', 'namespaces "none" not found'],
    [
      'another namespace in the body',
      'POST',
      PODS,
      { ...pod('x'), metadata: { name: 'x', namespace: 'y' } },
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another kind in the body',
      'POST',
      PODS,
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } },
      400,
      'BadRequest',
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    ],
    [
      'a wrong type',
      'POST',
      PODS,
      { ...pod('x'), spec: { containers: [{ name: 'c', image: 5 }] } },
      400,
      'BadRequest',
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      'an unknown field, strictly',
      'POST',
      `${MAPS}?fieldValidation=Strict`,
      { ...map('x'), foo: 1 },
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"',
    ],
    [
      'a resourceVersion on create',
      'POST',
      MAPS,
      { ...map('x'), metadata: { name: 'x', resourceVersion: '1' } },
      400,
      'BadRequest',
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'a dry run of another kind',
      'POST',
      `${MAPS}?dryRun=foo`,
      map('x'),
      422,
      'Invalid',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["foo"]: supported values: "All"',
    ],
    [
      'a field nobody selects by',
      'GET',
      `${PODS}?fieldSelector=spec.foo%3Da`,
      undefined,
      400,
      'BadRequest',
      'field label not supported: spec.foo',
    ],
    [
      'a field of a kind without any',
      'GET',
      `${DEPLOYMENTS}?fieldSelector=spec.foo%3Da`,
      undefined,
      400,
      'BadRequest',
      '"spec.foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      'a label selector that is none',
      'GET',
      `${PODS}?labelSelector=a%3D%3D%3D`,
      undefined,
      400,
      'BadRequest',
      "unable to parse requirement: found '=', expected: identifier",
    ],
    [
      'a match without a version',
      'GET',
      `${PODS}?resourceVersionMatch=Exact`,
      undefined,
      422,
      'Invalid',
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      'a version of the future',
      'GET',
      `${PODS}?resourceVersion=99999999`,
      undefined,
      504,
      'Timeout',
      'Timeout: Too large resource version: 99999999, current: ',
    ],
    ['a token that is none', 'GET', `${PODS}?limit=1&continue=x`, undefined, 400, 'BadRequest', 'continue key is not valid: '],
    [
      'a patch of no kind',
      'PATCH',
      `${MAPS}/kube-root-ca.crt`,
      {},
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format',
      { 'Content-Type': 'application/json' },
    ],
    [
      'a body of no kind',
      'POST',
      MAPS,
      map('x'),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format',
      { 'content-type': 'text/plain' },
    ],
    [
      'an answer of no kind',
      'GET',
      PODS,
      undefined,
      406,
      'NotAcceptable',
      'only the following media types are accepted: application/json',
      { accept: 'text/html' },
    ],
    [
      'another policy',
      'DELETE',
      `${PODS}/x`,
      { propagationPolicy: 'Never' },
      422,
      'Invalid',
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Never"',
    ],
    [
      'all namespaces emptied at once',
      'DELETE',
      '/api/v1/pods',
      undefined,
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [
      'a new object in no namespace',
      'POST',
      '/api/v1/configmaps',
      map('x'),
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [
      'one object in no namespace',
      'GET',
      '/api/v1/configmaps/kube-root-ca.crt',
      undefined,
      404,
      'NotFound',
      'the server could not find the requested resource',
    ],
    [
      'a watch that is no GET',
      'POST',
      '/api/v1/watch/namespaces/default/pods',
      undefined,
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [
      'a secret that is no base64',
      'POST',
      '/api/v1/namespaces/default/secrets',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: { a: 'b' } },
      400,
      'BadRequest',
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
    ],
    [
      'binary data that is no base64',
      'POST',
      MAPS,
      { ...map('x'), binaryData: { b: 'zz!' } },
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 2',
    ],
    [
      'the address of the service network',
      'POST',
      '/api/v1/namespaces/default/services',
      service('x', '10.254.0.0'),
      422,
      'Invalid',
      'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.254.0.0"]: failed to allocate IP 10.254.0.0: the provided network does not match the current range',
    ],
    [
      'its broadcast address',
      'POST',
      '/api/v1/namespaces/default/services',
      service('x', '10.254.0.255'),
      422,
      'Invalid',
      'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.254.0.255"]: failed to allocate IP 10.254.0.255: the provided network does not match the current range',
    ],
    [
      'an operator that is none',
      'GET',
      `${PODS}?labelSelector=a%20foo%20(b)`,
      undefined,
      400,
      'BadRequest',
      "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt",
    ],
    [
      'the default namespace deleted',
      'DELETE',
      '/api/v1/namespaces/default',
      undefined,
      403,
      'Forbidden',
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ],
  ];
  for (const [name, method, path, body, code, reason, message, headers] of cases)
    it(name, () => {
      const answer = ask(method, path, body, headers);
      expect([answer.status, answer.body.kind, answer.body.reason]).toEqual([code, 'Status', reason]);
      expect(answer.body.message?.slice(0, message.length)).toBe(message);
    });

  it('follow who asks', () => {
    expect(ask('GET', PODS, undefined, undefined, { user: 'bob' }).body.message).toBe(
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    expect(ask('GET', '/version', undefined, undefined, { user: 'system:anonymous' }).status).toBe(200);
    expect(ask('GET', '/apis', undefined, undefined, { user: 'system:anonymous' }).body.message).toBe(
      'forbidden: User "system:anonymous" cannot get path "/apis"',
    );
    expect(ask('GET', PODS, undefined, undefined, { user: 'x', groups: ['system:masters'] }).status).toBe(200);
  });
});

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
    ask('POST', DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: pod('x').spec } },
    });
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

describe('lists and watches', () => {
  it('come in pages that show one moment', () => {
    for (const n of [1, 2, 3, 4]) ask('POST', MAPS, map(`page-${n}`, { set: 'pages' }));
    const list = `${MAPS}?limit=2&labelSelector=set%3Dpages`;
    const first = ask('GET', list).body;
    ask('DELETE', `${MAPS}/page-3`);
    ask('POST', MAPS, map('page-5', { set: 'pages' }));
    const second = ask('GET', `${list}&continue=${encodeURIComponent(first.metadata.continue ?? '')}`).body;
    expect([...first.items, ...second.items].map((o) => o.metadata.name)).toEqual(['page-1', 'page-2', 'page-3', 'page-4']);
    expect([second.metadata.continue, second.metadata.resourceVersion, first.metadata.remainingItemCount]).toEqual([
      undefined,
      first.metadata.resourceVersion,
      undefined,
    ]);
    expect(ask('GET', `${MAPS}?limit=2`).body.metadata.remainingItemCount).toBeGreaterThan(0);
    expect(
      ask(
        'GET',
        `${MAPS}?labelSelector=set%3Dpages&resourceVersionMatch=Exact&resourceVersion=${first.metadata.resourceVersion}`,
      ).body.items.map((o) => o.metadata.name),
    ).toEqual(['page-1', 'page-2', 'page-3', 'page-4']);
  });

  it('wait for a revision that is to come: lists for 3 s, watches as long as it takes', () => {
    const now = Number(ask('GET', MAPS).body.metadata.resourceVersion);
    const [path, heard] = [`${MAPS}?labelSelector=to-come&resourceVersion=`, [] as string[]];
    const before = cluster.now;
    expect(ask('GET', `${path}${now + 900}`)).toMatchObject({
      status: 504,
      body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 } },
    });
    expect(cluster.now - before).toBeGreaterThan(3);
    const from = Number(ask('GET', MAPS).body.metadata.resourceVersion) + 2;
    const watch = cluster.watch(`${path}${from}`, (e) => heard.push(`${e.type} ${(e.object as Body).metadata.name}`));
    const made = ['to-come-1', 'to-come-2', 'to-come-3'].map((name) => ask('POST', MAPS, map(name, { 'to-come': '' })).body.metadata);
    cluster.advance(1);
    watch.stop();
    const later = made.filter((m) => Number(m.resourceVersion) > from);
    expect(later.length).toBeLessThan(made.length);
    expect(heard).toEqual(later.map((m) => `ADDED ${m.name}`));
  });

  it('say what etcd knows, unless any version will do', () => {
    cluster.fault({ do: 'pause', what: 'cp-1/etcd' });
    expect(ask('GET', `${MAPS}?resourceVersion=0`).status).toBe(200);
    expect(ask('GET', MAPS)).toMatchObject({ status: 500, body: { message: 'Internal error occurred: etcdserver: request timed out' } });
    cluster.fault({ do: 'resume', what: 'cp-1/etcd' });
    cluster.advance(60);
    expect(ask('GET', MAPS).status).toBe(200);
  });

  it('may be of Services by type and address', () => {
    const names = (selector: string) =>
      ask('GET', `/api/v1/services?fieldSelector=${encodeURIComponent(selector)}`).body.items.map((o) => o.metadata.name);
    expect([names('spec.clusterIP=10.254.0.10'), names('spec.type=ClusterIP'), names('spec.type!=ClusterIP')]).toEqual([
      ['kube-dns'],
      ['kubernetes', 'kube-dns'],
      [],
    ]);
  });

  it('may be asked for by the older paths', () => {
    const heard: string[][] = [[], []];
    const watches = [
      '/api/v1/watch/namespaces/default/configmaps?labelSelector=older',
      '/api/v1/watch/namespaces/default/configmaps/older-1',
    ].map((path, n) => cluster.watch(path, (e) => heard[n].push(`${e.type} ${(e.object as Body).metadata.name}`)));
    for (const name of ['older-1', 'older-2']) ask('POST', MAPS, map(name, { older: '' }));
    cluster.advance(1);
    for (const watch of watches) watch.stop();
    expect(heard).toEqual([['ADDED older-1', 'ADDED older-2'], ['ADDED older-1']]);
    expect(ask('GET', `${MAPS}/older-1?watch=1`).body).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'older-1' } });
  });

  it('tell who enters and leaves a selection, and how far they have come', () => {
    const { resourceVersion } = ask('GET', MAPS).body.metadata;
    const heard: string[] = [];
    const watch = cluster.watch(`${MAPS}?labelSelector=in%3D1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`, (e) =>
      heard.push(`${e.type} ${(e.object as Body).metadata.name ?? ''}`.trim()),
    );
    ask('POST', MAPS, map('moves'));
    ask('PATCH', `${MAPS}/moves`, { metadata: { labels: { in: '1' } } }, MERGE);
    ask('PATCH', `${MAPS}/moves`, { data: { x: 'y' } }, MERGE);
    ask('PATCH', `${MAPS}/moves`, { metadata: { labels: { in: null } } }, MERGE);
    cluster.advance(61);
    watch.stop();
    expect(heard).toEqual(['ADDED moves', 'MODIFIED moves', 'DELETED moves', 'BOOKMARK']);
  });

  it('end where etcd has forgotten: 410', () => {
    const list = ask('GET', `${MAPS}?limit=1`).body;
    cluster.advance(620);
    const heard: { type: string; object: unknown }[] = [];
    cluster.watch(`${MAPS}?resourceVersion=${list.metadata.resourceVersion}`, (e) => heard.push(e));
    cluster.advance(1);
    expect(heard).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    const late = ask('GET', `${MAPS}?limit=1&continue=${encodeURIComponent(list.metadata.continue ?? '')}`);
    expect([late.status, late.body.reason, late.body.metadata.continue === undefined]).toEqual([410, 'Expired', false]);
  });

  it('say the same of events, which the apiserver keeps no copy of', () => {
    const EVENTS = '/api/v1/namespaces/quiet/events';
    ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'quiet' } });
    const event = (name: string, reason = 'Told') => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'quiet' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'quiet' },
      reason,
      type: 'Normal',
    });
    for (const name of ['a', 'b', 'c']) ask('POST', EVENTS, event(name));
    const first = ask('GET', `${EVENTS}?limit=2`).body;
    ask('DELETE', `${EVENTS}/c`);
    ask('POST', EVENTS, event('d', 'Other'));
    const second = ask('GET', `${EVENTS}?limit=2&continue=${encodeURIComponent(first.metadata.continue ?? '')}`).body;
    expect([...first.items, ...second.items].map((o) => o.metadata.name)).toEqual(['a', 'b', 'c']);
    const now = ask('GET', `${EVENTS}?fieldSelector=reason%3DTold`).body;
    expect(now.items.map((o) => o.metadata.name)).toEqual(['a', 'b']);
    const heard: string[][] = [[], []];
    const hear = (n: number) => (e: { type: string; object: unknown }) =>
      void heard[n].push(`${e.type} ${(e.object as Body).metadata.name ?? ''}`);
    const all = cluster.watch(`${EVENTS}?fieldSelector=reason%3DTold`, hear(0));
    const later = cluster.watch(`${EVENTS}?resourceVersion=${now.metadata.resourceVersion}`, hear(1));
    cluster.advance(1);
    ask('PATCH', `${EVENTS}/a`, { count: 2 }, MERGE);
    ask('PATCH', `${EVENTS}/b`, { reason: 'Other' }, MERGE);
    cluster.advance(1);
    all.stop();
    expect(ask('DELETE', EVENTS).body.items.map((o) => o.metadata.name)).toEqual(['a', 'b', 'd']);
    expect(ask('GET', EVENTS).body.items).toEqual([]);
    cluster.advance(1);
    later.stop();
    expect(heard).toEqual([
      ['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'],
      ['MODIFIED a', 'MODIFIED b', 'DELETED a', 'DELETED b', 'DELETED d'],
    ]);
    cluster.advance(620);
    const tooOld: { type: string; object: unknown }[] = [];
    cluster.watch(`${EVENTS}?resourceVersion=${now.metadata.resourceVersion}`, (e) => tooOld.push(e));
    cluster.advance(1);
    expect(tooOld).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    expect(ask('GET', `${EVENTS}?limit=2&continue=${encodeURIComponent(first.metadata.continue ?? '')}`)).toMatchObject({
      status: 410,
      body: { reason: 'Expired' },
    });
  });

  it('come as a Table, or as metadata alone', () => {
    const { body } = ask('GET', `${DEPLOYMENTS}/d`, undefined, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' });
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Ready' },
        { name: 'Up-to-date', type: 'integer' },
        { name: 'Available' },
        { name: 'Age' },
        { name: 'Containers', priority: 1 },
        {},
        {},
      ],
      rows: [{ object: { kind: 'PartialObjectMetadata', metadata: { name: 'd' } } }],
    });
    expect((body as unknown as { rows: { cells: unknown[] }[] }).rows[0].cells.slice(0, 3)).toEqual(['d', '2/2', 2]);
    const partial = ask('GET', `${DEPLOYMENTS}`, undefined, {
      accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    }).body;
    expect([partial.kind, Object.keys(partial.items[0]).sort((a, b) => (a < b ? -1 : 1))]).toEqual([
      'PartialObjectMetadataList',
      ['apiVersion', 'kind', 'metadata'],
    ]);
  });
});

/** Upstream: pkg/registry/generic/registry/store_test.go TestStoreDeleteCollection, TestStoreDeleteCollectionNotFound, TestStoreDeleteCollectionWithWatch. */
describe('deleting a collection', () => {
  const doomed = `${MAPS}?labelSelector=set%3Ddoomed`;
  const make = (n: number): readonly (string | undefined)[] =>
    Array.from({ length: n }, (_, i) => ask('POST', MAPS, map(`doomed-${i}`, { set: 'doomed' })).body.metadata.uid);

  it('deletes each at a revision of its own, and answers with what there was', () => {
    make(10);
    const { resourceVersion } = ask('GET', MAPS).body.metadata;
    const heard: [string, number][] = [];
    const watch = cluster.watch(`${doomed}&resourceVersion=${resourceVersion}`, ({ type, object }) =>
      heard.push([type, Number((object as Body).metadata.resourceVersion)]),
    );
    const { status, body } = ask('DELETE', doomed);
    expect([status, body.kind, body.items.map((o) => o.metadata.name)]).toEqual([
      200,
      'ConfigMapList',
      Array.from({ length: 10 }, (_, i) => `doomed-${i}`),
    ]);
    cluster.advance(1);
    watch.stop();
    expect(heard.map(([type]) => type)).toEqual(Array.from({ length: 10 }, () => 'DELETED'));
    expect(new Set(heard.map(([, version]) => version)).size).toBe(10);
    expect(ask('GET', doomed).body.items).toEqual([]);
    expect(ask('DELETE', doomed).body.items).toEqual([]);
  });
  it('ends at the first that is refused; what is gone is gone', () => {
    const [uid] = make(3);
    expect(ask('DELETE', doomed, { preconditions: { uid } })).toMatchObject({
      status: 409,
      body: { reason: 'Conflict', details: { name: 'doomed-1' } },
    });
    expect(ask('GET', doomed).body.items.map((o) => o.metadata.name)).toEqual(['doomed-1', 'doomed-2']);
    expect(ask('DELETE', `${doomed}&dryRun=All`).body.items).toHaveLength(2);
    expect(ask('GET', doomed).body.items).toHaveLength(2);
    expect(ask('DELETE', doomed).status).toBe(200);
  });
  it('reads from the store what is in no cache', () => {
    ask('POST', '/api/v1/namespaces/default/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', labels: { set: 'doomed' } },
      involvedObject: { namespace: 'default' },
    });
    const events = '/api/v1/namespaces/default/events?labelSelector=set%3Ddoomed';
    expect(ask('DELETE', events).body.items.map((o) => o.metadata.name)).toEqual(['e']);
    expect(ask('GET', events).body.items).toEqual([]);
  });
});
