/** What `kubectl get` prints of objects of one kind. Upstream: cli-runtime/pkg/printers/tableprinter.go (v1.36). */
import type { KubeObject } from '../object.ts';
import { kindOf } from '../registry.ts';
import { formatMap } from './labels.ts';

export interface TableOptions { readonly wide?: boolean; readonly namespaces?: boolean; readonly labels?: boolean; readonly nowMs?: number }
export interface Table { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

export function table(objects: readonly KubeObject[], options: TableOptions = {}): Table {
  const kind = kindOf(objects[0]?.apiVersion, objects[0]?.kind);
  if (!kind) return { columns: ['NAME'], rows: objects.map((o) => [o.metadata?.name ?? '']) };
  const columns = kind.columns.filter((c) => options.wide || !c.wide);
  const now = options.nowMs ?? 0;
  return {
    columns: [...(options.namespaces ? ['NAMESPACE'] : []), ...columns.map((c) => c.name.toUpperCase()), ...(options.labels ? ['LABELS'] : [])],
    rows: objects.map((o) => [...(options.namespaces ? [o.metadata?.namespace ?? ''] : []), ...columns.map((c) => c.value(o, now)), ...(options.labels ? [formatMap(o.metadata?.labels) || '<none>'] : [])]),
  };
}
