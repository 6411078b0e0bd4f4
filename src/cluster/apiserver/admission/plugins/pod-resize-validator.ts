/**
 * No pod is to have more than its machine could ever give, and only machines with Linux change one that runs. Why: ../resize-refusal.ts, which arrives late.
 * Upstream: plugin/pkg/admission/podresize/admission.go, on since v1.36. Simplified: nothing.
 */
import { forbidden } from '../../../../api/machinery/status.ts';
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import { late } from '../../../late.ts';
import type { AdmissionPlugin } from '../admission.ts';

export default {
  name: 'PodResizeValidator',
  order: 270,
  validate({ info, object, old }, view) {
    const machine = (object as V1Pod).spec?.nodeName;
    const isChanged = info.subresource === 'resize' && object.metadata?.generation !== old?.metadata?.generation;
    const why = machine && isChanged ? late().resizeRefusal(object as V1Pod, machine, view) : undefined;
    return why === undefined ? undefined : forbidden('pods', object.metadata?.name ?? '', why);
  },
} satisfies AdmissionPlugin;
