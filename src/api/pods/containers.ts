/** The containers of a pod's spec. */
import type { V1Container, V1Pod } from '../schema/kubernetes.ts';

/** Init containers first, as they start. */
export const allContainers = ({ spec }: V1Pod): readonly V1Container[] => [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
