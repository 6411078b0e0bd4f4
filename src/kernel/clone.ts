import { LayeredMap } from '../lib/layered-map.ts';

/** Copies plain data: Maps, Sets, arrays, typed arrays and objects. Whatever is frozen is immutable to its leaves, and shared. */
export function cloneData<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const copy = value.slice();
    for (let i = 0; i < copy.length; i++) if (typeof copy[i] === 'object') copy[i] = cloneData(copy[i]);
    return copy as T;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>(value);
    value.forEach((item, key) => {
      if (typeof item === 'object' && item !== null && !Object.isFrozen(item)) copy.set(key, cloneData(item));
    });
    return copy as T;
  }
  if (value instanceof LayeredMap) return value.copy() as T;
  if (value instanceof Set) return new Set(value) as T;
  if (ArrayBuffer.isView(value)) return (value as unknown as { slice(): T }).slice();
  const copy = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(copy)) {
    const item = copy[key];
    if (typeof item === 'object' && item !== null && !Object.isFrozen(item)) copy[key] = cloneData(item);
  }
  return copy as T;
}
