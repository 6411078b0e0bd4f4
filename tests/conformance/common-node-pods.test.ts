/** Upstream: test/e2e/common/node/{pods,init_container,runtime,lifecycle_hook}.go (v1.36). Where agnhost was asked, images that are known here are. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, conditionOf, isReady, pause, type Examiner, type Pod } from './examiner.ts';
import { nginx, restarts, seconds, secondsToGo } from './pods.ts';

describe('common/node/pods.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone();
  });

  it('should get a host IP', () => {
    e.pod('hostip', { containers: [pause()] });
    expect(e.running('hostip').status).toMatchObject({
      hostIP: expect.stringMatching(/^192\.168\./),
      hostIPs: [{ ip: e.podNamed('hostip').status.hostIP }],
    });
  });

  it('should be submitted and removed', () => {
    const seen: { type: string; pod: Pod }[] = [];
    const watch = e.cluster.watch(`${e.at('pods')}?labelSelector=time%3Dt1`, ({ type, object }) => seen.push({ type, pod: object as Pod }));
    expect(e.list('pods', 'time=t1')).toEqual([]);
    e.pod('submitted', { containers: [nginx] }, { labels: { name: 'foo', time: 't1' } });
    expect(e.list('pods', 'time=t1').length).toBe(1);
    e.running('submitted');
    expect(seen[0].type).toBe('ADDED');
    e.remove('pods', 'submitted', { gracePeriodSeconds: 30 });
    e.until(() => seen.some((s) => s.type === 'DELETED'), 60);
    const last = seen[seen.length - 1].pod;
    expect(last.metadata.deletionTimestamp).toBeDefined();
    expect(last.spec.terminationGracePeriodSeconds).toBe(30);
    expect(e.list('pods', 'time=t1')).toEqual([]);
    watch.stop();
  });

  it('should be updated', () => {
    e.pod('updated', { containers: [nginx] }, { labels: { time: 'u1' } });
    const pod = e.running('updated');
    pod.metadata.labels.time = 'u2';
    expect(e.ask('PUT', e.at('pods', 'updated'), pod).status).toBe(200);
    expect(e.list('pods', 'time=u2').length).toBe(1);
  });

  it('should allow activeDeadlineSeconds to be updated', () => {
    e.pod('deadline', { containers: [nginx] });
    const pod = e.ready('deadline');
    pod.spec.activeDeadlineSeconds = 5;
    expect(e.ask('PUT', e.at('pods', 'deadline'), pod).status).toBe(200);
    expect(e.until(() => e.podNamed('deadline').status.phase === 'Failed' && e.podNamed('deadline'), 60).status.reason).toBe(
      'DeadlineExceeded',
    );
  });

  it('should contain environment variables for services', () => {
    e.pod(
      'server-envvars',
      { containers: [{ name: 'srv', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', ports: [{ containerPort: 9376 }] }] },
      { labels: { name: 'srv' } },
    );
    e.running('server-envvars');
    const { clusterIP: ip } = e.create<{ readonly spec: { readonly clusterIP: string } }>('services', {
      metadata: { name: 'fooservice' },
      spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: { name: 'srv' } },
    }).spec;
    const env = e.output('client-envvars', busybox('env')).split('\n');
    for (const line of [
      `SERVICE_HOST=${ip}`,
      'SERVICE_PORT=8765',
      `PORT=tcp://${ip}:8765`,
      'PORT_8765_TCP_PORT=8765',
      'PORT_8765_TCP_PROTO=tcp',
      `PORT_8765_TCP=tcp://${ip}:8765`,
      `PORT_8765_TCP_ADDR=${ip}`,
    ])
      expect(env).toContain(`FOOSERVICE_${line}`);
  });

  it('should have their auto-restart back-off timer reset on image update', () => {
    const delay = (name: string): number => {
      const was = e.until(() => {
        const [s] = e.podNamed(name).status.containerStatuses ?? [];
        return s?.lastState.terminated && !s.state.running && s;
      }, 700);
      const finished = (was.state.terminated ?? was.lastState.terminated)?.finishedAt ?? '';
      const now = e.until(() => {
        const [s] = e.podNamed(name).status.containerStatuses;
        return s.restartCount > was.restartCount && s;
      }, 700);
      return seconds(
        finished,
        now.state.running?.startedAt ?? now.state.terminated?.startedAt ?? now.lastState.terminated?.startedAt ?? '',
      );
    };
    e.pod('backoff', { containers: [busybox('sleep 5; false')] });
    e.cluster.advance(60);
    delay('backoff');
    const [delay1, delay2] = [delay('backoff'), delay('backoff')];
    e.patch('pods', 'backoff', { spec: { containers: [{ name: 'c', image: 'nginx:1.29' }] } });
    e.cluster.advance(30);
    const after = delay('backoff');
    expect(after).toBeLessThan(2 * delay2);
    expect(after).toBeLessThan(2 * delay1);
  });

  it('should cap back-off at MaxContainerBackOff', () => {
    e.pod('capped', { containers: [busybox('sleep 5; false')] });
    e.cluster.advance(700);
    const count = restarts(e.podNamed('capped'));
    e.cluster.advance(620);
    expect(restarts(e.podNamed('capped')) - count).toBeGreaterThanOrEqual(1);
    expect(restarts(e.podNamed('capped')) - count).toBeLessThanOrEqual(3);
    e.remove('pods', 'capped');
    e.remove('pods', 'backoff');
  });

  it('should support pod readiness gates', () => {
    e.pod('pod-ready', {
      containers: [busybox('echo container is alive; sleep 10000')],
      readinessGates: [{ conditionType: 'k8s.io/test-condition1' }, { conditionType: 'k8s.io/test-condition2' }],
    });
    const gate = (n: number, status: string): void => {
      e.patch('pods', 'pod-ready/status', { status: { conditions: [{ type: `k8s.io/test-condition${n}`, status }] } });
    };
    expect(isReady(e.running('pod-ready'))).toBe(false);
    gate(1, 'True');
    e.cluster.advance(10);
    expect(isReady(e.podNamed('pod-ready'))).toBe(false);
    gate(2, 'True');
    e.until(() => isReady(e.podNamed('pod-ready')), 60);
    gate(1, 'False');
    e.until(() => !isReady(e.podNamed('pod-ready')), 60);
  });

  it('should delete a collection of pods', () => {
    for (const n of [1, 2, 3])
      e.pod(
        `test-pod-${n}`,
        {
          terminationGracePeriodSeconds: 1,
          restartPolicy: 'Never',
          containers: [{ name: 'token-test', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }],
        },
        { labels: { type: 'Testing' } },
      );
    for (const n of [1, 2, 3]) e.ready(`test-pod-${n}`);
    expect(e.ask('DELETE', `${e.at('pods')}?labelSelector=type%3DTesting`, { gracePeriodSeconds: 1 }).status).toBe(200);
    e.until(() => e.list('pods', 'type=Testing').length === 0, 60);
  });

  it('should run through the lifecycle of Pods and PodStatus', () => {
    e.pod(
      'pod-test',
      { terminationGracePeriodSeconds: 1, containers: [{ name: 'pod-test', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }] },
      { labels: { 'test-pod-static': 'true' } },
    );
    e.running('pod-test');
    e.patch('pods', 'pod-test', {
      metadata: { labels: { 'test-pod': 'patched' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pod-test', image: 'httpd:2.4' }] },
    });
    expect(e.podNamed('pod-test')).toMatchObject({
      metadata: { labels: { 'test-pod': 'patched' } },
      spec: { containers: [{ image: 'httpd:2.4' }] },
    });
    const old = e.ask<Pod>('GET', `${e.at('pods', 'pod-test')}/status`).body;
    const conditions = old.status.conditions.filter((c) => /^(Containers)?Ready$/.test(c.type) && c.status === 'True');
    expect(conditions.length).toBe(2);
    for (const c of conditions) c.status = 'False';
    const put = e.ask<Pod>('PUT', `${e.at('pods', 'pod-test')}/status`, old).body;
    expect(put.status.conditions.filter((c) => /^(Containers)?Ready$/.test(c.type)).map((c) => c.status)).toEqual(['False', 'False']);
    e.until(() => isReady(e.podNamed('pod-test')), 60);
    e.ask('DELETE', `${e.at('pods')}?labelSelector=test-pod-static%3Dtrue`, { gracePeriodSeconds: 1 });
    e.gone('pods', 'pod-test');
  });

  it('should support retrieving logs from the container, and remote command execution', () => {
    e.pod('main', { containers: [busybox('echo container is alive; sleep 10000')] });
    e.running('main');
    e.until(() => e.logs('main') === 'container is alive\n');
    expect(e.say('exec main -- echo remote execution test')).toBe('remote execution test\n');
  });

  it('should patch a pod status', () => {
    e.pod('patched', { containers: [pause()] });
    e.running('patched');
    e.patch('pods', 'patched/status', { status: { message: 'Patched by e2e test', reason: 'E2E' } });
    expect(e.podNamed('patched').status).toMatchObject({ message: 'Patched by e2e test', reason: 'E2E' });
  });
});

describe('common/node/init_container.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone({ workers: 1 });
  });
  const init = (...commands: readonly string[]) =>
    commands.map((command, i) => ({ name: `init${i + 1}`, image: 'busybox:1.37', command: [command] }));
  const run1 = { name: 'run1', image: 'registry.k8s.io/pause:3.10.1', resources: { limits: { cpu: '100m' } } };
  /** initContainersInvariants: until all have ended well the others wait, and the condition says so. */
  const invariants = (pods: readonly Pod[]): void => {
    for (const { status } of pods) {
      const inits = status.initContainerStatuses ?? [];
      const done = inits.length > 0 && inits.every((s) => s.state.terminated?.exitCode === 0);
      if (!done)
        for (const s of status.containerStatuses ?? [])
          expect(s).toMatchObject({ restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } });
      const initialized = status.conditions?.find((c) => c.type === 'Initialized');
      if (inits.length > 0) expect(initialized?.status).toBe(done ? 'True' : 'False');
    }
  };
  const watched = (name: string, spec: object, isOver: (pod: Pod) => boolean): Pod => {
    const seen: Pod[] = [];
    const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3D${name}`, ({ object }) => seen.push(object as Pod));
    e.pod(name, spec);
    const last = e.until(() => {
      const pod = e.podNamed(name);
      return isOver(pod) && pod;
    });
    watch.stop();
    invariants(seen);
    return last;
  };

  it('should invoke init containers on a RestartNever pod', () => {
    const pod = watched(
      'never',
      { restartPolicy: 'Never', initContainers: init('/bin/true', '/bin/true'), containers: [{ ...init('/bin/true')[0], name: 'run1' }] },
      (p) => p.status.phase === 'Succeeded',
    );
    expect(conditionOf(pod, 'Initialized')?.status).toBe('True');
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('should invoke init containers on a RestartAlways pod', () => {
    const pod = watched(
      'always',
      { initContainers: init('/bin/true', '/bin/true'), containers: [run1] },
      (p) => p.status.phase === 'Running',
    );
    expect(conditionOf(pod, 'Initialized')?.status).toBe('True');
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('should not start app containers if init containers fail on a RestartAlways pod', () => {
    const pod = watched(
      'fails',
      { initContainers: init('/bin/false', '/bin/true'), containers: [run1] },
      (p) => p.status.initContainerStatuses?.[0].restartCount >= 3,
    );
    expect(pod.status).toMatchObject({
      phase: 'Pending',
      initContainerStatuses: [{ lastState: { terminated: { exitCode: 1 } } }, { state: { waiting: { reason: 'PodInitializing' } } }],
    });
    expect(conditionOf(pod, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [init1 init2]',
    });
  });

  it('should not start app containers and fail the pod if init containers fail on a RestartNever pod', () => {
    const pod = watched(
      'fails-never',
      {
        restartPolicy: 'Never',
        initContainers: init('/bin/true', '/bin/false'),
        containers: [{ ...run1, image: 'busybox:1.37', command: ['/bin/true'] }],
      },
      (p) => p.status.phase === 'Failed',
    );
    expect(conditionOf(pod, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [init2]',
    });
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    expect(pod.status.containerStatuses[0].state.waiting?.reason).toBe('PodInitializing');
  });
});

describe('common/node/runtime.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone({ workers: 1 });
  });

  it.each([
    ['Always', 'Running', 'running', 2, true, undefined],
    ['OnFailure', 'Succeeded', 'terminated', 1, false, 0],
    ['Never', 'Failed', 'terminated', 0, false, 1],
  ] as const)('should run with the expected status: %s', (restartPolicy, phase, state, count, ready, exitCode) => {
    const name = `terminate-cmd-${restartPolicy.toLowerCase()}`;
    const script =
      "f=/restart-count/restartCount\ncount=$(echo 'hello' >> $f ; grep -c hello $f)\nif [ $count -eq 1 ]; then\n\texit 1\nfi\nif [ $count -eq 2 ]; then\n\texit 0\nfi\nwhile true; do sleep 1; done\n";
    e.pod(name, {
      restartPolicy,
      volumes: [{ name: 'restart-count', emptyDir: { medium: 'Memory' } }],
      containers: [busybox(script, { volumeMounts: [{ name: 'restart-count', mountPath: '/restart-count' }] })],
    });
    e.until(() => restarts(e.podNamed(name)) === count);
    e.until(() => e.podNamed(name).status.phase === phase && Object.keys(e.podNamed(name).status.containerStatuses[0].state)[0] === state);
    e.cluster.advance(2);
    expect(isReady(e.podNamed(name))).toBe(ready);
    expect(e.podNamed(name).status.containerStatuses[0]).toMatchObject({ restartCount: count, ready });
    expect(e.podNamed(name).status.containerStatuses[0].state.terminated?.exitCode).toBe(exitCode);
    e.remove('pods', name);
    e.gone('pods', name);
  });

  it.each([
    [
      'if TerminationMessagePath is set',
      {
        args: ['/bin/echo -n DONE > /dev/termination-log'],
        terminationMessagePath: '/dev/termination-log',
        securityContext: { runAsUser: 0 },
      },
      'Succeeded',
      'DONE',
    ],
    [
      'if TerminationMessagePath is set as non-root user and at a non-default path',
      {
        args: ['/bin/echo -n DONE > /dev/termination-custom-log'],
        terminationMessagePath: '/dev/termination-custom-log',
        securityContext: { runAsUser: 10000 },
      },
      'Succeeded',
      'DONE',
    ],
    [
      'from log output if TerminationMessagePolicy FallbackToLogsOnError is set',
      { args: ['/bin/echo -n DONE; /bin/false'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      'Failed',
      'DONE',
    ],
    [
      'from log output, its last line end too',
      { args: ['echo DONE; exit 1'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      'Failed',
      'DONE\n',
    ],
    [
      'as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set',
      { args: ['/bin/echo -n DONE; /bin/true'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      'Succeeded',
      undefined,
    ],
    [
      'from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set',
      { args: ['/bin/echo -n OK > /dev/termination-log; /bin/echo DONE; /bin/true'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      'Succeeded',
      'OK',
    ],
  ])('should report termination message %s', (_title, container, phase, message) => {
    e.pod('says', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.37', command: ['/bin/sh', '-c'], ...container }] });
    const { status } = e.ended('says');
    expect(status.phase).toBe(phase);
    expect(status.containerStatuses[0].state.terminated?.message).toBe(message);
    e.ask('DELETE', `${e.at('pods', 'says')}?gracePeriodSeconds=0`);
    e.gone('pods', 'says');
  });

  it('should not be able to pull image from invalid registry', () => {
    e.pod('pull', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'invalid.registry.k8s.io/invalid/alpine:3.1', imagePullPolicy: 'Always' }],
    });
    e.until(
      () => /^(ErrImagePull|ImagePullBackOff)$/.test(e.podNamed('pull').status.containerStatuses?.[0].state.waiting?.reason ?? ''),
      60,
    );
    expect(e.podNamed('pull').status.phase).toBe('Pending');
  });
});

describe('common/node/lifecycle_hook.go', () => {
  let e: Examiner;
  let target = '';
  beforeAll(() => {
    e = alone({ workers: 1 });
    e.pod('handler', { containers: [nginx] });
    target = e.ready('handler').status.podIP;
  });
  const said = (what: string): boolean => new RegExp(`GET /echo\\?msg=${what}`).test(e.logs('handler'));
  const hooks = (kind: 'exec' | 'httpGet', where: string) =>
    kind === 'exec'
      ? { exec: { command: ['sh', '-c', `curl http://${target}:80/echo?msg=${where}`] } }
      : { httpGet: { path: `/echo?msg=${where}`, host: target, port: 80 } };
  it.each(
    ['container', 'restartable init container'].flatMap((of) =>
      ['postStart', 'preStop'].flatMap((when) => (['exec', 'httpGet'] as const).map((kind) => [of, when, kind] as const)),
    ),
  )('%s: should execute %s %s hook properly', (of, when, kind) => {
    const name = `${of === 'container' ? 'main' : 'side'}-${when.toLowerCase()}-${kind.toLowerCase()}`;
    const hooked = { ...nginx, name: 'hooked', lifecycle: { [when]: hooks(kind, name) } };
    e.pod(
      name,
      of === 'container' ? { containers: [hooked] } : { initContainers: [{ ...hooked, restartPolicy: 'Always' }], containers: [pause()] },
    );
    e.ready(name);
    if (when === 'postStart') e.until(() => said(name), 120);
    e.remove('pods', name, { gracePeriodSeconds: 15 });
    e.gone('pods', name);
    e.until(() => said(name), 30);
  });

  const sleeps = (name: string, seconds: number, gracePeriodSeconds: number): number => {
    e.pod(name, { containers: [{ ...nginx, lifecycle: { preStop: { sleep: { seconds } } } }] });
    e.ready(name);
    return secondsToGo(e, name, { gracePeriodSeconds });
  };

  it('valid prestop hook using sleep action', () => {
    const took = sleeps('rests', 5, 30);
    expect(took).toBeGreaterThanOrEqual(5);
    expect(took).toBeLessThan(12);
  });

  it('reduce GracePeriodSeconds during runtime', () => {
    expect(sleeps('hurried', 15, 2)).toBeLessThan(10);
  });

  it('ignore terminated container', () => {
    e.pod('ended-first', {
      restartPolicy: 'Never',
      containers: [
        { ...busybox('sleep 3'), lifecycle: { preStop: { sleep: { seconds: 20 } } } },
        { ...pause(), name: 'p' },
      ],
    });
    e.until(() => e.podNamed('ended-first').status.containerStatuses?.[0].state.terminated);
    expect(secondsToGo(e, 'ended-first')).toBeLessThan(10);
  });
});
