/**
 * A new machine starts tainted not-ready, so that nothing is placed there before it says it is ready.
 * Upstream: plugin/pkg/admission/nodetaint/admission.go (v1.36). Simplified: nothing.
 */
import type { V1Node } from '../../../../api/schema/kubernetes.ts';
import type { AdmissionPlugin } from '../admission.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export default {
  name: 'TaintNodesByCondition',
  order: 90,
  admit({ operation, info, object }) {
    if (operation !== 'CREATE' || info.kind.plural !== 'nodes' || info.subresource !== undefined) return { object };
    const node = object as V1Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some((t) => t.key === NOT_READY.key && t.effect === NOT_READY.effect)) return { object };
    return { object: { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } };
  },
} satisfies AdmissionPlugin;
