/** What describe says of rich objects. The texts are what k8s.io/kubectl v0.36.4 pkg/describe said over a client-go fake clientset, where a namespace has quotas and limits too, which are left out. */
import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { V1EndpointSlice, V1Lease, V1Pod, V1ReplicaSet } from '../../src/api/schema/kubernetes.ts';
import { describe } from '../../src/kubectl/describe.ts';
import { DESCRIBED } from './described.ts';

function text([object, ...others]: readonly KubeObject[]): string {
  const of = <T>(kind: string): readonly T[] => others.filter((other) => other.kind === kind) as readonly unknown[] as readonly T[];
  const [lease] = of<V1Lease>('Lease');
  return describe(object, [], 0, {
    replicaSets: of<V1ReplicaSet>('ReplicaSet'),
    slices: of<V1EndpointSlice>('EndpointSlice'),
    pods: of<V1Pod>('Pod'),
    ...(lease ? { lease } : {}),
  });
}

it('says of rich objects what upstream does', async () => {
  await expect(
    Object.entries(DESCRIBED)
      .map(([kind, objects]) => `== ${kind}\n${text(objects as readonly KubeObject[])}`)
      .join('\n'),
  ).toMatchFileSnapshot('describe-rich.golden.txt');
});
