/**
 * How strategic merge treats lists of objects: by which key they merge. Lists that are not here are replaced.
 * Upstream: the x-kubernetes-patch-merge-key and patch-strategy extensions of the types in staging/src/k8s.io/api (v1.36).
 */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  'V1PodSpec.containers': 'name', 'V1PodSpec.initContainers': 'name', 'V1PodSpec.ephemeralContainers': 'name', 'V1PodSpec.volumes': 'name', 'V1PodSpec.imagePullSecrets': 'name',
  'V1PodSpec.hostAliases': 'ip', 'V1PodSpec.topologySpreadConstraints': 'topologyKey', 'V1Container.ports': 'containerPort', 'V1Container.env': 'name', 'V1Container.volumeMounts': 'mountPath',
  'V1Container.volumeDevices': 'devicePath', 'V1ServiceSpec.ports': 'port', 'V1ObjectMeta.ownerReferences': 'uid', 'V1PodStatus.conditions': 'type', 'V1NodeStatus.conditions': 'type',
  'V1NodeStatus.addresses': 'type', 'V1DeploymentStatus.conditions': 'type', 'V1ReplicaSetStatus.conditions': 'type', 'V1DaemonSetStatus.conditions': 'type', 'V1ServiceStatus.conditions': 'type',
  'V1NamespaceStatus.conditions': 'type', 'V1PodStatus.podIPs': 'ip', 'V1PodStatus.hostIPs': 'ip', 'V1ServiceAccount.secrets': 'name', 'V1ServiceAccount.imagePullSecrets': 'name', 'V1LoadBalancerIngress.ports': '',
};
const PRIMITIVE_MERGE: ReadonlySet<string> = new Set(['V1ObjectMeta.finalizers', 'V1NodeSpec.podCIDRs']);

export const mergeKeyOf = (model: string, field: string): string | undefined => MERGE_KEYS[`${model}.${field}`] || undefined;
export const mergesPrimitives = (model: string, field: string): boolean => PRIMITIVE_MERGE.has(`${model}.${field}`);
