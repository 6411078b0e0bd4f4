/** A gated pod stays out of the queue. Upstream: plugins/schedulinggates/scheduling_gates.go (v1.36). Simplified: nothing. */
import { fits, type SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'SchedulingGates',
  preEnqueue: (pod) =>
    (pod.spec?.schedulingGates ?? []).length === 0
      ? fits
      : {
          code: 'unresolvable',
          reasons: [`waiting for scheduling gates: [${(pod.spec?.schedulingGates ?? []).map((g) => g.name).join(' ')}]`],
        },
} satisfies SchedulerPlugin;
