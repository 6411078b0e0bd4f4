/** Upstream's own examination of Services and names, carried over: kubernetes/test/e2e/network and test/e2e/common/network (v1.36). The titles name file and test. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AGNHOST, alone, busybox, MERGE, pause, type Examiner } from './examiner.ts';

interface Service { readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string; readonly annotations?: Record<string, string> }; readonly spec: { readonly type: string; readonly clusterIP: string; readonly externalName?: string; readonly ports: readonly { readonly name?: string; readonly port: number; readonly nodePort?: number; readonly targetPort: number | string }[] }; readonly status: { readonly loadBalancer?: { readonly ingress?: readonly object[] }; readonly conditions?: readonly object[] } }
interface Slice { readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }; readonly addressType: string; readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[] | null; readonly endpoints: readonly { readonly addresses: readonly string[]; readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean }; readonly targetRef: { readonly name: string } }[] | null }
const NODES = ['worker-1', 'worker-2'];

function network() {
  const e: Examiner = alone({ workers: 2 });
  const service = (name: string, spec: object): Service => e.create<Service>('services', { metadata: { name }, spec });
  const serviceOf = (name: string): Service => e.ask<Service>('GET', e.at('services', name)).body;
  const slicesOf = (name: string): readonly Slice[] => e.list<Slice>('endpointslices', `kubernetes.io/service-name=${name}`);
  const server = (name: string, port: number, labels: object, more: object = {}): void => { e.pod(name, { containers: [{ name: 'c', image: AGNHOST, args: ['netexec', `--http-port=${port}`], ports: [{ containerPort: port, name: 'http' }] }], terminationGracePeriodSeconds: 1, ...more }, { labels }); };
  const client = (name: string, nodeName = 'worker-1', more: object = {}): void => { e.pod(name, { nodeName, containers: [busybox('sleep 36000')], ...more }); e.ready(name); };
  /** Who answers, 24 times asked. */
  const answers = (from: string, to: string): readonly string[] => [...new Set(Array.from({ length: 24 }, () => { const { verdict, servedBy } = e.cluster.connect({ from, to }); return verdict === 'answered' ? (servedBy ?? '?') : verdict; }))].sort((a, b) => (a < b ? -1 : 1));
  const reachable = (from: string, to: string): true => e.until(() => e.cluster.connect({ from, to }).verdict === 'answered', 30);
  const unreachable = (from: string, to: string): true => e.until(() => e.cluster.connect({ from, to }).verdict !== 'answered', 30);
  const endpoints = (name: string, want: Readonly<Record<string, readonly number[]>>): void => {
    const seen = (): string => JSON.stringify(Object.fromEntries(slicesOf(name).flatMap((s) => (s.endpoints ?? []).map((p) => [p.targetRef.name, (s.ports ?? []).map((port) => port.port)] as const)).sort(([a], [b]) => (a < b ? -1 : 1))));
    e.until(() => seen() === JSON.stringify(want), 30);
  };
  return { e, service, serviceOf, slicesOf, server, client, answers, reachable, unreachable, endpoints, nodeIp: (node: string): string => e.ask<{ readonly status: { readonly addresses: readonly { readonly address: string }[] } }>('GET', `/api/v1/nodes/${node}`).body.status.addresses[0].address };
}
type Network = ReturnType<typeof network>;

describe('network/service.go', () => {
  let n: Network;
  beforeAll(() => { n = network(); n.client('execpod'); });
  const from = 'default/execpod';

  it('should provide secure master service', () => { expect(n.serviceOf('kubernetes').spec.ports).toMatchObject([{ name: 'https', port: 443 }]); });

  it('should serve a basic endpoint from pods', () => {
    n.service('endpoint-test2', { selector: { t: 'basic' }, ports: [{ port: 80, targetPort: 80 }] });
    n.endpoints('endpoint-test2', {});
    n.server('pod1', 80, { t: 'basic' });
    n.endpoints('endpoint-test2', { pod1: [80] });
    n.reachable(from, 'endpoint-test2:80');
    n.server('pod2', 80, { t: 'basic' });
    n.endpoints('endpoint-test2', { pod1: [80], pod2: [80] });
    n.reachable(from, 'endpoint-test2:80');
    n.e.remove('pods', 'pod1');
    n.endpoints('endpoint-test2', { pod2: [80] });
    n.e.cluster.advance(3);
    expect(n.answers(from, 'endpoint-test2:80')).toEqual(['default/pod2']);
    n.e.remove('pods', 'pod2');
    n.endpoints('endpoint-test2', {});
  });

  it('should serve multiport endpoints from pods', () => {
    n.service('multi-endpoint-test', { selector: { t: 'multi' }, ports: [{ name: 'portname1', port: 80, targetPort: 100 }, { name: 'portname2', port: 81, targetPort: 101 }] });
    n.endpoints('multi-endpoint-test', {});
    n.server('multi1', 100, { t: 'multi' }, { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 100 }, { containerPort: 101 }] }] });
    n.endpoints('multi-endpoint-test', { multi1: [100, 101] });
    for (const port of [80, 81]) n.reachable(from, `multi-endpoint-test:${port}`);
    n.e.remove('pods', 'multi1');
    n.endpoints('multi-endpoint-test', {});
  });

  it('should be updated after adding or deleting ports', () => {
    n.server('ports', 8080, { t: 'ports' });
    n.e.ready('ports');
    n.service('edge-port-service', { selector: { t: 'ports' }, ports: [{ name: 'a', port: 80, targetPort: 8080 }] });
    n.reachable(from, 'edge-port-service:80');
    n.e.patch('services', 'edge-port-service', { spec: { ports: [{ name: 'b', port: 81, targetPort: 8080 }] } });
    n.reachable(from, 'edge-port-service:81');
    n.reachable(from, 'edge-port-service:80');
    n.e.patch('services', 'edge-port-service', { spec: { ports: [{ $patch: 'delete', port: 80 }] } });
    n.unreachable(from, 'edge-port-service:80');
    n.reachable(from, 'edge-port-service:81');
  });

  it('should be able to update service type to NodePort listening on same port number but different protocols', () => {
    const made = n.service('nodeport-update-service', { selector: { t: 'ports' }, ports: [{ name: 'tcp-port', port: 80, protocol: 'TCP', targetPort: 8080 }] });
    n.e.patch('services', made.metadata.name, { spec: { type: 'NodePort', ports: [{ name: 'tcp-port', port: 80, protocol: 'TCP', targetPort: 8080 }, { name: 'udp-port', port: 80, protocol: 'UDP', targetPort: 8080 }] } }, MERGE);
    expect(n.serviceOf('nodeport-update-service').spec.ports.map((p) => typeof p.nodePort)).toEqual(['number', 'number']);
  });

  it('should be able to create a functioning NodePort service', () => {
    const { spec } = n.service('nodeport-test', { type: 'NodePort', selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable(from, 'nodeport-test:80');
    n.reachable(from, `${spec.clusterIP}:80`);
    for (const node of NODES) { n.reachable(from, `${n.nodeIp(node)}:${spec.ports[0].nodePort}`); n.reachable('internet', `${n.nodeIp(node)}:${spec.ports[0].nodePort}`); }
  });

  it('should be able to change the type from ExternalName to ClusterIP, to NodePort, and back', () => {
    n.service('changes', { type: 'ExternalName', externalName: 'foo.example.com' });
    expect(n.serviceOf('changes').spec).not.toHaveProperty('clusterIP');
    n.e.patch('services', 'changes', { spec: { type: 'ClusterIP', externalName: null, selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] } }, MERGE);
    expect(n.serviceOf('changes').spec.clusterIP).toMatch(/^10\.254\./);
    n.endpoints('changes', { ports: [8080] });
    n.reachable(from, 'changes:80');
    n.e.patch('services', 'changes', { spec: { type: 'NodePort' } }, MERGE);
    const { nodePort } = n.serviceOf('changes').spec.ports[0];
    expect(nodePort).toBeGreaterThanOrEqual(30000);
    n.reachable('node/cp-1', `${n.nodeIp('worker-1')}:${nodePort}`);
    n.reachable('internet', `${n.nodeIp('worker-1')}:${nodePort}`);
    n.service('another', { selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.e.patch('services', 'changes', { spec: { type: 'ExternalName', externalName: 'another.default.svc.cluster.local' } }, MERGE);
    expect(n.serviceOf('changes').spec).not.toHaveProperty('clusterIP');
    expect(n.serviceOf('changes').spec.ports[0].nodePort).toBeUndefined();
    n.e.until(() => /CNAME\tanother\.default\.svc\.cluster\.local\./.test(n.e.cluster.lookup({ from, name: 'changes' }).answers.join('\n')), 60);
    n.unreachable('internet', `${n.nodeIp('worker-1')}:${nodePort}`);
  });

  it.each([['ClusterIP', 'clusterip'], ['NodePort', 'nodeport']])('should have session affinity work for %s service, and be able to switch it', (type, id) => {
    for (const i of [1, 2, 3]) n.server(`affinity-${id}-${i}`, 9376, { t: `affinity-${id}` });
    const { spec } = n.service(`affinity-${id}`, { type, sessionAffinity: 'ClientIP', selector: { t: `affinity-${id}` }, ports: [{ port: 80, targetPort: 9376 }] });
    n.e.until(() => n.slicesOf(`affinity-${id}`)[0]?.endpoints?.length === 3 && n.slicesOf(`affinity-${id}`)[0].endpoints?.every((p) => p.conditions.ready), 60);
    const to = type === 'NodePort' ? `${n.nodeIp('worker-2')}:${spec.ports[0].nodePort}` : `${spec.clusterIP}:80`;
    n.reachable(from, to);
    n.e.cluster.advance(5);
    expect(n.answers(from, to).length).toBe(1);
    n.e.patch('services', `affinity-${id}`, { spec: { sessionAffinity: 'None' } });
    n.e.cluster.advance(5);
    expect(n.answers(from, to).length).toBeGreaterThan(1);
    n.e.patch('services', `affinity-${id}`, { spec: { sessionAffinity: 'ClientIP' } });
    n.e.cluster.advance(5);
    expect(n.answers(from, to).length).toBe(1);
  });

  it('should have session affinity timeout work for service with type clusterIP', () => {
    n.service('affinity-timeout', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } }, selector: { t: 'affinity-clusterip' }, ports: [{ port: 80, targetPort: 9376 }] });
    n.reachable(from, 'affinity-timeout:80');
    const served = new Set<string | undefined>();
    for (let i = 0; i < 16; i++) { served.add(n.e.cluster.connect({ from, to: 'affinity-timeout:80' }).servedBy); n.e.cluster.advance(15); }
    expect(served.size).toBeGreaterThan(1);
  });

  it('should be possible to connect to a service via ExternalIP when the external IP is not assigned to a node; should allow pods to hairpin back to themselves through services', () => {
    n.service('externalip-test', { selector: { t: 'ports' }, externalIPs: ['203.0.113.250'], ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable(from, '203.0.113.250:80');
    expect(n.answers('default/ports', 'externalip-test:80')).toEqual(['default/ports']);
  });

  it('should be rejected when no endpoints exist', () => {
    n.service('no-pods', { type: 'NodePort', selector: { nobody: 'here' }, ports: [{ port: 80, targetPort: 80 }] });
    n.e.until(() => n.e.cluster.connect({ from, to: 'no-pods:80' }).verdict === 'refused', 30);
    n.e.until(() => n.e.cluster.connect({ from: 'node/worker-2', to: 'no-pods.default.svc.cluster.local:80' }).verdict !== 'answered', 30);
    expect(n.e.cluster.connect({ from, to: `${n.nodeIp('worker-1')}:${n.serviceOf('no-pods').spec.ports[0].nodePort}` }).verdict).toBe('refused');
  });

  it('should create endpoints for unready pods', () => {
    const unready = { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], readinessProbe: { exec: { command: ['/bin/false'] } } }] };
    n.server('slow-terminating-unready-pod', 80, { t: 'unready' }, { ...unready, terminationGracePeriodSeconds: 60 });
    n.service('tolerate-unready', { selector: { t: 'unready' }, publishNotReadyAddresses: true, ports: [{ name: 'http', port: 80, targetPort: 80 }] });
    n.reachable(from, 'tolerate-unready:80');
    n.e.patch('services', 'tolerate-unready', { spec: { publishNotReadyAddresses: false } });
    n.unreachable(from, 'tolerate-unready:80');
    n.e.patch('services', 'tolerate-unready', { spec: { publishNotReadyAddresses: true } });
    n.reachable(from, 'tolerate-unready:80');
  });

  it('should be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is true', () => {
    const lingers = { terminationGracePeriodSeconds: 100, containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], readinessProbe: { exec: { command: ['/bin/false'] } }, lifecycle: { preStop: { sleep: { seconds: 90 } } } }] };
    n.server('lingers', 80, { t: 'lingers' }, lingers);
    n.service('tolerate-terminating', { type: 'NodePort', selector: { t: 'lingers' }, publishNotReadyAddresses: true, ports: [{ port: 80, targetPort: 80 }] });
    n.reachable(from, 'tolerate-terminating:80');
    n.e.remove('pods', 'lingers');
    n.e.cluster.advance(5);
    n.reachable(from, 'tolerate-terminating:80');
    n.reachable('internet', `${n.nodeIp('worker-2')}:${n.serviceOf('tolerate-terminating').spec.ports[0].nodePort}`);
  });

  it('conntrack.go: should be able to preserve UDP traffic when server pod cycles for a ClusterIP service', () => {
    const udp = (name: string): void => { n.server(name, 80, { t: 'udp' }, { nodeName: 'worker-2', containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, protocol: 'UDP' }] }] }); n.e.ready(name); };
    const ask = () => n.e.cluster.connect({ from, to: 'svc-udp:80', protocol: 'UDP', sourcePort: 12345 });
    n.service('svc-udp', { selector: { t: 'udp' }, ports: [{ port: 80, protocol: 'UDP', targetPort: 80 }] });
    n.e.cluster.advance(2);
    expect(ask().verdict).not.toBe('answered');
    udp('backend-1');
    n.e.until(() => ask().servedBy === 'default/backend-1', 60);
    n.e.ask('DELETE', `${n.e.at('pods', 'backend-1')}?gracePeriodSeconds=0`);
    udp('backend-2');
    n.e.until(() => ask().servedBy === 'default/backend-2', 60);
  });

  it('should implement service.kubernetes.io/service-proxy-name and service.kubernetes.io/headless', () => {
    for (const [name, label] of [['proxied', 'service.kubernetes.io/service-proxy-name'], ['headless-label', 'service.kubernetes.io/headless']]) {
      n.service(name, { selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080 }] });
      const { clusterIP } = n.serviceOf(name).spec;
      n.reachable(from, `${clusterIP}:80`);
      n.e.patch('services', name, { metadata: { labels: { [label]: 'foo' } } });
      n.unreachable(from, `${clusterIP}:80`);
      n.e.patch('services', name, { metadata: { labels: { [label]: null } } });
      n.reachable(from, `${clusterIP}:80`);
    }
  });

  it('should respect internalTrafficPolicy=Local Pod to Pod; should support externalTrafficPolicy=Local for type=NodePort', () => {
    n.server('local', 8080, { t: 'local' }, { nodeName: 'worker-2' });
    n.e.ready('local');
    n.client('beside', 'worker-2');
    n.service('inside-local', { internalTrafficPolicy: 'Local', selector: { t: 'local' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable('default/beside', 'inside-local:80');
    n.unreachable(from, 'inside-local:80');
    const { spec } = n.service('outside-local', { type: 'NodePort', externalTrafficPolicy: 'Local', selector: { t: 'local' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable('internet', `${n.nodeIp('worker-2')}:${spec.ports[0].nodePort}`);
    n.unreachable('internet', `${n.nodeIp('worker-1')}:${spec.ports[0].nodePort}`);
  });

  it('should find a service from listing all namespaces', () => {
    expect(n.e.ask<{ readonly items: readonly Service[] }>('GET', '/api/v1/services').body.items).toContainEqual(expect.objectContaining({ metadata: expect.objectContaining({ name: 'kubernetes', namespace: 'default' }) }));
  });

  it('should complete a service status lifecycle', () => {
    n.e.create('services', { metadata: { name: 'test-service', labels: { 'test-service-static': 'true' } }, spec: { type: 'LoadBalancer', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] } });
    const status = `${n.e.at('services', 'test-service')}/status`;
    expect(n.e.ask<Service>('GET', status).body.status).toEqual({ loadBalancer: {} });
    n.e.patch('services', 'test-service/status', { metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } }, MERGE);
    expect(n.serviceOf('test-service')).toMatchObject({ metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1', ipMode: 'VIP' }] } } });
    const old = n.e.ask<Service>('GET', status).body;
    const put = n.e.ask<Service>('PUT', status, { ...old, status: { ...old.status, conditions: [{ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test', lastTransitionTime: null }] } });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    expect(put.body.status.conditions).toMatchObject([{ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' }]);
    n.e.patch('services', 'test-service', { metadata: { labels: { 'test-service': 'patched' } } });
    expect(n.e.ask('DELETE', n.e.at('services', 'test-service')).status).toBe(200);
    expect(n.e.ask('GET', n.e.at('services', 'test-service')).status).toBe(404);
  });

  it('should delete a collection of services', () => {
    for (const i of [1, 2, 3]) n.e.create('services', { metadata: { name: `collected-${i}`, labels: { 'e2e-test-service': 'delete' } }, spec: { ports: [{ port: 80 }] } });
    const of = 'e2e-test-service=delete';
    const others = n.e.list('services').length - 3;
    expect(n.e.list('services', of).length).toBe(3);
    expect(n.e.ask('DELETE', `${n.e.at('services')}?labelSelector=${encodeURIComponent(of)}`).status).toBe(200);
    expect(n.e.list('services', of)).toEqual([]);
    expect(n.e.list('services').length).toBe(others);
  });

  it('should prevent NodePort collisions; should check NodePort out-of-range; should release NodePorts on delete', () => {
    const make = (name: string, nodePort: number): number => n.e.ask('POST', n.e.at('services'), { metadata: { name }, spec: { type: 'NodePort', selector: { x: 'y' }, ports: [{ port: 80, nodePort }] } }).status;
    expect([make('first', 30999), make('second', 30999), make('low', 29999)]).toEqual([201, 422, 422]);
    n.e.remove('services', 'first');
    expect(make('second', 30999)).toBe(201);
  });
});

describe('network/endpointslice.go', () => {
  let n: Network;
  beforeAll(() => { n = network(); });

  it('should have Endpoints and EndpointSlices pointing to API Server', () => {
    expect(n.slicesOf('kubernetes')).toMatchObject([{ addressType: 'IPv4', ports: [{ name: 'https', port: 6443, protocol: 'TCP' }], endpoints: [{ addresses: [n.nodeIp('cp-1')] }] }]);
  });

  it('should create and delete Endpoints and EndpointSlices for a Service with a selector specified', () => {
    n.service('example-empty-selector', { selector: { 'does-not-match-anything': 'x' }, ports: [{ name: 'example', port: 80 }] });
    const [slice] = n.e.until(() => n.slicesOf('example-empty-selector').length > 0 && n.slicesOf('example-empty-selector'), 30);
    expect(slice.metadata.labels['endpointslice.kubernetes.io/managed-by']).toBe('endpointslice-controller.k8s.io');
    expect(slice.endpoints ?? []).toEqual([]);
    n.e.remove('services', 'example-empty-selector');
    n.e.until(() => n.slicesOf('example-empty-selector').length === 0, 90);
  });

  it('should create Endpoints and EndpointSlices for Pods matching a Service', () => {
    const port = (containerPort: number, name: string) => ({ containerPort, name });
    n.e.pod('pod1', { containers: [{ name: 'container1', image: 'nginx', ports: [port(3000, 'example-name')] }] }, { labels: { pod1: 'on', shared12: 'on' } });
    n.e.pod('pod2', { containers: [{ name: 'container1', image: 'nginx', ports: [port(3001, 'example-name'), port(3002, 'other-port')] }] }, { labels: { pod2: 'on', shared12: 'on' } });
    const make = (name: string, selector: object, p: object): void => { n.service(name, { selector, publishNotReadyAddresses: true, ports: [{ port: 80, protocol: 'TCP', ...p }] }); };
    make('example-int-port', { pod1: 'on' }, { name: 'example', targetPort: 3000 });
    make('example-named-port', { shared12: 'on' }, { name: 'http', targetPort: 'example-name' });
    make('example-no-match', { pod3: 'on' }, { name: 'example-no-match', targetPort: 8080 });
    n.endpoints('example-int-port', { pod1: [3000] });
    n.endpoints('example-named-port', { pod1: [3000], pod2: [3001] });
    expect(n.slicesOf('example-named-port').length).toBe(2);
    n.endpoints('example-no-match', {});
    expect(n.slicesOf('example-no-match').length).toBe(1);
    n.e.ask('DELETE', `${n.e.at('endpointslices')}?labelSelector=kubernetes.io%2Fservice-name%3Dexample-named-port`);
    n.endpoints('example-named-port', { pod1: [3000], pod2: [3001] });
  });

  it('should support creating EndpointSlice API operations', () => {
    expect(JSON.stringify(n.e.ask('GET', '/apis').body)).toContain('"discovery.k8s.io/v1"');
    expect(n.e.ask('GET', '/apis/discovery.k8s.io').body).toMatchObject({ versions: [{ version: 'v1' }] });
    expect(JSON.stringify(n.e.ask('GET', '/apis/discovery.k8s.io/v1').body)).toContain('"endpointslices"');
    const make = (): Slice => n.e.create<Slice>('endpointslices', { metadata: { generateName: 'e2e-example-ing', labels: { 'special-label': 'x' } }, addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'] }, { addresses: ['2.2.3.4', '6.6.7.8'] }] });
    make(); make();
    const made = make();
    const of = `${n.e.at('endpointslices')}?labelSelector=special-label%3Dx`;
    expect(n.e.list('endpointslices', 'special-label=x').length).toBe(3);
    expect(n.e.ask('GET', '/apis/discovery.k8s.io/v1/endpointslices?labelSelector=special-label%3Dx').body.items.length).toBe(3);
    const seen: string[] = [];
    const watch = n.e.cluster.watch(`${of}&resourceVersion=${n.e.ask<{ readonly metadata: { readonly resourceVersion: string } }>('GET', of).body.metadata.resourceVersion}`, ({ type, object }) => seen.push(`${type} ${(object as Slice).metadata.annotations?.patched}`));
    n.e.patch('endpointslices', made.metadata.name, { metadata: { annotations: { patched: 'true' } } }, MERGE);
    expect(n.e.ask<Slice>('PUT', `${n.e.at('endpointslices')}/${made.metadata.name}`, { ...n.e.ask<Slice>('GET', `${n.e.at('endpointslices')}/${made.metadata.name}`).body, metadata: { ...n.e.ask<Slice>('GET', `${n.e.at('endpointslices')}/${made.metadata.name}`).body.metadata, annotations: { patched: 'true', updated: 'true' } } }).body.metadata.annotations?.updated).toBe('true');
    n.e.remove('endpointslices', made.metadata.name);
    n.e.cluster.advance(1);
    watch.stop();
    expect(seen).toEqual(['MODIFIED true', 'MODIFIED true', 'DELETED true']);
    expect(n.e.list('endpointslices', 'special-label=x').length).toBe(2);
    n.e.ask('DELETE', of);
    expect(n.e.list('endpointslices', 'special-label=x')).toEqual([]);
  });

  it('should support a Service with multiple ports specified in multiple EndpointSlices, and with multiple endpoint IPs', () => {
    for (const name of ['one', 'two']) n.e.pod(name, { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 9090 }, { containerPort: 9091 }] }] });
    n.client('asks');
    const ips = ['one', 'two'].map((name) => n.e.ready(name).status.podIP);
    const { spec } = n.service('example-custom-endpoints', { ports: [{ name: 'portname1', port: 80, targetPort: 9090 }, { name: 'portname2', port: 81, targetPort: 9091 }] });
    ips.forEach((ip, i) => n.e.create('endpointslices', { metadata: { name: `custom-${i}`, labels: { 'kubernetes.io/service-name': 'example-custom-endpoints', 'endpointslice.kubernetes.io/managed-by': 'e2e' } }, addressType: 'IPv4', ports: [{ name: `portname${i + 1}`, port: 9090 + i, protocol: 'TCP' }], endpoints: [{ addresses: [ip] }] }));
    n.reachable('default/asks', `${spec.clusterIP}:80`);
    expect(n.answers('default/asks', `${spec.clusterIP}:80`)).toEqual(['default/one']);
    expect(n.answers('default/asks', `${spec.clusterIP}:81`)).toEqual(['default/two']);
  });
});

describe('network/dns.go', () => {
  let n: Network;
  beforeAll(() => { n = network(); n.client('dns'); });
  const ask = (name: string, type: 'A' | 'SRV' | 'PTR' | 'CNAME' = 'A', from = 'default/dns') => n.e.cluster.lookup({ from, name, type });
  const has = (name: string, text: string | RegExp, type: 'A' | 'SRV' | 'PTR' | 'CNAME' = 'A'): void => { n.e.until(() => { const all = ask(name, type).answers.join('\n'); return typeof text === 'string' ? all.includes(text) : text.test(all); }, 60); };

  it('should provide DNS for the cluster', () => { for (const name of ['kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']) has(name, n.serviceOf('kubernetes').spec.clusterIP); });

  it('should provide /etc/hosts entries for the cluster', () => {
    n.service('dns-test-service', { clusterIP: 'None', selector: { t: 'hosts' }, ports: [{ port: 80 }] });
    n.e.pod('hosts', { hostname: 'dns-querier-1', subdomain: 'dns-test-service', containers: [busybox('sleep 6000')] }, { labels: { t: 'hosts' } });
    n.e.ready('hosts');
    expect(n.e.say('exec hosts -- cat /etc/hosts')).toMatch(/\tdns-querier-1\.dns-test-service\.default\.svc\.cluster\.local\tdns-querier-1$/m);
    has('dns-querier-1.dns-test-service', n.e.podNamed('hosts').status.podIP);
    has('dns-querier-1.dns-test-service.default.svc.cluster.local', n.e.podNamed('hosts').status.podIP);
  });

  it('should provide DNS for services', () => {
    n.server('backend', 80, { t: 'dns' });
    const { podIP } = n.e.ready('backend').status;
    n.service('test-service-1', { clusterIP: 'None', selector: { t: 'dns' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
    const { clusterIP } = n.service('test-service-2', { selector: { t: 'dns' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }).spec;
    for (const name of ['test-service-1', 'test-service-1.default', 'test-service-1.default.svc']) has(name, podIP);
    has('test-service-2.default.svc', clusterIP);
    has('_http._tcp.test-service-1.default.svc', /SRV\t0 \d+ 80 /, 'SRV');
    has('_http._tcp.test-service-2.default.svc', 'test-service-2.default.svc.cluster.local.', 'SRV');
    has(`${clusterIP.split('.').reverse().join('.')}.in-addr.arpa.`, 'test-service-2.default.svc.cluster.local.', 'PTR');
  });

  it('should resolve DNS of partial qualified names for the cluster, and for services', () => {
    const { clusterIP } = n.service('partial', { selector: { t: 'dns' }, ports: [{ port: 80 }] }).spec;
    for (const name of ['kubernetes', 'partial', 'partial.default', 'partial.default.svc']) n.e.until(() => ask(name).rcode === 'NOERROR' && ask(name).answers.length > 0, 30);
    for (const name of ['partial', 'partial.default', 'partial.default.svc']) has(name, clusterIP);
    n.e.say('create namespace other');
    n.e.cluster.advance(3);
    expect(n.e.ask('POST', '/api/v1/namespaces/other/pods', { metadata: { name: 'dns' }, spec: { containers: [pause()] } }).status).toBe(201);
    n.e.cluster.advance(5);
    const other = n.e.ask<Service>('POST', '/api/v1/namespaces/other/services', { metadata: { name: 'partial' }, spec: { ports: [{ port: 80 }] } }).body.spec.clusterIP;
    for (const [name, ip] of [['partial', other], ['partial.other', other], ['partial.default', clusterIP]]) n.e.until(() => ask(name, 'A', 'other/dns').answers.join().includes(ip), 60);
  });

  it('should provide DNS for pods for Hostname and Subdomain', () => {
    n.service('dns-test-service-2', { clusterIP: 'None', selector: { t: 'hostname' }, ports: [{ port: 80 }] });
    n.e.pod('dns-querier-2', { hostname: 'dns-querier-2', subdomain: 'dns-test-service-2', containers: [pause()] }, { labels: { t: 'hostname' } });
    has('dns-querier-2.dns-test-service-2.default.svc.cluster.local', n.e.ready('dns-querier-2').status.podIP);
  });

  it('should provide DNS for ExternalName services', () => {
    n.service('dns-test-service-3', { type: 'ExternalName', externalName: 'foo.example.com' });
    for (const type of ['CNAME', 'A'] as const) has('dns-test-service-3.default.svc.cluster.local', 'foo.example.com.', type);
    n.e.patch('services', 'dns-test-service-3', { spec: { externalName: 'bar.example.com' } }, MERGE);
    for (const type of ['CNAME', 'A'] as const) has('dns-test-service-3.default.svc.cluster.local', 'bar.example.com.', type);
    n.e.patch('services', 'dns-test-service-3', { spec: { type: 'ClusterIP', clusterIP: '10.254.0.123', externalName: null, ports: [{ port: 80, name: 'http', protocol: 'TCP' }] } }, MERGE);
    has('dns-test-service-3.default.svc.cluster.local', '10.254.0.123');
  });

  it('should support configurable pod DNS nameservers, and resolv.conf', () => {
    n.client('own-dns', 'worker-1', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local'], options: [{ name: 'ndots', value: '2' }] } });
    expect(n.e.say('exec own-dns -- cat /etc/resolv.conf')).toBe('search resolv.conf.local\nnameserver 1.1.1.1\noptions ndots:2\n');
  });

  it('should work with a search path containing an underscore and a search path with a single dot', () => {
    n.client('odd-dns', 'worker-1', { dnsConfig: { searches: ['.', 'abc_d.example.com'] } });
    expect(n.e.say('exec odd-dns -- cat /etc/resolv.conf')).toMatch(/^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local \. abc_d\.example\.com$/m);
    expect(ask('kubernetes.default', 'A', 'default/odd-dns').answers.length).toBeGreaterThan(0);
  });
});

describe('common/network/networking.go, network/networking.go, hostport.go, service_latency.go', () => {
  let n: Network;
  beforeAll(() => {
    n = network();
    for (const node of NODES) n.server(`netserver-${node}`, 8080, { t: 'net' }, { nodeName: node });
    n.client('test-container'); n.client('host-test-container', 'worker-1', { hostNetwork: true });
    for (const node of NODES) n.e.ready(`netserver-${node}`);
  });
  const everyone = NODES.map((node) => `default/netserver-${node}`);

  it.each([['intra-pod', ['default/test-container', 'default/netserver-worker-1']], ['node-pod', ['default/host-test-container', 'node/worker-1']]])('should function for %s communication: http', (_what, all) => {
    for (const from of all) for (const node of NODES) expect(n.answers(from, `${n.e.podNamed(`netserver-${node}`).status.podIP}:8080`)).toEqual([`default/netserver-${node}`]);
  });

  it('should function for pod-Service, node-Service, endpoint-Service: http', () => {
    const { spec } = n.service('node-port-service', { type: 'NodePort', selector: { t: 'net' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable('default/test-container', `${spec.clusterIP}:80`);
    n.e.cluster.advance(3);
    for (const from of ['default/test-container', 'node/worker-1', 'default/netserver-worker-1']) for (const to of [`${spec.clusterIP}:80`, `${n.nodeIp('worker-2')}:${spec.ports[0].nodePort}`]) expect(n.answers(from, to), `${from} ${to}`).toEqual(everyone);
  });

  it('should update endpoints: http', () => {
    n.service('updates', { selector: { t: 'net' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable('default/test-container', 'updates:80');
    n.e.cluster.advance(3);
    expect(n.answers('default/test-container', 'updates:80')).toEqual(everyone);
    n.e.patch('pods', 'netserver-worker-2', { metadata: { labels: { t: null } } }, MERGE);
    n.e.cluster.advance(5);
    expect(n.answers('default/test-container', 'updates:80')).toEqual(everyone.slice(0, 1));
    n.e.patch('pods', 'netserver-worker-2', { metadata: { labels: { t: 'net' } } }, MERGE);
    n.e.cluster.advance(5);
  });

  it('hostport.go: validates that there is no conflict between pods with same hostPort but different hostIP and protocol', () => {
    const pod = (name: string, hostIP: string, protocol: string): void => { n.e.pod(name, { nodeName: 'worker-2', containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 54323, hostIP, protocol }] }] }); n.e.running(name); };
    pod('hostport-1', '127.0.0.1', 'TCP'); pod('hostport-2', n.nodeIp('worker-2'), 'TCP'); pod('hostport-3', n.nodeIp('worker-2'), 'UDP');
  });

  it('service_latency.go: should not be very high', () => {
    for (let i = 0; i < 20; i++) {
      n.service(`latency-${i}`, { selector: { t: 'net' }, ports: [{ port: 80 }] });
      const from = n.e.cluster.now;
      n.e.until(() => n.slicesOf(`latency-${i}`)[0]?.endpoints?.length === 2, 20);
      expect(n.e.cluster.now - from).toBeLessThan(20);
    }
  });
});
