/** How important a pod is. Upstream: component-helpers/scheduling/corev1/helpers.go PodPriority; pkg/scheduler/util/utils.go MoreImportantPod, GetPodStartTime (v1.36). Simplified: nothing. */
import { parseTime } from '../../api/machinery/time.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';

export const priorityOf = (pod: V1Pod): number => pod.spec?.priority ?? 0;
/** Milliseconds since 1970; one that has not started yet, or says no time, is younger than all. */
export function startOf({ status }: V1Pod): number {
  const ms = parseTime(status?.startTime ?? '');
  return Number.isNaN(ms) ? Number.MAX_SAFE_INTEGER : ms;
}
/** Orders pods by priority, then the older first. */
export const byImportance = (a: V1Pod, b: V1Pod): number => priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);
