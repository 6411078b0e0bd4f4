/**
 * How strategic merge treats a field: which key its list merges by, whether a list of words merges, whether unnamed siblings go ($retainKeys).
 * Lists that are not here are replaced whole.
 * Upstream: the patchStrategy and patchMergeKey tags of the types in staging/src/k8s.io/api and apimachinery/pkg/apis/meta/v1 (v1.36).
 */
const CONTAINER = { ports: 'containerPort', env: 'name', volumeMounts: 'mountPath', volumeDevices: 'devicePath' } as const;
const BY_TYPE = { conditions: 'type' } as const;

const MERGE_KEYS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map<string, Readonly<Record<string, string>>>([
  [
    'V1PodSpec',
    {
      containers: 'name',
      initContainers: 'name',
      ephemeralContainers: 'name',
      volumes: 'name',
      imagePullSecrets: 'name',
      hostAliases: 'ip',
      topologySpreadConstraints: 'topologyKey',
      schedulingGates: 'name',
      resourceClaims: 'name',
    },
  ],
  ['V1Container', CONTAINER],
  ['V1EphemeralContainer', CONTAINER],
  ['V1ServiceSpec', { ports: 'port' }],
  ['V1ServiceAccount', { secrets: 'name', imagePullSecrets: 'name' }],
  ['V1ObjectMeta', { ownerReferences: 'uid' }],
  ['V1PodStatus', { conditions: 'type', podIPs: 'ip', hostIPs: 'ip', resourceClaimStatuses: 'name' }],
  ['V1NodeStatus', { conditions: 'type', addresses: 'type' }],
  ['V1DeploymentStatus', BY_TYPE],
  ['V1ReplicaSetStatus', BY_TYPE],
  ['V1DaemonSetStatus', BY_TYPE],
  ['V1ServiceStatus', BY_TYPE],
  ['V1NamespaceStatus', BY_TYPE],
]);
const PRIMITIVE_MERGE: ReadonlySet<string> = new Set(['V1ObjectMeta.finalizers', 'V1NodeSpec.podCIDRs']);
const RETAIN_KEYS: ReadonlySet<string> = new Set([
  'V1DeploymentSpec.strategy',
  'V1PodSpec.volumes',
  'V1PodSpec.resourceClaims',
  'V1PodStatus.resourceClaimStatuses',
]);

export function mergeKeyOf(model: string | undefined, field: string): string | undefined {
  const keys = model === undefined ? undefined : MERGE_KEYS.get(model);
  return keys && Object.hasOwn(keys, field) ? keys[field] : undefined;
}
export const mergesPrimitives = (model: string | undefined, field: string): boolean => PRIMITIVE_MERGE.has(`${model ?? ''}.${field}`);
export const retainsKeys = (model: string | undefined, field: string): boolean => RETAIN_KEYS.has(`${model ?? ''}.${field}`);
