/** Any Kubernetes object: what every kind shares. Objects are deep-frozen once they enter the store and shared by reference. */
import type { V1ObjectMeta } from './schema/kubernetes.ts';

export type ObjectMeta = V1ObjectMeta;

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
}

/** 'namespace/name', or 'name' for cluster-scoped objects: the key that informers and work queues use. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : (name ?? '');
}

export function splitKey(key: string): { readonly namespace?: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** As etcd keeps them and lists show them: a comparison for sort. */
export const byKey = (a: KubeObject, b: KubeObject): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** The oldest first, and by name what was made in the same second: a comparison for sort. Upstream: ReplicaSetsByCreationTimestamp and its kin. */
export function byAge(a: KubeObject, b: KubeObject): number {
  const [x, y] = [a.metadata?.creationTimestamp ?? '', b.metadata?.creationTimestamp ?? ''];
  if (x !== y) return x < y ? -1 : 1;
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
