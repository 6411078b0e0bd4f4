/** All lessons, one file each. */
import { assert } from '../lib/assert.ts';
import type { Lesson } from './lesson.ts';

const files = import.meta.glob<Lesson>(['./*.ts', '!./{lesson,registry}.ts'], { eager: true, import: 'default' });
export const lessons: readonly Lesson[] = Object.keys(files)
  .sort((a, b) => (a < b ? 1 : -1))
  .map((path) => files[path]);
assert(lessons.length > 0, 'no lesson was found');
