/** What kubeadm writes into the API. Upstream: cmd/kubeadm/app/phases/addons, flannel's kube-flannel.yml (v1.36). Simplified: the add-ons mount no volumes. */
import type { KubeObject } from '../../api/object.ts';
import type { V1Container, V1DaemonSet, V1Deployment, V1PodSpec, V1Probe } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import { ownService } from '../apiserver/own-service.ts';
import { bootstrapConfigMaps } from './config-maps.ts';
import { IMAGES } from './images.ts';
import { dnsAddress, type Plan } from './topology.ts';

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const post = (path: string, body: KubeObject | object): ApiRequest => ({ method: 'POST', path, body });
const account = (ns: string, name: string): ApiRequest =>
  post(`/api/v1/namespaces/${ns}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });

function daemonSet(ns: string, name: string, image: string, container: Partial<V1Container>, spec: Partial<V1PodSpec>): V1DaemonSet {
  const labels = { 'k8s-app': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: ns, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          serviceAccountName: name.replace('-ds', '').replace('kube-flannel', 'flannel'),
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: container.name ?? name, image, ...container }],
          ...spec,
        },
      },
    },
  };
}

function coredns(): V1Deployment {
  const labels = { 'k8s-app': 'kube-dns' };
  const http = (path: string, port: number): V1Probe => ({ httpGet: { path, port, scheme: 'HTTP' } });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
          ],
          containers: [
            {
              name: 'coredns',
              image: IMAGES.coredns,
              args: ['-conf', '/etc/coredns/Corefile'],
              resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              ports: [
                { containerPort: 53, name: 'dns', protocol: 'UDP' },
                { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
                { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
              ],
              livenessProbe: { ...http('/health', 8080), initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 5 },
              readinessProbe: http('/ready', 8181),
            },
          ],
        },
      },
    },
  };
}

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
    post(
      '/apis/apps/v1/namespaces/kube-flannel/daemonsets',
      daemonSet(
        'kube-flannel',
        'kube-flannel-ds',
        IMAGES.flannel,
        { name: 'kube-flannel', args: ['--ip-masq', '--kube-subnet-mgr'], resources: { requests: { cpu: '100m', memory: '50Mi' } } },
        {},
      ),
    ),
    post(
      '/apis/apps/v1/namespaces/kube-system/daemonsets',
      daemonSet(
        'kube-system',
        'kube-proxy',
        IMAGES.proxy,
        { command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf'] },
        {},
      ),
    ),
    post('/apis/apps/v1/namespaces/kube-system/deployments', coredns()),
    post('/api/v1/namespaces/kube-system/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kube-dns',
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
