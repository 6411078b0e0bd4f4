/**
 * A kubelet may write its own Node and the pods bound to it, and nothing else.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go (v1.36). Simplified: label prefixes, leases and claims are not checked.
 */
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import type { AdmissionPlugin } from '../admission.ts';

export default {
  name: 'NodeRestriction',
  order: 80,
  validate({ info, object, old, as }) {
    if (!as.user.startsWith('system:node:') || !as.groups.includes('system:nodes')) return undefined;
    const machine = as.user.slice('system:node:'.length);
    if (info.kind.plural === 'nodes' && (info.name ?? object.metadata?.name) !== machine) {
      return forbidden('nodes', info.name ?? '', `node "${machine}" is not allowed to modify node "${info.name ?? object.metadata?.name}"`);
    }
    if (info.kind.plural !== 'pods') return undefined;
    const pod = (old ?? object) as V1Pod;
    if (pod.spec?.nodeName === machine) return undefined;
    return forbidden('pods', pod.metadata?.name ?? '', `node "${machine}" can only ${old ? 'update pod status for pods' : 'create pods'} with spec.nodeName set to itself`);
  },
} satisfies AdmissionPlugin;
