/** The containers of a pod, in its spec and in its status. */
import type { V1Container, V1ContainerStatus, V1Pod } from '../schema/kubernetes.ts';

/** Init containers first, as they start; then those that joined later. */
export const allContainers = ({ spec }: V1Pod): readonly V1Container[] => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
  ...(spec?.ephemeralContainers ?? []),
];

export const allStatuses = ({ status }: Pick<V1Pod, 'status'>): readonly V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
  ...(status?.ephemeralContainerStatuses ?? []),
];
