/** Upstream: test/e2e/network/{service,endpointslice,dns,networking}.go, test/e2e/common/network/networking.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { newDeployment } from './apps.ts';
import { AGNHOST, conditionOf, examine, isReady, MERGE, PAUSE, podOf, type Any, type Examiner } from './examiner.ts';

const server = (e: Examiner, name: string, labels: object, port = 80): void => { e.create('pods', podOf(name, { containers: [{ name: 'c', image: AGNHOST, args: ['netexec', `--http-port=${port}`], ports: [{ containerPort: port }] }] }, { labels })); e.until(`${name} is ready`, () => isReady(e.get('pods', name))); };
/** 'pod:port' of what its slices show, as upstream's validateEndpointsPortsOrFail asks. */
const endpoints = (e: Examiner, service: string): string => e.list('endpointslices', `kubernetes.io/service-name=${service}`).flatMap((slice) => (slice.endpoints ?? []).flatMap((one: Any) => (slice.ports ?? []).map((port: Any) => `${one.targetRef.name}:${port.port}`))).sort().join();
const shows = (e: Examiner, service: string, expected: string): void => e.until(`${service} shows ${expected}`, () => endpoints(e, service) === expected);
const answers = (e: Examiner, from: string, to: string): string | undefined => e.cluster.connect({ from, to }).servedBy;

describe('network/service.go', () => {
  it('should provide secure master service', () => {
    const { spec } = examine().ask('GET', '/api/v1/namespaces/default/services/kubernetes').body;
    expect(spec.ports).toMatchObject([{ name: 'https', port: 443 }]);
  });

  it('should serve a basic endpoint from pods', () => {
    const e = examine();
    e.create('services', { metadata: { name: 'test' }, spec: { selector: { testid: 'x' }, ports: [{ port: 80, targetPort: 80 }] } });
    shows(e, 'test', '');
    server(e, 'client', { client: 'yes' });
    server(e, 'pod1', { testid: 'x' });
    shows(e, 'test', 'pod1:80');
    e.until('pod1 serves', () => answers(e, `${e.ns}/client`, `http://test.${e.ns}/`) === `${e.ns}/pod1`);
    server(e, 'pod2', { testid: 'x' });
    shows(e, 'test', 'pod1:80,pod2:80');
    e.remove('pods', 'pod1', { gracePeriodSeconds: 0 });
    shows(e, 'test', 'pod2:80');
    e.until('pod2 serves', () => answers(e, `${e.ns}/client`, `http://test.${e.ns}/`) === `${e.ns}/pod2`);
    e.remove('pods', 'pod2', { gracePeriodSeconds: 0 });
    shows(e, 'test', '');
  });

  it('should serve multiport endpoints from pods', () => {
    const e = examine();
    e.create('services', { metadata: { name: 'multi' }, spec: { selector: { testid: 'm' }, ports: [{ name: 'portname1', port: 80, targetPort: 100 }, { name: 'portname2', port: 81, targetPort: 101 }] } });
    server(e, 'pod1', { testid: 'm' }, 100);
    shows(e, 'multi', 'pod1:100,pod1:101');
    e.remove('pods', 'pod1', { gracePeriodSeconds: 0 });
    shows(e, 'multi', '');
  });

  it('should be able to change the type from ExternalName to ClusterIP, from ClusterIP to ExternalName, and to NodePort', () => {
    const e = examine();
    server(e, 'pod1', { name: 'types' });
    e.create('services', { metadata: { name: 'types' }, spec: { type: 'ExternalName', externalName: 'example.com' } });
    const changed = (change: (spec: Any) => void): Any => e.retry('services', 'types', (service) => change(service.spec)).spec;
    const plain = changed((spec) => { spec.type = 'ClusterIP'; delete spec.externalName; spec.selector = { name: 'types' }; spec.ports = [{ port: 80, name: 'http', protocol: 'TCP' }]; });
    expect(plain.clusterIP).toMatch(/^10\.254\./);
    shows(e, 'types', 'pod1:80');
    const { ports: [{ nodePort }] } = changed((spec) => { spec.type = 'NodePort'; });
    expect(nodePort).toBeGreaterThanOrEqual(30000);
    const { address } = e.get('nodes', 'worker-1').status.addresses.find((a: Any) => a.type === 'InternalIP');
    e.until('it is reached by the node port', () => answers(e, 'node/cp-1', `http://${address}:${nodePort}/`) === `${e.ns}/pod1`);
    const external = changed((spec) => { spec.type = 'ExternalName'; spec.externalName = 'foo.example.com'; delete spec.clusterIP; delete spec.clusterIPs; for (const port of spec.ports) delete port.nodePort; });
    expect([external.clusterIP, external.ports[0].nodePort]).toEqual([undefined, undefined]);
  });

  it('should find a service from listing all namespaces', () => {
    expect(examine().ask('GET', '/api/v1/services').body.items.map((s: Any) => `${s.metadata.namespace}/${s.metadata.name}`)).toContain('default/kubernetes');
  });

  it('should complete a service status lifecycle', () => {
    const e = examine();
    const watch = e.watch(`${e.at('services')}?labelSelector=test-service-static%3Dtrue`);
    e.create('services', { metadata: { name: 'status', labels: { 'test-service-static': 'true' } }, spec: { type: 'LoadBalancer', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] } });
    expect(e.get('services', 'status/status').status).toEqual({ loadBalancer: {} });
    expect(e.patch('services', 'status/status', { metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } }, MERGE).status.loadBalancer.ingress[0].ip).toBe('203.0.113.1');
    const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test', lastTransitionTime: '2026-01-01T00:00:00Z' };
    expect(conditionOf(e.retry('services', 'status', (service) => { service.status.conditions = [own]; }, 'status'), 'StatusUpdate')).toEqual(own);
    expect(e.patch('services', 'status', { metadata: { labels: { 'test-service': 'patched' } } }).metadata.labels['test-service']).toBe('patched');
    e.remove('services', 'status');
    e.until('it is gone', () => watch.events.at(-1)?.type === 'DELETED');
    watch.stop();
  });

  it('should delete a collection of services', () => {
    const e = examine();
    for (const name of ['a', 'b', 'c']) e.create('services', { metadata: { name: `e2e-svc-${name}`, labels: { e2e: 'yes' } }, spec: { ports: [{ port: 80 }], selector: {} } });
    e.create('services', { metadata: { name: 'stays' }, spec: { ports: [{ port: 80 }] } });
    expect(e.ask('DELETE', `${e.at('services')}?labelSelector=e2e%3Dyes`).status).toBe(200);
    expect(e.list('services').map((s) => s.metadata.name)).toEqual(['stays']);
  });

  it('should have session affinity work for service with type clusterIP, and be able to switch it', () => {
    const e = examine();
    e.create('deployments', newDeployment({ name: 'affinity', labels: { name: 'affinity' }, replicas: 3, image: AGNHOST }, {}));
    e.patch('deployments', 'affinity', { spec: { template: { spec: { containers: [{ name: 'httpd', args: ['netexec', '--http-port=80'], ports: [{ containerPort: 80 }] }] } } } });
    server(e, 'client', { client: 'yes' });
    e.create('services', { metadata: { name: 'affinity' }, spec: { sessionAffinity: 'ClientIP', selector: { name: 'affinity' }, ports: [{ port: 80 }] } });
    e.until('three', () => endpoints(e, 'affinity').split(',').length === 3 && e.list('pods', 'name=affinity').length === 3);
    e.cluster.advance(5);
    const who = (): number => new Set(Array.from({ length: 12 }, () => answers(e, `${e.ns}/client`, `http://affinity.${e.ns}/`))).size;
    expect(who()).toBe(1);
    e.patch('services', 'affinity', { spec: { sessionAffinity: 'None' } });
    e.cluster.advance(5);
    expect(who()).toBeGreaterThan(1);
  });
});

describe('network/endpointslice.go', () => {
  it('should have Endpoints and EndpointSlices pointing to API Server', () => {
    const e = examine();
    expect(e.ask('GET', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes').body).toMatchObject({ addressType: 'IPv4', endpoints: [{ addresses: [e.get('nodes', 'cp-1').status.addresses[0].address] }] });
  });
  it('should create and delete Endpoints and EndpointSlices for a Service with a selector specified', () => {
    const e = examine();
    e.create('services', { metadata: { name: 'empty' }, spec: { selector: { 'does-not-match-anything': 'endpoints-and-endpoint-slices-should-still-be-created' }, ports: [{ name: 'example', port: 80, protocol: 'TCP' }] } });
    e.until('one slice', () => e.list('endpointslices', 'kubernetes.io/service-name=empty').length === 1);
    expect(e.list('endpointslices')[0].metadata.labels['endpointslice.kubernetes.io/managed-by']).toBe('endpointslice-controller.k8s.io');
    e.remove('services', 'empty');
    e.until('none', () => e.list('endpointslices').length === 0);
  });
  it('should create Endpoints and EndpointSlices for Pods matching a Service', () => {
    const e = examine();
    const pod = (name: string, port: number): void => void e.create('pods', podOf(name, { containers: [{ name: 'c', image: AGNHOST, args: ['netexec', `--http-port=${port}`], ports: [{ name: 'example-name', containerPort: port }] }] }, { labels: { 'pod-name': name, match: 'yes' } }));
    pod('pod1', 3000);
    pod('pod2', 3001);
    e.create('services', { metadata: { name: 'int-port' }, spec: { selector: { 'pod-name': 'pod1' }, publishNotReadyAddresses: true, ports: [{ name: 'example', port: 80, targetPort: 3000, protocol: 'TCP' }] } });
    e.create('services', { metadata: { name: 'named-port' }, spec: { selector: { match: 'yes' }, publishNotReadyAddresses: true, ports: [{ name: 'http', port: 80, targetPort: 'example-name', protocol: 'TCP' }] } });
    shows(e, 'int-port', 'pod1:3000');
    shows(e, 'named-port', 'pod1:3000,pod2:3001');
    expect(e.list('endpointslices', 'kubernetes.io/service-name=named-port')).toHaveLength(2);
    e.remove('endpointslices', e.list('endpointslices', 'kubernetes.io/service-name=int-port')[0].metadata.name);
    shows(e, 'int-port', 'pod1:3000');
  });
  it('should support creating EndpointSlice API operations', () => {
    const e = examine();
    const made = e.create('endpointslices', { metadata: { generateName: 'e2e-example-ing', labels: { special: e.ns } }, addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4'], conditions: {} }] });
    expect(e.ask('GET', `/apis/discovery.k8s.io/v1/endpointslices?labelSelector=special%3D${e.ns}`).body.items).toHaveLength(1);
    const watch = e.watch(`${e.at('endpointslices')}?resourceVersion=${made.metadata.resourceVersion}&labelSelector=special%3D${e.ns}`);
    expect(e.patch('endpointslices', made.metadata.name, { metadata: { annotations: { patched: 'true' } } }, MERGE).metadata.annotations.patched).toBe('true');
    expect(e.retry('endpointslices', made.metadata.name, (slice) => { slice.metadata.annotations.updated = 'true'; }).metadata.annotations.updated).toBe('true');
    e.remove('endpointslices', made.metadata.name);
    e.until('it is told', () => watch.events.length === 3);
    expect(watch.events.map((event) => event.type)).toEqual(['MODIFIED', 'MODIFIED', 'DELETED']);
    watch.stop();
  });
});

describe('network/dns.go', () => {
  const ask = (e: Examiner, name: string, type: 'A' | 'SRV' | 'PTR' = 'A'): readonly string[] => e.cluster.lookup({ from: `${e.ns}/client`, name, type }).answers;
  it('should provide DNS for the cluster, for services, for pods for Hostname, and for ExternalName services', () => {
    const e = examine();
    server(e, 'client', { client: 'yes' });
    expect(ask(e, 'kubernetes.default.svc.cluster.local').join()).toContain(e.ask('GET', '/api/v1/namespaces/default/services/kubernetes').body.spec.clusterIP);
    const { clusterIP } = e.create('services', { metadata: { name: 'regular' }, spec: { selector: { dns: 'yes' }, ports: [{ port: 80, name: 'http', protocol: 'TCP' }] } }).spec;
    e.create('services', { metadata: { name: 'headless' }, spec: { clusterIP: 'None', selector: { dns: 'yes' }, ports: [{ port: 80, name: 'http', protocol: 'TCP' }] } });
    e.create('pods', podOf('querier-1', { hostname: 'dns-querier-2', subdomain: 'headless', containers: [{ name: 'c', image: PAUSE }] }, { labels: { dns: 'yes' } }));
    e.until('it is ready', () => isReady(e.get('pods', 'querier-1')));
    const { podIP } = e.get('pods', 'querier-1').status;
    e.until('names are known', () => ask(e, `dns-querier-2.headless.${e.ns}.svc.cluster.local`).join().includes(podIP));
    for (const name of ['regular', `regular.${e.ns}`, `regular.${e.ns}.svc`]) expect(ask(e, name).join(), name).toContain(clusterIP);
    expect(ask(e, `headless.${e.ns}.svc`).join()).toContain(podIP);
    expect(ask(e, `_http._tcp.regular.${e.ns}.svc`, 'SRV').join()).toContain(`regular.${e.ns}.svc.cluster.local.`);
    expect(ask(e, `${clusterIP.split('.').reverse().join('.')}.in-addr.arpa.`, 'PTR').join()).toContain(`regular.${e.ns}.svc.cluster.local.`);
    e.create('services', { metadata: { name: 'ext' }, spec: { type: 'ExternalName', externalName: 'foo.example.com' } });
    e.until('the other name', () => ask(e, `ext.${e.ns}.svc.cluster.local`).join().includes('foo.example.com.'));
    e.patch('services', 'ext', { spec: { externalName: 'bar.example.com' } });
    e.until('the next name', () => ask(e, `ext.${e.ns}.svc.cluster.local`).join().includes('bar.example.com.'));
  });
  it('should support configurable pod DNS nameservers', () => {
    const e = examine();
    e.create('pods', podOf('custom', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local'] }, containers: [{ name: 'c', image: 'busybox:1.37', command: ['sleep', '1000'] }] }));
    e.until('it runs', () => e.get('pods', 'custom').status.phase === 'Running');
    const text = e.cluster.kubectl(['exec', '-n', e.ns, 'custom', '--', 'cat', '/etc/resolv.conf']).stdout;
    expect([text.includes('nameserver 1.1.1.1'), text.includes('search resolv.conf.local')]).toEqual([true, true]);
  });
});

describe('common/network/networking.go', () => {
  it('should function for intra-pod communication: http, and for node-pod communication: http', () => {
    const e = examine();
    for (const [i, node] of ['worker-1', 'worker-2', 'worker-3'].entries()) {
      e.create('pods', podOf(`netserver-${i}`, { nodeName: node, containers: [{ name: 'c', image: AGNHOST, args: ['netexec', '--http-port=8083'], ports: [{ containerPort: 8083 }] }] }));
    }
    e.until('all are ready', () => e.list('pods').every(isReady));
    for (const from of ['netserver-0', 'netserver-1']) for (const to of e.list('pods')) expect(answers(e, `${e.ns}/${from}`, `http://${to.status.podIP}:8083/`)).toBe(`${e.ns}/${to.metadata.name}`);
    for (const to of e.list('pods')) expect(answers(e, 'node/worker-1', `http://${to.status.podIP}:8083/`)).toBe(`${e.ns}/${to.metadata.name}`);
  });
});
