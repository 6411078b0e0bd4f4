/** Who am I, and what may I do? Upstream: pkg/registry/authentication/selfsubjectreview, pkg/registry/authorization/{selfsubjectaccessreview,rest/…rulesreview} (v1.36). Simplified: nothing is stored, and reviews of others are not there. */
import { resourceNameOf } from '../../api/paths.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { machineOf, type Identity } from '../client/identity.ts';
import { authorize, bindingsOf, pathRefusal } from './authorize.ts';
import { acceptError } from './negotiate.ts';
import type { Related } from './node-authorizer.ts';

interface ResourceAttributes {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}
const MAY_I = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const MY_RULES = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/** What a POST is answered; undefined when it is about something else. */
export function reviewAccess(as: Identity, request: ApiRequest, related?: Related): ApiResponse | undefined {
  const { path, body } = request;
  if (path !== WHO_AM_I && path !== MAY_I && path !== MY_RULES) return undefined;
  const unspoken = acceptError(request, true);
  if (unspoken) return { code: 406, body: unspoken };
  if (path === WHO_AM_I)
    return {
      code: 201,
      body: {
        kind: 'SelfSubjectReview',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        status: { userInfo: { username: as.user, groups: as.groups } },
      },
    };
  if (path === MY_RULES) return rulesReview(as, body);
  const sent = (body ?? {}) as {
    readonly spec?: {
      readonly resourceAttributes?: ResourceAttributes;
      readonly nonResourceAttributes?: { readonly verb?: string; readonly path?: string };
    };
  };
  const route = sent.spec?.nonResourceAttributes;
  const answer = (status: object): ApiResponse => ({
    code: 201,
    body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: sent.spec, status },
  });
  if (route)
    return answer({
      allowed: !pathRefusal(as, { method: (route.verb ?? 'get').toUpperCase() as ApiRequest['method'], path: route.path ?? '' }),
    });
  const { verb = '', group = '', resource = '', subresource, namespace, name } = sent.spec?.resourceAttributes ?? {};
  const { isAllowed, reason } = authorize(
    as,
    {
      verb,
      resource: resourceNameOf(group, resource),
      ...(subresource ? { subresource } : {}),
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
    },
    related,
  );
  return answer({ allowed: isAllowed, ...(reason === undefined ? {} : { reason }) });
}

/** Upstream: pkg/registry/authorization/selfsubjectrulesreview/rest.go; a kubelet's rights are not all in rules. */
function rulesReview(as: Identity, body: unknown): ApiResponse {
  const spec = (body as { readonly spec?: { readonly namespace?: string } } | undefined)?.spec ?? {};
  const all = bindingsOf(as, spec.namespace).flatMap(({ rules }) => rules);
  const resourceRules = all
    .filter((rule) => !rule.nonResourceURLs)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames ? { resourceNames } : {}),
    }));
  const nonResourceRules = all.flatMap(({ verbs, nonResourceURLs }) => (nonResourceURLs ? [{ verbs, nonResourceURLs }] : []));
  const isNode = machineOf(as) !== undefined;
  const status = {
    resourceRules,
    nonResourceRules,
    incomplete: isNode,
    ...(isNode ? { evaluationError: 'node authorizer does not support user rule resolution' } : {}),
  };
  return { code: 201, body: { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status } };
}
