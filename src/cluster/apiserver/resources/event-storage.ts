/** Events are kept for an hour. Upstream: pkg/registry/core/event, --event-ttl 1h0m0s (v1.36). */
import type { Resource } from './resource.ts';

export default { plural: 'events', group: '', ttlSeconds: 3600 } satisfies Resource;
