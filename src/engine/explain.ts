/** Why each attempt to place a pod ended as it did: the matrices are not kept, the moment before each cycle is replayed. */
import { explainCycle, type SchedulerState } from '../cluster/scheduler/scheduler.ts';
import type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
import { worldAt, type Engine } from './engine.ts';

const DECIDED = new Set(['scheduler/scored', 'scheduler/unschedulable']);

/** `pod`: 'namespace/name'. Oldest attempt first. */
export function explain(engine: Engine, pod: string): readonly SchedulingDecision[] {
  const decisions: SchedulingDecision[] = [];
  for (let row = 0; row < engine.trace.length; row++) {
    const event = engine.trace.event(row);
    if (event.type !== 'note' || event.fact.about !== `pods/${pod}` || !DECIDED.has(event.fact.says)) continue;
    const delivery = engine.trace.rowOf(event.causes[0]);
    const world = worldAt(engine, engine.trace.deliveriesBefore(delivery));
    const decision = explainCycle(world.actors.get(event.by)?.state as SchedulerState, pod);
    if (decision) decisions.push(decision);
  }
  return decisions;
}
