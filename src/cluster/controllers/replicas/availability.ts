/** When a pod counts as available. Upstream: pkg/api/v1/pod/util.go IsPodAvailable, pkg/controller FindMinNextPodAvailabilityCheck (v1.36). */
import { parseTime } from '../../../api/machinery/time.ts';
import type { V1Pod } from '../../../api/schema/kubernetes.ts';
import { isReady } from '../../client/indexed-cache.ts';

/** Milliseconds until a ready pod has been so for minReadySeconds; 0 when it has, undefined when it is not ready. `nowMs`: since 1970. */
export function untilAvailable(pod: V1Pod, minReadySeconds: number, nowMs: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = parseTime(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '');
  return Math.max(0, (Number.isNaN(since) ? nowMs : since) + minReadySeconds * 1000 - nowMs);
}
