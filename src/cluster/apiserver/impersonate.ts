/**
 * Acting as somebody else: whoever asks for it must be allowed to impersonate the user and each group, and from then on is that user.
 * Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation (v1.36). Simplified: no uid and no extra; the verbs of constrained impersonation are not asked for first.
 */
import { internalError } from '../../api/machinery/status.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { Impersonation } from '../api-request.ts';
import { ANONYMOUS, serviceAccountGroups, type Identity } from '../client/identity.ts';
import { refusal, type Attributes } from './authorize.ts';

const EVERYBODY = ['system:authenticated', 'system:unauthenticated'];

export function impersonated(
  as: Identity,
  { user = '', groups: named = [] }: Impersonation,
): { readonly as: Identity } | { readonly status: V1Status } {
  if (user === '')
    return named.length === 0
      ? { as }
      : { status: internalError(`requested [${named.map((group) => `{Group  ${group}    }`).join(' ')}] without impersonating a user`) };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  const asked: Attributes[] = [
    account
      ? { verb: 'impersonate', resource: 'serviceaccounts', namespace: account[1], name: account[2] }
      : { verb: 'impersonate', resource: 'users', name: user },
  ];
  for (const name of named) asked.push({ verb: 'impersonate', resource: 'groups', name });
  for (const one of asked) {
    const status = refusal(as, one);
    if (status) return { status };
  }
  const groups = named.length === 0 ? serviceAccountGroups(user) : named;
  return {
    as: {
      user,
      groups: groups.some((group) => EVERYBODY.includes(group)) ? groups : [...groups, EVERYBODY[user === ANONYMOUS.user ? 1 : 0]],
    },
  };
}
