/** A leader that cannot renew ends itself and stands again. Source: client-go tools/leaderelection/leaderelection.go (v1.36): 15 s lease, 10 s to renew. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

const NAMES = ['kube-scheduler', 'kube-controller-manager'] as const;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
type Lease = { readonly spec: { readonly holderIdentity: string; readonly leaseTransitions: number } };

describe('leaders', () => {
  it('end themselves when the apiserver is silent for ten seconds, and lead again under another name', () => {
    const cluster = openCluster();
    const holders = () => NAMES.map((name) => (cluster.request({ method: 'GET', path: `${LEASES}/${name}` }).body as Lease).spec);
    const before = holders();
    const since = cluster.now;
    cluster.fault({ do: 'pause', what: 'cp-1/kube-apiserver' });
    cluster.advance(40);
    const lost = [...cluster.trace()].flatMap((e) =>
      e.type === 'note' && e.fact.says === 'election/lost' ? [{ name: e.fact.with?.name, after: e.at / 1e6 - since }] : [],
    );
    expect(lost.map((l) => l.name).sort()).toEqual([...NAMES].sort());
    for (const { after } of lost) {
      expect(after).toBeGreaterThanOrEqual(10);
      expect(after).toBeLessThan(30);
    }
    cluster.fault({ do: 'resume', what: 'cp-1/kube-apiserver' });
    cluster.advance(90);
    const after = holders();
    after.forEach((spec, i) => {
      expect(spec.holderIdentity).not.toBe(before[i].holderIdentity);
      expect(spec.leaseTransitions).toBe(before[i].leaseTransitions + 1);
    });
    cluster.kubectl('run web --image=nginx');
    cluster.settle();
    expect(cluster.kubectl('get pod web').stdout).toContain('Running');
    expect(cluster.kubectl('get pods -n kube-system').stdout).toMatch(/kube-scheduler-cp-1 +1\/1 +Running +1/);
  });
});
