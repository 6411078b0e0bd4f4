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

/**
 * What kubernetes.io "Ports and Protocols" calls Self, and tutorials/services/source-ip.md asks.
 * Sources: cmd/kube-proxy/app/server.go serveMetrics; kubeadm's manifests (--bind-address=127.0.0.1, --listen-metrics-urls=http://127.0.0.1:2381); KubeletConfiguration healthzPort; etcd's health.go (v1.36).
 */
it('what is for the machine alone is heard on 127.0.0.1, and not from outside', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const own = [
    ['worker-1', '10249/proxyMode', 'iptables'],
    ['worker-1', '10248/healthz', 'ok'],
    ['cp-1', '10257/healthz', 'ok'],
    ['cp-1', '10259/livez', 'ok'],
    ['cp-1', '2381/health', '{"health":"true","reason":""}'],
  ] as const;
  for (const [machine, to, body] of own) {
    expect(cluster.connect({ from: `node/${machine}`, to: `localhost:${to}` })).toMatchObject({ status: 200, body });
    const ip = machine === 'cp-1' ? '192.168.0.10' : '192.168.0.11';
    expect(cluster.connect({ from: `node/${machine}`, to: `${ip}:${to}` }).verdict).toBe('refused');
  }
  const metrics = cluster.connect({ from: 'node/cp-1', to: 'localhost:10259/metrics' });
  expect(metrics).toMatchObject({
    status: 403,
    body: expect.stringContaining('User \\"system:anonymous\\" cannot get path \\"/metrics\\"'),
  });
});

/** Sources: kubernetes/website tutorials/services/source-ip.md; pkg/proxy/healthcheck/service_health.go hcHandler, healthcheck_test.go (v1.36). */
it('a load balancer hears on healthCheckNodePort whether the machine has an endpoint, as long as the traffic stays there', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('run web --image=nginx --overrides=\'{"spec":{"nodeName":"worker-1"}}\'');
  cluster.kubectl('expose pod web --port=80 --type=LoadBalancer');
  cluster.kubectl(`patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
  cluster.settle();
  cluster.advance(2);
  const port = cluster.kubectl('get service web -o jsonpath={.spec.healthCheckNodePort}').stdout;
  const ask = (ip: string) => cluster.connect({ from: 'internet', to: `${ip}:${port}/healthz` });
  const said = (localEndpoints: number): string =>
    `{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": ${localEndpoints},\n\t"serviceProxyHealthy": true\n}`;
  expect(ask('192.168.0.11')).toMatchObject({ status: 200, body: said(1) });
  expect(ask('192.168.0.12')).toMatchObject({ status: 503, body: said(0) });
  cluster.kubectl(`patch service web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'`);
  cluster.advance(2);
  expect(ask('192.168.0.11').verdict).toBe('refused');
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
