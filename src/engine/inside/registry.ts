/** Every role that can be laid open, from the files beside this one. Of a role without one only its name is known. */
import type { InsideOf } from './inside-of.ts';

const files = import.meta.glob<InsideOf<unknown>>(['./*.ts', '!./registry.ts', '!./inside-of.ts'], { eager: true, import: 'default' });
export const insides: ReadonlyMap<string, InsideOf<unknown>> = new Map(
  Object.keys(files)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => [files[path].role, files[path]]),
);
