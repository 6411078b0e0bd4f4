/** What the scheduler says about a cycle: who was excluded and why, who won and by what. */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { NodeDecision, SchedulingDecision } from './framework.ts';

const compact = ({ name, total, scores }: NodeDecision): unknown => ({
  machine: name,
  total,
  scores: scores.map((s) => ({ plugin: s.plugin, score: s.normalized, weight: s.weight })),
});

export function noteDecision(ctx: Context, decision: SchedulingDecision, pod: V1Pod): void {
  const about = `pods/${decision.pod}`;
  const name = pod.metadata?.name;
  const { evaluated, feasible, attempt, refusals, chosen, podium, tie } = decision;
  if (chosen === undefined) {
    ctx.note({ says: 'scheduler/unschedulable', about, with: { pod: name, evaluated, attempt, refusals, message: decision.fitError } });
    return;
  }
  const onItsPlace = evaluated === 1 && pod.status?.nominatedNodeName === chosen ? { nominated: chosen } : {};
  ctx.note({ says: 'scheduler/filtered', about, with: { pod: name, evaluated, feasible, attempt, refusals, ...onItsPlace } });
  const second = podium?.second;
  const gains = second
    ? (podium?.winner.scores ?? [])
        .map((s, i) => ({ plugin: s.plugin, by: s.weighted - (second.scores[i]?.weighted ?? 0) }))
        .filter((g) => g.by !== 0)
    : [];
  ctx.note({
    says: 'scheduler/scored',
    about,
    with: {
      pod: name,
      machine: chosen,
      feasible,
      ...onItsPlace,
      ...(podium ? { winner: compact(podium.winner) } : {}),
      ...(second ? { second: compact(second), by: (podium?.winner.total ?? 0) - second.total, gains } : {}),
      ...(tie ? { tie } : {}),
    },
  });
}
