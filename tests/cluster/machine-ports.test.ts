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
