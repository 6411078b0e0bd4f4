/** What keys do, wherever the focus is. What they need is fetched while the cluster starts. */
import { useStore } from './store.ts';

let playback: typeof import('../transport/playback.ts') | undefined;
void import('../transport/playback.ts').then((loaded) => {
  playback = loaded;
});
let lessonRun: typeof import('../learn/lesson-run.ts') | undefined;

/** The lessons' panel, and from then on the keys that lead through a lesson. */
export async function loadLessons(): Promise<typeof import('../learn/Lessons.tsx')> {
  const [panel, run] = await Promise.all([import('../learn/Lessons.tsx'), import('../learn/lesson-run.ts')]);
  lessonRun = run;
  return panel;
}

/** Keys that presenter remotes send work too: PageDown and PageUp. In a select ← and → step as they do everywhere. */
export function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const isTyping =
    target.closest('textarea, input, select, [contenteditable]') !== null &&
    !(event.key.startsWith('Page') ? target.matches('input') : /Arrow(Left|Right)/.test(event.key) && target.matches('select'));
  if (!playback || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const { goToEnd, goToStart, stepBack, stepForward, stepHop, togglePlay } = playback;
  const { set, undo, wait, isBusy, beats, isPresenting, lesson, showsLegend, showsSequence, theme } = useStore.getState();
  const inLesson = lesson === undefined ? undefined : lessonRun;
  const actions: Readonly<Record<string, () => void>> = {
    ArrowRight: event.shiftKey ? stepHop : stepForward,
    PageDown: inLesson?.nextStep ?? stepForward,
    ArrowLeft: stepBack,
    PageUp: inLesson?.stepBefore ?? stepBack,
    Home: goToStart,
    End: goToEnd,
    ' ': togglePlay,
    n: () => inLesson?.nextStep(),
    u: () => {
      if (lesson === undefined) undo();
    },
    w: () => {
      if (!isBusy && beats.length > 0) wait();
    },
    p: () => set({ isPresenting: !isPresenting }),
    s: () => set({ showsSequence: !showsSequence }),
    '?': () => set({ showsLegend: !showsLegend }),
    t: () => set({ theme: theme === 'dark' ? 'light' : 'dark' }),
    Escape: () => set({ selected: undefined, why: undefined, showsLegend: false }),
  };
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action || (event.key === ' ' && target.closest('button'))) return;
  event.preventDefault();
  action();
}
