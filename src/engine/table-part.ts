/** The tables that `kubectl get` prints, of plain objects and with no cluster. Upstream: k8s.io/kubectl pkg/cmd/get/get.go (v1.36). Simplified: kinds that are not simulated print NAME and AGE. */
import { table as tableOf, type Table, type TableOptions } from '../api/machinery/table.ts';
import { parseTime } from '../api/machinery/time.ts';
import type { KubeObject } from '../api/object.ts';
import { isList, isRecord } from '../api/machinery/patch/values.ts';
import { readObject } from './part-rules.ts';
import { told } from './shape.ts';

/** One object, several, or a List as the apiserver and kubectl write them. */
export type Printable =
  | KubeObject
  | readonly KubeObject[]
  | { readonly apiVersion?: string; readonly kind?: string; readonly items: readonly KubeObject[] };
/** `now` is RFC 3339; without it ages are '<unknown>'. */
export interface TablePartOptions extends TableOptions {
  readonly now?: string;
}

/** Of objects of one kind. Throws an Error when there are several: `tables` prints those. */
export function table(objects: Printable, options: TablePartOptions = {}): Table {
  const all = objectsOf(objects);
  const kinds = [...new Set(all.map(typeOf))];
  if (kinds.length > 1) throw new Error(`a table has objects of one kind, not of ${kinds.join(' and ')}: tables() prints one for each`);
  return tableOf(all, clocked(options));
}

/** One for each kind, in the order in which they come; of several kinds the names say which. */
export function tables(objects: Printable, options: TablePartOptions = {}): readonly Table[] {
  const all = objectsOf(objects);
  const kinds = [...new Set(all.map(typeOf))];
  return kinds.map((kind) =>
    tableOf(
      all.filter((object) => typeOf(object) === kind),
      { showKind: kinds.length > 1, ...clocked(options) },
    ),
  );
}

const typeOf = ({ apiVersion, kind }: KubeObject): string => `${apiVersion ?? ''} ${kind ?? ''}`.trim();

function clocked({ now, ...options }: TablePartOptions): TableOptions {
  if (now === undefined) return options;
  const nowMs = parseTime(now);
  if (Number.isNaN(nowMs)) throw new Error(`now is an RFC 3339 time, not ${JSON.stringify(now)}`);
  return { ...options, nowMs };
}

/** What stands in a PodList leaves its type to the list. */
function objectsOf(objects: Printable): readonly KubeObject[] {
  const given: unknown = isRecord(objects) && 'items' in objects ? objects.items : isRecord(objects) ? [objects] : objects;
  if (!isList(given)) throw new Error(`table: objects is an object, several or a List, not ${told(given)}`);
  const odd = given.findIndex((one) => !isRecord(one));
  if (odd >= 0) throw new Error(`table: objects[${odd}] is an object, not ${told(given[odd])}`);
  const { apiVersion, kind = 'List' } = (Array.isArray(objects) ? {} : objects) as { readonly apiVersion?: string; readonly kind?: string };
  const type = !('items' in objects) || kind === 'List' ? {} : { apiVersion, kind: kind.replace(/List$/, '') };
  return given.map((item) => readObject({ ...type, ...(item as KubeObject) }, '') as KubeObject);
}
