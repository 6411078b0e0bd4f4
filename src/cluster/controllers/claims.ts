/** Whose an object is, and what a controller's object takes for its own. Upstream: pkg/controller/controller_ref_manager.go (v1.36). */
import { selectorMatches } from '../../api/machinery/labels.ts';
import { controllerOf } from '../../api/machinery/owner.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1LabelSelector } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Cache } from '../client/cache.ts';
import { adopt, release } from './paths.ts';

type Owner = KubeObject & { readonly spec?: { readonly selector?: V1LabelSelector } };

/** The owner of this kind that controls an object; of what has none, and had none, those that would adopt it. `resource`: of the owners. */
export function ownersOf(
  object: KubeObject,
  {
    kind,
    resource,
    wasOwned,
    cache,
  }: { readonly kind: string; readonly resource: string; readonly wasOwned: boolean; readonly cache: Cache },
): readonly string[] {
  const owner = controllerOf(object);
  if (owner) return owner.kind === kind ? [`${object.metadata?.namespace}/${owner.name}`] : [];
  return wasOwned
    ? []
    : cache
        .list<Owner>(resource, object.metadata?.namespace)
        .filter((one) => selectorMatches(one.spec?.selector, object.metadata?.labels))
        .map(keyOf);
}

/** What is said, and nothing else done, of a selector that is empty: it would claim every pod. The apiserver takes none. `called`: what the owner is in upstream's words. Upstream: syncDeployment, syncDaemonSet. */
export function selectsAll({ kind, metadata, spec }: Owner, resource: string, called: string): readonly Fact[] {
  if (!spec?.selector || Object.keys(spec.selector).length > 0) return [];
  const event = {
    type: 'Warning',
    reason: 'SelectingAll',
    message: `This ${called} is selecting all pods. A non-empty selector is required.`,
    component: `${kind?.toLowerCase()}-controller`,
  };
  return [{ says: 'controller/selects-all', about: `${resource}/${keyOf({ metadata })}`, with: { kind, name: metadata?.name, event } }];
}

/** Adopts what matches the selector and has no owner, releases its own that no longer match. `mayAdopt`: what is worth it. */
export function claimed<O extends KubeObject>(
  owner: Owner,
  resource: string,
  cache: Cache,
  mayAdopt: (object: O) => boolean,
): { readonly adopted: readonly O[]; readonly released: readonly O[]; readonly writes: readonly ApiRequest[] } {
  const uid = owner.metadata?.uid ?? '';
  const matches = (labels: Readonly<Record<string, string>> | undefined): boolean => selectorMatches(owner.spec?.selector, labels ?? {});
  const adopted = cache
    .orphans<O>(resource, owner.metadata?.namespace ?? '')
    .filter((object) => mayAdopt(object) && matches(object.metadata?.labels));
  const released =
    resource === 'pods' && cache.podLabelsOf(uid).every(({ labels }) => matches(labels))
      ? []
      : cache.controlledBy<O>(resource, uid).filter((object) => !matches(object.metadata?.labels));
  return {
    adopted,
    released,
    writes: [...adopted.map((object) => adopt(resource, object, owner)), ...released.map((object) => release(resource, object, owner))],
  };
}
