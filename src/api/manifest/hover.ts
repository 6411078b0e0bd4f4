/** What the field under the pointer is. Pure: text and offset in, facts out; upstream's description is fetched by its id. */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import { isRecord } from '../machinery/patch/values.ts';
import { kindOf } from '../registry.ts';
import { readDocuments } from './documents.ts';
import { fieldFacts, typeAt, withDefaults, type FieldFacts } from './field.ts';
import { documentAround, type Path } from './place.ts';
import { toPlain } from './plain.ts';

/** `from`, `to`: offsets of the word; `path`: 'spec.template.spec.containers[0].image'. */
export interface Hover extends FieldFacts {
  readonly path: string;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

interface Hit {
  readonly path: Path;
  readonly name: string;
  readonly range: readonly [number, number];
}

export function hover(text: string, offset: number): Hover | undefined {
  const around = documentAround(text, offset);
  const at = offset - around.start;
  let contents: Node | null = null;
  try {
    contents = readDocuments(around.text, new LineCounter()).find((d) => d.contents !== null)?.contents ?? null;
  } catch {
    return undefined;
  }
  const hit = contents && hitIn(contents, at, []);
  if (!contents || !hit) return undefined;
  const isListed = hit.path[0] === 'items' && typeof hit.path[1] === 'number';
  const object = toPlain(contents).value;
  const root =
    isListed && isRecord(object) && Array.isArray(object.items) ? (object.items as readonly unknown[])[Number(hit.path[1])] : object;
  if (!isRecord(root)) return undefined;
  const path = isListed ? hit.path.slice(2) : hit.path;
  const kind = kindOf(String(root.apiVersion ?? ''), String(root.kind ?? ''));
  const model = kind && typeAt(kind.model, path);
  const facts = model === undefined ? undefined : fieldFacts(model, hit.name, withDefaults(kind, root, path, hit.name));
  return facts && kind
    ? {
        ...facts,
        path: [...path, hit.name].reduce<string>(join, ''),
        kind: kind.kind,
        from: hit.range[0] + around.start,
        to: hit.range[1] + around.start,
      }
    : undefined;
}

const join = (path: string, part: string | number): string =>
  typeof part === 'number' ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`;

/** The pair whose key, or whose one-line value, is at the offset. */
function hitIn(node: Node, at: number, path: Path): Hit | undefined {
  if (isMap(node))
    for (const pair of node.items) {
      const hit = hitInPair(pair, at, path);
      if (hit) return hit;
    }
  if (isSeq(node))
    for (const [i, item] of node.items.entries()) {
      const hit = isMap(item) || isSeq(item) ? hitIn(item, at, [...path, i]) : undefined;
      if (hit) return hit;
    }
  return undefined;
}

function hitInPair(pair: Pair, at: number, path: Path): Hit | undefined {
  if (!isScalar(pair.key)) return undefined;
  const name = String(pair.key.source ?? pair.key.value);
  const value = pair.value as Node | null | undefined;
  for (const node of [pair.key, isScalar(value) ? value : undefined])
    if (node?.range && at >= node.range[0] && at <= node.range[1]) return { path, name, range: [node.range[0], node.range[1]] };
  return value ? hitIn(value, at, [...path, name]) : undefined;
}
