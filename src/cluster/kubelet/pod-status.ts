/**
 * What a pod's status says, from what its containers do.
 * Upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus, convertToAPIContainerStatuses, getPhase; status/generate.go (v1.36).
 */
import { withCondition } from '../../api/machinery/conditions.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { qosClass } from '../../api/kinds/pod.ts';
import type { V1Container, V1ContainerState, V1ContainerStatus, V1PodCondition, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { RuntimeContainer } from '../runtime/cri.ts';
import { isRunning, recordOf, type ContainerRecord, type PodWorker } from './known.ts';
import { mayStart } from './next-step.ts';

export interface Where { readonly ip: string; readonly epochMs: number; readonly now: number }
const at = (where: Where, us: number): string => rfc3339(where.epochMs + Math.floor(us / 1000));

function stateOf(c: RuntimeContainer, where: Where): V1ContainerState {
  if (c.state === 'RUNNING') return { running: { startedAt: at(where, c.startedAt) } };
  if (c.state === 'CREATED') return { waiting: { reason: 'ContainerCreating' } };
  return { terminated: { exitCode: c.exitCode, reason: c.reason, ...(c.message ? { message: c.message } : {}), startedAt: at(where, c.startedAt), finishedAt: at(where, c.finishedAt), containerID: `containerd://${c.id}` } };
}

function containerStatus(worker: PodWorker, container: V1Container, where: Where, isInit: boolean, initsDone: boolean): V1ContainerStatus {
  const record = recordOf(worker, container.name);
  const { current, last } = record;
  const backoff = worker.backoff.get(container.name);
  const isWaitingAgain = current?.state === 'EXITED' && !worker.isTerminating && (isInit ? container.restartPolicy === 'Always' || (current.exitCode !== 0 && worker.pod.spec?.restartPolicy !== 'Never') : mayStart(worker, record));
  let state: V1ContainerState = current ? stateOf(current, where) : { waiting: { reason: initsDone || isInit ? 'ContainerCreating' : 'PodInitializing' } };
  let lastState: V1ContainerState = last ? stateOf(last, where) : {};
  if (!current && record.pullError) state = { waiting: { reason: record.pullError.isBackOff ? 'ImagePullBackOff' : 'ErrImagePull', message: record.pullError.isBackOff ? `Back-off pulling image "${container.image}": ErrImagePull: ${record.pullError.message}` : record.pullError.message } };
  if (isInit && !current && worker.pod.spec?.initContainers && !record.pullError) state = { waiting: { reason: 'PodInitializing' } };
  if (isWaitingAgain && current) {
    lastState = stateOf(current, where);
    if (record.pullError) state = { waiting: { reason: record.pullError.isBackOff ? 'ImagePullBackOff' : 'ErrImagePull', message: record.pullError.message } };
    else if (current.reason === 'StartError') state = { waiting: { reason: backoff ? 'CrashLoopBackOff' : 'RunContainerError', message: current.message } };
    else if (backoff && backoff.until > where.now) state = { waiting: { reason: 'CrashLoopBackOff', message: `back-off ${humanBackoff(backoff.delayUs)} restarting failed container=${container.name} pod=${worker.pod.metadata?.name}_${worker.pod.metadata?.namespace}(${worker.uid})` } };
    else state = stateOf(current, where);
  }
  const runs = isRunning(record);
  const started = runs && (!container.startupProbe || worker.probes.get(`${container.name}/startup`)?.isOk === true);
  const ready = isInit && container.restartPolicy !== 'Always' ? current?.state === 'EXITED' && current.exitCode === 0 : started && (!container.readinessProbe || worker.probes.get(`${container.name}/readiness`)?.isOk === true);
  const shown = isWaitingAgain ? lastState : Object.keys(lastState).length > 0 ? lastState : {};
  return {
    name: container.name, state, lastState: shown, ready, restartCount: Math.max(0, record.attempts - 1), image: container.image ?? '', imageID: current?.imageId ?? '',
    ...(current ? { containerID: `containerd://${current.id}` } : {}), started,
    ...(container.resources && Object.keys(container.resources).length > 0 && runs ? { resources: container.resources } : {}),
  };
}

/** '10s', '1m20s', '5m0s', as Go prints a duration. */
export function humanBackoff(us: number): string {
  const s = Math.round(us / 1e6);
  return s < 60 ? `${s}s` : `${Math.floor(s / 60)}m${s % 60}s`;
}

export function phaseOf(worker: PodWorker): string {
  const { spec } = worker.pod;
  const records = (spec?.containers ?? []).map((c) => recordOf(worker, c.name));
  const inits = (spec?.initContainers ?? []).map((c) => ({ c, r: recordOf(worker, c.name) }));
  if (inits.some(({ c, r }) => c.restartPolicy !== 'Always' && r.current?.state === 'EXITED' && r.current.exitCode !== 0 && spec?.restartPolicy === 'Never')) return 'Failed';
  if (inits.some(({ c, r }) => (c.restartPolicy === 'Always' ? !isRunning(r) : !(r.current?.state === 'EXITED' && r.current.exitCode === 0))) && !records.some((r) => r.current)) return 'Pending';
  const waiting = records.filter((r) => !r.current || r.current.state === 'CREATED').length;
  const stopped = records.filter((r) => r.current?.state === 'EXITED');
  if (waiting > 0) return 'Pending';
  if (records.some(isRunning)) return 'Running';
  if (worker.isTerminating || worker.isFinished || spec?.restartPolicy !== 'Always') {
    if (stopped.length === records.length && stopped.every((r) => r.current?.exitCode === 0)) return 'Succeeded';
    if (worker.isTerminating || worker.isFinished || spec?.restartPolicy === 'Never') return 'Failed';
    if (spec?.restartPolicy === 'OnFailure' && stopped.every((r: ContainerRecord) => r.current?.exitCode === 0)) return 'Succeeded';
  }
  return 'Running';
}

export function statusOf(worker: PodWorker, where: Where): V1PodStatus {
  const { pod } = worker;
  const { spec } = pod;
  const inits = spec?.initContainers ?? [];
  const initsDone = inits.every((c) => { const r = recordOf(worker, c.name); return c.restartPolicy === 'Always' ? isRunning(r) : r.current?.state === 'EXITED' && r.current.exitCode === 0; });
  const initStatuses = inits.map((c) => containerStatus(worker, c, where, true, initsDone));
  const statuses = (spec?.containers ?? []).map((c) => containerStatus(worker, c, where, false, initsDone));
  const phase = phaseOf(worker);
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  const unready = statuses.filter((s) => !s.ready).map((s) => s.name);
  const now = at(where, where.now);
  const generation = pod.metadata?.generation;
  const condition = (type: string, ok: boolean, reason?: string, message?: string): V1PodCondition => ({ type, status: ok ? 'True' : 'False', ...(!ok && reason ? { reason } : {}), ...(!ok && message ? { message } : {}), lastTransitionTime: now, ...(generation === undefined ? {} : { observedGeneration: generation }) });
  const pending = inits.filter((c) => { const r = recordOf(worker, c.name); return c.restartPolicy === 'Always' ? !isRunning(r) : !(r.current?.state === 'EXITED' && r.current.exitCode === 0); }).map((c) => c.name);
  const [notReady, words] = isDone ? ['PodCompleted', ''] : ['ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`];
  const isReady = unready.length === 0 && !isDone && worker.sandbox?.isReady === true;
  let conditions: readonly V1PodCondition[] = pod.status?.conditions ?? [];
  const set: readonly V1PodCondition[] = [
    condition('PodReadyToStartContainers', worker.sandbox?.isReady === true),
    condition('Initialized', initsDone, 'ContainersNotInitialized', `containers with incomplete status: [${pending.join(' ')}]`),
    condition('Ready', isReady, notReady, words), condition('ContainersReady', isReady, notReady, words),
    ...(conditions.some((c) => c.type === 'PodScheduled') ? [] : [condition('PodScheduled', true)]),
  ];
  for (const c of set) conditions = withCondition(conditions, c);
  const ip = worker.sandbox && (worker.sandbox.isReady || !worker.isTerminating) ? worker.sandbox.ip : (pod.status?.podIP ?? undefined);
  return {
    phase, conditions, hostIP: where.ip, hostIPs: [{ ip: where.ip }], ...(ip ? { podIP: ip, podIPs: [{ ip }] } : {}), startTime: at(where, worker.startedAt), qosClass: qosClass(spec), ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}), containerStatuses: statuses,
  };
}

