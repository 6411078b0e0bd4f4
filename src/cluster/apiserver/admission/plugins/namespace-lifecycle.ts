/**
 * Refuses new objects in a namespace that is missing or being deleted, and the deletion of the namespaces the cluster cannot do without.
 * Upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go (v1.36). Simplified: no live lookup past the cache.
 */
import type { V1Namespace } from '../../../../api/schema/kubernetes.ts';
import { forbidden, notFound } from '../../../../api/machinery/status.ts';
import type { AdmissionPlugin } from '../admission.ts';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

export default {
  name: 'NamespaceLifecycle',
  order: 20,
  validate({ operation, info, object }, view) {
    if (operation === 'DELETE') {
      const isImmortal = info.kind.plural === 'namespaces' && IMMORTAL.has(info.name ?? '');
      return isImmortal ? forbidden('namespaces', info.name ?? '', 'this namespace may not be deleted') : undefined;
    }
    if (operation !== 'CREATE' || !info.kind.namespaced) return undefined;
    const name = info.namespace ?? '';
    const namespace = view.get<V1Namespace>('namespaces', name);
    if (!namespace) return notFound('namespaces', name);
    if (namespace.status?.phase !== 'Terminating' && !namespace.metadata?.deletionTimestamp) return undefined;
    return forbidden(info.resource, object.metadata?.name ?? '', `unable to create new content in namespace ${name} because it is being terminated`);
  },
} satisfies AdmissionPlugin;
