/**
 * Commands in a container whose process is a part of the cluster: that process reads no commands, so another one beside it carries them out, in its image and with its files.
 * Source: which programs these images have: kubernetes/release images/build/{distroless-iptables,go-runner}, kubernetes cluster/images/etcd, flannel's Dockerfile (Alpine).
 */
import type { Context } from '../../kernel/component.ts';
import type { RuntimeContainer } from './cri.ts';
import { valuesOf } from './environment.ts';
import { besideOf, type ContainerdState } from './containerd-state.ts';
import { familyOf, parseReference } from './images/registry.ts';
import { processOf } from './launch.ts';
import type { ProcessConfig } from './process-state.ts';
import { mountable } from './machine-files.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  etcd: 'etcd etcdctl etcdutl',
  'kube-apiserver': 'kube-apiserver go-runner',
  'kube-controller-manager': 'kube-controller-manager go-runner',
  'kube-scheduler': 'kube-scheduler go-runner',
  coredns: 'coredns',
  'kube-proxy':
    'kube-proxy go-runner sh dash cat chmod grep ln rm sleep wc iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore ipset nft modprobe',
};

const NOTHING = { behaviour: { kind: 'forever' }, words: [], all: [] } as const;

/** Where a command for it goes: to the container's own process, or, made now when it is the first, to the one beside it. */
export function execAddress(state: ContainerdState, container: RuntimeContainer, ctx: Context): string {
  const name = familyOf(parseReference(container.image))?.name ?? '';
  const sandbox = state.disk.sandboxes.get(container.sandbox);
  const address = besideOf(container);
  if (!sandbox || ctx.isAlive(address)) return address;
  const programs = PROGRAMS[name]?.split(' ');
  const volumes = mountable(state.disk.volumes, container.pod.uid, container.spec.shared);
  const config: ProcessConfig = {
    ...processOf(container, sandbox, { ...state.config, volumes }, { ...NOTHING, told: valuesOf(container.spec.env ?? []) }),
    ports: [],
    udpPorts: [],
    isOfCluster: true,
    ...(programs ? { programs } : { hasBusybox: true }),
  };
  ctx.spawn({ address, role: 'process', config, afterUs: 0 });
  return address;
}
