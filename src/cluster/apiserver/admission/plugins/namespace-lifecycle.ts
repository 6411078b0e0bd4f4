/**
 * Refuses new objects in a namespace that is missing or being deleted, and the deletion of the namespaces the cluster cannot do without.
 * Upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go (v1.36). Simplified: no live lookup past the cache.
 */
import type { V1Namespace, V1Status } from '../../../../api/schema/kubernetes.ts';
import { forbidden, notFound } from '../../../../api/machinery/status.ts';
import type { ServerView } from '../../view.ts';
import { knownName, type AdmissionPlugin, type Attributes } from '../admission.ts';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/** Why nothing may be made in this namespace. */
function refusal({ info, object }: Attributes, view: ServerView): V1Status | undefined {
  const name = info.namespace ?? '';
  const namespace = view.get<V1Namespace>('namespaces', name);
  if (!namespace) return notFound('namespaces', name);
  if (namespace.status?.phase !== 'Terminating' && !namespace.metadata?.deletionTimestamp) return undefined;
  const status = forbidden(
    info.resource,
    knownName(object),
    `unable to create new content in namespace ${name} because it is being terminated`,
  );
  return {
    ...status,
    details: {
      ...status.details,
      causes: [{ reason: 'NamespaceTerminating', message: `namespace ${name} is being terminated`, field: 'metadata.namespace' }],
    },
  };
}

export default {
  name: 'NamespaceLifecycle',
  order: 20,
  admit(attributes, view) {
    const status = attributes.operation === 'CREATE' && attributes.info.kind.namespaced ? refusal(attributes, view) : undefined;
    return status ? { status } : { object: attributes.object };
  },
  validate({ operation, info }) {
    const isImmortal = operation === 'DELETE' && info.kind.plural === 'namespaces' && IMMORTAL.has(info.name ?? '');
    return isImmortal ? forbidden('namespaces', info.name ?? '', 'this namespace may not be deleted') : undefined;
  },
} satisfies AdmissionPlugin;
