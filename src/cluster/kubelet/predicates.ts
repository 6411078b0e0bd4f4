/**
 * Whether a pod that was given this machine can be taken: a pod can name its machine itself, and then nobody asked the scheduler.
 * Upstream: pkg/kubelet/lifecycle/predicate.go (v1.36). Simplified: no device plugins, topology manager or node shutdown.
 */
import { isOver } from '../../api/pods/phase.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { clashes, hostPortsOf } from '../scheduler/host-ports.ts';
import { matchesNodeSelection } from '../scheduler/node-selection.ts';
import { heldBy, requestOf, resourcesOf } from '../scheduler/pod-request.ts';
import { tolerates } from '../scheduler/tolerations.ts';
import type { PodWorker } from './known.ts';

const OS_LABEL = 'kubernetes.io/os';
const OS = 'linux';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}
const refused = (reason: string, message: string): Refusal => ({ reason, message });
const short = (
  reason: string,
  name: string,
  n: { readonly requested: number; readonly used: number; readonly capacity: number },
): Refusal =>
  refused(reason, `Node didn't have enough resource: ${name}, requested: ${n.requested}, used: ${n.used}, capacity: ${n.capacity}`);

const COUNTED = [
  ['OutOfcpu', 'cpu', 'cpuMilli'],
  ['OutOfmemory', 'memory', 'memory'],
  ['OutOfephemeral-storage', 'ephemeral-storage', 'ephemeralStorage'],
] as const;

/** Undefined when the pod may run here beside the others. */
export function refusalOf(pod: V1Pod, node: V1Node | undefined, others: Iterable<PodWorker>): Refusal | undefined {
  if (!node?.status?.allocatable) return undefined;
  if ((pod.metadata?.labels?.[OS_LABEL] ?? OS) !== OS)
    return refused('PodOSSelectorNodeLabelDoesNotMatch', `Failed to admit pod as the \`${OS_LABEL}\` label doesn't match node label`);
  if ((pod.spec?.os?.name ?? OS) !== OS) return refused('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS");
  const active: V1Pod[] = [];
  const used = { cpuMilli: 0, memory: 0, ephemeralStorage: 0 };
  for (const { isFinished, isDeleted, failure, pod: other } of others) {
    // What the API has no more is not counted, although its containers may still run. Upstream: filterOutInactivePods, over the pods of the pod manager.
    if (isFinished || isDeleted || failure || isOver(other)) continue;
    active.push(other);
    const { cpuMilli, memory, ephemeralStorage } = heldBy(other).exact;
    used.cpuMilli += cpuMilli;
    used.memory += memory;
    used.ephemeralStorage += ephemeralStorage;
  }
  const room = resourcesOf(node.status.allocatable);
  const wants = requestOf(pod);
  if (active.length + 1 > room.pods) return short('OutOfpods', 'pods', { requested: 1, used: active.length, capacity: room.pods });
  for (const [reason, name, of] of COUNTED)
    if (wants[of] > 0 && wants[of] > room[of] - used[of])
      return short(reason, name, { requested: wants[of], used: used[of], capacity: room[of] });
  if (!matchesNodeSelection(pod.spec, node))
    return refused('NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  const ports = hostPortsOf(pod);
  const taken = new Map(ports.length === 0 ? [] : active.flatMap(hostPortsOf).map((port) => [port, 1]));
  if (ports.some((port) => clashes(port, taken)))
    return refused('NodePorts', "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
  const isDriven = (node.spec?.taints ?? []).some((taint) => taint.effect === 'NoExecute' && !tolerates(pod.spec?.tolerations, taint));
  return isDriven
    ? refused('TaintToleration', "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate")
    : undefined;
}
