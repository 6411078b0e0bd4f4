/** Upstream: test/e2e/apps/{daemon_set,controller_revision}.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { sameJson } from '../../src/api/machinery/patch/same-json.ts';
import { templateHash } from '../../src/api/machinery/template-hash.ts';
import { newDaemonSet, ownedBy, runsOn, runsOnAll, workers } from './apps.ts';
import { AGNHOST, conditionOf, controllerOf, examine, HTTPD, isReady, MERGE, type Any, type Examiner } from './examiner.ts';

const LABELS = { 'daemonset-name': 'daemon-set' };
const SELECTOR = 'daemonset-name=daemon-set';
const HASH = 'controller-revision-hash';
const make = (e: Examiner, more: object = {}): Any =>
  e.create('daemonsets', newDaemonSet({ name: 'daemon-set', labels: LABELS, image: HTTPD }, more));
const statusHolds = (e: Examiner): void => {
  const { desiredNumberScheduled, currentNumberScheduled, numberReady } = e.get('daemonsets', 'daemon-set').status;
  expect([currentNumberScheduled, numberReady]).toEqual([desiredNumberScheduled, desiredNumberScheduled]);
};
const setImage = (e: Examiner, image: string): Any =>
  e.patch('daemonsets', 'daemon-set', { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } });
const pods = (e: Examiner): Any[] => e.list('pods', SELECTOR);
const isAvailable = (pod: Any): boolean => conditionOf(pod, 'Ready')?.status === 'True';
const history = (e: Examiner, many: number): Any[] => {
  e.until(() => e.list('controllerrevisions', SELECTOR).length === many);
  return e.list('controllerrevisions', SELECTOR);
};
/** The revision that is the set's template. */
const currentOf = (revisions: readonly Any[], ds: Any): Any => {
  const [one, ...more] = revisions.filter((r) => sameJson(r.data.spec.template.spec, ds.spec.template.spec));
  expect(more).toEqual([]);
  return one;
};
/** Every machine has a pod of the image, and never more than so many pods are not available. */
const rolled = (e: Examiner, ds: Any, image: string, maxUnavailable: number): unknown =>
  e.until(() => {
    const mine = ownedBy(e, 'pods', ds);
    expect(mine.filter((p) => !isAvailable(p)).length).toBeLessThanOrEqual(maxUnavailable);
    return workers(e).every((node) => mine.some((p) => p.spec.nodeName === node && p.spec.containers[0].image === image));
  });

describe('apps/daemon_set.go', () => {
  it('should run and stop simple daemon', () => {
    const e = examine();
    const ds = make(e);
    runsOnAll(e, ds);
    statusHolds(e);
    const [{ metadata }] = pods(e);
    e.remove('pods', metadata.name);
    e.until(() => e.isGone('pods', metadata.name));
    runsOnAll(e, ds);
  });

  it.each(['nodeSelector', 'node affinity'])('should run and stop complex daemon (%s)', (how) => {
    const e = examine();
    const wanted = (color: string): object =>
      how === 'nodeSelector'
        ? { nodeSelector: { 'daemonset-color': color } }
        : {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'daemonset-color', operator: 'In', values: [color] }] }],
                },
              },
            },
          };
    const body = newDaemonSet({ name: 'daemon-set', labels: LABELS });
    Object.assign(body.spec.template.spec, wanted('blue'));
    const ds = e.create('daemonsets', body);
    const color = (value: string | null): Any => e.patch('nodes', 'worker-1', { metadata: { labels: { 'daemonset-color': value } } });
    e.cluster.advance(5);
    expect(runsOn(e, ds)).toBe('');
    color('blue');
    e.until(() => runsOn(e, ds) === 'worker-1');
    statusHolds(e);
    color('green');
    e.until(() => runsOn(e, ds) === '');
    e.patch('daemonsets', 'daemon-set', { spec: { template: { spec: wanted('green') }, updateStrategy: { type: 'RollingUpdate' } } });
    e.until(() => runsOn(e, ds) === 'worker-1');
    statusHolds(e);
    color(null);
    e.until(() => runsOn(e, ds) === '');
  });

  it('should retry creating failed daemon pods', () => {
    const e = examine();
    const ds = make(e);
    runsOnAll(e, ds);
    const [pod] = pods(e);
    pod.metadata.resourceVersion = '';
    pod.status.phase = 'Failed';
    e.update('pods', pod, 'status');
    e.until(() => e.isGone('pods', pod.metadata.name));
    runsOnAll(e, ds);
  });

  it('should not update pod when spec was updated and update strategy is OnDelete', () => {
    const e = examine();
    const ds = make(e, { updateStrategy: { type: 'OnDelete' } });
    runsOnAll(e, ds);
    const [first] = history(e, 1);
    expect([first.revision, new Set(pods(e).map((p) => p.metadata.labels[HASH]))]).toEqual([1, new Set([first.metadata.labels[HASH]])]);
    setImage(e, AGNHOST);
    const next = currentOf(history(e, 2), e.get('daemonsets', 'daemon-set'));
    rolled(e, ds, HTTPD, 0);
    runsOnAll(e, ds);
    expect(next.revision).toBe(2);
    expect(next.metadata.labels[HASH]).not.toBe(first.metadata.labels[HASH]);
    expect(new Set(pods(e).map((p) => p.metadata.labels[HASH]))).toEqual(new Set([first.metadata.labels[HASH]]));
  });

  it('should update pod when spec was updated and update strategy is RollingUpdate', () => {
    const e = examine();
    const ds = make(e, { updateStrategy: { type: 'RollingUpdate' } });
    runsOnAll(e, ds);
    const first = currentOf(history(e, 1), e.get('daemonsets', 'daemon-set'));
    expect([first.revision, new Set(pods(e).map((p) => p.metadata.labels[HASH]))]).toEqual([1, new Set([first.metadata.labels[HASH]])]);
    setImage(e, AGNHOST);
    rolled(e, ds, AGNHOST, 1);
    runsOnAll(e, ds);
    const next = currentOf(history(e, 2), e.get('daemonsets', 'daemon-set'));
    expect([next.revision, new Set(pods(e).map((p) => p.metadata.labels[HASH]))]).toEqual([2, new Set([next.metadata.labels[HASH]])]);
  });

  it('should rollback without unnecessary restarts', () => {
    const e = examine();
    const ds = make(e, { updateStrategy: { type: 'RollingUpdate' } });
    runsOnAll(e, ds);
    setImage(e, 'foo:non-existent');
    e.until(() => pods(e).some((p) => p.spec.containers[0].image === 'foo:non-existent'));
    const kept = pods(e)
      .filter((p) => p.spec.containers[0].image === HTTPD)
      .map((p) => p.metadata.name);
    expect(kept.length).toBe(workers(e).length - 1);
    setImage(e, HTTPD);
    rolled(e, ds, HTTPD, 1);
    expect(pods(e).map((p) => p.metadata.name)).toEqual(expect.arrayContaining(kept));
  });

  it('should surge pods onto nodes when spec was updated and update strategy is RollingUpdate', () => {
    const e = examine();
    const body = newDaemonSet(
      { name: 'daemon-set', labels: LABELS, image: AGNHOST },
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    );
    Object.assign(body.spec.template.spec.containers[0], {
      env: [{ name: 'VERSION', value: '1' }],
      args: ['netexec', '--http-port=9376'],
      lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'sleep 5'] } } },
      readinessProbe: {
        httpGet: { path: '/readyz', port: 9376 },
        initialDelaySeconds: 7,
        periodSeconds: 3,
        successThreshold: 1,
        failureThreshold: 1,
      },
    });
    const ds = e.create('daemonsets', body);
    runsOnAll(e, ds);
    const [first] = history(e, 1);
    e.patch('daemonsets', 'daemon-set', {
      spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'VERSION', value: '2' }] }] } } },
    });
    const next = currentOf(history(e, 2), e.get('daemonsets', 'daemon-set')).metadata.labels[HASH];
    let most = 0;
    e.until(() => {
      const mine = ownedBy(e, 'pods', ds).filter((p) => p.metadata.deletionTimestamp === undefined);
      for (const node of workers(e)) {
        const there = mine.filter((p) => p.spec.nodeName === node || JSON.stringify(p.spec.affinity).includes(`"${node}"`));
        expect(there.some(isReady), `${node} is never without a ready pod`).toBe(true);
        expect(there.length).toBeLessThanOrEqual(2);
      }
      most = Math.max(most, mine.length);
      return mine.length === workers(e).length && mine.every((p) => p.metadata.labels[HASH] === next);
    });
    expect(most).toBe(workers(e).length + 1);
    expect(next).not.toBe(first.metadata.labels[HASH]);
  });

  it('should list and delete a collection of DaemonSets', () => {
    const e = examine();
    runsOnAll(e, make(e));
    statusHolds(e);
    const listed = (): unknown[] =>
      e
        .ask('GET', `/apis/apps/v1/daemonsets?labelSelector=${encodeURIComponent(SELECTOR)}`)
        .body.items.filter((ds: Any) => ds.metadata.namespace === e.ns);
    expect(listed()).toHaveLength(1);
    expect(e.ask('DELETE', `${e.at('daemonsets')}?labelSelector=${encodeURIComponent(SELECTOR)}`, { gracePeriodSeconds: 1 }).status).toBe(
      200,
    );
    expect(listed()).toHaveLength(0);
  });

  it('should verify changes to a daemon set status', () => {
    const e = examine();
    const { metadata } = e.ask('GET', `/apis/apps/v1/daemonsets?labelSelector=${encodeURIComponent(SELECTOR)}`).body;
    const watch = e.watch(
      `${e.at('daemonsets')}?labelSelector=${encodeURIComponent(SELECTOR)}&resourceVersion=${metadata.resourceVersion}`,
    );
    runsOnAll(e, make(e));
    expect(e.get('daemonsets', 'daemon-set/status')).toMatchObject({ kind: 'DaemonSet', metadata: { name: 'daemon-set' } });
    const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    e.retry(
      'daemonsets',
      'daemon-set',
      (ds) => {
        (ds.status.conditions ??= []).push(own);
      },
      'status',
    );
    e.until(() => watch.events.some((event) => conditionOf(event.object, 'StatusUpdate')?.message === own.message));
    e.patch('daemonsets', 'daemon-set/status', { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } }, MERGE);
    e.until(() => watch.events.some((event) => conditionOf(event.object, 'StatusPatched')));
    watch.stop();
  });
});

describe('apps/controller_revision.go', () => {
  it('should manage the lifecycle of a ControllerRevision', () => {
    const e = examine();
    runsOnAll(e, make(e));
    const listed = (): Any[] => e.list('controllerrevisions', SELECTOR);
    const [first, ...others] = e
      .ask('GET', `/apis/apps/v1/controllerrevisions?labelSelector=${encodeURIComponent(SELECTOR)}`)
      .body.items.filter((r: Any) => r.metadata.namespace === e.ns);
    const ds = e.get('daemonsets', 'daemon-set');
    expect([others, controllerOf(first)]).toMatchObject([[], { kind: 'DaemonSet', uid: ds.metadata.uid }]);
    const name = first.metadata.name;
    expect(e.patch('controllerrevisions', name, { metadata: { labels: { [name]: 'patched' } } }).metadata.labels[name]).toBe('patched');
    const template = { ...ds.spec.template, spec: { ...ds.spec.template.spec, terminationGracePeriodSeconds: 1 } };
    const hash = templateHash(template, ds.status.collisionCount);
    e.create('controllerrevisions', {
      metadata: {
        name: `daemon-set-${hash}`,
        labels: { ...LABELS, [HASH]: hash },
        annotations: ds.metadata.annotations,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'DaemonSet',
            name: 'daemon-set',
            uid: ds.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      data: first.data,
      revision: first.revision + 1,
    });
    history(e, 2);
    e.remove('controllerrevisions', name);
    const [current] = history(e, 1);
    const updated = e.retry('controllerrevisions', current.metadata.name, (r) => {
      r.metadata.labels[current.metadata.name] = 'updated';
    });
    expect(updated.metadata.labels[current.metadata.name]).toBe('updated');
    e.patch('daemonsets', 'daemon-set', {
      spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } },
      updateStrategy: { type: 'RollingUpdate' },
    });
    history(e, 2);
    expect(
      e.ask('DELETE', `${e.at('controllerrevisions')}?labelSelector=${encodeURIComponent(`${current.metadata.name}=updated`)}`).status,
    ).toBe(200);
    history(e, 1);
    expect(listed()[0].revision).toBe(3);
  });
});
