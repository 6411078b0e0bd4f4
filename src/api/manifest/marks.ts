/** The fields of a manifest that are accepted and not simulated, at their places: never pretend. */
import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import { kindOf } from '../registry.ts';
import { fieldsOfModel } from '../schema/definitions.ts';
import { isInert } from '../schema/inert.ts';
import { readDocuments } from './documents.ts';
import { spanOf, type Span } from './locate.ts';

export interface Mark extends Span {
  readonly field: string;
}

const MOST_MARKS = 500;

export function marksIn(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  const lines = new LineCounter();
  try {
    for (const document of readDocuments(text, lines)) if (document.contents) inObject(document.contents, lines, marks);
  } catch {
    return marks;
  }
  return marks;
}

function inObject(root: Node, lines: LineCounter, marks: Mark[]): void {
  if (!isMap(root)) return;
  const kind = kindOf(String(root.get('apiVersion') ?? ''), String(root.get('kind') ?? ''));
  if (kind) {
    walk(root, kind.model, lines, marks);
    return;
  }
  const items = root.get('items');
  if (isSeq(items)) for (const item of items.items) inObject(item as Node, lines, marks);
}

function walk(node: unknown, type: string, lines: LineCounter, marks: Mark[]): void {
  if (marks.length >= MOST_MARKS) return;
  if (isSeq(node) && type.startsWith('[]')) {
    for (const item of node.items) walk(item, type.slice(2), lines, marks);
    return;
  }
  const fields = fieldsOfModel(type);
  if (!isMap(node) || !fields) return;
  for (const pair of node.items) {
    if (!isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    const field = fields.get(name);
    if (field && isInert(type, name)) marks.push({ ...spanOf(pair.key, lines), field: name });
    else if (field) walk(pair.value, field.type, lines, marks);
  }
}
