/**
 * Does a pod put up with a taint?
 * Upstream: staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go, api/core/v1/toleration.go ToleratesTaint (v1.36). Simplified: no Lt and Gt.
 */
import type { V1Taint, V1Toleration } from '../../api/schema/kubernetes.ts';

export function tolerates(tolerations: readonly V1Toleration[] | undefined, taint: V1Taint): boolean {
  for (const t of tolerations ?? []) {
    if (t.effect && t.effect !== taint.effect) continue;
    if (t.key && t.key !== taint.key) continue;
    if (t.operator === 'Exists' || ((t.value ?? '') === (taint.value ?? '') && (t.operator || 'Equal') === 'Equal')) return true;
  }
  return false;
}

/** The first taint that keeps a pod from being placed. */
export function untolerated(tolerations: readonly V1Toleration[] | undefined, taints: readonly V1Taint[] | undefined): V1Taint | undefined {
  if (!taints || taints.length === 0) return undefined;
  return taints.find((taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(tolerations, taint));
}
