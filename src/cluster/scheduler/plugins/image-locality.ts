/** Prefers machines that have the pod's images already. Upstream: plugins/imagelocality/image_locality.go (v1.36). Simplified: nothing. */
import { normalizedImage } from '../machine-info.ts';
import type { SchedulerPlugin } from '../plugin.ts';

const MIB = 1048576;
const LEAST = 23 * MIB;
const MOST_PER_CONTAINER = 1000 * MIB;

export default {
  name: 'ImageLocality',
  weight: 1,
  score({ pod, machines }, { images }) {
    const names = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((c) => normalizedImage(c.image ?? ''));
    let sum = 0;
    for (const name of names) { const image = images.get(name); if (image) sum += Math.floor(image.sizeBytes * (image.machines / machines.length)); }
    const most = MOST_PER_CONTAINER * names.length;
    return Math.floor((100 * (Math.min(most, Math.max(LEAST, sum)) - LEAST)) / (most - LEAST));
  },
} satisfies SchedulerPlugin;
