/**
 * Spreads pods that belong together over machines and zones.
 * Upstream: plugins/podtopologyspread/{filtering,scoring,common}.go (v1.36), default constraints hostname 3 and zone 5, ScheduleAnyway.
 * Simplified: minDomains, matchLabelKeys and the node inclusion policies keep their defaults.
 */
import { ln } from '../../../lib/ln.ts';
import { controllerOf } from '../../../api/machinery/owner.ts';
import { mapMatches, selectorMatches } from '../../../api/machinery/labels.ts';
import type { V1LabelSelector, V1Pod, V1ReplicaSet, V1Service } from '../../../api/schema/kubernetes.ts';
import { matchesNodeSelection } from '../node-selection.ts';
import { fits, type CycleContext, type MachineInfo, type SchedulerPlugin } from '../plugin.ts';

interface Constraint { readonly key: string; readonly maxSkew: number; readonly matches: (pod: V1Pod) => boolean }
interface Counted extends Constraint { readonly counts: ReadonlyMap<string, number>; readonly least: number; readonly weight: number }
type State = readonly Counted[];
const HOSTNAME = 'kubernetes.io/hostname';

const matcher = (selector: V1LabelSelector | undefined, namespace: string | undefined) => (pod: V1Pod): boolean => pod.metadata?.namespace === namespace && !pod.metadata?.deletionTimestamp && selectorMatches(selector, pod.metadata?.labels);

function explicit({ pod }: CycleContext, when: string): readonly Constraint[] {
  return (pod.spec?.topologySpreadConstraints ?? []).filter((c) => c.whenUnsatisfiable === when).map((c) => ({ key: c.topologyKey, maxSkew: c.maxSkew, matches: matcher(c.labelSelector, pod.metadata?.namespace) }));
}

/** Upstream: helper.DefaultSelector: the Services and the workload that the pod belongs to, all together. */
function defaults({ pod, cache }: CycleContext): readonly Constraint[] {
  const namespace = pod.metadata?.namespace;
  const services = cache.list<V1Service>('services', namespace).filter((s) => mapMatches(s.spec?.selector, pod.metadata?.labels));
  const owner = controllerOf(pod);
  const set = owner?.kind === 'ReplicaSet' ? cache.get<V1ReplicaSet>('replicasets.apps', `${namespace}/${owner.name}`) : undefined;
  if (services.length === 0 && !set) return [];
  const matches = (other: V1Pod): boolean => other.metadata?.namespace === namespace && !other.metadata?.deletionTimestamp && services.every((s) => mapMatches(s.spec?.selector, other.metadata?.labels)) && (!set || selectorMatches(set.spec?.selector, other.metadata?.labels));
  return [{ key: HOSTNAME, maxSkew: 3, matches }, { key: 'topology.kubernetes.io/zone', maxSkew: 5, matches }];
}

const domainOf = (machine: MachineInfo, key: string): string | undefined => machine.node.metadata?.labels?.[key];

function count(constraints: readonly Constraint[], machines: readonly MachineInfo[], size: (domains: number, key: string) => number): State {
  return constraints.map((constraint) => {
    const counts = new Map<string, number>();
    for (const machine of machines) {
      const domain = domainOf(machine, constraint.key);
      if (domain === undefined) continue;
      let n = 0;
      for (const pod of machine.pods) if (constraint.matches(pod)) n++;
      counts.set(domain, (counts.get(domain) ?? 0) + n);
    }
    return { ...constraint, counts, least: counts.size === 0 ? 0 : Math.min(...counts.values()), weight: ln(size(counts.size, constraint.key) + 2) };
  });
}

export default {
  name: 'PodTopologySpread',
  weight: 2,
  retryOn: ['pods/added', 'pods/deleted', 'pods/updated', 'nodes/added', 'nodes/updated', 'nodes/deleted'],
  preFilter(context) {
    const constraints = explicit(context, 'DoNotSchedule');
    return constraints.length === 0 ? 'skip' : { state: count(constraints, context.machines.filter((m) => matchesNodeSelection(context.pod.spec, m.node)), (n) => n) };
  },
  filter({ pod, state }, machine) {
    for (const { key, maxSkew, counts, least, matches } of state as State) {
      const domain = domainOf(machine, key);
      if (domain === undefined) return { code: 'unresolvable', reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"] };
      if ((counts.get(domain) ?? 0) + (matches(pod) ? 1 : 0) - least > maxSkew) return { code: 'unschedulable', reasons: ["node(s) didn't match pod topology spread constraints"] };
    }
    return fits;
  },
  preScore(context) {
    const own = (context.pod.spec?.topologySpreadConstraints ?? []).length > 0;
    const constraints = own ? explicit(context, 'ScheduleAnyway') : defaults(context);
    if (constraints.length === 0) return 'skip';
    const usable = own ? context.machines.filter((m) => constraints.every((c) => domainOf(m, c.key) !== undefined)) : context.machines;
    return { state: count(constraints, usable, (domains, key) => (key === HOSTNAME ? usable.length : domains)) };
  },
  score({ state }, machine) {
    let score = 0;
    for (const { key, maxSkew, counts, weight } of state as State) {
      const domain = domainOf(machine, key);
      if (domain !== undefined) score += (counts.get(domain) ?? 0) * weight + (maxSkew - 1);
    }
    return Math.round(score);
  },
  normalize(_context, scores) {
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    return scores.map((score) => (most === 0 ? 100 : Math.floor((100 * (most + least - score)) / most)));
  },
} satisfies SchedulerPlugin;
