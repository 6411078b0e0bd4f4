/** Lays actors open at a row of the trace: their real states, replayed, as tables. */
import type { World } from '../kernel/world.ts';
import { freshened, type Inside, type Table } from '../story/inside.ts';
import { worldAt, type Engine } from './core.ts';
import { decisionOf, isDecision } from './explain.ts';
import { decisionTable } from './inside/kube-scheduler.ts';
import { insides } from './inside/registry.ts';

export interface Looked {
  readonly [address: string]: Inside;
}

/** `since`: the row that changes are counted from. Who does not run is left out. */
export function look(
  engine: Engine,
  { row, since, addresses }: { readonly row: number; readonly since: number; readonly addresses: readonly string[] },
): Looked {
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

/** What was worked out about the past of a head: going back gives the engine another head, and a past of its own. Nobody changes these worlds. */
interface Kept {
  /** Worlds that were looked at last, by deliveries: the next beat begins where this one ended. */
  readonly worlds: Map<number, World>;
  decision?: { readonly id: number; readonly table: Table | undefined };
}
const kept = new WeakMap<World, Kept>();
const MOST_KEPT = 4;

function keptOf({ world }: Engine): Kept {
  let known = kept.get(world);
  if (!known) {
    known = { worlds: new Map() };
    kept.set(world, known);
  }
  return known;
}

function keptWorld(engine: Engine, row: number): World {
  if (row >= engine.trace.length) return engine.world;
  const { worlds } = keptOf(engine);
  const delivered = engine.trace.deliveriesBefore(row);
  const world = worlds.get(delivered) ?? worldAt(engine, delivered);
  worlds.delete(delivered);
  worlds.set(delivered, world);
  for (const oldest of worlds.keys()) {
    if (worlds.size <= MOST_KEPT) break;
    worlds.delete(oldest);
  }
  return world;
}

/** Undefined when nothing runs there. */
export function insideOf(world: World, address: string): Inside | undefined {
  const actor = world.actors.get(address);
  return actor && { role: actor.role, ...(insides.get(actor.role)?.look(actor.state, world.now) ?? { facts: [], tables: [] }) };
}

/** The matrix of the last cycle before a row: the moment before it is replayed, with recording. */
function lastDecision(engine: Engine, row: number): Table | undefined {
  for (let r = Math.min(row, engine.trace.length) - 1; r >= 0; r--) {
    const event = engine.trace.event(r);
    if (!isDecision(event)) continue;
    const known = keptOf(engine);
    if (known.decision?.id !== event.id) {
      const decision = decisionOf(engine, event);
      known.decision = { id: event.id, table: decision && decisionTable(decision) };
    }
    return known.decision.table;
  }
  return undefined;
}
