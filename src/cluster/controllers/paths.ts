/** Requests that controllers make, built from objects. */
import type { KubeObject } from '../../api/object.ts';
import { controllerRef } from '../../api/machinery/owner.ts';
import { PATCH_TYPES } from '../../api/machinery/patch/apply-patch.ts';
import { pathOf } from '../../api/paths.ts';
import { kindNamed } from '../../api/registry.ts';
import { assert } from '../../lib/assert.ts';
import type { ApiRequest } from '../api-request.ts';

function path(resource: string, namespace: string | undefined, name?: string, subresource?: string): string {
  const kind = kindNamed(resource);
  assert(kind, `${resource} is a kind`);
  return pathOf({
    group: kind.group,
    version: kind.version,
    plural: kind.plural,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  });
}
const nameOf = (object: KubeObject): string => object.metadata?.name ?? '';

export const create = <O extends KubeObject>(resource: string, namespace: string | undefined, body: O): ApiRequest => ({
  method: 'POST',
  path: path(resource, namespace),
  body,
});
export const update = <O extends KubeObject>(resource: string, object: O, subresource?: string): ApiRequest => ({
  method: 'PUT',
  path: path(resource, object.metadata?.namespace, nameOf(object), subresource),
  body: object,
});
export const patch = (resource: string, object: KubeObject, body: unknown, subresource?: string): ApiRequest => ({
  method: 'PATCH',
  path: path(resource, object.metadata?.namespace, nameOf(object), subresource),
  body,
  contentType: PATCH_TYPES.strategic,
});
export const mergePatchOf = (resource: string, object: KubeObject, body: unknown, subresource?: string): ApiRequest => ({
  method: 'PATCH',
  path: path(resource, object.metadata?.namespace, nameOf(object), subresource),
  body,
  contentType: PATCH_TYPES.merge,
});
export const destroy = (resource: string, object: KubeObject, options: object = {}): ApiRequest => ({
  method: 'DELETE',
  path: path(resource, object.metadata?.namespace, nameOf(object)),
  body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: object.metadata?.uid }, ...options },
});
/** Makes `owner` the controller of an object that has none. Upstream: controller_ref_manager.go AdoptPod. */
export const adopt = (resource: string, object: KubeObject, owner: KubeObject): ApiRequest =>
  patch(resource, object, { metadata: { ownerReferences: [controllerRef(owner)], uid: object.metadata?.uid } });
/** Lets an object go that no longer matches. Upstream: controller_ref_manager.go ReleasePod. */
export const release = (resource: string, object: KubeObject, owner: KubeObject): ApiRequest =>
  patch(resource, object, { metadata: { ownerReferences: [{ $patch: 'delete', uid: owner.metadata?.uid }], uid: object.metadata?.uid } });
