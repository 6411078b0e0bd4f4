/**
 * JSON patch, RFC 6902: add, remove, replace, move, copy, test. Throws an Error that says which operation failed, in upstream's words.
 * Upstream: gopkg.in/evanphx/json-patch.v4 patch.go, as apiserver/pkg/endpoints/handlers/patch.go uses it (v1.36), with its liberties: an index may count from the end,
 * what is replaced need not be there in an object, and what is copied from nowhere is null. Simplified: numbers are compared by value, not by how they are written.
 */
import { copy, define, isRecord, own } from './values.ts';
import { sameJson } from './same-json.ts';

/** Upstream: maxJSONPatchOperations. */
export const MOST_OPERATIONS = 10_000;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  /** What is not given is null. */
  readonly value: unknown;
}
/** A list or an object, and what of it is meant. */
interface Place {
  readonly container: unknown[] | Record<string, unknown>;
  readonly key: string;
}

const MISSING = 'missing value';

/** Never changes what it is given. */
export function jsonPatch(target: unknown, patch: readonly unknown[]): unknown {
  let document = copy(target);
  for (const item of patch) document = perform(document, read(item));
  return document;
}

function read(item: unknown): Operation {
  if (!isRecord(item) || typeof own(item, 'op') !== 'string') throw new Error('Unexpected kind: unknown');
  const { op, path, from, value = null } = item;
  const needsFrom = op === 'move' || op === 'copy';
  if (needsFrom && typeof from !== 'string')
    throw new Error(`${String(op)} operation failed to decode from: operation, missing from field: ${MISSING}`);
  if (typeof path !== 'string')
    throw new Error(
      `${String(op)} operation failed to decode path: ${['add', 'remove', 'copy'].includes(String(op)) ? '' : 'operation missing path field: '}${MISSING}`,
    );
  return { op: String(op), path, from: typeof from === 'string' ? from : '', value };
}

function perform(document: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'add':
      within(`error in add for path: '${path}'`, () =>
        add(placeOf(document, path, `add operation does not apply: doc is missing path: "${path}"`), copy(value)),
      );
      return document;
    case 'remove':
      within(`error in remove for path: '${path}'`, () =>
        remove(placeOf(document, path, `remove operation does not apply: doc is missing path: "${path}"`)),
      );
      return document;
    case 'replace':
      return replace(document, path, copy(value));
    case 'move':
      move(document, from, path);
      return document;
    case 'copy':
      duplicate(document, from, path);
      return document;
    case 'test':
      test(document, path, value);
      return document;
    default:
      throw new Error(`Unexpected kind: ${op}`);
  }
}

function replace(document: unknown, path: string, value: unknown): unknown {
  if (path === '') {
    if (typeof value !== 'object') throw new Error('replace operation value must be object or array: %!w(<nil>)');
    return value ?? {};
  }
  const place = placeOf(document, path, `replace operation does not apply: doc is missing path: ${path}`);
  try {
    get(place);
  } catch {
    throw new Told(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
  }
  if (Array.isArray(place.container)) place.container[indexIn(place.container, place.key)] = value;
  else define(place.container, place.key, value);
  return document;
}

function move(document: unknown, from: string, path: string): void {
  const source = placeOf(document, from, `move operation does not apply: doc is missing from path: ${from}`);
  const value = within(`error in move for path: '${source.key}'`, () => {
    const found = get(source);
    remove(source);
    return found;
  });
  within(`error in move for path: '${path}'`, () =>
    add(placeOf(document, path, `move operation does not apply: doc is missing destination path: ${path}`), value),
  );
}

function duplicate(document: unknown, from: string, path: string): void {
  const source = placeOf(document, from, `copy operation does not apply: doc is missing from path: ${from}`);
  const value = within(`error in copy for from: '${from}'`, () => get(source));
  within('error while adding value during copy', () =>
    add(placeOf(document, path, `copy operation does not apply: doc is missing destination path: ${path}`), copy(value ?? null)),
  );
}

/** A test for null also holds where there is nothing. */
function test(document: unknown, path: string, value: unknown): void {
  const found =
    path === ''
      ? document
      : within(`error in test for path: '${path}'`, () =>
          get(placeOf(document, path, `test operation does not apply: is missing path: ${path}`)),
        );
  if (!sameJson(found ?? null, value)) throw new Error(`testing value ${path} failed: test failed`);
}

/** An error that has its whole text already. */
class Told extends Error {}
/** Says before an error where it was. */
function within<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Told) throw error;
    throw new Told(`${where}: ${(error as Error).message}`);
  }
}

/** Upstream: findObject, which does not look at what stands before the first slash. */
function placeOf(document: unknown, path: string, missing: string): Place {
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  let container = document;
  for (const part of parts) {
    try {
      container = isContainer(container) ? get({ container, key: part }) : undefined;
    } catch {
      container = undefined;
    }
  }
  if (key === undefined || !isContainer(container)) throw new Told(`${missing}: ${MISSING}`);
  return { container, key };
}
const isContainer = (value: unknown): value is Place['container'] => typeof value === 'object' && value !== null;

function get({ container, key }: Place): unknown {
  return Array.isArray(container) ? container[indexIn(container, key)] : own(container, key);
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) define(container, key, value);
  else if (key === '-') container.push(value);
  else container.splice(indexIn(container, key, 1), 0, value);
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) {
    container.splice(indexIn(container, key), 1);
    return;
  }
  if (!Object.hasOwn(container, key)) throw new Error(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
  delete container[key];
}

/** `more`: how many places there are beyond the list. */
function indexIn(list: readonly unknown[], key: string, more = 0): number {
  if (!/^[+-]?\d+$/.test(key))
    throw new Error(
      `${more > 0 ? `value was not a proper array index: '${key}': ` : ''}strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`,
    );
  const [index, length] = [Number(key), list.length + more];
  if (index >= length || index < -length) throw new Error(`Unable to access invalid index: ${index}: invalid index referenced`);
  return index < 0 ? index + length : index;
}
