/**
 * YAML nodes as plain data, safely: no prototype tricks, no alias bombs, no bottomless nesting; keys that stand twice are told.
 * Upstream reads manifests with sigs.k8s.io/yaml over yaml.v2: YAML 1.1 words ('yes', 'on', 0644), instants stay text, merge keys work.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { define } from '../machinery/patch/values.ts';

export const MOST_DEPTH = 100;
/** Upstream's API server refuses what expands too far with 'document contains excessive aliasing'. */
const MOST_NODES = 200_000;

export interface PlainError {
  readonly node: Node;
  readonly message: string;
  readonly hint?: string;
  /** kubectl does not mind. */
  readonly isWarning?: true;
}
interface Work {
  readonly errors: PlainError[];
  readonly anchors: Map<string, { readonly value: unknown; readonly size: number }>;
  size: number;
  isGivenUp: boolean;
}

export function toPlain(root: Node | null): { readonly value: unknown; readonly errors: readonly PlainError[] } {
  const work: Work = { errors: [], anchors: new Map(), size: 0, isGivenUp: false };
  const value = root === null ? null : convert(root, 0, work);
  return { value: work.isGivenUp ? undefined : value, errors: work.errors };
}

function giveUp(work: Work, node: Node, message: string): undefined {
  if (!work.isGivenUp) work.errors.push({ node, message });
  work.isGivenUp = true;
  return undefined;
}

function convert(node: Node, depth: number, work: Work): unknown {
  if (work.isGivenUp) return undefined;
  if (depth > MOST_DEPTH) return giveUp(work, node, `nested deeper than ${MOST_DEPTH} levels`);
  if (++work.size > MOST_NODES) return giveUp(work, node, `more than ${MOST_NODES} values in one document`);
  if (isAlias(node)) return convertAlias(node.source, node, work);
  const before = work.size;
  const value = isMap(node)
    ? convertMap(node, depth, work)
    : isSeq(node)
      ? node.items.map((item) => convertItem(item, depth, work))
      : isScalar(node)
        ? scalarValue(node.value)
        : null;
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (typeof anchor === 'string') work.anchors.set(anchor, { value, size: work.size - before + 1 });
  return value;
}

function convertItem(item: unknown, depth: number, work: Work): unknown {
  if (isPair(item)) {
    const out = {};
    return (convertPair(item, out, depth, work), out);
  }
  return item === null || item === undefined ? null : convert(item as Node, depth + 1, work);
}

const scalarValue = (value: unknown): unknown =>
  typeof value === 'bigint'
    ? Number(value)
    : value === undefined
      ? null
      : typeof value === 'object' && value !== null
        ? String(value)
        : value;

function convertAlias(source: string, node: Node, work: Work): unknown {
  const anchored = work.anchors.get(source);
  if (!anchored) {
    work.errors.push({ node, message: `unknown anchor '${source}' referenced` });
    return null;
  }
  work.size += anchored.size;
  return work.size > MOST_NODES ? giveUp(work, node, 'document contains excessive aliasing') : anchored.value;
}

function convertMap(map: YAMLMap, depth: number, work: Work): unknown {
  const out: Record<string, unknown> = {};
  const merges: Pair[] = [];
  for (const pair of map.items)
    if (isMerge(pair)) merges.push(pair);
    else convertPair(pair, out, depth, work);
  for (const pair of merges) mergeInto(out, pair, depth, work);
  return out;
}

const isMerge = (pair: Pair): boolean =>
  isScalar(pair.key) &&
  (pair.key.value === '<<' || typeof pair.key.value === 'symbol') &&
  pair.key.type !== 'QUOTE_DOUBLE' &&
  pair.key.type !== 'QUOTE_SINGLE';

function convertPair(pair: Pair, out: Record<string, unknown>, depth: number, work: Work): void {
  const keyNode = pair.key as Node;
  const key = isScalar(keyNode) ? keyText(keyNode) : undefined;
  if (key === undefined) {
    work.errors.push({ node: keyNode, message: 'a key must be a text' });
    return;
  }
  if (key === '__proto__') {
    work.errors.push({ node: keyNode, message: 'the key "__proto__" is not allowed' });
    return;
  }
  if (Object.hasOwn(out, key))
    work.errors.push({
      node: keyNode,
      message: `key ${JSON.stringify(key)} already set in map`,
      hint: 'the last one counts',
      isWarning: true,
    });
  define(out, key, pair.value === null || pair.value === undefined ? null : convert(pair.value as Node, depth + 1, work));
}

/** Keys that YAML reads as numbers or booleans are texts in JSON; their source says how they were written. */
function keyText(node: { readonly value: unknown; readonly source?: string }): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function mergeInto(out: Record<string, unknown>, pair: Pair, depth: number, work: Work): void {
  const merged = pair.value === null || pair.value === undefined ? null : convert(pair.value as Node, depth + 1, work);
  for (const source of Array.isArray(merged) ? merged : [merged]) {
    if (typeof source !== 'object' || source === null) {
      work.errors.push({ node: pair.key as Node, message: 'map merge requires map or sequence of maps as the value' });
      return;
    }
    for (const key of Object.keys(source))
      if (!Object.hasOwn(out, key)) define(out, key, (source as Readonly<Record<string, unknown>>)[key]);
  }
}
