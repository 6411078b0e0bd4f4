/** Keeps pods off cordoned machines. Upstream: plugins/nodeunschedulable/node_unschedulable.go (v1.36). Simplified: nothing. */
import type { V1Node } from '../../../api/schema/kubernetes.ts';
import { fits, type SchedulerPlugin, type Verdict } from '../plugin.ts';
import { tolerates } from '../tolerations.ts';

const CORDONED: Verdict = { code: 'unresolvable', reasons: ['node(s) were unschedulable'] };
const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export default {
  name: 'NodeUnschedulable',
  retryOn: ['nodes/added', 'nodes/updated'],
  helps: (_pod, { object, old }) => !(object as V1Node).spec?.unschedulable && (!old || (old as V1Node).spec?.unschedulable === true),
  filter: ({ pod }, { node }) => (!node.spec?.unschedulable || tolerates(pod.spec?.tolerations, TAINT) ? fits : CORDONED),
} satisfies SchedulerPlugin;
