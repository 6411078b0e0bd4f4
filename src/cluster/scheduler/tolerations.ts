/** Does a pod put up with a taint? Upstream: staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint (v1.36). */
import type { V1Taint, V1Toleration } from '../../api/schema/kubernetes.ts';

export const tolerates = (tolerations: readonly V1Toleration[] | undefined, taint: V1Taint): boolean => (tolerations ?? []).some((t) => (!t.effect || t.effect === taint.effect) && (!t.key || t.key === taint.key) && (t.operator === 'Exists' || (t.value ?? '') === (taint.value ?? '')));
