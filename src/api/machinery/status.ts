/**
 * Status: how the apiserver says no (and, to a delete, yes).
 * Upstream: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go (v1.36). Simplified: nothing in the words.
 */
import type { V1Status, V1StatusCause } from '../schema/kubernetes.ts';
import type { FieldError } from './field-error.ts';

function failure(code: number, reason: string, message: string, details?: V1Status['details']): V1Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details ? { details } : {}), code };
}

/** 'deployments.apps' → its plural and group as details carry them. */
function detailsOf(resource: string, name: string): NonNullable<V1Status['details']> {
  const dot = resource.indexOf('.');
  return {
    ...(name === '' ? {} : { name }),
    ...(dot < 0 ? {} : { group: resource.slice(dot + 1) }),
    kind: dot < 0 ? resource : resource.slice(0, dot),
  };
}

export const notFound = (resource: string, name: string): V1Status =>
  failure(404, 'NotFound', `${resource} ${JSON.stringify(name)} not found`, detailsOf(resource, name));
export const genericNotFound = (): V1Status => failure(404, 'NotFound', 'the server could not find the requested resource', {});
export const alreadyExists = (resource: string, name: string): V1Status =>
  failure(409, 'AlreadyExists', `${resource} ${JSON.stringify(name)} already exists`, detailsOf(resource, name));
export const conflict = (resource: string, name: string, why: string): V1Status =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: ${why}`, detailsOf(resource, name));
export const unauthorized = (): V1Status => failure(401, 'Unauthorized', 'Unauthorized');
export const badRequest = (message: string): V1Status => failure(400, 'BadRequest', message);
export const forbidden = (resource: string, name: string, why: string): V1Status =>
  failure(403, 'Forbidden', `${resource}${name === '' ? '' : ` ${JSON.stringify(name)}`} is forbidden: ${why}`, detailsOf(resource, name));
export const pathForbidden = (user: string, verb: string, path: string): V1Status =>
  failure(403, 'Forbidden', `forbidden: User ${JSON.stringify(user)} cannot ${verb} path ${JSON.stringify(path)}`, {});
export const serviceUnavailable = (message: string): V1Status => failure(503, 'ServiceUnavailable', message);
export const methodNotAllowed = (resource: string, verb: string): V1Status =>
  failure(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind ${JSON.stringify(resource)}`, detailsOf(resource, ''));
/** A route without this method. */
export const methodRefused = (): V1Status =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
export const notAcceptable = (message: string): V1Status => failure(406, 'NotAcceptable', message);
export const tooLargeVersion = (wanted: number, current: number): V1Status =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
export const expired = (message: string): V1Status => failure(410, 'Expired', message);
export const entityTooLarge = (most: number): V1Status =>
  failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${most}`);
export const unsupportedMediaType = (message: string): V1Status => failure(415, 'UnsupportedMediaType', message);
/** What a patch that does not fit gets: the server keeps the reason to itself in its message, and we put it among the causes. */
export const rejectedRequest = (why: string): V1Status =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'UnexpectedServerResponse', message: why }],
  });
/** An error that nobody gave a reason. */
export const unknownError = (message: string): V1Status => {
  const { reason: _none, ...status } = failure(500, '', message);
  return status;
};
export const internalError = (message: string): V1Status => failure(500, 'InternalError', `Internal error occurred: ${message}`);

/** 'Deployment.apps "web" is invalid: spec.x: Required value', or the list in brackets when there are several. */
export function invalid(kind: { readonly group: string; readonly kind: string }, name: string, errors: readonly FieldError[]): V1Status {
  const lines = errors.map((error) => `${error.field}: ${error.message}`).filter((line, i, all) => all.indexOf(line) === i);
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const causes: V1StatusCause[] = errors.map((error) => ({ reason: error.type, message: error.message, field: error.field }));
  return failure(
    422,
    'Invalid',
    `${qualified} ${JSON.stringify(name)} is invalid: ${lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`}`,
    { ...(name === '' ? {} : { name }), ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.kind, causes },
  );
}
