/**
 * Gives a Deployment's sets their sizes, and marks each with the size that all of them should have together.
 * Upstream: pkg/controller/deployment/sync.go scaleReplicaSet, util.SetReplicasAnnotations (v1.36).
 */
import { keyOf } from '../../../api/object.ts';
import type { V1Deployment, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';
import type { Fact } from '../../../kernel/fact.ts';
import type { Plan } from '../controller.ts';
import { update } from '../paths.ts';
import { available, DESIRED, limits, MAXIMUM, wanted, type Sizes } from './replica-sets.ts';
import type { Rollout } from './status.ts';

/** The writes that give sets their sizes; undefined when all have them. */
export function scale({ deployment: d }: Rollout, sizes: Sizes): Plan | undefined {
  const marks = sizesOf(d);
  const stale = [...sizes].filter(
    ([set, to]) =>
      wanted(set) !== to ||
      ((to > 0 || wanted(set) > 0) && Object.entries(marks).some(([name, value]) => set.metadata?.annotations?.[name] !== value)),
  );
  if (stale.length === 0) return undefined;
  return {
    writes: stale.map(([set, to]) =>
      update('replicasets.apps', {
        ...set,
        metadata: { ...set.metadata, annotations: { ...set.metadata?.annotations, ...marks } },
        spec: { ...set.spec, replicas: to },
      } as V1ReplicaSet),
    ),
    notes: stale.flatMap(([set, to], write) => (wanted(set) === to ? [] : [scaled(d, set, to, write)])),
  };
}

function scaled(d: V1Deployment, set: V1ReplicaSet, to: number, write: number): Fact {
  const from = wanted(set);
  const direction = to > from ? 'up' : 'down';
  return {
    says: 'deployment/scaled',
    about: `deployments.apps/${keyOf(d)}`,
    with: {
      name: d.metadata?.name,
      replicaset: set.metadata?.name,
      from,
      to,
      available: available(set),
      surge: limits(d).surge,
      unavailable: limits(d).unavailable,
      event: {
        type: 'Normal',
        reason: 'ScalingReplicaSet',
        message: `Scaled ${direction} replica set ${set.metadata?.name} from ${from} to ${to}`,
        write,
      },
    },
  };
}

export const sizesOf = (d: V1Deployment): Record<string, string> => ({
  [DESIRED]: String(wanted(d)),
  [MAXIMUM]: String(wanted(d) + limits(d).surge),
});
