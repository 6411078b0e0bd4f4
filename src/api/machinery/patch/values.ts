/** Plain JSON values, as patches look at them. */

export type Rec = Readonly<Record<string, unknown>>;
export type List = readonly unknown[];

export const isRecord = (value: unknown): value is Rec => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: unknown): value is List => Array.isArray(value);
/** Sets a key even when it is '__proto__'. */
export function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}

export const own = (record: Rec, key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined);

/** Go's reflect type, coarsely. */
export const shapeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** As Go's %v prints a scalar. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);

export const byText = (a: unknown, b: unknown): number => {
  const [x, y] = [textOf(a), textOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** A copy that shares nothing. */
export function copy(value: unknown): unknown {
  if (isList(value)) return value.map(copy);
  if (!isRecord(value)) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) define(out, key, copy(value[key]));
  return out;
}

/** Names of the members that are there, in byte order. What is undefined is absent. */
export const keysIn = (record: Rec): readonly string[] =>
  Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1));

/** '1e+06' of '1e+6': Go writes two digits at least. */
export const goExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** As Go's %v prints any value: map[a:1 b:[x y]]. What is undefined is absent. */
export function goText(value: unknown): string {
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  return isRecord(value)
    ? `map[${keysIn(value)
        .map((key) => `${key}:${goText(value[key])}`)
        .join(' ')}]`
    : textOf(value);
}
