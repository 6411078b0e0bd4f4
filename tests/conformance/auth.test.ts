/** Upstream: test/e2e/auth/service_accounts.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { AGNHOST, BUSYBOX, examine, podOf, type Any } from './examiner.ts';

describe('auth/service_accounts.go', () => {
  const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount';
  it('no secret-based service account token should be auto-generated', () => {
    const e = examine();
    e.cluster.advance(10);
    expect(e.get('serviceaccounts', 'default').secrets).toBeUndefined();
  });
  it('should mount an API token into pods', () => {
    const e = examine();
    e.create('serviceaccounts', { metadata: { name: 'mount-test' } });
    e.create(
      'pods',
      podOf('mounted', {
        serviceAccountName: 'mount-test',
        terminationGracePeriodSeconds: 0,
        restartPolicy: 'Never',
        containers: [{ name: 'test', image: BUSYBOX, command: ['sleep', '100000'] }],
      }),
    );
    e.until(() => e.get('pods', 'mounted').status.phase === 'Running');
    const read = (file: string): string => e.cluster.kubectl(['exec', '-n', e.ns, 'mounted', '--', 'cat', `${TOKENS}/${file}`]).stdout;
    expect([read('ca.crt'), read('namespace').trimEnd()]).toEqual([e.get('configmaps', 'kube-root-ca.crt').data['ca.crt'], e.ns]);
    const [, claims] = read('token').trimEnd().split('.');
    expect(JSON.parse(atob(claims))).toMatchObject({ sub: `system:serviceaccount:${e.ns}:mount-test` });
  });
  it('should allow opting out of API token automount', () => {
    const e = examine();
    e.create('serviceaccounts', { metadata: { name: 'mount' }, automountServiceAccountToken: true });
    e.create('serviceaccounts', { metadata: { name: 'nomount' }, automountServiceAccountToken: false });
    const mounts = (account: string, automount: boolean | undefined): boolean =>
      e
        .create('pods', {
          ...podOf('x', {
            restartPolicy: 'Never',
            serviceAccountName: account,
            ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
            containers: [{ name: 'token-test', image: AGNHOST }],
          }),
          metadata: { generateName: 'pod-' },
        })
        .spec.containers[0].volumeMounts?.some((m: Any) => m.mountPath === TOKENS) ?? false;
    for (const [automount, expected] of [
      [undefined, [true, true, false]],
      [true, [true, true, true]],
      [false, [false, false, false]],
    ] as const)
      expect(
        ['default', 'mount', 'nomount'].map((account) => mounts(account, automount)),
        String(automount),
      ).toEqual(expected);
  });
  it('should run through the lifecycle of a ServiceAccount', () => {
    const e = examine();
    const { metadata } = e.create('serviceaccounts', { metadata: { name: 'testserviceaccount', labels: { static: e.ns } } });
    expect(e.get('serviceaccounts', 'testserviceaccount').metadata.uid).toBe(metadata.uid);
    const watch = e.watch(`${e.at('serviceaccounts')}?labelSelector=static%3D${e.ns}&timeoutSeconds=180`);
    e.patch('serviceaccounts', 'testserviceaccount', { automountServiceAccountToken: false });
    expect(e.ask('GET', `/api/v1/serviceaccounts?labelSelector=static%3D${e.ns}`).body.items).toMatchObject([
      { metadata: { name: 'testserviceaccount', namespace: e.ns }, automountServiceAccountToken: false },
    ]);
    expect(e.ask('DELETE', e.at('serviceaccounts')).status).toBe(200);
    e.cluster.advance(1);
    expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    watch.stop();
  });
  it('should guarantee kube-root-ca.crt exist in any namespace', () => {
    const e = examine();
    const ca = (): string | undefined => e.ask('GET', e.at('configmaps', 'kube-root-ca.crt')).body.data?.['ca.crt'];
    e.until(ca);
    e.remove('configmaps', 'kube-root-ca.crt', { gracePeriodSeconds: 0 });
    e.until(ca);
    e.update('configmaps', { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': '' } });
    e.until(ca);
  });
  it('should update a ServiceAccount', () => {
    const e = examine();
    expect(
      e.create('serviceaccounts', { metadata: { name: 'e2e-sa' }, automountServiceAccountToken: false }).automountServiceAccountToken,
    ).toBe(false);
    expect(
      e.retry('serviceaccounts', 'e2e-sa', (account) => {
        account.automountServiceAccountToken = true;
      }).automountServiceAccountToken,
    ).toBe(true);
  });
});
