/**
 * Does what the pod requests fit beside what is requested already, and how much would be left?
 * Upstream: plugins/noderesources/{fit,least_allocated,most_allocated,requested_to_capacity_ratio}.go (v1.36). Simplified: nothing.
 */
import { wrongFitArgs, type FitArgs, type ShapePoint } from '../fit-args.ts';
import { nonZeroRequestOf, requestOf } from '../pod-request.ts';
import { fits, heldRoom, type CycleContext, type MachineInfo, type Resources, type SchedulerPlugin, type Verdict } from '../plugin.ts';
import { allocatableOf, amountOf, resourcesIn, type ResourceSpec } from '../resource-allocation.ts';
import type { V1Node } from '../../../api/schema/kubernetes.ts';
import { resourcesOf } from '../pod-request.ts';

interface ScoreState {
  readonly nonZero: Resources;
  readonly resources: readonly ResourceSpec[];
  readonly score: (requested: number, capacity: number) => number;
  readonly isRatio: boolean;
}

export default {
  name: 'NodeResourcesFit',
  weight: 1,
  retryOn: ['pods/deleted', 'pods/updated', 'nodes/added', 'nodes/updated'],
  helps(pod, change) {
    const { object, old } = change;
    if (object.kind === 'Pod') return heldRoom(change);
    const now = resourcesOf((object as V1Node).status?.allocatable);
    const before = resourcesOf((old as V1Node | undefined)?.status?.allocatable);
    const request = requestOf(pod);
    const asked = ['cpu', 'memory', 'ephemeral-storage', 'pods', ...request.scalar.keys()];
    return (
      asked.every((name) => amountOf(request, name) <= amountOf(now, name)) &&
      (!old || asked.some((name) => amountOf(now, name) > amountOf(before, name)))
    );
  },
  wrongArgs: (args) => wrongFitArgs((args ?? {}) as FitArgs),
  preFilter: ({ pod, args }) => ({ state: withoutIgnored(requestOf(pod), (args ?? {}) as FitArgs) }),
  filter: ({ state }, machine) => check(state as Resources, machine),
  preScore({ pod, args }) {
    const strategy = (args as FitArgs | undefined)?.scoringStrategy;
    const shape = strategy?.requestedToCapacityRatio?.shape ?? [];
    const score =
      strategy?.type === 'MostAllocated'
        ? mostRequested
        : strategy?.type === 'RequestedToCapacityRatio'
          ? brokenLine(shape)
          : leastRequested;
    return {
      state: {
        nonZero: nonZeroRequestOf(pod),
        resources: resourcesIn(strategy?.resources),
        score,
        isRatio: strategy?.type === 'RequestedToCapacityRatio',
      } satisfies ScoreState,
    };
  },
  score: ({ state }: CycleContext, machine) => scoreOf(state as ScoreState, machine),
} satisfies SchedulerPlugin;

/** Without the extended resources that some other scheduler looks after, by name or by what stands before the slash. */
function withoutIgnored(request: Resources, { ignoredResources = [], ignoredResourceGroups = [] }: FitArgs): Resources {
  if (request.scalar.size === 0 || ignoredResources.length + ignoredResourceGroups.length === 0) return request;
  return {
    ...request,
    scalar: new Map(
      [...request.scalar].filter(([name]) => !ignoredResources.includes(name) && !ignoredResourceGroups.includes(name.split('/')[0])),
    ),
  };
}

function scoreOf({ nonZero, resources, score, isRatio }: ScoreState, machine: MachineInfo): number {
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of resources) {
    const capacity = allocatableOf(machine, nonZero, name);
    if (capacity === 0) continue;
    const used = name === 'cpu' || name === 'memory' ? machine.nonZeroRequested : machine.requested;
    const own = score(amountOf(used, name) + amountOf(nonZero, name), capacity);
    if (isRatio && own <= 0) continue;
    sum += own * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return isRatio ? Math.round(sum / weights) : Math.floor(sum / weights);
}

/** Every resource that lacks is named; when the machine could not hold the request even empty, no eviction helps. */
function check(request: Resources, { allocatable, requested }: MachineInfo): Verdict {
  let reasons: string[] | undefined;
  let isHopeless = false;
  const lacks = (name: string, want: number, has: number): void => {
    (reasons ??= []).push(`Insufficient ${name}`);
    if (want > has) isHopeless = true;
  };
  if (requested.pods + 1 > allocatable.pods) reasons = ['Too many pods'];
  if (request.cpuMilli > 0 && request.cpuMilli > allocatable.cpuMilli - requested.cpuMilli)
    lacks('cpu', request.cpuMilli, allocatable.cpuMilli);
  if (request.memory > 0 && request.memory > allocatable.memory - requested.memory) lacks('memory', request.memory, allocatable.memory);
  if (request.ephemeralStorage > 0 && request.ephemeralStorage > allocatable.ephemeralStorage - requested.ephemeralStorage)
    lacks('ephemeral-storage', request.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, want] of request.scalar) {
    const has = allocatable.scalar.get(name) ?? 0;
    if (want > 0 && want > has - (requested.scalar.get(name) ?? 0)) lacks(name, want, has);
  }
  return reasons ? { code: isHopeless ? 'unresolvable' : 'unschedulable', reasons } : fits;
}

/** The share that stays free, 0–100. */
export const leastRequested = (requested: number, capacity: number): number =>
  capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * 100) / capacity);
/** The share in use, 0–100; more than all counts as all. */
export const mostRequested = (requested: number, capacity: number): number =>
  capacity === 0 ? 0 : Math.floor((Math.min(requested, capacity) * 100) / capacity);

/** Upstream: BuildBrokenLinearFunction, scores of 0–10 stretched to 0–100. */
export function brokenLine(shape: readonly ShapePoint[]): (requested: number, capacity: number) => number {
  const points = shape.map((p) => ({ utilization: p.utilization, score: p.score * 10 }));
  return (requested, capacity) => {
    if (points.length === 0) return 0;
    const use = capacity === 0 || requested > capacity ? 100 : Math.floor((requested * 100) / capacity);
    const at = points.findIndex((p) => use <= p.utilization);
    if (at < 0) return points[points.length - 1].score;
    if (at === 0) return points[0].score;
    const [from, to] = [points[at - 1], points[at]];
    return from.score + Math.trunc(((to.score - from.score) * (use - from.utilization)) / (to.utilization - from.utilization));
  };
}
