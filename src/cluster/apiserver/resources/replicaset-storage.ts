/** Upstream: pkg/registry/apps/replicaset/storage/storage.go (v1.36). */
import type { Resource } from './resource.ts';
import { scale } from './scale.ts';

export default { plural: 'replicasets', group: 'apps', subresources: { scale } } satisfies Resource;
