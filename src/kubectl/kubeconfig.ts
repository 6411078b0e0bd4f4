/** The file that names the cluster and its user: admin.conf as kubeadm writes it, without its keys. Upstream: client-go tools/clientcmd/api/v1 (v1.36). Simplified: there is one, and it does not change. */
export const SERVER = '192.168.0.10:6443';
export const USER = 'kubernetes-admin';
export const CLUSTER = 'kubernetes';
export const CONTEXT = `${USER}@${CLUSTER}`;

const OMITTED = 'DATA+OMITTED';
export const KUBECONFIG = {
  kind: 'Config',
  apiVersion: 'v1',
  preferences: {},
  'current-context': CONTEXT,
  clusters: [{ name: CLUSTER, cluster: { 'certificate-authority-data': OMITTED, server: `https://${SERVER}` } }],
  contexts: [{ name: CONTEXT, context: { cluster: CLUSTER, user: USER } }],
  users: [{ name: USER, user: { 'client-certificate-data': OMITTED, 'client-key-data': OMITTED } }],
} as const;
