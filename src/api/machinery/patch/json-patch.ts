/**
 * JSON patch, RFC 6902: add, remove, replace, move, copy, test. Throws an Error that says which operation failed.
 * Upstream: gopkg.in/evanphx/json-patch.v4, as apiserver/pkg/endpoints/handlers/patch.go uses it (v1.36). Simplified: the words are ours after the first colon.
 */
import { define } from './merge.ts';
import { copy, isRecord, own } from './values.ts';
import { sameJson } from './same-json.ts';

/** Upstream: maxJSONPatchOperations. */
export const MOST_OPERATIONS = 10_000;

interface Operation { readonly op: string; readonly path: string; readonly from: string; readonly value: unknown; readonly hasValue: boolean }

/** Never changes what it is given. */
export function jsonPatch(target: unknown, patch: readonly unknown[]): unknown {
  let document = copy(target);
  for (const item of patch) document = perform(document, read(item));
  return document;
}

function read(item: unknown): Operation {
  if (!isRecord(item) || typeof own(item, 'op') !== 'string') throw new Error('Unexpected kind: unknown');
  const { op, path, from, value } = item;
  if (typeof path !== 'string') throw new Error(`${String(op)} operation does not apply: missing path`);
  return { op: String(op), path, from: typeof from === 'string' ? from : '', value, hasValue: Object.hasOwn(item, 'value') };
}

function perform(document: unknown, operation: Operation): unknown {
  const { op, path, from, value, hasValue } = operation;
  if ((op === 'add' || op === 'replace') && !hasValue) throw new Error(`${op} operation does not apply: missing value: ${path}`);
  switch (op) {
    case 'add': case 'replace': return edit(document, { op, path, value: copy(value) });
    case 'remove': return edit(document, { op, path, value: undefined });
    case 'copy': return edit(document, { op: 'add', path, value: copy(at(document, from, 'copy')) });
    case 'move': {
      const moved = at(document, from, 'move');
      if (path.startsWith(`${from}/`)) throw new Error(`move operation does not apply: cannot move ${from} into itself`);
      return edit(edit(document, { op: 'remove', path: from, value: undefined }), { op: 'add', path, value: moved });
    }
    case 'test': return check(document, operation);
    default: throw new Error(`Unexpected kind: ${op}`);
  }
}

/** A test for null also holds where there is nothing, as in evanphx/json-patch. */
function check(document: unknown, { path, value }: Operation): unknown {
  const found = lookup(document, path);
  if (found === undefined ? value === null || value === undefined : sameJson(found, value)) return document;
  throw new Error(`testing value ${path} failed: test failed`);
}

function pointer(path: string): readonly string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new Error(`path must start with '/': ${path}`);
  return path.slice(1).split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

const indexOf = (part: string): number => (/^(?:0|[1-9]\d*)$/.test(part) ? Number(part) : Number.NaN);

function lookup(document: unknown, path: string): unknown {
  let found = document;
  for (const part of pointer(path)) {
    if (Array.isArray(found)) found = found[indexOf(part)];
    else if (isRecord(found)) found = own(found, part);
    else return undefined;
  }
  return found;
}

function at(document: unknown, path: string, op: string): unknown {
  const found = lookup(document, path);
  if (found === undefined) throw new Error(`${op} operation does not apply: doc is missing from path: ${path}: missing value`);
  return found;
}

function edit(document: unknown, r: { readonly op: 'add' | 'remove' | 'replace'; readonly path: string; readonly value: unknown }): unknown {
  const parts = pointer(r.path);
  const last = parts[parts.length - 1];
  if (last === undefined) return r.op === 'remove' ? null : r.value;
  const parent = lookup(document, r.path.slice(0, r.path.lastIndexOf('/')));
  if (Array.isArray(parent)) editList(parent, last, r);
  else if (isRecord(parent)) {
    if (r.op !== 'add' && !Object.hasOwn(parent, last)) throw new Error(`${r.op} operation does not apply: doc is missing key: ${r.path}: missing value`);
    if (r.op === 'remove') delete (parent as Record<string, unknown>)[last]; else define(parent as Record<string, unknown>, last, r.value);
  } else throw new Error(`${r.op} operation does not apply: doc is missing path: ${r.path}: missing value`);
  return document;
}

function editList(list: unknown[], last: string, { op, path, value }: { readonly op: 'add' | 'remove' | 'replace'; readonly path: string; readonly value: unknown }): void {
  const index = last === '-' && op === 'add' ? list.length : indexOf(last);
  const end = op === 'add' ? list.length : list.length - 1;
  if (Number.isNaN(index) || index > end) throw new Error(`${op} operation does not apply: doc is missing index: ${path}: invalid index referenced`);
  list.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
}
