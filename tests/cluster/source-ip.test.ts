/** Whose address a server sees. Source: kubernetes/website content/en/docs/tutorials/services/source-ip.md (v1.36); its clients outside are here machines of the cluster. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

it('the tutorial "Using Source IP" goes as it says, with the image that it takes', () => {
  const cluster = openCluster();
  const k = (args: string): string => {
    const { stdout, stderr } = cluster.kubectl(args);
    return stdout + stderr;
  };
  k('create deployment source-ip-app --image=registry.k8s.io/echoserver:1.4');
  k(`run outside --image=curlimages/curl --overrides='{"spec":{"hostNetwork":true,"nodeName":"cp-1"}}' -- sleep 9999`);
  k('run busybox --image=busybox --restart=Never -- sleep 9999');
  k('expose deployment source-ip-app --name=clusterip --port=80 --target-port=8080');
  k('expose deployment source-ip-app --name=nodeport --port=80 --target-port=8080 --type=NodePort');
  cluster.settle();
  cluster.advance(2);
  const ip = k('get svc clusterip -o jsonpath={.spec.clusterIP}');
  const podIp = k('get pod busybox -o jsonpath={.status.podIP}');
  expect(k(`exec busybox -- wget -qO - ${ip}`)).toMatch(`CLIENT VALUES:\nclient_address=${podIp}\ncommand=GET\n`);
  const port = k('get -o jsonpath={.spec.ports[0].nodePort} services nodeport');
  const nodes = k(`get nodes -l '!node-role.kubernetes.io/control-plane' -o jsonpath='{.items[*].status.addresses[0].address}'`);
  const ask = `for node in ${nodes}; do curl --connect-timeout 1 -s $node:${port} | grep -i client_address; done`;
  // The machine with the endpoint answers for itself, with the address of its bridge.
  expect(k(`exec outside -- sh -c '${ask}'`).match(/^client_address=10\.200\.\d\.[01]$/gm)).toHaveLength(3);
  k(`patch svc nodeport -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
  cluster.advance(2);
  const before = cluster.now;
  expect(k(`exec outside -- sh -c '${ask}'`).match(/^client_address=.*$/gm)).toEqual(['client_address=192.168.0.10']);
  expect(cluster.now - before).toBeCloseTo(2, 0);
});

/** Source: kubernetes/website content/en/docs/tasks/configure-pod-container/security-context.md: `ps` shows `1 1000 0:00 sleep 1h`. */
it('a shell whose script is one command becomes that command', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const spec = {
    securityContext: { runAsUser: 1000 },
    containers: [{ name: 'c', image: 'busybox:1.28', command: ['sh', '-c', 'sleep 1h'] }],
  };
  cluster.kubectl('create -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }));
  cluster.settle();
  expect(cluster.kubectl('exec p -- ps').stdout).toMatch(/^ +1 1000 +0:00 sleep 1h$/m);
});
