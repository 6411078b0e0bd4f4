/** What kubeadm writes into the API, and flannel's kube-flannel.yml. Upstream: cmd/kubeadm/app/phases (v1.36). */
import type { KubeObject } from '../../api/object.ts';
import type { ApiRequest } from '../api-request.ts';
import { ownService } from '../apiserver/own-service.ts';
import { coredns, flannel, kubeProxy } from './addons.ts';
import { bootstrapConfigMaps } from './config-maps.ts';
import { dnsAddress, type Plan } from './topology.ts';

const namespace = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    ...(name === 'kube-flannel' ? { labels: { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' } } : {}),
  },
});
const post = (path: string, body: KubeObject | object): ApiRequest => ({ method: 'POST', path, body });
const account = (ns: string, name: string): ApiRequest =>
  post(`/api/v1/namespaces/${ns}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });

/** What the apiserver itself and kubeadm put into a new cluster, in order. */
export function bootstrapRequests(plan: Plan, epochMs: number): readonly ApiRequest[] {
  return [
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease', 'kube-flannel'].map((name) =>
      post('/api/v1/namespaces', namespace(name)),
    ),
    ...bootstrapConfigMaps(plan, epochMs).map((map) => post(`/api/v1/namespaces/${map.metadata?.namespace}/configmaps`, map)),
    ...Object.values(ownService(plan.serviceCIDR, plan.machines[0].ip)),
    account('kube-system', 'kube-proxy'),
    account('kube-system', 'coredns'),
    account('kube-flannel', 'flannel'),
    post('/apis/apps/v1/namespaces/kube-flannel/daemonsets', flannel()),
    post('/apis/apps/v1/namespaces/kube-system/daemonsets', kubeProxy()),
    post('/apis/apps/v1/namespaces/kube-system/deployments', coredns()),
    post('/api/v1/namespaces/kube-system/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kube-dns',
        annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
        labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      },
      spec: {
        clusterIP: dnsAddress(plan),
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
      },
    } as object),
  ];
}
