/** Keeps pods off machines whose taints they do not tolerate, and prefers machines with fewer soft ones. Upstream: plugins/tainttoleration/taint_toleration.go (v1.36). Simplified: nothing. */
import { fits, type SchedulerPlugin } from '../plugin.ts';
import { normalizeDefault } from '../normalize.ts';
import { tolerates } from '../tolerations.ts';

export default {
  name: 'TaintToleration',
  weight: 3,
  retryOn: ['nodes/added', 'nodes/updated'],
  filter({ pod }, { node }) {
    const taint = (node.spec?.taints ?? []).find((t) => (t.effect === 'NoSchedule' || t.effect === 'NoExecute') && !tolerates(pod.spec?.tolerations, t));
    return taint ? { code: 'unresolvable', reasons: ['node(s) had untolerated taint(s)'] } : fits;
  },
  score: ({ pod }, { node }) => (node.spec?.taints ?? []).filter((t) => t.effect === 'PreferNoSchedule' && !tolerates((pod.spec?.tolerations ?? []).filter((x) => !x.effect || x.effect === 'PreferNoSchedule'), t)).length,
  normalize: (_context, scores) => normalizeDefault(scores, true),
} satisfies SchedulerPlugin;
