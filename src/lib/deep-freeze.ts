/** Freezes plain data to its leaves and returns it. A frozen subtree is taken as frozen to its leaves and skipped, so sharing stays cheap. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (typeof value[i] === 'object') deepFreeze(value[i]);
    return value;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof item === 'object') deepFreeze(item);
  }
  return value;
}
