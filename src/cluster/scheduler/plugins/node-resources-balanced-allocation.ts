/**
 * Prefers machines whose CPU and memory the pod brings into better balance.
 * Upstream: plugins/noderesources/balanced_allocation.go (v1.36: 50 + (50 + with − without) / 2, PR #135573). Simplified: CPU and memory only.
 */
import { requestOf } from '../machine-info.ts';
import type { Resources, SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore({ pod }) {
    const request = requestOf(pod);
    return request.cpuMilli === 0 && request.memory === 0 ? 'skip' : { state: request };
  },
  score({ state }, { allocatable, requested }) {
    const request = state as Resources;
    const withPod = balance([[requested.cpuMilli + request.cpuMilli, allocatable.cpuMilli], [requested.memory + request.memory, allocatable.memory]]);
    const without = balance([[requested.cpuMilli, allocatable.cpuMilli], [requested.memory, allocatable.memory]]);
    return 50 + Math.floor((50 + withPod - without) / 2);
  },
} satisfies SchedulerPlugin;

/** (1 − the standard deviation of the used fractions) × 100, an integer. */
export function balance(uses: readonly (readonly [number, number])[]): number {
  const fractions = uses.filter(([, capacity]) => capacity > 0).map(([used, capacity]) => Math.min(1, used / capacity));
  if (fractions.length < 2) return 100;
  const deviation = fractions.length === 2 ? Math.abs((fractions[0] - fractions[1]) / 2) : spread(fractions);
  return Math.floor((1 - deviation) * 100);
}

function spread(fractions: readonly number[]): number {
  const mean = fractions.reduce((a, b) => a + b, 0) / fractions.length;
  return Math.sqrt(fractions.reduce((a, f) => a + (f - mean) * (f - mean), 0) / fractions.length);
}
