/** Whose log is read, and where a command is run. Upstream: pkg/kubelet/kubelet_pods.go validateContainerLogStatus, GetKubeletContainerLogs, RunInContainer (v1.36). */
import type { V1ContainerState } from '../../api/schema/kubernetes.ts';
import { allStatuses } from '../../api/pods/containers.ts';
import type { LogLine } from '../runtime/cri.ts';
import { rfc3339Nano } from '../../api/machinery/time.ts';
import type { LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { LogOptions } from '../apiserver/log-options.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { PodWorker } from './known.ts';
import { statusOf, type Where } from './pod-status.ts';

const idOf = (state: V1ContainerState | undefined): string | undefined => state?.terminated?.containerID?.replace('containerd://', '');

/** The id of the container whose log is meant, or why there is none. */
export function logTarget(worker: PodWorker, call: LogsCall, where: Where): { readonly id: string } | { readonly error: string } {
  const status = statusOf(worker, where);
  const found = allStatuses({ status }).find((s) => s.name === call.container);
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

/** The last lines, of them those that are young enough, each with its time when asked. Upstream: staging/src/k8s.io/cri-client/pkg/logs/logs.go. */
export function logText(
  lines: readonly LogLine[],
  wanted: Pick<Partial<LogOptions>, 'tailLines' | 'timestamps' | 'sinceSeconds' | 'sinceMs' | 'limitBytes'>,
  { epochMs, now }: { readonly epochMs: number; readonly now: number },
): string {
  const { tailLines, timestamps, sinceSeconds, sinceMs, limitBytes } = wanted;
  const since = sinceSeconds !== undefined ? now - sinceSeconds * 1_000_000 : sinceMs !== undefined ? (sinceMs - epochMs) * 1000 : 0;
  const last = tailLines === undefined ? lines : tailLines === 0 ? [] : lines.slice(-tailLines);
  const text = last
    .filter((l) => l.at >= since)
    .map((l) => `${timestamps ? `${rfc3339Nano(epochMs, l.at)} ` : ''}${l.text}\n`)
    .join('');
  return limitBytes === undefined ? text : within(text, limitBytes);
}

/** Whole letters only. */
function within(text: string, bytes: number): string {
  let end = 0;
  let left = bytes;
  for (const letter of text) {
    left -= utf8(letter.codePointAt(0) ?? 0).length;
    if (left < 0) break;
    end += letter.length;
  }
  return text.slice(0, end);
}
