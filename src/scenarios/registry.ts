/** All examples, one file each under examples/; the plainest first, then by title. */
import type { Example } from './example.ts';

const FIRST = 'web-and-service';
const files = import.meta.glob<Example>('./examples/*.ts', { eager: true, import: 'default' });
const idOf = (path: string): string => path.replace(/^.*\/|\.ts$/g, '');
const order = (id: string, example: Example): string => (id === FIRST ? '' : example.title);

export interface NamedExample extends Example {
  readonly id: string;
}
export const examples: readonly NamedExample[] = Object.entries(files)
  .map(([path, example]) => ({ ...example, id: idOf(path) }))
  .sort((a, b) => (order(a.id, a) < order(b.id, b) ? -1 : 1));
