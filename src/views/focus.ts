/** Who is the protagonist of a scene, what has just changed and what changes next: one glows, the others step back. */
import type { V1EndpointSlice, V1Pod } from '../api/schema/kubernetes.ts';
import type { Picture } from '../story/picture.ts';
import type { Moment } from './moment.ts';

export type Ring = 'changed' | 'next';
export interface Focus {
  /** Keys of things on the stage: 'component/etcd', 'machine/worker-1', 'pod/default/web', 'service/default/web', 'part/worker-1/kubelet'. */
  readonly glow: string | undefined;
  readonly rings: ReadonlyMap<string, Ring>;
}
export interface Named {
  readonly component?: string | undefined;
  readonly machine?: string | undefined;
  readonly part?: string | undefined;
}

/** The keys of what an etcd key is drawn as; none when it is not drawn. On tiles pods are only counted: there it is their machine. */
function keysOf(ref: string, picture: Picture, isFleet: boolean): readonly string[] {
  const [folder, ...rest] = ref.replace('/registry/', '').split('/');
  if (folder === 'pods') {
    const home = isFleet ? (picture.objects.get(ref) as V1Pod | undefined)?.spec?.nodeName : undefined;
    return [home === undefined ? `pod/${rest.join('/')}` : `machine/${home}`];
  }
  if (folder === 'minions') return [`machine/${rest[0]}`];
  if (folder === 'services') return [`service/${rest.slice(1).join('/')}`];
  if (folder !== 'endpointslices') return [];
  const slice = picture.objects.get(ref) as V1EndpointSlice | undefined;
  const service = slice?.metadata?.labels?.['kubernetes.io/service-name'];
  return service ? [`service/${slice?.metadata?.namespace}/${service}`] : [];
}

/** `keyAt` names what is drawn at an address. */
export function focusOf(moment: Moment, picture: Picture, keyAt: (address: string) => string | undefined, isFleet = false): Focus {
  const glow = moment.actor === undefined ? undefined : keyAt(moment.actor);
  const rings = new Map<string, Ring>();
  const next = moment.next === undefined ? undefined : keyAt(moment.next);
  if (next !== undefined && next !== glow) rings.set(next, 'next');
  else for (const ref of moment.soon) for (const key of keysOf(ref, picture, isFleet)) rings.set(key, 'next');
  for (const ref of moment.changed) for (const key of keysOf(ref, picture, isFleet)) rings.set(key, 'changed');
  for (const machine of moment.proxied?.machines.keys() ?? []) rings.set(`part/${machine}/kube-proxy`, 'changed');
  if (glow !== undefined) rings.delete(glow);
  return { glow, rings };
}
