/** JSON merge patch, RFC 7386, with the liberty that upstream takes: nulls are left out of objects in new lists, too. Upstream: gopkg.in/evanphx/json-patch.v4 merge.go. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return isObject ? patch : withoutNulls(patch);
  const base = isObject ? target : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else define(merged, key, mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}

/** Null items of lists stay. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) define(kept, key, withoutNulls(item));
  return kept;
}

/** Sets a key even when it is '__proto__'. */
export function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}
