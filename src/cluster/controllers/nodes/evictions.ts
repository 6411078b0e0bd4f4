/**
 * Pods that must leave a machine because of its taints: how long each has patience, and what is written when it is over.
 * Upstream: pkg/controller/tainteviction/taint_eviction.go (v1.36). Simplified: evictions are called off where all taints go or the pod does.
 */
import { parseTime, rfc3339 } from '../../../api/machinery/time.ts';
import { keyOf } from '../../../api/object.ts';
import type { V1Node, V1Pod, V1PodCondition, V1Taint } from '../../../api/schema/kubernetes.ts';
import type { Fact } from '../../../kernel/fact.ts';
import type { ApiRequest } from '../../api-request.ts';
import type { Cache } from '../../client/cache.ts';
import { tolerates } from '../../scheduler/tolerations.ts';
import type { ControllerEvent } from '../controller.ts';
import { destroy, patch } from '../paths.ts';
import { noExecute } from './taints.ts';

const BY_TAINT = 'DeletionByTaintManager';

/** A pod's uid → when it must go, ms. What was settled once holds while there are taints that it tolerates for a time. Upstream: the work items of taintEvictionQueue. */
export type Due = Readonly<Record<string, number>>;
interface Evictions {
  readonly writes: readonly ApiRequest[];
  readonly notes: readonly Fact[];
  readonly due: Due;
  readonly againMs?: number;
}

/** `before`: how many writes of the same plan come first. Upstream: processPodOnNode. */
export function evict(
  node: V1Node,
  cache: Cache,
  { nowMs, was = {}, before }: { readonly nowMs: number; readonly was?: Due; readonly before: number },
): Evictions {
  const taints = noExecute(node);
  const writes: ApiRequest[] = [];
  const notes: Fact[] = [];
  const due: Record<string, number> = {};
  if (taints.length === 0) return { writes, notes, due };
  let againMs = Number.MAX_SAFE_INTEGER;
  for (const pod of cache.podsOn<V1Pod>(node.metadata?.name ?? '')) {
    if (pod.metadata?.deletionTimestamp) continue;
    const seconds = secondsTolerated(pod, taints);
    if (seconds === undefined) continue;
    const uid = pod.metadata?.uid ?? '';
    const dueMs = seconds === 0 ? nowMs : Object.hasOwn(was, uid) ? was[uid] : startMs(pod, taints, nowMs) + seconds * 1000;
    due[uid] = dueMs;
    if (dueMs > nowMs) {
      againMs = Math.min(againMs, dueMs - nowMs);
      continue;
    }
    notes.push(evictedFact(pod, taints[0], before + writes.length));
    writes.push(patch('pods', pod, { status: { conditions: [disrupted(nowMs)] } }, 'status'), destroy('pods', pod));
  }
  return { writes, notes, due, ...(againMs === Number.MAX_SAFE_INTEGER ? {} : { againMs }) };
}

const disrupted = (nowMs: number): V1PodCondition => ({
  type: 'DisruptionTarget',
  status: 'True',
  reason: BY_TAINT,
  message: 'Taint manager: deleting due to NoExecute taint',
  lastTransitionTime: rfc3339(nowMs),
});

/** `write`: the number of the write whose success the Event tells of. */
const evictedFact = (pod: V1Pod, taint: V1Taint, write: number): Fact => ({
  says: 'nodelifecycle/evicted',
  about: `pods/${keyOf(pod)}`,
  with: {
    pod: pod.metadata?.name,
    machine: pod.spec?.nodeName,
    taint: taint.key,
    event: { ...evictionEvent(pod, `Marking for deletion Pod ${keyOf(pod)}`), write },
  },
});

/** How long the pod bears all the taints, 0 when one is not tolerated; undefined: for ever. The first toleration that fits a taint counts. Upstream: GetMatchingTolerations, getMinTolerationTime. */
export function secondsTolerated(pod: V1Pod, taints: readonly V1Taint[]): number | undefined {
  let least: number | undefined;
  for (const taint of taints) {
    const toleration = pod.spec?.tolerations?.find((t) => tolerates([t], taint));
    if (!toleration) return 0;
    if (toleration.tolerationSeconds === undefined) continue;
    least = Math.min(least ?? Number.MAX_SAFE_INTEGER, Math.max(0, toleration.tolerationSeconds));
  }
  return least;
}

/** Since when pod and taints are together; of a taint that does not say since when it is there: since it is seen. */
function startMs({ metadata, status }: V1Pod, taints: readonly V1Taint[], nowMs: number): number {
  const bound = status?.conditions?.find((c) => c.type === 'PodScheduled')?.lastTransitionTime;
  const times = [metadata?.creationTimestamp, bound].map((at) => (at ? parseTime(at) : 0));
  return Math.max(...times, ...taints.map(({ timeAdded }) => (timeAdded === undefined ? nowMs : parseTime(timeAdded))));
}

/** What is said of a pod whose eviction was due one day and is not any more. Upstream: cancelWorkWithEvent. */
export function cancelled(pod: V1Pod, taints: readonly V1Taint[]): readonly ControllerEvent[] {
  const wasEvicted = pod.status?.conditions?.some((c) => c.type === 'DisruptionTarget' && c.reason === BY_TAINT);
  return taints.length > 0 && !wasEvicted && secondsTolerated(pod, taints)
    ? [evictionEvent(pod, `Cancelling deletion of Pod ${keyOf(pod)}`)]
    : [];
}

/** Upstream: emitPodDeletionEvent, emitCancelPodDeletionEvent: they name the pod and nothing more of it. */
const evictionEvent = ({ metadata }: V1Pod, message: string): ControllerEvent => ({
  component: 'taint-eviction-controller',
  regarding: { apiVersion: 'v1', kind: 'Pod', metadata: { name: metadata?.name, namespace: metadata?.namespace } },
  type: 'Normal',
  reason: 'TaintManagerEviction',
  message,
});
