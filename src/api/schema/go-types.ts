/** Fields whose Go types have names that the schema does not know, for the decoder's words. Upstream: k8s.io/api and apimachinery types.go (v1.36). */
import { fieldsOfModel, typeName } from './definitions.ts';

const NAMED = `
[]v1.Capability: Capabilities.add Capabilities.drop
[]v1.FinalizerName: NamespaceSpec.finalizers
[]v1.IPFamily: ServiceSpec.ipFamilies
[]v1.PersistentVolumeAccessMode: PersistentVolumeClaimSpec.accessModes
[]v1.UniqueVolumeName: NodeStatus.volumesInUse
types.UID: OwnerReference.uid ObjectMeta.uid ObjectReference.uid ConfigMapNodeConfigSource.uid
v1.AddressType: EndpointSlice.addressType
v1.AppArmorProfileType: AppArmorProfile.type
v1.AzureDataDiskCachingMode: AzureDiskVolumeSource.cachingMode
v1.AzureDataDiskKind: AzureDiskVolumeSource.kind
v1.ConditionStatus: DaemonSetCondition.status DeploymentCondition.status NamespaceCondition.status NodeCondition.status PodCondition.status ReplicaSetCondition.status Condition.status
v1.ContainerRestartPolicy: Container.restartPolicy EphemeralContainer.restartPolicy
v1.ContainerRestartRuleAction: ContainerRestartRule.action
v1.ContainerRestartRuleOnExitCodesOperator: ContainerRestartRuleOnExitCodes.operator
v1.CoordinatedLeaseStrategy: LeaseSpec.strategy
v1.DNSPolicy: PodSpec.dnsPolicy
v1.DaemonSetConditionType: DaemonSetCondition.type
v1.DaemonSetUpdateStrategyType: DaemonSetUpdateStrategy.type
v1.DeploymentConditionType: DeploymentCondition.type
v1.DeploymentStrategyType: DeploymentStrategy.type
v1.HostPathType: HostPathVolumeSource.type
v1.IPFamilyPolicy: ServiceSpec.ipFamilyPolicy
v1.LabelSelectorOperator: LabelSelectorRequirement.operator
v1.LoadBalancerIPMode: LoadBalancerIngress.ipMode
v1.ManagedFieldsOperationType: ManagedFieldsEntry.operation
v1.MountPropagationMode: VolumeMount.mountPropagation
v1.NamespaceConditionType: NamespaceCondition.type
v1.NamespacePhase: NamespaceStatus.phase
v1.NodeAddressType: NodeAddress.type
v1.NodeConditionType: NodeCondition.type
v1.NodeInclusionPolicy: TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy
v1.NodePhase: NodeStatus.phase
v1.NodeSelectorOperator: NodeSelectorRequirement.operator
v1.OSName: PodOS.name
v1.PersistentVolumeMode: PersistentVolumeClaimSpec.volumeMode
v1.PodConditionType: PodReadinessGate.conditionType PodCondition.type
v1.PodFSGroupChangePolicy: PodSecurityContext.fsGroupChangePolicy
v1.PodPhase: PodStatus.phase
v1.PodQOSClass: PodStatus.qosClass
v1.PodResizeStatus: PodStatus.resize
v1.PodSELinuxChangePolicy: PodSecurityContext.seLinuxChangePolicy
v1.PreemptionPolicy: PodSpec.preemptionPolicy
v1.ProcMountType: SecurityContext.procMount
v1.Protocol: ContainerPort.protocol EndpointPort.protocol ServicePort.protocol PortStatus.protocol
v1.PullPolicy: Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy
v1.RecursiveReadOnlyMode: VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly
v1.ReplicaSetConditionType: ReplicaSetCondition.type
v1.ResourceHealthStatus: ResourceHealth.health
v1.ResourceID: ResourceHealth.resourceID
v1.ResourceList: ResourceRequirements.limits ResourceRequirements.requests PodSpec.overhead VolumeResourceRequirements.limits VolumeResourceRequirements.requests NodeStatus.allocatable NodeStatus.capacity PodStatus.allocatedResources ContainerStatus.allocatedResources
v1.ResourceName: ContainerResizePolicy.resourceName ResourceStatus.name
v1.ResourceResizeRestartPolicy: ContainerResizePolicy.restartPolicy
v1.RestartPolicy: PodSpec.restartPolicy
v1.SeccompProfileType: SeccompProfile.type
v1.SecretType: Secret.type
v1.ServiceAffinity: ServiceSpec.sessionAffinity
v1.ServiceExternalTrafficPolicy: ServiceSpec.externalTrafficPolicy
v1.ServiceInternalTrafficPolicy: ServiceSpec.internalTrafficPolicy
v1.ServiceType: ServiceSpec.type
v1.Signal: Lifecycle.stopSignal ContainerStatus.stopSignal
v1.StorageMedium: EmptyDirVolumeSource.medium
v1.SupplementalGroupsPolicy: PodSecurityContext.supplementalGroupsPolicy
v1.TaintEffect: Toleration.effect Taint.effect
v1.TerminationMessagePolicy: Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy
v1.TolerationOperator: Toleration.operator
v1.URIScheme: HTTPGetAction.scheme
v1.UniqueVolumeName: AttachedVolume.name
v1.UnsatisfiableConstraintAction: TopologySpreadConstraint.whenUnsatisfiable`;

const named = new Map(
  NAMED.trim()
    .split('\n')
    .flatMap((line) => {
      const [type, fields] = line.split(': ');
      return fields.split(' ').map((field) => [field, type] as const);
    }),
);
const PLAIN: Readonly<Record<string, string>> = { boolean: 'bool', base64: '[]uint8', number: 'float64' };

/** 'v1.Protocol' for 'ServicePort' and 'protocol'; '[]v1.EnvVar'. */
export const goTypeOf = (struct: string, field: string, type: string): string => named.get(`${struct}.${field}`) ?? plain(type);
const NAME_ONLY = /^name$/;
/** Structs inside others, and which fields are theirs. */
const EMBEDDED: Readonly<Record<string, readonly [string, RegExp]>> = {
  Volume: ['VolumeSource', /^(?!name$)/],
  Probe: ['ProbeHandler', /^(?:exec|httpGet|tcpSocket|grpc)$/],
  EphemeralContainer: ['EphemeralContainerCommon', /^(?!targetContainerName$)/],
  ...Object.fromEntries(
    [
      'ConfigMapKeySelector',
      'SecretKeySelector',
      'ConfigMapEnvSource',
      'SecretEnvSource',
      'ConfigMapVolumeSource',
      'ConfigMapProjection',
      'SecretProjection',
    ].map((struct) => [struct, ['LocalObjectReference', NAME_ONLY] as const]),
  ),
};

/** 'VolumeSource.configMap' for 'Volume' and 'configMap'. */
export function goFieldOf(struct: string, field: string): string {
  const [inner, fields] = Object.hasOwn(EMBEDDED, struct) ? EMBEDDED[struct] : [];
  return fields?.test(field) ? `${inner}.${field}` : field;
}

/** Of a list's or a map's items. */
export const itemOf = (goType: string): string => goType.replace(/^(?:\[\]|map\[string\])/, '');

function plain(type: string): string {
  if (type.startsWith('[]')) return `[]${plain(type.slice(2))}`;
  if (type.startsWith('{}')) return `map[string]${plain(type.slice(2))}`;
  return fieldsOfModel(type) ? `v1.${typeName(type)}` : (PLAIN[type] ?? type);
}
