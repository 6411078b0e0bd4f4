/** Lets a world run. */
import { step } from './step.ts';
import type { Recorder } from './trace.ts';
import type { World } from './world.ts';

/** Runs to a count of deliveries. */
export function runTo(world: World, delivered: number, record?: Recorder): void {
  while (world.delivered < delivered && step(world, record)) {
    /* replay */
  }
}
