/** nodeSelector and node affinity, required and preferred. Upstream: plugins/nodeaffinity/node_affinity.go (v1.36). Simplified: nothing. */
import type { V1Node, V1NodeAffinity, V1Pod, V1PreferredSchedulingTerm } from '../../../api/schema/kubernetes.ts';
import { matchesNodeSelection, matchesTerm } from '../node-selection.ts';
import { normalizeDefault } from '../normalize.ts';
import { fits, type SchedulerPlugin, type Verdict } from '../plugin.ts';

const NO_MATCH: Verdict = { code: 'unresolvable', reasons: ["node(s) didn't match Pod's node affinity/selector"] };
const NOT_ENFORCED: Verdict = { code: 'unresolvable', reasons: ["node(s) didn't match scheduler-enforced node affinity"] };
const CONFLICT: Verdict = { code: 'unresolvable', reasons: ['pod affinity terms conflict'] };
const added = (args: unknown): V1NodeAffinity | undefined =>
  (args as { readonly addedAffinity?: V1NodeAffinity } | undefined)?.addedAffinity;

export default {
  name: 'NodeAffinity',
  weight: 2,
  retryOn: ['nodes/added', 'nodes/updated'],
  helps: (pod, { object, old }) =>
    matchesNodeSelection(pod.spec, object as V1Node) && !(old && matchesNodeSelection(pod.spec, old as V1Node)),
  preFilter({ pod, args }) {
    const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (!required && !pod.spec?.nodeSelector && !added(args)?.requiredDuringSchedulingIgnoredDuringExecution) return 'skip';
    const only = namedMachines(pod);
    return only?.size === 0 ? CONFLICT : { state: undefined, ...(only ? { only } : {}) };
  },
  filter({ pod, args }, { node }) {
    const enforced = added(args)?.requiredDuringSchedulingIgnoredDuringExecution;
    if (enforced && !enforced.nodeSelectorTerms.some((term) => matchesTerm(term, node))) return NOT_ENFORCED;
    return matchesNodeSelection(pod.spec, node) ? fits : NO_MATCH;
  },
  preScore({ pod, args }) {
    const terms = [
      ...(added(args)?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ].filter((t) => t.weight > 0);
    return terms.length > 0 ? { state: terms } : 'skip';
  },
  score: ({ state }, { node }) =>
    (state as readonly V1PreferredSchedulingTerm[]).reduce(
      (sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0),
      0,
    ),
  normalize: (_context, scores) => normalizeDefault(scores, false),
} satisfies SchedulerPlugin;

/** When every term names its machines by metadata.name, no other machine needs a look. */
function namedMachines(pod: V1Pod): ReadonlySet<string> | undefined {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const all = new Set<string>();
  for (const term of terms) {
    let named: readonly string[] | undefined;
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      const before: readonly string[] | undefined = named;
      named = before ? before.filter((name) => (values ?? []).includes(name)) : (values ?? []);
    }
    if (!named) return undefined;
    for (const name of named) all.add(name);
  }
  return all;
}
