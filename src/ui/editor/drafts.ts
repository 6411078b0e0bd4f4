/** The user's files: the one truth for what the editor shows and what is applied. They outlive the worker, the session and the page. */
import { create } from 'zustand';
import { SAMPLE } from '../../scenarios/sample.ts';
import {
  activeOf,
  added,
  closed,
  edited,
  listOf,
  merged,
  opened,
  renamed,
  reopened,
  selected,
  type Draft,
  type DraftList,
} from './draft-list.ts';
import { isDraftKey, loadDrafts, saveDrafts } from './draft-storage.ts';

const SAVE_AFTER_MS = 300;
const storage = (): Storage | undefined => {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
};

export interface DraftStore {
  readonly list: DraftList;
  /** False when the browser does not keep the text across a reload. */
  readonly isKept: boolean;
}

function start(): DraftList {
  const store = storage();
  return (store && loadDrafts(store)) ?? listOf('web.yaml', SAMPLE);
}

export const useDrafts = create<DraftStore>()(() => ({ list: start(), isKept: true }));

let written: DraftList | undefined;
let timer = 0;

function save(): void {
  window.clearTimeout(timer);
  timer = 0;
  const store = storage();
  const { list } = useDrafts.getState();
  if (written === list) return;
  const isKept = store !== undefined && saveDrafts(store, list, written);
  if (isKept) written = list;
  useDrafts.setState({ isKept });
}

const change = (next: (list: DraftList) => DraftList): void => {
  useDrafts.setState(({ list }) => ({ list: next(list) }));
  if (timer === 0) timer = window.setTimeout(save, SAVE_AFTER_MS);
};
/** The last words are written even when the page is closed at once. */
window.addEventListener('pagehide', save);
document.addEventListener('visibilitychange', save);
/** Two windows with the same files show the same text, so that neither writes an older one over the other's. */
window.addEventListener('storage', (event) => {
  const store = storage();
  if (!isDraftKey(event.key) || timer !== 0 || !store) return;
  const theirs = loadDrafts(store);
  if (!theirs) return;
  written = theirs;
  useDrafts.setState({ list: merged(useDrafts.getState().list, theirs) });
});

export const activeDraft = (): Draft => activeOf(useDrafts.getState().list);
export const activeText = (): string => activeDraft().text;
export const useActiveDraft = (): Draft => useDrafts(({ list }) => activeOf(list));
export const editDraft = (id: string, text: string): void => change((list) => edited(list, id, text));
export const selectDraft = (id: string): void => change((list) => selected(list, id));
export const renameDraft = (id: string, name: string): void => change((list) => renamed(list, id, name));
export const addDraft = (): void => change(added);
/** Shows a text that does not come from the user, such as a lesson's or an example's, in a file of its own. */
export const openDraft = (name: string, text: string): void => change((list) => opened(list, name, text));
export const closeDraft = (id: string): void => change((list) => closed(list, id));
export const reopenDraft = (): void => change(reopened);
