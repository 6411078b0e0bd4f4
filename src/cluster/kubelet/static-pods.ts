/** Pods from the manifests folder, and their mirrors in the API. Upstream: pkg/kubelet/config/{common,file}.go, pod/mirror_client.go (v1.36). */
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { fnv1a32 } from '../../lib/hash.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** A manifest as the kubelet takes it: the machine's name is appended, and its hash is its uid. */
export function fromManifest(pod: V1Pod, machine: string): V1Pod {
  const name = `${pod.metadata?.name}-${machine}`;
  const hash = Array.from({ length: 4 }, (_, i) =>
    fnv1a32(`${i}/${name}/${JSON.stringify(pod.spec)}`)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      namespace: pod.metadata?.namespace ?? 'default',
      uid: hash,
      annotations: { ...pod.metadata?.annotations, 'kubernetes.io/config.hash': hash, 'kubernetes.io/config.source': 'file' },
    },
    spec: {
      ...pod.spec,
      containers: pod.spec?.containers ?? [],
      nodeName: machine,
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
    },
  };
}

/** As this kubelet read it, at `instant`. */
export const seenAt = (pod: V1Pod, instant: string): V1Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, 'kubernetes.io/config.seen': instant } },
});

export function mirrorOf(pod: V1Pod, node: V1Node | undefined): V1Pod {
  const { uid, ...metadata } = pod.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    ...pod,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [MIRROR]: uid ?? '' },
      ...(node
        ? {
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Node', name: node.metadata?.name ?? '', uid: node.metadata?.uid ?? '', controller: true },
            ],
          }
        : {}),
    },
  };
}

/** The key of the static pod that this object mirrors. */
export const mirrorKey = (pod: V1Pod): string | undefined =>
  pod.metadata?.annotations?.[MIRROR] === undefined ? undefined : `${pod.metadata.namespace}/${pod.metadata.name}`;
