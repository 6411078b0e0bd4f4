/** Where in the text a field stands. */
import { isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A node with the key that it stands under. */
interface Spot {
  readonly node: Node | null;
  readonly key?: Node;
}

export interface Located {
  /** The deepest node on the path that there is, and the key in front of it. */
  readonly spot: Spot;
  /** Whether the whole path is there. */
  readonly isThere: boolean;
}

export function locate(root: Node | null, path: string): Located {
  let spot: Spot = { node: root };
  let rest = path;
  while (rest !== '') {
    const next = step(spot.node, rest);
    if (!next) return { spot, isThere: false };
    [spot, rest] = next;
  }
  return { spot, isThere: true };
}

/** One step down; the longest key that the rest of the path starts with wins, since keys may hold dots. */
function step(node: Node | null, rest: string): readonly [Spot, string] | undefined {
  if (isSeq(node)) {
    const match = /^\[(\d+)\]\.?/.exec(rest);
    const item = match ? node.items[Number(match[1])] : undefined;
    if (!match || item === undefined) return undefined;
    return [{ node: isPair(item) ? null : (item as Node | null) }, rest.slice(match[0].length)];
  }
  if (!isMap(node)) return undefined;
  let best: { readonly pair: Pair; readonly length: number } | undefined;
  for (const pair of node.items) {
    const length = isScalar(pair.key) ? matchedLength(String(pair.key.source ?? pair.key.value), rest) : 0;
    if (length > (best?.length ?? 0)) best = { pair, length };
  }
  return (
    best && [{ node: (best.pair.value as Node | null) ?? null, key: best.pair.key as Node }, rest.slice(best.length).replace(/^\./, '')]
  );
}

/** How much of the path the key takes: 'key', 'key.…', 'key[0]' or '[key]'. */
function matchedLength(key: string, rest: string): number {
  if (rest.startsWith(`[${key}]`)) return key.length + 2;
  if (!rest.startsWith(key)) return 0;
  const after = rest[key.length];
  return after === undefined || after === '.' || after === '[' ? key.length : 0;
}

export function spanOf(node: Node | null | undefined, lines: LineCounter): Span {
  const [start, end] = node?.range ?? [0, 0];
  const [from, to] = [lines.linePos(start), lines.linePos(Math.max(start, end))];
  return { line: from.line || 1, column: from.col || 1, endLine: to.line || 1, endColumn: to.col || 1 };
}

/** The value when it is one line, else its key: what an editor should underline. */
export function underlined(located: Located): Node | null {
  const { node, key } = located.spot;
  if (!located.isThere) return key ?? node;
  return isScalar(node) ? node : (key ?? node);
}
