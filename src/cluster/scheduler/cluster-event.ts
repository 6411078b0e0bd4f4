/**
 * Which waiting pods a change in the cluster may help: those that a plugin refused which asks about such changes.
 * Upstream: pkg/scheduler/eventhandlers.go, backend/queue isPodWorthRequeuing (v1.36). Simplified: events are told apart by resource and kind of change.
 */
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { keyOf } from '../../api/object.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Change } from '../client/reflector.ts';
import type { SchedulingQueue } from './queue.ts';
import { priorityOf } from './pod-priority.ts';
import { heldBy } from './pod-request.ts';
import { pluginNamed } from './registry.ts';

/** Does it take room on a machine? */
export const isAssigned = (pod: V1Pod | undefined): boolean =>
  Boolean(pod?.spec?.nodeName) && pod?.status?.phase !== 'Succeeded' && pod?.status?.phase !== 'Failed';

/** A nominated pod without a machine whose nomination goes: to others it is as if it had left a machine. Upstream: hasNominatedNodeNameChanged, deletePodFromSchedulingQueue. */
function leavesItsPlace({ type, object, old }: Change): boolean {
  const [pod, before] = [object as V1Pod, (type === 'DELETED' ? object : old) as V1Pod | undefined];
  if (!before?.status?.nominatedNodeName || pod.spec?.nodeName) return false;
  return type === 'DELETED' || pod.status?.nominatedNodeName !== before.status.nominatedNodeName;
}

/** 'pods/added' and so on as the scheduler means it: of pods only those that sit on a machine count. Undefined: of no interest to anybody. */
function eventOf(change: Change): string | undefined {
  const { resource, type, object, old } = change;
  if (resource === 'pods') {
    const now = type !== 'DELETED' && isAssigned(object as V1Pod);
    const before = isAssigned((type === 'DELETED' ? object : old) as V1Pod | undefined);
    if (now !== before) return now ? 'pods/added' : 'pods/deleted';
    if (leavesItsPlace(change)) return 'pods/deleted';
    return now && old !== undefined && !sameJson(podView(object as V1Pod), podView(old as V1Pod)) ? 'pods/updated' : undefined;
  }
  if (resource === 'nodes' && type === 'MODIFIED')
    return old && sameJson(nodeView(object as V1Node), nodeView(old as V1Node)) ? undefined : 'nodes/updated';
  return `${resource}/${type === 'ADDED' ? 'added' : type === 'DELETED' ? 'deleted' : 'updated'}`;
}
const podView = (pod: V1Pod): readonly unknown[] => {
  const { cpuMilli, memory } = heldBy(pod).exact;
  return [pod.metadata?.labels, pod.spec?.containers.map((c) => c.resources), cpuMilli, memory];
};
const nodeView = (node: V1Node): readonly unknown[] => [node.spec, node.metadata?.labels, node.status?.allocatable];

/** Keys of unschedulable pods worth another try. */
export function helpful(queue: SchedulingQueue, change: Change, podAt: (key: string) => V1Pod | undefined): readonly string[] {
  const own = keyOf(change.object);
  const isOwn = change.resource === 'pods' && queue.unschedulable.has(own);
  const leaves = change.resource === 'pods' && leavesItsPlace(change);
  if (isOwn && !leaves) return hasChangedItself(change) ? [own] : [];
  const event = eventOf(change);
  if (event === undefined) return [];
  const most = leaves ? priorityOf((change.old ?? change.object) as V1Pod) : undefined;
  const keys = new Set<string>();
  for (const [name, refused] of queue.byPlugin) {
    const plugin = pluginNamed.get(name);
    if (!plugin?.retryOn?.includes(event)) continue;
    for (const key of refused) {
      const pod = keys.has(key) ? undefined : podAt(key);
      if (pod && (most === undefined || priorityOf(pod) <= most) && (plugin.helps?.(pod, change) ?? true)) keys.add(key);
    }
  }
  return [...keys];
}

function hasChangedItself({ object, old }: Change): boolean {
  const [now, before] = [object as V1Pod, old as V1Pod | undefined];
  return !(before && (now.spec === before.spec || sameJson([now.spec, now.metadata?.labels], [before.spec, before.metadata?.labels])));
}
