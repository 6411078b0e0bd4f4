/**
 * May this identity do this? A fixed table of upstream's bootstrap identities.
 * Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, authorizer/node (v1.36).
 * Simplified: Role and RoleBinding objects are not consulted yet, and rules name resources without sub-objects.
 */
import type { Identity } from '../client/identity.ts';
import { pathForbidden } from '../../api/machinery/status.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Verb } from './request-info.ts';

interface Rule { readonly verbs: readonly string[] | '*'; readonly resources: readonly string[] | '*' }
const READ: readonly Verb[] = ['get', 'list', 'watch'];
const any: Rule = { verbs: '*', resources: '*' };

const USERS: Readonly<Record<string, readonly Rule[]>> = {
  'system:kube-controller-manager': [any],
  'system:kube-scheduler': [
    { verbs: READ, resources: '*' }, { verbs: ['create'], resources: ['pods/binding', 'events', 'leases.coordination.k8s.io'] },
    { verbs: ['update', 'patch'], resources: ['pods/status', 'events', 'leases.coordination.k8s.io'] }, { verbs: ['delete'], resources: ['pods'] },
  ],
  'system:serviceaccount:kube-system:kube-proxy': [{ verbs: READ, resources: ['nodes', 'services', 'endpointslices.discovery.k8s.io'] }, { verbs: ['create', 'patch', 'update'], resources: ['events'] }],
  'system:serviceaccount:kube-system:coredns': [{ verbs: ['list', 'watch'], resources: ['endpointslices.discovery.k8s.io', 'services', 'pods', 'namespaces'] }],
  'system:serviceaccount:kube-flannel:flannel': [{ verbs: READ, resources: ['nodes', 'pods'] }, { verbs: ['patch'], resources: ['nodes/status', 'nodes'] }],
};
const GROUPS: Readonly<Record<string, readonly Rule[]>> = {
  'system:masters': [any],
  'kubeadm:cluster-admins': [any],
  'system:nodes': [
    { verbs: READ, resources: ['pods', 'nodes', 'services', 'configmaps', 'secrets', 'leases.coordination.k8s.io', 'namespaces'] },
    { verbs: ['create', 'update', 'patch'], resources: ['nodes', 'nodes/status', 'pods/status', 'events', 'leases.coordination.k8s.io'] }, { verbs: ['create', 'delete'], resources: ['pods'] },
  ],
};

/** What somebody wants to do. `resource`: 'pods', 'deployments.apps'. */
export interface Attributes { readonly verb: string; readonly resource: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string }

/** The name of what allows it, or undefined. */
export function allowedBy(as: Identity, info: Attributes): string | undefined {
  const resource = info.subresource === undefined ? info.resource : `${info.resource}/${info.subresource}`;
  const allows = (rule: Rule): boolean => (rule.verbs === '*' || rule.verbs.includes(info.verb)) && (rule.resources === '*' || rule.resources.includes(resource));
  if (Object.hasOwn(USERS, as.user) && USERS[as.user].some(allows)) return as.user;
  return as.groups.find((group) => Object.hasOwn(GROUPS, group) && GROUPS[group].some(allows));
}

/** Upstream's sentence for a refusal: 'User "x" cannot list resource "pods" in API group "" in the namespace "default"'. */
export function refusalOf(as: Identity, info: Attributes): string {
  const scope = info.namespace !== undefined ? ` in the namespace "${info.namespace}"` : ' at the cluster scope';
  const [plural, ...group] = info.resource.split('.');
  const resource = info.subresource === undefined ? plural : `${plural}/${info.subresource}`;
  return `User "${as.user}" cannot ${info.verb} resource "${resource}" in API group "${group.join('.')}"${scope}`;
}

const PUBLIC = /^\/(healthz|livez|readyz|version)(\/|$)/;
const DISCOVERY = /^\/(api|apis|openapi)(\/|$)/;

/** Paths that name no resource: everybody may ask for health and version, whoever is known may discover, and the admins may read the rest. */
export function pathRefusal(as: Identity, { method, path }: ApiRequest): V1Status | undefined {
  const isKnown = as.groups.includes('system:authenticated');
  const isAdmin = as.groups.some((group) => group === 'system:masters' || group === 'kubeadm:cluster-admins');
  if (isAdmin || PUBLIC.test(path) || (isKnown && DISCOVERY.test(path))) return undefined;
  const verb = { POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' }[method as string] ?? 'get';
  return pathForbidden(as.user, verb, path);
}
