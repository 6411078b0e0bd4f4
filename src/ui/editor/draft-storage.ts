/** Drafts in the browser's local storage, one key per file, so that one large file costs only itself. Without storage they live as long as the page. */
import type { Draft, DraftList } from './draft-list.ts';

const INDEX = 'orrery/drafts';
const TEXT = 'orrery/draft/';
/** Where the one text of earlier versions lies. */
const OLD = 'orrery/manifest';
const MOST_LOOKED_FOR = 200;
/** Browsers keep some five million characters for a site; longer texts are not even tried. */
const MOST_KEPT = 4_500_000;
/** Whether a change of this key is a change of the drafts. */
export const isDraftKey = (key: string | null): boolean => key === INDEX || key?.startsWith(TEXT) === true;
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Index {
  readonly files: readonly { readonly id: string; readonly name: string }[];
  readonly active: string;
}

export function loadDrafts(store: Store): DraftList | undefined {
  try {
    const raw = store.getItem(INDEX);
    if (raw === null) return oldDraft(store);
    const index = parsed(raw);
    if (!index) return recovered(store);
    const files = (Array.isArray(index.files) ? index.files : []).flatMap((f: Partial<Draft> | null): readonly Draft[] => {
      const text = typeof f?.id === 'string' ? store.getItem(TEXT + f.id) : null;
      return text === null || typeof f?.id !== 'string'
        ? []
        : [{ id: f.id, name: typeof f.name === 'string' ? f.name : 'recovered.yaml', text }];
    });
    if (files.length === 0) return recovered(store);
    return { files, active: files.find((f) => f.id === index.active)?.id ?? files[0].id, closed: [] };
  } catch {
    return undefined;
  }
}

function parsed(raw: string): Partial<Index> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Without a list the texts themselves are looked for: names can be lost, words may not. */
function recovered(store: Store): DraftList | undefined {
  const files: Draft[] = [];
  for (let id = 1; id <= MOST_LOOKED_FOR; id++) {
    const text = store.getItem(TEXT + id);
    if (text !== null) files.push({ id: String(id), name: `recovered-${id}.yaml`, text });
  }
  return files.length === 0 ? undefined : { files, active: files[0].id, closed: [] };
}

function oldDraft(store: Store): DraftList | undefined {
  const text = store.getItem(OLD);
  return text === null ? undefined : { files: [{ id: '1', name: 'web.yaml', text }], active: '1', closed: [] };
}

/** Writes what differs from `before`. False when the browser has no room (or no storage) for some of it; the rest is kept. */
export function saveDrafts(store: Store, list: DraftList, before: DraftList | undefined): boolean {
  let isKept = true;
  const had = new Map((before?.files ?? []).map((f) => [f.id, f.text]));
  for (const { id, text } of list.files)
    if (had.get(id) !== text)
      try {
        if (text.length > MOST_KEPT) isKept = false;
        else store.setItem(TEXT + id, text);
      } catch {
        isKept = false;
      }
  try {
    store.setItem(INDEX, JSON.stringify({ files: list.files.map(({ id, name }) => ({ id, name })), active: list.active } satisfies Index));
    for (const id of had.keys()) if (!list.files.some((f) => f.id === id)) store.removeItem(TEXT + id);
  } catch {
    isKept = false;
  }
  return isKept;
}
