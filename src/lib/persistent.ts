/** Small maps and sets that are replaced and never changed: frozen, so that every snapshot shares them. */

export const NO_ENTRIES: ReadonlyMap<never, never> = Object.freeze(new Map<never, never>());
export const NO_MEMBERS: ReadonlySet<never> = Object.freeze(new Set<never>());

/** The map with one more entry, or another value; the value is frozen, too. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return Object.freeze(new Map(map).set(key, Object.freeze(value)));
}

export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return Object.freeze(rest);
}

export function withMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return set.has(member) ? set : Object.freeze(new Set(set).add(member));
}

export function withoutMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  if (!set.has(member)) return set;
  const rest = new Set(set);
  rest.delete(member);
  return Object.freeze(rest);
}
