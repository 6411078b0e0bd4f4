/** Where an object lies in etcd. Upstream: /registry/<resource>/<namespace>/<name>, with two historical names: services lie under services/specs, nodes under minions. */
import type { Kind } from '../../api/kind.ts';

const HISTORICAL: Readonly<Record<string, string>> = { services: 'services/specs', nodes: 'minions' };

const prefixes = new Map<string, string>();
export function storagePrefix({ plural }: Kind): string {
  let prefix = prefixes.get(plural);
  if (prefix === undefined) {
    prefix = `/registry/${HISTORICAL[plural] ?? plural}/`;
    prefixes.set(plural, prefix);
  }
  return prefix;
}

/** Where all objects of a kind lie, or those of one namespace. */
export const storageFolder = (kind: Kind, namespace: string | undefined): string =>
  kind.namespaced && namespace !== undefined ? `${storagePrefix(kind)}${namespace}/` : storagePrefix(kind);

export function storageKey(kind: Kind, name: string, namespace?: string): string {
  return `${storagePrefix(kind)}${kind.namespaced ? `${namespace ?? ''}/` : ''}${name}`;
}
