/** Upstream: pkg/registry/apps/deployment/storage/storage.go (v1.36). */
import type { Resource } from './resource.ts';
import { scale } from './scale.ts';

export default { plural: 'deployments', group: 'apps', subresources: { scale } } satisfies Resource;
