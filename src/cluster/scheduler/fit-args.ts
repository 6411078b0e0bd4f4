/**
 * The arguments of NodeResourcesFit, and what may be wrong with them.
 * Upstream: pkg/scheduler/apis/config/types_pluginargs.go, v1/defaults.go, validation/validation_pluginargs.go ValidateNodeResourcesFitArgs (v1.36). Simplified: nothing.
 */
import { forbidden, invalid, notSupported, required, type FieldError } from '../../api/machinery/field-error.ts';
import { checkKey } from '../../api/machinery/names.ts';
import type { ResourceSpec } from './resource-allocation.ts';

/** At a utilization in percent a score of 0–10; in between along a straight line. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}
export interface FitArgs {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: {
    readonly type?: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
    readonly resources?: readonly ResourceSpec[];
    readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] };
  };
}

const TYPES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];
const RATIO = 'scoringStrategy.requestedToCapacityRatio';

export function wrongFitArgs({
  ignoredResources = [],
  ignoredResourceGroups = [],
  scoringStrategy: strategy,
}: FitArgs): readonly FieldError[] {
  return [
    ...ignoredResources.flatMap((name, i) => checkKey(name, `ignoredResources[${i}]`)),
    ...ignoredResourceGroups.flatMap((group, i) => {
      const field = `ignoredResourceGroups[${i}]`;
      return [...(group.includes('/') ? [invalid(field, group, "resource group name can't contain '/'")] : []), ...checkKey(group, field)];
    }),
    ...(strategy ? wrongStrategy(strategy) : []),
  ];
}

function wrongStrategy({
  type = '' as never,
  resources = [],
  requestedToCapacityRatio: ratio,
}: NonNullable<FitArgs['scoringStrategy']>): readonly FieldError[] {
  const isRatio = type === 'RequestedToCapacityRatio';
  return [
    ...(TYPES.includes(type) ? [] : [notSupported('scoringStrategy.type', type, TYPES)]),
    ...resources.flatMap(({ name, weight }, i) =>
      isWithin(weight || 1, 1, 100)
        ? []
        : [invalid(`scoringStrategy.resources[${i}].weight`, weight, `resource weight of ${name} not in valid range (0, 100]`)],
    ),
    ...(isRatio && !ratio ? [required(RATIO, `must be specified when type is ${type}`)] : []),
    ...(isRatio && ratio ? wrongShape(ratio.shape ?? []) : []),
    ...(!isRatio && ratio ? [forbidden(RATIO, 'must be nil when type is not RequestedToCapacityRatio')] : []),
  ];
}

const isWithin = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;

function wrongShape(shape: readonly ShapePoint[]): readonly FieldError[] {
  const at = `${RATIO}.shape`;
  if (shape.length === 0) return [required(at, 'at least one point must be specified')];
  const unsorted = shape.findIndex((point, i) => i > 0 && shape[i - 1].utilization >= point.utilization);
  return [
    ...(unsorted < 0
      ? []
      : [invalid(`${at}[${unsorted}].utilization`, shape[unsorted].utilization, 'values must be sorted in increasing order')]),
    ...shape.flatMap(({ utilization, score }, i) => [
      ...(isWithin(utilization, 0, 100) ? [] : [invalid(`${at}[${i}].utilization`, utilization, 'not in valid range [0, 100]')]),
      ...(isWithin(score, 0, 10) ? [] : [invalid(`${at}[${i}].score`, score, 'not in valid range [0, 10]')]),
    ]),
  ];
}
