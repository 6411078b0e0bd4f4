/**
 * The add-ons of a new cluster: CoreDNS and kube-proxy as kubeadm installs them, and flannel.
 * Upstream: cmd/kubeadm/app/phases/addons/{dns,proxy}/manifests.go (v1.36), flannel's kube-flannel.yml (v0.27).
 * Simplified: flannel has no init containers, flanneld itself writes the CNI configuration.
 */
import type {
  V1Container,
  V1DaemonSet,
  V1Deployment,
  V1EnvVar,
  V1PodSpec,
  V1Probe,
  V1Volume,
  V1VolumeMount,
} from '../../api/schema/kubernetes.ts';
import { IMAGES } from './images.ts';

const LINUX = 'kubernetes.io/os';
const field = (name: string, fieldPath: string): V1EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });
/** The machine's own file or folder. */
const ofMachine = (name: string, path: string, type?: string): V1Volume => ({ name, hostPath: { path, ...(type ? { type } : {}) } });
const mount = (name: string, mountPath: string, readOnly?: true): V1VolumeMount => ({ name, mountPath, ...(readOnly ? { readOnly } : {}) });
const XTABLES_LOCK = ofMachine('xtables-lock', '/run/xtables.lock', 'FileOrCreate');
const LOCK_MOUNT = mount('xtables-lock', '/run/xtables.lock');

interface OnEachMachine {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly container: V1Container;
  readonly spec: Partial<V1PodSpec>;
}
function daemonSet({ namespace, name, selector, labels = selector, container, spec }: OnEachMachine): V1DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: { hostNetwork: true, priorityClassName: 'system-node-critical', containers: [container], ...spec },
      },
    },
  };
}

export const kubeProxy = (): V1DaemonSet =>
  daemonSet({
    namespace: 'kube-system',
    name: 'kube-proxy',
    selector: { 'k8s-app': 'kube-proxy' },
    container: {
      name: 'kube-proxy',
      image: IMAGES.proxy,
      command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
      env: [field('NODE_NAME', 'spec.nodeName')],
      securityContext: { privileged: true },
      volumeMounts: [mount('kube-proxy', '/var/lib/kube-proxy'), LOCK_MOUNT, mount('lib-modules', '/lib/modules', true)],
    },
    spec: {
      nodeSelector: { [LINUX]: 'linux' },
      serviceAccountName: 'kube-proxy',
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { operator: 'Exists' }],
      volumes: [{ name: 'kube-proxy', configMap: { name: 'kube-proxy' } }, XTABLES_LOCK, ofMachine('lib-modules', '/lib/modules')],
    },
  });

export const flannel = (): V1DaemonSet =>
  daemonSet({
    namespace: 'kube-flannel',
    name: 'kube-flannel-ds',
    selector: { app: 'flannel', 'k8s-app': 'flannel' },
    labels: { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' },
    container: {
      name: 'kube-flannel',
      image: IMAGES.flannel,
      command: ['/opt/bin/flanneld'],
      args: ['--ip-masq', '--kube-subnet-mgr'],
      env: [
        field('POD_NAME', 'metadata.name'),
        field('POD_NAMESPACE', 'metadata.namespace'),
        { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
        { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
      ],
      resources: { requests: { cpu: '100m', memory: '50Mi' } },
      securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
      volumeMounts: [mount('run', '/run/flannel'), mount('flannel-cfg', '/etc/kube-flannel/'), LOCK_MOUNT],
    },
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: LINUX, operator: 'In', values: ['linux'] }] }],
          },
        },
      },
      serviceAccountName: 'flannel',
      tolerations: [{ effect: 'NoSchedule', operator: 'Exists' }],
      volumes: [ofMachine('run', '/run/flannel'), { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } }, XTABLES_LOCK],
    },
  });

export function coredns(): V1Deployment {
  const labels = { 'k8s-app': 'kube-dns' };
  const http = (path: string, port: string): V1Probe => ({ httpGet: { path, port, scheme: 'HTTP' } });
  const [LIVENESS, READINESS] = ['liveness-probe', 'readiness-probe'];
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
          dnsPolicy: 'Default',
          nodeSelector: { [LINUX]: 'linux' },
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
                { containerPort: 8080, name: LIVENESS, protocol: 'TCP' },
                { containerPort: 8181, name: READINESS, protocol: 'TCP' },
              ],
              livenessProbe: { ...http('/health', LIVENESS), initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 5 },
              readinessProbe: http('/ready', READINESS),
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [mount('config-volume', '/etc/coredns', true)],
            },
          ],
          volumes: [{ name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } }],
        },
      },
    },
  };
}
