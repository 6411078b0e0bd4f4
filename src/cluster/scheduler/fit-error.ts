/**
 * Why no machine would do, in one sentence.
 * Upstream: pkg/scheduler/framework/types.go FitError.Error (v1.36).
 * Simplified: a scheduler with dynamic resources on says 'no new claims to deallocate, ' before 'preemption:'.
 */
export interface Refusal {
  readonly plugin: string;
  readonly reason: string;
  readonly count: number;
}

export interface FitErrorInput {
  readonly total: number;
  /** Reason → on how many machines. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Said by a preFilter that refused the pod outright. */
  readonly preFilter?: readonly string[];
  /** Said by a postFilter that could not help. */
  readonly postFilter?: string | undefined;
}

const sorted = (reasons: ReadonlyMap<string, number>): string =>
  [...reasons]
    .map(([reason, n]) => `${n} ${reason}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(', ');

export function fitErrorText({ total, reasons, preFilter, postFilter }: FitErrorInput): string {
  if (total === 0) return 'no nodes available to schedule pods';
  const said = preFilter ? preFilter.join(', ') : sorted(reasons);
  return `0/${total} nodes are available:${said === '' ? '' : ` ${said}.`}${postFilter ? ` ${postFilter}` : ''}`;
}
