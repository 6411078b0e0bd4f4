/**
 * No pod is to have more than its machine could ever give, and only machines with Linux change one that runs.
 * Upstream: plugin/pkg/admission/podresize/admission.go, on since v1.36. Simplified: nothing.
 */
import { forbidden } from '../../../../api/machinery/status.ts';
import type { V1Node, V1Pod } from '../../../../api/schema/kubernetes.ts';
import { requestOf, resourcesOf } from '../../../scheduler/pod-request.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { ServerView } from '../../view.ts';

function refusalOf(pod: V1Pod, machine: string, view: ServerView): string | undefined {
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

export default {
  name: 'PodResizeValidator',
  order: 270,
  validate({ info, object, old }, view) {
    const machine = (object as V1Pod).spec?.nodeName;
    const isChanged = info.subresource === 'resize' && object.metadata?.generation !== old?.metadata?.generation;
    const why = machine && isChanged ? refusalOf(object as V1Pod, machine, view) : undefined;
    return why === undefined ? undefined : forbidden('pods', object.metadata?.name ?? '', why);
  },
} satisfies AdmissionPlugin;
