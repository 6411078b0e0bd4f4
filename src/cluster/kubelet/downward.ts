/**
 * A pod's own fields and its containers' resources, as environment and as files, and what its ConfigMaps and Secrets become under a mount.
 * Upstream: pkg/fieldpath/fieldpath.go, pkg/api/v1/resource/helpers.go ExtractContainerResourceValue, pkg/volume/{configmap,secret,downwardapi,projected}, pkg/kubelet/kubelet_pods.go ensureHostsFile (v1.36).
 * Simplified: nobody is kept from a file by its mode.
 */
import { hostnameOf } from './hostname.ts';
import { cpuMilli, quantity } from '../../api/machinery/quantity.ts';
import type { V1Container, V1EnvVar, V1Pod, V1ResourceFieldSelector, V1Volume } from '../../api/schema/kubernetes.ts';
import { CLUSTER_CA } from '../boot/certificates.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { hostNetworkHosts, hostsFile, machineHosts } from '../network/hosts-file.ts';
import { machinePath } from '../runtime/machine-files.ts';
import type { SharedFolder } from '../runtime/shared-files.ts';
import type { Made, Mount } from '../runtime/shell/files.ts';
import type { PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import type { References } from './references.ts';
import { serviceAccountToken } from './service-account-token.ts';
import { ROOT_CA } from '../../api/pods/references.ts';
import { serviceVariables } from './service-env.ts';

/** Where the pod runs. `allocatable`: what a container without a limit may take. */
export interface Place {
  readonly pod: V1Pod;
  readonly podIP: string;
  readonly hostIP: string;
  readonly machine: string;
  readonly allocatable: Readonly<Record<string, string | number>>;
}
/** `services`: what the environment says of Services. */
export interface Downward extends Place {
  readonly services: readonly V1EnvVar[];
}
export const placeOf = ({ config, node }: Pick<KubeletState, 'config' | 'node'>, { pod, sandbox }: PodWorker): Place => ({
  pod,
  podIP: sandbox?.ip ?? '',
  hostIP: config.ip,
  machine: config.machine,
  allocatable: node?.status?.allocatable ?? {},
});
export function downwardOf(state: Pick<KubeletState, 'config' | 'node' | 'reflectors'>, worker: PodWorker): Downward {
  const { metadata, spec } = worker.pod;
  return {
    ...placeOf(state, worker),
    services: serviceVariables(viewOf(state.reflectors.cache), metadata?.namespace ?? '', spec?.enableServiceLinks !== false),
  };
}
type Files = Readonly<Record<string, string>>;

/** 'metadata.name', "metadata.labels['app']", 'status.podIP' → its text. */
export function fieldValue(path: string, { pod, podIP, hostIP, machine }: Place): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return metadata?.[keyed[1] as 'labels' | 'annotations']?.[keyed[2]] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata?.name ?? '';
    case 'metadata.namespace':
      return metadata?.namespace ?? '';
    case 'metadata.uid':
      return metadata?.uid ?? '';
    case 'metadata.labels':
      return mapText(metadata?.labels);
    case 'metadata.annotations':
      return mapText(metadata?.annotations);
    case 'spec.nodeName':
      return machine;
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    default:
      return '';
  }
}

/** fieldpath.FormatMap: one `key="value"` a line, by key. */
const mapText = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

/** Rounded up to the divisor; a limit that is not set is what the machine has. */
export function resourceValue(
  { resource, divisor = '1' }: V1ResourceFieldSelector,
  container: V1Container | undefined,
  where: Place,
): string {
  const [which, name] = resource.split('.');
  const set =
    container?.resources?.[which === 'limits' ? 'limits' : 'requests']?.[name] ?? (which === 'limits' ? where.allocatable[name] : 0) ?? 0;
  const by = String(divisor) === '0' ? '1' : divisor;
  return String(name === 'cpu' ? Math.ceil(cpuMilli(set) / cpuMilli(by)) : Math.ceil(quantity(set) / quantity(by)));
}

/** What a container finds under its mounts: path → text. */
export function mountedFiles(container: V1Container, found: References, where: Place): Files {
  const files: Record<string, string> = {};
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const volume = where.pod.spec?.volumes?.find((v) => v.name === name);
    const inside = volume ? volumeFiles(volume, found, where) : {};
    const base = mountPath.replace(/\/$/, '');
    if (subPath !== undefined && inside[subPath] !== undefined) files[base] = inside[subPath];
    else
      for (const [path, text] of Object.entries(inside))
        if (!subPath) files[`${base}/${path}`] = text;
        else if (path.startsWith(`${subPath}/`)) files[base + path.slice(subPath.length)] = text;
  }
  // What is mounted there is not the kubelet's.
  if (container.volumeMounts?.some((m) => m.mountPath === '/etc/hosts')) return { '/etc/hosts': machineHosts, ...files };
  const aliases = where.pod.spec?.hostAliases ?? [];
  const { hostNetwork, subdomain } = where.pod.spec ?? {};
  if (subdomain && !hostNetwork) files['/etc/hosts'] = hostsText(where);
  if (aliases.length > 0)
    files['/etc/hosts'] =
      `${hostNetwork ? hostNetworkHosts : hostsText(where)}\n# Entries added by HostAliases.\n${aliases.map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}\n`).join('')}`;
  return files;
}

/** In every pod's token volume: taken as there. */
interface Item {
  readonly key: string;
  readonly path: string;
}
const entries = (data: Files | null | undefined, items: readonly Item[] | undefined): Files =>
  items ? Object.fromEntries(items.flatMap((i) => (data?.[i.key] === undefined ? [] : [[i.path, data[i.key]] as const]))) : (data ?? {});

function volumeFiles(volume: V1Volume, found: References, where: Place): Files {
  const fromDownward = (items: NonNullable<V1Volume['downwardAPI']>['items']): Files =>
    Object.fromEntries(
      (items ?? []).map((i) => [
        i.path,
        i.fieldRef
          ? fieldValue(i.fieldRef.fieldPath, where)
          : i.resourceFieldRef
            ? resourceValue(
                i.resourceFieldRef,
                where.pod.spec?.containers?.find((c) => c.name === i.resourceFieldRef?.containerName),
                where,
              )
            : '',
      ]),
    );
  if (volume.configMap) return entries(found.get(`configmaps/${volume.configMap.name}`), volume.configMap.items);
  if (volume.secret) return entries(found.get(`secrets/${volume.secret.secretName}`), volume.secret.items);
  if (volume.downwardAPI) return fromDownward(volume.downwardAPI.items);
  return Object.assign(
    {},
    ...(volume.projected?.sources ?? []).map((s) =>
      s.configMap
        ? entries(s.configMap.name === ROOT_CA ? { 'ca.crt': CLUSTER_CA } : found.get(`configmaps/${s.configMap.name}`), s.configMap.items)
        : s.secret
          ? entries(found.get(`secrets/${s.secret.name}`), s.secret.items)
          : s.downwardAPI
            ? fromDownward(s.downwardAPI.items)
            : s.serviceAccountToken
              ? { [s.serviceAccountToken.path]: serviceAccountToken(where.pod, s.serviceAccountToken.audience) }
              : {},
    ),
  );
}

/** What outlives a container while its pod is there: its emptyDirs, the machine's folders, and all that is taken as mounted and empty. */
export function sharedFolders(container: V1Container, pod: V1Pod): readonly SharedFolder[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
    const v = volumeOf(pod, name);
    const volume = v?.hostPath ? machinePath(v.hostPath.path) : name;
    return v && !itemsOf(v) ? [{ volume: subPath ? `${volume}/${subPath}` : volume, path: mountPath.replace(/\/$/, '') }] : [];
  });
}

const volumeOf = (pod: V1Pod, name: string): V1Volume | undefined => pod.spec?.volumes?.find((v) => v.name === name);
/** What is made of objects, with its modes; undefined: the volume is none of these. */
function itemsOf({ configMap, secret, downwardAPI, projected }: V1Volume): Made | undefined {
  return projected
    ? {
        ...projected,
        items: (projected.sources ?? []).flatMap<NonNullable<Made['items']>[number]>(
          (s) => (s.configMap ?? s.secret ?? s.downwardAPI)?.items ?? [],
        ),
      }
    : (configMap ?? secret ?? downwardAPI);
}

/** What the runtime is told of a container's mounts. Upstream: pkg/kubelet/kubelet_pods.go makeMounts: what is made of objects takes no writes. */
export function mountsOf(container: V1Container, pod: V1Pod): readonly Mount[] {
  const group = pod.spec?.securityContext?.fsGroup;
  return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => {
    const volume = volumeOf(pod, name);
    const made = volume && itemsOf(volume);
    return {
      path: mountPath.replace(/\/$/, ''),
      ...(readOnly || made || volume?.image ? { isReadOnly: true as const } : {}),
      ...(group === undefined || volume?.hostPath ? {} : { group }),
      ...(made ? { made } : {}),
    };
  });
}

/** Upstream: managedHostsFileContent. */
function hostsText({ pod, podIP }: Place): string {
  const { host, domain } = hostnameOf(pod);
  return hostsFile(podIP, domain === '' ? host : `${host}.${domain}\t${host}`);
}
