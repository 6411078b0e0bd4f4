/**
 * `kubectl logs -f`: what is new in each log, until its container has ended. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/logs (v1.36).
 * Simplified: instead of one stream a log, the logs are asked for again every two seconds; lines are told apart by their times.
 */
import { allStatuses } from '../api/pods/containers.ts';
import type { V1ContainerStatus, V1Pod } from '../api/schema/kubernetes.ts';
import type { Ask, Output, Told } from './command.ts';

/** `last`: the time of the last line that was printed, and how many lines had it. */
export interface Followed {
  readonly pod: string;
  readonly container: string;
  readonly last: string;
  readonly same: number;
  readonly restarts?: number;
  readonly hasEnded?: boolean;
}

export const AGAIN_US = 2_000_000;

const timeOf = (line: string): string => line.slice(0, line.indexOf(' '));

/** The lines of a log, with their times, that come after what was printed. */
export function newLines(followed: Followed, text: string): { readonly lines: readonly string[]; readonly followed: Followed } {
  const all = text.split(/(?<=\n)/).filter((line) => line !== '');
  let known = followed.same;
  const lines = all.filter((line) => timeOf(line) > followed.last || (timeOf(line) === followed.last && known-- <= 0));
  if (lines.length === 0) return { lines, followed };
  const last = timeOf(lines[lines.length - 1]);
  return { lines, followed: { ...followed, last, same: all.filter((line) => timeOf(line) === last).length } };
}

/** Without the time in front. */
export const untimed = (line: string): string => line.slice(line.indexOf(' ') + 1);

const statusOf = (pod: V1Pod, container: string): V1ContainerStatus | undefined => allStatuses(pod).find((c) => c.name === container);
export const restartsOf = (pod: V1Pod, container: string): number => statusOf(pod, container)?.restartCount ?? 0;

/** Whether a log is at its end: its pod is gone, or its container has ended or begun anew. */
function watched(followed: Followed, response: NonNullable<Told['response']>): Followed {
  if (response.code !== 200) return { ...followed, hasEnded: true };
  const pod = response.body as V1Pod;
  const restarts = restartsOf(pod, followed.container);
  const before = followed.restarts ?? restarts;
  return {
    ...followed,
    restarts: before,
    hasEnded: statusOf(pod, followed.container)?.state?.terminated !== undefined || restarts > before,
  };
}

/** What is asked about one of them; `i`: its place. */
export const lookAsk = (i: number, podPath: string): Ask => ({ tag: 'look', data: i, request: { method: 'GET', path: podPath } });

/** The next one, or all of them again after a while, or the end. */
export function turned(
  followed: readonly Followed[],
  i: number,
  podPath: (pod: string) => string,
): Pick<Output, 'ask' | 'exit' | 'wakeUs'> {
  const next = followed.findIndex((f, k) => k > i && !f.hasEnded);
  if (next >= 0) return { ask: [lookAsk(next, podPath(followed[next].pod))] };
  return followed.every((f) => f.hasEnded) ? { exit: 0 } : { wakeUs: AGAIN_US };
}

/** What is new in the logs after an answer or a while, and what is asked next. Only what ran before is asked for with `previous`. */
export function followOn(
  all: readonly Followed[],
  { tag, data, response }: Told,
  podPath: (pod: string) => string,
  previous = false,
): {
  readonly lines: readonly string[];
  /** Whose they are. */
  readonly from: Followed;
  readonly followed: readonly Followed[];
  readonly next: Pick<Output, 'ask' | 'exit' | 'wakeUs'>;
} {
  const i = typeof data === 'number' ? data : -1;
  const from = all[Math.max(0, i)];
  if (tag === 'timer') return { lines: [], from, followed: all, next: turned(all, -1, podPath) };
  if (!response) return { lines: [], from, followed: all, next: {} };
  if (tag === 'look') {
    const seen = watched(from, response);
    const isAnew =
      seen.hasEnded === true && response.code === 200 && (seen.restarts ?? 0) < restartsOf(response.body as V1Pod, seen.container);
    const query = { container: seen.container, timestamps: 'true', ...(isAnew || previous ? { previous: 'true' } : {}) };
    return {
      lines: [],
      from,
      followed: all.with(i, seen),
      next: { ask: [{ tag: 'more', data: i, request: { method: 'GET', path: `${podPath(seen.pod)}/log`, query } }] },
    };
  }
  const { lines, followed } =
    response.code === 200 ? newLines(from, String(response.body ?? '')) : { lines: [], followed: { ...from, hasEnded: true } };
  const now = all.with(i, followed);
  return { lines, from, followed: now, next: turned(now, i, podPath) };
}
