/**
 * Puts pods near, or away from, other pods.
 * Upstream: plugins/interpodaffinity/{filtering,scoring}.go, apis/config/validation/validation_pluginargs.go (v1.36). Simplified: nothing.
 */
import { invalid } from '../../../api/machinery/field-error.ts';
import { selectorMatches } from '../../../api/machinery/labels.ts';
import type { V1Namespace, V1Pod, V1PodAffinityTerm } from '../../../api/schema/kubernetes.ts';
import { fits, type CycleContext, type MachineInfo, type SchedulerPlugin, type Verdict } from '../plugin.ts';

type Domains = Map<string, number>;
interface Args {
  readonly hardPodAffinityWeight?: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}
interface FilterState {
  readonly affinity: readonly V1PodAffinityTerm[];
  readonly anti: readonly V1PodAffinityTerm[];
  /** 'key=value' of a domain → pods that match all affinity terms, any anti-affinity term, or that keep this pod away. */
  readonly near: Domains;
  readonly far: Domains;
  readonly forbidden: Domains;
  readonly matchesItself: boolean;
}

const NOT_NEAR: Verdict = { code: 'unresolvable', reasons: ["node(s) didn't match pod affinity rules"] };
const TOO_NEAR: Verdict = { code: 'unschedulable', reasons: ["node(s) didn't match pod anti-affinity rules"] };
const UNWELCOME: Verdict = { code: 'unschedulable', reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"] };

const near = (pod: V1Pod): readonly V1PodAffinityTerm[] =>
  pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
const far = (pod: V1Pod): readonly V1PodAffinityTerm[] =>
  pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** Does `owner`'s term speak of this namespace and these labels? */
function speaksOf(
  term: V1PodAffinityTerm,
  owner: V1Pod,
  other: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  cache: CycleContext['cache'],
): boolean {
  const listed = term.namespaces ?? [];
  const own = owner.metadata?.namespace ?? '';
  const isHere =
    listed.length === 0 && !term.namespaceSelector
      ? other.namespace === own
      : listed.includes(other.namespace) ||
        (term.namespaceSelector !== undefined &&
          selectorMatches(term.namespaceSelector, cache.get<V1Namespace>('namespaces', other.namespace)?.metadata?.labels));
  if (!isHere || !selectorMatches(term.labelSelector, other.labels)) return false;
  const labels = owner.metadata?.labels ?? {};
  return (
    (term.matchLabelKeys ?? []).every((key) => !Object.hasOwn(labels, key) || other.labels[key] === labels[key]) &&
    (term.mismatchLabelKeys ?? []).every((key) => !Object.hasOwn(labels, key) || other.labels[key] !== labels[key])
  );
}

const subject = (pod: V1Pod): { readonly namespace: string; readonly labels: Readonly<Record<string, string>> } => ({
  namespace: pod.metadata?.namespace ?? '',
  labels: pod.metadata?.labels ?? {},
});
function addAt(domains: Domains, machine: MachineInfo, key: string, by: number): void {
  const value = machine.node.metadata?.labels?.[key];
  if (value === undefined) return;
  const count = (domains.get(`${key}=${value}`) ?? 0) + by;
  if (count === 0) domains.delete(`${key}=${value}`);
  else domains.set(`${key}=${value}`, count);
}
const at = (domains: Domains, machine: MachineInfo, key: string): number | undefined => {
  const value = machine.node.metadata?.labels?.[key];
  return value === undefined ? undefined : (domains.get(`${key}=${value}`) ?? 0);
};

export default {
  name: 'InterPodAffinity',
  weight: 2,
  retryOn: ['pods/added', 'pods/deleted', 'pods/updated', 'nodes/added', 'nodes/updated'],
  preFilter({ pod, machines, cache }) {
    const state: FilterState = {
      affinity: near(pod),
      anti: far(pod),
      near: new Map(),
      far: new Map(),
      forbidden: new Map(),
      matchesItself: near(pod).every((term) => speaksOf(term, pod, subject(pod), cache)),
    };
    const isChoosy = state.affinity.length + state.anti.length > 0;
    for (const machine of machines) {
      for (const other of machine.choosy.values())
        for (const term of far(other)) if (speaksOf(term, other, subject(pod), cache)) addAt(state.forbidden, machine, term.topologyKey, 1);
      if (!isChoosy) continue;
      for (const group of machine.groups.values()) {
        if (state.affinity.length > 0 && state.affinity.every((term) => speaksOf(term, pod, group, cache)))
          for (const term of state.affinity) addAt(state.near, machine, term.topologyKey, group.all);
        for (const term of state.anti) if (speaksOf(term, pod, group, cache)) addAt(state.far, machine, term.topologyKey, group.all);
      }
    }
    return !isChoosy && state.forbidden.size === 0 ? 'skip' : { state };
  },
  preFilterExtensions: {
    clone(state) {
      const s = state as FilterState;
      return { ...s, near: new Map(s.near), far: new Map(s.far), forbidden: new Map(s.forbidden) };
    },
    update({ pod, state, cache }, { other, machine, by }) {
      const s = state as FilterState;
      for (const term of far(other)) if (speaksOf(term, other, subject(pod), cache)) addAt(s.forbidden, machine, term.topologyKey, by);
      if (s.affinity.length > 0 && s.affinity.every((term) => speaksOf(term, pod, subject(other), cache)))
        for (const term of s.affinity) addAt(s.near, machine, term.topologyKey, by);
      for (const term of s.anti) if (speaksOf(term, pod, subject(other), cache)) addAt(s.far, machine, term.topologyKey, by);
    },
  },
  filter({ state }, machine) {
    const s = state as FilterState;
    if (s.affinity.length > 0) {
      const counts = s.affinity.map((term) => at(s.near, machine, term.topologyKey));
      const isFirst = s.near.size === 0 && s.matchesItself && counts.every((count) => count !== undefined);
      if (!isFirst && counts.some((count) => !count)) return NOT_NEAR;
    }
    for (const term of s.anti) if (at(s.far, machine, term.topologyKey)) return TOO_NEAR;
    for (const key of s.forbidden.keys()) {
      const equals = key.indexOf('=');
      if (machine.node.metadata?.labels?.[key.slice(0, equals)] === key.slice(equals + 1)) return UNWELCOME;
    }
    return fits;
  },
  wrongArgs(args) {
    const { hardPodAffinityWeight: weight = 1 } = (args ?? {}) as Args;
    return !Number.isInteger(weight) || weight < 0 || weight > 100
      ? [invalid('hardPodAffinityWeight', weight, 'not in valid range [0, 100]')]
      : [];
  },
  preScore({ pod, machines, cache, args }) {
    const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = (args ?? {}) as Args;
    const scores: Domains = new Map();
    const likes = pod.spec?.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const dislikes = pod.spec?.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const weighted = [...likes, ...dislikes.map((d) => ({ ...d, weight: -d.weight }))];
    if (ignorePreferredTermsOfExistingPods && weighted.length === 0) return 'skip';
    for (const machine of machines) {
      if (weighted.length > 0)
        for (const group of machine.groups.values())
          for (const { podAffinityTerm: term, weight } of weighted)
            if (speaksOf(term, pod, group, cache)) addAt(scores, machine, term.topologyKey, weight * group.all);
      for (const other of machine.choosy.values()) likedBy(other, pod, machine, scores, cache, hardPodAffinityWeight);
    }
    return scores.size === 0 ? 'skip' : { state: scores };
  },
  score({ state }, machine) {
    let sum = 0;
    for (const [key, weight] of state as Domains) {
      const equals = key.indexOf('=');
      if (machine.node.metadata?.labels?.[key.slice(0, equals)] === key.slice(equals + 1)) sum += weight;
    }
    return sum;
  },
  normalize(_context, scores) {
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    return scores.map((score) => (most === least ? 0 : Math.trunc(100 * ((score - least) / (most - least)))));
  },
} satisfies SchedulerPlugin;

/** What a pod that is there already thinks of the newcomer; what it requires counts `required`. */
function likedBy(other: V1Pod, pod: V1Pod, machine: MachineInfo, scores: Domains, cache: CycleContext['cache'], required: number): void {
  const { podAffinity, podAntiAffinity } = other.spec?.affinity ?? {};
  const say = (term: V1PodAffinityTerm, weight: number): void => {
    if (speaksOf(term, other, subject(pod), cache)) addAt(scores, machine, term.topologyKey, weight);
  };
  if (required > 0) for (const term of podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) say(term, required);
  for (const { podAffinityTerm, weight } of podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    say(podAffinityTerm, weight);
  for (const { podAffinityTerm, weight } of podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    say(podAffinityTerm, -weight);
}
