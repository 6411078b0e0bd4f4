/** Why each attempt to place a pod ended as it did: the matrices are not kept, the moment before each cycle is replayed. */
import { explainCycle, type SchedulerState } from '../cluster/scheduler/scheduler.ts';
import type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { worldAt, type Engine } from './core.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;
const DECIDED = new Set(['scheduler/scored', 'scheduler/unschedulable']);

/** Whether the event is a scheduling cycle's outcome. */
export const isDecision = (event: TraceEvent): event is Note => event.type === 'note' && DECIDED.has(event.fact.says);

/** The matrix of a cycle from its note. */
export function decisionOf(engine: Engine, { by, causes, fact }: Note): SchedulingDecision | undefined {
  const world = worldAt(engine, engine.trace.deliveriesBefore(engine.trace.rowOf(causes[0])));
  return explainCycle(world.actors.get(by)?.state as SchedulerState, fact.about?.replace(/^pods\//, '') ?? '');
}

/** `pod`: 'namespace/name'. Oldest attempt first. */
export function explain(engine: Engine, pod: string): readonly SchedulingDecision[] {
  const decisions: SchedulingDecision[] = [];
  for (let row = 0; row < engine.trace.length; row++) {
    const event = engine.trace.event(row);
    if (!isDecision(event) || event.fact.about !== `pods/${pod}`) continue;
    const decision = decisionOf(engine, event);
    if (decision) decisions.push(decision);
  }
  return decisions;
}
