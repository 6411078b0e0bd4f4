/**
 * When no machine fits, looks for pods of lower priority whose place the pod could take.
 * Upstream: plugins/defaultpreemption/default_preemption.go (v1.36), on as the only PostFilter; its PreEnqueue is the gate in preemption-executor.ts.
 * Simplified: no PodDisruptionBudgets, no pod groups, no extenders; the offset is a lot addressed to pod and attempt.
 */
import { invalid } from '../../../api/machinery/field-error.ts';
import { fitErrorText } from '../fit-error.ts';
import type { PostFilterContext, PostFilterResult, SchedulerPlugin } from '../plugin.ts';
import { priorityOf } from '../pod-priority.ts';
import { dryRun, keysOf, pickOne, whyNotEligible } from '../preemption.ts';

interface Args {
  readonly minCandidateNodesPercentage?: number;
  readonly minCandidateNodesAbsolute?: number;
}
const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NOBODY = { candidates: [], victims: [] };

export default {
  name: 'DefaultPreemption',
  postFilter,
  wrongArgs(args) {
    const { minCandidateNodesPercentage: share = 10, minCandidateNodesAbsolute: number = 100 } = (args ?? {}) as Args;
    const isWhole = (value: unknown, most: number): boolean =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
    return [
      ...(isWhole(share, 100) ? [] : [invalid('minCandidateNodesPercentage', share, 'not in valid range [0, 100]')]),
      ...(isWhole(number, 2147483647) ? [] : [invalid('minCandidateNodesAbsolute', number, 'not in valid range [0, inf)')]),
      ...(share === 0 && number === 0
        ? [
            invalid('minCandidateNodesPercentage', 0, 'cannot be zero at the same time as minCandidateNodesAbsolute'),
            invalid('minCandidateNodesAbsolute', 0, 'cannot be zero at the same time as minCandidateNodesPercentage'),
          ]
        : []),
    ];
  },
} satisfies SchedulerPlugin;

function postFilter(context: PostFilterContext): PostFilterResult {
  const { pod, machines, potential, draw, args } = context;
  const to = pod.status?.nominatedNodeName;
  const why = whyNotEligible(pod, to ? machines.find(({ name }) => name === to) : undefined, !potential.some(({ name }) => name === to));
  if (why !== undefined) return { preemption: NOBODY, message: `preemption: ${why}` };
  const { candidates, refusals, refused } = dryRun(
    context,
    potential.length === 0 ? 0 : draw(potential.length),
    candidatesOf(potential.length, (args ?? {}) as Args),
  );
  const best = pickOne(candidates);
  if (!best) {
    const others = machines.length - refused;
    return {
      preemption: NOBODY,
      nominatedNodeName: '',
      message: `preemption: ${fitErrorText({ total: machines.length, reasons: others > 0 ? new Map([...refusals, [NOT_HELPFUL, others]]) : refusals })}`,
    };
  }
  return {
    preemption: {
      candidates: candidates.map((c) => ({ node: c.node, victims: keysOf(c), highestPriority: priorityOf(c.pods[0]) })),
      node: best.node,
      victims: keysOf(best),
    },
    nominatedNodeName: best.node,
  };
}

/** A tenth of the machines, at least a hundred. Upstream: calculateNumCandidates. */
export function candidatesOf(
  machines: number,
  { minCandidateNodesPercentage: share = 10, minCandidateNodesAbsolute: number = 100 }: Args,
): number {
  return Math.min(machines, Math.max(number, Math.floor((machines * share) / 100)));
}
