/**
 * What kubeadm writes into /etc/kubernetes/manifests.
 * Upstream: cmd/kubeadm/app/phases/{controlplane/manifests,controlplane/volumes,etcd/local}.go, cmd/kubeadm/app/util/staticpod/utils.go (v1.36).
 * Simplified: no probes (the readiness ones would ask every second); one control plane.
 */
import type { V1Container, V1Pod, V1Volume, V1VolumeMount } from '../../api/schema/kubernetes.ts';
import { PKI } from './certificates.ts';
import { IMAGES } from './images.ts';
import type { Machine, Plan } from './topology.ts';

type Folder = readonly [name: string, path: string, type: 'DirectoryOrCreate' | 'FileOrCreate', access: 'reads' | 'writes'];
interface Component {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly requests: Readonly<Record<string, string>>;
  /** Where probes would ask. */
  readonly port: number;
  readonly folders: readonly Folder[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const folder = (name: string, path: string, access: Folder[3] = 'reads'): Folder => [name, path, 'DirectoryOrCreate', access];
const file = (name: string, path: string): Folder => [name, path, 'FileOrCreate', 'reads'];
const CERTIFICATES: readonly Folder[] = [
  folder('ca-certs', '/etc/ssl/certs'),
  folder('etc-ca-certificates', '/etc/ca-certificates'),
  folder('k8s-certs', PKI),
  folder('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates'),
  folder('usr-share-ca-certificates', '/usr/share/ca-certificates'),
];
const byName = (a: Folder, b: Folder): number => (a[0] < b[0] ? -1 : 1);

function podOf({ name, image, command, requests, port, folders, annotations }: Component): V1Pod {
  const volumeMounts = folders.map(([volume, mountPath, , access]): V1VolumeMount => ({
    name: volume,
    mountPath,
    ...(access === 'reads' ? { readOnly: true } : {}),
  }));
  const container: V1Container = {
    name,
    image,
    command,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'probe-port', containerPort: port, hostPort: port, protocol: 'TCP' }],
    resources: { requests },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts,
  };
  const volumes = folders.map(([volume, path, type]): V1Volume => ({ name: volume, hostPath: { path, type } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      containers: [container],
      volumes,
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      priority: 2000001000,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  };
}

/** Upstream sorts the flags by name. */
const flags = (program: string, all: Readonly<Record<string, string>>): readonly string[] => [
  program,
  ...Object.keys(all)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => `--${name}=${all[name]}`),
];

function etcd({ name, ip }: Machine): Component {
  const [client, peer, pki] = [`https://${ip}:2379`, `https://${ip}:2380`, `${PKI}/etcd`];
  return {
    name: 'etcd',
    image: IMAGES.etcd,
    requests: { cpu: '100m', memory: '100Mi' },
    port: 2381,
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': client },
    folders: [folder('etcd-data', '/var/lib/etcd', 'writes'), folder('etcd-certs', pki, 'writes')],
    command: flags('etcd', {
      name,
      'data-dir': '/var/lib/etcd',
      'snapshot-count': '10000',
      'feature-gates': 'InitialCorruptCheck=true',
      'watch-progress-notify-interval': '5s',
      'listen-metrics-urls': 'http://127.0.0.1:2381',
      'advertise-client-urls': client,
      'listen-client-urls': `https://127.0.0.1:2379,${client}`,
      'cert-file': `${pki}/server.crt`,
      'key-file': `${pki}/server.key`,
      'trusted-ca-file': `${pki}/ca.crt`,
      'client-cert-auth': 'true',
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `${name}=${peer}`,
      'listen-peer-urls': peer,
      'peer-cert-file': `${pki}/peer.crt`,
      'peer-key-file': `${pki}/peer.key`,
      'peer-trusted-ca-file': `${pki}/ca.crt`,
      'peer-client-cert-auth': 'true',
    }),
  };
}

function apiserver({ ip }: Machine, { serviceCIDR }: Plan): Component {
  return {
    name: 'kube-apiserver',
    image: IMAGES.apiserver,
    requests: { cpu: '250m' },
    port: 6443,
    folders: CERTIFICATES,
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${ip}:6443` },
    command: flags('kube-apiserver', {
      'advertise-address': ip,
      'allow-privileged': 'true',
      'authorization-mode': 'Node,RBAC',
      'client-ca-file': `${PKI}/ca.crt`,
      'enable-admission-plugins': 'NodeRestriction',
      'enable-bootstrap-token-auth': 'true',
      'etcd-cafile': `${PKI}/etcd/ca.crt`,
      'etcd-certfile': `${PKI}/apiserver-etcd-client.crt`,
      'etcd-keyfile': `${PKI}/apiserver-etcd-client.key`,
      'etcd-servers': 'https://127.0.0.1:2379',
      'kubelet-client-certificate': `${PKI}/apiserver-kubelet-client.crt`,
      'kubelet-client-key': `${PKI}/apiserver-kubelet-client.key`,
      'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
      'proxy-client-cert-file': `${PKI}/front-proxy-client.crt`,
      'proxy-client-key-file': `${PKI}/front-proxy-client.key`,
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-username-headers': 'X-Remote-User',
      'secure-port': '6443',
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': `${PKI}/sa.pub`,
      'service-account-signing-key-file': `${PKI}/sa.key`,
      'service-cluster-ip-range': serviceCIDR,
      'tls-cert-file': `${PKI}/apiserver.crt`,
      'tls-private-key-file': `${PKI}/apiserver.key`,
    }),
  };
}

/** How a component of the control plane proves who it is. */
const identity = (path: string): Readonly<Record<string, string>> => ({
  'authentication-kubeconfig': path,
  'authorization-kubeconfig': path,
  'bind-address': '127.0.0.1',
  kubeconfig: path,
  'leader-elect': 'true',
});

function controllerManager({ podCIDR, serviceCIDR }: Plan): Component {
  const path = '/etc/kubernetes/controller-manager.conf';
  return {
    name: 'kube-controller-manager',
    image: IMAGES.controllerManager,
    requests: { cpu: '200m' },
    port: 10257,
    folders: [
      ...CERTIFICATES,
      folder('flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', 'writes'),
      file('kubeconfig', path),
    ].sort(byName),
    command: flags('kube-controller-manager', {
      ...identity(path),
      'allocate-node-cidrs': 'true',
      'client-ca-file': `${PKI}/ca.crt`,
      'cluster-cidr': podCIDR,
      'cluster-name': 'kubernetes',
      'cluster-signing-cert-file': `${PKI}/ca.crt`,
      'cluster-signing-key-file': `${PKI}/ca.key`,
      controllers: '*,bootstrapsigner,tokencleaner',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'root-ca-file': `${PKI}/ca.crt`,
      'service-account-private-key-file': `${PKI}/sa.key`,
      'service-cluster-ip-range': serviceCIDR,
      'use-service-account-credentials': 'true',
    }),
  };
}

function scheduler({ schedulerConfiguration }: Plan): Component {
  const path = '/etc/kubernetes/scheduler.conf';
  const config = '/etc/kubernetes/scheduler-config.yaml';
  return {
    name: 'kube-scheduler',
    image: IMAGES.scheduler,
    requests: { cpu: '100m' },
    port: 10259,
    folders: [...(schedulerConfiguration ? [file('config', config)] : []), file('kubeconfig', path)],
    command: flags('kube-scheduler', { ...identity(path), ...(schedulerConfiguration ? { config } : {}) }),
  };
}

export function staticPods(plan: Plan, machine: Machine): readonly V1Pod[] {
  return machine.isControlPlane ? [etcd(machine), apiserver(machine, plan), controllerManager(plan), scheduler(plan)].map(podOf) : [];
}
