/**
 * Which pods are nominated to which machines: their places are being cleared, or wait for them. Known here before the apiserver has it. Plain data.
 * Upstream: pkg/scheduler/backend/queue/nominator.go (v1.36). Simplified: nothing.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Nominated } from './filtering.ts';

export interface Nominator {
  /** pod → machine */
  readonly machineOf: Map<string, string>;
  /** machine → pods, in the order in which they were nominated */
  readonly podsOn: Map<string, string[]>;
}

export const createNominator = (): Nominator => ({ machineOf: new Map(), podsOn: new Map() });

/** '' takes the nomination away. */
export function nominate(nominator: Nominator, key: string, machine: string): void {
  removeNomination(nominator, key);
  if (machine === '') return;
  nominator.machineOf.set(key, machine);
  const pods = nominator.podsOn.get(machine);
  if (pods) pods.push(key);
  else nominator.podsOn.set(machine, [key]);
}

export function removeNomination({ machineOf, podsOn }: Nominator, key: string): void {
  const machine = machineOf.get(key);
  if (machine === undefined) return;
  machineOf.delete(key);
  const left = (podsOn.get(machine) ?? []).filter((other) => other !== key);
  if (left.length > 0) podsOn.set(machine, left);
  else podsOn.delete(machine);
}

/** Follows what the apiserver says of a pod without a machine. News from before the nomination was written take nothing away. Upstream: UpdateNominatedPod. */
export function followNomination(nominator: Nominator, pod: V1Pod, old: V1Pod | undefined): void {
  const [now, before] = [pod.status?.nominatedNodeName ?? '', old?.status?.nominatedNodeName ?? ''];
  if (now !== '' || before !== '') nominate(nominator, keyOf(pod), now);
}

/** The pods themselves; undefined when none is nominated. */
export function nominatedPods({ podsOn }: Nominator, podAt: (key: string) => V1Pod | undefined): Nominated | undefined {
  if (podsOn.size === 0) return undefined;
  return new Map([...podsOn].map(([machine, keys]) => [machine, keys.flatMap((key) => podAt(key) ?? [])]));
}
