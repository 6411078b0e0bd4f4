/**
 * What a request asks for, read from its method, path and query.
 * Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go (v1.36). Simplified: no proxy and no redirect verbs.
 */
import type { Kind } from '../../api/kind.ts';
import { parsePath, resourceNameOf } from '../../api/paths.ts';
import { kindForResource } from '../../api/registry.ts';
import type { ApiRequest } from '../api-request.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export interface RequestInfo {
  readonly verb: Verb;
  readonly kind: Kind;
  /** 'deployments.apps' */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Undefined when the path names no resource that is served here. */
export function requestInfo(request: ApiRequest): RequestInfo | undefined {
  const known = infos.get(request);
  if (known) return known;
  const info = readInfo(request);
  if (info && Object.isFrozen(request)) infos.set(request, info);
  return info;
}
const infos = new WeakMap<ApiRequest, RequestInfo>();

/** The older way to ask for a watch: '/api/v1/watch/namespaces/default/pods'. */
const WATCH_PATH = /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/watch(\/.+)$/;

function readInfo(request: ApiRequest): RequestInfo | undefined {
  const watched = WATCH_PATH.exec(request.path);
  const path = parsePath(watched ? `${watched[1]}${watched[2]}` : request.path);
  if (!path) return undefined;
  const kind = kindForResource(path.group, path.version, path.plural);
  if (!kind || (path.namespace !== undefined && !kind.namespaced)) return undefined;
  const { namespace, name, subresource } = path;
  return {
    verb: watched ? 'watch' : verbOf(request, name),
    kind,
    resource: resourceNameOf(kind.group, kind.plural),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

const METHODS: Readonly<Record<string, readonly ApiRequest['method'][]>> = {
  binding: ['POST'],
  eviction: ['POST'],
  token: ['POST'],
  log: ['GET'],
  exec: ['POST', 'GET'],
  attach: ['POST', 'GET'],
  portforward: ['POST', 'GET'],
  finalize: ['PUT'],
};
const USUAL_METHODS: readonly ApiRequest['method'][] = ['GET', 'PATCH', 'PUT'];
/** How a subresource may be asked for, in the order of their verbs. */
export const methodsOf = (subresource: string): readonly ApiRequest['method'][] => METHODS[subresource] ?? USUAL_METHODS;

/** As Go reads a boolean parameter: whatever is there and is not false. Upstream: apimachinery pkg/runtime/conversion.go. */
export const isTrue = (value: string | undefined): boolean => value !== undefined && value !== '0' && value.toLowerCase() !== 'false';

function verbOf(request: ApiRequest, name: string | undefined): Verb {
  switch (request.method) {
    case 'GET':
      return name !== undefined ? 'get' : isTrue(request.query?.watch) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return 'get';
  }
}
