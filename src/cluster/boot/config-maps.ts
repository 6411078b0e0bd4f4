/**
 * The ConfigMaps of a new cluster: those that kubeadm keeps its settings in, flannel's, and the two of the apiserver.
 * Upstream: cmd/kubeadm/app/phases/{uploadconfig,kubelet,addons/dns,addons/proxy,bootstraptoken/clusterinfo}, pkg/controlplane/controller/{clusterauthenticationtrust,legacytokentracking} (v1.36), flannel's kube-flannel.yml (v0.27).
 * Simplified: what is left at its zero is not written, there are no signatures for tokens, and what somebody changes in them acts on nothing.
 */
import { encodeBase64 } from '../../lib/base64.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1ConfigMap } from '../../api/schema/kubernetes.ts';
import { VERSION } from '../apiserver/version.ts';
import { CLUSTER_CA, FRONT_PROXY_CA, PKI } from './certificates.ts';
import { dnsAddress, type Plan } from './topology.ts';

function clusterConfiguration({ podCIDR, serviceCIDR }: Plan): string {
  return `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: ${PKI}
clusterName: kubernetes
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${VERSION.gitVersion}
networking:
  dnsDomain: cluster.local
  podSubnet: ${podCIDR}
  serviceSubnet: ${serviceCIDR}
proxy: {}
scheduler: {}
`;
}

function kubeletConfiguration(plan: Plan): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
  x509:
    clientCAFile: ${PKI}/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- ${dnsAddress(plan)}
clusterDomain: cluster.local
healthzBindAddress: 127.0.0.1
healthzPort: 10248
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`;
}

const proxyConfiguration = ({ clusterCIDR }: Plan): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clientConnection:
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
clusterCIDR: ${clusterCIDR}
kind: KubeProxyConfiguration
mode: ""
`;

const proxyKubeconfig = (server: string): string => `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: ${server}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
`;

const clusterInfo = (server: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encodeBase64(CLUSTER_CA)}
    server: ${server}
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`;

const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

const TRUST = {
  'client-ca-file': CLUSTER_CA,
  'requestheader-allowed-names': '["front-proxy-client"]',
  'requestheader-client-ca-file': FRONT_PROXY_CA,
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-username-headers': '["X-Remote-User"]',
};

const CNI_CONF = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "flannel",
      "delegate": {
        "hairpinMode": true,
        "isDefaultGateway": true
      }
    },
    {
      "type": "portmap",
      "capabilities": {
        "portMappings": true
      }
    }
  ]
}
`;
const flannelNetwork = ({ clusterCIDR }: Plan): string => `{
  "Network": "${clusterCIDR}",
  "EnableNFTables": false,
  "Backend": {
    "Type": "vxlan"
  }
}
`;

export function bootstrapConfigMaps(plan: Plan, epochMs: number): readonly V1ConfigMap[] {
  const server = `https://${plan.machines[0].ip}:6443`;
  const map = (name: string, data: Readonly<Record<string, string>>, metadata: V1ConfigMap['metadata'] = {}): V1ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'kube-system', ...metadata },
    data,
  });
  return [
    map('extension-apiserver-authentication', TRUST),
    map('kube-apiserver-legacy-service-account-token-tracking', { since: rfc3339(epochMs).slice(0, 10) }),
    map('kubeadm-config', { ClusterConfiguration: clusterConfiguration(plan) }),
    map('kubelet-config', { kubelet: kubeletConfiguration(plan) }),
    map('cluster-info', { kubeconfig: clusterInfo(server) }, { namespace: 'kube-public' }),
    map('coredns', { Corefile: COREFILE }),
    map(
      'kube-proxy',
      { 'config.conf': proxyConfiguration(plan), 'kubeconfig.conf': proxyKubeconfig(server) },
      { labels: { app: 'kube-proxy' } },
    ),
    map(
      'kube-flannel-cfg',
      { 'cni-conf.json': CNI_CONF, 'net-conf.json': flannelNetwork(plan) },
      { namespace: 'kube-flannel', labels: { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' } },
    ),
  ];
}
