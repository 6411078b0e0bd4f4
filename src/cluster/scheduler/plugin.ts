/** What one file under plugins/ says about a scheduler plugin. The framework around it records every verdict and score; a plugin never explains itself. */
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Cache } from '../client/cache.ts';

export type Verdict = { readonly code: 'fits' } | { readonly code: 'unschedulable' | 'unresolvable'; readonly reasons: readonly string[] };
export const fits: Verdict = { code: 'fits' };

/** A machine as the scheduler sees it, with the sums of its pods kept up to date. CPU in milli-cores, memory and storage in bytes. */
export interface MachineInfo {
  readonly node: V1Node;
  readonly pods: readonly V1Pod[];
  readonly allocatable: Resources;
  readonly requested: Resources;
  /** As `requested`, with 100m CPU and 200Mi memory for containers that name no request. */
  readonly nonZeroRequested: Resources;
  readonly usedPorts: ReadonlySet<string>;
  /** image name → bytes and on how many machines it is. */
  readonly images: ReadonlyMap<string, { readonly sizeBytes: number; readonly machines: number }>;
}
export interface Resources { readonly cpuMilli: number; readonly memory: number; readonly ephemeralStorage: number; readonly pods: number; readonly scalar: ReadonlyMap<string, number> }

export interface CycleContext {
  readonly pod: V1Pod;
  readonly machines: readonly MachineInfo[];
  /** Services, ReplicaSets … for plugins that ask who owns the pod. */
  readonly cache: Cache;
  /** What the plugin's own preFilter or preScore returned. */
  readonly state: unknown;
}

export interface SchedulerPlugin {
  readonly name: string;
  readonly weight?: number;
  /** Which cluster changes may make a pod that this plugin refused fit, as 'resource/added|updated|deleted'. */
  readonly retryOn?: readonly string[];
  readonly preEnqueue?: (pod: V1Pod) => Verdict;
  /** Returns state for filter, 'skip' when the plugin has nothing to say about this pod, or a verdict that ends the cycle. */
  readonly preFilter?: (context: CycleContext) => { readonly state: unknown } | 'skip' | Verdict;
  readonly filter?: (context: CycleContext, machine: MachineInfo) => Verdict;
  readonly preScore?: (context: CycleContext) => { readonly state: unknown } | 'skip';
  /** An integer; 0–100 unless `normalize` brings it there. */
  readonly score?: (context: CycleContext, machine: MachineInfo) => number;
  readonly normalize?: (context: CycleContext, scores: readonly number[]) => readonly number[];
}
