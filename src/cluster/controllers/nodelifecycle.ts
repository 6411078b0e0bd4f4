/**
 * Notices machines that have gone silent: marks them Unknown, taints them, and lets pods go whose patience is over.
 * Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/controller/tainteviction (v1.36).
 * Simplified: no eviction rate limits and zone states; one controller for both of upstream's; a machine is registered as soon as it is seen; evictions are called off where all taints go or the pod does.
 */
import { withCondition } from '../../api/machinery/conditions.ts';
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Lease, V1Node, V1NodeCondition, V1Pod, V1Taint } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import { isReady } from '../client/indexed-cache.ts';
import type { Cache } from '../client/cache.ts';
import { nothing, type Controller, type ControllerEvent, type WatchedChange } from './controller.ts';
import { destroy, mergePatchOf, patch } from './paths.ts';
import { tolerates } from '../scheduler/tolerations.ts';

const GRACE_MS = 50_000;
/** For a machine that has never said anything. */
const STARTUP_MS = 60_000;
const MONITOR_US = 5_000_000;
const BY_TAINT = 'DeletionByTaintManager';
const CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const PRESSURE: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const MINE = new Set([NOT_READY, UNREACHABLE, 'node.kubernetes.io/unschedulable', ...Object.values(PRESSURE)]);

export default {
  name: 'node-lifecycle',
  watches: [
    { resource: 'nodes', keys: ({ object, deleted }) => (deleted ? [] : [keyOf(object)]), events: nodeEvents },
    {
      resource: 'leases.coordination.k8s.io',
      keys: ({ object, old }) => (old || object.metadata?.namespace !== 'kube-node-lease' ? [] : [object.metadata.name ?? '']),
    },
    {
      resource: 'pods',
      keys: ({ object, old, cache }) => {
        const machine = (object as V1Pod).spec?.nodeName;
        return machine &&
          (old as V1Pod | undefined)?.spec?.nodeName !== machine &&
          noExecute(cache.get<V1Node>('nodes', machine)).length > 0
          ? [machine]
          : [];
      },
      events: ({ object, deleted, cache }) =>
        deleted ? cancelled(object as V1Pod, noExecute(cache.get<V1Node>('nodes', (object as V1Pod).spec?.nodeName ?? ''))) : [],
    },
  ],
  reconcile(name, cache, clock) {
    const node = cache.get<V1Node>('nodes', name);
    if (!node) return nothing;
    const nowMs = clock.epochMs + Math.floor(clock.nowUs / 1000);
    const silent = silentAt(node, cache) <= nowMs;
    const ready = node.status?.conditions?.find((c) => c.type === 'Ready');
    const writes: ApiRequest[] = [];
    const notes: Fact[] = [];
    if (silent && ready?.status !== 'Unknown') {
      const now = rfc3339(nowMs);
      const conditions = CONDITIONS.reduce<readonly V1NodeCondition[]>(
        (list, type) =>
          withCondition(list, {
            ...list.find((c) => c.type === type),
            type,
            status: 'Unknown',
            ...(list.some((c) => c.type === type)
              ? { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
              : { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' }),
            lastTransitionTime: now,
          }),
        node.status?.conditions ?? [],
      );
      writes.push(patch('nodes', node, { status: { conditions } }, 'status'));
      notes.push({
        says: 'nodelifecycle/silent',
        about: `nodes/${name}`,
        with: {
          machine: name,
          seconds: GRACE_MS / 1000,
          event: {
            type: 'Normal',
            reason: 'NodeNotReady',
            message: `Node ${name} status is now: NodeNotReady`,
            regarding: referenceOf(node),
          },
        },
      });
      for (const pod of cache.podsOn<V1Pod>(name)) {
        if (!isReady(pod)) continue;
        notes.push({
          says: 'nodelifecycle/pod-not-ready',
          about: `pods/${keyOf(pod)}`,
          with: {
            pod: pod.metadata?.name,
            machine: name,
            event: { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready', write: writes.length },
          },
        });
        writes.push(
          patch('pods', pod, { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: now }] } }, 'status'),
        );
      }
    }
    const taints = wantedTaints(node, silent ? 'Unknown' : ready?.status, rfc3339(nowMs));
    if (bare(taints) !== bare(node.spec?.taints ?? [])) {
      writes.push(mergePatchOf('nodes', node, { spec: { taints: taints.length > 0 ? taints : null } }));
      notes.push({
        says: 'nodelifecycle/tainted',
        about: `nodes/${name}`,
        with: { machine: name, taints: taints.map((t) => `${t.key}:${t.effect}`) },
      });
    }
    const seen = seenTaints(node, clock.memory as Seen | undefined, nowMs);
    const evictions = evict(node, cache, { nowMs, seen });
    return {
      writes: [...writes, ...evictions.writes],
      notes: [...notes, ...evictions.notes],
      againAfterUs: nextLook(node, cache, nowMs, evictions.againMs),
      ...(Object.keys(seen).length > 0 ? { memory: seen } : {}),
    };
  },
} satisfies Controller;

/** As it is in an Event: with its uid, and at no version. */
const referenceOf = ({ metadata }: KubeObject): V1Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: metadata?.name, uid: metadata?.uid },
});
const noExecute = (node: V1Node | undefined): readonly V1Taint[] => (node?.spec?.taints ?? []).filter((t) => t.effect === 'NoExecute');

/** A machine comes or goes, or its pods need not go any more. Upstream: monitorNodeHealth, RecordNodeEvent. */
function nodeEvents({ object, old, deleted, cache }: WatchedChange): readonly ControllerEvent[] {
  const name = object.metadata?.name ?? '';
  const say = (reason: string, message: string): readonly ControllerEvent[] => [
    { component: 'node-controller', regarding: referenceOf(object), type: 'Normal', reason, message: `Node ${name} event: ${message}` },
  ];
  if (deleted) return say('RemovingNode', `Removing Node ${name} from Controller`);
  if (!old) return say('RegisteredNode', `Registered Node ${name} in Controller`);
  const taints = noExecute(old);
  return taints.length > 0 && noExecute(object).length === 0 ? cache.podsOn<V1Pod>(name).flatMap((pod) => cancelled(pod, taints)) : [];
}

/** Upstream: emitPodDeletionEvent, emitCancelPodDeletionEvent: they name the pod and nothing more of it. */
const evictionEvent = ({ metadata }: V1Pod, message: string): ControllerEvent => ({
  component: 'taint-eviction-controller',
  regarding: { apiVersion: 'v1', kind: 'Pod', metadata: { name: metadata?.name, namespace: metadata?.namespace } },
  type: 'Normal',
  reason: 'TaintManagerEviction',
  message,
});

/** What is said of a pod whose eviction was due one day and is not any more. Upstream: cancelWorkWithEvent. */
function cancelled(pod: V1Pod, taints: readonly V1Taint[]): readonly ControllerEvent[] {
  const wasEvicted = pod.status?.conditions?.some((c) => c.type === 'DisruptionTarget' && c.reason === BY_TAINT);
  return taints.length > 0 && !wasEvicted && patience(pod, taints, { nowMs: 0, seen: {} })
    ? [evictionEvent(pod, `Cancelling deletion of Pod ${keyOf(pod)}`)]
    : [];
}

function lastSign(node: V1Node, cache: Cache): number {
  const lease = cache.get<V1Lease>('leases.coordination.k8s.io', `kube-node-lease/${node.metadata?.name}`);
  const renewed = parseTime(lease?.spec?.renewTime ?? '');
  const heartbeat = parseTime(
    node.status?.conditions?.find((c) => c.type === 'Ready')?.lastHeartbeatTime ?? node.metadata?.creationTimestamp ?? '',
  );
  return Math.max(Number.isNaN(renewed) ? 0 : renewed, Number.isNaN(heartbeat) ? 0 : heartbeat);
}

/** When its silence has lasted too long. */
function silentAt(node: V1Node, cache: Cache): number {
  return lastSign(node, cache) + (node.status?.conditions?.some((c) => c.type === 'Ready') ? GRACE_MS : STARTUP_MS);
}

/** Looks when the grace would end, at the monitor's period at the earliest, and when the next pod's patience ends. */
function nextLook(node: V1Node, cache: Cache, nowMs: number, evictMs: number | undefined): number {
  const grace = silentAt(node, cache) - nowMs;
  const monitor = Math.max(MONITOR_US, Math.ceil(grace > 0 ? grace : 10 * GRACE_MS) * 1000);
  return evictMs === undefined ? monitor : Math.min(monitor, Math.max(1, Math.ceil(evictMs)) * 1000);
}

const textOf = ({ key, value = '', effect }: V1Taint): string => `${key}=${value}:${effect}`;
/** Taints without their times, in whatever order. */
const bare = (taints: readonly V1Taint[]): string =>
  taints
    .map(textOf)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(' ');

function wantedTaints(node: V1Node, ready: string | undefined, now: string): readonly V1Taint[] {
  const had = node.spec?.taints ?? [];
  const key = ready === 'True' ? undefined : ready === 'Unknown' ? UNREACHABLE : NOT_READY;
  const wanted: V1Taint[] = [];
  const add = (k: string, effect: string): void =>
    void wanted.push(had.find((t) => t.key === k && t.effect === effect) ?? { key: k, effect, timeAdded: now });
  if (key) {
    add(key, 'NoSchedule');
    if (node.status?.conditions?.some((c) => c.type === 'Ready')) add(key, 'NoExecute');
  }
  for (const condition of node.status?.conditions ?? [])
    if (Object.hasOwn(PRESSURE, condition.type) && condition.status === 'True') add(PRESSURE[condition.type], 'NoSchedule');
  if (node.spec?.unschedulable) add('node.kubernetes.io/unschedulable', 'NoSchedule');
  return [...had.filter((t) => !MINE.has(t.key)), ...wanted];
}

/** Taints that do not say since when they are there → when they were first seen, ms. Upstream: the time of a scheduled eviction's work item. */
type Seen = Readonly<Record<string, number>>;
interface Now {
  readonly nowMs: number;
  readonly seen: Seen;
}
const seenTaints = (node: V1Node, was: Seen | undefined, nowMs: number): Seen =>
  Object.fromEntries(
    noExecute(node)
      .filter((t) => t.timeAdded === undefined)
      .map((t) => [textOf(t), was?.[textOf(t)] ?? nowMs]),
  );

function evict(
  node: V1Node,
  cache: Cache,
  now: Now,
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
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: BY_TAINT,
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: rfc3339(nowMs),
    };
    const write = writes.length;
    writes.push(patch('pods', pod, { status: { conditions: [condition] } }, 'status'), destroy('pods', pod));
    notes.push({
      says: 'nodelifecycle/evicted',
      about: `pods/${keyOf(pod)}`,
      with: {
        pod: pod.metadata?.name,
        machine: node.metadata?.name,
        taint: taints[0].key,
        event: { ...evictionEvent(pod, `Marking for deletion Pod ${keyOf(pod)}`), write },
      },
    });
  }
  return { writes, notes, ...(againMs === Number.MAX_SAFE_INTEGER ? {} : { againMs }) };
}

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
