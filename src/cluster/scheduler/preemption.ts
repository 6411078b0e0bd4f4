/**
 * Whose place a pod could take: machines on which it would fit without pods of lower priority, and the one of them where that hurts least. Pure.
 * Upstream: pkg/scheduler/framework/preemption/preemption.go DryRunPreemption, pickOneNodeForPreemption; plugins/defaultpreemption/default_preemption.go SelectVictimsOnNode,
 * PodEligibleToPreemptOthers (v1.36).
 * Simplified: there are no PodDisruptionBudgets, so that no victim violates one; no extenders; candidates are looked for one after the other.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { MachineInfo, PostFilterContext, Trial } from './plugin.ts';
import { byImportance, priorityOf, startOf } from './pod-priority.ts';

/** The victims on a machine, the most important first. */
export interface Victims {
  readonly node: string;
  readonly pods: readonly V1Pod[];
}

export const DISRUPTION_TARGET = 'DisruptionTarget';
export const BY_SCHEDULER = 'PreemptionByScheduler';
const NO_VICTIMS: readonly string[] = ['No preemption victims found for incoming pod'];

/** Why a pod may not take another's place now; undefined when it may. `isHopeless`: the machine it is nominated to refuses it for good. */
export function whyNotEligible(pod: V1Pod, nominated: MachineInfo | undefined, isHopeless: boolean): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  if (!pod.status?.nominatedNodeName || isHopeless || !nominated) return undefined;
  for (const other of nominated.pods.values())
    if (priorityOf(other) < priorityOf(pod) && isEnding(other)) return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

/** Does it end because the scheduler wants its place? */
function isEnding({ metadata, status }: V1Pod): boolean {
  const condition = metadata?.deletionTimestamp ? status?.conditions?.find((c) => c.type === DISRUPTION_TARGET) : undefined;
  return condition?.status === 'True' && condition.reason === BY_SCHEDULER;
}

/** Looks at machines from `offset` on until `most` candidates are found; `refusals` has each reason with the number of machines that it keeps from being one. */
export function dryRun(
  { pod, potential, trialOn }: PostFilterContext,
  offset: number,
  most: number,
): { readonly candidates: readonly Victims[]; readonly refusals: ReadonlyMap<string, number>; readonly refused: number } {
  const candidates: Victims[] = [];
  const refusals = new Map<string, number>();
  let refused = 0;
  for (let i = 0; i < potential.length && candidates.length < most; i++) {
    const machine = potential[(offset + i) % potential.length];
    const found = victimsOn(pod, machine, trialOn);
    if ('pods' in found) {
      candidates.push({ node: machine.name, pods: found.pods });
      continue;
    }
    refused++;
    for (const reason of found.reasons) refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  }
  return { candidates, refusals, refused };
}

/** Takes all of lower priority off and, when the pod fits then, puts back whoever can stay, the most important first. */
export function victimsOn(
  pod: V1Pod,
  machine: MachineInfo,
  trialOn: (machine: MachineInfo) => Trial,
): { readonly pods: readonly V1Pod[] } | { readonly reasons: readonly string[] } {
  const potential: (readonly [string, V1Pod])[] = [];
  for (const [key, other] of machine.pods) if (priorityOf(other) < priorityOf(pod)) potential.push([key, other]);
  if (potential.length === 0) return { reasons: NO_VICTIMS };
  const trial = trialOn(machine);
  for (const [key] of potential) trial.takeOff(key);
  const refused = trial.refusal();
  if (refused) return { reasons: refused.reasons };
  const pods: V1Pod[] = [];
  for (const [key, other] of potential.sort(([, a], [, b]) => byImportance(a, b))) {
    trial.putOn(key, other);
    if (!trial.refusal()) continue;
    trial.takeOff(key);
    pods.push(other);
  }
  return { pods };
}

/** All priorities count from here on, so that many pods of a negative one do not weigh less than few. Upstream: MaxInt32 + 1. */
const LOWEST = 2147483648;
/** When the highest of the victims began, the earliest of them. Upstream: GetEarliestPodStartTime. */
const earliestStart = ({ pods }: Victims): number =>
  pods.reduce(
    (earliest, pod) => (priorityOf(pod) === priorityOf(pods[0]) ? Math.min(earliest, startOf(pod)) : earliest),
    Number.MAX_SAFE_INTEGER,
  );
/** Less is better; where one leaves several, the next decides. */
const HARM: readonly ((of: Victims) => number)[] = [
  ({ pods }) => priorityOf(pods[0]),
  ({ pods }) => pods.reduce((sum, pod) => sum + priorityOf(pod) + LOWEST, 0),
  ({ pods }) => pods.length,
  (of) => -earliestStart(of),
];

/** Where preempting does the least harm; the first of those that are alike. */
export function pickOne(candidates: readonly Victims[]): Victims | undefined {
  let left = candidates;
  for (const harm of HARM) {
    const least = Math.min(...left.map(harm));
    left = left.filter((candidate) => harm(candidate) === least);
    if (left.length < 2) break;
  }
  return left[0];
}

export const keysOf = ({ pods }: Victims): readonly string[] => pods.map(keyOf);
