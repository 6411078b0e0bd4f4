/**
 * Namespaces carry the finalizer 'kubernetes' until the namespace controller has emptied them.
 * Upstream: pkg/registry/core/namespace/storage/storage.go (v1.36). Simplified: nothing.
 */
import type { V1Namespace } from '../../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Resource } from './resource.ts';

const OWN = 'kubernetes';

export default {
  plural: 'namespaces',
  group: '',
  beforeCreate(object) {
    const namespace = object as V1Namespace;
    const labels = { ...namespace.metadata?.labels, 'kubernetes.io/metadata.name': namespace.metadata?.name ?? '' };
    const given = namespace.spec?.finalizers ?? [];
    return {
      object: {
        ...namespace,
        metadata: { ...namespace.metadata, labels },
        spec: { finalizers: given.includes(OWN) ? given : [...given, OWN] },
        status: { phase: 'Active' },
      } as KubeObject,
    };
  },
  subresources: {
    finalize: {
      write: (current, body) => ({ object: { ...current, spec: (body as V1Namespace).spec ?? {} } as KubeObject }),
      show: (object) => object,
    },
  },
} satisfies Resource;
