/**
 * May this identity do this? The node authorizer is asked first, then the roles that everybody has from the beginning.
 * Upstream: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/apis/rbac/v1/evaluation_helpers.go (v1.36).
 * Simplified: Role and RoleBinding objects are not consulted yet; bootstrap-policy.ts says what everybody has.
 */
import type { Identity } from '../client/identity.ts';
import { resourceNameOf, parsePath } from '../../api/paths.ts';
import { forbidden, pathForbidden } from '../../api/machinery/status.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import { BINDINGS, type Binding, type PolicyRule } from './bootstrap-policy.ts';
import { nodeOpinion, type Related } from './node-authorizer.ts';

/** What somebody wants to do. `resource`: 'pods', 'deployments.apps'; `fields`: the field selector of a list or a watch. */
export interface Attributes {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fields?: string;
}
export interface Verdict {
  readonly isAllowed: boolean;
  readonly reason?: string;
}

const has = (list: readonly string[], word: string): boolean => list.includes(word) || list.includes('*');

/** Upstream: RuleAllows. */
function covers(rule: PolicyRule, { verb, resource, subresource, name = '' }: Attributes): boolean {
  const [plural, ...group] = resource.split('.');
  const isNamed =
    has(rule.resources, subresource === undefined ? plural : `${plural}/${subresource}`) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`));
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group.join('.')) &&
    isNamed &&
    (rule.resourceNames === undefined || rule.resourceNames.includes(name))
  );
}

function isGiven({ to }: Binding, { user, groups }: Identity): boolean {
  const [kind, name] = to.split(' ');
  if (kind === 'Group') return groups.includes(name);
  return user === (kind === 'User' ? name : `system:serviceaccount:${name.split('/').reverse().join(':')}`);
}

/** A client asks as the same identity again and again. */
const given = new WeakMap<Identity, readonly Binding[]>();
function givenTo(as: Identity): readonly Binding[] {
  const known = given.get(as);
  if (known) return known;
  const found = BINDINGS.filter((binding) => isGiven(binding, as));
  if (Object.isFrozen(as)) given.set(as, found);
  return found;
}
const isIn = (namespace: string | undefined, binding: Binding): boolean =>
  binding.namespace === undefined || binding.namespace === namespace;

/** Every binding that says something of this identity in this namespace. */
export const bindingsOf = (as: Identity, namespace: string | undefined): readonly Binding[] =>
  givenTo(as).filter((binding) => isIn(namespace, binding));

/** Upstream: clusterRoleBindingDescriber, roleBindingDescriber, describeSubject. */
function reasonOf({ name, role, namespace, to }: Binding): string {
  const [kind, subject] = to.split(' ');
  const binding =
    namespace === undefined
      ? `ClusterRoleBinding ${JSON.stringify(name)} of ClusterRole`
      : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)} of Role`;
  return `RBAC: allowed by ${binding} ${JSON.stringify(role)} to ${kind} ${JSON.stringify(subject)}`;
}

const ALLOWED_BY: ReadonlyMap<Binding, Verdict> = new Map(
  BINDINGS.map((binding) => [binding, { isAllowed: true, reason: reasonOf(binding) }]),
);

export function authorize(as: Identity, info: Attributes, related?: Related): Verdict {
  const node = nodeOpinion(as, info, related);
  if (node?.isAllowed) return node;
  const by = givenTo(as).find((binding) => isIn(info.namespace, binding) && binding.rules.some((rule) => covers(rule, info)));
  return by ? (ALLOWED_BY.get(by) ?? { isAllowed: true }) : (node ?? { isAllowed: false });
}

/** Undefined when it may. Upstream's sentence: 'User "x" cannot list resource "pods" in API group "" in the namespace "default"'. */
export function refusal(as: Identity, info: Attributes, related?: Related): V1Status | undefined {
  const { isAllowed, reason } = authorize(as, info, related);
  if (isAllowed) return undefined;
  const scope = info.namespace !== undefined ? ` in the namespace "${info.namespace}"` : ' at the cluster scope';
  const [plural, ...group] = info.resource.split('.');
  const resource = info.subresource === undefined ? plural : `${plural}/${info.subresource}`;
  return forbidden(
    info.resource,
    info.name ?? '',
    `User "${as.user}" cannot ${info.verb} resource "${resource}" in API group "${group.join('.')}"${scope}${reason === undefined ? '' : `: ${reason}`}`,
  );
}

const matches = (pattern: string, path: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));

/** Of a path that names no resource. */
export function pathRefusal(as: Identity, { method, path }: ApiRequest): V1Status | undefined {
  const verb = { POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' }[method as string] ?? 'get';
  const isAllowed = bindingsOf(as, undefined).some(({ rules }) =>
    rules.some((rule) => has(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some((url) => matches(url, path))),
  );
  return isAllowed ? undefined : pathForbidden(as.user, verb, path);
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Of a resource that is not served: who may not do this anywhere hears that, and not that there is none. */
export function unservedRefusal(as: Identity, request: ApiRequest): V1Status | undefined {
  const found = request.path.startsWith('/api') ? parsePath(request.path) : undefined;
  if (!found) return pathRefusal(as, request);
  const { group, plural, name, ...where } = found;
  const verb = VERBS[request.method as string] ?? (name === undefined ? 'list' : 'get');
  return refusal(as, {
    verb,
    resource: resourceNameOf(group, plural),
    ...(name === undefined ? {} : { name }),
    ...(where.namespace === undefined ? {} : { namespace: where.namespace }),
    ...(where.subresource === undefined ? {} : { subresource: where.subresource }),
  });
}
