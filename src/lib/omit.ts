/** The record without some of its fields, in the order it had. Faster than a rest pattern, which matters where every request passes. */
export function omit<T extends object>(record: T, fields: ReadonlySet<string>): T {
  const rest: Record<string, unknown> = {};
  for (const key of Object.keys(record)) if (!fields.has(key)) rest[key] = (record as Readonly<Record<string, unknown>>)[key];
  return rest as T;
}
