/**
 * Strategic merge patch: maps merge, lists of objects merge by key, `$patch` and friends direct it.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v1.36). Simplified: `$setElementOrder` orders only what it names.
 */
import { fieldModel } from '../../schema/definitions.ts';
import { define } from './merge.ts';
import { mergeKeyOf, mergesPrimitives } from './merge-keys.ts';

type Rec = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Rec => typeof value === 'object' && value !== null && !Array.isArray(value);

export function strategicPatch(target: unknown, patch: unknown, model: string | undefined): unknown {
  if (!isRecord(patch)) return patch;
  if (patch.$patch === 'delete') return {};
  if (patch.$patch === 'replace') { const { $patch: _p, ...rest } = patch; return rest; }
  const base: Rec = isRecord(target) ? target : {};
  const merged: Record<string, unknown> = { ...base };
  if (Array.isArray(patch.$retainKeys)) for (const key of Object.keys(merged)) if (!patch.$retainKeys.includes(key)) delete merged[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      if (Array.isArray(merged[field]) && Array.isArray(value)) merged[field] = (merged[field] as unknown[]).filter((item) => !value.includes(item));
    } else if (value === null) delete merged[key];
    else define(merged, key, mergeField(Object.hasOwn(merged, key) ? merged[key] : undefined, value, model, key));
  }
  for (const [key, order] of Object.entries(patch)) if (key.startsWith('$setElementOrder/')) reorder(merged, key.slice('$setElementOrder/'.length), order, model);
  return merged;
}

function mergeField(old: unknown, value: unknown, model: string | undefined, field: string): unknown {
  const inner = model === undefined ? undefined : fieldModel(model, field);
  if (!Array.isArray(value)) return isRecord(value) ? strategicPatch(old, value, inner) : value;
  const key = model === undefined ? undefined : mergeKeyOf(model, field);
  const had = Array.isArray(old) ? (old as readonly unknown[]) : [];
  if (key !== undefined) return mergeList(had, value, key, inner);
  if (model !== undefined && mergesPrimitives(model, field)) return [...had, ...value.filter((item) => !had.includes(item))];
  return value.filter((item) => !isRecord(item) || item.$patch === undefined);
}

function mergeList(old: readonly unknown[], patch: readonly unknown[], key: string, model: string | undefined): readonly unknown[] {
  if (patch.some((item) => isRecord(item) && item.$patch === 'replace')) return patch.filter((item) => isRecord(item) && item.$patch === undefined);
  let merged = [...old];
  const added: unknown[] = [];
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const at = merged.findIndex((other) => isRecord(other) && other[key] === item[key]);
    if (item.$patch === 'delete') { merged = merged.filter((other) => !isRecord(other) || other[key] !== item[key]); continue; }
    if (at >= 0) merged[at] = strategicPatch(merged[at], item, model); else added.push(strategicPatch({}, item, model));
  }
  return [...merged, ...added];
}

function reorder(merged: Record<string, unknown>, field: string, order: unknown, model: string | undefined): void {
  const list = merged[field];
  const key = model === undefined ? undefined : mergeKeyOf(model, field);
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  const rank = (item: unknown): number => order.findIndex((o) => (key !== undefined && isRecord(o) && isRecord(item) ? o[key] === item[key] : o === item));
  const known = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  merged[field] = [...list.filter((item) => rank(item) < 0), ...known];
}
