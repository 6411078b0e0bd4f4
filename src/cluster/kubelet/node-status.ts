/** What a kubelet says of its machine. Upstream: pkg/kubelet/nodestatus/setters.go, kubelet_node_status.go (v1.36). Simplified: a machine that starts again has the boot ID that it had. */
import { wholeUnits } from '../../api/machinery/quantity.ts';
import { rfc3339, rfc3339Micro } from '../../api/machinery/time.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { hexOf, sha256 } from '../../lib/sha256.ts';
import type { V1ContainerImage, V1Lease, V1Node, V1NodeCondition } from '../../api/schema/kubernetes.ts';
import { GATEWAY_ANNOTATION } from '../network/flannel.ts';
import { KERNEL } from '../runtime/linux-user.ts';
import type { KubeletConfig } from './kubelet-state.ts';

const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
/** What containerd 2 can do. */
const FEATURES = Object.freeze({ supplementalGroupsPolicy: true });
const HANDLERS = deepFreeze(['', 'runc'].map((name) => ({ name, features: { recursiveReadOnlyMounts: true, userNamespaces: true } })));
/** What it can do that older kubelets cannot. Upstream: component-helpers/nodedeclaredfeatures/features/registry.go. */
const DECLARED = Object.freeze([
  'ExtendWebSocketsToKubelet',
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
]);
/** The least of memory and of the disk that eviction leaves free. Upstream: eviction/defaults_linux.go; of the disk's share a float32 is kept. */
const EVICTION_MEMORY = 100 * 1048576;
const EVICTION_DISK = Math.fround(0.1);

/** /etc/machine-id has 32 digits; the kernel and the firmware write theirs in groups. */
const idOf = (text: string): string => hexOf(sha256(text).slice(0, 16));
const uuidOf = (text: string): string => idOf(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');

export function nodeObject(config: KubeletConfig, now: number, isNetworkReady: boolean): V1Node {
  const { machine, spec } = config;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: machine,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': machine,
        'kubernetes.io/os': 'linux',
        ...spec.labels,
      },
      annotations: {
        ...(spec.podGateway ? { [GATEWAY_ANNOTATION]: spec.podGateway } : {}),
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      ...(spec.podCIDR ? { podCIDR: spec.podCIDR, podCIDRs: [spec.podCIDR] } : {}),
      ...(spec.taints && spec.taints.length > 0 ? { taints: spec.taints } : {}),
    },
    status: nodeStatus(config, now, isNetworkReady),
  };
}

/** Of a domain of its own. Upstream: pkg/apis/core/v1/helper IsExtendedResourceName. */
const isExtended = (name: string): boolean => name.includes('/') && !/(^|\.)kubernetes\.io\//.test(name);

/** What others wrote into a Node's capacity is the kubelet's to allow. Upstream: pkg/kubelet/nodestatus/setters.go MachineInfo. */
export const advertised = (node: V1Node | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(node?.status?.capacity ?? {}).filter(([name]) => isExtended(name)));
export const isAllowed = (node: V1Node | undefined): boolean =>
  Object.entries(advertised(node)).every(([name, amount]) => node?.status?.allocatable?.[name] === amount);

export function nodeStatus(
  config: KubeletConfig,
  now: number,
  isNetworkReady: boolean,
  old?: V1Node,
  problem = NO_NETWORK,
): NonNullable<V1Node['status']> {
  const { machine, ip, spec, epochMs } = config;
  const [memory, disk] = [wholeUnits(spec.memory), wholeUnits(spec.ephemeralStorage)];
  const capacity = {
    cpu: spec.cpu,
    'ephemeral-storage': spec.ephemeralStorage,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${memory / 1024}Ki`,
    pods: String(spec.pods),
    ...spec.extended,
  };
  const stamp = rfc3339(epochMs + Math.floor(now / 1000));
  const fine = (type: string, reason: string, message: string): V1NodeCondition => condition(type, 'False', reason, message);
  const condition = (type: string, status: string, reason: string, message: string): V1NodeCondition => {
    const was = old?.status?.conditions?.find((c) => c.type === type);
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: stamp,
      lastTransitionTime: was?.status === status && was.lastTransitionTime ? was.lastTransitionTime : stamp,
    };
  };
  return {
    addresses: [
      { type: 'InternalIP', address: ip },
      { type: 'Hostname', address: machine },
    ],
    capacity,
    allocatable: {
      ...capacity,
      ...advertised(old),
      'ephemeral-storage': String(disk - Math.floor(disk * EVICTION_DISK)),
      memory: `${Math.max(0, memory - EVICTION_MEMORY) / 1024}Ki`,
    },
    conditions: [
      fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      isNetworkReady
        ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
        : condition('Ready', 'False', 'KubeletNotReady', problem),
    ],
    features: FEATURES,
    runtimeHandlers: HANDLERS,
    declaredFeatures: DECLARED,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: uuidOf(`boot of ${machine}`),
      containerRuntimeVersion: 'containerd://2.2.0',
      kernelVersion: KERNEL,
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.0',
      machineID: idOf(`machine ${machine}`),
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 13 (trixie)',
      systemUUID: uuidOf(`system ${machine}`),
    },
    images: [...(spec.images ?? [])].map((i): V1ContainerImage => ({ names: [...i.names], sizeBytes: i.sizeBytes })),
  };
}

export function leaseObject(config: KubeletConfig, now: number, node: V1Node | undefined): V1Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: config.machine,
      namespace: 'kube-node-lease',
      ...(node ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: config.machine, uid: node.metadata?.uid ?? '' }] } : {}),
    },
    spec: { holderIdentity: config.machine, leaseDurationSeconds: 40, renewTime: rfc3339Micro(config.epochMs, now) },
  };
}
