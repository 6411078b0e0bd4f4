/** Requested and allocatable amounts of one resource, for plugins that score by resources. Upstream: plugins/noderesources/resource_allocation.go (v1.36). Simplified: no dynamic resources. */
import type { MachineInfo, Resources } from './plugin.ts';

export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}
const DEFAULT_RESOURCES: readonly ResourceSpec[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

/** Those listed, with a weight; cpu and memory when none is. Upstream: apis/config/v1/defaults.go. */
export const resourcesIn = (listed: readonly ResourceSpec[] = []): readonly ResourceSpec[] =>
  listed.length === 0 ? DEFAULT_RESOURCES : listed.map(({ name, weight }) => ({ name, weight: weight || 1 }));

export function amountOf(resources: Resources, name: string): number {
  switch (name) {
    case 'cpu':
      return resources.cpuMilli;
    case 'memory':
      return resources.memory;
    case 'ephemeral-storage':
      return resources.ephemeralStorage;
    case 'pods':
      return resources.pods;
    default:
      return resources.scalar.get(name) ?? 0;
  }
}

const isScalar = (name: string): boolean => name.includes('/') || name.startsWith('hugepages-');

/** Nothing allocatable means: this resource has no say. So it is for an extended resource that the pod does not ask for. */
export function allocatableOf(machine: MachineInfo, request: Resources, name: string): number {
  return isScalar(name) && amountOf(request, name) === 0 ? 0 : amountOf(machine.allocatable, name);
}
