/**
 * Does what the pod requests fit beside what is requested already, and how much would be left?
 * Upstream: plugins/noderesources/{fit,least_allocated}.go (v1.36). Simplified: the LeastAllocated strategy only, with CPU and memory at weight 1.
 */
import { nonZeroRequestOf, requestOf } from '../machine-info.ts';
import { fits, type Resources, type SchedulerPlugin } from '../plugin.ts';

interface State { readonly request: Resources; readonly nonZero: Resources }

export default {
  name: 'NodeResourcesFit',
  weight: 1,
  retryOn: ['pods/deleted', 'pods/updated', 'nodes/added', 'nodes/updated'],
  preFilter: ({ pod }) => ({ state: { request: requestOf(pod), nonZero: nonZeroRequestOf(pod) } satisfies State }),
  filter({ state }, { allocatable, requested }) {
    const { request } = state as State;
    const reasons: string[] = [];
    let isHopeless = false;
    const check = (name: string, want: number, has: number, used: number): void => {
      if (want === 0 || want <= has - used) return;
      reasons.push(`Insufficient ${name}`);
      if (want > has) isHopeless = true;
    };
    if (requested.pods + 1 > allocatable.pods) reasons.push('Too many pods');
    check('cpu', request.cpuMilli, allocatable.cpuMilli, requested.cpuMilli);
    check('memory', request.memory, allocatable.memory, requested.memory);
    check('ephemeral-storage', request.ephemeralStorage, allocatable.ephemeralStorage, requested.ephemeralStorage);
    for (const [name, want] of request.scalar) check(name, want, allocatable.scalar.get(name) ?? 0, requested.scalar.get(name) ?? 0);
    return reasons.length === 0 ? fits : { code: isHopeless ? 'unresolvable' : 'unschedulable', reasons };
  },
  preScore: ({ pod }) => ({ state: { request: requestOf(pod), nonZero: nonZeroRequestOf(pod) } satisfies State }),
  score({ state }, { allocatable, nonZeroRequested }) {
    const { nonZero } = state as State;
    const cpu = leastRequested(nonZeroRequested.cpuMilli + nonZero.cpuMilli, allocatable.cpuMilli);
    const memory = leastRequested(nonZeroRequested.memory + nonZero.memory, allocatable.memory);
    const weight = Number(allocatable.cpuMilli > 0) + Number(allocatable.memory > 0);
    return weight === 0 ? 0 : Math.floor((cpu + memory) / weight);
  },
} satisfies SchedulerPlugin;

/** The share that stays free, 0–100. */
export const leastRequested = (requested: number, capacity: number): number => (capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * 100) / capacity));
