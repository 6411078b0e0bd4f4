/** Topologies of which a machine could never join, or never be reached: refused in one sentence. */
import { describe, expect, it } from 'vitest';
import { planOf, type Topology } from '../../src/cluster/boot/topology.ts';

describe('a machine that could never join', () => {
  it.each<readonly [object, string]>([
    [{ workers: [{ labels: { 'a b': 'c' } }] }, 'worker-1: labels: Invalid value: "a b"'],
    [{ workers: [{ name: 'x', labels: { a: '-' } }] }, 'x: labels: Invalid value: "-"'],
    [{ workers: [{ images: [{ names: ['a'], sizeBytes: NaN }] }] }, 'worker-1: sizeBytes is no quantity'],
    [{ workers: [{ images: [null] }] }, 'worker-1: sizeBytes is no quantity'],
    [{ workers: [{ podCIDR: '10.254.0.0/26' }] }, 'serviceCIDR 10.254.0.0/24 and podCIDR of a machine 10.254.0.0/26 overlap'],
    [{ workers: [{ podCIDR: '192.168.0.128/25' }] }, 'infraCIDR 192.168.0.0/24 and podCIDR of a machine 192.168.0.128/25 overlap'],
    [{ workers: [{ podCIDR: '10.200.0.0/24' }] }, "two machines' pod networks overlap"],
    [{ podCIDR: '10.77.0.0/26', workers: 0 }, 'podCIDR 10.77.0.0/26 is too small'],
  ])('%j', (topology, why) => expect(() => planOf(topology as Topology)).toThrow(why));
  it('has its block as the API writes blocks', () =>
    expect(planOf({ workers: [{ podCIDR: '10.1.2.3/24' }] }).machines[1].shape.podCIDR).toBe('10.1.2.0/24'));
});
