/** What one file in this folder says about a lesson: steps over a run, matched against its trace. Nothing in a lesson moves anything; it only says where to look. */
import type { Beat } from '../story/beats.ts';
import type { Picture } from '../story/picture.ts';

/** What the learner may do to the cluster in a step; the engine's command of the same shape. */
export type LessonAct = { readonly do: 'kubectl'; readonly args: readonly string[]; readonly stdin: string } | { readonly do: 'kill'; readonly what: string };

export interface Question {
  readonly ask: string;
  readonly options: (beats: readonly Beat[], from: number, picture: Picture) => readonly string[];
  /** Which option this very run proves right. */
  readonly answer: (beats: readonly Beat[], from: number, picture: Picture) => number;
  readonly because: string;
}

export interface Step {
  /** The fact that the step is about; the first beat of that name after the step before. Without it the step only tells or asks. */
  readonly says?: string;
  /** More conditions on the beat's fact. */
  readonly where?: (beat: Beat) => boolean;
  readonly tell: string;
  readonly question?: Question;
  /** Done to the cluster, at the end of what has happened, before the beat is looked for. */
  readonly act?: (picture: Picture) => LessonAct | undefined;
}

export interface Lesson { readonly id: string; readonly title: string; readonly minutes: number; readonly manifest: string; readonly steps: readonly Step[] }

/** The beat that a step is about, at or after a row; −1 when the run has none, and the step is then told without moving. */
export function findBeat(beats: readonly Beat[], step: Step, row: number): number {
  if (step.says === undefined) return -1;
  return beats.findIndex((beat) => beat.from >= row - 1 && beat.fact.says === step.says && (step.where?.(beat) ?? true));
}

export const fixedQuestion = (ask: string, options: readonly string[], answer: number, because: string): Question => ({ ask, options: () => options, answer: () => answer, because });
