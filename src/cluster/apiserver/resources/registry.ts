/** The resources with storage of their own, by 'plural.group'. */
import { assert } from '../../../lib/assert.ts';
import { resourceNameOf } from '../../../api/paths.ts';
import type { Kind } from '../../../api/kind.ts';
import type { Resource } from './resource.ts';

const files = import.meta.glob<Resource>('./*-storage.ts', { eager: true, import: 'default' });
const byName = new Map(
  Object.keys(files)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => [resourceNameOf(files[path].group, files[path].plural), files[path]]),
);
assert(byName.size > 0, 'no resource storage was found');

const PLAIN: Resource = { plural: '', group: '' };
export const resourceFor = (kind: Kind): Resource => byName.get(resourceNameOf(kind.group, kind.plural)) ?? PLAIN;
