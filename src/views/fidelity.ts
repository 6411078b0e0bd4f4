/** How far each part can be believed: exact, simplified (and in what), or not modelled; with upstream's source. The header of each file under src/cluster says the same in detail. */
export interface Fidelity {
  readonly badge: 'exact' | 'simplified' | 'not modelled';
  readonly upstream: string;
  readonly simplified: string;
}

const PARTS: Readonly<Record<string, Fidelity>> = {
  'kube-apiserver': {
    badge: 'simplified',
    upstream: 'staging/src/k8s.io/apiserver (v1.36)',
    simplified: 'authorization by the roles that a cluster is born with; certificates are names',
  },
  etcd: {
    badge: 'simplified',
    upstream: 'etcd-io/etcd server/storage/mvcc (v3.6)',
    simplified: 'one member, history is a list of changes',
  },
  'kube-scheduler': {
    badge: 'simplified',
    upstream: 'pkg/scheduler (v1.36)',
    simplified: 'no extenders; no disruption budget protects a victim of preemption; ties are broken by a lot addressed to pod and attempt',
  },
  'kube-controller-manager': {
    badge: 'simplified',
    upstream: 'pkg/controller, cmd/kube-controller-manager (v1.36)',
    simplified: 'no eviction rate limits; the controllers of the kinds that are here',
  },
  kubelet: {
    badge: 'simplified',
    upstream: 'pkg/kubelet (v1.36)',
    simplified: 'HTTP and TCP probes meet the process directly; no claims, no eviction by pressure',
  },
  containerd: {
    badge: 'simplified',
    upstream: 'containerd internal/cri (v2); staging/src/k8s.io/cri-api',
    simplified: 'an image is one layer; it carries what is written into a shared volume to the containers beside',
  },
  pause: {
    badge: 'simplified',
    upstream: 'build/pause (v1.36)',
    simplified: 'containerd pins the namespaces by files; here pause holds them',
  },
  process: {
    badge: 'simplified',
    upstream: 'the image’s own program',
    simplified: 'known images answer as they do by default; shell scripts of some thirty commands',
  },
  cni: {
    badge: 'simplified',
    upstream: 'containernetworking/plugins main/bridge, ipam/host-local',
    simplified: 'a process that stays, where upstream starts one for each call',
  },
  flannel: {
    badge: 'simplified',
    upstream: 'flannel-io/flannel pkg/backend/vxlan',
    simplified: 'VTEP MAC addresses are derived from the machine’s address',
  },
  'kube-proxy': { badge: 'simplified', upstream: 'pkg/proxy/iptables/proxier.go (v1.36)', simplified: 'IPv4 only' },
  linux: {
    badge: 'simplified',
    upstream: 'Linux netfilter, nf_conntrack, vxlan',
    simplified: 'a connection is one request and its answer',
  },
  coredns: {
    badge: 'simplified',
    upstream: 'coredns plugin/kubernetes; kubernetes/dns specification 1.1.0',
    simplified: 'the cluster zone; names outside of it do not exist',
  },
  registry: { badge: 'simplified', upstream: 'OCI distribution spec', simplified: 'one manifest and one layer for each known image' },
  kubectl: {
    badge: 'simplified',
    upstream: 'staging/src/k8s.io/kubectl (v1.36)',
    simplified: 'the usual commands; printed as upstream prints',
  },
};

export const fidelityOf = (role: string): Fidelity | undefined => (Object.hasOwn(PARTS, role) ? PARTS[role] : undefined);
