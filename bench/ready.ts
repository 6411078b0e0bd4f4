import type { V1Pod } from '../src/api/schema/kubernetes.ts';
import type { World } from '../src/kernel/world.ts';

/** Pods of namespace default that etcd holds as Ready. */
export function readyPods(world: World): number {
  const etcd = world.actors.get('cp-1/etcd')?.state as {
    readonly store: { readonly keys: ReadonlyMap<string, { readonly value: V1Pod }> };
  };
  let ready = 0;
  for (const [key, { value }] of etcd.store.keys)
    if (key.startsWith('/registry/pods/default/') && value.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'))
      ready++;
  return ready;
}
