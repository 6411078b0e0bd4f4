/**
 * Topology spread constraints of a pod, its own or the scheduler's defaults, and how many pods on a machine one concerns.
 * Upstream: plugins/podtopologyspread/common.go, plugins/helper/spread.go DefaultSelector (v1.36). Simplified: nothing.
 */
import { duplicate, forbidden, invalid, oneOf, required, type FieldError } from '../../api/machinery/field-error.ts';
import { controllerOf } from '../../api/machinery/owner.ts';
import { mapMatches } from '../../api/machinery/label-map.ts';
import { checkKey } from '../../api/machinery/names.ts';
import { selectorMatches } from '../../api/machinery/labels.ts';
import type { V1LabelSelector, V1Node, V1Pod, V1ReplicaSet, V1Service, V1TopologySpreadConstraint } from '../../api/schema/kubernetes.ts';
import type { Cache } from '../client/cache.ts';
import { matchesNodeSelection } from './node-selection.ts';
import type { CycleContext, Likeness, MachineInfo } from './plugin.ts';
import { untolerated } from './tolerations.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
  /** Keys of the groups of pods that it concerns. */
  readonly concerns: readonly string[];
  /** Does a machine's domain take part at all? */
  readonly includes: (node: V1Node) => boolean;
}

type Groups = ReadonlyMap<string, Likeness>;

type Listed = readonly V1TopologySpreadConstraint[];
export interface SpreadArgs {
  readonly defaultConstraints?: Listed;
  readonly defaultingType?: string;
}
/** What holds where neither the pod nor the configuration says anything. Upstream: plugin.go systemDefaultConstraints. */
const SYSTEM: Listed = [
  { topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: ZONE, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

/** The constraints of one kind: the pod's own; where it has none of any kind the defaults, over the pods that share its Services and workload. */
export function constraintsOf({ pod, cache, groups, args }: CycleContext, when: 'DoNotSchedule' | 'ScheduleAnyway'): readonly Constraint[] {
  const own = pod.spec?.topologySpreadConstraints ?? [];
  const { defaultingType, defaultConstraints = [] } = (args ?? {}) as SpreadArgs;
  const asked = (own.length > 0 ? own : defaultingType === 'List' ? defaultConstraints : SYSTEM).filter(
    (c) => c.whenUnsatisfiable === when,
  );
  if (asked.length === 0) return [];
  if (own.length > 0) return asked.map((c) => constraintOf(pod, c, groups, ownSelector(pod, c)));
  const selector = defaultSelector(pod, cache);
  return selector ? asked.map((c) => constraintOf(pod, c, groups, selector)) : [];
}

const DEFAULTING = ['System', 'List'];
const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

/** Upstream: pkg/scheduler/apis/config/validation/validation_pluginargs.go ValidatePodTopologySpreadArgs. */
export function wrongSpreadArgs({ defaultingType = 'System', defaultConstraints = [] }: SpreadArgs): readonly FieldError[] {
  return [
    ...oneOf(defaultingType, 'defaultingType', DEFAULTING),
    ...(defaultingType === 'System' && defaultConstraints.length > 0
      ? [invalid('defaultingType', defaultingType, 'when .defaultConstraints are not empty')]
      : []),
    ...defaultConstraints.flatMap(({ maxSkew, topologyKey, whenUnsatisfiable: when, labelSelector }, i, all) => {
      const field = `defaultConstraints[${i}]`;
      const isRepeated = all.slice(0, i).some((c) => c.topologyKey === topologyKey && c.whenUnsatisfiable === when);
      return [
        ...(maxSkew > 0 ? [] : [invalid(`${field}.maxSkew`, maxSkew ?? 0, 'not in valid range (0, inf)')]),
        ...(topologyKey ? checkKey(topologyKey, `${field}.topologyKey`) : [required(`${field}.topologyKey`, 'can not be empty')]),
        ...(when ? oneOf(when, `${field}.whenUnsatisfiable`, ACTIONS) : [required(`${field}.whenUnsatisfiable`, 'can not be empty')]),
        ...(labelSelector
          ? [forbidden(`${field}.labelSelector`, 'constraint must not define a selector, as they deduced for each pod')]
          : []),
        ...(isRepeated ? [duplicate(field, `{${topologyKey}, ${when}}`)] : []),
      ];
    }),
  ];
}

function ownSelector(pod: V1Pod, { labelSelector, matchLabelKeys = [] }: V1TopologySpreadConstraint): Constraint['matches'] {
  const own = pod.metadata?.labels ?? {};
  const same = matchLabelKeys.filter((key) => Object.hasOwn(own, key));
  return (labels) => selectorMatches(labelSelector, labels) && same.every((key) => labels[key] === own[key]);
}

function constraintOf(pod: V1Pod, c: V1TopologySpreadConstraint, groups: Groups, matches: Constraint['matches']): Constraint {
  const namespace = pod.metadata?.namespace ?? '';
  const concerns: string[] = [];
  for (const [key, group] of groups) if (group.namespace === namespace && matches(group.labels)) concerns.push(key);
  return {
    key: c.topologyKey,
    maxSkew: c.maxSkew,
    minDomains: c.minDomains ?? 1,
    matches,
    concerns,
    includes: (node) =>
      (c.nodeAffinityPolicy === 'Ignore' || matchesNodeSelection(pod.spec, node)) &&
      (c.nodeTaintsPolicy !== 'Honor' || untolerated(pod.spec?.tolerations, node.spec?.taints) === undefined),
  };
}

const WORKLOADS: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
};
interface Workload {
  readonly metadata?: object;
  readonly spec?: { readonly selector?: unknown };
}

function defaultSelector(pod: V1Pod, cache: Cache): Constraint['matches'] | undefined {
  const namespace = pod.metadata?.namespace;
  const wanted: Record<string, string> = {};
  cache.each<V1Service>('services', namespace ?? '', (service) => {
    if (mapMatches(service.spec?.selector, pod.metadata?.labels)) Object.assign(wanted, service.spec?.selector);
  });
  const owner = controllerOf(pod);
  const resource = owner && Object.hasOwn(WORKLOADS, owner.kind) ? WORKLOADS[owner.kind] : undefined;
  const set = resource && owner ? cache.get<Workload & V1ReplicaSet>(resource, `${namespace}/${owner.name}`) : undefined;
  const selector: V1LabelSelector | undefined =
    resource === 'replicationcontrollers' ? { matchLabels: set?.spec?.selector as unknown as Record<string, string> } : set?.spec?.selector;
  const names = Object.keys(wanted);
  if (names.length === 0 && !selector) return undefined;
  return (labels) => names.every((name) => labels[name] === wanted[name]) && (!selector || selectorMatches(selector, labels));
}

/** Pods on a machine, not being deleted, that the constraint's selector finds in the pod's namespace. */
export function countMatching({ groups }: MachineInfo, { concerns }: Constraint): number {
  let count = 0;
  for (const key of concerns) count += groups.get(key)?.live ?? 0;
  return count;
}
