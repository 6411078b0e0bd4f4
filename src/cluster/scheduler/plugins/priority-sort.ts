/** Which waiting pod is tried first: the one of higher priority, then the one that waits longer. Upstream: plugins/queuesort/priority_sort.go (v1.36). Simplified: nothing. */
import type { SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'PrioritySort',
  less: (a, b) => a.priority > b.priority || (a.priority === b.priority && a.since < b.since),
} satisfies SchedulerPlugin;
