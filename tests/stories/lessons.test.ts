/** Every lesson, played without a page: each step that names a beat finds it, always further on; each question has an answer among its options; what is said of the cluster is so at that row. */
import { describe, expect, it } from 'vitest';
import type { V1Pod, V1ReplicaSet } from '../../src/api/schema/kubernetes.ts';
import { boot, createEngine, command, settle } from '../../src/engine/engine.ts';
import type { TraceEvent } from '../../src/kernel/trace.ts';
import { findBeat, type Lesson, type Step } from '../../src/lessons/lesson.ts';
import { lessons } from '../../src/lessons/registry.ts';
import { beatsOf, type Beat } from '../../src/story/beats.ts';
import { isReady, objectsOf, openBook, pictureAt, type Picture } from '../../src/story/picture.ts';

/** The seed of every lesson on the page. */
const PAGE_SEED = 7;
interface Told {
  readonly step: Step;
  readonly row: number;
  readonly before: number;
  readonly found: number;
  readonly beats: readonly Beat[];
  readonly events: readonly TraceEvent[];
  readonly picture: Picture;
}

function play(lesson: Lesson, seed: number): readonly Told[] {
  const engine = createEngine({ seed, topology: lesson.topology ?? {} });
  boot(engine);
  const bootRows = engine.trace.length;
  const eventsNow = () => Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
  let row = bootRows;
  return lesson.steps.map((step) => {
    const act = step.act?.(pictureAt(openBook(eventsNow()), engine.trace.length));
    if (act) {
      row = engine.trace.length;
      command(engine, act);
      settle(engine, engine.world.now + 90_000_000);
    }
    const before = row;
    const events = eventsNow();
    const beats = beatsOf(events, bootRows, engine.commands);
    const found = findBeat(beats, step, row);
    if (found >= 0) row = beats[found].to;
    return { step, row, before, found, beats, events, picture: pictureAt(openBook(events), row) };
  });
}

const pods = (picture: Picture): readonly V1Pod[] => objectsOf<V1Pod>(picture, 'pods').filter((p) => p.metadata?.namespace === 'default');
const bound = (picture: Picture): readonly string[] => pods(picture).flatMap((p) => p.spec?.nodeName ?? []);
const saidOf = ({ events, beats, row }: Told, says: string): number =>
  events.slice(beats[0].from, row).filter((e) => e.type === 'note' && e.fact.says === says).length;
const fact = ({ beats, found }: Told): string => JSON.stringify(beats[found]?.fact.with);
/** What is said of the cluster, and whether it is so then. */
const CLAIMS: readonly (readonly [RegExp, (told: Told) => boolean])[] = [
  [/nothing to list/, ({ picture }) => pods(picture).every((p) => !p.status?.podIP)],
  [/The first pod is bound/, ({ picture }) => bound(picture).length >= 1],
  [/the third pod/, (t) => bound(t.picture).length < 3 && saidOf(t, 'scheduler/scored') === 2],
  [/while the scheduler is still busy/, ({ picture }) => bound(picture).length < pods(picture).length],
  [/Only now is your command over/, (t) => saidOf(t, 'kubectl/exited') === 1],
  [/nothing to list/, (t) => t.beats[t.found]?.fact.with?.total === 0],
  [/before any pod can answer/, (t) => fact(t).includes('"now":0')],
  [/it is the control plane: its taint/, (t) => fact(t).includes('taint') && Number(t.beats[t.found].fact.with?.feasible) === 3],
  [/the workers are alike/, (t) => (t.beats[t.found].fact.with?.tie as readonly string[]).length === 3],
  [
    /nearly all of the time between/,
    (t) => (Number(t.beats[t.found].fact.with?.seconds) * 1e6) / (t.beats[t.found].at - t.beats[0].at) > 0.9,
  ],
  [/A few milliseconds/, (t) => t.beats[t.found].at - (t.beats.find((b) => b.fact.says === 'packet/sent')?.at ?? 0) < 5000],
  [/before anything else happens/, (t) => saidOf(t, 'containerd/pause-started') >= 1 && pods(t.picture).length > 0],
  [/no readiness probe has been answered/, ({ picture }) => pods(picture).every((p) => !isReady(p))],
  [/The containers run;/, (t) => saidOf(t, 'containerd/pause-started') > 0 && pods(t.picture).length === 3],
  [/From now on a call to the Service is answered/, (t) => fact(t).includes('"was":0')],
  [/Three pods on three machines/, ({ picture }) => bound(picture).length === 3 && new Set(bound(picture)).size === 3],
  [
    /The way back up/,
    ({ picture }) =>
      objectsOf<V1ReplicaSet>(picture, 'replicasets')
        .filter((o) => o.metadata?.name?.startsWith('web'))
        .map((o) => `${o.status?.readyReplicas} of ${o.spec?.replicas}`)
        .join() === '3 of 3',
  ],
  [/only heartbeats remain/, ({ beats, row }) => beats.every((b) => b.to <= row)],
  [
    /10\.163\.0\.2 is on the first machine, 10\.165\.0\.1 on the second/,
    (t) =>
      t.beats[t.found]?.fact.with?.total === 2 &&
      pods(t.picture)
        .map((p) => p.status?.podIP)
        .sort()
        .join() === '10.163.0.2,10.165.0.1',
  ],
  [/the server knows who really calls/, (t) => fact(t).includes('"dst":"10.165.0.1:8080"')],
  [/10\.165\.0\.1 is on another machine/, (t) => fact(t).includes('"to":"worker-2"')],
  [/leaves every machine/, (t) => t.beats[t.found].done.length === 3],
  [/same pod, same machine, same address/, ({ picture }) => pods(picture).length === 1 && pods(picture)[0].status?.podIP === '10.200.3.2'],
  [/new sandbox, a new address/, (t) => !fact(t).includes(pods(t.picture)[0].status?.podIP ?? '?')],
  [/A second death so soon/, (t) => t.beats[t.found]?.fact.with?.delay === '10s'],
];
/** Numbers that are rules of Kubernetes or what was asked for, whatever the run does. */
const GENERAL =
  /when that works, two|A Deployment of (two|three)|One pod with two|gets? (404|200)|200 connections|10\.254\.1\.1|port 80 goes to 8080|two endpoints/;

const RUN = 4;
/** The runs of words that both have. */
function repeated(a: string, b: string): readonly string[] {
  const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\d.:/-]+/gu) ?? [];
  const other = ` ${words(b).join(' ')} `;
  return words(a)
    .map((_, i, all) => all.slice(i, i + RUN))
    .filter((run) => run.length === RUN && other.includes(` ${run.join(' ')} `))
    .map((run) => run.join(' '));
}

describe.each(lessons.map((l) => [l.title, l] as const))('lesson “%s”', (_title, lesson) => {
  it('finds what every step talks about, and answers every question', () => {
    for (const { step, found, beats, row, picture } of play(lesson, PAGE_SEED)) {
      if (step.says) expect(found, `“${step.tell}” finds ${step.says}`).toBeGreaterThanOrEqual(0);
      if (!step.question) continue;
      const options = step.question.options(beats, row, picture);
      expect(options.length).toBeGreaterThan(1);
      expect(options[step.question.answer(beats, row, picture)], step.question.ask).toBeDefined();
    }
  });
  it.each([PAGE_SEED, 1, 2, 3, 4, 5, 6])('never goes back in time (seed %i)', (seed) => {
    let last = 0;
    for (const { step, found, beats, row, before } of play(lesson, seed)) {
      expect(row, step.tell).toBeGreaterThanOrEqual(last);
      if (found >= 0) expect(beats[found].to, step.tell).toBeGreaterThan(before);
      last = row;
    }
  });
  it('says what the caption beside it does not', () => {
    for (const { step, found, beats } of play(lesson, PAGE_SEED))
      if (found >= 0) expect(repeated(step.tell, `${beats[found].title} ${beats[found].why}`), step.tell).toEqual([]);
  });
  it('names what it speaks of: whom “it” means need not be looked up in the caption', () => {
    for (const { tell } of lesson.steps) expect(tell).not.toMatch(/^(It|Its|They|Their|What it|Nobody else)\b/);
  });
  it('says only what is so by then, and no number that nobody has checked', () => {
    for (const told of play(lesson, PAGE_SEED)) {
      const { tell } = told.step;
      const claims = CLAIMS.filter(([words]) => words.test(tell));
      for (const [words, isSo] of claims) expect(isSo(told), `${String(words)} in “${tell}”`).toBe(true);
      if (claims.length === 0) expect(/\b(two|three|four|\d+)\b/i.test(tell) && !GENERAL.test(tell), `a number in “${tell}”`).toBe(false);
    }
  });
});

it('asks who gets a pod only where that can be known, or takes “nobody can know”', () => {
  const lesson = lessons.find((l) => l.id === 'yaml-to-pod');
  const question = lesson?.steps.find((s) => s.question?.ask.startsWith('Which machine'))?.question;
  const scored = (machine: string, tie: readonly string[]) =>
    ({ fact: { says: 'scheduler/scored', with: { machine, tie } } }) as unknown as Beat;
  const minion = (name: string) => [`/registry/minions/${name}`, { metadata: { name } }] as const;
  const picture = {
    objects: new Map(['cp-1', 'worker-1', 'worker-2'].map(minion)),
    actors: new Map(),
    at: 0,
    revision: 0,
  } as unknown as Picture;
  const answer = (tie: readonly string[]): string | undefined => {
    const beats = [scored('worker-1', []), scored('worker-1', []), scored('worker-2', tie)];
    return question?.options(beats, 0, picture)[question.answer(beats, 0, picture)];
  };
  expect(answer([])).toBe('worker-2');
  expect(answer(['worker-1', 'worker-2'])).toBe('nobody can know');
});
