/** Upstream: test/e2e/network/{endpointslice,dns,networking,hostport,service_latency}.go, test/e2e/common/network/networking.go (v1.36). */
import { beforeAll, describe, expect, it } from 'vitest';
import { AGNHOST, busybox, MERGE, pause } from './examiner.ts';
import { network, NODES, type Network, type Service, type Slice } from './network.ts';

describe('network/endpointslice.go', () => {
  let n: Network;
  beforeAll(() => {
    n = network();
  });

  it('should have Endpoints and EndpointSlices pointing to API Server', () => {
    expect(n.slicesOf('kubernetes')).toMatchObject([
      { addressType: 'IPv4', ports: [{ name: 'https', port: 6443, protocol: 'TCP' }], endpoints: [{ addresses: [n.nodeIp('cp-1')] }] },
    ]);
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
    n.e.pod(
      'pod1',
      { containers: [{ name: 'container1', image: 'nginx', ports: [port(3000, 'example-name')] }] },
      { labels: { pod1: 'on', shared12: 'on' } },
    );
    n.e.pod(
      'pod2',
      { containers: [{ name: 'container1', image: 'nginx', ports: [port(3001, 'example-name'), port(3002, 'other-port')] }] },
      { labels: { pod2: 'on', shared12: 'on' } },
    );
    const make = (name: string, selector: object, p: object): void => {
      n.service(name, { selector, publishNotReadyAddresses: true, ports: [{ port: 80, protocol: 'TCP', ...p }] });
    };
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
    const make = (): Slice =>
      n.e.create<Slice>('endpointslices', {
        metadata: { generateName: 'e2e-example-ing', labels: { 'special-label': 'x' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'] }, { addresses: ['2.2.3.4', '6.6.7.8'] }],
      });
    make();
    make();
    const made = make();
    const of = `${n.e.at('endpointslices')}?labelSelector=special-label%3Dx`;
    expect(n.e.list('endpointslices', 'special-label=x').length).toBe(3);
    expect(n.e.ask('GET', '/apis/discovery.k8s.io/v1/endpointslices?labelSelector=special-label%3Dx').body.items.length).toBe(3);
    const seen: string[] = [];
    const watch = n.e.cluster.watch(
      `${of}&resourceVersion=${n.e.ask<{ readonly metadata: { readonly resourceVersion: string } }>('GET', of).body.metadata.resourceVersion}`,
      ({ type, object }) => seen.push(`${type} ${(object as Slice).metadata.annotations?.patched}`),
    );
    n.e.patch('endpointslices', made.metadata.name, { metadata: { annotations: { patched: 'true' } } }, MERGE);
    expect(
      n.e.ask<Slice>('PUT', `${n.e.at('endpointslices')}/${made.metadata.name}`, {
        ...n.e.ask<Slice>('GET', `${n.e.at('endpointslices')}/${made.metadata.name}`).body,
        metadata: {
          ...n.e.ask<Slice>('GET', `${n.e.at('endpointslices')}/${made.metadata.name}`).body.metadata,
          annotations: { patched: 'true', updated: 'true' },
        },
      }).body.metadata.annotations?.updated,
    ).toBe('true');
    n.e.remove('endpointslices', made.metadata.name);
    n.e.cluster.advance(1);
    watch.stop();
    expect(seen).toEqual(['MODIFIED true', 'MODIFIED true', 'DELETED true']);
    expect(n.e.list('endpointslices', 'special-label=x').length).toBe(2);
    n.e.ask('DELETE', of);
    expect(n.e.list('endpointslices', 'special-label=x')).toEqual([]);
  });

  it('should support a Service with multiple ports specified in multiple EndpointSlices, and with multiple endpoint IPs', () => {
    for (const name of ['one', 'two'])
      n.e.pod(name, { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 9090 }, { containerPort: 9091 }] }] });
    n.client('asks');
    const ips = ['one', 'two'].map((name) => n.e.ready(name).status.podIP);
    const { spec } = n.service('example-custom-endpoints', {
      ports: [
        { name: 'portname1', port: 80, targetPort: 9090 },
        { name: 'portname2', port: 81, targetPort: 9091 },
      ],
    });
    ips.forEach((ip, i) =>
      n.e.create('endpointslices', {
        metadata: {
          name: `custom-${i}`,
          labels: { 'kubernetes.io/service-name': 'example-custom-endpoints', 'endpointslice.kubernetes.io/managed-by': 'e2e' },
        },
        addressType: 'IPv4',
        ports: [{ name: `portname${i + 1}`, port: 9090 + i, protocol: 'TCP' }],
        endpoints: [{ addresses: [ip] }],
      }),
    );
    n.reachable('default/asks', `${spec.clusterIP}:80`);
    expect(n.answers('default/asks', `${spec.clusterIP}:80`)).toEqual(['default/one']);
    expect(n.answers('default/asks', `${spec.clusterIP}:81`)).toEqual(['default/two']);
  });
});

describe('network/dns.go', () => {
  let n: Network;
  beforeAll(() => {
    n = network();
    n.client('dns');
  });
  const ask = (name: string, type: 'A' | 'SRV' | 'PTR' | 'CNAME' = 'A', from = 'default/dns') => n.e.cluster.lookup({ from, name, type });
  const has = (name: string, text: string | RegExp, type: 'A' | 'SRV' | 'PTR' | 'CNAME' = 'A'): void => {
    n.e.until(() => {
      const all = ask(name, type).answers.join('\n');
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    }, 60);
  };

  it('should provide DNS for the cluster', () => {
    for (const name of ['kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'])
      has(name, n.serviceOf('kubernetes').spec.clusterIP);
  });

  it('should provide /etc/hosts entries for the cluster', () => {
    n.service('dns-test-service', { clusterIP: 'None', selector: { t: 'hosts' }, ports: [{ port: 80 }] });
    n.e.pod(
      'hosts',
      { hostname: 'dns-querier-1', subdomain: 'dns-test-service', containers: [busybox('sleep 6000')] },
      { labels: { t: 'hosts' } },
    );
    n.e.ready('hosts');
    expect(n.e.say('exec hosts -- cat /etc/hosts')).toMatch(
      /\tdns-querier-1\.dns-test-service\.default\.svc\.cluster\.local\tdns-querier-1$/m,
    );
    has('dns-querier-1.dns-test-service', n.e.podNamed('hosts').status.podIP);
    has('dns-querier-1.dns-test-service.default.svc.cluster.local', n.e.podNamed('hosts').status.podIP);
  });

  it('should provide DNS for services', () => {
    n.server('backend', 80, { t: 'dns' });
    const { podIP } = n.e.ready('backend').status;
    n.service('test-service-1', { clusterIP: 'None', selector: { t: 'dns' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
    const { clusterIP } = n.service('test-service-2', {
      selector: { t: 'dns' },
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    }).spec;
    for (const name of ['test-service-1', 'test-service-1.default', 'test-service-1.default.svc']) has(name, podIP);
    has('test-service-2.default.svc', clusterIP);
    has('_http._tcp.test-service-1.default.svc', /SRV\t0 \d+ 80 /, 'SRV');
    has('_http._tcp.test-service-2.default.svc', 'test-service-2.default.svc.cluster.local.', 'SRV');
    has(`${clusterIP.split('.').reverse().join('.')}.in-addr.arpa.`, 'test-service-2.default.svc.cluster.local.', 'PTR');
  });

  it('should resolve DNS of partial qualified names for the cluster, and for services', () => {
    const { clusterIP } = n.service('partial', { selector: { t: 'dns' }, ports: [{ port: 80 }] }).spec;
    for (const name of ['kubernetes', 'partial', 'partial.default', 'partial.default.svc'])
      n.e.until(() => ask(name).rcode === 'NOERROR' && ask(name).answers.length > 0, 30);
    for (const name of ['partial', 'partial.default', 'partial.default.svc']) has(name, clusterIP);
    n.e.say('create namespace other');
    n.e.cluster.advance(3);
    expect(n.e.ask('POST', '/api/v1/namespaces/other/pods', { metadata: { name: 'dns' }, spec: { containers: [pause()] } }).status).toBe(
      201,
    );
    n.e.cluster.advance(5);
    const other = n.e.ask<Service>('POST', '/api/v1/namespaces/other/services', {
      metadata: { name: 'partial' },
      spec: { ports: [{ port: 80 }] },
    }).body.spec.clusterIP;
    for (const [name, ip] of [
      ['partial', other],
      ['partial.other', other],
      ['partial.default', clusterIP],
    ])
      n.e.until(() => ask(name, 'A', 'other/dns').answers.join().includes(ip), 60);
  });

  it('should provide DNS for pods for Hostname and Subdomain', () => {
    n.service('dns-test-service-2', { clusterIP: 'None', selector: { t: 'hostname' }, ports: [{ port: 80 }] });
    n.e.pod(
      'dns-querier-2',
      { hostname: 'dns-querier-2', subdomain: 'dns-test-service-2', containers: [pause()] },
      { labels: { t: 'hostname' } },
    );
    has('dns-querier-2.dns-test-service-2.default.svc.cluster.local', n.e.ready('dns-querier-2').status.podIP);
  });

  it('should provide DNS for ExternalName services', () => {
    n.service('dns-test-service-3', { type: 'ExternalName', externalName: 'foo.example.com' });
    for (const type of ['CNAME', 'A'] as const) has('dns-test-service-3.default.svc.cluster.local', 'foo.example.com.', type);
    n.e.patch('services', 'dns-test-service-3', { spec: { externalName: 'bar.example.com' } }, MERGE);
    for (const type of ['CNAME', 'A'] as const) has('dns-test-service-3.default.svc.cluster.local', 'bar.example.com.', type);
    n.e.patch(
      'services',
      'dns-test-service-3',
      { spec: { type: 'ClusterIP', clusterIP: '10.254.0.123', externalName: null, ports: [{ port: 80, name: 'http', protocol: 'TCP' }] } },
      MERGE,
    );
    has('dns-test-service-3.default.svc.cluster.local', '10.254.0.123');
  });

  it('should support configurable pod DNS nameservers, and resolv.conf', () => {
    n.client('own-dns', 'worker-1', {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local'], options: [{ name: 'ndots', value: '2' }] },
    });
    expect(n.e.say('exec own-dns -- cat /etc/resolv.conf')).toBe('search resolv.conf.local\nnameserver 1.1.1.1\noptions ndots:2\n');
  });

  it('should work with a search path containing an underscore and a search path with a single dot', () => {
    n.client('odd-dns', 'worker-1', { dnsConfig: { searches: ['.', 'abc_d.example.com'] } });
    expect(n.e.say('exec odd-dns -- cat /etc/resolv.conf')).toMatch(
      /^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local \. abc_d\.example\.com$/m,
    );
    expect(ask('kubernetes.default', 'A', 'default/odd-dns').answers.length).toBeGreaterThan(0);
  });
});

describe('common/network/networking.go, network/networking.go, hostport.go, service_latency.go', () => {
  let n: Network;
  beforeAll(() => {
    n = network();
    for (const node of NODES) n.server(`netserver-${node}`, 8080, { t: 'net' }, { nodeName: node });
    n.client('test-container');
    n.client('host-test-container', 'worker-1', { hostNetwork: true });
    for (const node of NODES) n.e.ready(`netserver-${node}`);
  });
  const everyone = NODES.map((node) => `default/netserver-${node}`);

  it.each([
    ['intra-pod', ['default/test-container', 'default/netserver-worker-1']],
    ['node-pod', ['default/host-test-container', 'node/worker-1']],
  ])('should function for %s communication: http', (_what, all) => {
    for (const from of all)
      for (const node of NODES)
        expect(n.answers(from, `${n.e.podNamed(`netserver-${node}`).status.podIP}:8080`)).toEqual([`default/netserver-${node}`]);
  });

  it('should function for pod-Service, node-Service, endpoint-Service: http', () => {
    const { spec } = n.service('node-port-service', { type: 'NodePort', selector: { t: 'net' }, ports: [{ port: 80, targetPort: 8080 }] });
    n.reachable('default/test-container', `${spec.clusterIP}:80`);
    n.e.cluster.advance(3);
    for (const from of ['default/test-container', 'node/worker-1', 'default/netserver-worker-1'])
      for (const to of [`${spec.clusterIP}:80`, `${n.nodeIp('worker-2')}:${spec.ports[0].nodePort}`])
        expect(n.answers(from, to), `${from} ${to}`).toEqual(everyone);
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
    const pod = (name: string, hostIP: string, protocol: string): void => {
      n.e.pod(name, {
        nodeName: 'worker-2',
        containers: [
          {
            name: 'agnhost',
            image: AGNHOST,
            args: ['netexec', '--http-port=8080', '--udp-port=8080'],
            ports: [{ hostPort: 54323, containerPort: 8080, protocol, hostIP }],
            readinessProbe: { httpGet: { path: '/hostname', port: 8080 } },
          },
        ],
      });
      n.e.ready(name);
    };
    pod('hostport-1', '127.0.0.1', 'TCP');
    pod('hostport-2', n.nodeIp('worker-2'), 'TCP');
    pod('hostport-3', n.nodeIp('worker-2'), 'UDP');
    n.e.pod('e2e-host-exec', { hostNetwork: true, nodeName: 'worker-2', containers: [{ name: 'e2e-host-exec', image: AGNHOST }] });
    n.e.ready('e2e-host-exec');
    const hostname = (ip: string): string => n.e.say(`exec e2e-host-exec -- curl -g --connect-timeout 5 http://${ip}:54323/hostname`);
    expect(hostname('127.0.0.1')).toContain('hostport-1');
    expect(hostname(n.nodeIp('worker-2'))).toContain('hostport-2');
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
