/** A pod as one line. Upstream: pkg/printers/internalversion/printers.go printPod (v1.36). Simplified: nothing that a pod here can have. */
import { humanDuration, parseTime } from '../machinery/time.ts';
import type { V1Container, V1Pod } from '../schema/kubernetes.ts';

export interface PodLine {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
  readonly restartCount: number;
}

const isSidecar = (container: V1Container | undefined): boolean => container?.restartPolicy === 'Always';
const has = (pod: V1Pod, type: string): boolean => pod.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
const later = (a: string, b: string | null | undefined): string => (b && b > a ? b : a);

/** What the walk over the containers has found; restart times are RFC 3339, '' when there was none. */
interface Tally {
  reason: string;
  ready: number;
  restarts: number;
  lastRestart: string;
  sidecarRestarts: number;
  lastSidecarRestart: string;
  isInitializing: boolean;
}

export function podLine(pod: V1Pod, nowMs: number): PodLine {
  const { status, spec, metadata } = pod;
  const isGated = status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated') ?? false;
  const tally: Tally = {
    reason: isGated ? 'SchedulingGated' : status?.reason || status?.phase || '',
    ready: 0,
    restarts: 0,
    lastRestart: '',
    sidecarRestarts: 0,
    lastSidecarRestart: '',
    isInitializing: false,
  };
  countInits(pod, tally);
  if (!tally.isInitializing || has(pod, 'Initialized')) countContainers(pod, tally);
  let { reason } = tally;
  if (metadata?.deletionTimestamp && status?.reason === 'NodeLost') reason = 'Unknown';
  else if (metadata?.deletionTimestamp && status?.phase !== 'Failed' && status?.phase !== 'Succeeded') reason = 'Terminating';
  const total = (spec?.containers?.length ?? 0) + (spec?.initContainers ?? []).filter(isSidecar).length;
  const ago =
    tally.restarts > 0 && tally.lastRestart !== '' && !Number.isNaN(nowMs)
      ? ` (${humanDuration((nowMs - parseTime(tally.lastRestart)) / 1000)} ago)`
      : '';
  return { ready: `${tally.ready}/${total}`, status: reason, restarts: `${tally.restarts}${ago}`, restartCount: tally.restarts };
}

/** Init containers until the first that is not done; it gives the pod its status. */
function countInits(pod: V1Pod, tally: Tally): void {
  const inits = new Map((pod.spec?.initContainers ?? []).map((c) => [c.name, c]));
  for (const [i, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const finishedAt = container.lastState?.terminated?.finishedAt;
    const isRestartable = isSidecar(inits.get(container.name));
    tally.restarts += container.restartCount ?? 0;
    tally.lastRestart = later(tally.lastRestart, finishedAt);
    if (isRestartable) {
      tally.sidecarRestarts += container.restartCount ?? 0;
      tally.lastSidecarRestart = later(tally.lastSidecarRestart, finishedAt);
    }
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isRestartable && container.started === true) {
      if (container.ready) tally.ready++;
      continue;
    }
    if (terminated)
      tally.reason = `Init:${terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') tally.reason = `Init:${waiting.reason}`;
    else tally.reason = `Init:${i}/${pod.spec?.initContainers?.length ?? 0}`;
    tally.isInitializing = true;
    return;
  }
}

/** From the last container to the first, so that the first has the last word. */
function countContainers(pod: V1Pod, tally: Tally): void {
  tally.restarts = tally.sidecarRestarts;
  tally.lastRestart = tally.lastSidecarRestart;
  let hasRunning = false;
  for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    tally.restarts += container.restartCount ?? 0;
    tally.lastRestart = later(tally.lastRestart, container.lastState?.terminated?.finishedAt);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) tally.reason = waiting.reason;
    else if (terminated)
      tally.reason = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
    else if (container.ready && running) {
      hasRunning = true;
      tally.ready++;
    }
  }
  if (tally.reason === 'Completed' && hasRunning) tally.reason = has(pod, 'Ready') ? 'Running' : 'NotReady';
}
