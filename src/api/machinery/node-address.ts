/** Where a machine is reached. */
import type { V1Node } from '../schema/kubernetes.ts';

export const internalIp = (node: V1Node | undefined): string =>
  node?.status?.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '';
