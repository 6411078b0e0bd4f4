/** Publishes the cluster's CA into every namespace. Upstream: pkg/controller/certificates/rootcacertpublisher/publisher.go (v1.36). */
import { keyOf, type KubeObject } from '../../api/object.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import type { V1ConfigMap, V1Namespace } from '../../api/schema/kubernetes.ts';
import { CLUSTER_CA } from '../boot/certificates.ts';
import { nothing, type Controller } from './controller.ts';
import { create, update } from './paths.ts';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION = 'kubernetes.io/description';
const ABOUT = {
  [DESCRIPTION]:
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};
const DATA = { 'ca.crt': CLUSTER_CA };

export default {
  name: 'root-ca-certificate-publisher',
  watches: [
    { resource: 'namespaces', keys: ({ object }) => [keyOf(object)] },
    {
      resource: 'configmaps',
      keys: ({ object, old, deleted }) => ((deleted || old) && object.metadata?.name === NAME ? [object.metadata.namespace ?? ''] : []),
    },
  ],
  reconcile(name, cache) {
    const namespace = cache.get<V1Namespace>('namespaces', name);
    if (!namespace || namespace.metadata?.deletionTimestamp) return nothing;
    const map = cache.get<V1ConfigMap>('configmaps', `${name}/${NAME}`);
    if (map)
      return sameJson(map.data, DATA) && map.metadata?.annotations?.[DESCRIPTION]
        ? nothing
        : {
            writes: [
              update('configmaps', {
                ...map,
                metadata: { ...map.metadata, annotations: { ...map.metadata?.annotations, ...ABOUT } },
                data: DATA,
              }),
            ],
            notes: [],
          };
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, annotations: ABOUT }, data: DATA } as KubeObject;
    return { writes: [create('configmaps', name, body)], notes: [] };
  },
} satisfies Controller;
