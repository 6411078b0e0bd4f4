/** The only owner of a World: runs it, takes commands, keeps the trace, and can go back. */
import { parseTime, rfc3339 } from '../api/machinery/time.ts';
import { powerOn, type PowerOn } from '../cluster/boot/power-on.ts';
import { planOf, type Topology } from '../cluster/boot/topology.ts';
import type { Fact } from '../kernel/fact.ts';
import type { Us } from '../kernel/message.ts';
import { step } from '../kernel/step.ts';
import { createTrace, type Recorder, type Trace } from '../kernel/trace.ts';
import { cloneWorld, createWorld, type Rules, type World } from '../kernel/world.ts';
import { execute } from './execute.ts';
import { ENGINE, EPOCH, type Command, type Session } from './session.ts';

interface Keyframe {
  readonly world: World;
  readonly commands: number;
}
export interface Engine {
  world: World;
  readonly trace: Trace;
  readonly record: Recorder;
  readonly power: PowerOn;
  /** `row`: the trace's length before the command. */
  readonly commands: { at: Us; row: number; command: Command }[];
  readonly keyframes: Keyframe[];
  readonly listeners: Set<(fact: Fact) => void>;
  sinceKeyframe: number;
  readonly topology: Topology;
}

const KEYFRAME_EVERY = 3_500;

export interface EngineOptions {
  readonly seed?: number;
  readonly topology?: Topology;
  readonly epoch?: string;
}

/** `rules`: the roles that there are; one may be added until an actor plays it. */
export function engineWith(rules: Rules, options: EngineOptions): Engine {
  const seed = options.seed ?? 7;
  const topology = options.topology ?? {};
  const power: PowerOn = { plan: planOf(topology), seed, epochMs: parseTime(options.epoch ?? EPOCH) };
  const trace = createTrace();
  const listeners = new Set<(fact: Fact) => void>();
  const record: Recorder = {
    ...trace,
    note(id, at, by, cause, fact) {
      trace.note(id, at, by, cause, fact);
      for (const listen of listeners) listen(fact);
    },
  };
  const world = createWorld(rules, seed);
  powerOn(world, power, record);
  return {
    world,
    trace,
    record,
    power,
    commands: [],
    keyframes: [{ world: cloneWorld(world), commands: 0 }],
    listeners,
    sinceKeyframe: 0,
    topology,
  };
}

/** One delivery; false when none is due at or before `until`. Takes a keyframe when enough happened since the last. */
export function stepEngine(engine: Engine, until?: Us): boolean {
  const moved = step(engine.world, engine.record, until);
  if (moved && ++engine.sinceKeyframe >= Math.max(KEYFRAME_EVERY, engine.world.actors.size * 2, engine.trace.length / 28))
    takeKeyframe(engine);
  return moved;
}

function takeKeyframe(engine: Engine): void {
  engine.sinceKeyframe = 0;
  engine.keyframes.push({ world: cloneWorld(engine.world), commands: engine.commands.length });
}

/** Lets time pass until `until`. */
export function advanceTo(engine: Engine, until: Us): void {
  while (stepEngine(engine, until)) {
    /* deliver */
  }
  if (engine.world.now < until) {
    engine.world.now = until;
    engine.world.atThisInstant = 0;
  }
}

/** Runs until no foreground message is pending, or until `limit`. */
export function settle(engine: Engine, limit: Us): boolean {
  while (engine.world.foreground > 0)
    if (!stepEngine(engine, limit)) {
      engine.world.now = limit;
      return false;
    }
  return true;
}

/** Gives a command at the head; returns its number. */
export function command(engine: Engine, what: Command): number {
  advanceTo(engine, engine.world.now);
  const n = engine.commands.length + 1;
  const row = engine.trace.length;
  execute(engine.world, engine.power, what, n, engine.record);
  engine.commands.push({ at: engine.world.now, row, command: what });
  return n;
}

/** The world after a number of deliveries, replayed from the nearest keyframe. */
export function worldAt(engine: Engine, delivered: number): World {
  let keyframe = engine.keyframes[0];
  for (const k of engine.keyframes) if (k.world.delivered <= delivered) keyframe = k;
  const world = cloneWorld(keyframe.world);
  replayCommands(world, engine, keyframe.commands, delivered);
  return world;
}

/** Runs a world on, giving the commands from `from` on at their times, to a count of deliveries. */
function replayCommands(world: World, engine: Engine, from: number, delivered: number): void {
  let next = from;
  for (;;) {
    const due = engine.commands[next];
    while (world.delivered < delivered && step(world, undefined, due?.at)) {
      /* replay */
    }
    if (world.delivered >= delivered || !due) return;
    world.now = Math.max(world.now, due.at);
    execute(world, engine.power, due.command, ++next);
  }
}

/** Forgets everything after a number of deliveries: the past becomes the head of a new branch. */
export function forkAt(engine: Engine, delivered: number, row: number): void {
  const world = worldAt(engine, delivered);
  engine.world = world;
  engine.trace.truncate(row);
  while (engine.commands.length > 0 && engine.commands[engine.commands.length - 1].row >= row) engine.commands.pop();
  while (engine.keyframes.length > 1 && engine.keyframes[engine.keyframes.length - 1].world.delivered > delivered) engine.keyframes.pop();
  engine.sinceKeyframe = 0;
}

/** The boot is over when every machine is Ready and the add-ons run. */
const BOOT_US = 240_000_000;

/** Runs from power-on until the cluster is up. */
export function boot(engine: Engine): void {
  settle(engine, BOOT_US);
}

/** Gives a session's commands at their times, and runs to where it had come. */
export function replayInto(engine: Engine, session: Session): void {
  for (const { at, command: what } of session.commands) {
    advanceTo(engine, at);
    command(engine, what);
    settle(engine, at);
  }
  runToHead(engine, session.head);
}

function runToHead(engine: Engine, head: Session['head']): void {
  const isShort = ({ delivered, taken }: NonNullable<Session['head']>): boolean =>
    taken === undefined ? engine.world.delivered < delivered : engine.world.taken < taken;
  while (head && isShort(head) && stepEngine(engine, head.at)) {
    /* deliver */
  }
  if (head && engine.world.now < head.at) {
    engine.world.now = head.at;
    engine.world.atThisInstant = 0;
  }
}

export function sessionOf(engine: Engine): Session {
  return {
    engine: ENGINE,
    seed: engine.world.seed,
    epoch: rfc3339(engine.power.epochMs),
    topology: engine.topology,
    commands: engine.commands.map(({ at, command: c }) => ({ at, command: c })),
    head: { at: engine.world.now, delivered: engine.world.delivered, taken: engine.world.taken },
  };
}
