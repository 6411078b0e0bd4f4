/** Where kubeadm keeps certificates, and what stands for them. Upstream: cmd/kubeadm/app/constants/constants.go (v1.36). Simplified: a certificate is a placeholder text. */
export const PKI = '/etc/kubernetes/pki';
const certificate = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name} (simulated)\n-----END CERTIFICATE-----\n`;
/** The cluster's own authority, and the one of the aggregation layer. */
export const [CLUSTER_CA, FRONT_PROXY_CA] = ['kubernetes-ca', 'front-proxy-ca'].map(certificate);
