/**
 * What clients ask an OpenAPI document: which kinds are served and of which fields they are, and that field validation and dry runs are done by the server.
 * Upstream: /openapi/v3 by k8s.io/kube-openapi/pkg/handler3 (v1.36). Simplified: paths have few parameters; version 2 has no paths, and as protobuf no definitions.
 */
import { apiVersionOf, kinds } from '../../api/registry.ts';
import type { Kind } from '../../api/kind.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { definitionsOf, schemasOf } from './openapi-schemas.ts';
import { VERSION } from './version.ts';

const INFO = { title: 'Kubernetes', version: VERSION.gitVersion } as const;
/** A short text as a field of a protobuf message. */
const bytesOf = (field: number, text: string): string => String.fromCharCode((field << 3) | 2, text.length) + text;
/** The message of a document of version 2 with its `swagger` and its `info`: all that clients need that validate on the server. */
const V2_BYTES = bytesOf(1, '2.0') + bytesOf(2, bytesOf(1, INFO.title) + bytesOf(2, INFO.version));

const groupVersions = (): readonly string[] =>
  [...new Set(kinds.map(apiVersionOf))].map((gv) => (gv.includes('/') ? `apis/${gv}` : `api/${gv}`)).sort((a, b) => (a < b ? -1 : 1));
const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
  name,
  in: 'query',
  schema: { type: name === 'force' ? 'boolean' : 'string' },
}));

function pathsOf(kind: Kind, root: string): readonly (readonly [string, object])[] {
  const all = `/${root}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
  const of = (action: string) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: kind.group, version: 'v1', kind: kind.kind },
    parameters: action === 'get' || action === 'list' ? [] : PARAMETERS,
    responses: { 200: { description: 'OK' } },
  });
  return [
    [all, { get: of('list'), post: of('post') }],
    [`${all}/{name}`, { get: of('get'), put: of('put'), patch: of('patch'), delete: of('delete') }],
  ];
}

/** Undefined: no OpenAPI path. */
export function openApi(request: ApiRequest): ApiResponse | undefined {
  if (request.method !== 'GET') return undefined;
  if (request.path === '/openapi/v2')
    return {
      code: 200,
      body: (request.accept ?? '').includes('protobuf')
        ? V2_BYTES
        : { swagger: '2.0', info: INFO, paths: {}, definitions: definitionsOf(kinds) },
    };
  if (!/^\/openapi\/v3(\/|$)/.test(request.path)) return undefined;
  const root = request.path.replace(/^\/openapi\/v3\/?/, '');
  if (root === '')
    return {
      code: 200,
      body: { paths: Object.fromEntries(groupVersions().map((gv) => [gv, { serverRelativeURL: `/openapi/v3/${gv}` }])) },
    };
  const served = kinds.filter((kind) => root === (kind.group === '' ? `api/${apiVersionOf(kind)}` : `apis/${apiVersionOf(kind)}`));
  if (served.length === 0) return undefined;
  return {
    code: 200,
    body: {
      openapi: '3.0.0',
      info: INFO,
      paths: Object.fromEntries(served.flatMap((kind) => pathsOf(kind, root))),
      components: { schemas: schemasOf(served) },
    },
  };
}
