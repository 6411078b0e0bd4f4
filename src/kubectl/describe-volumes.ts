/** Volumes as kubectl describe writes them. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeVolumes (v1.36). Simplified: of an ephemeral volume's claim no data source. */
import { canonicalQuantity, compareQuantities } from '../api/machinery/quantity.ts';
import { goText, isRecord, type Rec } from '../api/machinery/patch/values.ts';
import type { V1Volume } from '../api/schema/kubernetes.ts';
import { annotations, byKey, cut, multiline } from './describe-maps.ts';

/** `field:default`: what is written when the field is not there; a title of its own stands before the '='. */
interface Plain {
  readonly is: keyof V1Volume;
  readonly type: string;
  readonly fields: readonly string[];
}
/** In upstream's order. Of what the volume is, the first counts. */
const PLAIN: readonly Plain[] = [
  { is: 'hostPath', type: 'HostPath (bare host directory volume)', fields: ['Path=path', 'HostPathType=type:<none>'] },
  {
    is: 'gcePersistentDisk',
    type: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    fields: ['PDName=pdName', 'FSType=fsType', 'Partition=partition:0', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'awsElasticBlockStore',
    type: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    fields: ['VolumeID=volumeID', 'FSType=fsType', 'Partition=partition:0', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'gitRepo',
    type: 'GitRepo (a volume that is pulled from git when the pod is created)',
    fields: ['Repository=repository', 'Revision=revision'],
  },
  { is: 'secret', type: 'Secret (a volume populated by a Secret)', fields: ['SecretName=secretName', 'Optional=optional:false'] },
  { is: 'configMap', type: 'ConfigMap (a volume populated by a ConfigMap)', fields: ['Name=name', 'Optional=optional:false'] },
  {
    is: 'nfs',
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    fields: ['Server=server', 'Path=path', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'iscsi',
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    fields: [
      'TargetPortal=targetPortal',
      'IQN=iqn',
      'Lun=lun:0',
      'ISCSIInterface=iscsiInterface',
      'FSType=fsType',
      'ReadOnly=readOnly:false',
      'Portals=portals:[]',
      'DiscoveryCHAPAuth=chapAuthDiscovery:false',
      'SessionCHAPAuth=chapAuthSession:false',
      'SecretRef=secretRef:nil',
      'InitiatorName=initiatorName:<none>',
    ],
  },
  {
    is: 'glusterfs',
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    fields: ['EndpointsName=endpoints', 'Path=path', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'persistentVolumeClaim',
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    fields: ['ClaimName=claimName', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'rbd',
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    fields: [
      'CephMonitors=monitors:[]',
      'RBDImage=image',
      'FSType=fsType',
      'RBDPool=pool',
      'RadosUser=user',
      'Keyring=keyring',
      'SecretRef=secretRef:nil',
      'ReadOnly=readOnly:false',
    ],
  },
  {
    is: 'quobyte',
    type: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    fields: ['Registry=registry', 'Volume=volume', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'azureDisk',
    type: 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    fields: [
      'DiskName=diskName',
      'DiskURI=diskURI',
      'Kind: =kind:Shared',
      'FSType=fsType:ext4',
      'CachingMode=cachingMode:ReadWrite',
      'ReadOnly=readOnly:false',
    ],
  },
  {
    is: 'vsphereVolume',
    type: 'vSphereVolume (a Persistent Disk resource in vSphere)',
    fields: ['VolumePath=volumePath', 'FSType=fsType', 'StoragePolicyName=storagePolicyName'],
  },
  {
    is: 'cinder',
    type: 'Cinder (a Persistent Disk resource in OpenStack)',
    fields: ['VolumeID=volumeID', 'FSType=fsType', 'ReadOnly=readOnly:false', 'SecretRef=secretRef:nil'],
  },
  {
    is: 'photonPersistentDisk',
    type: 'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
    fields: ['PdID=pdID', 'FSType=fsType'],
  },
  { is: 'portworxVolume', type: 'PortworxVolume (a Portworx Volume resource)', fields: ['VolumeID=volumeID'] },
  {
    is: 'scaleIO',
    type: 'ScaleIO (a persistent volume backed by a block device in ScaleIO)',
    fields: [
      'Gateway=gateway',
      'System=system',
      'Protection Domain=protectionDomain',
      'Storage Pool=storagePool',
      'Storage Mode=storageMode',
      'VolumeName=volumeName',
      'FSType=fsType',
      'ReadOnly=readOnly:false',
    ],
  },
  {
    is: 'cephfs',
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    fields: [
      'Monitors=monitors:[]',
      'Path=path',
      'User=user',
      'SecretFile=secretFile',
      'SecretRef=secretRef:nil',
      'ReadOnly=readOnly:false',
    ],
  },
  {
    is: 'storageos',
    type: 'StorageOS (a StorageOS Persistent Disk resource)',
    fields: ['VolumeName=volumeName', 'VolumeNamespace=volumeNamespace', 'FSType=fsType', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'fc',
    type: 'FC (a Fibre Channel disk)',
    fields: ['TargetWWNs=targetWWNs', 'LUN=lun:<none>', 'FSType=fsType', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'azureFile',
    type: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
    fields: ['SecretName=secretName', 'ShareName=shareName', 'ReadOnly=readOnly:false'],
  },
  {
    is: 'flexVolume',
    type: 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    fields: ['Driver=driver', 'FSType=fsType', 'SecretRef=secretRef:nil', 'ReadOnly=readOnly:false', 'Options=options:map[]'],
  },
  {
    is: 'flocker',
    type: 'Flocker (a Flocker volume mounted by the Flocker agent)',
    fields: ['DatasetName=datasetName', 'DatasetUUID=datasetUUID'],
  },
  { is: 'image', type: 'Image (a container image or OCI artifact)', fields: ['Reference=reference', 'PullPolicy=pullPolicy'] },
];

function fieldText(source: Rec, field: string): string {
  const [, title, name, otherwise] = /^(.*?)=(\w+):?(.*)$/.exec(field) ?? [];
  const value = source[name];
  const text =
    value === undefined || value === null
      ? otherwise
      : name === 'targetWWNs'
        ? (value as readonly string[]).join(', ')
        : name === 'secretRef' && isRecord(value)
          ? `&LocalObjectReference{Name:${goText(value.name ?? '')},}`
          : goText(value);
  return `    ${title}${title === 'ISCSIInterface' || title.endsWith(' ') ? '' : ':'}\t${text}\n`;
}

function special(v: V1Volume): string | undefined {
  if (v.emptyDir) {
    const { medium = '', sizeLimit } = v.emptyDir;
    return `    Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)\n    Medium:\t${medium}\n    SizeLimit:\t${sizeLimit !== undefined && compareQuantities(sizeLimit, '0') > 0 ? canonicalQuantity(sizeLimit) : '<unset>'}\n`;
  }
  if (v.ephemeral) {
    const { metadata, spec } = v.ephemeral.volumeClaimTemplate ?? {};
    const claim = v.ephemeral.volumeClaimTemplate
      ? `StorageClass:\t${metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''}\nVolume:\t${spec?.volumeName ?? ''}\n${multiline('Labels', metadata?.labels, '    ')}${annotations('Annotations', metadata?.annotations, '    ')}Capacity:\t${spec?.volumeName ? '0' : ''}\nAccess Modes:\t\n${spec?.volumeMode ? `VolumeMode:\t${spec.volumeMode}\n` : ''}`
      : '';
    return `    Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)\n${claim.replace(/^(?=StorageClass|Volume|Labels|Annotations|Capacity|Access)/gm, '    ')}`;
  }
  if (v.downwardAPI)
    return `    Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n${(v.downwardAPI.items ?? []).map((i) => (i.fieldRef ? `      ${i.fieldRef.fieldPath} -> ${i.path}\n` : '') + (i.resourceFieldRef ? `      ${i.resourceFieldRef.resource} -> ${i.path}\n` : '')).join('')}`;
  if (v.csi) {
    const entries = Object.entries(v.csi.volumeAttributes ?? {})
      .sort(byKey)
      .map(([key, value]) => `    ${cut(`${key}=${value}`, 140)}\n`);
    return `    Type:\tCSI (a Container Storage Interface (CSI) volume source)\n    Driver:\t${v.csi.driver}\n    FSType:\t${v.csi.fsType ?? ''}\n    ReadOnly:\t${v.csi.readOnly ?? false}\n    VolumeAttributes:\t${entries.join('        \t') || '<none>\n'}`;
  }
  if (!v.projected) return undefined;
  const sources = (v.projected.sources ?? []).map((s) =>
    s.secret
      ? `    SecretName:\t${s.secret.name ?? ''}\n    Optional:\t${s.secret.optional ?? false}\n`
      : s.downwardAPI
        ? '    DownwardAPI:\ttrue\n'
        : s.configMap
          ? `    ConfigMapName:\t${s.configMap.name ?? ''}\n    Optional:\t${s.configMap.optional ?? false}\n`
          : s.serviceAccountToken
            ? `    TokenExpirationSeconds:\t${s.serviceAccountToken.expirationSeconds ?? 3600}\n`
            : '',
  );
  return `    Type:\tProjected (a volume that contains injected data from multiple sources)\n${sources.join('')}`;
}

function volumeText(v: V1Volume): string {
  const plain = PLAIN.find(({ is }) => v[is] !== undefined);
  if (!plain) return special(v) ?? '  <unknown>\n';
  return `    Type:\t${plain.type}\n${plain.fields.map((field) => fieldText(v[plain.is] as unknown as Rec, field)).join('')}`;
}

export const volumes = (list: readonly V1Volume[] | undefined, space: string): string =>
  list?.length
    ? `${space}Volumes:\n${list.map((v) => `  ${space === '' ? '' : ' '}${v.name}:\n${volumeText(v)}`).join('')}`
    : `${space}Volumes:\t<none>\n`;
