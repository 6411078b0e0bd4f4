/** Events are kept for an hour, and in no cache. Upstream: pkg/registry/core/event, --event-ttl 1h0m0s; pkg/kubeapiserver/default_storage_factory_builder.go DefaultWatchCacheSizes (v1.36). */
import type { Resource } from './resource.ts';

export default { plural: 'events', group: '', ttlSeconds: 3600, isUncached: true } satisfies Resource;
