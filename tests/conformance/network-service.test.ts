/** Upstream: test/e2e/network/{service,conntrack}.go (v1.36). */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { MERGE } from './examiner.ts';
import { network, NODES, type Network, type Service } from './network.ts';

describe('network/service.go', () => {
  let n: Network;
  beforeAll(() => {
    n = network();
    n.client('execpod');
  });
  const from = 'default/execpod';

  it('should provide secure master service', () => {
    expect(n.serviceOf('kubernetes').spec.ports).toMatchObject([{ name: 'https', port: 443 }]);
  });

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
    n.service('multi-endpoint-test', {
      selector: { t: 'multi' },
      ports: [
        { name: 'portname1', port: 80, targetPort: 100 },
        { name: 'portname2', port: 81, targetPort: 101 },
      ],
    });
    n.endpoints('multi-endpoint-test', {});
    n.server(
      'multi1',
      100,
      { t: 'multi' },
      { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 100 }, { containerPort: 101 }] }] },
    );
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
    const made = n.service('nodeport-update-service', {
      selector: { t: 'ports' },
      ports: [{ name: 'tcp-port', port: 80, protocol: 'TCP', targetPort: 8080 }],
    });
    n.e.patch(
      'services',
      made.metadata.name,
      {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'tcp-port', port: 80, protocol: 'TCP', targetPort: 8080 },
            { name: 'udp-port', port: 80, protocol: 'UDP', targetPort: 8080 },
          ],
        },
      },
      MERGE,
    );
    expect(n.serviceOf('nodeport-update-service').spec.ports.map((p) => typeof p.nodePort)).toEqual(['number', 'number']);
  });

  it('should be able to create a functioning NodePort service', () => {
    const { spec } = n.service('nodeport-test', { type: 'NodePort', selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable(from, 'nodeport-test:80');
    n.reachable(from, `${spec.clusterIP}:80`);
    for (const node of NODES) {
      n.reachable(from, `${n.nodeIp(node)}:${spec.ports[0].nodePort}`);
      n.reachable('internet', `${n.nodeIp(node)}:${spec.ports[0].nodePort}`);
    }
  });

  it('should be able to change the type from ExternalName to ClusterIP, to NodePort, and back', () => {
    n.service('changes', { type: 'ExternalName', externalName: 'foo.example.com' });
    expect(n.serviceOf('changes').spec).not.toHaveProperty('clusterIP');
    n.e.patch(
      'services',
      'changes',
      {
        spec: { type: 'ClusterIP', externalName: null, selector: { t: 'ports' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
      },
      MERGE,
    );
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
    n.e.until(
      () => /CNAME\tanother\.default\.svc\.cluster\.local\./.test(n.e.cluster.lookup({ from, name: 'changes' }).answers.join('\n')),
      60,
    );
    n.unreachable('internet', `${n.nodeIp('worker-1')}:${nodePort}`);
  });

  it.each([
    ['ClusterIP', 'clusterip'],
    ['NodePort', 'nodeport'],
  ])('should have session affinity work for %s service, and be able to switch it', (type, id) => {
    for (const i of [1, 2, 3]) n.server(`affinity-${id}-${i}`, 9376, { t: `affinity-${id}` });
    const { spec } = n.service(`affinity-${id}`, {
      type,
      sessionAffinity: 'ClientIP',
      selector: { t: `affinity-${id}` },
      ports: [{ port: 80, targetPort: 9376 }],
    });
    n.e.until(
      () =>
        n.slicesOf(`affinity-${id}`)[0]?.endpoints?.length === 3 &&
        n.slicesOf(`affinity-${id}`)[0].endpoints?.every((p) => p.conditions.ready),
      60,
    );
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
    n.service('affinity-timeout', {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } },
      selector: { t: 'affinity-clusterip' },
      ports: [{ port: 80, targetPort: 9376 }],
    });
    n.reachable(from, 'affinity-timeout:80');
    const served = new Set<string | undefined>();
    for (let i = 0; i < 16; i++) {
      served.add(n.e.cluster.connect({ from, to: 'affinity-timeout:80' }).servedBy);
      n.e.cluster.advance(15);
    }
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
    expect(n.e.cluster.connect({ from, to: `${n.nodeIp('worker-1')}:${n.serviceOf('no-pods').spec.ports[0].nodePort}` }).verdict).toBe(
      'refused',
    );
  });

  it('should create endpoints for unready pods', () => {
    const unready = {
      containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], readinessProbe: { exec: { command: ['/bin/false'] } } }],
    };
    n.server('slow-terminating-unready-pod', 80, { t: 'unready' }, { ...unready, terminationGracePeriodSeconds: 60 });
    n.service('tolerate-unready', {
      selector: { t: 'unready' },
      publishNotReadyAddresses: true,
      ports: [{ name: 'http', port: 80, targetPort: 80 }],
    });
    n.reachable(from, 'tolerate-unready:80');
    n.e.patch('services', 'tolerate-unready', { spec: { publishNotReadyAddresses: false } });
    n.unreachable(from, 'tolerate-unready:80');
    n.e.patch('services', 'tolerate-unready', { spec: { publishNotReadyAddresses: true } });
    n.reachable(from, 'tolerate-unready:80');
  });

  it('should be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is true', () => {
    const lingers = {
      terminationGracePeriodSeconds: 100,
      containers: [
        {
          name: 'c',
          image: 'nginx',
          ports: [{ containerPort: 80 }],
          readinessProbe: { exec: { command: ['/bin/false'] } },
          lifecycle: { preStop: { sleep: { seconds: 90 } } },
        },
      ],
    };
    n.server('lingers', 80, { t: 'lingers' }, lingers);
    n.service('tolerate-terminating', {
      type: 'NodePort',
      selector: { t: 'lingers' },
      publishNotReadyAddresses: true,
      ports: [{ port: 80, targetPort: 80 }],
    });
    n.reachable(from, 'tolerate-terminating:80');
    n.e.remove('pods', 'lingers');
    n.e.cluster.advance(5);
    n.reachable(from, 'tolerate-terminating:80');
    n.reachable('internet', `${n.nodeIp('worker-2')}:${n.serviceOf('tolerate-terminating').spec.ports[0].nodePort}`);
  });

  it('conntrack.go: should be able to preserve UDP traffic when server pod cycles for a ClusterIP service', () => {
    const udp = (name: string): void => {
      n.server(
        name,
        80,
        { t: 'udp' },
        { nodeName: 'worker-2', containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, protocol: 'UDP' }] }] },
      );
      n.e.ready(name);
    };
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
    for (const [name, label] of [
      ['proxied', 'service.kubernetes.io/service-proxy-name'],
      ['headless-label', 'service.kubernetes.io/headless'],
    ]) {
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
    const { spec } = n.service('outside-local', {
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      selector: { t: 'local' },
      ports: [{ port: 80, targetPort: 8080 }],
    });
    n.reachable('internet', `${n.nodeIp('worker-2')}:${spec.ports[0].nodePort}`);
    n.unreachable('internet', `${n.nodeIp('worker-1')}:${spec.ports[0].nodePort}`);
  });

  it('should find a service from listing all namespaces', () => {
    expect(n.e.ask<{ readonly items: readonly Service[] }>('GET', '/api/v1/services').body.items).toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ name: 'kubernetes', namespace: 'default' }) }),
    );
  });

  it('should complete a service status lifecycle', () => {
    n.e.create('services', {
      metadata: { name: 'test-service', labels: { 'test-service-static': 'true' } },
      spec: { type: 'LoadBalancer', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] },
    });
    const status = `${n.e.at('services', 'test-service')}/status`;
    expect(n.e.ask<Service>('GET', status).body.status).toEqual({ loadBalancer: {} });
    n.e.patch(
      'services',
      'test-service/status',
      { metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } },
      MERGE,
    );
    expect(n.serviceOf('test-service')).toMatchObject({
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1', ipMode: 'VIP' }] } },
    });
    const old = n.e.ask<Service>('GET', status).body;
    const put = n.e.ask<Service>('PUT', status, {
      ...old,
      status: {
        ...old.status,
        conditions: [{ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test', lastTransitionTime: null }],
      },
    });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    expect(put.body.status.conditions).toMatchObject([
      { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' },
    ]);
    n.e.patch('services', 'test-service', { metadata: { labels: { 'test-service': 'patched' } } });
    expect(n.e.ask('DELETE', n.e.at('services', 'test-service')).status).toBe(200);
    expect(n.e.ask('GET', n.e.at('services', 'test-service')).status).toBe(404);
  });

  it('should delete a collection of services', () => {
    for (const i of [1, 2, 3])
      n.e.create('services', {
        metadata: { name: `collected-${i}`, labels: { 'e2e-test-service': 'delete' } },
        spec: { ports: [{ port: 80 }] },
      });
    const of = 'e2e-test-service=delete';
    const others = n.e.list('services').length - 3;
    expect(n.e.list('services', of).length).toBe(3);
    expect(n.e.ask('DELETE', `${n.e.at('services')}?labelSelector=${encodeURIComponent(of)}`).status).toBe(200);
    expect(n.e.list('services', of)).toEqual([]);
    expect(n.e.list('services').length).toBe(others);
  });

  it('should prevent NodePort collisions; should check NodePort out-of-range; should release NodePorts on delete', () => {
    const make = (name: string, nodePort: number): number =>
      n.e.ask('POST', n.e.at('services'), {
        metadata: { name },
        spec: { type: 'NodePort', selector: { x: 'y' }, ports: [{ port: 80, nodePort }] },
      }).status;
    expect([make('first', 30999), make('second', 30999), make('low', 29999)]).toEqual([201, 422, 422]);
    n.e.remove('services', 'first');
    expect(make('second', 30999)).toBe(201);
  });
});

/** Upstream: test/e2e/network/traffic_distribution.go. */
describe('network/traffic_distribution.go', () => {
  it.each([
    ['PreferSameZone', ['near', 'same']],
    ['PreferSameNode', ['same']],
    [undefined, ['far', 'near', 'same']],
  ])('%s: should route traffic to %j', (trafficDistribution, expected) => {
    const cluster = openCluster({ topology: { workers: ['same', 'near', 'far'].map((name) => ({ name })) } });
    for (const [name, zone] of [
      ['same', 'a'],
      ['near', 'a'],
      ['far', 'b'],
    ]) {
      cluster.kubectl(
        'create -f -',
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, labels: { t: 'dist' } },
          spec: { nodeName: name, containers: [{ name: 'c', image: 'nginx:1.29' }] },
        }),
      );
      cluster.kubectl(`label node ${name} topology.kubernetes.io/zone=${zone}`);
    }
    cluster.kubectl(
      'create -f -',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'dist' },
        spec: { selector: { t: 'dist' }, ports: [{ port: 80 }], ...(trafficDistribution ? { trafficDistribution } : {}) },
      }),
    );
    cluster.settle();
    cluster.advance(5);
    const served = Array.from(
      { length: 24 },
      () => cluster.connect({ from: 'default/same', to: 'http://dist:80/' }).servedBy?.split('/').pop() ?? 'nobody',
    );
    expect([...new Set(served)].sort()).toEqual(expected);
  });
});
