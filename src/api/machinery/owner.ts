/** Who an object belongs to. Upstream: apimachinery/pkg/apis/meta/v1/controller_ref.go (v1.36). */
import type { KubeObject } from '../object.ts';
import type { V1OwnerReference } from '../schema/kubernetes.ts';

export function controllerOf(object: KubeObject): V1OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((ref) => ref.controller === true);
}

export function controllerRef(owner: KubeObject): V1OwnerReference {
  return {
    apiVersion: owner.apiVersion ?? '',
    kind: owner.kind ?? '',
    name: owner.metadata?.name ?? '',
    uid: owner.metadata?.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
