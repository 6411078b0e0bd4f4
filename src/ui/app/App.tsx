/** The page: transport above, tools at the left, the stage, the inspector at the right, caption and timeline below. */
import { lazy, Suspense, useEffect, useLayoutEffect, useState, type CSSProperties, type ReactElement } from 'react';
import { Editor } from '../editor/Editor.tsx';
import { useWidth } from './splitter.ts';
import { useUiScale } from './ui-scale.ts';
import { openWorker, useFields, useStore } from './store.ts';
import css from './app.module.css';

/** The first paint is the frame and the user's text; the rest is fetched while the worker starts the cluster. */
const Caption = lazy(() => import('../transport/Caption.tsx').then((m) => ({ default: m.Caption })));
const Transport = lazy(() => import('../transport/Transport.tsx').then((m) => ({ default: m.Transport })));
const Timeline = lazy(() => import('../transport/Timeline.tsx').then((m) => ({ default: m.Timeline })));
const Scoreboard = lazy(() => import('../stage/Scoreboard.tsx').then((m) => ({ default: m.Scoreboard })));
let playback: typeof import('../transport/playback.ts') | undefined;
void import('../transport/playback.ts').then((loaded) => {
  playback = loaded;
});
const loadStage = () => import('../stage/Stage.tsx');
const Stage = lazy(loadStage);
const Sequence = lazy(() => import('../transport/Sequence.tsx'));
let lessonRun: typeof import('../learn/lesson-run.ts') | undefined;
const loadLessons = async () => {
  const [panel, run] = await Promise.all([import('../learn/Lessons.tsx'), import('../learn/lesson-run.ts')]);
  lessonRun = run;
  return panel;
};
const Lessons = lazy(loadLessons);
const Terminal = lazy(() => import('../terminal/Terminal.tsx').then((m) => ({ default: m.Terminal })));
const loadInspector = () => import('../inspector/Inspector.tsx');
const Inspector = lazy(() => loadInspector().then((m) => ({ default: m.Inspector })));
/** When nothing else is left to do. */
const AHEAD_MS = 2000;
const fetchAhead = (): void => {
  void import('./Presence.tsx');
  void loadInspector().then((m) => m.fetchAhead());
};
const Legend = lazy(() => import('./Legend.tsx').then((m) => ({ default: m.Legend })));
const Presence = lazy(() => import('./Presence.tsx'));
const TAB_NAMES = { manifest: 'Manifest', kubectl: 'kubectl', lessons: 'Lessons' } as const;

/** Keys that presenter remotes send work too: PageDown and PageUp. In a select ← and → step as they do everywhere. */
function onKey(event: KeyboardEvent): void {
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

/** A button that was clicked with the mouse gives the keys back: Space plays, it does not press the button again. */
function onClick({ detail, target }: React.MouseEvent): void {
  if (detail > 0) (target as HTMLElement).closest('button')?.blur();
}

/** Who opens kubectl goes on typing: into its prompt, or into what stands in for it while it is fetched. */
function openTab(tab: keyof typeof TAB_NAMES): void {
  useStore.setState({ tab });
  if (tab === 'kubectl') queueMicrotask(() => document.getElementById('prompt')?.focus());
}

/** What opens beside the stage. Nothing is fetched for it until it opens for the first time. */
function Panel({ shows, children }: { readonly shows: boolean; readonly children: ReactElement }) {
  const [wasShown, setShown] = useState(shows);
  if (shows && !wasShown) setShown(true);
  return (
    wasShown && (
      <Suspense fallback={null}>
        <Presence>
          {shows && (
            <Suspense fallback={null} key="panel">
              {children}
            </Suspense>
          )}
        </Presence>
      </Suspense>
    )
  );
}

export function App() {
  const { tab, lesson, isPresenting, status, message, selected, why, theme, session, showsLegend, showsSequence } = useFields(
    'tab',
    'lesson',
    'isPresenting',
    'status',
    'message',
    'selected',
    'why',
    'theme',
    'session',
    'showsLegend',
    'showsSequence',
  );
  useEffect(() => void requestAnimationFrame(() => void loadStage()), []);
  // Nothing scrolls: the first Tab goes on from here, to the manifest and Apply.
  useEffect(() => document.querySelector('[role=tablist]')?.scrollIntoView(), []);
  // After a reload a lesson may be under way behind another tab.
  useEffect(() => {
    if (lesson !== undefined) void loadLessons();
  }, [lesson]);
  const isReady = status === 'ready';
  useEffect(() => {
    if (!isReady) return undefined;
    const timer = setTimeout(fetchAhead, AHEAD_MS);
    return () => clearTimeout(timer);
  }, [isReady]);
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  // Before the effects of what is inside: they read the theme's colours.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('orrery/theme', theme);
    } catch {
      /* private mode */
    }
  }, [theme]);
  const left = useWidth();
  const scale = useUiScale();
  const showsInspector = why !== undefined || (!isPresenting && selected !== undefined);
  return (
    <div
      className={css.app}
      onClick={onClick}
      data-presenting={isPresenting || undefined}
      data-status={status}
      style={{ '--ui-scale': scale } as CSSProperties}
    >
      <Suspense
        fallback={
          <header className={css.barWait}>
            <b>Kube Orrery</b>
          </header>
        }
      >
        <Transport />
      </Suspense>
      <div className={css.middle}>
        {!isPresenting && (
          <aside className={css.left} aria-label="Tools" style={left.style}>
            <div className={css.tabs} role="tablist">
              {(['manifest', 'kubectl', 'lessons'] as const).map((name) => (
                <button type="button" role="tab" aria-selected={tab === name} key={name} onClick={() => openTab(name)}>
                  {TAB_NAMES[name]}
                </button>
              ))}
            </div>
            {tab === 'manifest' ? (
              <Editor />
            ) : (
              <Suspense fallback={tab === 'kubectl' && <input id="prompt" aria-label="kubectl" />}>
                {tab === 'kubectl' ? <Terminal /> : <Lessons />}
              </Suspense>
            )}
            <div className={css.splitter} {...left.handle} />
          </aside>
        )}
        {isPresenting && lesson !== undefined && (
          <aside className={css.presented} aria-label="Lesson">
            <Suspense fallback={null}>
              <Lessons />
            </Suspense>
          </aside>
        )}
        <main className={css.stage} aria-label="Stage">
          <Suspense fallback={<p className={css.scoreWait} />}>
            <Scoreboard />
          </Suspense>
          {status !== 'halted' && message !== '' && (
            <div className={css.notice} role="alert">
              {message}{' '}
              <button type="button" onClick={() => useStore.setState({ message: '' })}>
                Close
              </button>
            </div>
          )}
          <div className={css.canvas}>
            <Suspense fallback={<p className={css.booting}>Starting a cluster …</p>}>
              {status === 'booting' ? (
                <p className={css.booting} role="status">
                  Starting a cluster: 1 control plane, 3 workers …
                </p>
              ) : (
                <Stage />
              )}
            </Suspense>
            <Panel shows={showsLegend}>
              <Legend />
            </Panel>
          </div>
        </main>
        <Panel shows={showsInspector}>
          <Inspector />
        </Panel>
      </div>
      {status === 'halted' && (
        <div className={css.halted} role="alert">
          <b>The simulation stopped: </b>
          {message}{' '}
          <button type="button" onClick={() => void navigator.clipboard?.writeText(JSON.stringify(session))}>
            Copy reproduction
          </button>{' '}
          <button type="button" onClick={() => openWorker()}>
            Start a fresh cluster
          </button>
        </div>
      )}
      <Suspense fallback={<p className={css.captionWait}>A cluster is starting …</p>}>
        <Caption />
        <Panel shows={showsSequence}>
          <Sequence />
        </Panel>
        <Timeline />
      </Suspense>
    </div>
  );
}
