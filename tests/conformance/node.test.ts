/** Upstream: test/e2e/node/{pods,events,kubelet,taints}.go (v1.36). Where agnhost was asked, images that are known here are. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, conditionOf, pause, type Examiner, type Pod } from './examiner.ts';

describe('node/pods.go, events.go, kubelet.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone();
  });
  const AGNHOST = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['pause'] };

  it('pods.go: Delete Grace Period should be submitted and removed', () => {
    e.pod('graceful', { containers: [AGNHOST] });
    e.running('graceful');
    const last = e.ask<Pod>('DELETE', `${e.at('pods', 'graceful')}?gracePeriodSeconds=30`);
    expect(last).toMatchObject({
      status: 200,
      body: { metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 30 } },
    });
    e.gone('pods', 'graceful', 60);
  });

  it('pods.go: Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu', () => {
    const amount = { cpu: '100m', memory: '100Mi' };
    e.pod('qos', { containers: [{ ...AGNHOST, resources: { limits: amount, requests: amount } }] });
    expect(e.podNamed('qos').status.qosClass).toBe('Guaranteed');
  });

  it.each([
    ['containers', 'false'],
    ['containers', 'sleep 1; false'],
    ['initContainers', 'false'],
  ])(
    'pods.go: Pod Container Status should never report success for a pending container, nor a start when an init container fails: %s, %s',
    (where, script) => {
      const fail = busybox(script, { name: 'fail' });
      for (let n = 0; n < 12; n++) {
        const name = `status-${where.toLowerCase()}-${script.length}-${n}`;
        const seen: Pod[] = [];
        const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3D${name}`, ({ object }) => seen.push(object as Pod));
        e.pod(name, {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          ...(where === 'containers'
            ? { containers: [fail] }
            : { initContainers: [fail], containers: [{ ...fail, name: 'blocked', command: ['/bin/true'] }] }),
        });
        e.cluster.advance(n / 5);
        e.remove('pods', name);
        e.gone('pods', name);
        watch.stop();
        let hasRun = false;
        let hasEnded = false;
        let isOver = false;
        for (const { status } of seen) {
          const [main] = (where === 'containers' ? status.containerStatuses : status.initContainerStatuses) ?? [];
          const blocked = where === 'containers' ? undefined : status.containerStatuses?.[0];
          if (blocked)
            expect(
              blocked.started === true || blocked.lastState.terminated !== undefined || blocked.state.waiting === undefined,
              JSON.stringify(blocked),
            ).toBe(false);
          if (main?.state.terminated) {
            expect(main.state.terminated, JSON.stringify(status)).toMatchObject(
              main.state.terminated.exitCode === 137
                ? { reason: expect.stringMatching(/ContainerStatusUnknown|Error/) }
                : { exitCode: expect.toSatisfy((code: number) => code === 1 || code === 128) },
            );
            hasEnded = true;
          }
          if (main?.state.waiting) expect(hasEnded, 'no way back').toBe(false);
          if (main?.state.running) {
            expect(hasEnded).toBe(false);
            hasRun = true;
          }
          if (hasRun) expect(main?.state.waiting).toBeUndefined();
          if (isOver) expect(status.phase).toBe('Failed');
          expect(status.phase).not.toBe('Succeeded');
          isOver ||= status.phase === 'Failed';
        }
      }
    },
  );

  it('pods.go: should not create extra sandbox if all containers are done', () => {
    e.pod('succeeds', {
      restartPolicy: 'OnFailure',
      initContainers: [{ name: 'foo', image: 'busybox:1.37', command: ['/bin/true'] }],
      containers: [{ name: 'bar', image: 'busybox:1.37', command: ['/bin/true'] }],
    });
    e.ended('succeeds');
    e.cluster.advance(10);
    const events = e.ask<{ readonly items: readonly { readonly reason: string }[] }>(
      'GET',
      `${e.at('events')}?fieldSelector=involvedObject.kind%3DPod,involvedObject.uid%3D${e.podNamed('succeeds').metadata.uid},source%3Dkubelet`,
    ).body.items;
    expect(events.length).toBeGreaterThan(0);
    expect(events.map((event) => event.reason)).not.toContain('SandboxChanged');
  });

  it('pods.go: pod with negative grace period', () => {
    e.pod('negative', { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: -1, containers: [busybox('sleep 10000')] });
    expect(e.podNamed('negative').spec.terminationGracePeriodSeconds).toBe(1);
    e.retry('pods', 'negative', (pod) => {
      pod.spec.terminationGracePeriodSeconds = -1;
    });
    expect(e.podNamed('negative').spec.terminationGracePeriodSeconds).toBe(1);
  });

  it('pods.go: pod generation should start at 1 and increment per update', () => {
    e.pod('generation', { initContainers: [{ name: 'init', image: 'busybox:1.37' }], containers: [AGNHOST] });
    expect(e.running('generation').metadata.generation).toBe(1);
    const steps: readonly (readonly [(pod: Pod) => object, boolean])[] = [
      [(pod) => pod, false],
      [
        (pod) => ({
          ...pod,
          spec: {
            ...pod.spec,
            tolerations: [...pod.spec.tolerations, { key: 'foo-1', operator: 'Equal', value: 'bar', effect: 'NoSchedule' }],
          },
        }),
        true,
      ],
      [(pod) => ({ ...pod, spec: { ...pod.spec, activeDeadlineSeconds: 5000 } }), true],
      [(pod) => ({ ...pod, spec: { ...pod.spec, containers: pod.spec.containers.map((c) => ({ ...c, image: 'nginx:1.29' })) } }), true],
      [
        (pod) => ({
          ...pod,
          spec: {
            ...pod.spec,
            initContainers: [
              { ...(pod.spec as unknown as { initContainers: object[] }).initContainers[0], image: 'registry.k8s.io/pause:3.10.1' },
            ],
          },
        }),
        true,
      ],
      [(pod) => ({ ...pod, metadata: { ...pod.metadata, annotations: { key: 'value' } } }), false],
      [(pod) => ({ ...pod, metadata: { ...pod.metadata, generation: 1 } }), false],
    ];
    let want = 1;
    for (const [change, isBumped] of steps) {
      const done = e.ask('PUT', e.at('pods', 'generation'), change(e.podNamed('generation')));
      expect(done.status, JSON.stringify(done.body)).toBe(200);
      if (isBumped) want++;
      expect(e.podNamed('generation').metadata.generation).toBe(want);
    }
    e.until(() => e.podNamed('generation').status.observedGeneration === want, 60);
  });

  it('pods.go: custom-set generation on new pods and graceful delete', () => {
    expect(e.pod('custom', { containers: [AGNHOST] }, { generation: 100 }).metadata.generation).toBe(1);
    e.running('custom');
    e.ask('DELETE', `${e.at('pods', 'custom')}?gracePeriodSeconds=60`);
    expect(e.podNamed('custom').metadata.generation).toBe(2);
  });

  it('pods.go: issue 500 podspec updates and verify generation and observedGeneration eventually converge', () => {
    e.pod('many', { containers: [AGNHOST] });
    e.running('many');
    const update = (n: number): number => {
      const pod = e.podNamed('many');
      return e.ask('PUT', e.at('pods', 'many'), {
        ...pod,
        spec: { ...pod.spec, tolerations: [...pod.spec.tolerations, { key: `k${n}`, operator: 'Exists' }] },
      }).status;
    };
    for (let n = 0; n < 100;) if (update(n) === 200) n++;
    expect(e.podNamed('many').metadata.generation).toBe(101);
    e.until(() => e.podNamed('many').status.observedGeneration === 101, 60);
  });

  it('pods.go: pod rejected by kubelet should have updated generation and observedGeneration', () => {
    e.pod('rejected', { nodeName: 'worker-1', containers: [{ ...AGNHOST, resources: { requests: { cpu: '5000' } } }] });
    const { status } = e.ended('rejected');
    expect(status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu', observedGeneration: 1 });
  });

  it('pods.go: pod observedGeneration field set in pod conditions', () => {
    e.pod('observed', { containers: [AGNHOST] });
    e.ready('observed');
    const generations = (n: number): boolean => {
      const { conditions } = e.podNamed('observed').status;
      return conditions.length >= 5 && conditions.every((c) => c.observedGeneration === n);
    };
    e.until(() => generations(1), 30);
    const pod = e.podNamed('observed');
    e.until(
      () =>
        e.ask('PUT', e.at('pods', 'observed'), {
          ...pod,
          spec: { ...pod.spec, tolerations: [...pod.spec.tolerations, { key: 'foo', operator: 'Exists' }] },
        }).status === 200,
    );
    e.until(() => generations(2), 30);
    e.pod('unschedulable', { nodeSelector: { no: 'such' }, containers: [AGNHOST] });
    e.until(() => conditionOf(e.podNamed('unschedulable'), 'PodScheduled')?.observedGeneration === 1, 30);
  });

  it('events.go: should be sent by kubelets and the scheduler about pods scheduling and running', () => {
    e.pod('eventful', { containers: [AGNHOST] }, { labels: { name: 'foo' } });
    const { uid } = e.running('eventful').metadata;
    const of = (source: string): readonly object[] =>
      e.ask(
        'GET',
        `${e.at('events')}?fieldSelector=involvedObject.kind%3DPod,involvedObject.uid%3D${uid},involvedObject.namespace%3Ddefault,source%3D${source}`,
      ).body.items;
    e.until(() => of('default-scheduler').length > 0 && of('kubelet').length > 0, 60);
  });

  it('kubelet.go: kubelet should be able to delete 10 pods per node in 1m0s', () => {
    for (let n = 0; n < 20; n++) e.pod(`cleanup-${n}`, { containers: [pause()] }, { labels: { name: 'cleanup20' } });
    e.until(() => e.list('pods', 'name=cleanup20').every((p: Pod) => p.status.phase === 'Running'), 60);
    e.ask('DELETE', `${e.at('pods')}?labelSelector=name%3Dcleanup20`);
    e.until(() => e.list('pods', 'name=cleanup20').length === 0, 60);
    e.cluster.advance(5);
    for (const node of ['worker-1', 'worker-2']) expect(JSON.stringify(e.cluster.inspect(`${node}/containerd`))).not.toContain('cleanup-');
  });
});

describe('node/taints.go', () => {
  const TAINT = { key: 'kubernetes.io/e2e-evict-taint-key', value: 'evictTaintVal', effect: 'NoExecute' };
  const tolerant = (tolerationSeconds?: number) => ({
    ...TAINT,
    operator: 'Equal',
    ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  });
  const setUp = () => {
    const e = alone({ workers: 2 });
    const add = (name: string, tolerations: readonly object[] = []): void => {
      e.pod(name, { nodeName: 'worker-1', terminationGracePeriodSeconds: 1, containers: [pause()], tolerations });
      e.ready(name);
    };
    const taint = (isOn: boolean): void => {
      e.say(`taint nodes worker-1 ${TAINT.key}=${TAINT.value}:NoExecute${isOn ? '' : '-'}`);
    };
    const isThere = (name: string): boolean =>
      e.list<Pod>('pods').some((pod) => pod.metadata.name === name && pod.metadata.deletionTimestamp === undefined);
    return { e, add, taint, isThere };
  };

  it("doesn't evict pod with tolerations from tainted nodes, evicts pods without, and only those; the evicted have a disruption condition", () => {
    const { e, add, taint, isThere } = setUp();
    const seen: Pod[] = [];
    add('evicted');
    add('stays', [tolerant()]);
    const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3Devicted`, ({ object }) => seen.push(object as Pod));
    taint(true);
    e.gone('pods', 'evicted', 60);
    e.cluster.advance(60);
    watch.stop();
    expect(isThere('stays')).toBe(true);
    expect(seen.map((pod) => conditionOf(pod, 'DisruptionTarget'))).toContainEqual(
      expect.objectContaining({ status: 'True', reason: 'DeletionByTaintManager' }),
    );
  });

  it('eventually evict pod with finite tolerations from tainted nodes', () => {
    const { e, add, taint, isThere } = setUp();
    add('finite', [tolerant(60)]);
    taint(true);
    e.cluster.advance(55);
    expect(isThere('finite')).toBe(true);
    e.gone('pods', 'finite', 25);
  });

  it('removing taint cancels eviction', () => {
    const { e, add, taint, isThere } = setUp();
    add('cancelled', [tolerant(60)]);
    taint(true);
    e.cluster.advance(30);
    taint(false);
    e.cluster.advance(90);
    expect(isThere('cancelled')).toBe(true);
  });

  it('evicts pods with minTolerationSeconds', () => {
    const { e, add, taint, isThere } = setUp();
    add('short', [tolerant(5)]);
    add('long', [tolerant(15)]);
    taint(true);
    e.gone('pods', 'short', 12);
    expect(isThere('long')).toBe(true);
    e.gone('pods', 'long', 20);
  });
});
