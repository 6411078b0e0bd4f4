/** What the benchmarks reach inside for; built by scripts/bench.mjs into dist/bench. */
export { boot, command, createEngine, settle, worldAt } from '../src/engine/engine.ts';
export { createWorld, NO_CAUSES } from '../src/kernel/world.ts';
export { spawnActor, step } from '../src/kernel/step.ts';
export { createTrace } from '../src/kernel/trace.ts';
export { openBook, pictureAt } from '../src/story/picture.ts';
export { beatsOf } from '../src/story/beats.ts';
export { sceneOf } from '../src/views/cluster.ts';
export { momentAt } from '../src/views/moment.ts';
export { slotsAt } from '../src/views/slots.ts';
export { readyPods } from './ready.ts';
