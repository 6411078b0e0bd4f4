/**
 * How long a container that ended waits before it is started again: not at all the first time, then 10 s, 20 s, … 300 s; ten quiet minutes forget it.
 * Upstream: client-go util/flowcontrol/backoff.go, pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff (v1.36). Simplified: no jitter, as upstream has none here.
 */
export interface BackOff {
  readonly delayUs: number;
  /** When a start last raised it. */
  readonly lastUpdate: number;
}

const FIRST_US = 10_000_000;
const MOST_US = 300_000_000;

/** Another image begins anew. Upstream: kuberuntime helpers.go GetBackoffKey. */
export const backOffKey = ({ name, image = '' }: { readonly name: string; readonly image?: string }): string => `${name} ${image}`;

/** Upstream: Backoff.hasExpired. */
const hasExpired = (entry: BackOff, since: number): boolean => since - entry.lastUpdate > 2 * MOST_US;

/** When something that ended at `since` may be started again. */
export const restartAt = (entry: BackOff | undefined, since: number): number =>
  !entry || hasExpired(entry, since) ? since : since + entry.delayUs;

/** The entry after one more start. */
export function raised(entry: BackOff | undefined, since: number, now: number): BackOff {
  return { delayUs: !entry || hasExpired(entry, since) ? FIRST_US : Math.min(MOST_US, entry.delayUs * 2), lastUpdate: now };
}

/** '10s', '1m20s', '5m0s', as Go prints a duration. */
export function humanBackoff(us: number): string {
  const s = Math.round(us / 1e6);
  return s < 60 ? `${s}s` : `${Math.floor(s / 60)}m${s % 60}s`;
}
