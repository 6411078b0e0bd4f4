/** How far a pod is. */
import type { V1Pod } from '../schema/kubernetes.ts';

/** It ended and never runs again. Upstream: podutil.IsPodTerminal (pkg/api/v1/pod/util.go, v1.36). */
export const isOver = ({ status }: V1Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
