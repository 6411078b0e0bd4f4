/**
 * What is on a machine's disk, as far as a pod can have it mounted, and whether a path of it is what a hostPath says.
 * Upstream: pkg/volume/hostpath/host_path.go checkType (v1.36); the first folders are a Debian's with kubeadm's.
 * Simplified: containerd keeps it; of the machine's own files there are few, and devices and sockets are names.
 */
import type { SharedFolder } from './shared-files.ts';
import { machineHosts } from '../network/hosts-file.ts';

/** The key of the machine's own files among those of its pods. */
export const MACHINE = '';

export interface HostPathCall {
  readonly protocol: 'host-path';
  readonly path: string;
  readonly type: string;
}
export interface HostPathReply {
  readonly protocol: 'host-path';
  readonly error?: string;
}

const FOLDERS =
  '/boot /dev/net /etc/cni/net.d /etc/kubernetes/manifests /etc/kubernetes/pki /etc/ssl/certs /home /lib/modules /media /mnt /opt/cni/bin /proc /root /run/containerd /run/flannel /srv /sys/fs/cgroup /tmp /usr/bin /usr/local/bin /usr/share /var/lib/containerd /var/lib/kubelet/pods /var/log/containers /var/log/pods /var/tmp';
const SPECIAL: Readonly<Record<string, string>> = {
  '/run/containerd/containerd.sock': 'Socket',
  '/dev/sda': 'BlockDevice',
  ...Object.fromEntries(
    ['fuse', 'kmsg', 'net/tun', 'null', 'random', 'tty', 'urandom', 'zero'].map((name) => [`/dev/${name}`, 'CharDevice']),
  ),
};
/** A pod's uid, or MACHINE → what is in its volumes, 'volume/path' → text; the machine's paths begin with '/'. */
export type Volumes = Map<string, Map<string, string>>;

/** The machine's files before anybody writes. A folder is a name that ends with '/'. */
const FRESH: ReadonlyMap<string, string> = new Map([
  ...FOLDERS.split(' ').map((path) => [`${path}/`, ''] as const),
  ...Object.keys(SPECIAL).map((path) => [path, ''] as const),
  ['/etc/hosts', machineHosts],
  ['/etc/machine-id', ''],
  ['/etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nID=debian\n'],
]);

export const filesIn = (volumes: Volumes, owner: string): ReadonlyMap<string, string> =>
  volumes.get(owner) ?? (owner === MACHINE ? FRESH : NOTHING);
const NOTHING: ReadonlyMap<string, string> = new Map();
export function toWrite(volumes: Volumes, owner: string): Map<string, string> {
  const files = volumes.get(owner) ?? new Map(filesIn(volumes, owner));
  volumes.set(owner, files);
  return files;
}
/** Whose a shared folder is, by its name. */
export const ownerOf = (volume: string, pod: string): string => (volume === '' || volume.startsWith('/') ? MACHINE : pod);
/** All that a container may have mounted: its pod's, and the machine's when it has any of these. */
export const mountable = (volumes: Volumes, pod: string, folders: readonly SharedFolder[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries([...new Set(folders.map(({ volume }) => ownerOf(volume, pod)))].flatMap((owner) => [...filesIn(volumes, owner)]));

/** How a machine's path is called among its files: /var/run is /run, and the root is nothing. */
export const machinePath = (path: string): string => path.replace(/\/+$/, '').replace(/^\/var\/run(?=\/|$)/, '/run');

function typeOf(files: ReadonlyMap<string, string>, path: string): string | undefined {
  if (files.has(path)) return SPECIAL[path] ?? 'File';
  for (const file of files.keys()) if (file.startsWith(`${path}/`)) return 'Directory';
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  Directory: 'directory',
  File: 'file',
  Socket: 'socket file',
  CharDevice: 'character device',
  BlockDevice: 'block device',
};

/** What is wrong with it; what may be made is made. */
export function checkHostPath(volumes: Volumes, { path: asked, type }: HostPathCall): string | undefined {
  const path = machinePath(asked);
  const found = typeOf(filesIn(volumes, MACHINE), path);
  const wanted = type.replace(/OrCreate$/, '');
  if (found === wanted) return undefined;
  if (found !== undefined) return `hostPath type check failed: ${asked} is not a ${WORDS[wanted]}, it's a ${found}`;
  if (wanted === type) return `hostPath ${asked} doesn't exist`;
  const parent = path.replace(/\/[^/]*$/, '');
  if (wanted === 'File' && typeOf(filesIn(volumes, MACHINE), parent) !== 'Directory') return `open ${asked}: no such file or directory`;
  toWrite(volumes, MACHINE).set(wanted === 'File' ? path : `${path}/`, '');
  return undefined;
}
