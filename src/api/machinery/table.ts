/**
 * Objects of one kind as the rows that `kubectl get` prints.
 * Upstream: k8s.io/cli-runtime pkg/printers/tableprinter.go, k8s.io/kubectl pkg/cmd/get (v1.36).
 * Simplified: kinds that the registry does not know print NAME and AGE, as a custom resource without columns does.
 */
import type { Column, Kind } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { kindOf, qualifiedSingular } from '../registry.ts';
import { ageColumn, nameColumn, scaleColumns } from './columns.ts';
import { formatMap } from './labels.ts';

export interface TableOptions {
  readonly wide?: boolean;
  /** A NAMESPACE column in front, as with --all-namespaces. */
  readonly namespaces?: boolean;
  /** A LABELS column at the end, as with --show-labels. */
  readonly labels?: boolean;
  /** Label keys with a column each, as with -L. */
  readonly labelColumns?: readonly string[];
  /** Names as 'deployment.apps/web', as when several kinds are printed at once. */
  readonly showKind?: boolean;
  /** Milliseconds since 1970; without it ages are '<unknown>'. */
  readonly nowMs?: number;
}

export interface Table {
  /** As printed: upper case. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All objects must be of the first one's kind. */
export function table(objects: readonly KubeObject[], options: TableOptions = {}): Table {
  const first = objects[0];
  const kind = first && kindOf(first.apiVersion, first.kind);
  const columns = columnsOf(kind, options, first);
  return {
    columns: columns.map((column) => column.name.toUpperCase()),
    rows: objects.map((object) => columns.map((column) => column.value(object, options.nowMs ?? Number.NaN, options.wide))),
  };
}

function columnsOf(kind: Kind | undefined, options: TableOptions, sample: KubeObject | undefined): readonly Column<KubeObject>[] {
  const own = (kind?.columns ?? (sample?.kind === 'Scale' ? scaleColumns : [nameColumn, ageColumn])).filter(
    (column) => options.wide || !column.wide,
  );
  const prefix = options.showKind ? `${kind ? qualifiedSingular(kind) : (sample?.kind ?? '').toLowerCase()}/` : '';
  return [
    ...(options.namespaces ? [{ name: 'Namespace', value: (o: KubeObject): string => o.metadata?.namespace ?? '' }] : []),
    ...own.map((column) =>
      prefix !== '' && column.name === 'Name' ? { ...column, value: (o: KubeObject): string => prefix + (o.metadata?.name ?? '') } : column,
    ),
    ...(options.labelColumns ?? []).map((key) => ({
      name: key.slice(key.lastIndexOf('/') + 1),
      value: (o: KubeObject): string => labelOf(o, key),
    })),
    ...(options.labels ? [{ name: 'Labels', value: (o: KubeObject): string => formatMap(o.metadata?.labels) || '<none>' }] : []),
  ];
}

const labelOf = (object: KubeObject, key: string): string =>
  Object.hasOwn(object.metadata?.labels ?? {}, key) ? (object.metadata?.labels?.[key] ?? '') : '';
