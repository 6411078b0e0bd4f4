/**
 * What kubeadm writes into the API. Upstream: cmd/kubeadm/app/phases/addons/{dns,proxy}/manifests.go (v1.36), flannel-io/flannel Documentation/kube-flannel.yml.
 * Simplified: the add-ons mount no volumes and have no security contexts; flannel's files are on the machines already, so that it needs no init containers and settings.
 */
import type { KubeObject } from '../../api/object.ts';
import type { V1DaemonSet, V1Deployment, V1PodSpec, V1Probe } from '../../api/schema/kubernetes.ts';
import type { ApiRequest } from '../api-request.ts';
import { ownService } from '../apiserver/own-service.ts';
import { bootstrapConfigMaps } from './config-maps.ts';
import { IMAGES } from './images.ts';
import { dnsAddress, type Plan } from './topology.ts';

const post = (path: string, body: KubeObject | object): ApiRequest => ({ method: 'POST', path, body });
const account = (ns: string, name: string): ApiRequest =>
  post(`/api/v1/namespaces/${ns}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });

type Labels = Readonly<Record<string, string>>;
const namespace = (name: string, labels?: Labels): ApiRequest =>
  post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(labels ? { labels } : {}) } });

/** One pod on every machine, in the machine's own network. */
function daemonSet(name: string, labels: Labels, spec: V1PodSpec): V1DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { hostNetwork: true, priorityClassName: 'system-node-critical', ...spec } },
    },
  };
}

const ON_LINUX: Labels = { 'kubernetes.io/os': 'linux' };
const CRITICAL = { key: 'CriticalAddonsOnly', operator: 'Exists' };
const proxy = (): V1DaemonSet =>
  daemonSet(
    'kube-proxy',
    { 'k8s-app': 'kube-proxy' },
    {
      serviceAccountName: 'kube-proxy',
      nodeSelector: ON_LINUX,
      tolerations: [CRITICAL, { operator: 'Exists' }],
      containers: [
        {
          name: 'kube-proxy',
          image: IMAGES.proxy,
          command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
          env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        },
      ],
    },
  );

const flannel = (): V1DaemonSet =>
  daemonSet(
    'kube-flannel-ds',
    { app: 'flannel', tier: 'node' },
    {
      serviceAccountName: 'flannel',
      tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
      containers: [
        {
          name: 'kube-flannel',
          image: IMAGES.flannel,
          command: ['/opt/bin/flanneld'],
          args: ['--ip-masq', '--kube-subnet-mgr'],
          resources: { requests: { cpu: '100m', memory: '50Mi' } },
        },
      ],
    },
  );

function coredns(): V1Deployment {
  const labels = { 'k8s-app': 'kube-dns' };
  const http = (path: string, port: string): V1Probe => ({ httpGet: { path, port, scheme: 'HTTP' } });
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
          nodeSelector: ON_LINUX,
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] },
                    topologyKey: 'kubernetes.io/hostname',
                  },
                },
              ],
            },
          },
          tolerations: [CRITICAL, { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
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
                { containerPort: 8080, name: 'liveness-probe', protocol: 'TCP' },
                { containerPort: 8181, name: 'readiness-probe', protocol: 'TCP' },
              ],
              livenessProbe: { ...http('/health', 'liveness-probe'), initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 5 },
              readinessProbe: http('/ready', 'readiness-probe'),
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
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) => namespace(name)),
    namespace('kube-flannel', { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' }),
    ...bootstrapConfigMaps(plan, epochMs).map((map) => post(`/api/v1/namespaces/${map.metadata?.namespace}/configmaps`, map)),
    ...Object.values(ownService(plan.serviceCIDR, plan.machines[0].ip)),
    account('kube-system', 'kube-proxy'),
    account('kube-system', 'coredns'),
    account('kube-flannel', 'flannel'),
    post('/apis/apps/v1/namespaces/kube-flannel/daemonsets', flannel()),
    post('/apis/apps/v1/namespaces/kube-system/daemonsets', proxy()),
    post('/apis/apps/v1/namespaces/kube-system/deployments', coredns()),
    post('/api/v1/namespaces/kube-system/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kube-dns',
        labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
        annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
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
