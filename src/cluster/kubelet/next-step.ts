/**
 * The next thing to do for a pod, derived each time from what is known.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, SyncPod (v1.36). Simplified: no ephemeral containers, no in-place resize.
 */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import { isRunning, recordOf, type ContainerRecord, type PodWorker } from './known.ts';

export type NextStep =
  | { readonly do: 'nothing' } | { readonly do: 'wait'; readonly until: number } | { readonly do: 'sandbox' } | { readonly do: 'stop-sandbox' } | { readonly do: 'finish' }
  | { readonly do: 'stop'; readonly containers: readonly string[] }
  | { readonly do: 'image' | 'pull' | 'create' | 'start'; readonly container: V1Container };

const NOTHING: NextStep = { do: 'nothing' };

export function nextStep(worker: PodWorker, now: number): NextStep {
  if (worker.busy > 0 || worker.isFinished) return NOTHING;
  const running = [...worker.containers].filter(([, record]) => isRunning(record)).map(([name]) => name);
  if (worker.isTerminating) return end(worker, running);
  const { spec } = worker.pod;
  if (worker.sandbox && !worker.sandbox.isReady && running.length > 0) return { do: 'stop', containers: running };
  const doomed = running.filter((name) => worker.killing.has(name));
  if (doomed.length > 0) return { do: 'stop', containers: doomed };
  if (allDone(worker)) return worker.sandbox?.isReady ? { do: 'stop-sandbox' } : NOTHING;
  if (!worker.sandbox?.isReady) {
    const wait = worker.backoff.get('');
    return wait && wait.until > now ? { do: 'wait', until: wait.until } : { do: 'sandbox' };
  }
  for (const init of spec?.initContainers ?? []) {
    const record = recordOf(worker, init.name);
    const isSidecar = init.restartPolicy === 'Always';
    if (record.current?.state === 'EXITED' && record.current.exitCode === 0 && !isSidecar && record.current.sandbox === worker.sandbox.id) continue;
    if (isRunning(record)) { if (isSidecar && hasStarted(worker, init)) continue; return NOTHING; }
    if (record.current?.state === 'EXITED' && !isSidecar && spec?.restartPolicy === 'Never') return NOTHING;
    return bring(worker, init, record, now);
  }
  let soonest: number | undefined;
  for (const container of spec?.containers ?? []) {
    const record = recordOf(worker, container.name);
    if (isRunning(record) || !mayStart(worker, record)) continue;
    const step = bring(worker, container, record, now);
    if (step.do === 'wait') soonest = Math.min(soonest ?? step.until, step.until);
    else return step;
  }
  return soonest === undefined ? NOTHING : { do: 'wait', until: soonest };
}

function end(worker: PodWorker, running: readonly string[]): NextStep {
  if (running.length > 0) return { do: 'stop', containers: running };
  if (worker.sandbox?.isReady) return { do: 'stop-sandbox' };
  return { do: 'finish' };
}

/** Whether an exited container is started again, by the pod's restart policy. */
export function mayStart({ pod, sandbox }: PodWorker, { current }: ContainerRecord): boolean {
  if (!current || current.state !== 'EXITED') return true;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (sandbox && current.sandbox !== sandbox.id && policy !== 'Never') return policy === 'Always' || current.exitCode !== 0;
  return policy === 'Always' || (policy === 'OnFailure' && current.exitCode !== 0);
}

const hasStarted = (worker: PodWorker, container: V1Container): boolean => !container.startupProbe || worker.probes.get(`${container.name}/startup`)?.isOk === true;

function allDone(worker: PodWorker): boolean {
  const all = worker.pod.spec?.containers ?? [];
  const failedInit = (worker.pod.spec?.initContainers ?? []).some((c) => { const r = recordOf(worker, c.name); return r.current?.state === 'EXITED' && r.current.exitCode !== 0 && worker.pod.spec?.restartPolicy === 'Never' && c.restartPolicy !== 'Always'; });
  return failedInit || (all.length > 0 && all.every((c) => { const record = recordOf(worker, c.name); return record.current?.state === 'EXITED' && !mayStart(worker, record); }));
}

/** Image, container, start; in that order, one at a time. */
function bring(worker: PodWorker, container: V1Container, record: ContainerRecord, now: number): NextStep {
  const wait = worker.backoff.get(container.name);
  if (wait && wait.until > now) return { do: 'wait', until: wait.until };
  if (record.current?.state === 'CREATED' && record.current.sandbox === worker.sandbox?.id) return { do: 'start', container };
  if (record.hasImage) return { do: 'create', container };
  return container.imagePullPolicy === 'Always' ? { do: 'pull', container } : { do: 'image', container };
}
