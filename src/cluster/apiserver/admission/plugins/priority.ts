/**
 * Resolves a pod's priority class to a number.
 * Upstream: plugin/pkg/admission/priority/admission.go (v1.36). Simplified: only the two system classes exist; PriorityClass objects come later.
 */
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { withMore } from '../../../../lib/with-more.ts';
import { knownName, type AdmissionPlugin } from '../admission.ts';

const SYSTEM: Readonly<Record<string, number>> = { 'system-node-critical': 2000001000, 'system-cluster-critical': 2000000000 };

const PREEMPTS = 'PreemptLowerPriority';

/** Who sends a pod without them means no change. */
function kept(pod: V1Pod, old: V1Pod | undefined): V1Pod {
  const [priority, preemptionPolicy] = [
    pod.spec?.priority ?? old?.spec?.priority,
    pod.spec?.preemptionPolicy ?? old?.spec?.preemptionPolicy,
  ];
  return pod.spec && (priority !== pod.spec.priority || preemptionPolicy !== pod.spec.preemptionPolicy)
    ? {
        ...pod,
        spec: {
          ...pod.spec,
          ...(priority === undefined ? {} : { priority }),
          ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }),
        },
      }
    : pod;
}

export default {
  name: 'Priority',
  order: 130,
  admit({ operation, info, object, old }) {
    if (operation === 'DELETE' || info.kind.plural !== 'pods' || info.subresource !== undefined) return { object };
    const pod = object as V1Pod;
    if (!pod.spec) return { object };
    if (operation === 'UPDATE') return { object: kept(pod, old as V1Pod | undefined) };
    const name = pod.spec.priorityClassName;
    const priority = name === undefined || name === '' ? 0 : Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
    if (priority === undefined) return { status: forbidden('pods', knownName(pod), `no PriorityClass with name ${name} was found`) };
    const given = pod.spec.priority ?? priority;
    if (given !== priority)
      return {
        status: forbidden(
          'pods',
          knownName(pod),
          `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
        ),
      };
    const policy = pod.spec.preemptionPolicy ?? PREEMPTS;
    if (policy !== PREEMPTS)
      return {
        status: forbidden(
          'pods',
          knownName(pod),
          `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; priority admission controller computed ${PREEMPTS} from the given PriorityClass name`,
        ),
      };
    return { object: { ...pod, spec: withMore(pod.spec, { priority, preemptionPolicy: PREEMPTS }) } };
  },
} satisfies AdmissionPlugin;
