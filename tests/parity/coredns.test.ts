/** CoreDNS' own table: coredns plugin/kubernetes/handler_test.go (dnsTestCases) over the Services and endpoints of its APIConnServeTest; records sorted, as there. */
import { describe, expect, it } from 'vitest';
import { dnsAnswer } from '../../src/engine/parts.ts';
import type { KubeObject } from '../../src/api/object.ts';

type Spec = Readonly<Record<string, unknown>>;
const HTTP = [{ name: 'http', protocol: 'TCP', port: 80 }];
const service = (name: string, spec: Spec): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'testns' }, spec }) as KubeObject;
const slice = (of: string, name: string, endpoints: readonly Spec[], ports: readonly Spec[]): KubeObject =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'testns', labels: { 'kubernetes.io/service-name': of } },
    endpoints,
    ports,
  }) as unknown as KubeObject;
const at = (address: string, hostname?: string): Spec => ({
  addresses: [address],
  conditions: { ready: true },
  ...(hostname ? { hostname } : {}),
});
const objects: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'testns' } } as KubeObject,
  service('svc1', { type: 'ClusterIP', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: HTTP }),
  service('svcempty', { type: 'ClusterIP', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: HTTP }),
  service('svc6', { type: 'ClusterIP', clusterIP: '1234:abcd::1', clusterIPs: ['1234:abcd::1'], ports: HTTP }),
  service('hdls1', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] }),
  service('hdlsprtls', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] }),
  service('external', { type: 'ExternalName', externalName: 'ext.interwebs.test', ports: HTTP }),
  service('external-to-service', { type: 'ExternalName', externalName: 'svc1.testns.svc.cluster.local.', ports: HTTP }),
  service('svc-dual-stack', { type: 'ClusterIP', clusterIP: '10.0.0.3', clusterIPs: ['10.0.0.3', '10::3'], ports: HTTP }),
  slice('hdls1', 'hdls1-4', [at('172.0.0.2'), at('172.0.0.3'), at('172.0.0.4', 'dup-name'), at('172.0.0.5', 'dup-name')], HTTP),
  slice('hdls1', 'hdls1-6', [at('5678:abcd::1'), at('5678:abcd::2')], HTTP),
  slice('hdlsprtls', 'hdlsprtls-1', [at('172.0.0.20')], []),
];
const END = 'testns.svc.cluster.local.';
const a = (name: string, ip: string): string => `${name}\t5\tIN\tA\t${ip}`;
const aaaa = (name: string, ip: string): string => `${name}\t5\tIN\tAAAA\t${ip}`;
const srv = (name: string, weight: number, target: string): string => `${name}\t5\tIN\tSRV\t0 ${weight} 80 ${target}`;
const six = [
  a(`172-0-0-2.hdls1.${END}`, '172.0.0.2'),
  a(`172-0-0-3.hdls1.${END}`, '172.0.0.3'),
  aaaa(`5678-abcd--1.hdls1.${END}`, '5678:abcd::1'),
  aaaa(`5678-abcd--2.hdls1.${END}`, '5678:abcd::2'),
  a(`dup-name.hdls1.${END}`, '172.0.0.4'),
  a(`dup-name.hdls1.${END}`, '172.0.0.5'),
];

const CASES: readonly (readonly [name: string, type: string, answer: readonly string[], additional?: readonly string[]])[] = [
  [`svc1.${END}`, 'A', [a(`svc1.${END}`, '10.0.0.1')]],
  [`svcempty.${END}`, 'A', [a(`svcempty.${END}`, '10.0.0.1')]],
  [`svc1.${END}`, 'SRV', [srv(`svc1.${END}`, 100, `svc1.${END}`)], [a(`svc1.${END}`, '10.0.0.1')]],
  [`svc6.${END}`, 'SRV', [srv(`svc6.${END}`, 100, `svc6.${END}`)], [aaaa(`svc6.${END}`, '1234:abcd::1')]],
  [`_http._tcp.svc1.${END}`, 'SRV', [srv(`_http._tcp.svc1.${END}`, 100, `svc1.${END}`)], [a(`svc1.${END}`, '10.0.0.1')]],
  [`hdls1.${END}`, 'A', ['172.0.0.2', '172.0.0.3', '172.0.0.4', '172.0.0.5'].map((ip) => a(`hdls1.${END}`, ip))],
  [`hdlsprtls.${END}`, 'A', [a(`hdlsprtls.${END}`, '172.0.0.20')]],
  [`172-0-0-20.hdlsprtls.${END}`, 'A', [a(`172-0-0-20.hdlsprtls.${END}`, '172.0.0.20')]],
  [`172-0-0-2.hdls1.${END}`, 'A', [a(`172-0-0-2.hdls1.${END}`, '172.0.0.2')]],
  [`dup-name.hdls1.${END}`, 'A', [a(`dup-name.hdls1.${END}`, '172.0.0.4'), a(`dup-name.hdls1.${END}`, '172.0.0.5')]],
  [
    `_http._tcp.hdls1.${END}`,
    'SRV',
    ['172-0-0-2', '172-0-0-3', '5678-abcd--1', '5678-abcd--2', 'dup-name'].map((host) =>
      srv(`_http._tcp.hdls1.${END}`, 16, `${host}.hdls1.${END}`),
    ),
    six,
  ],
  ['5678-abcd--2.hdls1.testns.svc.cluster.local', 'AAAA', [aaaa(`5678-abcd--2.hdls1.${END}`, '5678:abcd::2')]],
  [`external.${END}`, 'CNAME', [`external.${END}\t5\tIN\tCNAME\text.interwebs.test.`]],
  [
    'external-to-service.testns.svc.cluster.local',
    'A',
    [`external-to-service.${END}\t5\tIN\tCNAME\tsvc1.${END}`, a(`svc1.${END}`, '10.0.0.1')],
  ],
  ['dns-version.cluster.local.', 'TXT', ['dns-version.cluster.local.\t28800\tIN\tTXT\t"1.1.0"']],
  [`svc6.${END}`, 'AAAA', [aaaa(`svc6.${END}`, '1234:abcd::1')]],
  [`hdls1.${END}`, 'AAAA', [aaaa(`hdls1.${END}`, '5678:abcd::1'), aaaa(`hdls1.${END}`, '5678:abcd::2')]],
  [`svc-dual-stack.${END}`, 'A', [a(`svc-dual-stack.${END}`, '10.0.0.3')]],
  [`svc-dual-stack.${END}`, 'AAAA', [aaaa(`svc-dual-stack.${END}`, '10::3')]],
  [
    `svc-dual-stack.${END}`,
    'SRV',
    [srv(`svc-dual-stack.${END}`, 50, `svc-dual-stack.${END}`)],
    [a(`svc-dual-stack.${END}`, '10.0.0.3'), aaaa(`svc-dual-stack.${END}`, '10::3')],
  ],
];
/** Names that exist without such a record, and names that do not: both come with the SOA. */
const NEGATIVE: readonly (readonly [rcode: string, name: string, type: string])[] = [
  ...(
    [
      [`svc1.${END}`, 'AAAA'],
      ['svc.cluster.local.', 'A'],
      ['pod.cluster.local.', 'A'],
      [END, 'A'],
      ['svc.cluster.local.', 'NS'],
      [END, 'NS'],
      [`svc1.${END}`, 'SOA'],
    ] as const
  ).map(([n, t]) => ['NOERROR', n, t] as const),
  ...(
    [
      [`svc0.${END}`, 'AAAA'],
      [`svc0.${END}`, 'A'],
      ['svc0.svc-nons.svc.cluster.local.', 'A'],
      [`bogusendpoint.hdls1.${END}`, 'A'],
      [`bogusendpoint.svc0.${END}`, 'A'],
      ['foo.cluster.local.', 'NS'],
      ['foo.svc.cluster.local.', 'NS'],
      [`endpoint.external.${END}`, 'CNAME'],
    ] as const
  ).map(([n, t]) => ['NXDOMAIN', n, t] as const),
];
const ask = (name: string, type: string) => dnsAnswer({ objects, ttl: 5 }, { name, type });

describe('CoreDNS’ kubernetes plugin', () => {
  it.each(CASES.map(([name, type, answer, additional = []]) => ({ name, type, answer, additional })))(
    '$name $type',
    ({ name, type, answer, additional }) => {
      const said = ask(name, type);
      expect([said.rcode, [...said.answer].sort(), [...said.additional].sort(), said.authority]).toEqual([
        'NOERROR',
        [...answer].sort(),
        [...additional].sort(),
        [],
      ]);
    },
  );
  it.each(NEGATIVE)('%s: %s %s', (rcode, name, type) => {
    const said = ask(name, type);
    expect([said.rcode, said.answer]).toEqual([rcode, []]);
    expect(said.authority[0]).toMatch(
      /^cluster\.local\.\t5\tIN\tSOA\tns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \d+ 7200 1800 86400 5$/,
    );
  });
  it('names pods by their address, and addresses by their Service', () => {
    expect(ask('10-200-1-5.testns.pod.cluster.local.', 'A').answer).toEqual([a('10-200-1-5.testns.pod.cluster.local.', '10.200.1.5')]);
    expect(ask('1.0.0.10.in-addr.arpa.', 'PTR').answer[0]).toMatch(/\tPTR\tsvc1\.testns\.svc\.cluster\.local\.$/);
    expect(ask('4.0.0.172.in-addr.arpa.', 'PTR').answer).toEqual([
      '4.0.0.172.in-addr.arpa.\t5\tIN\tPTR\tdup-name.hdls1.testns.svc.cluster.local.',
    ]);
    expect(ask('2.0.0.172.in-addr.arpa.', 'PTR').rcode).toBe('NXDOMAIN');
  });
});

/** plugin/kubernetes/{kubernetes,handler}.go: Services, ServeDNS. */
describe('of the zone itself and of aliases', () => {
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'out', namespace: 'ns' },
      spec: { type: 'ExternalName', externalName: 'example.com' },
    },
  ];
  const ask = (name: string, type: string) => dnsAnswer({ objects: objects as never }, { name, type });
  it('SOA and NS are answered', () => {
    expect(ask('cluster.local.', 'SOA')).toMatchObject({
      rcode: 'NOERROR',
      answer: [expect.stringMatching(/^cluster\.local\.\t30\tIN\tSOA\tns\.dns\.cluster\.local\. /)],
      authority: [],
    });
    expect(ask('cluster.local.', 'NS')).toMatchObject({ rcode: 'NOERROR', answer: ['cluster.local.\t30\tIN\tNS\tns.dns.cluster.local.'] });
  });
  it('an alias has no SRV record', () => expect(ask('out.ns.svc.cluster.local.', 'SRV')).toMatchObject({ rcode: 'NOERROR', answer: [] }));
  it('a name is answered as it was written', () =>
    expect(ask('Out.NS.svc.cluster.local.', 'CNAME').answer).toEqual(['Out.NS.svc.cluster.local.\t30\tIN\tCNAME\texample.com.']));
});
