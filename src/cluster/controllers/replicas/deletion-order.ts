/**
 * Which pods are missed least.
 * Upstream: pkg/controller/controller_utils.go ActivePodsWithRanks, replica_set.go getPodsRankedByRelatedPodsOnSameNode (v1.36). Simplified: nothing.
 */
import { parseTime } from '../../../api/machinery/time.ts';
import type { V1ContainerStatus, V1Pod } from '../../../api/schema/kubernetes.ts';
import { isReady } from '../../client/indexed-cache.ts';

const PHASE: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const COST = 'controller.kubernetes.io/pod-deletion-cost';

const costOf = (pod: V1Pod): number => {
  const text = pod.metadata?.annotations?.[COST];
  return text !== undefined && /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
};
const most = (statuses: readonly V1ContainerStatus[]): number => statuses.reduce((n, c) => Math.max(n, c.restartCount), 0);
/** Those of containers proper, and of sidecars. */
const restartsOf = (pod: V1Pod): number => most(pod.status?.containerStatuses ?? []);
const sidecarRestartsOf = (pod: V1Pod): number =>
  most(
    (pod.status?.initContainerStatuses ?? []).filter((s) =>
      pod.spec?.initContainers?.some((c) => c.name === s.name && c.restartPolicy === 'Always'),
    ),
  );
const timeOf = (text: string | null | undefined): number => parseTime(text ?? '') || 0;
const readySince = (pod: V1Pod): number =>
  timeOf(pod.status?.conditions?.find((c) => c.type === 'Ready' && c.status === 'True')?.lastTransitionTime);

/** Ages that differ by less than a doubling count as equal, so that it is not always the youngest that goes. */
function magnitude(ageMs: number): number {
  if (ageMs <= 0) return -1;
  let rank = 0;
  for (let ns = ageMs * 1_000_000; ns >= 2; ns /= 2) rank++;
  return rank;
}

function byTime(a: number, b: number, { nowMs, uids }: { readonly nowMs: number; readonly uids: readonly [string, string] }): number {
  if (a === 0 || b === 0) return a === 0 ? -1 : 1;
  return magnitude(nowMs - a) - magnitude(nowMs - b) || (uids[0] < uids[1] ? -1 : 1);
}

/** The first to be deleted first. `related`: how many pods of the same family share this pod's machine. */
export function compareForDeletion(a: V1Pod, b: V1Pod, nowMs: number, related: (pod: V1Pod) => number = () => 0): number {
  const steps = [
    Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName)),
    (PHASE[a.status?.phase ?? ''] ?? 0) - (PHASE[b.status?.phase ?? ''] ?? 0),
    Number(isReady(a)) - Number(isReady(b)),
    costOf(a) - costOf(b),
    related(b) - related(a),
  ];
  for (const step of steps) if (step !== 0) return step;
  const uids = [a.metadata?.uid ?? '', b.metadata?.uid ?? ''] as const;
  const [readyA, readyB] = [readySince(a), readySince(b)];
  if (isReady(a) && isReady(b) && readyA !== readyB) return byTime(readyA, readyB, { nowMs, uids });
  const restarts = restartsOf(b) - restartsOf(a) || sidecarRestartsOf(b) - sidecarRestartsOf(a);
  if (restarts !== 0) return restarts;
  const [bornA, bornB] = [timeOf(a.metadata?.creationTimestamp), timeOf(b.metadata?.creationTimestamp)];
  return bornA === bornB ? 0 : byTime(bornA, bornB, { nowMs, uids });
}
