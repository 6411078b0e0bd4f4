/**
 * A kubelet may write its own Node, Lease and the pods bound to it, and of pods it makes mirrors only; what would draw pods to it, taints and labels, is others' to write.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go, staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go (v1.36). Simplified: no claims, tokens and CSINodes; a machine comes with the labels of its topology, those that kubeadm would give it, too.
 */
import { sameJson } from '../../../../api/machinery/patch/same-json.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { referencesOf } from '../../../../api/pods/references.ts';
import type { V1Node, V1Pod } from '../../../../api/schema/kubernetes.ts';
import { machineOf } from '../../../client/identity.ts';
import { knownName, type AdmissionPlugin, type Attributes } from '../admission.ts';
import type { ServerView } from '../../view.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** Why not; undefined: it may. */
function refusalOf(machine: string, asked: Attributes, view: ServerView): string | undefined {
  switch (asked.info.kind.plural) {
    case 'pods':
      return ofPod(machine, asked, view);
    case 'nodes':
      return ofNode(machine, asked);
    case 'leases':
      return ofLease(machine, asked);
    default:
      return undefined;
  }
}

function ofPod(machine: string, { operation, info: { subresource }, object, old }: Attributes, view: ServerView): string | undefined {
  const isOwn = ((old ?? object) as V1Pod).spec?.nodeName === machine;
  if (subresource === 'eviction') return isOwn ? undefined : `node ${machine} can only evict pods with spec.nodeName set to itself`;
  if (subresource === 'status') {
    if (!isOwn) return `node "${machine}" can only update pod status for pods with spec.nodeName set to itself`;
    return sameJson(old?.metadata?.labels ?? {}, object.metadata?.labels ?? {})
      ? undefined
      : `node "${machine}" cannot update labels through pod status`;
  }
  if (subresource !== undefined) return `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`;
  if (operation === 'CREATE') return ofMirror(machine, object as V1Pod, view);
  if (operation === 'DELETE') return isOwn ? undefined : `node "${machine}" can only delete pods with spec.nodeName set to itself`;
  return `unexpected operation "${operation}", node "${machine}" can only create and delete mirror pods`;
}

/** Upstream: admitPodCreate. */
function ofMirror(machine: string, pod: V1Pod, view: ServerView): string | undefined {
  const can = `node "${machine}" can only create`;
  if (pod.metadata?.annotations?.[MIRROR] === undefined) return `pod does not have "${MIRROR}" annotation, ${can} mirror pods`;
  if (pod.spec?.nodeName !== machine) return `${can} pods with spec.nodeName set to itself`;
  const [owner, ...more] = pod.metadata.ownerReferences ?? [];
  if (more.length > 0) return `${can} pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== machine)
    return `${can} pods with an owner reference set to itself`;
  if (owner.controller !== true) return `${can} pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion === true) return `node "${machine}" must not set blockOwnerDeletion on an owner reference`;
  const uid = view.get<V1Node>('nodes', machine)?.metadata?.uid;
  if (owner.uid !== uid) return `node ${machine} UID mismatch: expected ${owner.uid} got ${uid ?? ''}`;
  if (pod.spec.serviceAccountName) return `node "${machine}" can not create pods that reference a service account`;
  const kind = ['secrets', 'configmaps'].find((plural) => referencesOf(pod).some((ref) => ref.startsWith(`${plural}/`)));
  return kind && `node "${machine}" can not create pods that reference ${kind}`;
}

function ofNode(machine: string, { info, object, old }: Attributes): string | undefined {
  const name = info.name ?? object.metadata?.name;
  if (name !== machine) return `node "${machine}" is not allowed to modify node "${name}"`;
  if (!old) return undefined;
  if (!sameJson((object as V1Node).spec?.taints ?? [], (old as V1Node).spec?.taints ?? []))
    return `node "${machine}" is not allowed to modify taints`;
  if (!sameJson(object.metadata?.ownerReferences ?? [], old.metadata?.ownerReferences ?? []))
    return `node "${machine}" is not allowed to modify ownerReferences`;
  const labels = forbiddenLabels(object.metadata?.labels ?? {}, old.metadata?.labels ?? {}).join(', ');
  return labels === '' ? undefined : `is not allowed to modify labels: ${labels}`;
}

const KUBELET_LABELS: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const within = (namespace: string, domain: string): boolean => namespace === domain || namespace.endsWith(`.${domain}`);

/** Of the labels that differ. Upstream: getForbiddenLabels, IsKubeletLabel. */
function forbiddenLabels(now: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter((key) => now[key] !== before[key])
    .filter((key) => {
      const namespace = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
      if (within(namespace, 'node-restriction.kubernetes.io')) return true;
      const isOurs = within(namespace, 'kubernetes.io') || within(namespace, 'k8s.io');
      return isOurs && !KUBELET_LABELS.has(key) && !within(namespace, 'kubelet.kubernetes.io') && !within(namespace, 'node.kubernetes.io');
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

function ofLease(machine: string, { info, object }: Attributes): string | undefined {
  if (info.namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  return (info.name ?? object.metadata?.name) === machine
    ? undefined
    : 'can only access node lease with the same name as the requesting node';
}

export default {
  name: 'NodeRestriction',
  order: 80,
  validate(asked, view) {
    const { info, object, as } = asked;
    const machine = machineOf(as);
    const why = machine === undefined ? undefined : refusalOf(machine, asked, view);
    return why === undefined ? undefined : forbidden(info.resource, info.name ?? knownName(object), why);
  },
} satisfies AdmissionPlugin;
