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
import { noExecute, textOf } from './taints.ts';

const BY_TAINT = 'DeletionByTaintManager';

/** Taints that do not say since when they are there → when they were first seen, ms. Upstream: the time of a scheduled eviction's work item. */
export type Seen = Readonly<Record<string, number>>;
interface Now {
  readonly nowMs: number;
  readonly seen: Seen;
}
export const seenTaints = (node: V1Node, was: Seen | undefined, nowMs: number): Seen =>
  Object.fromEntries(
    noExecute(node)
      .filter((t) => t.timeAdded === undefined)
      .map((t) => [textOf(t), was?.[textOf(t)] ?? nowMs]),
  );

export function evict(
  node: V1Node,
  cache: Cache,
  now: Now & { /** How many writes of the same plan come first. */ readonly before: number },
): { readonly writes: readonly ApiRequest[]; readonly notes: readonly Fact[]; readonly againMs?: number } {
  const { nowMs } = now;
  const taints = noExecute(node);
  if (taints.length === 0) return { writes: [], notes: [] };
  const writes: ApiRequest[] = [];
  const notes: Fact[] = [];
  let againMs = Number.MAX_SAFE_INTEGER;
  for (const pod of cache.podsOn<V1Pod>(node.metadata?.name ?? '')) {
    if (pod.metadata?.deletionTimestamp) continue;
    const left = patience(pod, taints, now);
    if (left === undefined) continue;
    if (left > 0) {
      againMs = Math.min(againMs, left);
      continue;
    }
    notes.push(evictedFact(pod, taints[0], now.before + writes.length));
    writes.push(patch('pods', pod, { status: { conditions: [disrupted(nowMs)] } }, 'status'), destroy('pods', pod));
  }
  return { writes, notes, ...(againMs === Number.MAX_SAFE_INTEGER ? {} : { againMs }) };
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

/** Milliseconds until the pod must go; undefined when it may stay for ever. The first toleration that fits a taint counts. Upstream: GetMatchingTolerations, getMinTolerationTime. */
export function patience(pod: V1Pod, taints: readonly V1Taint[], { nowMs, seen }: Now): number | undefined {
  let least: number | undefined;
  for (const taint of taints) {
    const toleration = pod.spec?.tolerations?.find((t) => tolerates([t], taint));
    if (!toleration) return 0;
    if (toleration.tolerationSeconds === undefined) continue;
    const since = taint.timeAdded === undefined ? (seen[textOf(taint)] ?? nowMs) : parseTime(taint.timeAdded);
    const left = since + Math.max(0, toleration.tolerationSeconds) * 1000 - nowMs;
    least = Math.min(least ?? left, left);
  }
  return least === undefined ? undefined : Math.max(0, least);
}

/** What is said of a pod whose eviction was due one day and is not any more. Upstream: cancelWorkWithEvent. */
export function cancelled(pod: V1Pod, taints: readonly V1Taint[]): readonly ControllerEvent[] {
  const wasEvicted = pod.status?.conditions?.some((c) => c.type === 'DisruptionTarget' && c.reason === BY_TAINT);
  return taints.length > 0 && !wasEvicted && patience(pod, taints, { nowMs: 0, seen: {} })
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
