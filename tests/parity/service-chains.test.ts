/** Chain names that every kubeadm cluster has: they depend only on the Service's name, port name and protocol. Source: iptables-save outputs in kubernetes/kubernetes issues and the debugging docs. */
import { expect, it } from 'vitest';
import { chainName, proxyRules } from '../../src/engine/parts.ts';

it.each([
  ['default/kubernetes:https', 'tcp', 'KUBE-SVC-NPX46M4PTMTKRN6Y'],
  ['kube-system/kube-dns:dns', 'udp', 'KUBE-SVC-TCOU7JCQXEZGVUNU'],
  ['kube-system/kube-dns:dns-tcp', 'tcp', 'KUBE-SVC-ERIFXISQEP7F7OF4'],
  ['kube-system/kube-dns:metrics', 'tcp', 'KUBE-SVC-JD5MR3NA4I4DYORP'],
])('the chain of %s over %s is upstream’s', (name, protocol, chain) => {
  expect(chainName('KUBE-SVC-', name, protocol)).toBe(chain);
});

it('shares traffic evenly: each of n endpoints is taken with 1/n of the whole, in the digits that a Linux kernel prints', () => {
  const { nat } = proxyRules({
    services: [
      {
        metadata: { name: 'web', namespace: 'default' },
        spec: { clusterIP: '10.254.1.1', type: 'ClusterIP', ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
      },
    ],
    endpointSlices: [
      {
        addressType: 'IPv4',
        metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
        ports: [{ port: 8080, protocol: 'TCP', name: '' }],
        endpoints: ['10.163.0.2', '10.165.0.1', '10.165.0.9'].map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
      },
    ],
  });
  const chances = [...nat.matchAll(/--probability ([\d.]+)/g)].map((m) => m[1]);
  expect(chances).toEqual(['0.33333333349', '0.50000000000']);
  expect(nat).toContain('--to-destination 10.165.0.1:8080');
});

it('rejects a Service without endpoints', () => {
  const { nat, filter } = proxyRules({
    services: [
      { metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.254.1.1', ports: [{ port: 80, protocol: 'TCP' }] } },
    ],
    endpointSlices: [],
  });
  expect(filter).toContain(
    '-A KUBE-SERVICES -d 10.254.1.1/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
  );
  expect(nat).not.toContain('10.254.1.1');
});

const of = (spec: object, endpoints: readonly object[]) => ({
  services: [
    { metadata: { name: 'web', namespace: 'default' }, spec: { type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP' }], ...spec } },
  ],
  endpointSlices: endpoints.map((e, i) => ({
    metadata: { name: `web-${i}`, namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    ports: [{ port: 8080, protocol: 'TCP', name: '' }],
    ...e,
  })) as never,
});
const ready = (...ips: readonly string[]): readonly object[] => ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } }));

it('is of one family: addresses of the other are passed over', () => {
  const two = [
    { addressType: 'IPv6', endpoints: ready('fd00::1') },
    { addressType: 'IPv4', endpoints: ready('10.1.0.1') },
  ];
  const { nat } = proxyRules(of({ clusterIP: 'fd00::5', clusterIPs: ['fd00::5', '10.254.0.5'] }, two));
  expect(nat).toContain('-d 10.254.0.5/32');
  expect(nat).toContain('--to-destination 10.1.0.1:8080');
  expect(nat).not.toContain('fd00');
  expect(proxyRules(of({ clusterIP: 'fd00::5', clusterIPs: ['fd00::5'] }, two)).nat).not.toContain('default/web');
});

it('spares the comments of endpoints where there are more than 1000', () => {
  const many = (n: number) =>
    proxyRules(
      of({ clusterIP: '10.254.0.5' }, [
        { addressType: 'IPv4', endpoints: ready(...Array.from({ length: n }, (_, i) => `10.1.${i >> 8}.${i & 255}`)) },
      ]),
    ).nat;
  expect(many(1000).match(/"default\/web -> /g)).toHaveLength(1000);
  expect(many(1001)).not.toContain('"default/web -> ');
  expect(many(1001)).toContain('"default/web cluster IP"');
});
