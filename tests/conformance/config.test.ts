/** Upstream: test/e2e/common/node/{lease,configmap,secrets,downwardapi,expansion}.go, test/e2e/common/storage/{configmap,secrets,projected,downwardapi,empty_dir}_*.go, test/e2e/instrumentation/core_events.go, test/e2e/auth/service_accounts.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { AGNHOST, BUSYBOX, examine, podOf, type Any, type Examiner } from './examiner.ts';

const sh = (name: string, script: string, more: object = {}): object => ({ name, image: BUSYBOX, command: ['sh', '-c', script], ...more });
/** The log of a pod that has ended well. Upstream: TestContainerOutput. */
function output(e: Examiner, name: string, spec: object, metadata: object = {}): string {
  e.create('pods', podOf(name, { restartPolicy: 'Never', ...spec }, metadata));
  e.until(`${name} has ended`, () => ['Succeeded', 'Failed'].includes(e.get('pods', name).status.phase));
  expect(e.get('pods', name).status.phase).toBe('Succeeded');
  return String(e.ask('GET', `${e.at('pods', name)}/log`).body);
}
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const THREE = { 'data-1': 'value-1', 'data-2': 'value-2', 'data-3': 'value-3' };
const secret = (data: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(`${value}\n`)]));

describe('common/node/lease.go', () => {
  it('lease API should be available', () => {
    const e = examine();
    const spec = (holderIdentity: string, leaseDurationSeconds: number, second: string, leaseTransitions: number): object => ({ holderIdentity, leaseDurationSeconds, acquireTime: `0001-01-01T00:00:${second}.000000Z`, renewTime: `0001-01-01T00:01:${second}.000000Z`, leaseTransitions });
    const created = e.create('leases', { metadata: { name: 'lease' }, spec: spec('holder', 30, '02', 0) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder', 30, '02', 0));
    e.update('leases', { ...created, spec: spec('holder2', 30, '20', 1) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder2', 30, '20', 1));
    e.patch('leases', 'lease', { spec: spec('holder3', 60, '50', 2) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder3', 60, '50', 2));
    e.create('leases', { metadata: { name: 'lease2', labels: { deletecollection: 'true' } }, spec: spec('holder', 30, '02', 0) });
    expect(e.list('leases')).toHaveLength(2);
    expect(e.ask('DELETE', `${e.at('leases')}?labelSelector=deletecollection%3Dtrue`).status).toBe(200);
    expect(e.list('leases')).toHaveLength(1);
    e.remove('leases', 'lease');
    expect(e.isGone('leases', 'lease')).toBe(true);
    expect(e.ask('GET', '/apis/coordination.k8s.io/v1/leases').status).toBe(200);
  });
});

describe.each(['configmaps', 'secrets'] as const)('common/node/%s.go', (plural) => {
  const isMap = plural === 'configmaps';
  const make = (e: Examiner, name: string): Any => e.create(plural, { metadata: { name }, data: isMap ? THREE : secret(THREE) });
  const ref = (name: string): object => (isMap ? { configMapRef: { name } } : { secretRef: { name } });

  it('should be consumable via environment variable', () => {
    const e = examine();
    make(e, 'test');
    const valueFrom = isMap ? { configMapKeyRef: { name: 'test', key: 'data-1' } } : { secretKeyRef: { name: 'test', key: 'data-1' } };
    expect(lines(output(e, 'env', { containers: [sh('env-test', 'env', { env: [{ name: 'DATA_1', valueFrom }] })] }))).toContain('DATA_1=value-1');
  });
  it('should be consumable via the environment', () => {
    const e = examine();
    make(e, 'test');
    const said = lines(output(e, 'env', { containers: [sh('env-test', 'env', { envFrom: [ref('test'), { prefix: 'p-', ...ref('test') }] })] }));
    expect(said).toEqual(expect.arrayContaining(Object.entries(THREE).flatMap(([key, value]) => [`${key}=${value}`, `p-${key}=${value}`])));
  });
  it('should fail to create one with empty key', () => {
    const e = examine();
    expect(e.ask('POST', e.at(plural), { metadata: { name: 'empty' }, data: { '': btoa('value-1') } }).status).toBe(422);
  });
  it('should run through its lifecycle', () => {
    const e = examine();
    const value = (text: string): string => (isMap ? text : btoa(text));
    e.create(plural, { metadata: { name: 'test', labels: { static: e.ns } }, data: { key: value('value') } });
    e.patch(plural, 'test', { metadata: { labels: { patched: e.ns } }, data: { key: value('value1') } });
    expect(e.ask('GET', `/api/v1/${plural}?labelSelector=patched%3D${e.ns}`).body.items).toMatchObject([{ metadata: { name: 'test', namespace: e.ns, labels: { static: e.ns } }, data: { key: value('value1') } }]);
    e.ask('DELETE', `${e.at(plural)}?labelSelector=static%3D${e.ns}`);
    expect(e.list(plural, `static=${e.ns}`)).toEqual([]);
  });
  it('should be immutable if `immutable` field is set', () => {
    const e = examine();
    const object = make(e, 'immutable');
    const changed = (data: object): object => ({ ...object, metadata: { name: 'immutable' }, ...data });
    const put = (body: object): number => e.ask('PUT', e.at(plural, 'immutable'), body).status;
    expect(put(changed({ data: { key: btoa('one') } }))).toBe(200);
    expect(put(changed({ data: { key: btoa('one') }, immutable: true }))).toBe(200);
    expect([put(changed({ data: { key: btoa('two') }, immutable: true })), put(changed({ data: { key: btoa('one') } })), put(changed({ data: { key: btoa('one') }, immutable: true, metadata: { name: 'immutable', labels: { a: 'b' } } }))]).toEqual([422, 422, 200]);
    e.remove(plural, 'immutable');
  });
});

describe('common/storage/configmap_volume.go, secrets_volume.go, projected_*.go, downwardapi_volume.go, empty_dir.go', () => {
  const mount = { volumeMounts: [{ name: 'v', mountPath: '/etc/v' }] };
  it.each([
    ['configMap', { configMap: { name: 'test' } }], ['secret', { secret: { secretName: 'test' } }],
    ['projected configMap', { projected: { sources: [{ configMap: { name: 'test' } }] } }], ['projected secret', { projected: { sources: [{ secret: { name: 'test' } }] } }],
  ])('should be consumable from pods in volume: %s', (_, source) => {
    const e = examine();
    e.create('configmaps', { metadata: { name: 'test' }, data: THREE });
    e.create('secrets', { metadata: { name: 'test' }, data: secret(THREE) });
    expect(output(e, 'reads', { volumes: [{ name: 'v', ...source }], containers: [sh('c', 'cat /etc/v/data-1; echo; ls /etc/v', mount)] }).split(/\s+/).filter(Boolean)).toEqual(['value-1', ...Object.keys(THREE)]);
  });
  it('should be consumable from pods in volume with mappings', () => {
    const e = examine();
    e.create('configmaps', { metadata: { name: 'test' }, data: THREE });
    expect(output(e, 'reads', { volumes: [{ name: 'v', configMap: { name: 'test', items: [{ key: 'data-2', path: 'path/to/data-2' }] } }], containers: [sh('c', 'cat /etc/v/path/to/data-2', mount)] }).trim()).toBe('value-2');
  });
  it('updates should be reflected in volume, and optional updates', () => {
    const e = examine();
    e.create('configmaps', { metadata: { name: 'upd' }, data: { 'data-1': 'value-1' } });
    e.create('pods', podOf('follows', { volumes: [{ name: 'v', configMap: { name: 'upd' } }, { name: 'w', configMap: { name: 'later', optional: true } }], containers: [sh('c', 'while true; do cat /etc/v/data-1 /etc/w/data-1; echo; sleep 5; done', { volumeMounts: [{ name: 'v', mountPath: '/etc/v' }, { name: 'w', mountPath: '/etc/w' }] })] }));
    const log = (): string => String(e.ask('GET', `${e.at('pods', 'follows')}/log`).body);
    e.until('the first', () => log().includes('value-1'));
    e.patch('configmaps', 'upd', { data: { 'data-1': 'value-2' } });
    e.create('configmaps', { metadata: { name: 'later' }, data: { 'data-1': 'value-3' } });
    e.until('the next', () => log().includes('value-2') && log().includes('value-3'));
    e.remove('pods', 'follows', { gracePeriodSeconds: 0 });
  });
  it('should project all components that make up the projection API', () => {
    const e = examine();
    e.create('configmaps', { metadata: { name: 'all' }, data: { 'configmap-data': 'configmap-value-1' } });
    e.create('secrets', { metadata: { name: 'all' }, data: { 'secret-data': btoa('secret-value-1') } });
    const sources = [{ downwardAPI: { items: [{ path: 'podname', fieldRef: { fieldPath: 'metadata.name' } }] } }, { secret: { name: 'all', items: [{ key: 'secret-data', path: 'secret-data' }] } }, { configMap: { name: 'all', items: [{ key: 'configmap-data', path: 'configmap-data' }] } }];
    expect(output(e, 'projected', { volumes: [{ name: 'v', projected: { sources } }], containers: [sh('c', 'cat /etc/v/podname; echo; cat /etc/v/secret-data; echo; cat /etc/v/configmap-data', mount)] }).split('\n')).toEqual(expect.arrayContaining(['projected', 'secret-value-1', 'configmap-value-1']));
  });
  it('should provide container’s limits, requests and the node’s allocatable as defaults, and follow labels and annotations', () => {
    const e = examine();
    const items = [{ path: 'cpu_limit', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } }, { path: 'memory_request', resourceFieldRef: { containerName: 'c', resource: 'requests.memory', divisor: '1Mi' } }, { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }];
    const log = (name: string): string => String(e.ask('GET', `${e.at('pods', name)}/log`).body);
    e.create('pods', podOf('told', { volumes: [{ name: 'v', downwardAPI: { items } }], containers: [sh('c', 'while true; do cat /etc/v/labels; echo; cat /etc/v/cpu_limit; echo; cat /etc/v/memory_request; echo; sleep 5; done', { ...mount, resources: { limits: { cpu: '1250m', memory: '64Mi' }, requests: { memory: '32Mi' } } })] }, { labels: { key1: 'value1' } }));
    e.until('it is told', () => lines(log('told')).length >= 3);
    expect(lines(log('told')).slice(0, 3)).toEqual(['key1="value1"', '2', '32']);
    e.patch('pods', 'told', { metadata: { labels: { key3: 'value3' } } });
    e.until('the label', () => log('told').includes('key3="value3"'));
    e.remove('pods', 'told', { gracePeriodSeconds: 0 });
  });
  it('pod should support shared volumes between containers', () => {
    const e = examine();
    expect(output(e, 'shares', { volumes: [{ name: 'v', emptyDir: {} }], initContainers: [sh('writes', 'echo "Hello from the busy-box sub-container" > /etc/v/shareddata.txt', mount)], containers: [sh('reads', 'cat /etc/v/shareddata.txt', mount)] }).trim()).toBe('Hello from the busy-box sub-container');
  });
});

describe('common/node/downwardapi.go, expansion.go', () => {
  const field = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  it('should provide pod name, namespace, IP address, host IP and UID as env vars', () => {
    const e = examine();
    const said = lines(output(e, 'downward', { containers: [sh('dapi', 'env', { env: [field('POD_NAME', 'metadata.name'), field('POD_NAMESPACE', 'metadata.namespace'), field('POD_IP', 'status.podIP'), field('HOST_IP', 'status.hostIP'), field('POD_UID', 'metadata.uid'), field('NODE', 'spec.nodeName')] })] }));
    const { metadata, spec, status } = e.get('pods', 'downward');
    expect(said).toEqual(expect.arrayContaining(['POD_NAME=downward', `POD_NAMESPACE=${e.ns}`, `POD_IP=${status.podIP}`, `HOST_IP=${status.hostIP}`, `POD_UID=${metadata.uid}`, `NODE=${spec.nodeName}`]));
  });
  it("should provide container's limits.cpu/memory and requests.cpu/memory as env vars, and default ones from node allocatable", () => {
    const e = examine();
    const env = ['limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'].map((resource) => ({ name: resource.toUpperCase().replace('.', '_'), valueFrom: { resourceFieldRef: { resource } } }));
    expect(lines(output(e, 'sized', { containers: [sh('dapi', 'env', { env, resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } } })] }))).toEqual(expect.arrayContaining(['LIMITS_CPU=2', 'LIMITS_MEMORY=67108864', 'REQUESTS_CPU=1', 'REQUESTS_MEMORY=33554432']));
    const said = lines(output(e, 'unsized', { containers: [sh('dapi', 'env', { env: env.slice(0, 2) })] }));
    const { allocatable } = e.get('nodes', e.get('pods', 'unsized').spec.nodeName).status;
    expect(said).toEqual(expect.arrayContaining([`LIMITS_CPU=${allocatable.cpu}`, expect.stringMatching(/^LIMITS_MEMORY=[1-9]\d+$/) as string]));
  });
  it('should allow composing env vars into new env vars, and substituting values in a container’s command and args', () => {
    const e = examine();
    const env = [{ name: 'FOO', value: 'foo-value' }, { name: 'BAR', value: 'bar-value' }, { name: 'FOOBAR', value: '$(FOO);;$(BAR)' }];
    expect(lines(output(e, 'composes', { containers: [sh('dapi', 'env', { env })] }))).toEqual(expect.arrayContaining(['FOO=foo-value', 'BAR=bar-value', 'FOOBAR=foo-value;;bar-value']));
    const word = [{ name: 'TEST_VAR', value: 'test-value' }];
    expect(output(e, 'commands', { containers: [sh('dapi', 'TEST_VAR=wrong echo "$(TEST_VAR)"', { env: word })] }).trim()).toBe('test-value');
    expect(output(e, 'args', { containers: [{ name: 'dapi', image: BUSYBOX, command: ['sh', '-c'], args: ['TEST_VAR=wrong echo "$(TEST_VAR)"'], env: word }] }).trim()).toBe('test-value');
  });
  it('should allow substituting values in a volume subpath', () => {
    const e = examine();
    const spec = { volumes: [{ name: 'v', emptyDir: {} }], containers: [sh('dapi', 'test -d /testcontainer/expanded; echo $?', { env: [{ name: 'POD_NAME', value: 'expanded' }], volumeMounts: [{ name: 'v', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' }, { name: 'v', mountPath: '/testcontainer' }] })] };
    expect(output(e, 'subpath', spec).trim()).toBe('0');
  });
  it.each(['..', '/tmp'])('should fail substituting values in a volume subpath with backticks, or with absolute path: %s', (subPath) => {
    const e = examine();
    const status = e.ask('POST', e.at('pods'), podOf('fails', { volumes: [{ name: 'v', emptyDir: {} }], containers: [sh('dapi', 'true', { volumeMounts: [{ name: 'v', mountPath: '/logscontainer', subPathExpr: subPath }] })] })).status;
    expect(status).toBe(422);
  });
});

describe('instrumentation/core_events.go', () => {
  it('should manage the lifecycle of an event', () => {
    const e = examine();
    const listed = (): string[] => e.ask('GET', '/api/v1/events?labelSelector=testevent-constant%3Dtrue').body.items.map((one: Any) => one.metadata.name);
    e.create('events', { metadata: { name: 'event-test', labels: { 'testevent-constant': 'true' } }, message: 'This is a test event', reason: 'Test', type: 'Normal', count: 1, involvedObject: { namespace: e.ns } });
    expect(listed()).toEqual(['event-test']);
    e.patch('events', 'event-test', { message: 'This is a test event - patched' });
    expect(e.get('events', 'event-test').message).toBe('This is a test event - patched');
    e.retry('events', 'event-test', (one) => { one.series = { count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z' }; });
    expect(e.get('events', 'event-test').series).toEqual({ count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z' });
    e.remove('events', 'event-test');
    expect(listed()).toEqual([]);
  });
  it('should delete a collection of events', () => {
    const e = examine();
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3']) e.create('events', { metadata: { name, labels: { 'testevent-set': 'true' } }, message: name, reason: 'Test', type: 'Normal', count: 1, involvedObject: { namespace: e.ns } });
    expect(e.list('events', 'testevent-set=true')).toHaveLength(3);
    expect(e.ask('DELETE', `${e.at('events')}?labelSelector=testevent-set%3Dtrue`).status).toBe(200);
    expect(e.list('events', 'testevent-set=true')).toEqual([]);
  });
});

describe('auth/service_accounts.go', () => {
  const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount';
  it('no secret-based service account token should be auto-generated', () => { const e = examine(); e.cluster.advance(10); expect(e.get('serviceaccounts', 'default').secrets).toBeUndefined(); });
  it('should mount an API token into pods', () => {
    const e = examine();
    e.create('serviceaccounts', { metadata: { name: 'mount-test' } });
    e.create('pods', podOf('mounted', { serviceAccountName: 'mount-test', terminationGracePeriodSeconds: 0, restartPolicy: 'Never', containers: [{ name: 'test', image: BUSYBOX, command: ['sleep', '100000'] }] }));
    e.until('it runs', () => e.get('pods', 'mounted').status.phase === 'Running');
    const read = (file: string): string => e.cluster.kubectl(['exec', '-n', e.ns, 'mounted', '--', 'cat', `${TOKENS}/${file}`]).stdout;
    expect([read('ca.crt'), read('namespace').trimEnd()]).toEqual([e.get('configmaps', 'kube-root-ca.crt').data['ca.crt'], e.ns]);
    const [, claims] = read('token').trimEnd().split('.');
    expect(JSON.parse(atob(claims))).toMatchObject({ sub: `system:serviceaccount:${e.ns}:mount-test` });
  });
  it('should allow opting out of API token automount', () => {
    const e = examine();
    e.create('serviceaccounts', { metadata: { name: 'mount' }, automountServiceAccountToken: true });
    e.create('serviceaccounts', { metadata: { name: 'nomount' }, automountServiceAccountToken: false });
    const mounts = (account: string, automount: boolean | undefined): boolean => e.create('pods', { ...podOf('x', { restartPolicy: 'Never', serviceAccountName: account, ...(automount === undefined ? {} : { automountServiceAccountToken: automount }), containers: [{ name: 'token-test', image: AGNHOST }] }), metadata: { generateName: 'pod-' } }).spec.containers[0].volumeMounts?.some((m: Any) => m.mountPath === TOKENS) ?? false;
    for (const [automount, expected] of [[undefined, [true, true, false]], [true, [true, true, true]], [false, [false, false, false]]] as const) expect(['default', 'mount', 'nomount'].map((account) => mounts(account, automount)), String(automount)).toEqual(expected);
  });
  it('should run through the lifecycle of a ServiceAccount', () => {
    const e = examine();
    const { metadata } = e.create('serviceaccounts', { metadata: { name: 'testserviceaccount', labels: { static: e.ns } } });
    expect(e.get('serviceaccounts', 'testserviceaccount').metadata.uid).toBe(metadata.uid);
    const watch = e.watch(`${e.at('serviceaccounts')}?labelSelector=static%3D${e.ns}&timeoutSeconds=180`);
    e.patch('serviceaccounts', 'testserviceaccount', { automountServiceAccountToken: false });
    expect(e.ask('GET', `/api/v1/serviceaccounts?labelSelector=static%3D${e.ns}`).body.items).toMatchObject([{ metadata: { name: 'testserviceaccount', namespace: e.ns }, automountServiceAccountToken: false }]);
    expect(e.ask('DELETE', e.at('serviceaccounts')).status).toBe(200);
    e.cluster.advance(1);
    expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    watch.stop();
  });
  it('should guarantee kube-root-ca.crt exist in any namespace', () => {
    const e = examine();
    const ca = (): string | undefined => e.ask('GET', e.at('configmaps', 'kube-root-ca.crt')).body.data?.['ca.crt'];
    e.until('it is there', ca);
    e.remove('configmaps', 'kube-root-ca.crt', { gracePeriodSeconds: 0 });
    e.until('it is there again', ca);
    e.update('configmaps', { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': '' } });
    e.until('it is put right', ca);
  });
  it('should update a ServiceAccount', () => {
    const e = examine();
    expect(e.create('serviceaccounts', { metadata: { name: 'e2e-sa' }, automountServiceAccountToken: false }).automountServiceAccountToken).toBe(false);
    expect(e.retry('serviceaccounts', 'e2e-sa', (account) => { account.automountServiceAccountToken = true; }).automountServiceAccountToken).toBe(true);
  });
});
