/** Many machines: networks that hold them, ways from each to each, and no news that concerns nobody. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { planOf } from '../../src/cluster/boot/topology.ts';

describe('networks that nobody named', () => {
  it.each([
    [3, '192.168.0.0/24', '10.200.0.0/16'], [244, '192.168.0.0/24', '10.200.0.0/16'], [245, '192.168.0.0/23', '10.200.0.0/16'], [256, '192.168.0.0/23', '10.200.0.0/15'], [5000, '192.168.0.0/19', '10.192.0.0/11'],
  ])('hold %i workers', (workers, infraCIDR, podCIDR) => expect(planOf({ workers })).toMatchObject({ infraCIDR, podCIDR, serviceCIDR: '10.254.0.0/24' }));
  it('that somebody named stay as they are', () => {
    expect(planOf({ workers: 5, podCIDR: '10.4.0.0/20' }).podCIDR).toBe('10.4.0.0/20');
    expect(() => planOf({ workers: 300, infraCIDR: '10.1.0.0/24' })).toThrow('infraCIDR 10.1.0.0/24 is too small for 301 machines');
  });
});

describe('a fleet of 110 machines', () => {
  const cluster = openCluster({ topology: { workers: 110 } });
  const overlay = (machine: string): readonly { readonly dst: string; readonly gateway?: string }[] => (cluster.host(machine).routes as readonly { readonly dst: string; readonly dev: string; readonly gateway?: string }[]).filter((r) => r.dev === 'flannel.1');
  const told = (): number => [...cluster.trace()].filter((e) => e.type === 'hop' && e.to.endsWith('/kube-flannel') && e.kind === 'send').length;

  it('each machine has a way to each other one', () => {
    for (const machine of ['worker-1', 'worker-57', 'worker-110', 'cp-1']) expect(new Set(overlay(machine).map((r) => r.dst)).size).toBe(110);
  });
  it('flannel hears of a Node that goes, and, where it began when the fleet was there, not of one that gets a label', () => {
    const before = told();
    cluster.kubectl('label node worker-9 colour=blue');
    cluster.settle();
    expect(told() - before).toBeLessThan(40);
    const then = told();
    const { spec } = cluster.request({ method: 'GET', path: '/api/v1/nodes/worker-9' }).body as { readonly spec: { readonly podCIDR: string } };
    cluster.kubectl('delete node worker-9');
    cluster.settle();
    expect(told()).toBeGreaterThanOrEqual(then + 110);
    expect(overlay('worker-57').map((r) => r.dst)).not.toContain(spec.podCIDR);
    expect(overlay('worker-57')).toHaveLength(109);
  });
});

it('what changed while a machine had no Node of its own is made good when it has one again', () => {
  const cluster = openCluster({ topology: { workers: 3 } });
  const ways = (): readonly string[] => (cluster.host('worker-1').routes as readonly { readonly dst: string; readonly dev: string }[]).filter((r) => r.dev === 'flannel.1').map((r) => r.dst);
  const nodeNamed = (name: string): { readonly spec: { readonly podCIDR: string }; readonly metadata: { readonly annotations: object }; readonly status: object } => cluster.request({ method: 'GET', path: `/api/v1/nodes/${name}` }).body as ReturnType<typeof nodeNamed>;
  const [own, other] = [nodeNamed('worker-1'), nodeNamed('worker-2')];
  expect(ways()).toContain(other.spec.podCIDR);
  cluster.kubectl('delete node worker-1');
  cluster.kubectl('delete node worker-2');
  cluster.settle();
  cluster.request({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: 'worker-1', annotations: own.metadata.annotations }, spec: { podCIDR: own.spec.podCIDR, podCIDRs: [own.spec.podCIDR] }, status: own.status } });
  cluster.settle();
  expect([nodeNamed('worker-1').spec.podCIDR, ways().includes(other.spec.podCIDR), ways().length]).toEqual([own.spec.podCIDR, false, 2]);
});
