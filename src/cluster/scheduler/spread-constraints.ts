/**
 * Topology spread constraints of a pod, its own or the scheduler's defaults, and how many pods on a machine one concerns.
 * Upstream: plugins/podtopologyspread/common.go, plugins/helper/spread.go DefaultSelector (v1.36). Simplified: nothing.
 */
import { controllerOf } from '../../api/machinery/owner.ts';
import { mapMatches, selectorMatches } from '../../api/machinery/labels.ts';
import type { V1LabelSelector, V1Node, V1Pod, V1ReplicaSet, V1Service, V1TopologySpreadConstraint } from '../../api/schema/kubernetes.ts';
import type { Cache } from '../client/cache.ts';
import { matchesNodeSelection } from './node-selection.ts';
import type { MachineInfo } from './plugin.ts';
import { untolerated } from './tolerations.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly namespace: string;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
  /** Does a machine's domain take part at all? */
  readonly includes: (node: V1Node) => boolean;
  /** What `matches` said of a group, by the group's key: one cycle's memory. */
  readonly known: Map<string, boolean>;
}

/** The pod's own constraints of one kind. */
export function ownConstraints(pod: V1Pod, when: 'DoNotSchedule' | 'ScheduleAnyway'): readonly Constraint[] {
  return (pod.spec?.topologySpreadConstraints ?? []).filter((c) => c.whenUnsatisfiable === when).map((c) => constraintOf(pod, c));
}

function constraintOf(pod: V1Pod, c: V1TopologySpreadConstraint): Constraint {
  const own = pod.metadata?.labels ?? {};
  const same = (c.matchLabelKeys ?? []).filter((key) => Object.hasOwn(own, key));
  const { labelSelector } = c;
  return {
    key: c.topologyKey, maxSkew: c.maxSkew, minDomains: c.minDomains ?? 1, namespace: pod.metadata?.namespace ?? '', known: new Map(),
    matches: (labels) => selectorMatches(labelSelector, labels) && same.every((key) => labels[key] === own[key]),
    includes: (node) => (c.nodeAffinityPolicy === 'Ignore' || matchesNodeSelection(pod.spec, node)) && (c.nodeTaintsPolicy !== 'Honor' || untolerated(pod.spec?.tolerations, node.spec?.taints) === undefined),
  };
}

/** Hostname 3 and zone 5, or those of the configuration, over the pods that share this pod's Services and workload. */
export function defaultConstraints(pod: V1Pod, cache: Cache, listed: readonly V1TopologySpreadConstraint[] | undefined): readonly Constraint[] {
  const selector = defaultSelector(pod, cache);
  if (!selector) return [];
  const all = listed ?? [{ topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' }, { topologyKey: ZONE, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' }];
  return all.filter((c) => c.whenUnsatisfiable === 'ScheduleAnyway').map((c) => ({ ...constraintOf(pod, c), matches: selector }));
}

const WORKLOADS: Readonly<Record<string, string>> = { ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps', ReplicationController: 'replicationcontrollers' };
interface Workload { readonly metadata?: object; readonly spec?: { readonly selector?: unknown } }

function defaultSelector(pod: V1Pod, cache: Cache): Constraint['matches'] | undefined {
  const namespace = pod.metadata?.namespace;
  const wanted: Record<string, string> = {};
  for (const service of cache.list<V1Service>('services', namespace)) if (mapMatches(service.spec?.selector, pod.metadata?.labels)) Object.assign(wanted, service.spec?.selector);
  const owner = controllerOf(pod);
  const resource = owner && Object.hasOwn(WORKLOADS, owner.kind) ? WORKLOADS[owner.kind] : undefined;
  const set = resource && owner ? cache.get<Workload & V1ReplicaSet>(resource, `${namespace}/${owner.name}`) : undefined;
  const selector: V1LabelSelector | undefined = resource === 'replicationcontrollers' ? { matchLabels: set?.spec?.selector as unknown as Record<string, string> } : set?.spec?.selector;
  const names = Object.keys(wanted);
  if (names.length === 0 && !selector) return undefined;
  return (labels) => names.every((name) => labels[name] === wanted[name]) && (!selector || selectorMatches(selector, labels));
}

/** Pods on a machine, not being deleted, that the constraint's selector finds in the pod's namespace. */
export function countMatching(machine: MachineInfo, { namespace, matches, known }: Constraint): number {
  let count = 0;
  for (const [key, group] of machine.groups) {
    let does = known.get(key);
    if (does === undefined) { does = group.namespace === namespace && matches(group.labels); known.set(key, does); }
    if (does) count += group.live;
  }
  return count;
}
