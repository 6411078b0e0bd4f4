/**
 * Why no machine would do, in one sentence.
 * Upstream: pkg/scheduler/framework/types.go FitError.Error, plugins/defaultpreemption (v1.36).
 * Simplified: a scheduler with dynamic resources on says 'no new claims to deallocate, ' before 'preemption:'.
 */
export interface Refusal { readonly plugin: string; readonly reason: string; readonly count: number }

export interface FitErrorInput {
  readonly total: number;
  /** Reason → on how many machines. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Machines whose refusal no eviction could mend. */
  readonly unresolvable: number;
  /** Said by a preFilter that refused the pod outright. */
  readonly preFilter?: readonly string[];
  readonly neverPreempts: boolean;
}

const sorted = (reasons: ReadonlyMap<string, number>): string => [...reasons].map(([reason, n]) => `${n} ${reason}`).sort((a, b) => (a < b ? -1 : 1)).join(', ');

export function fitErrorText({ total, reasons, unresolvable, preFilter, neverPreempts }: FitErrorInput): string {
  if (total === 0) return 'no nodes available to schedule pods';
  const said = preFilter ? preFilter.join(', ') : sorted(reasons);
  return `0/${total} nodes are available:${said === '' ? '' : ` ${said}.`} preemption: ${neverPreempts ? 'not eligible due to preemptionPolicy=Never.' : preemptionText(total, unresolvable)}`;
}

function preemptionText(total: number, unresolvable: number): string {
  const reasons = new Map<string, number>();
  if (total > unresolvable) reasons.set('No preemption victims found for incoming pod', total - unresolvable);
  if (unresolvable > 0) reasons.set('Preemption is not helpful for scheduling', unresolvable);
  return `0/${total} nodes are available: ${sorted(reasons)}.`;
}
