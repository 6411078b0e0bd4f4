/** Where an object lies in etcd. Upstream: /registry/<resource>/<namespace>/<name>, with two historical names: services lie under services/specs, nodes under minions. */
import type { Kind } from '../../api/kind.ts';

const HISTORICAL: Readonly<Record<string, string>> = { services: 'services/specs', nodes: 'minions' };

export function storagePrefix(kind: Kind): string {
  return `/registry/${HISTORICAL[kind.plural] ?? kind.plural}/`;
}

export function storageKey(kind: Kind, name: string, namespace?: string): string {
  return `${storagePrefix(kind)}${kind.namespaced ? `${namespace ?? ''}/` : ''}${name}`;
}
