/** What the user may have meant. */
import { editDistance } from '../../lib/edit-distance.ts';

/** Kinds that upstream serves and that may be missing here, for a better 'no'. Source: kubectl api-resources of v1.36. */
export const UPSTREAM_KINDS: ReadonlyMap<string, string> = new Map([
  ['Binding', 'v1'],
  ['Endpoints', 'v1'],
  ['Event', 'v1'],
  ['LimitRange', 'v1'],
  ['PersistentVolume', 'v1'],
  ['PersistentVolumeClaim', 'v1'],
  ['PodTemplate', 'v1'],
  ['ReplicationController', 'v1'],
  ['ResourceQuota', 'v1'],
  ['StatefulSet', 'apps/v1'],
  ['Job', 'batch/v1'],
  ['CronJob', 'batch/v1'],
  ['HorizontalPodAutoscaler', 'autoscaling/v2'],
  ['PodDisruptionBudget', 'policy/v1'],
  ['Ingress', 'networking.k8s.io/v1'],
  ['IngressClass', 'networking.k8s.io/v1'],
  ['NetworkPolicy', 'networking.k8s.io/v1'],
  ['IPAddress', 'networking.k8s.io/v1'],
  ['ServiceCIDR', 'networking.k8s.io/v1'],
  ['Role', 'rbac.authorization.k8s.io/v1'],
  ['RoleBinding', 'rbac.authorization.k8s.io/v1'],
  ['ClusterRole', 'rbac.authorization.k8s.io/v1'],
  ['ClusterRoleBinding', 'rbac.authorization.k8s.io/v1'],
  ['StorageClass', 'storage.k8s.io/v1'],
  ['VolumeAttachment', 'storage.k8s.io/v1'],
  ['CSIDriver', 'storage.k8s.io/v1'],
  ['CSINode', 'storage.k8s.io/v1'],
  ['CSIStorageCapacity', 'storage.k8s.io/v1'],
  ['VolumeAttributesClass', 'storage.k8s.io/v1'],
  ['PriorityClass', 'scheduling.k8s.io/v1'],
  ['RuntimeClass', 'node.k8s.io/v1'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
  ['APIService', 'apiregistration.k8s.io/v1'],
  ['MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
  ['ValidatingAdmissionPolicy', 'admissionregistration.k8s.io/v1'],
  ['ValidatingAdmissionPolicyBinding', 'admissionregistration.k8s.io/v1'],
  ['CertificateSigningRequest', 'certificates.k8s.io/v1'],
  ['FlowSchema', 'flowcontrol.apiserver.k8s.io/v1'],
  ['PriorityLevelConfiguration', 'flowcontrol.apiserver.k8s.io/v1'],
  ['ResourceClaim', 'resource.k8s.io/v1'],
  ['ResourceClaimTemplate', 'resource.k8s.io/v1'],
  ['DeviceClass', 'resource.k8s.io/v1'],
  ['ResourceSlice', 'resource.k8s.io/v1'],
]);

/** The closest of the words, when it is close enough to be a slip: a third of the letters, at most three. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const most = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) > most) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
