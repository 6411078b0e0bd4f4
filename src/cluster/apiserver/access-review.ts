/** Who am I, and what may I do? Upstream: pkg/registry/authentication/selfsubjectreview, pkg/registry/authorization/selfsubjectaccessreview (v1.36). Simplified: nothing is stored, and reviews of others are not there. */
import { resourceNameOf } from '../../api/paths.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { Identity } from '../client/identity.ts';
import { allowedBy, pathRefusal } from './authorize.ts';
import { acceptError } from './negotiate.ts';

interface ResourceAttributes { readonly verb?: string; readonly group?: string; readonly resource?: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string }
const MAY_I = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/** Undefined when the request is about something else. */
export function reviewAccess(as: Identity, request: ApiRequest): ApiResponse | undefined {
  const { method, path, body } = request;
  if (method !== 'POST' || (path !== WHO_AM_I && path !== MAY_I)) return undefined;
  const unspoken = acceptError(request, true);
  if (unspoken) return { code: 406, body: unspoken };
  if (path === WHO_AM_I) return { code: 201, body: { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, status: { userInfo: { username: as.user, groups: as.groups } } } };
  const sent = (body ?? {}) as { readonly spec?: { readonly resourceAttributes?: ResourceAttributes; readonly nonResourceAttributes?: { readonly verb?: string; readonly path?: string } } };
  const route = sent.spec?.nonResourceAttributes;
  const answer = (status: object): ApiResponse => ({ code: 201, body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: sent.spec, status } });
  if (route) return answer({ allowed: !pathRefusal(as, { method: (route.verb ?? 'get').toUpperCase() as ApiRequest['method'], path: route.path ?? '' }) });
  const { verb = '', group = '', resource = '', subresource, namespace, name } = sent.spec?.resourceAttributes ?? {};
  const by = allowedBy(as, { verb, resource: resourceNameOf(group, resource), ...(subresource ? { subresource } : {}), ...(namespace ? { namespace } : {}), ...(name ? { name } : {}) });
  return answer(by === undefined ? { allowed: false } : { allowed: true, reason: `RBAC: allowed by ClusterRoleBinding ${JSON.stringify(by)}` });
}
