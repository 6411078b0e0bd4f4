/** The notes' NAT example, with exactly their addresses: 10.254.1.1:80 → 10.163.0.2:8080 and 10.165.0.1:8080. And what else a packet may meet. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster, type Walk } from '../../src/engine/headless.ts';
import { NAT_EXAMPLE } from '../../src/scenarios/nat-example.ts';

const whats = (walk: Walk): readonly string[] => walk.hops.map((h) => h.what);
const SECOND_SERVER = '10.165.0.1:8080';

describe('a Service is only rules', () => {
  let cluster: Cluster;
  const call = (to = '10.254.1.1:80', from = 'default/client'): Walk => cluster.connect({ from, to });
  beforeAll(() => {
    cluster = openCluster({ topology: NAT_EXAMPLE.topology });
    for (const manifest of NAT_EXAMPLE.manifests) {
      cluster.kubectl('apply -f -', manifest);
      cluster.settle();
    }
    cluster.advance(5);
  });

  it('has the addresses of the notes', () => {
    const slices = cluster.request({ method: 'GET', path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices' }).body as {
      readonly items: readonly { readonly endpoints?: readonly { readonly addresses: readonly string[] }[] }[];
    };
    expect(
      slices.items
        .flatMap((s) => s.endpoints ?? [])
        .flatMap((e) => e.addresses)
        .filter((ip) => !ip.startsWith('192.'))
        .sort(),
    ).toEqual(['10.163.0.2', '10.165.0.1']);
    expect(cluster.kubectl('get service shop').stdout).toContain('10.254.1.1');
  });

  it('belongs to no machine: no interface has the address', () => {
    for (const node of ['cp-1', 'worker-1', 'worker-2']) expect(JSON.stringify(cluster.host(node).addresses)).not.toContain('10.254.1.1');
  });

  it('is the same rules on every machine, except for who they are', () => {
    const rulesOf = (node: string): string[] =>
      cluster
        .iptablesSave(node)
        .split('\n')
        .filter((l) => l.includes('default/shop'));
    expect(rulesOf('worker-1').length).toBeGreaterThanOrEqual(8);
    expect(rulesOf('worker-2')).toEqual(rulesOf('worker-1'));
  });

  it('rewrites the destination on the client’s own machine, and nothing else', () => {
    const walk = [...Array(12)].map(() => call()).find((w) => w.hops.some((h) => h.what === 'dnat' && h.packet.dst === SECOND_SERVER));
    expect(walk).toBeDefined();
    const dnat = walk?.hops.find((h) => h.what === 'dnat');
    expect(dnat?.at).toBe('worker-1');
    expect(dnat?.packet.src).toMatch(/^10\.163\.0\.\d+:/);
    expect(dnat?.rule).toContain(`--to-destination ${SECOND_SERVER}`);
    const wrapped = walk?.hops.find((h) => h.what === 'encapsulated');
    expect(wrapped?.packet.encapsulated).toEqual({ src: '192.168.0.11', dst: '192.168.0.12', dport: 8472, vni: 1 });
    expect(whats(walk as Walk)).not.toContain('masqueraded');
    expect(walk?.hops.find((h) => h.what === 'delivered')?.packet).toMatchObject({ src: dnat?.packet.src, dst: SECOND_SERVER });
    expect(walk?.hops[walk.hops.length - 1].packet.src).toBe('10.254.1.1:80');
    expect(walk).toMatchObject({ verdict: 'answered', status: 200 });
  });

  it('meets the rules with the first packet only', () => {
    const kinds = call()
      .hops.filter((h) => h.what === 'rules')
      .map((h) => h.packet.dst);
    expect(new Set(kinds)).toEqual(new Set(['10.254.1.1:80']));
  });

  it('shares 200 connections about evenly, and not in turn', () => {
    const served = [...Array(200)].map(() => call().servedBy);
    const first = served.filter((s) => s === served[0]).length;
    expect(first).toBeGreaterThan(70);
    expect(first).toBeLessThan(130);
    const turns = served.filter((s, i) => i > 0 && s !== served[i - 1]).length;
    expect(turns).toBeLessThan(150);
  });

  it('masquerades a pod that reaches itself through its own Service', () => {
    const pods = cluster
      .kubectl('get pods -o wide')
      .stdout.split('\n')
      .find((l) => l.includes('10.163.0.2'))
      ?.split(/\s+/)[0];
    const walk = [...Array(12)].map(() => call('10.254.1.1:80', `default/${pods}`)).find((w) => w.servedBy === `default/${pods}`);
    expect(walk?.hops.find((h) => h.what === 'masqueraded')?.packet.src).toMatch(/^10\.163\.0\.1:/);
    expect(walk?.verdict).toBe('answered');
  });

  it('resolves its name with the search list, and refuses what is not there', () => {
    expect(cluster.lookup({ from: 'default/client', name: 'shop' })).toMatchObject({
      rcode: 'NOERROR',
      queries: ['shop.default.svc.cluster.local.'],
    });
    expect(call('http://shop/').verdict).toBe('answered');
    expect(call('http://shopp/').verdict).toBe('nxdomain');
    expect(call('10.163.0.2:81').verdict).toBe('refused');
    expect(() => call('http://')).toThrow('cannot connect');
    expect(() => call('10.254.1.1:80', 'default/nobody')).toThrow('is not running');
  });

  it('sends traffic of a NodePort from outside through the machine that was asked', () => {
    cluster.kubectl(
      'apply -f -',
      'apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {type: NodePort, selector: {app: shop}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}\n',
    );
    cluster.settle();
    cluster.advance(3);
    const walk = call('192.168.0.10:30080', 'internet');
    expect(walk.verdict).toBe('answered');
    expect(whats(walk)).toContain('masqueraded');
    expect(walk.hops.find((h) => h.what === 'delivered')?.packet.src).not.toMatch(/^203\./);
  });

  it('keeps flowing without kube-proxy, and rejects when nobody is left', () => {
    cluster.kubectl('delete daemonset kube-proxy -n kube-system');
    cluster.settle();
    expect(call().verdict).toBe('answered');
    expect(cluster.host('worker-1').conntrack.some((line) => line.includes('dst=10.254.1.1'))).toBe(true);
  });
});

/** Upstream: pkg/util/iptables/iptables.go Monitor, asked by pkg/kubelet/kubelet_network_linux.go and cmd/kube-proxy; the chains of pkg/proxy/iptables/cleanup_test.go TestCleanupLeftovers. */
it.each(['mangle', 'nat', 'filter'] as const)('the table %s has the chains that tell of a flush', (table) => {
  const chains = openCluster({ topology: { workers: 0 } })
    .iptablesSave('cp-1', table)
    .split('\n');
  for (const name of ['KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY']) expect(chains).toContain(`:${name} - [0:0]`);
});

/** Upstream: pkg/proxy/apis/config/v1alpha1/defaults.go (v1.36): conntrack.tcpEstablishedTimeout is 24 h; the kernel's own would be five days. */
it('a connection that nobody answers is remembered for a day', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run web --image=nginx:1.29');
  cluster.settle();
  const ip = cluster.kubectl("get pod web -o jsonpath='{.status.podIP}'").stdout;
  cluster.fault({ do: 'pause', what: 'default/web/web' });
  expect(cluster.connect({ from: 'node/cp-1', to: `${ip}:80` }).verdict).toBe('timeout');
  const [line] = cluster.host('worker-1').conntrack.filter((l) => l.includes(`dst=${ip} `));
  const [, seconds] = /^tcp +6 (\d+) ESTABLISHED /.exec(line) ?? [];
  expect(Number(seconds)).toBeGreaterThan(86_380);
  expect(Number(seconds)).toBeLessThanOrEqual(86_400);
});

describe('a Service without endpoints', () => {
  it('refuses at once, by a rule', () => {
    const cluster = openCluster();
    cluster.kubectl(
      'apply -f -',
      'apiVersion: v1\nkind: Service\nmetadata: {name: empty}\nspec: {clusterIP: 10.254.0.99, selector: {app: none}, ports: [{port: 80}]}\n',
    );
    cluster.settle();
    cluster.advance(3);
    const walk = cluster.connect({ from: 'node/worker-1', to: '10.254.0.99:80' });
    expect(walk.verdict).toBe('refused');
    expect(walk.hops.find((h) => h.what === 'rejected')?.rule).toContain('default/empty has no endpoints');
  });
});
