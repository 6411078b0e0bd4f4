/** Who a client is, as its certificate says: the common name is the user, the organisations are the groups. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The groups that come with a service account's name. Upstream: serviceaccount.MakeGroupNames. */
export function serviceAccountGroups(user: string): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user);
  return account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
}

export function serviceAccount(namespace: string, name: string): Identity {
  const user = `system:serviceaccount:${namespace}:${name}`;
  return { user, groups: [...serviceAccountGroups(user), 'system:authenticated'] };
}

export const identities = {
  admin: { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
  /** Of the apiserver's own calls, over its loopback. */
  apiserver: { user: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
  controllerManager: { user: 'system:kube-controller-manager', groups: ['system:authenticated'] },
  scheduler: { user: 'system:kube-scheduler', groups: ['system:authenticated'] },
  kubeProxy: serviceAccount('kube-system', 'kube-proxy'),
  coredns: serviceAccount('kube-system', 'coredns'),
  flannel: serviceAccount('kube-flannel', 'flannel'),
} as const satisfies Record<string, Identity>;

/** Who shows neither a certificate nor a token. */
export const ANONYMOUS: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

const NODE = 'system:node:';
/** The machine whose kubelet this is; undefined for anybody else. Upstream: pkg/auth/nodeidentifier/default.go. */
export const machineOf = ({ user, groups }: Identity): string | undefined =>
  user.startsWith(NODE) && groups.includes('system:nodes') ? user.slice(NODE.length) : undefined;

export const kubeletIdentity = (machine: string): Identity => ({
  user: `${NODE}${machine}`,
  groups: ['system:nodes', 'system:authenticated'],
});
