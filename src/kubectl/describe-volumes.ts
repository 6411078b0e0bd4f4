/** Volumes as kubectl describe writes them. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeVolumes (v1.36). Simplified: of the network's and the clouds' only nfs and csi. */
import type { V1Volume } from '../api/schema/kubernetes.ts';

function volumeText(v: V1Volume): string {
  if (v.emptyDir) return `    Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)\n    Medium:\t${v.emptyDir.medium ?? ''}\n    SizeLimit:\t${v.emptyDir.sizeLimit ?? '<unset>'}\n`;
  if (v.configMap) return `    Type:\tConfigMap (a volume populated by a ConfigMap)\n    Name:\t${v.configMap.name}\n    Optional:\t${v.configMap.optional ?? false}\n`;
  if (v.secret) return `    Type:\tSecret (a volume populated by a Secret)\n    SecretName:\t${v.secret.secretName}\n    Optional:\t${v.secret.optional ?? false}\n`;
  if (v.hostPath) return `    Type:\tHostPath (bare host directory volume)\n    Path:\t${v.hostPath.path}\n    HostPathType:\t${v.hostPath.type ?? ''}\n`;
  if (v.persistentVolumeClaim) return `    Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)\n    ClaimName:\t${v.persistentVolumeClaim.claimName}\n    ReadOnly:\t${v.persistentVolumeClaim.readOnly ?? false}\n`;
  if (v.downwardAPI) return `    Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n${(v.downwardAPI.items ?? []).map((i) => (i.fieldRef ? `      ${i.fieldRef.fieldPath} -> ${i.path}\n` : '') + (i.resourceFieldRef ? `      ${i.resourceFieldRef.resource} -> ${i.path}\n` : '')).join('')}`;
  if (v.nfs) return `    Type:\tNFS (an NFS mount that lasts the lifetime of a pod)\n    Server:\t${v.nfs.server}\n    Path:\t${v.nfs.path}\n    ReadOnly:\t${v.nfs.readOnly ?? false}\n`;
  if (v.csi) return `    Type:\tCSI (a Container Storage Interface (CSI) volume source)\n    Driver:\t${v.csi.driver}\n    FSType:\t${v.csi.fsType ?? ''}\n    ReadOnly:\t${v.csi.readOnly ?? false}\n    VolumeAttributes:\t    ${Object.entries(v.csi.volumeAttributes ?? {}).sort(([x], [y]) => (x < y ? -1 : 1)).map(([key, value]) => `${key}=${value}\n`).join('\t    ') || '<none>\n'}`;
  if (!v.projected) return '    <unknown>\n';
  const sources = (v.projected.sources ?? []).map((s) => (s.serviceAccountToken ? `    TokenExpirationSeconds:\t${s.serviceAccountToken.expirationSeconds}\n` : s.configMap ? `    ConfigMapName:\t${s.configMap.name}\n    Optional:\t${s.configMap.optional ?? false}\n` : s.secret ? `    SecretName:\t${s.secret.name}\n    Optional:\t${s.secret.optional ?? false}\n` : s.downwardAPI ? '    DownwardAPI:\ttrue\n' : ''));
  return `    Type:\tProjected (a volume that contains injected data from multiple sources)\n${sources.join('')}`;
}

export const volumes = (list: readonly V1Volume[] | undefined, space: string): string => (list?.length ? `${space}Volumes:\n${list.map((v) => `  ${space === '' ? '' : ' '}${v.name}:\n${volumeText(v)}`).join('')}` : `${space}Volumes:\t<none>\n`);
