/** A pod that names its machine fits only there. Upstream: plugins/nodename/node_name.go (v1.36). Simplified: nothing. */
import { fits, type SchedulerPlugin, type Verdict } from '../plugin.ts';

const ELSEWHERE: Verdict = { code: 'unresolvable', reasons: ["node(s) didn't match the requested node name"] };

export default {
  name: 'NodeName',
  retryOn: ['nodes/added'],
  filter: ({ pod }, machine) => (!pod.spec?.nodeName || pod.spec.nodeName === machine.name ? fits : ELSEWHERE),
} satisfies SchedulerPlugin;
