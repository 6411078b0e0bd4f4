/** What kube-controller-manager knows: queues, jobs and timers by controller and key, and one cache for all. */
import type { EventId, Us } from '../../kernel/message.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { Election } from '../client/leader-election.ts';
import type { Reflectors } from '../client/reflector.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ControllerManagerConfig {
  readonly api: string;
  readonly epochMs: number;
  readonly ip: string;
  readonly pod: string;
}

export interface ManagerState {
  readonly config: ControllerManagerConfig;
  readonly reflectors: Reflectors;
  readonly queues: Map<string, WorkQueue>;
  /** 'controller|key' */
  readonly jobs: Map<string, Job>;
  /** When a key will be looked at again: 'controller|key' → virtual µs. */
  readonly timers: Map<string, Us>;
  /** 'controller|key' → what its plan wants to be remembered. */
  readonly memories: Map<string, unknown>;
  /** 'controller|key': a worker is still busy with it. */
  readonly busy: Set<string>;
  readonly recorder: EventRecorder;
  /** Only the leader looks and acts. */
  readonly election: Election;
  isStarted: boolean;
}

/** A plan that is carried out. */
export interface Job {
  readonly controller: string;
  readonly key: string;
  writes: readonly ApiRequest[];
  readonly slowStart: number;
  readonly notes: readonly Fact[];
  readonly isToldAfter: boolean;
  next: number;
  batch: number;
  open: number;
  failed: number;
  /** resource → the newest version this job wrote */
  readonly versions: Map<string, number>;
  /** Objects that it deleted at once. */
  readonly gone: Gone[];
  readonly causes: readonly EventId[];
}

interface Gone {
  readonly resource: string;
  readonly key: string;
  readonly uid: string;
}
