/** How Go's fmt prints what JSON can say, with the keys of maps in order. Upstream: fmt, verb %#v. */
const entries = (value: object): readonly (readonly [string, unknown])[] => Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));

/** %#v: 'map[string]interface {}{"a":1}' */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object') return `map[string]interface {}{${entries(value).map(([k, v]) => `${JSON.stringify(k)}:${goSyntax(v)}`).join(', ')}}`;
  return JSON.stringify(value);
}
