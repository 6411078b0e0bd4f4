/** A pod that names its machine fits only there. Upstream: plugins/nodename/node_name.go (v1.36). Simplified: nothing. */
import { fits, type SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'NodeName',
  retryOn: ['nodes/added'],
  filter: ({ pod }, { node }) => (!pod.spec?.nodeName || pod.spec.nodeName === node.metadata?.name ? fits : { code: 'unresolvable', reasons: ["node(s) didn't match the requested node name"] }),
} satisfies SchedulerPlugin;
