/** What one file in this folder says about a lesson: steps over a run, matched against its trace. Nothing in a lesson moves anything; it only says where to look. */
import type { Beat } from '../story/beats.ts';
import type { Picture } from '../story/picture.ts';

/** What the learner may do to the cluster in a step; the engine's command of the same shape. */
export type LessonAct =
  | { readonly do: 'kubectl'; readonly args: readonly string[]; readonly stdin: string }
  | { readonly do: 'kill'; readonly what: string }
  | { readonly do: 'connect'; readonly connect: { readonly from: string; readonly to: string; readonly sourcePort?: number } };

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
  /** Where it is to be seen, when not in the whole cluster: a machine, which is then shown cut open. */
  readonly at?: (picture: Picture) => string | undefined;
  /** Done to the cluster, at the end of what has happened, before the beat is looked for. */
  readonly act?: (picture: Picture) => LessonAct | undefined;
}

/** What a lesson says of its cluster; the engine's Topology has more. */
export interface LessonTopology {
  readonly serviceCIDR?: string;
  readonly podCIDR?: string;
  readonly workers?: number | readonly { readonly name?: string; readonly podCIDR?: string; readonly podGateway?: string }[];
}

export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** What somebody knows afterwards, in a line. */
  readonly about: string;
  readonly minutes: number;
  readonly manifest: string;
  /** The machines that it needs, when not the usual ones. */
  readonly topology?: LessonTopology;
  readonly steps: readonly Step[];
}

/** The beat that a step is about: the first that ends after `row`, since a lesson never goes back in time. −1 when the run has none, or has had it; the step is then told without moving. */
export function findBeat(beats: readonly Beat[], step: Step, row: number): number {
  return step.says === undefined
    ? -1
    : beats.findIndex((beat) => beat.to > row && beat.fact.says === step.says && (step.where?.(beat) ?? true));
}

export const fixedQuestion = (ask: string, options: readonly string[], answer: number, because: string): Question => ({
  ask,
  options: () => options,
  answer: () => answer,
  because,
});
