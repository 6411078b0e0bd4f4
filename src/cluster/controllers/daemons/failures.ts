/**
 * How long a daemon pod that failed stays where it is: it goes at once the first time, then after 1 s, and after twice as long each time up to 15 min.
 * Upstream: pkg/controller/daemon/daemon_controller.go failedPodsBackoff; client-go/util/flowcontrol/backoff.go (v1.36). Simplified: nothing.
 */
export interface Failure {
  readonly atMs: number;
  readonly backOffMs: number;
}
/** The last failure of each generation of a set on each machine, by 'generation/machine'. */
export type Failures = Readonly<Record<string, Failure>>;

const FIRST_MS = 1000;
const MOST_MS = 900_000;

/** Those that are not long over. */
export const remembered = (failures: Failures, nowMs: number): Record<string, Failure> =>
  Object.fromEntries(Object.entries(failures).filter(([, { atMs }]) => nowMs - atMs <= 2 * MOST_MS));
export const isInBackOff = (failure: Failure | undefined, nowMs: number): failure is Failure =>
  failure !== undefined && nowMs - failure.atMs < failure.backOffMs;
export const failedAgain = (failure: Failure | undefined, nowMs: number): Failure => ({
  atMs: nowMs,
  backOffMs: failure ? Math.min(MOST_MS, failure.backOffMs * 2) : FIRST_MS,
});
