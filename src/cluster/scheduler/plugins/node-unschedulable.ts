/** Keeps pods off cordoned machines. Upstream: plugins/nodeunschedulable/node_unschedulable.go (v1.36). Simplified: nothing. */
import { fits, type SchedulerPlugin } from '../plugin.ts';
import { tolerates } from '../tolerations.ts';

export default {
  name: 'NodeUnschedulable',
  retryOn: ['nodes/added', 'nodes/updated'],
  filter: ({ pod }, { node }) => (!node.spec?.unschedulable || tolerates(pod.spec?.tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }) ? fits : { code: 'unresolvable', reasons: ['node(s) were unschedulable'] }),
} satisfies SchedulerPlugin;
