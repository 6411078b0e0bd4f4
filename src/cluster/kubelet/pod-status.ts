/**
 * What a pod's status says, from what its containers do.
 * Upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus, convertToAPIContainerStatuses, getPhase (v1.36). Simplified: images run as root, in no group of their own.
 */
import { rfc3339 } from '../../api/machinery/time.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { allStatuses } from '../../api/pods/containers.ts';
import { qosClass } from '../../api/pods/qos.ts';
import type { V1Container, V1ContainerState, V1ContainerStatus, V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { RuntimeContainer } from '../runtime/cri.ts';
import { hasBegun, hasStarted, isRunning, recordOf, type ContainerRecord, type PodWorker } from './known.ts';
import { isUnseen, lastWord } from './last-word.ts';
import { allDone } from './next-step.ts';
import { conditionsOf } from './pod-conditions.ts';
import { shouldRestart } from './restart-policy.ts';
import { ROOT } from '../runtime/linux-user.ts';
import { linuxUserOf } from './run-as.ts';

export interface Where {
  readonly ip: string;
  readonly epochMs: number;
  readonly now: number;
  /** Whether there is one, seen or not. */
  readonly hasSandbox?: boolean;
}
const at = (where: Where, us: number): string => rfc3339(where.epochMs + Math.floor(us / 1000));
/** What the runtime says of a time that never came. */
const NEVER = '1970-01-01T00:00:00Z';

function stateOf(c: RuntimeContainer, where: Where): V1ContainerState {
  if (c.state === 'RUNNING') return { running: { startedAt: at(where, c.startedAt) } };
  if (c.state === 'CREATED') return { waiting: {} };
  return {
    terminated: {
      exitCode: c.exitCode,
      reason: c.reason,
      ...(c.message ? { message: c.message } : {}),
      startedAt: c.reason === 'StartError' ? NEVER : at(where, c.startedAt),
      finishedAt: at(where, c.finishedAt),
      containerID: `containerd://${c.id}`,
    },
  };
}

/** Whether the next sync would start it. Upstream: pkg/kubelet/container/helpers.go ShouldContainerBeRestarted. */
function isDue(worker: PodWorker, container: V1Container, isInit: boolean): boolean {
  const { current } = recordOf(worker, container.name);
  if (!current) return true;
  if (isInit && current.state === 'EXITED' && current.exitCode === 0) return false;
  return (
    worker.pod.metadata?.deletionTimestamp === undefined &&
    current.state !== 'RUNNING' &&
    (current.state === 'CREATED' || shouldRestart(container, worker.pod.spec, current.exitCode))
  );
}

/** What a container that used to run and can not be found any more is said to have ended with. */
const LOST: V1ContainerState = {
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was deleted.  The container used to be Running',
  },
};

const INITIALIZING: V1ContainerState = deepFreeze({ waiting: { reason: 'PodInitializing' } });
const CREATING: V1ContainerState = deepFreeze({ waiting: { reason: 'ContainerCreating' } });
const NO_STATE: V1ContainerState = Object.freeze({});

/** What the API said before of a container that the runtime knows nothing of. */
function saidBefore({ pod }: PodWorker, name: string, { current, last, attempts }: ContainerRecord): V1ContainerStatus | undefined {
  if (current || last || attempts > 0) return undefined;
  return allStatuses(pod).find((status) => status.name === name);
}

function containerStatus(worker: PodWorker, container: V1Container, where: Where, isInit: boolean): V1ContainerStatus {
  const record = recordOf(worker, container.name);
  const { current, last } = record;
  const hasInit = (worker.pod.spec?.initContainers ?? []).length > 0;
  const before = saidBefore(worker, container.name, record);
  let state: V1ContainerState = current
    ? stateOf(current, where)
    : before?.state?.terminated && !(worker.isFinished && isUnseen(before.state))
      ? before.state
      : hasInit
        ? INITIALIZING
        : CREATING;
  let lastState: V1ContainerState = last ? stateOf(last, where) : (before?.lastState ?? NO_STATE);
  const why = worker.reasons.get(container.name);
  if (why && isDue(worker, container, isInit)) {
    if (state.terminated) lastState = state;
    state = { waiting: { reason: why.reason, ...(why.message ? { message: why.message } : {}) } };
  }
  const isLost = before?.state?.running !== undefined && !why && !lastState.terminated;
  if (isLost) lastState = LOST;
  const restartCount = before
    ? before.restartCount + (isLost && worker.pod.metadata?.deletionTimestamp === undefined ? 1 : 0)
    : Math.max(0, record.attempts - 1);
  const runs = state.running !== undefined;
  const started = runs && hasStarted(worker, container);
  const ready =
    isInit && container.restartPolicy !== 'Always'
      ? state.terminated?.exitCode === 0
      : started && (!container.readinessProbe || worker.probes.get(`${container.name}/readiness`)?.isOk === true);
  return {
    name: container.name,
    state,
    lastState,
    ready,
    restartCount,
    image: current ? (current.imageName ?? container.image ?? '') : (container.image ?? ''),
    imageID: current?.imageId ?? '',
    ...(current ? { containerID: `containerd://${current.id}` } : {}),
    started,
    ...(current ? allotted(container, worker.pod, current) : {}),
    ...mounted(container),
  };
}

const NO_RESOURCES: NonNullable<V1Container['resources']> = Object.freeze({});
const AS_ROOT: V1ContainerStatus['user'] = deepFreeze({ linux: { gid: 0, supplementalGroups: [0], uid: 0 } });

/** What a container has and was given, and as whom it runs. Upstream: convertContainerStatusResources, convertContainerStatusUser. */
function allotted(container: V1Container, pod: V1Pod, { state, spec }: RuntimeContainer): Partial<V1ContainerStatus> {
  const given = container.resources?.requests;
  const { resources = NO_RESOURCES } = state === 'RUNNING' ? spec.spec : container;
  const linux = linuxUserOf(container, pod);
  const user = linux === ROOT ? AS_ROOT : { linux: { ...linux, supplementalGroups: [...linux.supplementalGroups] } };
  return { resources, ...(given ? { allocatedResources: given } : {}), user };
}

/** The same list for every status of a container. */
const mounts = new WeakMap<V1Container, Pick<V1ContainerStatus, 'volumeMounts'>>();

function mounted(container: V1Container): Pick<V1ContainerStatus, 'volumeMounts'> {
  let found = mounts.get(container);
  if (!found) {
    const volumeMounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
      mountPath,
      name,
      ...(readOnly
        ? { readOnly, recursiveReadOnly: recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible' ? 'Enabled' : 'Disabled' }
        : {}),
    }));
    found = deepFreeze(volumeMounts.length > 0 ? { volumeMounts } : {});
    mounts.set(container, found);
  }
  return found;
}

interface Counts {
  pendingInits: number;
  pendingSidecars: number;
  failedForGood: number;
  unknown: number;
  running: number;
  waiting: number;
  stopped: number;
  stoppedForGood: number;
  succeeded: number;
}

function count(pod: V1Pod, statuses: ReadonlyMap<string, V1ContainerStatus>): Counts {
  const n: Counts = {
    pendingInits: 0,
    pendingSidecars: 0,
    failedForGood: 0,
    unknown: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    stoppedForGood: 0,
    succeeded: 0,
  };
  for (const init of pod.spec?.initContainers ?? []) {
    const status = statuses.get(init.name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (init.restartPolicy === 'Always') {
      if (!status) n.unknown++;
      else if (status.state?.running) {
        n.running++;
        if (!status.started) n.pendingSidecars++;
      } else if (!ended) {
        n.pendingSidecars++;
        if (status.state?.waiting) n.waiting++;
        else n.unknown++;
      }
    } else if (!ended) n.pendingInits++;
    else if (ended.exitCode !== 0 && !shouldRestart(init, pod.spec, ended.exitCode)) n.failedForGood++;
  }
  for (const container of pod.spec?.containers ?? []) {
    const { state, lastState } = statuses.get(container.name) ?? {};
    const ended = state?.terminated ?? (state?.waiting ? lastState?.terminated : undefined);
    if (state?.running) n.running++;
    else if (ended) {
      n.stopped++;
      if (!shouldRestart(container, pod.spec, ended.exitCode)) n.stoppedForGood++;
      if (state?.terminated?.exitCode === 0) n.succeeded++;
    } else if (state?.waiting) n.waiting++;
    else n.unknown++;
  }
  return n;
}

/** Upstream: getPhase. `isTerminal`: nothing of it will be started again, whatever its policy; `hasBegun`: a container proper has started. */
export function phaseOf(
  pod: V1Pod,
  statuses: readonly V1ContainerStatus[],
  of: { readonly isTerminal: boolean; readonly hasBegun: boolean },
): string {
  const n = count(pod, new Map(statuses.map((s) => [s.name, s])));
  if (n.failedForGood > 0) return 'Failed';
  if (n.pendingInits > 0 || (n.pendingSidecars > 0 && !of.hasBegun) || n.waiting > 0) return 'Pending';
  if (n.running > 0 && n.unknown === 0) return 'Running';
  if (n.running > 0 || n.stopped === 0 || n.unknown > 0) return 'Pending';
  if (!of.isTerminal && n.stopped !== n.stoppedForGood) return 'Running';
  return n.stopped === n.succeeded ? 'Succeeded' : 'Failed';
}

const NOTHING_SAID: Pick<V1PodStatus, 'reason' | 'message'> = Object.freeze({});

export function statusOf(worker: PodWorker, where: Where): V1PodStatus {
  const { pod, failure } = worker;
  const { spec } = pod;
  if (worker.isRejected && failure)
    return {
      phase: 'Failed',
      reason: failure.reason,
      message: failure.message,
      startTime: at(where, worker.startedAt),
      qosClass: qosClass(spec),
      ...observed(pod),
      conditions: pod.status?.conditions ?? [],
    };
  const initStatuses = (spec?.initContainers ?? []).map((c) => containerStatus(worker, c, where, true));
  const statuses = (spec?.containers ?? []).map((c) => containerStatus(worker, c, where, false));
  const isTerminal =
    !worker.isStatic &&
    (worker.isFinished || (worker.isTerminating && pod.metadata?.deletionTimestamp !== undefined && worker.sandbox?.isReady !== true));
  const was = pod.status?.phase;
  const found =
    worker.isRestartingAll && was ? was : phaseOf(pod, [...statuses, ...initStatuses], { isTerminal, hasBegun: hasBegun(worker) });
  const phase = was === 'Failed' || was === 'Succeeded' ? was : failure ? 'Failed' : found;
  const isEnded = (isTerminal || allDone(worker)) && worker.sandbox?.isReady !== true && !hasRunning(worker);
  // What was said with a phase is said as long as the phase stays.
  const { reason, message } = failure ?? (phase === was && pod.status ? pod.status : NOTHING_SAID);
  const ip = worker.sandbox && (worker.sandbox.isReady || !worker.isTerminating) ? worker.sandbox.ip : (pod.status?.podIP ?? undefined);
  const status: V1PodStatus = {
    phase,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
    conditions: conditionsOf({
      pod,
      phase: isEnded && !failure ? found : phase,
      statuses,
      initStatuses,
      hasSandbox: where.hasSandbox ?? worker.sandbox?.isReady === true,
      isRestartingAll: worker.isRestartingAll,
      resize: isEnded ? undefined : worker.resize,
      now: at(where, where.now),
    }),
    hostIP: where.ip,
    hostIPs: listOf(where.ip, pod.status?.hostIPs),
    ...(ip ? { podIP: ip, podIPs: listOf(ip, pod.status?.podIPs) } : {}),
    startTime: at(where, worker.startedAt),
    qosClass: qosClass(spec),
    ...observed(pod),
    ...((spec?.resources?.requests ?? spec?.resources?.limits)
      ? { resources: spec.resources, allocatedResources: spec.resources.requests ?? {} }
      : {}),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
    containerStatuses: byName(statuses),
    ...(spec?.ephemeralContainers
      ? { ephemeralContainerStatuses: byName(spec.ephemeralContainers.map((c) => joinedStatus(worker, c, where))) }
      : {}),
  };
  return isEnded ? lastWord(pod, status, worker.isStatic) : status;
}

/** Upstream: kubetypes.SortedContainerStatuses; init containers stay in their order. */
const byName = (statuses: readonly V1ContainerStatus[]): readonly V1ContainerStatus[] =>
  statuses.length < 2 ? statuses : [...statuses].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Of those that joined nobody asks whether they are ready. Upstream: prober_manager.go UpdatePodStatus. */
function joinedStatus(worker: PodWorker, container: V1Container, where: Where): V1ContainerStatus {
  const { started: _, ...status } = containerStatus(worker, container, where, false);
  return { ...status, ready: false };
}

const hasRunning = ({ containers }: PodWorker): boolean => [...containers.values()].some(isRunning);

/** The list that said so before, if one did. */
const listOf = (ip: string, before: readonly { readonly ip?: string }[] | undefined): readonly { readonly ip: string }[] =>
  before?.length === 1 && before[0].ip === ip ? (before as readonly { readonly ip: string }[]) : [{ ip }];

const observed = (pod: V1Pod): { readonly observedGeneration?: number } =>
  pod.metadata?.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
