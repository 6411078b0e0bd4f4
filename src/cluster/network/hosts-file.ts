/** /etc/hosts as the kubelet writes it for a pod. Upstream: pkg/kubelet/kubelet_pods.go managedHostsFileContent, nodeHostsFileContent (v1.36). */
export const hostsFile = (ip: string, names: string): string =>
  `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${ip}\t${names}\n`;
/** The machine's own. */
export const machineHosts = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';
export const hostNetworkHosts = `# Kubernetes-managed hosts file (host network).\n${machineHosts}`;
