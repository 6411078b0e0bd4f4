/** Lays actors open at a row of the trace: their real states, replayed, as tables. */
import { explainCycle, type SchedulerState } from '../cluster/scheduler/scheduler.ts';
import type { Row } from '../kernel/component.ts';
import type { World } from '../kernel/world.ts';
import { freshened, table, type Inside, type Table } from '../story/inside.ts';
import { worldAt, type Engine } from './engine.ts';
import { decisionTable } from './inside/kube-scheduler.ts';
import { insides } from './inside/registry.ts';
import { rules } from './rules.ts';

export interface Looked { readonly [address: string]: Inside }

/** `since`: the row that changes are counted from. Who does not run is left out. */
export function look(engine: Engine, { row, since, addresses }: { readonly row: number; readonly since: number; readonly addresses: readonly string[] }): Looked {
  const now = keptWorld(engine, row);
  const before = since < row ? keptWorld(engine, since) : undefined;
  const found: Record<string, Inside> = {};
  for (const address of addresses) {
    const inside = insideOf(now, address);
    if (!inside) continue;
    const marked = freshened(inside, before && insideOf(before, address));
    const decision = inside.role === 'kube-scheduler' ? lastDecision(engine, row) : undefined;
    found[address] = decision ? { ...marked, tables: [...marked.tables, decision] } : marked;
  }
  return found;
}

/** Worlds that were looked at last, by deliveries: the next beat begins where this one ended. Nobody changes them. */
const kept = new WeakMap<Engine, Map<number, World>>();
const MOST_KEPT = 4;

/** Whoever changes an engine's future says so. */
export const forgetWorlds = (engine: Engine): void => void kept.delete(engine);

function keptWorld(engine: Engine, row: number): World {
  if (row >= engine.trace.length) return engine.world;
  const worlds = kept.get(engine) ?? new Map<number, World>();
  kept.set(engine, worlds);
  const delivered = engine.trace.deliveriesBefore(row);
  const world = worlds.get(delivered) ?? worldAt(engine, delivered);
  worlds.delete(delivered);
  worlds.set(delivered, world);
  for (const oldest of worlds.keys()) { if (worlds.size <= MOST_KEPT) break; worlds.delete(oldest); }
  return world;
}

function insideOf(world: World, address: string): Inside | undefined {
  const actor = world.actors.get(address);
  if (!actor) return undefined;
  const known = insides.get(actor.role);
  return known ? { role: actor.role, ...known.look(actor.state, world.now) } : fromRows(actor.role, rules.components.get(actor.role)?.inspect?.(actor.state, world.now) ?? []);
}

const fromRows = (role: string, rows: readonly Row[]): Inside => ({ role, facts: rows.map((r) => [r.name, r.value]), tables: rows.filter((r) => r.rows && r.rows.length > 0).map((r) => table(r.name, ['', ''], (r.rows ?? []).map((x) => [x.name, x.value]))) });

const DECIDED = new Set(['scheduler/scored', 'scheduler/unschedulable']);
let known: { readonly engine: Engine; readonly id: number; readonly decision: Table | undefined } | undefined;

/** The matrix of the last cycle before a row: the moment before it is replayed, with recording. */
function lastDecision(engine: Engine, row: number): Table | undefined {
  for (let r = Math.min(row, engine.trace.length) - 1; r >= 0; r--) {
    const event = engine.trace.event(r);
    if (event.type !== 'note' || !DECIDED.has(event.fact.says)) continue;
    if (known?.engine === engine && known.id === event.id) return known.decision;
    const world = worldAt(engine, engine.trace.deliveriesBefore(engine.trace.rowOf(event.causes[0])));
    const decision = explainCycle(world.actors.get(event.by)?.state as SchedulerState, event.fact.about?.replace(/^pods\//, '') ?? '');
    known = { engine, id: event.id, decision: decision && decisionTable(decision) };
    return known.decision;
  }
  return undefined;
}
