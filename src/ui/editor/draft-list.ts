/** The named files in the editor, as plain data: every change returns a new list and loses no text. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}
export interface DraftList {
  /** Never empty. */
  readonly files: readonly Draft[];
  readonly active: string;
  /** What undo brings back, newest last, with the place where it stood. */
  readonly closed: readonly { readonly draft: Draft; readonly index: number }[];
}

const MOST_CLOSED = 20;
const FIRST_NAME = 'untitled.yaml';

export const listOf = (name: string, text: string): DraftList => ({ files: [{ id: '1', name, text }], active: '1', closed: [] });
export const activeOf = (list: DraftList): Draft => list.files.find((f) => f.id === list.active) ?? list.files[0];

const nextId = (list: DraftList): string =>
  String(Math.max(0, ...[...list.files, ...list.closed.map((c) => c.draft)].map((f) => Number(f.id) || 0)) + 1);

/** 'web.yaml', or 'web-2.yaml' when that is taken. */
export function freeName(list: DraftList, wanted: string, except?: string): string {
  const taken = new Set(list.files.filter((f) => f.id !== except).map((f) => f.name));
  const name = wanted.trim().slice(0, 80) || FIRST_NAME;
  if (!taken.has(name)) return name;
  const [, stem, ending] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? [];
  for (let n = 2; ; n++) {
    const next = `${stem ?? name}-${n}${ending ?? ''}`;
    if (!taken.has(next)) return next;
  }
}

export const edited = (list: DraftList, id: string, text: string): DraftList => ({
  ...list,
  files: list.files.map((f) => (f.id === id ? { ...f, text } : f)),
});
export const selected = (list: DraftList, id: string): DraftList => (list.files.some((f) => f.id === id) ? { ...list, active: id } : list);
export const renamed = (list: DraftList, id: string, name: string): DraftList => ({
  ...list,
  files: list.files.map((f) => (f.id === id ? { ...f, name: freeName(list, name.trim() || f.name, id) } : f)),
});

/** Selects the file that has exactly this text already, else adds one: a file that the user has changed is never overwritten. */
export function opened(list: DraftList, name: string, text: string): DraftList {
  const same = list.files.find((f) => f.text === text);
  if (same) return { ...list, active: same.id };
  const draft = { id: nextId(list), name: freeName(list, name), text };
  return { ...list, files: [...list.files, draft], active: draft.id };
}
export const added = (list: DraftList): DraftList => {
  const draft = { id: nextId(list), name: freeName(list, FIRST_NAME), text: '' };
  return { ...list, files: [...list.files, draft], active: draft.id };
};

/** The neighbour takes its place; the last file leaves an empty one behind. */
export function closed(list: DraftList, id: string): DraftList {
  const index = list.files.findIndex((f) => f.id === id);
  if (index < 0) return list;
  const left = list.files.filter((f) => f.id !== id);
  const next: DraftList = { ...list, files: left, closed: [...list.closed, { draft: list.files[index], index }].slice(-MOST_CLOSED) };
  if (left.length === 0) return added(next);
  return list.active === id ? { ...next, active: left[Math.min(index, left.length - 1)].id } : next;
}

export function reopened(list: DraftList): DraftList {
  const last = list.closed.at(-1);
  if (!last) return list;
  const draft = { ...last.draft, name: freeName(list, last.draft.name) };
  const kept = list.files.length === 1 && list.files[0].text === '' && list.files[0].name === FIRST_NAME ? [] : list.files;
  return { files: [...kept.slice(0, last.index), draft, ...kept.slice(last.index)], active: draft.id, closed: list.closed.slice(0, -1) };
}

/** What another window of the page has written is taken over; what only this one has stays. */
export function merged(list: DraftList, theirs: DraftList): DraftList {
  const known = new Map(theirs.files.map((f) => [f.id, f]));
  const ours = new Set(list.files.map((f) => f.id));
  return { ...list, files: [...list.files.map((f) => known.get(f.id) ?? f), ...theirs.files.filter((f) => !ours.has(f.id))] };
}
