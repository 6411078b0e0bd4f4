/**
 * Prefers machines whose use of CPU and memory the pod brings into better balance.
 * Upstream: plugins/noderesources/balanced_allocation.go (v1.36: 50 + (50 + with − without) / 2, PR #135573). Simplified: no dynamic resources.
 */
import { duplicate, invalid } from '../../../api/machinery/field-error.ts';
import { requestOf } from '../pod-request.ts';
import type { Resources, SchedulerPlugin } from '../plugin.ts';
import { allocatableOf, amountOf, resourcesIn, type ResourceSpec } from '../resource-allocation.ts';

interface Args {
  readonly resources?: readonly ResourceSpec[];
}
interface State {
  readonly request: Resources;
  readonly names: readonly string[];
}

export default {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  /** Upstream: ValidateNodeResourcesBalancedAllocationArgs. */
  wrongArgs: (args) =>
    resourcesIn((args as Args | undefined)?.resources).flatMap(({ name, weight }, i, all) => [
      ...(all.findIndex((r) => r.name === name) < i ? [duplicate(`resources[${i}].name`, name)] : []),
      ...(weight === 1 ? [] : [invalid(`resources[${i}].weight`, weight, 'must be 1')]),
    ]),
  preScore({ pod, args }) {
    const request = requestOf(pod);
    const names = resourcesIn((args as Args | undefined)?.resources).map((r) => r.name);
    return names.every((name) => amountOf(request, name) === 0) ? 'skip' : { state: { request, names } satisfies State };
  },
  score({ state }, machine) {
    const { request, names } = state as State;
    const before: number[] = [];
    const after: number[] = [];
    for (const name of names) {
      const capacity = allocatableOf(machine, request, name);
      if (capacity === 0) continue;
      const used = amountOf(machine.requested, name);
      before.push(Math.min(1, used / capacity));
      after.push(Math.min(1, (used + amountOf(request, name)) / capacity));
    }
    return 50 + Math.floor((50 + balance(after) - balance(before)) / 2);
  },
} satisfies SchedulerPlugin;

/** (1 − the standard deviation of the used fractions) × 100, an integer. */
export function balance(fractions: readonly number[]): number {
  const deviation = fractions.length < 2 ? 0 : fractions.length === 2 ? Math.abs((fractions[0] - fractions[1]) / 2) : spread(fractions);
  return Math.floor((1 - deviation) * 100);
}

function spread(fractions: readonly number[]): number {
  const mean = fractions.reduce((a, b) => a + b, 0) / fractions.length;
  return Math.sqrt(fractions.reduce((a, f) => a + (f - mean) * (f - mean), 0) / fractions.length);
}
