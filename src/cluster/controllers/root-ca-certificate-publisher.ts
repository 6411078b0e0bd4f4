/** Publishes the cluster's CA into every namespace. Upstream: pkg/controller/certificates/rootcacertpublisher/publisher.go (v1.36). */
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Namespace } from '../../api/schema/kubernetes.ts';
import { CLUSTER_CA } from '../boot/certificates.ts';
import { nothing, type Controller } from './controller.ts';
import { create } from './paths.ts';

const NAME = 'kube-root-ca.crt';

export default {
  name: 'root-ca-certificate-publisher',
  watches: [{ resource: 'namespaces', keys: ({ object }) => [keyOf(object)] }, { resource: 'configmaps', keys: ({ object, deleted }) => (deleted && object.metadata?.name === NAME ? [object.metadata.namespace ?? ''] : []) }],
  reconcile(name, cache) {
    const namespace = cache.get<V1Namespace>('namespaces', name);
    if (!namespace || namespace.metadata?.deletionTimestamp || cache.get('configmaps', `${name}/${NAME}`)) return nothing;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, annotations: { 'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.' } }, data: { 'ca.crt': CLUSTER_CA } } as KubeObject;
    return { writes: [create('configmaps', name, body)], notes: [] };
  },
} satisfies Controller;
