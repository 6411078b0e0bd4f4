/** nodeSelector and node affinity, required and preferred. Upstream: plugins/nodeaffinity/node_affinity.go (v1.36). Simplified: no addedAffinity. */
import { matchesNodeSelection, matchesTerm } from '../node-selection.ts';
import { normalizeDefault } from '../normalize.ts';
import { fits, type SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'NodeAffinity',
  weight: 2,
  retryOn: ['nodes/added', 'nodes/updated'],
  filter: ({ pod }, { node }) => (matchesNodeSelection(pod.spec, node) ? fits : { code: 'unresolvable', reasons: ["node(s) didn't match Pod's node affinity/selector"] }),
  preScore: ({ pod }) => ((pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0 ? { state: undefined } : 'skip'),
  score: ({ pod }, { node }) => (pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).reduce((sum, { weight, preference }) => sum + (weight > 0 && matchesTerm(preference, node) ? weight : 0), 0),
  normalize: (_context, scores) => normalizeDefault(scores, false),
} satisfies SchedulerPlugin;
