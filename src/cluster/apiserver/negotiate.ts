/**
 * What a request must satisfy before anybody decides it: a served method, media types that are spoken here, and options that make sense.
 * Upstream: staging/src/k8s.io/apiserver pkg/endpoints/handlers/{negotiation,create,get,delete,patch}.go, apimachinery pkg/apis/meta/v1/validation, internalversion/validation (v1.36).
 * Simplified: every answer is JSON; no CBOR.
 */
import { MOST_LENGTH } from '../../api/body-limit.ts';
import { forbidden, invalid as invalidField, notSupported, type FieldError } from '../../api/machinery/field-error.ts';
import { parseFieldSelector } from '../../api/machinery/field-selector.ts';
import { parseSelector } from '../../api/machinery/labels.ts';
import {
  badRequest,
  entityTooLarge,
  genericNotFound,
  invalid,
  methodRefused,
  notAcceptable,
  unsupportedMediaType,
} from '../../api/machinery/status.ts';
import type { V1DeleteOptions, V1Status } from '../../api/schema/kubernetes.ts';
import { isTrue, methodsOf, type RequestInfo } from './request-info.ts';
import { durationError } from '../../lib/go-duration.ts';
import type { ApiRequest } from '../api-request.ts';
import { shapeOf } from './encode.ts';
import { resourceFor } from './resources/registry.ts';
import { fieldsOf } from './watch-cache.ts';

const BODY_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;
const options = (kind: string, errors: readonly FieldError[]): V1Status | undefined =>
  errors.length === 0 ? undefined : invalid({ group: 'meta.k8s.io', kind }, '', errors);
const bare = (mediaType: string): string => mediaType.split(';')[0].trim().toLowerCase();

/** Undefined when the request may go on. */
export function refusalBefore(info: RequestInfo, request: ApiRequest): V1Status | undefined {
  return routeError(info, request) ?? acceptError(request) ?? bodyError(request) ?? optionsError(info, request);
}

/** How long a request may take at most is at least a duration; of watches and logs nobody asks. Upstream: endpoints/filters/request_deadline.go parseTimeout. Simplified: nothing ends by it. */
export function timeoutError({ method, path, query }: ApiRequest): V1Status | undefined {
  const timeout = query?.timeout;
  if (!timeout || (method === 'GET' && (isTrue(query?.watch) || /\/(?:log|exec)$/.test(path)))) return undefined;
  const why = durationError(timeout);
  return why === undefined ? undefined : badRequest(`invalid timeout specified in the request URL - ${why}`);
}

function routeError({ kind, namespace, name, subresource, verb }: RequestInfo, { method }: ApiRequest): V1Status | undefined {
  if (!['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return methodRefused();
  // Over all namespaces there are lists and watches, and nothing else.
  if (kind.namespaced && namespace === undefined)
    return name !== undefined ? genericNotFound() : method === 'GET' ? undefined : methodRefused();
  if (verb === 'watch') return subresource !== undefined ? genericNotFound() : method === 'GET' ? undefined : methodRefused();
  if (subresource !== undefined) {
    if (!kind.subresources.includes(subresource) && resourceFor(kind).subresources?.[subresource] === undefined) return genericNotFound();
    return methodsOf(subresource).includes(method) ? undefined : methodRefused();
  }
  if (name === undefined)
    return method === 'PUT' || method === 'PATCH' || (method === 'DELETE' && kind.plural === 'namespaces') ? methodRefused() : undefined;
  return method === 'POST' && verb === 'create' ? methodRefused() : undefined;
}

/** `isPlain`: of what there is no Table. */
export function acceptError({ accept }: ApiRequest, isPlain = false): V1Status | undefined {
  return shapeOf(accept, isPlain) === 'none'
    ? notAcceptable(`only the following media types are accepted: ${BODY_TYPES.join(', ')}`)
    : undefined;
}

function bodyError({ method, contentType, body }: ApiRequest): V1Status | undefined {
  if (typeof body === 'string' && body.length > MOST_LENGTH) return entityTooLarge(MOST_LENGTH);
  if (contentType === undefined || (method !== 'POST' && method !== 'PUT') || (BODY_TYPES as readonly string[]).includes(bare(contentType)))
    return undefined;
  return unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${BODY_TYPES.join(', ')}`);
}

function optionsError(info: RequestInfo, request: ApiRequest): V1Status | undefined {
  switch (info.verb) {
    case 'create':
      return options('CreateOptions', writeErrors(request));
    case 'update':
      return options('UpdateOptions', writeErrors(request));
    case 'patch':
      return options('PatchOptions', [
        ...writeErrors(request),
        ...(isTrue(request.query?.force) ? [forbidden('force', 'may not be specified for non-apply patch')] : []),
      ]);
    case 'delete':
      return options('DeleteOptions', deleteErrors(request));
    case 'deletecollection':
      return options('DeleteOptions', deleteErrors(request)) ?? selectorError(info, request);
    case 'list':
    case 'watch':
      return numbersError(request) ?? options('ListOptions', listErrors(info, request)) ?? selectorError(info, request);
    default:
      return undefined;
  }
}

function dryRunErrors(values: readonly string[]): readonly FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

function writeErrors({ query = {} }: ApiRequest): readonly FieldError[] {
  const { dryRun, fieldValidation } = query;
  return [
    ...(dryRun === undefined ? [] : dryRunErrors([dryRun])),
    ...(fieldValidation === undefined || ['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
}

function deleteErrors({ query = {}, body }: ApiRequest): readonly FieldError[] {
  const sent = (body ?? {}) as V1DeleteOptions;
  const policy = sent.propagationPolicy ?? query.propagationPolicy;
  return [
    ...(sent.orphanDependents !== undefined && policy !== undefined
      ? [invalidField('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set')]
      : []),
    ...(policy === undefined || ['Foreground', 'Background', 'Orphan'].includes(policy)
      ? []
      : [notSupported('propagationPolicy', policy, ['Background', 'Foreground', 'Orphan', 'nil'])]),
    ...dryRunErrors([...(sent.dryRun ?? []), ...(query.dryRun === undefined ? [] : [query.dryRun])]),
  ];
}

function numbersError({ query = {} }: ApiRequest): V1Status | undefined {
  for (const name of ['limit', 'timeoutSeconds']) {
    const text = query[name];
    if (text !== undefined && text !== '' && !/^-?\d+$/.test(text))
      return badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const version = query.resourceVersion;
  if (version !== undefined && version !== '' && !/^\d+$/.test(version))
    return badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  return query.continue && version && version !== '0'
    ? badRequest('specifying resource version is not allowed when using continue')
    : undefined;
}

function listErrors({ verb }: RequestInfo, { query = {} }: ApiRequest): readonly FieldError[] {
  const { resourceVersionMatch: match, resourceVersion = '', sendInitialEvents } = query;
  if (sendInitialEvents !== undefined && verb === 'list')
    return [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    return [forbidden('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')];
  if (match === undefined || match === '' || sendInitialEvents !== undefined) return [];
  const at = 'resourceVersionMatch';
  if (verb === 'watch') return [forbidden(at, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')];
  return [
    ...(resourceVersion === '' ? [forbidden(at, 'resourceVersionMatch is forbidden unless resourceVersion is provided')] : []),
    ...(query.continue ? [forbidden(at, 'resourceVersionMatch is forbidden when continue is provided')] : []),
    ...(match === 'Exact' || match === 'NotOlderThan' ? [] : [notSupported(at, match, ['Exact', 'NotOlderThan', ''])]),
    ...(match === 'Exact' && resourceVersion === '0'
      ? [forbidden(at, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
      : []),
  ];
}

/** An object with nothing in it still says which fields its kind lets one select by. */
const BLANK = { metadata: {}, spec: {}, status: {}, involvedObject: {} };

function selectorError({ kind }: RequestInfo, { query = {} }: ApiRequest): V1Status | undefined {
  try {
    parseSelector(query.labelSelector ?? '');
    const wanted = parseFieldSelector(query.fieldSelector ?? '');
    if (wanted.length === 0) return undefined;
    const known = fieldsOf(kind, BLANK);
    const bad = wanted.find(({ field }) => !Object.hasOwn(known, field));
    if (!bad) return undefined;
    return badRequest(
      kind.selectableFields
        ? `field label not supported: ${bad.field}`
        : `${JSON.stringify(bad.field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  } catch (error) {
    return badRequest((error as Error).message);
  }
}
