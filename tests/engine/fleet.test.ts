/** Many machines: networks that hold them, ways from each to each, and no news that concerns nobody. */
import { describe, expect, it } from 'vitest';
import { openCluster, replay } from '../../src/engine/headless.ts';
import { planOf } from '../../src/cluster/boot/topology.ts';

describe('networks that nobody named', () => {
  it.each([
    [3, '192.168.0.0/24', '10.200.0.0/16'],
    [244, '192.168.0.0/24', '10.200.0.0/16'],
    [245, '192.168.0.0/23', '10.200.0.0/16'],
    [256, '192.168.0.0/23', '10.200.0.0/15'],
    [5000, '192.168.0.0/19', '10.192.0.0/11'],
  ])('hold %i workers', (workers, infraCIDR, podCIDR) =>
    expect(planOf({ workers })).toMatchObject({ infraCIDR, podCIDR, serviceCIDR: '10.254.0.0/24' }),
  );
  it('that somebody named stay as they are', () => {
    expect(planOf({ workers: 5, podCIDR: '10.4.0.0/20' }).podCIDR).toBe('10.4.0.0/20');
    expect(() => planOf({ workers: 300, infraCIDR: '10.1.0.0/24' })).toThrow('infraCIDR 10.1.0.0/24 is too small for 301 machines');
  });
});

describe('a fleet of 220 machines', () => {
  const cluster = openCluster({ topology: { workers: 220 } });
  const ways = (machine: string): ReadonlySet<string> =>
    new Set(
      (cluster.host(machine).routes as readonly { readonly dst: string; readonly dev: string }[])
        .filter((r) => r.dev === 'flannel.1')
        .map((r) => r.dst),
    );
  const blockOf = (machine: string): string =>
    (cluster.request({ method: 'GET', path: `/api/v1/nodes/${machine}` }).body as { readonly spec: { readonly podCIDR: string } }).spec
      .podCIDR;
  const blocks = (): readonly string[] =>
    (
      cluster.request({ method: 'GET', path: '/api/v1/nodes' }).body as {
        readonly items: readonly { readonly spec: { readonly podCIDR: string } }[];
      }
    ).items.map((n) => n.spec.podCIDR);
  const hops = (c: typeof cluster): number => [...c.trace()].filter((e) => e.type === 'hop').length;
  const told = (): number =>
    [...cluster.trace()].filter((e) => e.type === 'hop' && e.to.endsWith('/kube-flannel') && e.kind === 'send').length;

  it('costs a machine no more messages than one of ten does', () =>
    expect(hops(cluster) / 221).toBeLessThan(hops(openCluster({ topology: { workers: 10 } })) / 11));
  it('is Ready, each with a block of its own and a way to each other', () => {
    const all = blocks();
    expect([
      all.length,
      new Set(all).size,
      cluster
        .kubectl('get nodes --no-headers')
        .stdout.split('\n')
        .filter((line) => / Ready /.test(line)).length,
    ]).toEqual([221, 221, 221]);
    for (const machine of ['worker-1', 'worker-57', 'worker-220', 'cp-1'])
      expect(ways(machine)).toEqual(new Set(all.filter((block) => block !== blockOf(machine))));
  });
  it('does not hear of a Node that gets a label, where flannel began when the fleet was there', () => {
    const before = told();
    cluster.kubectl('label node worker-9 colour=blue');
    cluster.settle();
    expect(told() - before).toBeLessThan(110);
  });
  it('learns within two seconds of a Node that goes and of one that comes, whichever machine asks', () => {
    const [before, gone] = [ways('worker-7'), blockOf('worker-200')];
    cluster.fault({ do: 'stop', what: 'worker-200/kubelet' });
    cluster.kubectl('delete node worker-200');
    cluster.advance(2);
    for (const machine of ['worker-7', 'worker-219', 'cp-1']) expect([before.has(gone), ways(machine).has(gone)]).toEqual([true, false]);
    cluster.request({
      method: 'POST',
      path: '/api/v1/nodes',
      body: { metadata: { name: 'stranger' }, spec: { podCIDR: '10.200.250.0/24', podCIDRs: ['10.200.250.0/24'] } },
    });
    cluster.advance(2);
    for (const machine of ['worker-7', 'worker-219', 'cp-1']) expect(ways(machine).has('10.200.250.0/24')).toBe(true);
  });
  it('carries a packet from one end to the other', () => {
    const on = (nodeName: string): string => `--overrides=${JSON.stringify({ spec: { nodeName } })}`;
    cluster.kubectl(['run', 'far', '--image=nginx', on('worker-190')]);
    cluster.kubectl(['run', 'near', '--image=busybox', on('worker-3'), '--', 'sleep', '3600']);
    cluster.settle();
    const { podIP } = (
      cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/far' }).body as {
        readonly status: { readonly podIP: string };
      }
    ).status;
    expect(cluster.kubectl(`exec near -- wget -qO- ${podIP}`).stdout).toContain('nginx');
  });
  it('has the rules for forty pods everywhere, and has not told each kube-proxy of each pod', () => {
    const heard = (): number =>
      [...cluster.trace()].filter((e) => e.type === 'hop' && e.to === 'worker-219/kube-proxy' && e.kind === 'send').length;
    const before = heard();
    cluster.kubectl('create deployment web --image=nginx --replicas=40');
    cluster.kubectl('expose deployment web --port=80');
    cluster.settle();
    cluster.advance(3);
    for (const machine of ['worker-2', 'worker-219'])
      expect(
        cluster
          .iptablesSave(machine, 'nat')
          .split('\n')
          .filter((line) => line.includes('-j DNAT') && line.includes('default/web')),
      ).toHaveLength(40);
    expect(cluster.connect({ from: 'default/near', to: 'http://web.default:80/' }).verdict).toBe('answered');
    expect(heard() - before).toBeLessThan(20);
  });
  it('goes on when the apiserver was away', () => {
    cluster.fault({ do: 'kill', what: 'cp-1/kube-apiserver' });
    cluster.advance(60);
    cluster.kubectl('delete node stranger');
    cluster.advance(2);
    for (const machine of ['worker-7', 'worker-219', 'cp-1']) expect(ways(machine).has('10.200.250.0/24')).toBe(false);
  });
  it('can be played again to the same digest', () => expect(replay(cluster.session()).digest()).toBe(cluster.digest()));
});

it('what changed while a machine had no Node of its own is made good when it has one again', () => {
  const cluster = openCluster({ topology: { workers: 3 } });
  const ways = (): readonly string[] =>
    (cluster.host('worker-1').routes as readonly { readonly dst: string; readonly dev: string }[])
      .filter((r) => r.dev === 'flannel.1')
      .map((r) => r.dst);
  const nodeNamed = (
    name: string,
  ): { readonly spec: { readonly podCIDR: string }; readonly metadata: { readonly annotations: object }; readonly status: object } =>
    cluster.request({ method: 'GET', path: `/api/v1/nodes/${name}` }).body as ReturnType<typeof nodeNamed>;
  const [own, other] = [nodeNamed('worker-1'), nodeNamed('worker-2')];
  expect(ways()).toContain(other.spec.podCIDR);
  cluster.kubectl('delete node worker-1');
  cluster.kubectl('delete node worker-2');
  cluster.settle();
  cluster.request({
    method: 'POST',
    path: '/api/v1/nodes',
    body: {
      metadata: { name: 'worker-1', annotations: own.metadata.annotations },
      spec: { podCIDR: own.spec.podCIDR, podCIDRs: [own.spec.podCIDR] },
      status: own.status,
    },
  });
  cluster.settle();
  expect([nodeNamed('worker-1').spec.podCIDR, ways().includes(other.spec.podCIDR), ways().length]).toEqual([own.spec.podCIDR, false, 2]);
});
