/**
 * Resolves a pod's priority class to a number.
 * Upstream: plugin/pkg/admission/priority/admission.go (v1.36). Simplified: only the two system classes exist; PriorityClass objects come later.
 */
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { knownName, type AdmissionPlugin } from '../admission.ts';

const SYSTEM: Readonly<Record<string, number>> = { 'system-node-critical': 2000001000, 'system-cluster-critical': 2000000000 };

export default {
  name: 'Priority',
  order: 130,
  admit({ operation, info, object }) {
    if (operation !== 'CREATE' || info.kind.plural !== 'pods' || info.subresource !== undefined) return { object };
    const pod = object as V1Pod;
    const name = pod.spec?.priorityClassName;
    if (!pod.spec) return { object };
    const priority = name === undefined || name === '' ? 0 : Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
    if (priority === undefined) return { status: forbidden('pods', knownName(pod), `no PriorityClass with name ${name} was found`) };
    return { object: { ...pod, spec: { ...pod.spec, priority, preemptionPolicy: pod.spec.preemptionPolicy ?? 'PreemptLowerPriority' } } };
  },
} satisfies AdmissionPlugin;
