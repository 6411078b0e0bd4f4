/** How Go's fmt prints what JSON can say, with the keys of maps in order. Upstream: fmt, verb %#v. */
import { isRecord, keysIn } from '../api/machinery/patch/values.ts';

/** %#v: 'map[string]interface {}{"a":1}' */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isRecord(value))
    return `map[string]interface {}{${keysIn(value)
      .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
