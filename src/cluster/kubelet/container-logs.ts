/** Whose log is read, and where a command is run. Upstream: pkg/kubelet/kubelet_pods.go validateContainerLogStatus, GetKubeletContainerLogs, RunInContainer (v1.36). */
import type { V1ContainerState } from '../../api/schema/kubernetes.ts';
import type { LogLine } from '../runtime/cri.ts';
import { rfc3339Micro } from '../../api/machinery/time.ts';
import type { LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { PodWorker } from './known.ts';
import { statusOf, type Where } from './pod-status.ts';

const idOf = (state: V1ContainerState | undefined): string | undefined => state?.terminated?.containerID?.replace('containerd://', '');

/** The id of the container whose log is meant, or why there is none. */
export function logTarget(worker: PodWorker, call: LogsCall, where: Where): { readonly id: string } | { readonly error: string } {
  const status = statusOf(worker, where);
  const found = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find((s) => s.name === call.container);
  const about = `container ${JSON.stringify(call.container)} in pod ${JSON.stringify(call.pod)}`;
  const last = idOf(found?.lastState);
  if (call.previous) return last === undefined ? { error: `previous terminated ${about} not found` } : { id: last };
  const id = found?.state?.running ? found.containerID?.replace('containerd://', '') : (idOf(found?.state) ?? last);
  if (id !== undefined) return { id };
  const reason = found?.state?.waiting?.reason;
  if (reason === 'ErrImagePull') return { error: `${about} is waiting to start: image can't be pulled` };
  if (reason === 'ImagePullBackOff') return { error: `${about} is waiting to start: trying and failing to pull image` };
  return { error: `${about} is waiting to start: ${reason ?? 'no logs yet'}` };
}

/** The last lines, each with its time when asked. */
export function logText(lines: readonly LogLine[], call: { readonly tailLines?: number; readonly timestamps?: boolean }, epochMs: number): string {
  const shown = call.tailLines === undefined ? lines : call.tailLines === 0 ? [] : lines.slice(-call.tailLines);
  return shown.map((l) => `${call.timestamps ? `${rfc3339Micro(epochMs + Math.floor(l.at / 1000), l.at % 1000).replace('Z', '000Z')} ` : ''}${l.text}\n`).join('');
}
