/** Topologies of which a machine could never join, or never be reached: refused in one sentence. */
import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/cluster/boot/topology.ts';
import { openCluster, type Topology } from '../../src/engine/headless.ts';

describe('a machine that could never join', () => {
  it.each<readonly [object, string]>([
    [{ workers: [{ labels: { 'a b': 'c' } }] }, 'worker-1: labels: Invalid value: "a b"'],
    [{ workers: [{ name: 'x', labels: { a: '-' } }] }, 'x: labels: Invalid value: "-"'],
    [{ workers: [{ images: [{ names: ['a'], sizeBytes: NaN }] }] }, 'worker-1: images: sizeBytes is a whole number, not NaN'],
    [{ workers: [{ images: [null] }] }, 'worker-1: images is an object, not null'],
    [{ workers: [{ podCIDR: '10.254.0.0/26' }] }, 'serviceCIDR 10.254.0.0/24 and podCIDR of a machine 10.254.0.0/26 overlap'],
    [{ workers: [{ podCIDR: '192.168.0.128/25' }] }, 'infraCIDR 192.168.0.0/24 and podCIDR of a machine 192.168.0.128/25 overlap'],
    [{ workers: [{ podCIDR: '10.200.0.0/24' }] }, "two machines' pod networks overlap"],
    [{ podCIDR: '10.77.0.0/26', workers: 0 }, 'podCIDR 10.77.0.0/26 is too small'],
    [{ workers: [{ podCIDR: '10.9.0.0/31' }] }, 'worker-1: podCIDR 10.9.0.0/31 has no address for a pod'],
    [
      { workers: [{ podCIDR: '10.9.0.0/24', podGateway: '10.8.0.1' }] },
      'worker-1: podGateway is an address in its podCIDR, not "10.8.0.1"',
    ],
    [{ workers: [{ podCIDR: '10.9.0.0/24', podGateway: '10.9.0.255' }] }, 'not "10.9.0.255"'],
    [{ workers: [{ podCIDR: '10.9.0.0/24', podGateway: '10.9.0.0' }] }, 'not "10.9.0.0"'],
    [{ workers: [{ podGateway: '10.200.1.9' }] }, 'worker-1: podGateway is an address in its podCIDR, not "10.200.1.9"'],
    [{ workers: [{ podCIDR: '10.9.0.0/24', podGateway: 'x' }] }, 'not "x"'],
    [{ workers: [{ labels: { a: 5 } }] }, 'worker-1: machine: labels is an object of strings, not an object'],
    [{ workers: [{ taints: [null] }] }, 'worker-1: taints is an object, not null'],
    [{ workers: [{ taints: [{ key: 'a b', effect: 'NoSchedule' }] }] }, 'worker-1: taints: Invalid value: "a b"'],
    [{ workers: [{ taints: [{ key: 'a', value: 'b c', effect: 'NoSchedule' }] }] }, 'worker-1: taints: Invalid value: "b c"'],
    [{ workers: [{ taints: [{ key: 5, effect: 'NoSchedule' }] }] }, 'worker-1: taints: key is a string, not 5'],
    [{ workers: [{ extended: { gpu: '2' } }] }, 'worker-1: extended: an extended resource is named domain/name, not "gpu"'],
    [{ workers: [{ extended: { 'a b/c': '2' } }] }, 'worker-1: extended: Invalid value: "a b/c"'],
    [{ workers: [{ extended: { 'a.b/c': '500m' } }] }, 'worker-1: a.b/c is a whole number, not "500m"'],
    [{ workers: [{ images: [{ names: [5], sizeBytes: 1 }] }] }, 'worker-1: images: names is a list of strings'],
    [{ workers: [{ images: [{ names: ['a'], sizeBytes: 1.5 }] }] }, 'worker-1: images: sizeBytes is a whole number, not 1.5'],
    [{ workers: [{ name: 'registry' }] }, 'a machine cannot have the name of one that is there'],
    [{ name: 'minikube', workers: 2 }, 'minikube is one machine and has no workers'],
  ])('%j', (topology, why) => expect(() => openCluster({ topology: topology as Topology })).toThrow(why));
  it('alone, and known by nothing else, is minikube', () =>
    expect(planOf({ name: 'minikube', workers: 0 }).machines.map((m) => m.name)).toEqual(['minikube']));
  it('has its block as the API writes blocks', () =>
    expect(planOf({ workers: [{ podCIDR: '10.1.2.3/24' }] }).machines[1].shape.podCIDR).toBe('10.1.2.0/24'));
});
