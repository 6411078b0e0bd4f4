/**
 * The shapes that a client may ask for instead of the object itself: a Table with what kubectl prints, or metadata alone.
 * Upstream: staging/src/k8s.io/apiserver pkg/endpoints/handlers/response.go, pkg/printers/internalversion (v1.36). Simplified: column descriptions are empty.
 */
import type { Column, Kind } from '../../api/kind.ts';
import { scaleColumns } from '../../api/machinery/columns.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';

export interface Shape {
  readonly as: 'Table' | 'PartialObjectMetadata';
  /** Of the group meta.k8s.io. */
  readonly version: 'v1' | 'v1beta1';
}
interface ListLike extends KubeObject {
  readonly items?: readonly KubeObject[];
}

/** The first media type that is spoken here decides: 'none' when there is no such. Upstream: negotiation/negotiate.go acceptMediaTypeOptions. `isPlain`: of what there is no other shape. */
export function shapeOf(accept: string | undefined, isPlain = false): Shape | 'none' | undefined {
  if (accept === undefined || accept.trim() === '') return undefined;
  for (const part of accept.split(',')) {
    const { type, parameters } = mediaType(part);
    if (!SPOKEN.has(type.toLowerCase())) continue;
    const as = parameters.get('as');
    if (as === undefined) return undefined;
    const version = parameters.get('v');
    if (isPlain || parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { as, version };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'PartialObjectMetadata', version };
  }
  return 'none';
}
/** One of an Accept header's, with its parameters. */
export function mediaType(part: string): { readonly type: string; readonly parameters: ReadonlyMap<string, string> } {
  const [type, ...rest] = part.split(';').map((p) => p.trim());
  return {
    type,
    parameters: new Map(
      rest.map((p) => {
        const at = p.indexOf('=');
        return [p.slice(0, at), p.slice(at + 1)] as const;
      }),
    ),
  };
}
const SPOKEN: ReadonlySet<string> = new Set(['application/json', 'application/yaml', 'application/*', '*/*']);

export const partial = ({ metadata }: KubeObject, version: Shape['version'] = 'v1'): KubeObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});

export function tableOf(r: {
  readonly kind: Kind;
  readonly objects: readonly KubeObject[];
  readonly metadata: object;
  readonly version?: Shape['version'];
  readonly nowMs: number;
  readonly includeObject?: string;
  readonly withoutHeader?: boolean;
}): object {
  const cell = (column: Column<KubeObject>, object: KubeObject): string | number => {
    const text = column.value(object, r.nowMs, true);
    return column.isNumber ? Number(text) : text;
  };
  const definition = (column: Column<KubeObject>): object => ({
    name: column.name,
    type: column.isNumber ? 'integer' : 'string',
    format: column.name === 'Name' ? 'name' : '',
    description: '',
    priority: column.wide ? 1 : 0,
  });
  const shown = (object: KubeObject): object | null =>
    r.includeObject === 'None' ? null : r.includeObject === 'Object' ? object : partial(object, r.version);
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${r.version ?? 'v1'}`,
    metadata: r.metadata,
    columnDefinitions: r.withoutHeader ? null : r.kind.columns.map(definition),
    rows: r.objects.map((object) => {
      const completed = r.kind.completed?.(object);
      return {
        cells: r.kind.columns.map((column) => cell(column, object)),
        ...(completed ? { conditions: [{ type: 'Completed', status: 'True', ...completed }] } : {}),
        object: shown(object),
      };
    }),
  };
}

/** The answer in the shape that was asked for; refusals stay what they are. */
export function encoded(
  response: ApiResponse,
  of: { readonly request: ApiRequest; readonly kind: Kind; readonly nowMs: number },
): ApiResponse {
  const shape = shapeOf(of.request.accept);
  const body = response.body as ListLike;
  if (
    shape === undefined ||
    shape === 'none' ||
    response.code >= 400 ||
    typeof body !== 'object' ||
    body === null ||
    (body.kind !== of.kind.kind && body.kind !== `${of.kind.kind}List` && body.kind !== 'Scale')
  )
    return response;
  const objects = body.items ?? [body];
  const { version } = shape;
  if (shape.as === 'PartialObjectMetadata')
    return {
      ...response,
      body: body.items
        ? {
            kind: 'PartialObjectMetadataList',
            apiVersion: `meta.k8s.io/${version}`,
            metadata: body.metadata,
            items: objects.map((object) => partial(object, version)),
          }
        : partial(body, version),
    };
  const metadata = body.items ? (body.metadata ?? {}) : { resourceVersion: body.metadata?.resourceVersion };
  return {
    ...response,
    body: tableOf({
      kind: body.kind === 'Scale' ? { ...of.kind, columns: scaleColumns } : of.kind,
      objects,
      metadata,
      version,
      nowMs: of.nowMs,
      ...(of.request.query?.includeObject ? { includeObject: of.request.query.includeObject } : {}),
    }),
  };
}
