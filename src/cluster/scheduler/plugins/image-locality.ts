/** Prefers machines that have the pod's images already. Upstream: plugins/imagelocality/image_locality.go (v1.36). Simplified: nothing. */
import { allContainers } from '../../../api/pods/containers.ts';
import type { V1Pod } from '../../../api/schema/kubernetes.ts';
import type { SchedulerPlugin } from '../plugin.ts';

const MIB = 1048576;
const LEAST = 23 * MIB;
const MOST_PER_CONTAINER = 1000 * MIB;

export default {
  name: 'ImageLocality',
  weight: 1,
  preScore: ({ pod }) => ({ state: imagesOf(pod) }),
  score({ state, machines, imageHolders }, { images }) {
    const names = state as readonly string[];
    if (names.length === 0) return 0;
    let sum = 0;
    for (const name of names) {
      const size = images.get(name);
      if (size !== undefined) sum += Math.floor(size * ((imageHolders.get(name) ?? 1) / machines.length));
    }
    const most = MOST_PER_CONTAINER * names.length;
    return Math.floor((100 * (Math.min(most, Math.max(LEAST, sum)) - LEAST)) / (most - LEAST));
  },
} satisfies SchedulerPlugin;

const imagesOf = (pod: V1Pod): readonly string[] => allContainers(pod).map((c) => normalizedImage(c.image ?? ''));

/** Upstream: normalizedImageName: a name without a tag is ':latest'. */
export const normalizedImage = (name: string): string => (name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name);
