/** The images of the cluster's own pods. Upstream: cmd/kubeadm/app/constants/constants.go (v1.36), flannel's kube-flannel.yml; pause: the sandbox image of containerd 2.2. */
export const IMAGES = {
  pause: 'registry.k8s.io/pause:3.10.1',
  etcd: 'registry.k8s.io/etcd:3.6.8-0',
  apiserver: 'registry.k8s.io/kube-apiserver:v1.36.0',
  controllerManager: 'registry.k8s.io/kube-controller-manager:v1.36.0',
  scheduler: 'registry.k8s.io/kube-scheduler:v1.36.0',
  proxy: 'registry.k8s.io/kube-proxy:v1.36.0',
  coredns: 'registry.k8s.io/coredns/coredns:v1.14.2',
  flannel: 'ghcr.io/flannel-io/flannel:v0.27.4',
} as const;
export const systemImages = Object.values(IMAGES);
