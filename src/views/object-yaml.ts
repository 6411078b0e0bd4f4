/** An object's YAML as it is shown to be read: as `kubectl get -o yaml`, without the copy of itself that `kubectl apply` keeps in it, which says nothing more. */
import { toYaml } from '../api/manifest/print.ts';
import type { KubeObject } from '../api/object.ts';

const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

export function shownYaml(object: KubeObject): string {
  const annotations = object.metadata?.annotations;
  if (annotations?.[COPY] === undefined) return toYaml(object);
  return toYaml({ ...object, metadata: { ...object.metadata, annotations: { ...annotations, [COPY]: '{…}' } } });
}
