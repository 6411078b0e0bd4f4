/**
 * Clears pods away that nobody else will: ended ones beyond a threshold, those of machines that are gone, those that wait to end on one that is out of service, and those that were being deleted before they got a machine.
 * Upstream: pkg/controller/podgc/gc_controller.go (v1.36). Simplified: a machine's absence is taken as final after 40 s, without asking the apiserver again.
 */
import { keyOf } from '../../api/object.ts';
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import { isOver } from '../../api/pods/phase.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Controller } from './controller.ts';
import { destroy, patch } from './paths.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Fact } from '../../kernel/fact.ts';

const PERIOD_US = 20_000_000;
const QUARANTINE_MS = 40_000;
/** Upstream: --terminated-pod-gc-threshold. */
const THRESHOLD = 12_500;
const ALL = 'all';

/** Upstream: gcTerminating, v1.TaintNodeOutOfService. */
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const isOutOfService = (node: V1Node | undefined): boolean =>
  node?.spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) === true &&
  !node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

const isEvicted = (pod: V1Pod): boolean => pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted';
const bornMs = (pod: V1Pod): number => parseTime(pod.metadata?.creationTimestamp ?? '') || 0;

export default {
  name: 'pod-garbage-collector',
  workers: 1,
  // A machine that goes, or a pod deleted before it had one, is what this controller waits for; a look at all pods costs more.
  watches: [
    { resource: 'nodes', keys: ({ object, deleted }) => (deleted || isOutOfService(object) ? [ALL] : []) },
    {
      resource: 'pods',
      keys: ({ object, deleted, cache }) => {
        const pod = object as V1Pod;
        return !deleted &&
          ((pod.metadata?.deletionTimestamp && (!pod.spec?.nodeName || isOutOfService(cache.get<V1Node>('nodes', pod.spec.nodeName)))) ||
            (isOver(pod) && cache.count('pods') > THRESHOLD) ||
            (pod.spec?.nodeName && !cache.get('nodes', pod.spec.nodeName)))
          ? [ALL]
          : [];
      },
    },
  ],
  reconcile(_key, cache, clock) {
    const nowMs = clock.epochMs + Math.floor(clock.nowUs / 1000);
    const writes: ApiRequest[] = [];
    const notes: Fact[] = [];
    const force = (pod: V1Pod, why: string): void => {
      const conditions =
        why === 'orphaned'
          ? {
              conditions: [
                {
                  type: 'DisruptionTarget',
                  status: 'True',
                  reason: 'DeletionByPodGC',
                  message: 'PodGC: node no longer exists',
                  lastTransitionTime: rfc3339(nowMs),
                  ...(pod.metadata?.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
                },
              ],
            }
          : {};
      if (!isOver(pod)) writes.push(patch('pods', pod, { status: { phase: 'Failed', ...conditions } }, 'status'));
      writes.push(destroy('pods', pod, { gracePeriodSeconds: 0 }));
      notes.push({
        says: 'podgc/deleted',
        about: `pods/${keyOf(pod)}`,
        with: { pod: pod.metadata?.name, machine: pod.spec?.nodeName, why },
      });
    };
    const pods = cache.list<V1Pod>('pods');
    const over = pods
      .filter((pod) => isOver(pod) && !pod.metadata?.deletionTimestamp)
      .sort((a, b) => Number(isEvicted(b)) - Number(isEvicted(a)) || bornMs(a) - bornMs(b));
    for (const pod of over.slice(0, Math.max(0, over.length - THRESHOLD))) force(pod, 'terminated');
    let isWaiting = false;
    for (const pod of pods) {
      const machine = pod.spec?.nodeName;
      if (!machine) {
        if (pod.metadata?.deletionTimestamp) force(pod, 'unscheduled');
        continue;
      }
      const node = cache.get<V1Node>('nodes', machine);
      if (pod.metadata?.deletionTimestamp && isOutOfService(node)) {
        force(pod, 'out-of-service');
        continue;
      }
      if (node) continue;
      if (nowMs - bornMs(pod) < QUARANTINE_MS) isWaiting = true;
      else force(pod, 'orphaned');
    }
    return { writes, notes, ...(isWaiting ? { againAfterUs: PERIOD_US } : {}) };
  },
} satisfies Controller;
