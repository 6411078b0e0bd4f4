/**
 * What a pod's status says when nothing of it is left on the machine: a container whose end nobody saw counts as failed, and the pod is over.
 * Upstream: pkg/kubelet/status/status_manager.go TerminatePod, hasPodInitialized, initializedContainers (v1.36). Simplified: nothing.
 */
import type { V1ContainerState, V1ContainerStatus, V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';

const UNSEEN: V1ContainerState = deepFreeze({
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
  },
});
/** Whether the last word was said of it already. */
export const isUnseen = ({ terminated }: V1ContainerState): boolean =>
  terminated?.reason === UNSEEN.terminated?.reason && terminated?.message === UNSEEN.terminated?.message;
const ended = (status: V1ContainerStatus): V1ContainerStatus => (status.state?.terminated ? status : { ...status, state: UNSEEN });
const hasBeen = ({ state, lastState }: V1ContainerStatus): boolean => lastState?.terminated !== undefined || state?.waiting === undefined;

/** Whether a container proper may have begun. */
function isInitialized({ spec }: V1Pod, statuses: readonly V1ContainerStatus[], inits: readonly V1ContainerStatus[]): boolean {
  const last = inits.at(-1);
  if (!last || statuses.some(hasBeen)) return true;
  if (spec?.initContainers?.at(-1)?.restartPolicy === 'Always') return last.state?.running !== undefined && last.started === true;
  return [last.state, last.lastState].some((state) => state?.terminated?.exitCode === 0);
}

/** Init containers after the last that began say what they said; the first of them never does. */
export function lastWord(pod: V1Pod, status: V1PodStatus, isStatic: boolean): V1PodStatus {
  const { containerStatuses = [], initContainerStatuses: inits = [], phase } = status;
  const begun = Math.max(1, inits.findLastIndex(hasBeen) + 1);
  return {
    ...status,
    phase: isStatic || phase === 'Succeeded' ? phase : 'Failed',
    ...(inits.length > 0 ? { initContainerStatuses: inits.map((s, i) => (i < begun ? ended(s) : s)) } : {}),
    containerStatuses: isInitialized(pod, containerStatuses, inits) ? containerStatuses.map(ended) : containerStatuses,
  };
}
