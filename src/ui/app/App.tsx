/** The page: transport above, tools at the left, the stage, the inspector at the right, caption and timeline below. */
import { lazy, Suspense, useEffect, useLayoutEffect, type CSSProperties } from 'react';
import { many } from '../../lib/many.ts';
import { Editor } from '../editor/Editor.tsx';
import { loadLessons, onKey } from './keys.ts';
import { Panel } from './Panel.tsx';
import { useWidth } from './splitter.ts';
import { useUiScale } from './ui-scale.ts';
import { openWorker, useFields, useStore } from './store.ts';
import css from './app.module.css';

/** The first paint is the frame and the user's text; the rest is fetched while the worker starts the cluster. */
const Caption = lazy(() => import('../transport/Caption.tsx').then((m) => ({ default: m.Caption })));
const Transport = lazy(() => import('../transport/Transport.tsx').then((m) => ({ default: m.Transport })));
const Timeline = lazy(() => import('../transport/Timeline.tsx').then((m) => ({ default: m.Timeline })));
const Scoreboard = lazy(() => import('../stage/Scoreboard.tsx').then((m) => ({ default: m.Scoreboard })));
const loadStage = () => import('../stage/Stage.tsx');
const Stage = lazy(loadStage);
const Sequence = lazy(() => import('../transport/Sequence.tsx'));
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
const TAB_NAMES = { manifest: 'Manifest', kubectl: 'kubectl', lessons: 'Lessons' } as const;

/** A button that was clicked with the mouse gives the keys back: Space plays, it does not press the button again. */
function onClick({ detail, target }: React.MouseEvent): void {
  if (detail > 0) (target as HTMLElement).closest('button')?.blur();
}

/** Who opens kubectl goes on typing: into its prompt, or into what stands in for it while it is fetched. */
function openTab(tab: keyof typeof TAB_NAMES): void {
  useStore.setState({ tab });
  if (tab === 'kubectl') queueMicrotask(() => document.getElementById('prompt')?.focus());
}

/** Fetches ahead, puts the keys and the theme in place. */
function usePage(): void {
  const { lesson, status, theme } = useFields('lesson', 'status', 'theme');
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
}

export function App() {
  const { lesson, isPresenting, status, selected, why, showsSequence } = useFields(
    'lesson',
    'isPresenting',
    'status',
    'selected',
    'why',
    'showsSequence',
  );
  usePage();
  const scale = useUiScale();
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
        {!isPresenting && <Tools />}
        {isPresenting && lesson !== undefined && (
          <aside className={css.presented} aria-label="Lesson">
            <Suspense fallback={null}>
              <Lessons />
            </Suspense>
          </aside>
        )}
        <StageArea />
        <Panel shows={why !== undefined || (!isPresenting && selected !== undefined)}>
          <Inspector />
        </Panel>
      </div>
      <Halted />
      <Suspense fallback={<p className={css.captionWait}>A cluster is starting …</p>}>
        <Caption />
        <Panel shows={showsSequence && !isPresenting}>
          <Sequence />
        </Panel>
        <Timeline />
      </Suspense>
    </div>
  );
}

/** At the left: the manifest, kubectl, the lessons. */
function Tools() {
  const { tab } = useFields('tab');
  const left = useWidth();
  return (
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
        <Suspense fallback={tab === 'kubectl' && <EarlyPrompt />}>{tab === 'kubectl' ? <Terminal /> : <Lessons />}</Suspense>
      )}
      <div className={css.splitter} {...left.handle} />
    </aside>
  );
}

/** Stands for the terminal's line while the terminal is fetched: what is typed here goes on there, and what is entered is run. */
const EarlyPrompt = () => (
  <input
    id="prompt"
    aria-label="kubectl"
    onKeyDown={({ key, currentTarget }) => {
      if (key === 'Enter') currentTarget.dataset.entered = 'yes';
    }}
  />
);

/** A class can read the stage or the sequence, not both one above the other: presenting, the one takes the other's place. */
function StageArea() {
  const { status, workers, readyMachines, showsLegend, isPresenting, showsSequence } = useFields(
    'status',
    'workers',
    'readyMachines',
    'showsLegend',
    'isPresenting',
    'showsSequence',
  );
  const isDiagram = isPresenting && showsSequence;
  return (
    <main className={css.stage} aria-label="Stage">
      <Suspense fallback={<p className={css.scoreWait} />}>
        <Scoreboard />
      </Suspense>
      <Notice />
      <div className={css.canvas}>
        <Suspense fallback={<p className={css.booting}>Starting a cluster …</p>}>
          {status === 'booting' ? (
            <p className={css.booting} role="status">
              Starting a cluster: 1 control plane, {many(workers, 'worker')} …
              <span aria-hidden>{readyMachines > 0 && ` ${readyMachines} ready`}</span>
            </p>
          ) : (
            !isDiagram && <Stage />
          )}
        </Suspense>
        <Panel shows={isDiagram}>
          <Sequence />
        </Panel>
        <Panel shows={showsLegend}>
          <Legend />
        </Panel>
      </div>
    </main>
  );
}

/** The simulation has stopped: what it was, and a way on. */
function Halted() {
  const { status, message, session } = useFields('status', 'message', 'session');
  return (
    status === 'halted' && (
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
    )
  );
}

function Notice() {
  const { status, message } = useFields('status', 'message');
  return (
    status !== 'halted' &&
    message !== '' && (
      <div className={css.notice} role="alert">
        {message}{' '}
        <button type="button" onClick={() => useStore.setState({ message: '' })}>
          Close
        </button>
      </div>
    )
  );
}
