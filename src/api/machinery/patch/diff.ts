/**
 * The strategic merge patch that leads from one object to another.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go diffMaps, diffLists (v1.36). Simplified: nothing known.
 */
import { fieldModel } from '../../schema/definitions.ts';
import { mergeKeyOf, mergesPrimitives, retainsKeys } from './merge-keys.ts';
import { identity, sortBy } from './list-order.ts';
import { DELETE_LIST, ELEMENT_ORDER, RETAIN_KEYS } from './strategic.ts';
import { byText, define, goText, isList, isRecord, own, shapeOf, type List, type Rec } from './values.ts';
import { sameJson } from './same-json.ts';

export interface DiffOptions {
  readonly ignoresDeletions?: boolean;
  readonly ignoresChangesAndAdditions?: boolean;
  /** Set on the way down, where the field's strategy says so. */
  readonly retainsKeys?: boolean;
}

export function diffMaps(from: Rec, to: Rec, model: string | undefined, options: DiffOptions): Rec {
  const patch: Record<string, unknown> = {};
  const keys = Object.keys(to).filter((key) => to[key] !== undefined);
  for (const key of keys) {
    const [old, value] = [own(from, key), to[key]];
    if (old !== undefined && isRecord(old) && isRecord(value)) diffField(patch, { key, old, value, model, options });
    else if (old !== undefined && isList(old) && isList(value)) diffListField(patch, { key, old, value, model, options });
    else if (!options.ignoresChangesAndAdditions && (old === undefined || shapeOf(old) !== shapeOf(value) || old !== value))
      define(patch, key, value);
  }
  const gone = Object.keys(from).filter((key) => from[key] !== undefined && own(to, key) === undefined);
  if (!options.ignoresDeletions) for (const key of gone) define(patch, key, null);
  const kept = keys.filter((key) => to[key] !== null);
  const hasMore = Object.keys(patch).length > 0 || gone.some((key) => from[key] !== null);
  if (options.retainsKeys && kept.length > 0 && hasMore) define(patch, RETAIN_KEYS, [...kept].sort(byText));
  return patch;
}

interface Field<T> {
  readonly key: string;
  readonly old: T;
  readonly value: T;
  readonly model: string | undefined;
  readonly options: DiffOptions;
}

function diffField(patch: Record<string, unknown>, { key, old, value, model, options }: Field<Rec>): void {
  const inner = diffMaps(old, value, model === undefined ? undefined : fieldModel(model, key), {
    ...options,
    retainsKeys: retainsKeys(model, key),
  });
  if (Object.keys(inner).length > 0) define(patch, key, inner);
}

function diffListField(patch: Record<string, unknown>, field: Field<List>): void {
  const { key, old, value, model, options } = field;
  const mergeKey = mergeKeyOf(model, key);
  if (mergeKey === undefined && !mergesPrimitives(model, key)) {
    if (!options.ignoresChangesAndAdditions && !sameJson(old, value)) define(patch, key, value);
    return;
  }
  if (old.length === 0) {
    if (value.length > 0 && !options.ignoresChangesAndAdditions) define(patch, key, value);
    return;
  }
  const { list, deletions, order } = mergeKey === undefined ? diffPrimitives(old, value, options) : diffObjects(field, mergeKey);
  if (list.length > 0) define(patch, key, list);
  if (deletions.length > 0) define(patch, DELETE_LIST + key, deletions);
  if (order && order.length > 0) define(patch, ELEMENT_ORDER + key, order);
}

interface ListDiff {
  readonly list: List;
  readonly deletions: List;
  readonly order?: List;
}

/** Upstream sorts the old list before it asks whether the order is another. */
function diffPrimitives(old: List, value: List, options: DiffOptions): ListDiff {
  const list = options.ignoresChangesAndAdditions
    ? []
    : sortBy(
        value.filter((item) => !old.includes(item)),
        value,
        undefined,
      );
  const deletions = options.ignoresDeletions ? [] : [...new Set(old.filter((item) => !value.includes(item)))].sort(byText);
  const isOrdered = deletions.length > 0 || (!options.ignoresChangesAndAdditions && !sameJson([...old].sort(byText), value));
  return { list, deletions, ...(isOrdered ? { order: value } : {}) };
}

function diffObjects({ key, old, value, model, options }: Field<List>, mergeKey: string): ListDiff {
  const inner = model === undefined ? undefined : fieldModel(model, key);
  // sliceElementType
  if (old.some(isRecord) && !value.every(isRecord)) throw new Error(`list element types are not identical: ${goText([old, value])}`);
  const [from, to] = [byKey(old, mergeKey), byKey(value, mergeKey)];
  const changes: Rec[] = [];
  for (const [id, item] of to) {
    const had = from.get(id);
    if (!had) {
      if (!options.ignoresChangesAndAdditions) changes.push(item);
      continue;
    }
    const change = diffMaps(had, item, inner, { ...options, retainsKeys: retainsKeys(model, key) });
    if (Object.keys(change).length > 0) changes.push({ ...change, [mergeKey]: id });
  }
  const removals = options.ignoresDeletions
    ? []
    : [...from.keys()]
        .filter((id) => !to.has(id))
        .sort(byText)
        .map((id) => ({ $patch: 'delete', [mergeKey]: id }));
  const list = [...sortBy(changes, value, mergeKey), ...removals];
  const isSameOrder = old.length === value.length && value.every((item, i) => identity(item, mergeKey) === identity(old[i], mergeKey));
  const isOrdered =
    (!options.ignoresChangesAndAdditions && (list.length > 0 || !isSameOrder)) || (!options.ignoresDeletions && list.length > 0);
  return { list, deletions: [], ...(isOrdered ? { order: value.map((item) => ({ [mergeKey]: identity(item, mergeKey) })) } : {}) };
}

function byKey(list: List, mergeKey: string): ReadonlyMap<unknown, Rec> {
  return new Map(
    list.map((item) => {
      if (!isRecord(item) || !Object.hasOwn(item, mergeKey))
        throw new Error(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
      return [item[mergeKey], item] as const;
    }),
  );
}
