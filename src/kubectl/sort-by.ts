/** --sort-by and custom columns. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/{sorter,customcolumn}.go (v1.36). */
import type { KubeObject } from '../api/object.ts';
import { goSorted } from '../lib/go-sort.ts';
import { isQuantity, wholeUnits } from '../api/machinery/quantity.ts';
import { goText } from '../api/machinery/patch/values.ts';
import { pathFinder } from './json-path.ts';

/** '{.metadata.name}' from '.metadata.name', 'metadata.name' or itself; undefined when it is no path. Upstream: RelaxedJSONPathExpression. */
export function relaxed(path: string): string | undefined {
  const [, braced, bare] = /^(?:\{\.?([^{}]+)\}|\.?([^{}]+))$/s.exec(path) ?? [];
  const names = braced ?? bare;
  return names === undefined ? undefined : `{.${names}}`;
}
export const NO_PATH = "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'\n";

/** What is wrong with --sort-by for these objects. */
export function sortError(objects: readonly unknown[], by: string | undefined): string | undefined {
  if (by === undefined || by === '' || objects.length === 0) return undefined;
  const path = relaxed(by);
  if (path === undefined) return NO_PATH;
  const isFound = objects.map(pathFinder(path)).some((found) => 'results' in found && found.results.some((values) => values.length > 0));
  return isFound ? undefined : `error: couldn't find any field with path ${JSON.stringify(path)} in the list of objects\n`;
}

export function sorted<O extends KubeObject>(objects: readonly O[], by: string | undefined): readonly O[] {
  if (by === undefined || by === '') return objects;
  const find = pathFinder(relaxed(by) ?? '');
  const keyed = objects.map((object) => {
    const found = find(object);
    return { object, key: 'results' in found ? found.results[0]?.[0] : undefined };
  });
  return goSorted(keyed, (a, b) => isLess(a.key, b.key)).map(({ object }) => object);
}

/** What is not there comes first. Upstream: isLess, RuntimeSort.Less. */
function isLess(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === undefined;
  if (a === null || b === null) return a === null && b !== null;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const [one, other] = [goText(a), goText(b)];
  return isQuantity(one) && isQuantity(other) ? wholeUnits(one) < wholeUnits(other) : one < other;
}

/** What 'NAME:.metadata.name,NODE:.spec.nodeName' shows of each object, the names of the columns first; an error is a text. */
export function customColumns(
  spec: string,
  objects: readonly KubeObject[],
  noHeaders: boolean,
): { readonly lines: readonly (readonly string[])[] } | { readonly err: string } {
  if (spec === '') return { err: 'error: custom-columns format specified but no custom columns given\n' };
  const columns = spec.split(',').map((part) => {
    const at = part.indexOf(':');
    return { name: part.slice(0, at), path: at < 0 ? '' : part.slice(at + 1) };
  });
  const bad = columns.findIndex((c) => c.path === '');
  if (bad >= 0) return { err: `error: unexpected custom-columns spec: ${spec.split(',')[bad]}, expected <header>:<json-path-expr>\n` };
  if (columns.some(({ path }) => relaxed(path) === undefined)) return { err: NO_PATH };
  const finders = columns.map(({ path }) => pathFinder(relaxed(path) ?? ''));
  const found = objects.map((object) => finders.map((find) => find(object)));
  for (const cell of found.flat()) if ('error' in cell) return { err: `error: ${cell.error}\n` };
  const rows = found.map((line) => line.map((cell) => ('results' in cell ? cell.results.flat().map(goText).join(',') : '') || '<none>'));
  return { lines: noHeaders ? rows : [columns.map((c) => c.name), ...rows] };
}
