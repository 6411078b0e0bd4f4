/** Why a pod on a machine cannot have other resources; undefined: it may. Upstream: plugin/pkg/admission/podresize/admission.go validatePodResize (v1.36). Simplified: nothing. */
import type { V1Node, V1Pod } from '../../../api/schema/kubernetes.ts';
import { requestOf, resourcesOf } from '../../scheduler/pod-request.ts';
import type { ServerView } from '../view.ts';

export function resizeRefusal(pod: V1Pod, machine: string, view: ServerView): string | undefined {
  const node = view.get<V1Node>('nodes', machine);
  if (!node) return `node ${JSON.stringify(machine)} not found`;
  const [wants, room] = [requestOf(pod), resourcesOf(node.status?.allocatable)];
  const over = (
    [
      ['cpu', 'cpuMilli'],
      ['memory', 'memory'],
    ] as const
  )
    .filter(([, of]) => wants[of] > room[of])
    .map(([name, of]) => `${name}, requested: ${wants[of]}, allocatable: ${room[of]}`);
  if (over.length > 0) return `Node didn't have enough allocatable resources: ${over.join('; ')}`;
  const os = node.metadata?.labels?.['kubernetes.io/os'] ?? '';
  return os === 'linux'
    ? undefined
    : `pod resize is only supported on linux nodes, node ${JSON.stringify(machine)} is ${JSON.stringify(os)}`;
}
