/**
 * Where in a manifest the cursor stands: in which object, under which path, at a key or at a value. A word that cannot occur is put at the cursor
 * and the text is read as YAML is read; so block and flow styles, lists, quotes and half-written lines need no rules of their own.
 */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Document, type Node, type Pair } from 'yaml';
import { isRecord } from '../machinery/patch/values.ts';
import { readDocuments } from './documents.ts';
import { toPlain } from './plain.ts';

export type Path = readonly (string | number)[];
export interface Place {
  /** Whether a key or a value is written here; `item`: the beginning of a list item, which may become either. */
  readonly at: 'key' | 'value' | 'item';
  /** Of the map or list around the cursor, from the object's root. */
  readonly path: Path;
  /** The key whose value is written. */
  readonly key?: string;
  /** The object as plain data, without what is being written. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Offsets of the word at the cursor, which an answer replaces. */
  readonly from: number;
  readonly to: number;
  /** A colon follows already. */
  readonly hasColon: boolean;
  /** Inside [ ] or { }. */
  readonly isFlow: boolean;
  /** 0-based column of the word. */
  readonly column: number;
}

const MARK = 'orreryCursorHere';
const WORD = /[\w.\-/]/;

/** The YAML document around an offset, so that the work does not grow with the text. */
export function documentAround(text: string, offset: number): { readonly start: number; readonly text: string } {
  const dividers = [...text.matchAll(/^---(?=\s|$).*$/gm)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
  const start = dividers.filter((d) => d.end < offset).at(-1)?.end ?? 0;
  const end = dividers.find((d) => d.start >= Math.max(offset, start + 1))?.start ?? text.length;
  return { start, text: text.slice(start, end) };
}

/** Undefined in a comment, in a block of text, or where the text cannot be read at all. */
export function placeAt(text: string, offset: number): Place | undefined {
  const around = documentAround(text, offset);
  const at = offset - around.start;
  let [from, to] = [at, at];
  while (from > 0 && WORD.test(around.text[from - 1])) from--;
  while (from < at && around.text[from] === '-') from++;
  while (to < around.text.length && WORD.test(around.text[to])) to++;
  const lineStart = around.text.lastIndexOf('\n', from - 1) + 1;
  const before = around.text.slice(lineStart, from);
  const isItem = /^\s*(?:- +)*- *$/.test(before);
  const isAlone = isItem || /^\s*$/.test(before);
  if (before.endsWith('-')) return undefined;
  const after = around.text.slice(to);
  const hasColon = /^["']?\s*:(?:\s|$)/.test(after);
  const marked = `${around.text.slice(0, from)}${MARK}${isAlone && !hasColon ? ':' : ''}${after}`;
  const document = documentWith(marked);
  const spot = document && find(document.contents, [], false);
  if (!document || !spot) return undefined;
  const root = rootOf(spot.path, document.contents);
  return {
    at: spot.at === 'key' && isItem && !hasColon ? 'item' : spot.at,
    path: spot.path.slice(root.depth),
    ...(spot.key === undefined ? {} : { key: spot.key }),
    object: withoutMark(root.node),
    from: from + around.start,
    to: to + around.start,
    hasColon,
    isFlow: spot.isFlow,
    column: from - lineStart,
  };
}

function documentWith(text: string): Document.Parsed | undefined {
  try {
    return readDocuments(text, new LineCounter()).find((d) =>
      String(d.contents?.range ? text.slice(d.contents.range[0], d.contents.range[2]) : '').includes(MARK),
    );
  } catch {
    return undefined;
  }
}

interface Spot {
  readonly at: 'key' | 'value';
  readonly path: Path;
  readonly key?: string;
  readonly isFlow: boolean;
}

/** The mark in the tree: as a key, as a key's value, or as a list item. */
function find(node: Node | null, path: Path, isFlow: boolean): Spot | undefined {
  const flow = isFlow || ((isMap(node) || isSeq(node)) && node.flow === true);
  if (isMap(node)) {
    for (const pair of node.items) {
      const found = findInPair(pair, path, flow);
      if (found) return found;
    }
  } else if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      if (isMarked(item)) return { at: 'value', path: [...path, i], isFlow: flow };
      const found = isPair(item) ? findInPair(item, [...path, i], flow) : find(item as Node | null, [...path, i], flow);
      if (found) return found;
    }
  } else if (isMarked(node)) return { at: 'key', path, isFlow: flow };
  return undefined;
}

function findInPair(pair: Pair, path: Path, isFlow: boolean): Spot | undefined {
  if (isMarked(pair.key)) return { at: 'key', path, isFlow };
  const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : '';
  if (isMarked(pair.value)) return { at: 'value', path, key, isFlow };
  return find((pair.value as Node | null) ?? null, [...path, key], isFlow);
}

/** Plain and quoted words are written at; a longer text that swallowed the mark is prose. */
const isMarked = (node: unknown): boolean => isScalar(node) && typeof node.value === 'string' && node.value === MARK;

/** Items of a List are objects of their own. */
function rootOf(path: Path, contents: Node | null): { readonly node: Node | null; readonly depth: number } {
  if (path[0] !== 'items' || typeof path[1] !== 'number' || !isMap(contents) || !String(contents.get('kind') ?? '').endsWith('List'))
    return { node: contents, depth: 0 };
  const items = contents.get('items', true);
  return { node: isSeq(items) ? ((items.items[path[1]] as Node | null) ?? null) : null, depth: 2 };
}

function withoutMark(node: Node | null): Readonly<Record<string, unknown>> {
  const { value } = toPlain(node);
  return isRecord(value) ? (strip(value) as Readonly<Record<string, unknown>>) : {};
}

function strip(value: unknown): unknown {
  if (value === MARK) return undefined;
  if (Array.isArray(value)) return value.map(strip);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== MARK)
      .map(([key, item]) => [key, strip(item)]),
  );
}
