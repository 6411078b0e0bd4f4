import type { SchedulerState } from '../../cluster/scheduler/scheduler.ts';
import type { SchedulingDecision } from '../../cluster/scheduler/framework.ts';
import { table, type Table } from '../../story/inside.ts';
import { seconds, type InsideOf } from './inside-of.ts';

export default {
  role: 'kube-scheduler',
  look({ queue, assumed, nominator }, now) {
    const waiting = (name: string, pods: SchedulerState['queue']['active']): Table =>
      table(
        name,
        ['pod', 'tries', 'back in', 'refused by'],
        [...pods.values()].map((w) => [
          w.key,
          String(w.attempts),
          w.until > now ? seconds(w.until - now) : '—',
          w.refusedBy.join(', ') || '—',
        ]),
      );
    return {
      facts: [
        ['active', String(queue.active.size)],
        ['backing off', String(queue.backoff.size)],
        ['unschedulable', String(queue.unschedulable.size)],
      ],
      tables: [
        waiting('active', queue.active),
        waiting('backoff', queue.backoff),
        waiting('unschedulable', queue.unschedulable),
        table('assumed', ['pod', 'machine'], [...assumed]),
        table('nominated', ['pod', 'machine'], [...nominator.machineOf]),
      ],
    };
  },
} satisfies InsideOf<SchedulerState>;

/** The matrix of one cycle: a row a plugin, a column a machine; the last row is the sum. */
export function decisionTable(decision: SchedulingDecision): Table {
  const machines = decision.nodes;
  const verdictsOf = [...new Set(machines.flatMap((m) => m.verdicts.filter((v) => v.code !== 'fits').map((v) => v.plugin)))];
  const scorers = machines.find((m) => m.scores.length > 0)?.scores ?? [];
  const filters = verdictsOf.map((plugin) => [
    `${plugin} filter`,
    ...machines.map((m) => {
      const v = m.verdicts.find((x) => x.plugin === plugin);
      return !v ? '—' : v.code === 'fits' ? '✓' : '✗';
    }),
  ]);
  const scores = scorers.map(({ plugin, weight }) => [
    `${plugin} ×${weight}`,
    ...machines.map((m) => {
      const s = m.scores.find((x) => x.plugin === plugin);
      return s ? String(s.weighted) : '—';
    }),
  ]);
  const sum = ['sum', ...machines.map((m) => (m.scores.length === 0 ? 'out' : `${m.total}${m.name === decision.chosen ? ' ◀' : ''}`))];
  return table(
    'decision',
    [`${decision.pod.split('/')[1]}, try ${decision.attempt}`, ...machines.map((m) => m.name)],
    [...filters, ...scores, sum],
  );
}
