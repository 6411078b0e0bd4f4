/** Rules for every way into a Service. Source: kubernetes/kubernetes pkg/proxy/iptables/proxier_test.go TestOverallIPTablesRules, TestInternalTrafficPolicy, Test_EndpointSlice…Terminating…, pkg/proxy/topology_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import type { V1EndpointSlice, V1Service } from '../../src/api/schema/kubernetes.ts';
import { proxyRules } from '../../src/engine/parts.ts';

const ME = 'test-hostname';
type End = readonly [ip: string, machine: string | undefined, conditions?: object, hints?: object];
const service = (
  n: number,
  spec: object,
  { nodePort, ingress }: { readonly nodePort?: number; readonly ingress?: string } = {},
): V1Service => ({
  metadata: { namespace: `ns${n}`, name: `svc${n}` },
  spec: { clusterIP: `172.30.0.4${n}`, ports: [{ name: 'p80', port: 80, protocol: 'TCP', ...(nodePort ? { nodePort } : {}) }], ...spec },
  ...(ingress ? { status: { loadBalancer: { ingress: [{ ip: ingress }] } } } : {}),
});
const slice = (n: number, ...ends: readonly End[]): V1EndpointSlice => ({
  addressType: 'IPv4',
  metadata: { namespace: `ns${n}`, name: `svc${n}-x`, labels: { 'kubernetes.io/service-name': `svc${n}` } },
  ports: [{ name: 'p80', port: 80, protocol: 'TCP' }],
  endpoints: ends.map(([ip, nodeName, conditions = { ready: true }, hints]) => ({
    addresses: [ip],
    conditions,
    ...(nodeName ? { nodeName } : {}),
    ...(hints ? { hints } : {}),
  })),
});
const run = (
  services: readonly V1Service[],
  endpointSlices: readonly V1EndpointSlice[],
  config: object = {},
  nodes: readonly object[] = [],
): { readonly nat: string; readonly filter: string } =>
  proxyRules({ services, endpointSlices, nodes, config: { clusterCIDR: '10.0.0.0/8', machine: ME, ...config } });

/** The rules of some chains without what all of them have: 'chain  to:port  comment → target'. */
function rulesOf(text: string, chains: RegExp): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const chain = /^-A (\S+)/.exec(line)?.[1] ?? '';
    if (!chains.test(chain)) return [];
    const word = (pattern: RegExp): string => pattern.exec(line)?.[1] ?? '';
    const at = [word(/ -d ([\d.]+)\/32/), word(/--dport (\d+)/)].filter(Boolean).join(':');
    return [
      [
        chain,
        word(/(?: |! )-s ([\d./]+)/) && `${line.includes('! -s') ? 'not ' : ''}from ${word(/-s ([\d./]+)/)}`,
        at,
        word(/--comment "([^"]*)"/),
        line.includes('--src-type LOCAL') ? 'src LOCAL' : '',
        line.includes('--dst-type LOCAL') ? 'dst LOCAL' : '',
        line.includes('--rcheck') ? 'recent' : '',
        word(/--probability ([\d.]+)/),
        `→ ${word(/-j (\S+)/)}`,
      ]
        .filter(Boolean)
        .join(' '),
    ];
  });
}

describe('the rules of six Services', () => {
  const rules = run(
    [
      service(1, { type: 'ClusterIP' }),
      service(
        2,
        { type: 'LoadBalancer', externalTrafficPolicy: 'Local', externalIPs: ['192.168.99.22'], healthCheckNodePort: 30000 },
        { nodePort: 3001, ingress: '1.2.3.4' },
      ),
      service(3, { type: 'NodePort' }, { nodePort: 3003 }),
      service(4, { type: 'NodePort', externalIPs: ['192.168.99.33'] }, { nodePort: 3002 }),
      service(
        5,
        { type: 'LoadBalancer', loadBalancerSourceRanges: [' 203.0.113.0/25'], sessionAffinity: 'ClientIP' },
        { nodePort: 3004, ingress: '1.2.3.5' },
      ),
      service(6, { type: 'ClusterIP' }),
    ],
    [
      slice(1, ['10.180.0.1', undefined]),
      slice(2, ['10.180.0.2', 'host2']),
      slice(3, ['10.180.0.3', undefined]),
      slice(4, ['10.180.0.4', undefined], ['10.180.0.5', undefined]),
      slice(5, ['10.180.0.3', undefined]),
    ],
  );
  it('into the chains', () =>
    expect(rulesOf(rules.nat, /^KUBE-(SERVICES|NODEPORTS)$/)).toEqual([
      'KUBE-NODEPORTS 3001 ns2/svc2:p80 → KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      'KUBE-NODEPORTS 3003 ns3/svc3:p80 → KUBE-EXT-X27LE4BHSL4DOUIK',
      'KUBE-NODEPORTS 3002 ns4/svc4:p80 → KUBE-EXT-4SW47YFZTEDKD3PK',
      'KUBE-NODEPORTS 3004 ns5/svc5:p80 → KUBE-EXT-NUKIZ6OKUXPJNT4C',
      'KUBE-SERVICES 172.30.0.41:80 ns1/svc1:p80 cluster IP → KUBE-SVC-XPGD46QRK7WJZT7O',
      'KUBE-SERVICES 172.30.0.42:80 ns2/svc2:p80 cluster IP → KUBE-SVC-GNZBNJ2PO5MGZ6GT',
      'KUBE-SERVICES 192.168.99.22:80 ns2/svc2:p80 external IP → KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      'KUBE-SERVICES 1.2.3.4:80 ns2/svc2:p80 loadbalancer IP → KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      'KUBE-SERVICES 172.30.0.43:80 ns3/svc3:p80 cluster IP → KUBE-SVC-X27LE4BHSL4DOUIK',
      'KUBE-SERVICES 172.30.0.44:80 ns4/svc4:p80 cluster IP → KUBE-SVC-4SW47YFZTEDKD3PK',
      'KUBE-SERVICES 192.168.99.33:80 ns4/svc4:p80 external IP → KUBE-EXT-4SW47YFZTEDKD3PK',
      'KUBE-SERVICES 172.30.0.45:80 ns5/svc5:p80 cluster IP → KUBE-SVC-NUKIZ6OKUXPJNT4C',
      'KUBE-SERVICES 1.2.3.5:80 ns5/svc5:p80 loadbalancer IP → KUBE-FW-NUKIZ6OKUXPJNT4C',
      'KUBE-SERVICES kubernetes service nodeports; NOTE: this must be the last rule in this chain dst LOCAL → KUBE-NODEPORTS',
    ]));
  it('from outside', () =>
    expect(rulesOf(rules.nat, /^KUBE-(EXT|FW|SVL)-/)).toEqual([
      'KUBE-EXT-4SW47YFZTEDKD3PK masquerade traffic for ns4/svc4:p80 external destinations → KUBE-MARK-MASQ',
      'KUBE-EXT-4SW47YFZTEDKD3PK → KUBE-SVC-4SW47YFZTEDKD3PK',
      'KUBE-EXT-GNZBNJ2PO5MGZ6GT from 10.0.0.0/8 pod traffic for ns2/svc2:p80 external destinations → KUBE-SVC-GNZBNJ2PO5MGZ6GT',
      'KUBE-EXT-GNZBNJ2PO5MGZ6GT masquerade LOCAL traffic for ns2/svc2:p80 external destinations src LOCAL → KUBE-MARK-MASQ',
      'KUBE-EXT-GNZBNJ2PO5MGZ6GT route LOCAL traffic for ns2/svc2:p80 external destinations src LOCAL → KUBE-SVC-GNZBNJ2PO5MGZ6GT',
      'KUBE-EXT-NUKIZ6OKUXPJNT4C masquerade traffic for ns5/svc5:p80 external destinations → KUBE-MARK-MASQ',
      'KUBE-EXT-NUKIZ6OKUXPJNT4C → KUBE-SVC-NUKIZ6OKUXPJNT4C',
      'KUBE-EXT-X27LE4BHSL4DOUIK masquerade traffic for ns3/svc3:p80 external destinations → KUBE-MARK-MASQ',
      'KUBE-EXT-X27LE4BHSL4DOUIK → KUBE-SVC-X27LE4BHSL4DOUIK',
      'KUBE-FW-NUKIZ6OKUXPJNT4C from 203.0.113.0/25 ns5/svc5:p80 loadbalancer IP → KUBE-EXT-NUKIZ6OKUXPJNT4C',
      'KUBE-FW-NUKIZ6OKUXPJNT4C other traffic to ns5/svc5:p80 will be dropped by KUBE-PROXY-FIREWALL → ',
    ]));
  it('to the endpoints', () =>
    expect(rulesOf(rules.nat, /^KUBE-(SVC-(4SW|NUK)|SEP-(RS4|C6E))/)).toEqual([
      'KUBE-SEP-C6EBXVWJJZMIWKLZ from 10.180.0.5/32 ns4/svc4:p80 → KUBE-MARK-MASQ',
      'KUBE-SEP-C6EBXVWJJZMIWKLZ ns4/svc4:p80 → DNAT',
      'KUBE-SEP-RS4RBKLTHTF2IUXJ from 10.180.0.2/32 ns2/svc2:p80 → KUBE-MARK-MASQ',
      'KUBE-SEP-RS4RBKLTHTF2IUXJ ns2/svc2:p80 → DNAT',
      'KUBE-SVC-4SW47YFZTEDKD3PK not from 10.0.0.0/8 172.30.0.44:80 ns4/svc4:p80 cluster IP → KUBE-MARK-MASQ',
      'KUBE-SVC-4SW47YFZTEDKD3PK ns4/svc4:p80 -> 10.180.0.4:80 0.50000000000 → KUBE-SEP-UKSFD7AGPMPPLUHC',
      'KUBE-SVC-4SW47YFZTEDKD3PK ns4/svc4:p80 -> 10.180.0.5:80 → KUBE-SEP-C6EBXVWJJZMIWKLZ',
      'KUBE-SVC-NUKIZ6OKUXPJNT4C not from 10.0.0.0/8 172.30.0.45:80 ns5/svc5:p80 cluster IP → KUBE-MARK-MASQ',
      'KUBE-SVC-NUKIZ6OKUXPJNT4C ns5/svc5:p80 -> 10.180.0.3:80 recent → KUBE-SEP-I77PXRDZVX7PMWMN',
      'KUBE-SVC-NUKIZ6OKUXPJNT4C ns5/svc5:p80 -> 10.180.0.3:80 → KUBE-SEP-I77PXRDZVX7PMWMN',
    ]));
  it('refused and dropped', () =>
    expect(rulesOf(rules.filter, /^KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL)$/)).toEqual([
      'KUBE-EXTERNAL-SERVICES 192.168.99.22:80 ns2/svc2:p80 has no local endpoints → DROP',
      'KUBE-EXTERNAL-SERVICES 1.2.3.4:80 ns2/svc2:p80 has no local endpoints → DROP',
      'KUBE-EXTERNAL-SERVICES 3001 ns2/svc2:p80 has no local endpoints dst LOCAL → DROP',
      'KUBE-NODEPORTS 30000 ns2/svc2:p80 health check node port → ACCEPT',
      'KUBE-PROXY-FIREWALL 1.2.3.5:80 ns5/svc5:p80 traffic not accepted by KUBE-FW-NUKIZ6OKUXPJNT4C → DROP',
      'KUBE-SERVICES 172.30.0.46:80 ns6/svc6:p80 has no endpoints → REJECT',
    ]));
});

/** Endpoints by policy, 'cluster | local'. */
describe('which endpoints', () => {
  const open = (spec: object): V1Service => service(1, { type: 'NodePort', ...spec }, { nodePort: 3001 });
  const READY = { ready: true, serving: true, terminating: false };
  const LINGERING = { ready: false, serving: true, terminating: true };
  const GOING = { ready: false, serving: false, terminating: true };
  const NOT_READY = { ready: false, serving: false, terminating: false };
  const zone = (name: string): object => ({ forZones: [{ name }] });
  const table: readonly (readonly [string, V1Service, readonly End[], string])[] = [
    [
      'all that are ready',
      open({}),
      [
        ['10.0.0.1', ME, READY],
        ['10.0.0.2', 'b', READY],
        ['10.0.0.3', 'b', NOT_READY],
      ],
      '1 2 | ',
    ],
    ['conditions that nobody set', open({}), [['10.0.0.1', ME, {}]], '1 | '],
    [
      'only those here, and for pods all',
      open({ externalTrafficPolicy: 'Local' }),
      [
        ['10.0.0.1', ME, READY],
        ['10.0.0.2', 'b', READY],
      ],
      '1 2 | 1',
    ],
    [
      'ready and terminating here',
      open({ externalTrafficPolicy: 'Local' }),
      [
        ['10.0.0.1', ME, READY],
        ['10.0.0.2', ME, READY],
        ['10.0.0.3', ME, LINGERING],
        ['10.0.0.4', ME, GOING],
        ['10.0.0.5', 'b', READY],
      ],
      '1 2 5 | 1 2',
    ],
    [
      'only terminating ones here',
      open({ externalTrafficPolicy: 'Local' }),
      [
        ['10.0.0.1', ME, LINGERING],
        ['10.0.0.2', ME, LINGERING],
        ['10.0.0.3', ME, GOING],
        ['10.0.0.5', 'b', READY],
      ],
      '5 | 1 2',
    ],
    [
      'only terminating ones anywhere',
      open({ externalTrafficPolicy: 'Local' }),
      [
        ['10.0.0.1', ME, LINGERING],
        ['10.0.0.5', 'b', LINGERING],
        ['10.0.0.6', 'b', GOING],
      ],
      '1 5 | 1',
    ],
    ['terminating ones that do not serve', open({}), [['10.0.0.1', ME, GOING]], ' | '],
    [
      'a zone that all hints name',
      open({}),
      [
        ['10.0.0.1', 'b', READY, zone('a')],
        ['10.0.0.2', 'b', READY, zone('b')],
      ],
      '1 | ',
    ],
    [
      'a zone that one hint does not name',
      open({}),
      [
        ['10.0.0.1', 'b', READY, zone('a')],
        ['10.0.0.2', 'b', READY],
      ],
      '1 2 | ',
    ],
    [
      'a zone that no hint names',
      open({}),
      [
        ['10.0.0.1', 'b', READY, zone('b')],
        ['10.0.0.2', 'b', READY, zone('c')],
      ],
      '1 2 | ',
    ],
    [
      'a machine before its zone',
      open({}),
      [
        ['10.0.0.1', ME, READY, { ...zone('a'), forNodes: [{ name: ME }] }],
        ['10.0.0.2', 'b', READY, { ...zone('a'), forNodes: [{ name: 'b' }] }],
      ],
      '1 | ',
    ],
  ];
  const node = { metadata: { name: ME, labels: { 'topology.kubernetes.io/zone': 'a' } }, status: {} };
  for (const [name, of, ends, expected] of table)
    it(name, () => {
      const { nat } = run([of], [slice(1, ...ends)], {}, [node]);
      const behind = (prefix: string): string =>
        nat
          .split('\n')
          .flatMap((line) => (line.startsWith(`-A ${prefix}`) ? (/-> 10\.0\.0\.(\d)/.exec(line)?.[1] ?? []) : []))
          .join(' ');
      expect(`${behind('KUBE-SVC-')} | ${behind('KUBE-SVL-')}`).toBe(expected);
    });
  const inner = service(1, { internalTrafficPolicy: 'Local' });
  it('internalTrafficPolicy Local: only those here', () =>
    expect(rulesOf(run([inner], [slice(1, ['10.0.0.1', ME], ['10.0.0.2', 'b'])]).nat, /^KUBE-SV[CL]-/)).toEqual([
      'KUBE-SVL-XPGD46QRK7WJZT7O not from 10.0.0.0/8 172.30.0.41:80 ns1/svc1:p80 cluster IP → KUBE-MARK-MASQ',
      expect.stringMatching(/^KUBE-SVL-XPGD46QRK7WJZT7O ns1\/svc1:p80 -> 10\.0\.0\.1:80 → KUBE-SEP-/),
    ]));
  it('of the only machine that is named', () =>
    expect(
      proxyRules({
        services: [inner],
        endpointSlices: [slice(1, ['10.0.0.1', ME], ['10.0.0.2', 'b'])],
        nodes: [{ metadata: { name: 'b' } }],
      }).nat,
    ).toMatch(/-A KUBE-SVL-XPGD46QRK7WJZT7O .* 10\.0\.0\.2:80/));
  it('and dropped when none is', () =>
    expect(rulesOf(run([inner], [slice(1, ['10.0.0.2', 'b'])]).filter, /^KUBE-SERVICES$/)).toEqual([
      'KUBE-SERVICES 172.30.0.41:80 ns1/svc1:p80 has no local endpoints → DROP',
    ]));
  it('masqueradeAll spares nobody', () =>
    expect(rulesOf(run([service(1, {})], [slice(1, ['10.0.0.1', ME])], { masqueradeAll: true }).nat, /^KUBE-SVC-/)[0]).toBe(
      'KUBE-SVC-XPGD46QRK7WJZT7O 172.30.0.41:80 ns1/svc1:p80 cluster IP → KUBE-MARK-MASQ',
    ));
  it('a machine in the source ranges may reach the load balancer from its address', () =>
    expect(
      rulesOf(
        run(
          [service(1, { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.0.0/24'] }, { ingress: '1.2.3.4' })],
          [slice(1, ['10.0.0.1', ME])],
          { nodeIP: '192.168.0.2' },
        ).nat,
        /^KUBE-FW-/,
      ).map((r) => r.split(' ').slice(1, 3).join(' ')),
    ).toEqual(['from 192.168.0.0/24', 'from 1.2.3.4/32', 'other traffic']));
  it('source ranges are written as iptables 1.8.9 saves what it was given', () => {
    const saved = (...loadBalancerSourceRanges: readonly string[]): readonly string[] =>
      run([service(1, { type: 'LoadBalancer', loadBalancerSourceRanges }, { ingress: '1.2.3.4' })], [slice(1, ['10.0.0.1', ME])])
        .nat.split('\n')
        .flatMap((line) =>
          (/^-A KUBE-FW-\S+ (.*)-m comment --comment "ns1\/svc1:p80 loadbalancer IP" -j KUBE-EXT-/.exec(line) ?? []).slice(1),
        );
    expect(saved('203.0.113.7/25', '0.0.0.0/0', '2001:db8::/32')).toEqual(['-s 203.0.113.0/25 ', '']);
    expect(saved('2001:db8::/32'), 'those of another family guard nothing').toEqual([]);
  });
  it('another proxy’s Services are left alone', () =>
    expect(
      run(
        [
          {
            ...service(1, {}),
            metadata: { namespace: 'ns1', name: 'svc1', labels: { 'service.kubernetes.io/service-proxy-name': 'other' } },
          },
        ],
        [],
      ).filter,
    ).not.toContain('svc1'));
});
