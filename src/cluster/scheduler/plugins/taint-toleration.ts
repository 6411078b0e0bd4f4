/**
 * Keeps pods off machines whose taints they do not tolerate, and prefers machines with fewer soft ones.
 * Upstream: plugins/tainttoleration/taint_toleration.go (v1.36). Simplified: nothing.
 */
import type { V1Node, V1Toleration } from '../../../api/schema/kubernetes.ts';
import { normalizeDefault } from '../normalize.ts';
import { fits, type SchedulerPlugin, type Verdict } from '../plugin.ts';
import { tolerates, untolerated } from '../tolerations.ts';

const UNTOLERATED: Verdict = { code: 'unresolvable', reasons: ['node(s) had untolerated taint(s)'] };

export default {
  name: 'TaintToleration',
  weight: 3,
  retryOn: ['nodes/added', 'nodes/updated'],
  helps(pod, { object, old }) {
    const is = (node: V1Node): boolean => untolerated(pod.spec?.tolerations, node.spec?.taints) !== undefined;
    return !is(object as V1Node) && (!old || is(old as V1Node));
  },
  filter: ({ pod }, { node }) => (untolerated(pod.spec?.tolerations, node.spec?.taints) ? UNTOLERATED : fits),
  preScore: ({ pod }) => ({ state: (pod.spec?.tolerations ?? []).filter((t) => !t.effect || t.effect === 'PreferNoSchedule') }),
  score({ state }, { node }) {
    let count = 0;
    for (const taint of node.spec?.taints ?? [])
      if (taint.effect === 'PreferNoSchedule' && !tolerates(state as readonly V1Toleration[], taint)) count++;
    return count;
  },
  normalize: (_context, scores) => normalizeDefault(scores, true),
} satisfies SchedulerPlugin;
