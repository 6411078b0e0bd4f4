/**
 * Strategic merge patch: maps merge, lists of objects merge by key, `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder` direct it.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go StrategicMergeMapPatch, mergeMap (v1.36). Simplified: nothing known.
 * Throws an Error in upstream's words when the patch is malformed. Never changes what it is given.
 */
import { fieldModel } from '../../schema/definitions.ts';
import { withoutNulls } from './merge.ts';
import { mergeKeyOf, mergesPrimitives } from './merge-keys.ts';
import { identity, isDeletion, orderMerged } from './list-order.ts';
import { define, goText, isList, isRecord, own, shapeOf, type List, type Rec } from './values.ts';
import { sameJson } from './same-json.ts';

export const DELETE_LIST = '$deleteFromPrimitiveList/';
export const ELEMENT_ORDER = '$setElementOrder/';
export const RETAIN_KEYS = '$retainKeys';
const BAD_ORDER = 'invalid patch format of setElementOrder list';
const BAD_RETAIN = 'invalid patch format of retainKeys';

/** `onPatch`: the target is itself a patch, so directives and nulls are kept for the object that it will meet. */
export interface MergeMode {
  readonly onPatch: boolean;
}

/** `model`: the target's model in the schema, such as 'V1Deployment'; without one every list is replaced. */
export function strategicPatch(target: unknown, patch: unknown, model: string | undefined): unknown {
  if (!isRecord(patch)) throw new Error('invalid JSON document');
  return mergeMap(isRecord(target) ? target : undefined, patch, model, { onPatch: false });
}

export function mergeMap(target: Rec | undefined, patch: Rec, model: string | undefined, mode: MergeMode): Rec {
  const directive = own(patch, '$patch');
  if (directive === 'replace') {
    const { $patch: _directive, ...rest } = patch;
    return rest;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined) throw new Error(`unknown patch type: ${String(directive)} in map: ${goText(patch)}`);
  const merged: Record<string, unknown> = { ...target };
  const rest = new Map(Object.entries(patch).filter(([, value]) => value !== undefined));
  retainKeys(merged, rest, mode);
  for (const [key, order] of [...rest]) if (key.startsWith(ELEMENT_ORDER)) mergeOrdered(merged, rest, { key, order, model, mode });
  for (const [key, value] of rest) mergeEntry(merged, { key, value, model, mode });
  return merged;
}

function retainKeys(merged: Record<string, unknown>, rest: Map<string, unknown>, mode: MergeMode): void {
  const keep = rest.get(RETAIN_KEYS);
  if (keep === undefined) return;
  rest.delete(RETAIN_KEYS);
  if (mode.onPatch) {
    const had = own(merged, RETAIN_KEYS);
    if (had !== undefined && !sameJson(had, keep))
      throw new Error(
        `${JSON.stringify(had)} and ${JSON.stringify(keep)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    define(merged, RETAIN_KEYS, keep);
    return;
  }
  if (!isList(keep)) throw new Error(BAD_RETAIN);
  for (const [key, value] of rest)
    if (value !== null && !key.startsWith(DELETE_LIST) && !key.startsWith(ELEMENT_ORDER) && !keep.includes(key))
      throw new Error(BAD_RETAIN);
  for (const key of Object.keys(merged)) if (!keep.includes(key)) delete merged[key];
}

interface OrderEntry {
  readonly key: string;
  readonly order: unknown;
  readonly model: string | undefined;
  readonly mode: MergeMode;
}

/** A list together with its `$setElementOrder`; both are taken out of the rest of the patch. */
function mergeOrdered(merged: Record<string, unknown>, rest: Map<string, unknown>, { key, order, model, mode }: OrderEntry): void {
  if (mode.onPatch) {
    const had = own(merged, key);
    if (had !== undefined && !sameJson(had, order)) throw new Error(BAD_ORDER);
    define(merged, key, order);
  }
  rest.delete(key);
  const field = key.slice(ELEMENT_ORDER.length);
  const [had, patch] = [own(merged, field), rest.get(field)];
  if (!isList(order)) throw new Error(BAD_ORDER);
  if ((had !== undefined && !isList(had)) || (patch !== undefined && !isList(patch)))
    throw new Error(`expected a []interface {}, but received a ${shapeOf(isList(had) || had === undefined ? patch : had)}`);
  if (had === undefined && patch === undefined) return;
  const mergeKey = mergeKeyOf(model, field);
  checkOrder(patch ?? [], order, mergeKey);
  const list =
    had === undefined
      ? (withoutDirectives(patch ?? []) as List)
      : patch === undefined
        ? had
        : mergeLists(had, patch, { model, field, mode, isDeleteList: false });
  define(merged, field, orderMerged(list, { mergeKey, patchOrder: order, serverOrder: reusedSlots(had ?? [], patch ?? [], mergeKey) }));
  rest.delete(field);
}

/**
 * The server's order as upstream's later step sees it: items that were added fill the slots of those that were deleted, since Go's slices share memory.
 * The case "add map and delete map from merging list" of patch_test.go rests on it.
 */
function reusedSlots(had: List, patch: List, mergeKey: string | undefined): List {
  if (mergeKey === undefined) return had;
  const deleted = new Set(patch.filter(isDeletion).map((item) => identity(item, mergeKey)));
  const known = new Set(had.map((item) => identity(item, mergeKey)));
  const added = patch.filter((item) => !isDeletion(item) && !known.has(identity(item, mergeKey)));
  return [...had.filter((item) => !deleted.has(identity(item, mergeKey))), ...added].slice(0, had.length);
}

/** What the patch adds must stand in the order that it wants. */
function checkOrder(patch: List, order: List, mergeKey: string | undefined): void {
  const added = patch.filter((item) => !(isRecord(item) && own(item, '$patch') !== undefined));
  if (added.length === 0 || order.length === 0) return;
  let at = 0;
  for (const item of order) if (at < added.length && identity(added[at], mergeKey) === identity(item, mergeKey)) at++;
  if (at < added.length)
    throw new Error(
      `The order in patch list:\n${JSON.stringify(patch)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
    );
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly model: string | undefined;
  readonly mode: MergeMode;
}

function mergeEntry(merged: Record<string, unknown>, { key, value, model, mode }: Entry): void {
  const isDeleteList = key.startsWith(DELETE_LIST);
  if (isDeleteList && mode.onPatch) {
    define(merged, key, value);
    return;
  }
  const field = isDeleteList ? key.slice(DELETE_LIST.length) : key;
  if (value === null) {
    delete merged[field];
    if (mode.onPatch) define(merged, field, null);
    return;
  }
  const had = own(merged, field);
  if (had === undefined || shapeOf(had) !== shapeOf(value)) {
    if (!isDeleteList) put(merged, field, mode.onPatch ? value : withoutNulls(value));
    return;
  }
  if (isRecord(had) && isRecord(value))
    define(merged, field, mergeMap(had, value, model === undefined ? undefined : fieldModel(model, field), mode));
  else if (isList(had) && isList(value)) define(merged, field, mergeLists(had, value, { model, field, mode, isDeleteList }));
  else put(merged, field, value);
}

interface ListField {
  readonly model: string | undefined;
  readonly field: string;
  readonly mode: MergeMode;
  readonly isDeleteList: boolean;
}

function mergeLists(had: List, patch: List, { model, field, mode, isDeleteList }: ListField): List {
  const mergeKey = mergeKeyOf(model, field);
  if (had.length === 0 && patch.length === 0) return had;
  if (isDeleteList) return had.filter((item) => !patch.includes(item));
  if (mergeKey === undefined && !mergesPrimitives(model, field)) return patch;
  if (mergeKey === undefined) return orderMerged([...new Set([...had, ...patch])], { mergeKey, patchOrder: patch, serverOrder: had });
  const inner = model === undefined ? undefined : fieldModel(model, field);
  const { list, additions } = applyDirectives(had, patch, mergeKey);
  const merged = [...list];
  for (const item of additions) {
    const value = keyValue(item, mergeKey);
    const at = merged.findIndex((other) => isRecord(other) && own(other, mergeKey) === value);
    if (at < 0) merged.push(item);
    else merged[at] = mergeMap(merged[at] as Rec, item, inner, mode);
  }
  return orderMerged(merged, { mergeKey, patchOrder: additions, serverOrder: list });
}

/** `$patch: delete` takes items out, `$patch: replace` makes the patch's items the whole list. */
function applyDirectives(had: List, patch: List, mergeKey: string): { readonly list: List; readonly additions: readonly Rec[] } {
  const additions: Rec[] = [];
  let list = had;
  let replaces = false;
  for (const item of patch) {
    if (!isRecord(item)) throw new Error(`expected a map[string]interface {}, but received a ${shapeOf(item)}`);
    const directive = own(item, '$patch');
    if (directive === undefined) additions.push(item);
    else if (isDeletion(item)) {
      const value = keyValue(item, mergeKey);
      list = list.filter((other) => !isRecord(other) || own(other, mergeKey) !== value);
    } else if (directive === 'replace') replaces = true;
    else if (directive === 'merge') throw new Error('merging lists cannot yet be specified in the patch');
    else throw new Error(`unknown patch type: ${String(directive)} in map: ${goText(item)}`);
  }
  return replaces ? { list: additions, additions: [] } : { list, additions };
}

function keyValue(item: Rec, mergeKey: string): unknown {
  if (!Object.hasOwn(item, mergeKey)) throw new Error(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}

function put(merged: Record<string, unknown>, field: string, value: unknown): void {
  if (isRecord(value) && own(value, '$patch') !== undefined) delete merged[field];
  else define(merged, field, withoutDirectives(value));
}

function withoutDirectives(value: unknown): unknown {
  if (isList(value)) return value.filter((item) => !(isRecord(item) && own(item, '$patch') !== undefined)).map(withoutDirectives);
  return isRecord(value) ? mapRecord(value, (item) => !(isRecord(item) && own(item, '$patch') !== undefined), withoutDirectives) : value;
}

function mapRecord(record: Rec, keeps: (item: unknown) => boolean, change: (item: unknown) => unknown): Rec {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(record)) if (keeps(record[key])) define(out, key, change(record[key]));
  return out;
}
