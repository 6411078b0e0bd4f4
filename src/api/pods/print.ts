/** A pod as one line. Upstream: pkg/printers/internalversion/printers.go printPod (v1.36). Simplified: nothing that a pod here can have. */
import { humanDuration, parseTime } from '../machinery/time.ts';
import type { V1Container, V1ContainerStatus, V1Pod } from '../schema/kubernetes.ts';

export interface PodLine { readonly ready: string; readonly status: string; readonly restarts: string; readonly restartCount: number }

const isSidecar = (container: V1Container | undefined): boolean => container?.restartPolicy === 'Always';

export function podLine(pod: V1Pod, nowMs: number): PodLine {
  const { status, spec, metadata } = pod;
  let reason = status?.reason || status?.phase || '';
  if (status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) reason = 'SchedulingGated';
  let restarts = 0;
  let sidecarRestarts = 0;
  let lastRestart = '';
  let ready = 0;
  let total = spec?.containers?.length ?? 0;
  const later = (s: V1ContainerStatus): void => { const at = s.lastState?.terminated?.finishedAt ?? ''; if (at > lastRestart) lastRestart = at; };
  const inits = new Map((spec?.initContainers ?? []).map((c) => [c.name, c]));
  total += [...inits.values()].filter(isSidecar).length;
  let isInitializing = false;
  for (const [i, container] of (status?.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount;
    later(container);
    const sidecar = isSidecar(inits.get(container.name));
    if (sidecar) { sidecarRestarts += container.restartCount; if (container.ready) ready++; }
    const { terminated, waiting } = container.state ?? {};
    if (isInitializing || terminated?.exitCode === 0 || (sidecar && container.started)) continue;
    if (terminated) reason = terminated.reason ? `Init:${terminated.reason}` : terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${i}/${inits.size}`;
    isInitializing = true;
  }
  if (!isInitializing || status?.conditions?.some((c) => c.type === 'Initialized' && c.status === 'True')) {
    restarts = sidecarRestarts;
    let hasRunning = false;
    for (const container of [...(status?.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount;
      later(container);
      const { waiting, terminated, running } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) reason = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
      else if (container.ready && running) { hasRunning = true; ready++; }
    }
    if (reason === 'Completed' && hasRunning) reason = status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ? 'Running' : 'NotReady';
  }
  if (metadata?.deletionTimestamp && status?.reason === 'NodeLost') reason = 'Unknown';
  else if (metadata?.deletionTimestamp && status?.phase !== 'Failed' && status?.phase !== 'Succeeded') reason = 'Terminating';
  const ago = lastRestart !== '' && restarts > 0 ? ` (${humanDuration((nowMs - parseTime(lastRestart)) / 1000)} ago)` : '';
  return { ready: `${ready}/${total}`, status: reason, restarts: `${restarts}${ago}`, restartCount: restarts };
}
