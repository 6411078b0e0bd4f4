/**
 * The shapes that a client may ask for instead of the object itself: a Table with what kubectl prints, or metadata alone.
 * Upstream: staging/src/k8s.io/apiserver pkg/endpoints/handlers/response.go, pkg/printers/internalversion (v1.36). Simplified: column descriptions are empty.
 */
import type { Column, Kind } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';

export type Shape = 'Table' | 'PartialObjectMetadata';
interface ListLike extends KubeObject { readonly items?: readonly KubeObject[] }

/** The first media type that is spoken here decides. */
export function shapeOf(accept: string | undefined): Shape | undefined {
  for (const part of (accept ?? '').split(',')) {
    const [type, ...rest] = part.split(';').map((p) => p.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const parameters = new Map(rest.map((p) => { const at = p.indexOf('='); return [p.slice(0, at), p.slice(at + 1)] as const; }));
    const as = parameters.get('as');
    if (as === undefined) return undefined;
    if (parameters.get('g') !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(parameters.get('v') ?? '')) continue;
    if (as === 'Table') return 'Table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'PartialObjectMetadata';
  }
  return undefined;
}

export const partial = ({ metadata }: KubeObject): KubeObject => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });

export function tableOf(r: { readonly kind: Kind; readonly objects: readonly KubeObject[]; readonly metadata: object; readonly nowMs: number; readonly includeObject?: string; readonly withoutHeader?: boolean }): object {
  const cell = (column: Column<KubeObject>, object: KubeObject): string | number => { const text = column.value(object, r.nowMs, true); return column.isNumber ? Number(text) : text; };
  const definition = (column: Column<KubeObject>): object => ({ name: column.name, type: column.isNumber ? 'integer' : 'string', format: column.name === 'Name' ? 'name' : '', description: '', priority: column.wide ? 1 : 0 });
  const shown = (object: KubeObject): object | null => (r.includeObject === 'None' ? null : r.includeObject === 'Object' ? object : partial(object));
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: r.metadata, columnDefinitions: r.withoutHeader ? null : r.kind.columns.map(definition),
    rows: r.objects.map((object) => ({ cells: r.kind.columns.map((column) => cell(column, object)), object: shown(object) })),
  };
}

/** The answer in the shape that was asked for; refusals stay what they are. */
export function encoded(response: ApiResponse, of: { readonly request: ApiRequest; readonly kind: Kind; readonly nowMs: number }): ApiResponse {
  const shape = shapeOf(of.request.accept);
  const body = response.body as ListLike;
  if (shape === undefined || response.code >= 400 || typeof body !== 'object' || body === null || (body.kind !== of.kind.kind && body.kind !== `${of.kind.kind}List`)) return response;
  const objects = body.items ?? [body];
  if (shape === 'PartialObjectMetadata') return { ...response, body: body.items ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: body.metadata, items: objects.map(partial) } : partial(body) };
  const metadata = body.items ? (body.metadata ?? {}) : { resourceVersion: body.metadata?.resourceVersion };
  return { ...response, body: tableOf({ kind: of.kind, objects, metadata, nowMs: of.nowMs, ...(of.request.query?.includeObject ? { includeObject: of.request.query.includeObject } : {}) }) };
}
