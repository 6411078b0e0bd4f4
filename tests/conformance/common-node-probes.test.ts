/** Upstream: test/e2e/common/node/container_probe.go, test/e2e_node/container_lifecycle_test.go (v1.36). Where agnhost was asked, images that are known here are. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, conditionOf, isReady, pause, type Examiner, type Pod } from './examiner.ts';
import { nginx, restarts, seconds, secondsToGo } from './pods.ts';

describe('common/node/container_probe.go', () => {
  let e: Examiner;
  const health = { exec: { command: ['cat', '/tmp/health'] } };
  const liveness = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['liveness'] };
  const exec = (...command: readonly string[]) => ({ exec: { command } });
  const healthz = { httpGet: { path: '/healthz', port: 8080 } };
  /** Each pod, and how often it must have been restarted after four minutes: RunLivenessTest. */
  const LIVENESS: readonly (readonly [title: string, name: string, container: object, restarts: number])[] = [
    [
      'should be restarted with a exec "cat /tmp/health" liveness probe',
      'exec',
      {
        ...busybox('echo ok >/tmp/health; sleep 10; rm -rf /tmp/health; sleep 600'),
        livenessProbe: { ...health, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 },
      },
      1,
    ],
    [
      'should *not* be restarted with a exec "cat /tmp/health" liveness probe',
      'exec-well',
      {
        ...busybox('echo ok >/tmp/health; sleep 600'),
        livenessProbe: { ...health, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 },
      },
      0,
    ],
    [
      'should be restarted with a /healthz http liveness probe',
      'http',
      { ...liveness, livenessProbe: { ...healthz, initialDelaySeconds: 15, failureThreshold: 1 } },
      1,
    ],
    [
      'should *not* be restarted with a tcp:8080 liveness probe',
      'tcp',
      { ...liveness, livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 } },
      0,
    ],
    [
      'should *not* be restarted with a /healthz http liveness probe',
      'http-well',
      { ...nginx, livenessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 5 } },
      0,
    ],
    [
      'should be restarted with an exec liveness probe with timeout',
      'timeout',
      {
        ...busybox('sleep 600'),
        livenessProbe: { ...exec('/bin/sh', '-c', 'sleep 10'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 },
      },
      1,
    ],
    [
      'should be restarted with a failing exec liveness probe that took longer than the timeout',
      'late',
      {
        ...busybox('sleep 600'),
        livenessProbe: { ...exec('/bin/sh', '-c', 'sleep 10 & exit 1'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 },
      },
      1,
    ],
    [
      'should be restarted startup probe fails',
      'startup',
      {
        ...busybox('sleep 600'),
        livenessProbe: { ...exec('/bin/true'), initialDelaySeconds: 15, failureThreshold: 1 },
        startupProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 3 },
      },
      1,
    ],
    [
      'should *not* be restarted by liveness probe because startup probe delays it',
      'delayed',
      {
        ...busybox('sleep 600'),
        livenessProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 1 },
        startupProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 60 },
      },
      0,
    ],
    [
      'should be restarted by liveness probe after startup probe enables it',
      'enabled',
      {
        ...busybox('sleep 600'),
        livenessProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 1 },
        startupProbe: { ...exec('/bin/true'), initialDelaySeconds: 15, failureThreshold: 60 },
      },
      1,
    ],
    [
      'should *not* be restarted with a GRPC liveness probe',
      'grpc',
      {
        ...liveness,
        args: ['grpc-health-checking'],
        livenessProbe: { grpc: { port: 5000 }, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 },
      },
      0,
    ],
    [
      'should be restarted with a GRPC liveness probe',
      'grpc-wrong',
      {
        ...liveness,
        args: ['grpc-health-checking'],
        livenessProbe: { grpc: { port: 2333 }, initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 1 },
      },
      1,
    ],
    [
      'should have monotonically increasing restart count',
      'five',
      { ...liveness, livenessProbe: { ...healthz, initialDelaySeconds: 5, failureThreshold: 1 } },
      3,
    ],
  ];
  const ofSidecar = (name: string): string => `sidecar-${name}`;
  const counts = new Map<string, number[]>();
  beforeAll(() => {
    e = alone({ workers: 2 });
    for (const [, name, container] of LIVENESS) {
      e.pod(name, { containers: [container] });
      e.pod(ofSidecar(name), { initContainers: [{ ...container, restartPolicy: 'Always' }], containers: [{ ...pause(), name: 'main' }] });
    }
    e.pod('initial', { containers: [{ ...nginx, readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 15 } }] });
    e.pod('failing', { containers: [{ ...nginx, readinessProbe: { httpGet: { path: '/', port: 81 } } }] });
    e.pod('unready', {
      containers: [
        {
          ...busybox('sleep 600'),
          readinessProbe: { ...exec('/bin/sh', '-c', 'sleep 10'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 },
        },
      ],
    });
    for (let i = 0; i < 24; i++) {
      e.cluster.advance(10);
      for (const pod of e.list<Pod>('pods'))
        counts.set(pod.metadata.name, [
          ...(counts.get(pod.metadata.name) ?? []),
          (pod.metadata.name.startsWith('sidecar') ? pod.status.initContainerStatuses : pod.status.containerStatuses)?.[0].restartCount ??
            0,
        ]);
    }
  });

  for (const of of ['container', 'restartable init container'])
    it.each(LIVENESS)(`${of}: %s`, (_title, name, _container, want) => {
      const counted = counts.get(of === 'container' ? name : ofSidecar(name)) ?? [];
      expect(counted, 'never fewer').toEqual([...counted].sort((a, b) => a - b));
      if (want === 0) expect(counted[counted.length - 1]).toBe(0);
      else expect(counted[counted.length - 1]).toBeGreaterThanOrEqual(want);
      expect(counted[8] > 0, 'within 90 s').toBe(want > 0);
    });

  it('with readiness probe should not be ready before initial delay and never restart', () => {
    const pod = e.podNamed('initial');
    expect(isReady(pod)).toBe(true);
    expect(
      seconds(pod.status.containerStatuses[0].state.running?.startedAt ?? '', conditionOf(pod, 'Ready')?.lastTransitionTime ?? ''),
    ).toBeGreaterThanOrEqual(15);
    expect(counts.get('initial')?.pop()).toBe(0);
  });

  it('with readiness probe that fails should never be ready and never restart', () => {
    expect(isReady(e.podNamed('failing'))).toBe(false);
    expect(counts.get('failing')?.pop()).toBe(0);
  });

  it('should not be ready with an exec readiness probe timeout', () => {
    expect(isReady(e.podNamed('unready'))).toBe(false);
    expect(counts.get('unready')?.pop()).toBe(0);
    expect(e.say('get events --field-selector involvedObject.name=unready,reason=Unhealthy')).toContain('timed out');
  });

  it('should be ready immediately after startupProbe succeeds', () => {
    e.pod('at-once', {
      containers: [
        {
          ...busybox('echo ok >/tmp/health; sleep 32; echo ok >/tmp/startup; sleep 600'),
          startupProbe: { ...exec('/bin/cat', '/tmp/startup'), failureThreshold: 120, periodSeconds: 5 },
          readinessProbe: { ...exec('/bin/cat', '/tmp/health'), initialDelaySeconds: 0, periodSeconds: 30 },
        },
      ],
    });
    const started = e.until(() => e.podNamed('at-once').status.containerStatuses?.[0].started && e.cluster.now);
    e.ready('at-once');
    expect(e.cluster.now - started).toBeLessThan(5);
  });

  it('should mark readiness on pods to false while pod is in progress of terminating when a pod has a readiness probe', () => {
    e.pod('ending', {
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          ...busybox('touch /tmp/ready; while true; do echo hello; sleep 10; done'),
          lifecycle: { preStop: exec('sh', '-c', 'rm -f /tmp/ready; sleep 25') },
          readinessProbe: { ...exec('cat', '/tmp/ready'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 2 },
        },
      ],
    });
    e.ready('ending');
    e.remove('pods', 'ending');
    e.until(() => !isReady(e.podNamed('ending')), 25);
  });

  it('should mark readiness on pods to false and disable liveness probes while pod is in progress of terminating', () => {
    e.pod('dying', {
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          ...busybox('touch /tmp/ready /tmp/liveness; while true; do echo hello; sleep 10; done'),
          lifecycle: { preStop: exec('sh', '-c', 'rm -f /tmp/ready /tmp/liveness; sleep 20') },
          readinessProbe: { ...exec('cat', '/tmp/ready'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 2 },
          livenessProbe: { ...exec('cat', '/tmp/liveness'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 1 },
        },
      ],
    });
    e.ready('dying');
    e.remove('pods', 'dying');
    e.until(() => !isReady(e.podNamed('dying')), 25);
    e.gone('pods', 'dying', 40);
    expect(e.say('get events --field-selector involvedObject.name=dying')).toContain('Readiness probe failed');
    expect(e.say('get events --field-selector involvedObject.name=dying')).not.toContain('Liveness probe failed');
  });

  it.each(['livenessProbe', 'startupProbe'])('should override timeoutGracePeriodSeconds when %s field is set', (probe) => {
    const name = `override-${probe.toLowerCase()}`;
    e.pod(name, {
      terminationGracePeriodSeconds: 500,
      containers: [
        {
          ...busybox('trap "" TERM; sleep 1000'),
          [probe]: { ...exec('/bin/false'), initialDelaySeconds: 1, failureThreshold: 1, terminationGracePeriodSeconds: 5 },
        },
      ],
    });
    e.until(() => restarts(e.podNamed(name)) > 0, 60);
  });

  it('should have monotonically increasing restart count: five', () => {
    let last = 0;
    e.until(() => {
      const now = restarts(e.podNamed('five'));
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
      return now >= 5;
    }, 660);
  });
});

describe('e2e_node/container_lifecycle_test.go', () => {
  it('should terminate sidecars after the main container, in reverse order', () => {
    const e = alone({ workers: 1 });
    const side = (name: string) =>
      busybox('trap "exit 0" TERM; while true; do sleep 1; done', {
        name,
        restartPolicy: 'Always',
        lifecycle: { preStop: { sleep: { seconds: 3 } } },
      });
    e.pod('ordered', {
      restartPolicy: 'Never',
      initContainers: [side('restartable-init-1'), side('restartable-init-2')],
      containers: [busybox('sleep 5')],
    });
    const { status } = e.ended('ordered');
    const at = [...status.initContainerStatuses, ...status.containerStatuses].map((c) => Date.parse(c.state.terminated?.finishedAt ?? ''));
    expect(status.phase).toBe('Succeeded');
    expect(at[2]).toBeLessThan(at[1]);
    expect(at[1]).toBeLessThan(at[0]);
  });

  it("should terminate sidecars simultaneously if prestop doesn't exit: what is left of the grace is shared", () => {
    const e = alone({ workers: 1 });
    e.pod('shared', {
      terminationGracePeriodSeconds: 10,
      initContainers: [1, 2].map((n) => busybox('sleep 1000', { name: `restartable-init-${n}`, restartPolicy: 'Always' })),
      containers: [busybox('sleep 1000')],
    });
    e.ready('shared');
    expect(secondsToGo(e, 'shared')).toBeLessThan(18);
  });
});
