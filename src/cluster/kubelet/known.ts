/** What a kubelet knows of one pod: what was asked for, what runs, and what it waits for. Its maps and sets are replaced and never changed. */
import type { V1Container, V1Pod, V1PodCondition, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { EventId } from '../../kernel/message.ts';
import type { RuntimeContainer } from '../runtime/cri.ts';
import type { BackOff } from './back-off.ts';
import { NO_ENTRIES, NO_MEMBERS } from '../../lib/persistent.ts';
import { wantedBy } from './host-paths.ts';

export interface KnownSandbox {
  readonly id: string;
  readonly ip: string;
  readonly isReady: boolean;
  readonly attempt: number;
}
export interface ContainerRecord {
  /** The newest container of this name. */
  readonly current?: RuntimeContainer;
  readonly last?: RuntimeContainer;
  readonly attempts: number;
  readonly hasImage: boolean;
}
export interface ProbeState {
  readonly successes: number;
  readonly failures: number;
  readonly isOk: boolean | undefined;
  readonly runs: number;
}

/** Why a container waits. */
export interface Why {
  readonly reason: string;
  readonly message: string;
}
/** Other resources that a pod is to have in place. */
export interface Resize {
  /** What the API asks for, as long as the machine has not given it. */
  readonly wanted?: V1Pod;
  readonly pending?: V1PodCondition;
  readonly inProgress?: V1PodCondition;
}
/** What was there when the kubelet last looked. */
export type Seen = Readonly<Pick<PodWorker, 'containers' | 'sandbox' | 'reasons'>>;

export interface PodWorker {
  readonly key: string;
  readonly uid: string;
  /** As the API has it, with the resources that this machine has given it. */
  pod: V1Pod;
  resize: Resize | undefined;
  readonly isStatic: boolean;
  sandbox: KnownSandbox | undefined;
  sandboxAttempts: number;
  sandboxError: string | undefined;
  containers: ReadonlyMap<string, ContainerRecord>;
  /** 'container/readiness' → how it stands. */
  probes: ReadonlyMap<string, ProbeState>;
  /** Container and image → its restarts' back-off. */
  backoff: ReadonlyMap<string, BackOff>;
  /** Container, or '' for the sandbox and 'volumes' → when what failed may be tried again (a pull, a mount), and how long that wait is. */
  waits: ReadonlyMap<string, { readonly until: number; readonly delayUs: number }>;
  /** Container → why it waits, until it starts. Upstream: pkg/kubelet/reason_cache.go. */
  reasons: ReadonlyMap<string, Why>;
  /** What of this the status may say. */
  seen: Seen;
  /** Containers that a probe has just killed: the back-off does not count this end yet, as upstream's pass did not see it. */
  probeKilled: ReadonlySet<string>;
  /** What the pod's ConfigMaps and Secrets hold; undefined until they were asked for. */
  references: ReadonlyMap<string, Readonly<Record<string, string>> | null> | undefined;
  /** Container id → the files under its mounts, when they are no longer those that it began with. */
  mounted: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What the objects hold that its volumes show. */
  shown: ReadonlyMap<string, Readonly<Record<string, string>> | null>;
  /** All its containers are being stopped, to begin anew. */
  isRestartingAll: boolean;
  /** Containers that were stopped for a new image, or for other resources. */
  replaced: ReadonlySet<string>;
  /** Answers about references that are under way. */
  found: ReadonlyMap<string, Readonly<Record<string, string>> | null>;
  /** Why the kubelet ended or refused the pod for good. */
  failure: { readonly reason: string; readonly message: string } | undefined;
  /** Refused: nothing of it was ever started. */
  isRejected: boolean;
  /** When the wake for a wait is due. */
  wakeAt: number;
  /** Calls and hooks that the pod waits for. */
  busy: number;
  /** Container → its hook that is under way: a call, or a wake. */
  hooks: ReadonlyMap<string, { readonly call: EventId } | { readonly wake: EventId }>;
  isTerminating: boolean;
  isFinished: boolean;
  startedAt: number;
  /** When the first of its containers was told to stop because the pod ends. */
  endsSince: number | undefined;
  /** What was last written to the API, and whether a write is under way. */
  writtenStatus: V1PodStatus | undefined;
  isWriting: boolean;
  isDeleted: boolean;
  /** A pod of the same name waits until this one has ended. */
  isAwaited: boolean;
  /** Containers that are being killed and why they are. */
  killing: ReadonlySet<string>;
  why: ReadonlyMap<string, string>;
}

const NOTHING_SEEN: Seen = Object.freeze({ containers: NO_ENTRIES, sandbox: undefined, reasons: NO_ENTRIES });

export function createWorker(key: string, pod: V1Pod, isStatic: boolean, now: number): PodWorker {
  return {
    key,
    uid: pod.metadata?.uid ?? '',
    pod,
    resize: undefined,
    isStatic,
    sandbox: undefined,
    sandboxAttempts: 0,
    sandboxError: undefined,
    containers: NO_ENTRIES,
    probes: NO_ENTRIES,
    backoff: NO_ENTRIES,
    waits: NO_ENTRIES,
    reasons: NO_ENTRIES,
    seen: NOTHING_SEEN,
    probeKilled: NO_MEMBERS,
    references: wantedBy({ pod, isStatic }).length === 0 ? NO_ENTRIES : undefined,
    mounted: NO_ENTRIES,
    found: NO_ENTRIES,
    failure: undefined,
    isRejected: false,
    wakeAt: 0,
    busy: 0,
    hooks: NO_ENTRIES,
    shown: NO_ENTRIES,
    isRestartingAll: false,
    replaced: NO_MEMBERS,
    isTerminating: false,
    isFinished: false,
    startedAt: now,
    endsSince: undefined,
    writtenStatus: undefined,
    isWriting: false,
    isDeleted: false,
    isAwaited: false,
    killing: NO_MEMBERS,
    why: NO_ENTRIES,
  };
}

export const recordOf = (worker: PodWorker, name: string): ContainerRecord => worker.containers.get(name) ?? UNTRIED;
const UNTRIED: ContainerRecord = Object.freeze({ attempts: 0, hasImage: false });
export const isRunning = (record: ContainerRecord): boolean => record.current?.state === 'RUNNING';
/** Whether the container that runs was seen to. */
export function isSeenRunning({ containers, seen }: PodWorker, name: string): boolean {
  const was = seen.containers.get(name)?.current;
  return was?.state === 'RUNNING' && was.id === containers.get(name)?.current?.id;
}
/** Whether its startup probe, when it has one, has succeeded. */
export const hasStarted = (worker: PodWorker, container: V1Container): boolean =>
  !container.startupProbe || worker.probes.get(`${container.name}/startup`)?.isOk === true;
/** Whether a container of the pod proper, not of its initialisation, runs or ran in this sandbox. */
export const hasBegun = (worker: PodWorker): boolean =>
  (worker.pod.spec?.containers ?? []).some((c) => {
    const { current } = recordOf(worker, c.name);
    return current !== undefined && current.state !== 'CREATED' && (worker.sandbox === undefined || current.sandbox === worker.sandbox.id);
  });

const LISTS = ['initContainers', 'ephemeralContainers'] as const;
/** In which list of the spec a container is. */
export const listOf = ({ spec }: V1Pod, name: string): (typeof LISTS)[number] | 'containers' =>
  LISTS.find((list) => spec?.[list]?.some((c) => c.name === name)) ?? 'containers';

/** An init container that is to end before the others begin, one that stays beside them, one that joined later, or one that is ready only when a probe says so. */
export function kindOf(
  pod: V1Pod,
  { name, restartPolicy, readinessProbe }: V1Container,
): { readonly kind?: 'init' | 'sidecar' | 'ephemeral' | 'probed' } {
  const list = listOf(pod, name);
  if (list === 'initContainers') return { kind: restartPolicy === 'Always' ? 'sidecar' : 'init' };
  if (list === 'ephemeralContainers') return { kind: 'ephemeral' };
  return readinessProbe ? { kind: 'probed' } : {};
}
