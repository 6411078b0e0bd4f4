/**
 * Commands in the pods of the cluster itself: etcdctl, iptables-save, and what their images have not.
 * Source: etcd-io/etcd etcdctl/ctlv3/command and printer_simple.go (v3.6); kubernetes/release images/build/distroless-iptables; kubernetes.io, operate etcd clusters.
 */
import { beforeAll, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

const TLS = [
  'cacert=/etc/kubernetes/pki/etcd/ca.crt',
  'cert=/etc/kubernetes/pki/etcd/server.crt',
  'key=/etc/kubernetes/pki/etcd/server.key',
];
let cluster: Cluster;
const exec = (pod: string, ...command: readonly string[]) => cluster.kubectl(['exec', '-n', 'kube-system', pod, '--', ...command]);
const etcdctl = (...args: readonly string[]) => exec('etcd-cp-1', 'etcdctl', ...TLS.map((t) => `--${t}`), ...args);

beforeAll(() => {
  cluster = openCluster();
  cluster.kubectl('create deployment web --image=nginx:1.29 --replicas=2');
  cluster.settle();
});

it('etcdctl lists what the store has: a key and an empty line each', () => {
  const pods = cluster.kubectl('get pods -o name').stdout.replaceAll('pod/', '/registry/pods/default/').trim().split('\n');
  expect(etcdctl('get', '/registry/pods/default/', '--prefix', '--keys-only')).toEqual({
    stdout: pods.map((key) => `${key}\n\n`).join(''),
    stderr: '',
    exitCode: 0,
  });
  const all = etcdctl('get', '/', '--prefix', '--keys-only', '--endpoints=https://127.0.0.1:2379').stdout;
  for (const key of ['/registry/deployments/default/web', '/registry/services/specs/kube-system/kube-dns', '/registry/minions/worker-1'])
    expect(all).toContain(`${key}\n\n`);
  expect(etcdctl('get', '/registry/pods/default/', '--prefix', '--limit=1', '--keys-only').stdout).toBe(`${pods[0]}\n\n`);
});

it('an object is at the revision that the API calls its resourceVersion', () => {
  const version = Number(cluster.kubectl('get deployment web -o jsonpath={.metadata.resourceVersion}').stdout);
  const { kvs, count } = JSON.parse(etcdctl('get', '/registry/deployments/default/web', '-w', 'json').stdout) as {
    readonly kvs: readonly { readonly mod_revision: number; readonly key: string; readonly value: string }[];
    readonly count: number;
  };
  expect([count, kvs[0].mod_revision, Buffer.from(kvs[0].key, 'base64').toString()]).toEqual([
    1,
    version,
    '/registry/deployments/default/web',
  ]);
  expect(JSON.parse(Buffer.from(kvs[0].value, 'base64').toString())).toMatchObject({ kind: 'Deployment', metadata: { name: 'web' } });
  expect(etcdctl('get', '/registry/pods/default', '--prefix', '--count-only', '-w', 'fields').stdout).toMatch(
    /\n"More" : false\n"Count" : 2\n$/,
  );
});

it('what is written beside the API stays there, and what is deleted there, its controllers make again', () => {
  expect(etcdctl('put', 'hello', 'world').stdout).toBe('OK\n');
  expect(etcdctl('get', 'hello').stdout).toBe('hello\nworld\n');
  expect(etcdctl('del', 'hello').stdout).toBe('1\n');
  expect(etcdctl('get', 'hello').stdout).toBe('');
  const before = cluster.kubectl('get pods -o name').stdout;
  expect(etcdctl('del', '/registry/pods/default/', '--prefix').stdout).toBe('2\n');
  cluster.settle();
  const after = cluster.kubectl('get pods -o name').stdout;
  expect(after.match(/pod\/web-/g)).toHaveLength(2);
  expect(before.split('\n').filter((name) => name !== '' && after.includes(name))).toEqual([]);
});

it('etcd answers whoever has a certificate', () => {
  const failed = (what: string) => ({ stdout: '', stderr: `${what}\ncommand terminated with exit code 1\n`, exitCode: 1 });
  expect(exec('etcd-cp-1', 'etcdctl', 'get', '/', '--prefix')).toEqual(failed('Error: context deadline exceeded'));
  expect(etcdctl('get', '/', '--cacert=/nope.crt')).toEqual(failed('Error: open /nope.crt: no such file or directory'));
  expect(etcdctl('endpoint', 'health').stdout).toMatch(
    /^127\.0\.0\.1:2379 is healthy: successfully committed proposal: took = [\d.]+ms\n$/,
  );
  expect(etcdctl('get', '/', '--count-only')).toMatchObject({ exitCode: 128 });
});

it("kube-proxy's image has iptables-save, which prints the machine's rules, and a small shell", () => {
  const [pod, node] = cluster
    .kubectl('get pods -n kube-system -l k8s-app=kube-proxy -o jsonpath={.items[0].metadata.name},{.items[0].spec.nodeName}')
    .stdout.split(',');
  expect(exec(pod, 'iptables-save', '-t', 'nat').stdout).toBe(cluster.iptablesSave(node));
  expect(exec(pod, 'sh', '-c', 'iptables-save | grep -c "^-A KUBE-SERVICES"; echo $NODE_NAME; ls')).toEqual({
    stdout: expect.stringMatching(new RegExp(`^\\d+\n${node}\n$`)) as string,
    stderr: 'sh: ls: not found\ncommand terminated with exit code 127\n',
    exitCode: 127,
  });
  expect(exec(pod, 'cat', '/var/lib/kube-proxy/config.conf').stdout).toContain('kind: KubeProxyConfiguration');
});

it.each([
  ['etcd-cp-1', 'sh'],
  ['kube-apiserver-cp-1', 'ls'],
  ['kube-scheduler-cp-1', 'cat'],
  ['deployment/coredns', 'cat'],
])('%s has no %s', (pod, command) => {
  expect(exec(pod, command)).toMatchObject({ stdout: '', exitCode: 1 });
  expect(exec(pod, command).stderr).toContain(`exec: "${command}": executable file not found in $PATH`);
});

it('flannel is on Alpine, in its machine’s network', () => {
  const said = cluster.kubectl('exec -n kube-flannel ds/kube-flannel-ds -- ip route').stdout;
  expect(said).toMatch(/^10\.200\.\d\.0\/24 via 10\.200\.\d\.0 dev flannel\.1 onlink/m);
});

it('they end as soon as they are told, CoreDNS after its lameduck', () => {
  const took = (what: string): number => {
    const before = cluster.now;
    expect(cluster.kubectl(`delete pod -n kube-system ${what}`).exitCode).toBe(0);
    return cluster.now - before;
  };
  expect(took('-l k8s-app=kube-proxy')).toBeLessThan(3);
  const [dns] = cluster.kubectl('get pods -n kube-system -l k8s-app=kube-dns -o name').stdout.split('\n');
  const seconds = took(dns.replace('pod/', ''));
  expect(seconds).toBeGreaterThan(4.9);
  expect(seconds).toBeLessThan(8);
  cluster.settle();
  expect(cluster.kubectl('get pods -n kube-system --no-headers').stdout.match(/Running/g)).toHaveLength(10);
  // A command beside the first process goes with it.
  expect(exec('ds/kube-proxy', 'cat', '/etc/hostname').exitCode).toBe(0);
});
