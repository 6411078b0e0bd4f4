/** JSON patch, RFC 6902. Upstream uses gopkg.in/evanphx/json-patch.v4. Throws an Error that says which operation failed. */
import { define } from './merge.ts';

interface Operation { readonly op: string; readonly path: string; readonly from?: string; readonly value?: unknown }
type Container = unknown[] | Record<string, unknown>;

export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new Error('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let document = structuredCopy(target);
  for (const operation of patch as readonly Operation[]) document = applyOperation(document, operation);
  return document;
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) define(copy, key, structuredCopy(item));
  return copy;
}

const pointer = (path: string): readonly string[] => (path === '' ? [] : path.slice(1).split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~')));

function applyOperation(document: unknown, operation: Operation): unknown {
  const parts = pointer(operation.path);
  const fail = (why: string): never => { throw new Error(`${operation.op} operation does not apply: doc is missing ${why}: ${operation.path}`); };
  if (operation.op === 'move' || operation.op === 'copy') {
    const from = pointer(operation.from ?? '');
    const value = structuredCopy(read(document, from) ?? fail('from path'));
    const without = operation.op === 'move' ? edit(document, from, 'remove', undefined, fail) : document;
    return edit(without, parts, 'add', value, fail);
  }
  if (operation.op === 'test') {
    if (JSON.stringify(read(document, parts)) !== JSON.stringify(operation.value)) throw new Error(`testing value ${operation.path} failed: test failed`);
    return document;
  }
  if (operation.op !== 'add' && operation.op !== 'remove' && operation.op !== 'replace') throw new Error(`Unexpected kind: ${operation.op}`);
  return edit(document, parts, operation.op, operation.value, fail);
}

function read(document: unknown, parts: readonly string[]): unknown {
  let at = document;
  for (const part of parts) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Array.isArray(at) ? at[Number(part)] : Object.hasOwn(at, part) ? (at as Record<string, unknown>)[part] : undefined;
  }
  return at;
}

function edit(document: unknown, parts: readonly string[], op: 'add' | 'remove' | 'replace', value: unknown, fail: (why: string) => never): unknown {
  if (parts.length === 0) return op === 'remove' ? null : value;
  const parent = read(document, parts.slice(0, -1)) as Container | undefined;
  const last = parts[parts.length - 1];
  if (typeof parent !== 'object' || parent === null) return fail('path');
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length - (op === 'add' ? 0 : 1)) return fail('index');
    parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
    return document;
  }
  if (op !== 'add' && !Object.hasOwn(parent, last)) return fail('key');
  if (op === 'remove') delete parent[last]; else define(parent, last, value);
  return document;
}
