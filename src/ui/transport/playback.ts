/** Moves the cursor over the trace: screen time on one side, rows on the other. The simulation never learns of it. */
import { beatAt } from '../../story/beats.ts';
import { applyDraft } from '../editor/apply.ts';
import { isDue } from '../../story/due.ts';
import { pictureAt } from '../../story/picture.ts';
import { useStore, type Moving, type Store } from '../app/store.ts';

/** What is moving now; read by the canvas each frame, never by React. */
export const moving: { current: Moving | undefined } = { current: undefined };
let target: number | undefined;
let handle = 0;
let last = 0;

const BEAT_MS = 2400;
const LEAST_MS = 140;
const MOST_MS = 700;
/** However many messages a beat has, it is over in time. */
const LONGEST_MS = 7000;
const PAUSE_MS = 900;
const isStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The end of the beat after a row. */
function nextEnd(row: number): number {
  const { beats, events } = useStore.getState();
  return beats[beatAt(beats, row)]?.to ?? events.length;
}

function stopAfter(row: number): number {
  const { stops } = useStore.getState();
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function jump(row: number): void {
  moving.current = undefined;
  useStore.setState({ row });
}

const hopMs = (count: number): number => Math.min(MOST_MS, Math.max(Math.min(LEAST_MS, LONGEST_MS / count), BEAT_MS / count));
const hopsIn = (from: number, to: number): number => Math.max(1, stopAfter(to) - stopAfter(from));

/** How long a beat is shown at pace 1, ms. */
export function playedMs({ from, to }: { readonly from: number; readonly to: number }): number {
  const count = hopsIn(from, to);
  return count * hopMs(count);
}

/** The time that a hop takes on the screen, ms: its beat's hops share the beat's time alike. */
function durationOf(row: number): number {
  const { beats, events, speed } = useStore.getState();
  const beat = beats[beatAt(beats, row)];
  return hopMs(beat ? hopsIn(beat.from, beat.to) : hopsIn(row, events.length)) / speed;
}

function tick(now: number): void {
  handle = 0;
  const { row, stops, isPlaying, events } = useStore.getState();
  const goal = target ?? (isPlaying ? nextEnd(row) : undefined);
  if (goal === undefined || row >= events.length) {
    moving.current = undefined;
    if (isPlaying) useStore.setState({ isPlaying: false });
    target = undefined;
    return;
  }
  const [at, progress] = isStill() ? [undefined, 0] : travelled(row, goal, now - last);
  last = now;
  if (at === undefined) {
    const shownFor = isStill() ? playedMs({ from: row, to: goal }) / useStore.getState().speed : 0;
    jump(goal);
    target = undefined;
    if (isPlaying && goal < events.length) rest(shownFor);
    else if (isPlaying) useStore.setState({ isPlaying: false });
    return;
  }
  moving.current = { row: at, progress };
  const reached = stops[stopAfter(at) - 1];
  if (reached !== undefined && reached >= row) useStore.setState({ row: reached + 1 });
  request();
}

/** Where the cursor comes to from a row within so many ms: the hop that is under way and how far it is; undefined at the goal. */
function travelled(row: number, goal: number, ms: number): readonly [at: number | undefined, progress: number] {
  const { stops } = useStore.getState();
  let i = stopAfter(row);
  let begun = moving.current !== undefined && moving.current.row === stops[i] ? moving.current.progress : 0;
  for (let left = moving.current ? ms : 0; ; i++) {
    const stop = stops[i];
    if (stop === undefined || stop >= goal) return [undefined, 0];
    const rest = (1 - begun) * durationOf(stop);
    if (left < rest) return [stop, begun + left / durationOf(stop)];
    left -= rest;
    begun = 0;
  }
}

/** A pause between beats, to read. */
function rest(shownFor: number): void {
  const { speed } = useStore.getState();
  window.setTimeout(
    () => {
      last = performance.now();
      request();
    },
    shownFor + PAUSE_MS / speed,
  );
}

function request(): void {
  if (handle === 0) handle = requestAnimationFrame(tick);
}
function run(): void {
  last = performance.now();
  request();
}

/** Without a story yet, going forward applies the manifest: who presents sees no editor. Who watches heartbeats need not begin one. */
const begins = (then: 'play' | 'step'): boolean =>
  useStore.getState().beats.length === 0 && !useStore.getState().showsChatter && applyDraft(then);

/** Whether, at the end of the story, going forward lets time pass until something happens. A lesson passes its own time. */
export const isAwaited = ({ row, events, book, beats, lesson }: Store): boolean =>
  row >= events.length && beats.length > 0 && lesson === undefined && isDue(pictureAt(book, row), beats);

/** What going forward does where nothing is left to show; whether nothing is. */
function endsHere(): boolean {
  const now = useStore.getState();
  if (isAwaited(now) && !now.isBusy && now.status === 'ready') now.wait();
  return now.row >= now.events.length;
}

export function stepForward(): void {
  const { row, isByHop } = useStore.getState();
  if (begins('step') || endsHere()) return;
  if (isByHop && target === undefined) {
    stepHop();
    return;
  }
  if (target !== undefined) {
    const end = target;
    target = undefined;
    jump(end);
    return;
  }
  useStore.setState({ isPlaying: false });
  target = nextEnd(row);
  run();
}

export function stepBack(): void {
  const { row, beats, bootRows } = useStore.getState();
  target = undefined;
  useStore.setState({ isPlaying: false });
  const now = beatAt(beats, row) - 1;
  jump(now <= 0 ? bootRows : row > beats[now].to ? beats[now].to : (beats[now - 1]?.to ?? bootRows));
}

export function stepHop(): void {
  const { row, stops } = useStore.getState();
  const stop = stops[stopAfter(row)];
  target = undefined;
  useStore.setState({ isPlaying: false });
  if (stop !== undefined) {
    target = stop + 1;
    run();
  } else jump(useStore.getState().events.length);
}

export function togglePlay(): void {
  const { isPlaying } = useStore.getState();
  if (begins('play') || endsHere()) return;
  useStore.setState({ isPlaying: !isPlaying });
  target = undefined;
  if (!isPlaying) run();
}

export function goTo(row: number): void {
  target = undefined;
  useStore.setState({ isPlaying: false });
  jump(row);
}
/** Shows one stretch of the trace, from its beginning. */
export function playTo(from: number, to: number): void {
  goTo(from);
  target = to;
  run();
}

export const goToStart = (): void => goTo(useStore.getState().bootRows);
export function goToEnd(): void {
  goTo(useStore.getState().events.length);
}

/** Plays, or takes a step, as soon as a batch asks for it. */
useStore.subscribe((state, before) => {
  if (state.isPlaying && !before.isPlaying) run();
  if (state.steps > before.steps) stepForward();
});
