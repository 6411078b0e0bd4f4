/** Upstream: test/e2e/network/{service,endpointslice,dns,networking}.go, test/e2e/common/network/networking.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { newDeployment } from './apps.ts';
import { AGNHOST, examine, isReady, PAUSE, podOf, type Any, type Examiner } from './examiner.ts';

const server = (e: Examiner, name: string, labels: object, port = 80): void => { e.create('pods', podOf(name, { containers: [{ name: 'c', image: AGNHOST, args: ['netexec', `--http-port=${port}`], ports: [{ containerPort: port }] }] }, { labels })); e.until(`${name} is ready`, () => isReady(e.get('pods', name))); };
/** 'pod:port' of what its slices show, as upstream's validateEndpointsPortsOrFail asks. */
const endpoints = (e: Examiner, service: string): string => e.list('endpointslices', `kubernetes.io/service-name=${service}`).flatMap((slice) => (slice.endpoints ?? []).flatMap((one: Any) => (slice.ports ?? []).map((port: Any) => `${one.targetRef.name}:${port.port}`))).sort().join();
const shows = (e: Examiner, service: string, expected: string): void => e.until(`${service} shows ${expected}`, () => endpoints(e, service) === expected);
const answers = (e: Examiner, from: string, to: string): string | undefined => e.cluster.connect({ from, to }).servedBy;

describe('network/service.go', () => {
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
