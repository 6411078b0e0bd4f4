/** Ways to let a world run. */
import type { Us } from './message.ts';
import { step } from './step.ts';
import type { Recorder } from './trace.ts';
import type { World } from './world.ts';

/** Delivers everything due at or before `until` and sets the clock there. */
export function runUntil(world: World, until: Us, record?: Recorder): void {
  while (step(world, record, until)) { /* one delivery at a time */ }
  if (world.now < until) { world.now = until; world.atThisInstant = 0; }
}

/** Runs until no foreground message is pending or `limit` is passed; says whether it settled. */
export function runSettled(world: World, limit: Us, record?: Recorder): boolean {
  while (world.foreground > 0) if (!step(world, record, limit)) { world.now = limit; return false; }
  return true;
}

/** Runs to a count of deliveries. */
export function runTo(world: World, delivered: number, record?: Recorder): void {
  while (world.delivered < delivered && step(world, record)) { /* replay */ }
}
