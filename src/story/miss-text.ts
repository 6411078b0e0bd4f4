/** Why a Service has nobody behind it, in a sentence: 'It asks for app=wbe; nearest comes web-x7k2p, with app=web.' */
import type { NearMiss } from '../api/services/near-miss.ts';

export const missText = ({ asks, pod, has }: NearMiss): string =>
  `It asks for ${asks}${pod === undefined ? ', and no pod has that' : `; nearest comes ${pod}, with ${has ?? ''}`}.`;
