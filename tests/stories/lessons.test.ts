/** Every lesson, played without a page: each step that names a beat finds it, in order, and each question has an answer among its options. */
import { describe, expect, it } from 'vitest';
import { boot, createEngine, command, settle, advanceTo } from '../../src/engine/engine.ts';
import { findBeat } from '../../src/lessons/lesson.ts';
import { lessons } from '../../src/lessons/registry.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { openBook, pictureAt } from '../../src/story/picture.ts';

describe.each(lessons.map((l) => [l.title, l] as const))('lesson “%s”', (_title, lesson) => {
  it('finds what every step talks about, and answers every question', () => {
    const engine = createEngine({ topology: lesson.topology ?? {} });
    boot(engine);
    const bootRows = engine.trace.length;
    const eventsNow = () => Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    let row = bootRows;
    let since = bootRows;
    lesson.steps.forEach((step, i) => {
      const act = step.act?.(pictureAt(openBook(eventsNow()), engine.trace.length));
      if (act) { row = engine.trace.length; since = row; command(engine, act); settle(engine, engine.world.now + 90_000_000); }
      const events = eventsNow();
      const beats = beatsOf(events, bootRows);
      if (step.says) {
        const found = findBeat(beats, step, row, since);
        expect(found, `step ${i + 1} finds ${step.says}`).toBeGreaterThanOrEqual(0);
        row = beats[found].to;
      }
      if (step.question) {
        const picture = pictureAt(openBook(events), row);
        const options = step.question.options(beats, row, picture);
        expect(options.length).toBeGreaterThan(1);
        expect(options[step.question.answer(beats, row, picture)], `step ${i + 1}: ${step.question.ask}`).toBeDefined();
      }
    });
    advanceTo(engine, engine.world.now);
  });
});
