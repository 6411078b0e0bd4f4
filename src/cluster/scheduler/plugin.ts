/** What one file under plugins/ says about a scheduler plugin. The framework around it records every verdict and score; a plugin never explains itself. */
import type { FieldError } from '../../api/machinery/field-error.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';

/** `unresolvable`: whatever is taken off the machine. */
export interface Rejection {
  readonly code: 'unschedulable' | 'unresolvable';
  readonly reasons: readonly string[];
}
export type Verdict = { readonly code: 'fits' } | Rejection;
export const fits: Verdict = { code: 'fits' };

/** Pods that share namespace and labels: whoever asks which pods match a selector asks once per group. */
export interface Likeness {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}
/** Those of one machine. */
export interface PodGroup extends Likeness {
  readonly all: number;
  /** Those that are not being deleted. */
  readonly live: number;
}

/** A machine as the scheduler sees it, with the sums of its pods kept up to date. CPU in milli-cores, memory and storage in bytes. */
export interface MachineInfo {
  readonly name: string;
  readonly node: V1Node;
  readonly pods: ReadonlyMap<string, V1Pod>;
  /** Keyed by a text that is the same for equal namespace and labels, on every machine. */
  readonly groups: ReadonlyMap<string, PodGroup>;
  readonly allocatable: Resources;
  readonly requested: Resources;
  /** As `requested`, with 100m CPU and 200Mi memory for containers that name no request. */
  readonly nonZeroRequested: Resources;
  /** 'TCP/0.0.0.0/80' → how many pods use it. */
  readonly usedPorts: ReadonlyMap<string, number>;
  /** image name → bytes */
  readonly images: ReadonlyMap<string, number>;
  /** Pods here that have inter-pod affinity or anti-affinity of their own. */
  readonly choosy: ReadonlyMap<string, V1Pod>;
}
export interface Resources {
  readonly cpuMilli: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  readonly pods: number;
  readonly scalar: ReadonlyMap<string, number>;
}

export interface CycleContext {
  readonly pod: V1Pod;
  /** All machines, in the order in which they are looked at. */
  readonly machines: readonly MachineInfo[];
  /** Those that passed all filters; empty before preScore. */
  readonly feasible: readonly MachineInfo[];
  /** image name → on how many machines it is */
  readonly imageHolders: ReadonlyMap<string, number>;
  /** What pods there are on any machine, by the same keys as `MachineInfo.groups`. */
  readonly groups: ReadonlyMap<string, Likeness>;
  /** Services, ReplicaSets … for plugins that ask who owns the pod. */
  readonly cache: Cache;
  /** This plugin's `args` in the scheduler's configuration. */
  readonly args: unknown;
  /** What the plugin's own preFilter or preScore returned. */
  readonly state: unknown;
}

/** `old` is absent on added; `object` is the last state on deleted. */
export interface ClusterChange {
  readonly object: KubeObject;
  readonly old?: KubeObject;
}
/** Whether a pod that went had a machine, or one to come: a nomination takes room as well. */
export const heldRoom = ({ object, old }: ClusterChange): boolean =>
  (object as V1Pod).spec?.nodeName !== undefined || Boolean(((old ?? object) as V1Pod).status?.nominatedNodeName);

/** How the state of a preFilter follows pods that come and go in thought. Upstream: PreFilterExtensions. */
export interface PreFilterExtensions {
  /** A state of one's own, which `update` may change. */
  readonly clone: (state: unknown) => unknown;
  /** `by`: 1 for a pod that comes to the machine, -1 for one that leaves it. */
  readonly update: (context: CycleContext, change: { readonly other: V1Pod; readonly machine: MachineInfo; readonly by: 1 | -1 }) => void;
}

/** A machine in thought: pods can be taken off and put on, and asked whether the cycle's pod would fit then. */
export interface Trial {
  readonly machine: MachineInfo;
  readonly takeOff: (key: string) => void;
  readonly putOn: (key: string, pod: V1Pod) => void;
  /** The first refusal, with the pods counted that are nominated to the machine; undefined when the pod fits. */
  readonly refusal: () => Rejection | undefined;
}

/** What is asked of a postFilter when no machine fits. */
export interface PostFilterContext {
  readonly pod: V1Pod;
  readonly args: unknown;
  readonly machines: readonly MachineInfo[];
  /** Those whose refusal may go away with pods on them. */
  readonly potential: readonly MachineInfo[];
  readonly trialOn: (machine: MachineInfo) => Trial;
  /** A lot in [0, n), addressed to pod and attempt. */
  readonly draw: (n: number) => number;
}
/** A machine on which the pod would fit without the victims, 'namespace/name', the most important first. */
export interface Candidate {
  readonly node: string;
  readonly victims: readonly string[];
  /** Of the victims. */
  readonly highestPriority: number;
}
export interface Preemption {
  readonly candidates: readonly Candidate[];
  /** The candidate that was picked; absent when there was none. */
  readonly node?: string;
  readonly victims: readonly string[];
}
export interface PostFilterResult {
  readonly preemption: Preemption;
  /** What the pod's status.nominatedNodeName becomes, '' for none; absent: what it was. */
  readonly nominatedNodeName?: string;
  /** What FitError says after its own reasons; nothing on success. */
  readonly message?: string;
}

export interface SchedulerPlugin {
  readonly name: string;
  readonly weight?: number;
  /** What is wrong with `args`; a field's name begins there. */
  readonly wrongArgs?: (args: unknown) => readonly FieldError[];
  /** Which cluster changes may make a pod that this plugin refused fit, as 'resource/added|updated|deleted'. */
  readonly retryOn?: readonly string[];
  /** Upstream's QueueingHint: can this one change help that pod? Absent: every change under `retryOn` may. */
  readonly helps?: (pod: V1Pod, change: ClusterChange) => boolean;
  readonly less?: (
    a: { readonly priority: number; readonly since: number },
    b: { readonly priority: number; readonly since: number },
  ) => boolean;
  readonly preEnqueue?: (pod: V1Pod) => Verdict;
  /** Returns state for filter, 'skip' when the plugin has nothing to say about this pod, or a verdict that ends the cycle. `only` names the machines worth looking at. */
  readonly preFilter?: (context: CycleContext) => { readonly state: unknown; readonly only?: ReadonlySet<string> } | 'skip' | Verdict;
  readonly preFilterExtensions?: PreFilterExtensions;
  readonly filter?: (context: CycleContext, machine: MachineInfo) => Verdict;
  /** Called when no machine is left. */
  readonly postFilter?: (context: PostFilterContext) => PostFilterResult;
  readonly preScore?: (context: CycleContext) => { readonly state: unknown } | 'skip';
  /** An integer; 0–100 unless `normalize` brings it there. */
  readonly score?: (context: CycleContext, machine: MachineInfo) => number;
  readonly normalize?: (context: CycleContext, scores: readonly number[]) => readonly number[];
  readonly bind?: (pod: V1Pod, machine: string) => ApiRequest;
}
