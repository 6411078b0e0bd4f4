/** Upstream: test/e2e/common/node/{lease,configmap,secrets}.go (v1.36): the objects themselves. What a pod reads of them: common-node-containers.test.ts. */
import { describe, expect, it } from 'vitest';
import { examine } from './examiner.ts';

describe('common/node/lease.go', () => {
  it('lease API should be available', () => {
    const e = examine();
    const spec = (holderIdentity: string, leaseDurationSeconds: number, second: string, leaseTransitions: number): object => ({
      holderIdentity,
      leaseDurationSeconds,
      acquireTime: `0001-01-01T00:00:${second}.000000Z`,
      renewTime: `0001-01-01T00:01:${second}.000000Z`,
      leaseTransitions,
    });
    const created = e.create('leases', { metadata: { name: 'lease' }, spec: spec('holder', 30, '02', 0) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder', 30, '02', 0));
    e.update('leases', { ...created, spec: spec('holder2', 30, '20', 1) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder2', 30, '20', 1));
    e.patch('leases', 'lease', { spec: spec('holder3', 60, '50', 2) });
    expect(e.get('leases', 'lease').spec).toEqual(spec('holder3', 60, '50', 2));
    e.create('leases', { metadata: { name: 'lease2', labels: { deletecollection: 'true' } }, spec: spec('holder', 30, '02', 0) });
    expect(e.list('leases')).toHaveLength(2);
    expect(e.ask('DELETE', `${e.at('leases')}?labelSelector=deletecollection%3Dtrue`).status).toBe(200);
    expect(e.list('leases')).toHaveLength(1);
    e.remove('leases', 'lease');
    expect(e.isGone('leases', 'lease')).toBe(true);
    expect(e.ask('GET', '/apis/coordination.k8s.io/v1/leases').status).toBe(200);
  });
});

describe.each(['configmaps', 'secrets'] as const)('common/node/%s.go', (plural) => {
  const isMap = plural === 'configmaps';
  it('should run through its lifecycle', () => {
    const e = examine();
    const value = (text: string): string => (isMap ? text : btoa(text));
    e.create(plural, { metadata: { name: 'test', labels: { static: e.ns } }, data: { key: value('value') } });
    e.patch(plural, 'test', { metadata: { labels: { patched: e.ns } }, data: { key: value('value1') } });
    expect(e.ask('GET', `/api/v1/${plural}?labelSelector=patched%3D${e.ns}`).body.items).toMatchObject([
      { metadata: { name: 'test', namespace: e.ns, labels: { static: e.ns } }, data: { key: value('value1') } },
    ]);
    e.ask('DELETE', `${e.at(plural)}?labelSelector=static%3D${e.ns}`);
    expect(e.list(plural, `static=${e.ns}`)).toEqual([]);
  });
});
