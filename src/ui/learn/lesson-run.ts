/** A lesson that runs: where it is, what was shown at each step, and how it goes on and back. It outlives the panel that shows it, so that it can be presented. */
import { create } from 'zustand';
import { findBeat, type Lesson } from '../../lessons/lesson.ts';
import { lessons } from '../../lessons/registry.ts';
import { pictureAt } from '../../story/picture.ts';
import { keepLesson, keptLesson } from '../app/keep.ts';
import { openWorker, useStore } from '../app/store.ts';
import type { Session } from '../../engine/session.ts';
import { activeDraft, openDraft, selectDraft } from '../editor/drafts.ts';
import { jumpTo, useZoom } from '../stage/zoom.ts';
import { goTo, playTo } from '../transport/playback.ts';

/** The rows that a step showed. */
interface Shown {
  readonly from: number;
  readonly to: number;
}
export interface Progress {
  readonly lesson: Lesson;
  readonly at: number;
  readonly chosen: number | undefined;
  /** Set while a command's consequences are awaited. */
  readonly isActing: boolean;
  readonly row: number;
  readonly shown: readonly Shown[];
}

/** What the first lesson put aside: the user's own run, the place in it, and the file that was open. */
interface Aside {
  readonly session: Session;
  readonly row: number;
  readonly draft: string;
}
export const useLesson = create<{
  readonly progress: Progress | undefined;
  readonly aside: Aside | undefined;
  /** Titles of the lessons that were taken to their end. */
  readonly seen: ReadonlySet<string>;
}>()(() => ({ progress: undefined, aside: undefined, seen: new Set() }));
function put(progress: Progress | undefined): void {
  useLesson.setState({ progress });
  useStore.setState({ lesson: progress?.lesson.title });
  if (!progress) lookAt('');
}

/** Where the lesson has led; who looks elsewhere meanwhile is left there until it leads on. */
let led = '';
function lookAt(at: string): void {
  if (at !== led) jumpTo(at);
  led = at;
}
export const leaveLesson = (): void => put(undefined);

/** Starts on a fresh cluster, so that a lesson never gets stuck on what was there before; the user's own can be had back. */
export function startLesson(lesson: Lesson): void {
  const { session, row } = useStore.getState();
  if (isOwn && session && session.commands.length > 0) useLesson.setState({ aside: { session, row, draft: activeDraft().id } });
  openWorker(undefined, lesson.topology);
  isOwn = false;
  openDraft(`${lesson.id}.yaml`, lesson.manifest);
  put({ lesson, at: -1, chosen: undefined, isActing: false, row: 0, shown: [] });
}

/** Whether the cluster is the user's own, and no lesson's. */
let isOwn = true;

/** What outlives a reload: a lesson is kept by its name. */
interface KeptLesson {
  readonly progress?: Omit<Progress, 'lesson'> & { readonly lesson: string };
  readonly aside?: Aside;
  readonly seen: readonly string[];
  readonly isOwn: boolean;
}
function kept(): KeptLesson {
  const { progress, aside, seen } = useLesson.getState();
  return {
    ...(progress ? { progress: { ...progress, lesson: progress.lesson.id } } : {}),
    ...(aside ? { aside } : {}),
    seen: [...seen],
    isOwn,
  };
}

function takeUpLesson({ progress, aside, seen, isOwn: wasOwn }: KeptLesson): void {
  const lesson = lessons.find(({ id, title }) => id === progress?.lesson && title === useStore.getState().lesson);
  isOwn = wasOwn;
  if (lesson) led = useZoom.getState().at;
  useLesson.setState({ aside, seen: new Set(seen), progress: progress && lesson && { ...progress, lesson } });
}

/** Runs again what was put aside, to where it was. */
export function takeUp({ session, row, draft }: Aside): void {
  useLesson.setState({ aside: undefined });
  openWorker(session, {}, row);
  selectDraft(draft);
}

export const choose = (chosen: number): void => {
  const p = useLesson.getState().progress;
  if (p) put({ ...p, chosen });
};
const isAwaited = (): boolean => useStore.getState().isBusy || useStore.getState().status !== 'ready';

export function nextStep(): void {
  const p = useLesson.getState().progress;
  if (p && !p.isActing && !isAwaited()) quietly(() => take(p, p.at + 1));
}

/** Back to what the step before has shown; nothing is done again. */
export function stepBefore(): void {
  const p = useLesson.getState().progress;
  if (!p || p.isActing || p.at <= 0) return;
  put({ ...p, at: p.at - 1, chosen: undefined });
  again(p, p.at - 1);
}

/** `to`: the row that the step ends at. */
function lead({ steps }: Lesson, at: number, to: number): void {
  lookAt(steps[at].at?.(pictureAt(useStore.getState().book, to)) ?? '');
}

function again({ lesson, shown }: Progress, at: number): void {
  const { from, to } = shown[at];
  lead(lesson, at, to);
  if (from < to) playTo(from, to);
  else goTo(to);
}

/** Takes the step at an index: shows again what it showed, does what it does, or looks for its beat. */
function take(p: Progress, at: number): void {
  const next = p.lesson.steps[at];
  if (!next) {
    useLesson.setState(({ seen }) => ({ seen: new Set(seen).add(p.lesson.title) }));
    put(undefined);
    return;
  }
  const before = p.shown[at];
  if (before) {
    put({ ...p, at, chosen: undefined, row: before.from });
    again(p, at);
    return;
  }
  const { events, book, row, act } = useStore.getState();
  const command = next.act?.(pictureAt(book, events.length));
  if (!command) {
    show({ ...p, at, chosen: undefined, isActing: false, row });
    return;
  }
  goTo(events.length);
  put({ ...p, at, chosen: undefined, isActing: true, row: events.length });
  act(command);
}

function show(p: Progress): void {
  const { beats } = useStore.getState();
  const found = findBeat(beats, p.lesson.steps[p.at], p.row);
  const { from, to } = found >= 0 ? beats[found] : { from: p.row, to: p.row };
  put({ ...p, isActing: false, shown: [...p.shown.slice(0, p.at), { from, to }] });
  lead(p.lesson, p.at, to);
  if (found >= 0) playTo(from, to);
  else if (p.isActing) goTo(p.row);
}

/** What is done here changes the store, too; only the worker's answers are waited for. */
let isMoving = false;
function quietly(move: () => void): void {
  if (isMoving) return;
  isMoving = true;
  try {
    move();
  } finally {
    isMoving = false;
  }
}

function goOn(): void {
  const p = useLesson.getState().progress;
  if (!p || isAwaited()) return;
  if (p.at < 0) take(p, 0);
  else if (p.isActing) {
    useStore.setState({ isPlaying: false });
    show(p);
  }
}

/** Goes on when the worker has answered. A cluster that is opened is the user's, until a lesson says that it is its own. */
useStore.subscribe((now, before) => {
  if (now.status === 'booting' && before.status !== 'booting') isOwn = true;
  quietly(goOn);
});

const fromBefore = keptLesson() as KeptLesson | undefined;
if (fromBefore) takeUpLesson(fromBefore);
keepLesson(kept);
