/** What a kubelet knows of one pod: what was asked for, what runs, and what it waits for. */
import type { V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { RuntimeContainer } from '../runtime/cri.ts';

export interface KnownSandbox { readonly id: string; readonly ip: string; readonly isReady: boolean; readonly attempt: number }
export interface ContainerRecord {
  /** The newest container of this name. */
  readonly current?: RuntimeContainer;
  readonly last?: RuntimeContainer;
  readonly attempts: number;
  /** Set while the image is not known to be here: why. */
  readonly pullError?: { readonly message: string; readonly isBackOff: boolean };
  readonly hasImage: boolean;
  readonly startError?: string;
}
export interface ProbeState { readonly successes: number; readonly failures: number; readonly isOk: boolean | undefined; readonly runs: number }

export interface PodWorker {
  readonly key: string;
  readonly uid: string;
  pod: V1Pod;
  readonly isStatic: boolean;
  sandbox: KnownSandbox | undefined;
  sandboxAttempts: number;
  sandboxError: string | undefined;
  readonly containers: Map<string, ContainerRecord>;
  /** 'container/readiness' → how it stands. */
  readonly probes: Map<string, ProbeState>;
  /** Container → when it may be tried again, and how long the next wait is. */
  readonly backoff: Map<string, { readonly until: number; readonly delayUs: number }>;
  /** Runtime calls that have not been answered. */
  busy: number;
  isTerminating: boolean;
  isFinished: boolean;
  startedAt: number;
  /** What was last written to the API, and whether a write is under way. */
  writtenStatus: V1PodStatus | undefined;
  isWriting: boolean;
  isDeleted: boolean;
  /** Containers that are being killed and why they are. */
  readonly killing: Set<string>;
  readonly why: Map<string, string>;
}

export function createWorker(key: string, pod: V1Pod, isStatic: boolean, now: number): PodWorker {
  return {
    key, uid: pod.metadata?.uid ?? '', pod, isStatic, sandbox: undefined, sandboxAttempts: 0, sandboxError: undefined, containers: new Map(), probes: new Map(), backoff: new Map(), busy: 0,
    isTerminating: false, isFinished: false, startedAt: now, writtenStatus: undefined, isWriting: false, isDeleted: false, killing: new Set(), why: new Map(),
  };
}

export const recordOf = (worker: PodWorker, name: string): ContainerRecord => worker.containers.get(name) ?? { attempts: 0, hasImage: false };
export const isRunning = (record: ContainerRecord): boolean => record.current?.state === 'RUNNING';
