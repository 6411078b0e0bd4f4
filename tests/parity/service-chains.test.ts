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

it('shares traffic evenly: each of n endpoints is taken with 1/n of the whole', () => {
  const { nat } = proxyRules({
    services: [{ metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.254.1.1', type: 'ClusterIP', ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] } }],
    endpointSlices: [{ addressType: 'IPv4', metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } }, ports: [{ port: 8080, protocol: 'TCP', name: '' }], endpoints: ['10.163.0.2', '10.165.0.1', '10.165.0.9'].map((ip) => ({ addresses: [ip], conditions: { ready: true } })) }],
  });
  const chances = [...nat.matchAll(/--probability ([\d.]+)/g)].map((m) => m[1]);
  expect(chances).toEqual(['0.33333333333', '0.50000000000']);
  expect(nat).toContain('--to-destination 10.165.0.1:8080');
});

it('rejects a Service without endpoints', () => {
  const { nat, filter } = proxyRules({ services: [{ metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.254.1.1', ports: [{ port: 80, protocol: 'TCP' }] } }], endpointSlices: [] });
  expect(filter).toContain('-A KUBE-SERVICES -d 10.254.1.1/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable');
  expect(nat).not.toContain('10.254.1.1');
});
