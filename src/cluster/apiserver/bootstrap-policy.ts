/**
 * The roles that a cluster is born with and whom they are given to, as far as somebody here has them.
 * Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/{policy,namespace_policy}.go and its testdata, cmd/kubeadm/app/phases/{bootstraptoken,uploadconfig}, addons/{dns,proxy} (v1.36), flannel's manifest.
 * Simplified: rules name the kinds that are here; kube-controller-manager may do everything itself, where its controllers upstream are service accounts with a role each; bootstrap tokens have none.
 */

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}
type Subject = `${'User' | 'Group' | 'ServiceAccount'} ${string}`;
/** `namespace`: a RoleBinding there. A service account is 'ServiceAccount name/namespace'. */
export interface Binding {
  readonly name: string;
  readonly role: string;
  readonly namespace?: string;
  readonly to: Subject;
  readonly rules: readonly PolicyRule[];
}

const words = (text: string): readonly string[] => text.split(' ').map((word) => (word === 'core' ? '' : word));
const rule = (verbs: string, apiGroups: string, resources: string, name?: string): PolicyRule => ({
  verbs: words(verbs),
  apiGroups: words(apiGroups),
  resources: words(resources),
  ...(name === undefined ? {} : { resourceNames: [name] }),
});
const paths = (verbs: string, urls: string): PolicyRule => ({
  verbs: words(verbs),
  apiGroups: [],
  resources: [],
  nonResourceURLs: words(urls),
});
const READ = 'get list watch';
const EVENTS = rule('create patch update', 'core events.k8s.io', 'events');

const ALL = [rule('*', '*', '*'), paths('*', '*')];
const PUBLIC = [paths('get', '/healthz /livez /readyz /version /version/')];
const SCHEDULER = [
  EVENTS,
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
  rule(READ, 'core', 'nodes'),
  rule(`delete ${READ}`, 'core', 'pods'),
  rule('create', 'core', 'bindings pods/binding'),
  rule('patch update', 'core', 'pods/status'),
  rule(READ, 'core', 'services'),
  rule(READ, 'apps', 'replicasets'),
  rule(READ, 'core', 'namespaces'),
];
const configMap = (name: string): readonly PolicyRule[] => [rule('get', 'core', 'configmaps', name)];
const given = (role: string, to: Subject, rules: readonly PolicyRule[], name = role): Binding => ({ name, role, to, rules });

/** In the order of their names, as they are looked through. */
export const BINDINGS: readonly Binding[] = [
  given('cluster-admin', 'Group system:masters', ALL),
  given('flannel', 'ServiceAccount flannel/kube-flannel', [
    rule('get', 'core', 'pods'),
    rule(READ, 'core', 'nodes'),
    rule('patch', 'core', 'nodes/status'),
  ]),
  given('cluster-admin', 'Group kubeadm:cluster-admins', ALL, 'kubeadm:cluster-admins'),
  given(
    'system:node-proxier',
    'ServiceAccount kube-proxy/kube-system',
    [rule('list watch', 'core', 'services'), rule(READ, 'core', 'nodes'), EVENTS, rule('list watch', 'discovery.k8s.io', 'endpointslices')],
    'kubeadm:node-proxier',
  ),
  given('system:basic-user', 'Group system:authenticated', [
    rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ]),
  given('system:coredns', 'ServiceAccount coredns/kube-system', [
    rule('list watch', 'core', 'services pods namespaces'),
    rule('list watch', 'discovery.k8s.io', 'endpointslices'),
  ]),
  given('system:discovery', 'Group system:authenticated', [
    paths('get', '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/'),
  ]),
  given('system:kube-controller-manager', 'User system:kube-controller-manager', ALL),
  given('system:kube-scheduler', 'User system:kube-scheduler', SCHEDULER),
  given('system:public-info-viewer', 'Group system:authenticated', PUBLIC),
  given('system:public-info-viewer', 'Group system:unauthenticated', PUBLIC),
  given('system:service-account-issuer-discovery', 'Group system:serviceaccounts', [
    paths('get', '/.well-known/openid-configuration /openid/v1/jwks'),
  ]),
  { namespace: 'kube-public', ...given('kubeadm:bootstrap-signer-clusterinfo', 'User system:anonymous', configMap('cluster-info')) },
  { namespace: 'kube-system', ...given('kubeadm:kubelet-config', 'Group system:nodes', configMap('kubelet-config')) },
  { namespace: 'kube-system', ...given('kubeadm:nodes-kubeadm-config', 'Group system:nodes', configMap('kubeadm-config')) },
  {
    namespace: 'kube-system',
    ...given(
      'extension-apiserver-authentication-reader',
      'User system:kube-scheduler',
      [rule(READ, 'core', 'configmaps', 'extension-apiserver-authentication')],
      'system::extension-apiserver-authentication-reader',
    ),
  },
];
