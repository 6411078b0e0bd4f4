/**
 * Whether a machine would take a pod: the filters one after the other, once more with the pods that are nominated to it.
 * Upstream: pkg/scheduler/framework/runtime/framework.go RunFilterPluginsWithNominatedPods, addGENominatedPods (v1.36). Simplified: nothing.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { addPod, fleetOf, machineInfos, removePod } from './machine-info.ts';
import type { CycleContext, MachineInfo, Rejection, Trial, Verdict } from './plugin.ts';
import { priorityOf } from './pod-priority.ts';
import type { ProfilePlugin } from './profile.ts';

/** Plugins with something to say, each with the context it is called in. */
export interface Active extends ProfilePlugin {
  readonly context: CycleContext;
}
export interface PluginVerdict {
  readonly plugin: string;
  readonly code: Verdict['code'];
  readonly reasons: readonly string[];
}
export interface Refused extends Rejection {
  readonly plugin: string;
}
/** Machine → the pods that are nominated to it. */
export type Nominated = ReadonlyMap<string, readonly V1Pod[]>;

const NO_REASONS: readonly string[] = [];
const NOBODY: readonly V1Pod[] = [];

/** The first refusal; `said` collects every plugin's verdict. */
export function firstRefusal(filters: readonly Active[], machine: MachineInfo, said?: PluginVerdict[]): Refused | undefined {
  for (const { plugin, context } of filters) {
    const verdict = plugin.filter?.(context, machine);
    if (!verdict || verdict.code === 'fits') {
      said?.push({ plugin: plugin.name, code: 'fits', reasons: NO_REASONS });
      continue;
    }
    said?.push({ plugin: plugin.name, ...verdict });
    return { plugin: plugin.name, ...verdict };
  }
  return undefined;
}

/** Pods nominated to a machine that the pod has to reckon with: of its own priority or a higher one. */
export function reckonedWith(nominated: Nominated | undefined, machine: string, pod: V1Pod): readonly V1Pod[] {
  const there = nominated?.get(machine);
  if (!there) return NOBODY;
  const own = keyOf(pod);
  return there.filter((other) => priorityOf(other) >= priorityOf(pod) && keyOf(other) !== own);
}

/** As if the nominated pods ran already, which takes room, and then as if they did not, for they may never come: a pod that wants to be near them must not count on them. */
export function refusalBeside(
  filters: readonly Active[],
  machine: MachineInfo,
  nominees: readonly V1Pod[],
  said?: PluginVerdict[],
): Refused | undefined {
  if (nominees.length === 0) return firstRefusal(filters, machine, said);
  const trial = open(filters, machine);
  for (const pod of nominees) trial.putOn(keyOf(pod), pod);
  const first: PluginVerdict[] = [];
  const refused = firstRefusal(trial.filters, trial.machine, first);
  if (!refused) return firstRefusal(filters, machine, said);
  said?.push(...first);
  return refused;
}

/** A copy of a machine, and of what the filters know of the cluster. */
export function openTrial(filters: readonly Active[], machine: MachineInfo, nominees: readonly V1Pod[]): Trial {
  const trial = open(filters, machine);
  return {
    machine: trial.machine,
    takeOff: trial.takeOff,
    putOn: trial.putOn,
    refusal: () => refusalBeside(trial.filters, trial.machine, nominees),
  };
}

function open(filters: readonly Active[], original: MachineInfo): Omit<Trial, 'refusal'> & { readonly filters: readonly Active[] } {
  const { name } = original;
  const fleet = fleetOf(original);
  const [machine] = machineInfos(fleet);
  const own = filters.map((active) => {
    const extensions = active.plugin.preFilterExtensions;
    return extensions ? { ...active, context: { ...active.context, state: extensions.clone(active.context.state) } } : active;
  });
  const tell = (other: V1Pod, by: 1 | -1): void => {
    for (const { plugin, context } of own) plugin.preFilterExtensions?.update(context, { other, machine, by });
  };
  return {
    machine,
    filters: own,
    takeOff(key) {
      const pod = machine.pods.get(key);
      if (pod) {
        removePod(fleet, name, key);
        tell(pod, -1);
      }
    },
    putOn(key, pod) {
      addPod(fleet, name, key, pod);
      tell(pod, 1);
    },
  };
}
