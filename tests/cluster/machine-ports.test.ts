/** What answers on a machine's own ports, to somebody without a certificate. Source: kubernetes.io "Ports and Protocols"; kubeadm's kubelet configuration; pkg/proxy/healthcheck/proxy_health.go (v1.36). */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

it('the kubelet asks who it is, kube-proxy says how it is, and the read-only port is off', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const at = (to: string) => cluster.connect({ from: 'node/cp-1', to: `192.168.0.11:${to}` });
  expect(at('10250')).toMatchObject({ verdict: 'answered', status: 401 });
  expect(at('10256/healthz')).toMatchObject({ verdict: 'answered', status: 200 });
  expect(at('10255').verdict).toBe('refused');
});

/** Source: containernetworking/plugins plugins/meta/portmap/portmap_iptables.go and portmap_iptables_test.go, as iptables-save prints them. */
it('a port of the machine leads into the pod that has it as a host port, as long as the pod is there', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  const container = { name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8080 }] };
  const pod = (name: string, spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  for (const made of [
    pod('web', { nodeName: 'worker-1', containers: [container] }),
    pod('near', { nodeName: 'worker-1', containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }] }),
    pod('far', { nodeName: 'worker-2', containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }] }),
  ])
    cluster.kubectl('create -f -', JSON.stringify(made));
  cluster.settle();
  const nat = (): readonly string[] => cluster.iptablesSave('worker-1', 'nat').split('\n');
  const [chain] = /CNI-DN-[0-9a-f]{21}/.exec(nat().join('\n')) ?? [''];
  const [id] = /[0-9a-f]{64}/.exec(nat().join('\n')) ?? [''];
  expect(nat().filter((line) => line.startsWith('-A') && line.includes('CNI-'))).toEqual([
    '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    '-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    '-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
    `-A ${chain} -s 10.200.1.0/24 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.200.1.2:80`,
    `-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"cbr0\\" id: \\"${id}\\"" -m multiport --dports 8080 -j ${chain}`,
    '-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE',
    '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
  ]);
  const verdicts = (to: string): readonly string[] =>
    ['internet', 'node/cp-1', 'node/worker-1', 'default/near', 'default/far', 'default/web'].map((from) => {
      const { verdict, servedBy } = cluster.connect({ from, to });
      return verdict === 'answered' ? (servedBy ?? '') : verdict;
    });
  expect(verdicts('192.168.0.11:8080')).toEqual(Array.from({ length: 6 }, () => 'default/web'));
  expect(verdicts('192.168.0.12:8080')).toEqual(Array.from({ length: 6 }, () => 'refused'));
  cluster.kubectl('delete pod web --now');
  cluster.advance(3);
  expect(cluster.connect({ from: 'internet', to: '192.168.0.11:8080' }).verdict).toBe('refused');
  expect(nat().join()).not.toContain('CNI-');
});
