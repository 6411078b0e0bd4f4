/** The run across a reload: the session and where in it one was, in the storage of this tab. A page that is opened anew starts afresh; what cannot be read is as if it were not there. */
import type { Session } from '../../engine/session.ts';
import { openWorker, useStore, type Store, type Tab } from './store.ts';

const KEY = 'orrery/run';
/** `lesson`: what its own module keeps. `hash`: the link that the page stood at; another link says something else. */
export interface Kept {
  readonly hash: string;
  readonly session: Session;
  readonly row: number;
  readonly tab: Tab;
  readonly isPresenting: boolean;
  readonly title?: string;
  readonly lesson?: unknown;
}

const storage = (): Storage | undefined => {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
};

/** What a lesson has to add, once there is one. */
let ofLesson: (() => unknown) | undefined;
export const keepLesson = (of: () => unknown): void => {
  ofLesson = of;
};
let found: Kept | undefined;
/** What was kept before the reload. */
export const keptLesson = (): unknown => found?.lesson;

/** Reads what was kept; undefined when the page was not reloaded. */
export function keptRun(raw: string | null, hash: string): Kept | undefined {
  try {
    const kept = JSON.parse(raw ?? 'null') as Partial<Kept> | null;
    const isWhole =
      kept?.hash === hash && Number.isFinite(kept.row) && Number.isFinite(kept.session?.seed) && Array.isArray(kept.session?.commands);
    return isWhole ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

const isReloaded = (): boolean =>
  performance.getEntriesByType('navigation').some((e) => /^(reload|back_forward)$/.test((e as PerformanceNavigationTiming).type));

/** Takes the page up where it was before a reload, and keeps it from now on. Returns the run. */
export function takeUpRun(): Kept | undefined {
  try {
    found = isReloaded() ? keptRun(storage()?.getItem(KEY) ?? null, location.hash) : undefined;
  } catch {
    found = undefined;
  }
  if (found) useStore.setState({ tab: found.tab, isPresenting: found.isPresenting, lesson: found.title });
  useStore.subscribe(onChange);
  window.addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', keep);
  return found;
}

function onChange(now: Store, before: Store): void {
  if (found && before.status === 'booting' && now.status === 'halted') startAfresh(now.message);
  else if (now.session !== before.session || now.lesson !== before.lesson) keep();
}

function startAfresh(why: string): void {
  found = undefined;
  openWorker();
  useStore.setState({
    lesson: undefined,
    message: `The run from before the reload could not be taken up, so a fresh cluster was started: ${why}`,
  });
}

function keep(): void {
  const { session, row, tab, isPresenting, lesson, status } = useStore.getState();
  if (status !== 'ready' || !session) return;
  const kept: Kept = {
    hash: location.hash,
    session,
    row,
    tab,
    isPresenting,
    ...(lesson === undefined ? {} : { title: lesson }),
    lesson: ofLesson ? ofLesson() : found?.lesson,
  };
  try {
    storage()?.setItem(KEY, JSON.stringify(kept));
  } catch {
    /* no room, or no storage: the run lives as long as the page */
  }
}
