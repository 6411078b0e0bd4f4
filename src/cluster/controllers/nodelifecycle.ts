/**
 * Notices machines that have gone silent: marks them Unknown, taints them, and lets pods go whose patience is over.
 * Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36); for the pods that must go pkg/controller/tainteviction (nodes/evictions.ts).
 * Simplified: no eviction rate limits and zone states; one controller for both of upstream's; a machine is registered as soon as it is seen.
 */
import { withCondition } from '../../api/machinery/conditions.ts';
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Lease, V1Node, V1NodeCondition, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';
import { isReady } from '../client/indexed-cache.ts';
import { nothing, type Controller, type ControllerEvent, type Plan, type WatchedChange } from './controller.ts';
import { cancelled, evict, type Due } from './nodes/evictions.ts';
import { noExecute, taint } from './nodes/taints.ts';
import { patch } from './paths.ts';

const GRACE_MS = 50_000;
/** For a machine that has never said anything. */
const STARTUP_MS = 60_000;
const MONITOR_US = 5_000_000;
const CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

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
    const isSilent = silentAt(node, cache) <= nowMs;
    const ready = node.status?.conditions?.find((c) => c.type === 'Ready')?.status;
    const silence = isSilent && ready !== 'Unknown' ? callUnknown(node, cache, nowMs) : nothing;
    const tainting = taint(node, isSilent ? 'Unknown' : ready, nowMs);
    const before = [...silence.writes, ...tainting.writes];
    const evictions = evict(node, cache, { nowMs, was: clock.memory as Due | undefined, before: before.length });
    return {
      writes: [...before, ...evictions.writes],
      notes: [...silence.notes, ...tainting.notes, ...evictions.notes],
      againAfterUs: nextLook(node, cache, nowMs, evictions.againMs),
      ...(Object.keys(evictions.due).length > 0 ? { memory: evictions.due } : {}),
    };
  },
} satisfies Controller;

/** Says in its status that nobody knows how it is, and of its pods that they are not ready. Upstream: tryUpdateNodeHealth, MarkPodsNotReady. */
function callUnknown(node: V1Node, cache: Cache, nowMs: number): Plan {
  const now = rfc3339(nowMs);
  const writes: ApiRequest[] = [patch('nodes', node, { status: { conditions: unknownConditions(node, now) } }, 'status')];
  const notes: Fact[] = [silentFact(node)];
  for (const pod of cache.podsOn<V1Pod>(node.metadata?.name ?? '')) {
    if (!isReady(pod)) continue;
    notes.push(notReadyFact(pod, writes.length));
    writes.push(patch('pods', pod, { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: now }] } }, 'status'));
  }
  return { writes, notes };
}

function unknownConditions(node: V1Node, now: string): readonly V1NodeCondition[] {
  return CONDITIONS.reduce<readonly V1NodeCondition[]>(
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
}

function silentFact(node: V1Node): Fact {
  const machine = node.metadata?.name;
  const message = `Node ${machine} status is now: NodeNotReady`;
  return {
    says: 'nodelifecycle/silent',
    about: `nodes/${machine}`,
    with: {
      machine,
      seconds: GRACE_MS / 1000,
      event: { type: 'Normal', reason: 'NodeNotReady', message, regarding: referenceOf(node) },
    },
  };
}

/** `write`: the number of the write whose success the Event tells of. */
const notReadyFact = (pod: V1Pod, write: number): Fact => ({
  says: 'nodelifecycle/pod-not-ready',
  about: `pods/${keyOf(pod)}`,
  with: {
    pod: pod.metadata?.name,
    machine: pod.spec?.nodeName,
    event: { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready', write },
  },
});

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

/** As it is in an Event: with its uid, and at no version. */
const referenceOf = ({ metadata }: KubeObject): V1Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: metadata?.name, uid: metadata?.uid },
});
