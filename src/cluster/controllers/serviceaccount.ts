/** Gives every namespace its default ServiceAccount. Upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go (v1.36). Simplified: nothing. */
import { keyOf } from '../../api/object.ts';
import type { V1Namespace } from '../../api/schema/kubernetes.ts';
import { nothing, type Controller } from './controller.ts';
import { create } from './paths.ts';

export default {
  name: 'serviceaccount',
  watches: [
    { resource: 'namespaces', keys: ({ object }) => [keyOf(object)] },
    { resource: 'serviceaccounts', keys: ({ object, deleted }) => (deleted ? [object.metadata?.namespace ?? ''] : []) },
  ],
  reconcile(name, cache) {
    const namespace = cache.get<V1Namespace>('namespaces', name);
    if (!namespace || namespace.metadata?.deletionTimestamp || cache.get('serviceaccounts', `${name}/default`)) return nothing;
    return {
      writes: [create('serviceaccounts', name, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } })],
      notes: [{ says: 'serviceaccount/created-default', about: `namespaces/${name}`, with: { namespace: name } }],
    };
  },
} satisfies Controller;
