/** The images that Kubernetes itself is made of: their processes are actors of this simulation. Sizes: registry.k8s.io v1.36, rounded. */
import type { ApiserverConfig } from '../../apiserver/server-state.ts';
import type { ControllerManagerConfig } from '../../controllers/manager-state.ts';
import type { EtcdConfig } from '../../etcd/etcd.ts';
import type { SchedulerConfig } from '../../scheduler/scheduler.ts';
import { kinds } from '../../../api/registry.ts';
import { storagePrefix } from '../../apiserver/storage-key.ts';
import { flagOf, isVersion, type ImageFamily } from './image.ts';

const MB = 1_000_000;

type Role = NonNullable<ImageFamily['role']>;
const system = (name: string, repository: string, mb: number, startUs: number, role: Role): ImageFamily => ({
  name,
  repositories: [repository],
  sizeBytes: mb * MB,
  hasTag: isVersion,
  behaviour: { kind: 'forever', startUs },
  role,
});

export default [
  {
    ...system('etcd', 'registry.k8s.io/etcd', 58, 400_000, {
      role: 'etcd',
      config: (_c, w) =>
        ({ heartbeatPrefixes: kinds.filter((k) => k.heartbeat).map(storagePrefix), ip: w.ip, pod: w.pod }) satisfies EtcdConfig,
    }),
    behaviour: { kind: 'server', ports: [2379, 2380], startUs: 400_000 },
  },
  system('kube-apiserver', 'registry.k8s.io/kube-apiserver', 29, 1_500_000, {
    role: 'kube-apiserver',
    config: (c, w) =>
      ({
        etcd: `${w.machine}/etcd`,
        epochMs: w.epochMs,
        ip: w.ip,
        pod: w.pod,
        serviceCIDR: flagOf(c, 'service-cluster-ip-range') ?? '10.254.0.0/24',
      }) satisfies ApiserverConfig,
  }),
  system('kube-controller-manager', 'registry.k8s.io/kube-controller-manager', 23, 900_000, {
    role: 'kube-controller-manager',
    config: (_c, w) => ({ api: w.api, epochMs: w.epochMs, ip: w.ip, pod: w.pod }) satisfies ControllerManagerConfig,
  }),
  system('kube-scheduler', 'registry.k8s.io/kube-scheduler', 17, 700_000, {
    role: 'kube-scheduler',
    config: (_c, w) =>
      ({
        api: w.api,
        epochMs: w.epochMs,
        seed: w.seed,
        ip: w.ip,
        pod: w.pod,
        ...(w.schedulerConfiguration ? { configuration: w.schedulerConfiguration } : {}),
      }) satisfies SchedulerConfig,
  }),
  {
    ...system('kube-proxy', 'registry.k8s.io/kube-proxy', 26, 300_000, {
      role: 'kube-proxy',
      config: (_c, w) => ({ api: w.api, machine: w.machine, ip: w.ip, epochMs: w.epochMs }),
    }),
    // It catches no signal, and is the first process: Go ends with 2.
    behaviour: { kind: 'forever', startUs: 300_000, termCode: 2 },
  },
  // coredns/coredns coremain/run.go showVersion; its health plugin's lameduck of 5 s, which kubeadm's Corefile asks for; core/dnsserver/onstartup.go. Simplified: without Go's version and the commit.
  {
    ...system('coredns', 'registry.k8s.io/coredns/coredns', 22, 250_000, {
      role: 'coredns',
      config: (_c, w) => ({ api: w.api, pod: w.pod, ip: w.ip }),
    }),
    behaviour: { kind: 'forever', startUs: 250_000, termUs: 5_000_000, startup: ['.:53', 'CoreDNS-$tag', 'linux/amd64'] },
  },
  system('flannel', 'ghcr.io/flannel-io/flannel', 32, 350_000, {
    role: 'flannel',
    config: (_c, w) => ({ api: w.api, machine: w.machine, ip: w.ip }),
  }),
  {
    name: 'pause',
    repositories: ['registry.k8s.io/pause', 'k8s.gcr.io/pause', 'gcr.io/google_containers/pause'],
    sizeBytes: 300_000,
    hasTag: isVersion,
    behaviour: { kind: 'forever', title: '/pause', startUs: 10_000 },
  },
] satisfies readonly ImageFamily[];
