/** What one file in this folder says about a controller. A controller is a pure function inside kube-controller-manager's one process. */
import type { KubeObject } from '../../api/object.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';
import type { EventText } from '../client/event-writer.ts';
import { PATIENCE_US } from '../latency.ts';

export interface Clock {
  /** Virtual microseconds since power-on. */
  readonly nowUs: number;
  /** Milliseconds since 1970 of virtual zero, for the timestamps that objects carry. */
  readonly epochMs: number;
  /** What this key's last plan wanted to be remembered. */
  readonly memory?: unknown;
}

export interface Plan {
  /** Sent one after the other; the first refusal ends the plan and the key is retried with back-off (a 409 or 404 at once). */
  readonly writes: readonly ApiRequest[];
  /** How many of the first writes go out as a slow start: 1, then 2, 4, 8 …, each batch only when the one before succeeded. */
  readonly slowStart?: number;
  /** Reconcile this key again after so many microseconds, whatever happens. */
  readonly againAfterUs?: number;
  /** Until then work is under way that will end by itself: the cluster is not at rest. */
  readonly isUnderWay?: boolean;
  readonly notes: readonly Fact[];
  /** How long the worker is busy with the key, in microseconds: what changes meanwhile is looked at once, afterwards. */
  readonly busyUs?: number;
  /** Plain data for this key's next plan: what no object holds. A plan without it forgets. */
  readonly memory?: unknown;
  /** The notes say how things are: they are told when all writes have gone through, not when they are planned. */
  readonly isToldAfter?: true;
}

/** `old` is absent on ADDED, `object` is the last state on DELETED. */
export interface WatchedChange {
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly deleted: boolean;
  readonly cache: Cache;
}

export interface Watch {
  /** 'pods', 'deployments.apps', 'endpointslices.discovery.k8s.io', 'leases.coordination.k8s.io'. */
  readonly resource: string;
  /** The keys of this controller's queue that a change concerns. */
  readonly keys: (change: WatchedChange) => readonly string[];
  /** The Events that are written for the change alone. */
  readonly events?: (change: WatchedChange) => readonly ControllerEvent[];
}

/** An Event that a controller writes: in whose name, and about what, with as much of its metadata as upstream gives. */
export interface ControllerEvent extends EventText {
  readonly component: string;
  readonly regarding: KubeObject;
}

export interface Controller {
  /** Upstream's name in `--controllers`, such as 'replicaset-controller' without the suffix: 'replicaset'. */
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many keys it works on at a time; 5 unless one key's writes decide about another's. */
  readonly workers?: number;
  readonly reconcile: (key: string, cache: Cache, clock: Clock) => Plan;
  /** What it writes down when the apiserver refused one of its writes, in the apiserver's words. */
  readonly refused?: (key: string, cache: Cache, clock: Clock, message: string) => readonly ApiRequest[];
}

export const nothing: Plan = { writes: [], notes: [] };
/** Another look when pods have been ready for long enough. */
export const soon = (ms: number): Pick<Plan, 'againAfterUs' | 'isUnderWay'> => ({
  againAfterUs: ms * 1000,
  isUnderWay: ms * 1000 <= PATIENCE_US,
});
