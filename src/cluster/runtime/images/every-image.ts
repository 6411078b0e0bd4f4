/** The images that users' pods are known to run: a file for each group. */
import { assert } from '../../../lib/assert.ts';
import type { ImageFamily } from './image.ts';

const files = import.meta.glob<readonly ImageFamily[]>(['./*-images.ts', '!./system-images.ts'], { eager: true, import: 'default' });
export const imageFamilies: readonly ImageFamily[] = Object.keys(files)
  .sort((a, b) => (a < b ? -1 : 1))
  .flatMap((path) => files[path]);
assert(imageFamilies.length > 0, 'no image was found');
