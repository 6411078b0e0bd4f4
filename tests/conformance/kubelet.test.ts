/** Upstream's own examination of the kubelet, carried over: kubernetes/test/e2e/common/node and test/e2e/node (v1.36). The titles name file and test. Where agnhost was asked, images that are known here are. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, conditionOf, isReady, pause, type Examiner, type Pod } from './examiner.ts';

const restarts = (pod: Pod): number => pod.status.containerStatuses?.[0].restartCount ?? 0;
const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
const NGINX = { name: 'c', image: 'nginx:1.29' };
/** Deletes a pod; from then until it is gone. */
function secondsToGo(e: Examiner, name: string, options?: object): number {
  const from = e.cluster.now;
  e.remove('pods', name, options);
  e.gone('pods', name);
  return e.cluster.now - from;
}

describe('common/node/pods.go', () => {
  let e: Examiner;
  beforeAll(() => { e = alone(); });

  it('should get a host IP', () => {
    e.pod('hostip', { containers: [pause()] });
    expect(e.running('hostip').status).toMatchObject({ hostIP: expect.stringMatching(/^192\.168\./), hostIPs: [{ ip: e.podNamed('hostip').status.hostIP }] });
  });

  it('should be submitted and removed', () => {
    const seen: { type: string; pod: Pod }[] = [];
    const watch = e.cluster.watch(`${e.at('pods')}?labelSelector=time%3Dt1`, ({ type, object }) => seen.push({ type, pod: object as Pod }));
    expect(e.list('pods', 'time=t1')).toEqual([]);
    e.pod('submitted', { containers: [NGINX] }, { labels: { name: 'foo', time: 't1' } });
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
    e.pod('updated', { containers: [NGINX] }, { labels: { time: 'u1' } });
    const pod = e.running('updated');
    pod.metadata.labels.time = 'u2';
    expect(e.ask('PUT', e.at('pods', 'updated'), pod).status).toBe(200);
    expect(e.list('pods', 'time=u2').length).toBe(1);
  });

  it('should allow activeDeadlineSeconds to be updated', () => {
    e.pod('deadline', { containers: [NGINX] });
    const pod = e.ready('deadline');
    pod.spec.activeDeadlineSeconds = 5;
    expect(e.ask('PUT', e.at('pods', 'deadline'), pod).status).toBe(200);
    expect(e.until(() => e.podNamed('deadline').status.phase === 'Failed' && e.podNamed('deadline'), 60).status.reason).toBe('DeadlineExceeded');
  });

  it('should contain environment variables for services', () => {
    e.pod('server-envvars', { containers: [{ name: 'srv', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', ports: [{ containerPort: 9376 }] }] }, { labels: { name: 'srv' } });
    e.running('server-envvars');
    const { clusterIP: ip } = e.create<{ readonly spec: { readonly clusterIP: string } }>('services', { metadata: { name: 'fooservice' }, spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: { name: 'srv' } } }).spec;
    const env = e.output('client-envvars', busybox('env')).split('\n');
    for (const line of [`SERVICE_HOST=${ip}`, 'SERVICE_PORT=8765', `PORT=tcp://${ip}:8765`, 'PORT_8765_TCP_PORT=8765', 'PORT_8765_TCP_PROTO=tcp', `PORT_8765_TCP=tcp://${ip}:8765`, `PORT_8765_TCP_ADDR=${ip}`]) expect(env).toContain(`FOOSERVICE_${line}`);
  });

  it('should have their auto-restart back-off timer reset on image update', () => {
    const delay = (name: string): number => {
      const was = e.until(() => { const [s] = e.podNamed(name).status.containerStatuses ?? []; return s?.lastState.terminated && !s.state.running && s; }, 700);
      const finished = (was.state.terminated ?? was.lastState.terminated)?.finishedAt ?? '';
      const now = e.until(() => { const [s] = e.podNamed(name).status.containerStatuses; return s.restartCount > was.restartCount && s; }, 700);
      return seconds(finished, now.state.running?.startedAt ?? now.state.terminated?.startedAt ?? now.lastState.terminated?.startedAt ?? '');
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
    e.pod('pod-ready', { containers: [busybox('echo container is alive; sleep 10000')], readinessGates: [{ conditionType: 'k8s.io/test-condition1' }, { conditionType: 'k8s.io/test-condition2' }] });
    const gate = (n: number, status: string): void => { e.patch('pods', 'pod-ready/status', { status: { conditions: [{ type: `k8s.io/test-condition${n}`, status }] } }); };
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
    for (const n of [1, 2, 3]) e.pod(`test-pod-${n}`, { terminationGracePeriodSeconds: 1, restartPolicy: 'Never', containers: [{ name: 'token-test', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }] }, { labels: { type: 'Testing' } });
    for (const n of [1, 2, 3]) e.ready(`test-pod-${n}`);
    expect(e.ask('DELETE', `${e.at('pods')}?labelSelector=type%3DTesting`, { gracePeriodSeconds: 1 }).status).toBe(200);
    e.until(() => e.list('pods', 'type=Testing').length === 0, 60);
  });

  it('should run through the lifecycle of Pods and PodStatus', () => {
    e.pod('pod-test', { terminationGracePeriodSeconds: 1, containers: [{ name: 'pod-test', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }] }, { labels: { 'test-pod-static': 'true' } });
    e.running('pod-test');
    e.patch('pods', 'pod-test', { metadata: { labels: { 'test-pod': 'patched' } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pod-test', image: 'httpd:2.4' }] } });
    expect(e.podNamed('pod-test')).toMatchObject({ metadata: { labels: { 'test-pod': 'patched' } }, spec: { containers: [{ image: 'httpd:2.4' }] } });
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
  beforeAll(() => { e = alone({ workers: 1 }); });
  const init = (...commands: readonly string[]) => commands.map((command, i) => ({ name: `init${i + 1}`, image: 'busybox:1.37', command: [command] }));
  const run1 = { name: 'run1', image: 'registry.k8s.io/pause:3.10.1', resources: { limits: { cpu: '100m' } } };
  /** initContainersInvariants: until all have ended well the others wait, and the condition says so. */
  const invariants = (pods: readonly Pod[]): void => {
    for (const { status } of pods) {
      const inits = status.initContainerStatuses ?? [];
      const done = inits.length > 0 && inits.every((s) => s.state.terminated?.exitCode === 0);
      if (!done) for (const s of status.containerStatuses ?? []) expect(s).toMatchObject({ restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } });
      const initialized = status.conditions?.find((c) => c.type === 'Initialized');
      if (inits.length > 0) expect(initialized?.status).toBe(done ? 'True' : 'False');
    }
  };
  const watched = (name: string, spec: object, isOver: (pod: Pod) => boolean): Pod => {
    const seen: Pod[] = [];
    const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3D${name}`, ({ object }) => seen.push(object as Pod));
    e.pod(name, spec);
    const last = e.until(() => { const pod = e.podNamed(name); return isOver(pod) && pod; });
    watch.stop();
    invariants(seen);
    return last;
  };

  it('should invoke init containers on a RestartNever pod', () => {
    const pod = watched('never', { restartPolicy: 'Never', initContainers: init('/bin/true', '/bin/true'), containers: [{ ...init('/bin/true')[0], name: 'run1' }] }, (p) => p.status.phase === 'Succeeded');
    expect(conditionOf(pod, 'Initialized')?.status).toBe('True');
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([[true, 0], [true, 0]]);
  });

  it('should invoke init containers on a RestartAlways pod', () => {
    const pod = watched('always', { initContainers: init('/bin/true', '/bin/true'), containers: [run1] }, (p) => p.status.phase === 'Running');
    expect(conditionOf(pod, 'Initialized')?.status).toBe('True');
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([[true, 0], [true, 0]]);
  });

  it('should not start app containers if init containers fail on a RestartAlways pod', () => {
    const pod = watched('fails', { initContainers: init('/bin/false', '/bin/true'), containers: [run1] }, (p) => p.status.initContainerStatuses?.[0].restartCount >= 3);
    expect(pod.status).toMatchObject({ phase: 'Pending', initContainerStatuses: [{ lastState: { terminated: { exitCode: 1 } } }, { state: { waiting: { reason: 'PodInitializing' } } }] });
    expect(conditionOf(pod, 'Initialized')).toMatchObject({ status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status: [init1 init2]' });
  });

  it('should not start app containers and fail the pod if init containers fail on a RestartNever pod', () => {
    const pod = watched('fails-never', { restartPolicy: 'Never', initContainers: init('/bin/true', '/bin/false'), containers: [{ ...run1, image: 'busybox:1.37', command: ['/bin/true'] }] }, (p) => p.status.phase === 'Failed');
    expect(conditionOf(pod, 'Initialized')).toMatchObject({ status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status: [init2]' });
    expect(pod.status.initContainerStatuses.map((s) => [s.ready, s.state.terminated?.exitCode])).toEqual([[true, 0], [false, 1]]);
    expect(pod.status.containerStatuses[0].state.waiting?.reason).toBe('PodInitializing');
  });
});

describe('common/node/container_probe.go', () => {
  let e: Examiner;
  const health = { exec: { command: ['cat', '/tmp/health'] } };
  const liveness = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['liveness'] };
  const exec = (...command: readonly string[]) => ({ exec: { command } });
  const healthz = { httpGet: { path: '/healthz', port: 8080 } };
  /** Each pod, and how often it must have been restarted after four minutes: RunLivenessTest. */
  const LIVENESS: readonly (readonly [title: string, name: string, container: object, restarts: number])[] = [
    ['should be restarted with a exec "cat /tmp/health" liveness probe', 'exec', { ...busybox('echo ok >/tmp/health; sleep 10; rm -rf /tmp/health; sleep 600'), livenessProbe: { ...health, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 } }, 1],
    ['should *not* be restarted with a exec "cat /tmp/health" liveness probe', 'exec-well', { ...busybox('echo ok >/tmp/health; sleep 600'), livenessProbe: { ...health, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 } }, 0],
    ['should be restarted with a /healthz http liveness probe', 'http', { ...liveness, livenessProbe: { ...healthz, initialDelaySeconds: 15, failureThreshold: 1 } }, 1],
    ['should *not* be restarted with a tcp:8080 liveness probe', 'tcp', { ...liveness, livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 } }, 0],
    ['should *not* be restarted with a /healthz http liveness probe', 'http-well', { ...NGINX, livenessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 5 } }, 0],
    ['should be restarted with an exec liveness probe with timeout', 'timeout', { ...busybox('sleep 600'), livenessProbe: { ...exec('/bin/sh', '-c', 'sleep 10'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 } }, 1],
    ['should be restarted with a failing exec liveness probe that took longer than the timeout', 'late', { ...busybox('sleep 600'), livenessProbe: { ...exec('/bin/sh', '-c', 'sleep 10 & exit 1'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 } }, 1],
    ['should be restarted startup probe fails', 'startup', { ...busybox('sleep 600'), livenessProbe: { ...exec('/bin/true'), initialDelaySeconds: 15, failureThreshold: 1 }, startupProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 3 } }, 1],
    ['should *not* be restarted by liveness probe because startup probe delays it', 'delayed', { ...busybox('sleep 600'), livenessProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 1 }, startupProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 60 } }, 0],
    ['should be restarted by liveness probe after startup probe enables it', 'enabled', { ...busybox('sleep 600'), livenessProbe: { ...exec('/bin/false'), initialDelaySeconds: 15, failureThreshold: 1 }, startupProbe: { ...exec('/bin/true'), initialDelaySeconds: 15, failureThreshold: 60 } }, 1],
    ['should *not* be restarted with a GRPC liveness probe', 'grpc', { ...liveness, args: ['grpc-health-checking'], livenessProbe: { grpc: { port: 5000 }, initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 1 } }, 0],
    ['should be restarted with a GRPC liveness probe', 'grpc-wrong', { ...liveness, args: ['grpc-health-checking'], livenessProbe: { grpc: { port: 2333 }, initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 1 } }, 1],
    ['should have monotonically increasing restart count', 'five', { ...liveness, livenessProbe: { ...healthz, initialDelaySeconds: 5, failureThreshold: 1 } }, 3],
  ];
  const ofSidecar = (name: string): string => `sidecar-${name}`;
  const counts = new Map<string, number[]>();
  beforeAll(() => {
    e = alone({ workers: 2 });
    for (const [, name, container] of LIVENESS) {
      e.pod(name, { containers: [container] });
      e.pod(ofSidecar(name), { initContainers: [{ ...container, restartPolicy: 'Always' }], containers: [{ ...pause(), name: 'main' }] });
    }
    e.pod('initial', { containers: [{ ...NGINX, readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 15 } }] });
    e.pod('failing', { containers: [{ ...NGINX, readinessProbe: { httpGet: { path: '/', port: 81 } } }] });
    e.pod('unready', { containers: [{ ...busybox('sleep 600'), readinessProbe: { ...exec('/bin/sh', '-c', 'sleep 10'), initialDelaySeconds: 15, timeoutSeconds: 1, failureThreshold: 1 } }] });
    for (let i = 0; i < 24; i++) {
      e.cluster.advance(10);
      for (const pod of e.list<Pod>('pods')) counts.set(pod.metadata.name, [...(counts.get(pod.metadata.name) ?? []), (pod.metadata.name.startsWith('sidecar') ? pod.status.initContainerStatuses : pod.status.containerStatuses)?.[0].restartCount ?? 0]);
    }
  });

  for (const of of ['container', 'restartable init container']) it.each(LIVENESS)(`${of}: %s`, (_title, name, _container, want) => {
    const counted = counts.get(of === 'container' ? name : ofSidecar(name)) ?? [];
    expect(counted, 'never fewer').toEqual([...counted].sort((a, b) => a - b));
    if (want === 0) expect(counted[counted.length - 1]).toBe(0);
    else expect(counted[counted.length - 1]).toBeGreaterThanOrEqual(want);
    expect(counted[8] > 0, 'within 90 s').toBe(want > 0);
  });

  it('with readiness probe should not be ready before initial delay and never restart', () => {
    const pod = e.podNamed('initial');
    expect(isReady(pod)).toBe(true);
    expect(seconds(pod.status.containerStatuses[0].state.running?.startedAt ?? '', conditionOf(pod, 'Ready')?.lastTransitionTime ?? '')).toBeGreaterThanOrEqual(15);
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
    e.pod('at-once', { containers: [{ ...busybox('echo ok >/tmp/health; sleep 32; echo ok >/tmp/startup; sleep 600'), startupProbe: { ...exec('/bin/cat', '/tmp/startup'), failureThreshold: 120, periodSeconds: 5 }, readinessProbe: { ...exec('/bin/cat', '/tmp/health'), initialDelaySeconds: 0, periodSeconds: 30 } }] });
    const started = e.until(() => e.podNamed('at-once').status.containerStatuses?.[0].started && e.cluster.now);
    e.ready('at-once');
    expect(e.cluster.now - started).toBeLessThan(5);
  });

  it('should mark readiness on pods to false while pod is in progress of terminating when a pod has a readiness probe', () => {
    e.pod('ending', { terminationGracePeriodSeconds: 30, containers: [{ ...busybox('touch /tmp/ready; while true; do echo hello; sleep 10; done'), lifecycle: { preStop: exec('sh', '-c', 'rm -f /tmp/ready; sleep 25') }, readinessProbe: { ...exec('cat', '/tmp/ready'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 2 } }] });
    e.ready('ending');
    e.remove('pods', 'ending');
    e.until(() => !isReady(e.podNamed('ending')), 25);
  });

  it('should mark readiness on pods to false and disable liveness probes while pod is in progress of terminating', () => {
    e.pod('dying', { terminationGracePeriodSeconds: 30, containers: [{ ...busybox('touch /tmp/ready /tmp/liveness; while true; do echo hello; sleep 10; done'), lifecycle: { preStop: exec('sh', '-c', 'rm -f /tmp/ready /tmp/liveness; sleep 20') }, readinessProbe: { ...exec('cat', '/tmp/ready'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 2 }, livenessProbe: { ...exec('cat', '/tmp/liveness'), failureThreshold: 1, initialDelaySeconds: 5, periodSeconds: 1 } }] });
    e.ready('dying');
    e.remove('pods', 'dying');
    e.until(() => !isReady(e.podNamed('dying')), 25);
    e.gone('pods', 'dying', 40);
    expect(e.say('get events --field-selector involvedObject.name=dying')).toContain('Readiness probe failed');
    expect(e.say('get events --field-selector involvedObject.name=dying')).not.toContain('Liveness probe failed');
  });

  it.each(['livenessProbe', 'startupProbe'])('should override timeoutGracePeriodSeconds when %s field is set', (probe) => {
    const name = `override-${probe.toLowerCase()}`;
    e.pod(name, { terminationGracePeriodSeconds: 500, containers: [{ ...busybox('trap "" TERM; sleep 1000'), [probe]: { ...exec('/bin/false'), initialDelaySeconds: 1, failureThreshold: 1, terminationGracePeriodSeconds: 5 } }] });
    e.until(() => restarts(e.podNamed(name)) > 0, 60);
  });

  it('should have monotonically increasing restart count: five', () => {
    let last = 0;
    e.until(() => { const now = restarts(e.podNamed('five')); expect(now).toBeGreaterThanOrEqual(last); last = now; return now >= 5; }, 660);
  });
});

describe('e2e_node/container_lifecycle_test.go', () => {
  it('should terminate sidecars after the main container, in reverse order', () => {
    const e = alone({ workers: 1 });
    const side = (name: string) => busybox('trap "exit 0" TERM; while true; do sleep 1; done', { name, restartPolicy: 'Always', lifecycle: { preStop: { sleep: { seconds: 3 } } } });
    e.pod('ordered', { restartPolicy: 'Never', initContainers: [side('restartable-init-1'), side('restartable-init-2')], containers: [busybox('sleep 5')] });
    const { status } = e.ended('ordered');
    const at = [...status.initContainerStatuses, ...status.containerStatuses].map((c) => Date.parse(c.state.terminated?.finishedAt ?? ''));
    expect(status.phase).toBe('Succeeded');
    expect(at[2]).toBeLessThan(at[1]);
    expect(at[1]).toBeLessThan(at[0]);
  });

  it('should terminate sidecars simultaneously if prestop doesn\'t exit: what is left of the grace is shared', () => {
    const e = alone({ workers: 1 });
    e.pod('shared', { terminationGracePeriodSeconds: 10, initContainers: [1, 2].map((n) => busybox('sleep 1000', { name: `restartable-init-${n}`, restartPolicy: 'Always' })), containers: [busybox('sleep 1000')] });
    e.ready('shared');
    expect(secondsToGo(e, 'shared')).toBeLessThan(18);
  });
});

describe('common/node/runtime.go', () => {
  let e: Examiner;
  beforeAll(() => { e = alone({ workers: 1 }); });

  it.each([['Always', 'Running', 'running', 2, true, undefined], ['OnFailure', 'Succeeded', 'terminated', 1, false, 0], ['Never', 'Failed', 'terminated', 0, false, 1]] as const)('should run with the expected status: %s', (restartPolicy, phase, state, count, ready, exitCode) => {
    const name = `terminate-cmd-${restartPolicy.toLowerCase()}`;
    const script = 'f=/restart-count/restartCount\ncount=$(echo \'hello\' >> $f ; grep -c hello $f)\nif [ $count -eq 1 ]; then\n\texit 1\nfi\nif [ $count -eq 2 ]; then\n\texit 0\nfi\nwhile true; do sleep 1; done\n';
    e.pod(name, { restartPolicy, volumes: [{ name: 'restart-count', emptyDir: { medium: 'Memory' } }], containers: [busybox(script, { volumeMounts: [{ name: 'restart-count', mountPath: '/restart-count' }] })] });
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
    ['if TerminationMessagePath is set', { args: ['/bin/echo -n DONE > /dev/termination-log'], terminationMessagePath: '/dev/termination-log', securityContext: { runAsUser: 0 } }, 'Succeeded', 'DONE'],
    ['if TerminationMessagePath is set as non-root user and at a non-default path', { args: ['/bin/echo -n DONE > /dev/termination-custom-log'], terminationMessagePath: '/dev/termination-custom-log', securityContext: { runAsUser: 10000 } }, 'Succeeded', 'DONE'],
    ['from log output if TerminationMessagePolicy FallbackToLogsOnError is set', { args: ['/bin/echo -n DONE; /bin/false'], terminationMessagePolicy: 'FallbackToLogsOnError' }, 'Failed', 'DONE'],
    ['from log output, its last line end too', { args: ['echo DONE; exit 1'], terminationMessagePolicy: 'FallbackToLogsOnError' }, 'Failed', 'DONE\n'],
    ['as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', { args: ['/bin/echo -n DONE; /bin/true'], terminationMessagePolicy: 'FallbackToLogsOnError' }, 'Succeeded', undefined],
    ['from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', { args: ['/bin/echo -n OK > /dev/termination-log; /bin/echo DONE; /bin/true'], terminationMessagePolicy: 'FallbackToLogsOnError' }, 'Succeeded', 'OK'],
  ])('should report termination message %s', (_title, container, phase, message) => {
    e.pod('says', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.37', command: ['/bin/sh', '-c'], ...container }] });
    const { status } = e.ended('says');
    expect(status.phase).toBe(phase);
    expect(status.containerStatuses[0].state.terminated?.message).toBe(message);
    e.ask('DELETE', `${e.at('pods', 'says')}?gracePeriodSeconds=0`);
    e.gone('pods', 'says');
  });

  it('should not be able to pull image from invalid registry', () => {
    e.pod('pull', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'invalid.registry.k8s.io/invalid/alpine:3.1', imagePullPolicy: 'Always' }] });
    e.until(() => /^(ErrImagePull|ImagePullBackOff)$/.test(e.podNamed('pull').status.containerStatuses?.[0].state.waiting?.reason ?? ''), 60);
    expect(e.podNamed('pull').status.phase).toBe('Pending');
  });
});

describe('common/node/lifecycle_hook.go', () => {
  let e: Examiner;
  let target = '';
  beforeAll(() => {
    e = alone({ workers: 1 });
    e.pod('handler', { containers: [NGINX] });
    target = e.ready('handler').status.podIP;
  });
  const said = (what: string): boolean => new RegExp(`GET /echo\\?msg=${what}`).test(e.logs('handler'));
  const hooks = (kind: 'exec' | 'httpGet', where: string) => (kind === 'exec' ? { exec: { command: ['sh', '-c', `curl http://${target}:80/echo?msg=${where}`] } } : { httpGet: { path: `/echo?msg=${where}`, host: target, port: 80 } });
  it.each(['container', 'restartable init container'].flatMap((of) => ['postStart', 'preStop'].flatMap((when) => (['exec', 'httpGet'] as const).map((kind) => [of, when, kind] as const))))('%s: should execute %s %s hook properly', (of, when, kind) => {
    const name = `${of === 'container' ? 'main' : 'side'}-${when.toLowerCase()}-${kind.toLowerCase()}`;
    const hooked = { ...NGINX, name: 'hooked', lifecycle: { [when]: hooks(kind, name) } };
    e.pod(name, of === 'container' ? { containers: [hooked] } : { initContainers: [{ ...hooked, restartPolicy: 'Always' }], containers: [pause()] });
    e.ready(name);
    if (when === 'postStart') e.until(() => said(name), 120);
    e.remove('pods', name, { gracePeriodSeconds: 15 });
    e.gone('pods', name);
    e.until(() => said(name), 30);
  });

  const sleeps = (name: string, seconds: number, gracePeriodSeconds: number): number => {
    e.pod(name, { containers: [{ ...NGINX, lifecycle: { preStop: { sleep: { seconds } } } }] });
    e.ready(name);
    return secondsToGo(e, name, { gracePeriodSeconds });
  };

  it('valid prestop hook using sleep action', () => {
    const took = sleeps('rests', 5, 30);
    expect(took).toBeGreaterThanOrEqual(5);
    expect(took).toBeLessThan(12);
  });

  it('reduce GracePeriodSeconds during runtime', () => { expect(sleeps('hurried', 15, 2)).toBeLessThan(10); });

  it('ignore terminated container', () => {
    e.pod('ended-first', { restartPolicy: 'Never', containers: [{ ...busybox('sleep 3'), lifecycle: { preStop: { sleep: { seconds: 20 } } } }, { ...pause(), name: 'p' }] });
    e.until(() => e.podNamed('ended-first').status.containerStatuses?.[0].state.terminated);
    expect(secondsToGo(e, 'ended-first')).toBeLessThan(10);
  });
});

describe('common/node/containers.go, expansion.go, downwardapi.go, configmap.go, secrets.go', () => {
  let e: Examiner;
  beforeAll(() => { e = alone({ workers: 1 }); });
  const env = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

  it.each([
    ['should use the image defaults if command and args are blank', {}, /.*/],
    ['should be able to override the image\'s default arguments (container cmd)', { args: ['echo', 'override', 'arguments'] }, /^override arguments\n$/],
    ['should be able to override the image\'s default command (container entrypoint)', { command: ['/bin/echo', 'entrypoint'] }, /^entrypoint\n$/],
    ['should be able to override the image\'s default command and arguments', { command: ['/bin/echo'], args: ['override', 'command'] }, /^override command\n$/],
  ])('containers.go: %s', (title, words, said) => {
    expect(e.output(`words-${title.length}`, { name: 'c', image: 'busybox:1.37', ...words })).toMatch(said);
  });

  it.each<readonly [string, object, RegExp]>([
    ['should allow composing env vars into new env vars', busybox('env', { env: [{ name: 'FOO', value: 'foo-value' }, { name: 'BAR', value: 'bar-value' }, { name: 'FOOBAR', value: '$(FOO);;$(BAR)' }] }), /^FOO=foo-value$[^]*^BAR=bar-value$[^]*^FOOBAR=foo-value;;bar-value$/m],
    ["should allow substituting values in a container's command", { name: 'c', image: 'busybox:1.37', command: ['sh', '-c', 'TEST_VAR=wrong echo "$(TEST_VAR)"'], env: [{ name: 'TEST_VAR', value: 'test-value' }] }, /^test-value$/m],
    ["should allow substituting values in a container's args", { name: 'c', image: 'busybox:1.37', command: ['sh', '-c'], args: ['TEST_VAR=wrong echo "$(TEST_VAR)"'], env: [{ name: 'TEST_VAR', value: 'test-value' }] }, /^test-value$/m],
  ])('expansion.go: %s', (title, container, said) => { expect(e.output(`var-${title.length}`, container)).toMatch(said); });

  it('expansion.go: should allow substituting values in a volume subpath', () => {
    const volumes = [{ name: 'workdir1', emptyDir: {} }];
    e.output('var-subpath', busybox('test -d /testcontainer/foo; echo $?', { env: [{ name: 'POD_NAME', value: 'foo' }], volumeMounts: [{ name: 'workdir1', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' }, { name: 'workdir1', mountPath: '/testcontainer' }] }), { volumes });
    expect(e.logs('var-subpath')).toBe('0\n');
  });

  it.each([['backticks', '..'], ['absolute path', '/tmp']])('expansion.go: should fail substituting values in a volume subpath with %s', (what, value) => {
    const name = `var-${what.replace(' ', '-')}`;
    e.pod(name, { restartPolicy: 'Never', volumes: [{ name: 'workdir1', emptyDir: {} }], containers: [busybox('true', { env: [{ name: 'POD_NAME', value }], volumeMounts: [{ name: 'workdir1', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' }] })] });
    e.until(() => e.podNamed(name).status.containerStatuses?.[0].state.waiting?.reason === 'CreateContainerConfigError', 60);
  });

  it.each(['..', '/tmp'])('expansion.go: a subpath that is %s is refused at once', (subPathExpr) => {
    expect(e.ask('POST', e.at('pods'), { metadata: { name: 'refused' }, spec: { volumes: [{ name: 'v', emptyDir: {} }], containers: [busybox('true', { volumeMounts: [{ name: 'v', mountPath: '/logscontainer', subPathExpr }] })] } }).status).toBe(422);
  });

  it('expansion.go: should verify that a failing subpath expansion can be modified during the lifecycle of a container', () => {
    const spec = { restartPolicy: 'Never', volumes: [{ name: 'workdir1', emptyDir: {} }], containers: [busybox('tail -f /dev/null', { env: [{ name: 'POD_NAME', value: 'foo' }, env('ANNOTATION', "metadata.annotations['mysubpath']")], volumeMounts: [{ name: 'workdir1', mountPath: '/subpath_mount', subPathExpr: '$(ANNOTATION)/$(POD_NAME)' }, { name: 'workdir1', mountPath: '/volume_mount' }] })] };
    e.pod('var-later', spec, { annotations: { notmysubpath: 'mypath' } });
    e.cluster.advance(30);
    expect(e.podNamed('var-later').status.phase).toBe('Pending');
    e.patch('pods', 'var-later', { metadata: { annotations: { mysubpath: 'mypath' } } });
    e.running('var-later');
    e.remove('pods', 'var-later');
    e.gone('pods', 'var-later');
    e.pod('var-writes', spec, { annotations: { mysubpath: 'mypath' } });
    e.running('var-writes');
    e.say('exec var-writes -- touch /volume_mount/mypath/foo/test.log');
    e.say('exec var-writes -- test -f /subpath_mount/test.log');
    e.patch('pods', 'var-writes', { metadata: { annotations: { mysubpath: 'mynewpath' } } });
    e.cluster.advance(5);
    expect(e.running('var-writes').status.containerStatuses[0].restartCount).toBe(0);
  });

  it('downwardapi.go: should provide pod name, namespace, IP address, host IP and UID as env vars', () => {
    const said = e.output('downward', busybox('env', { env: [env('POD_NAME', 'metadata.name'), env('POD_NAMESPACE', 'metadata.namespace'), env('POD_IP', 'status.podIP'), env('HOST_IP', 'status.hostIP'), env('HOST_IPS', 'status.hostIPs'), env('POD_UID', 'metadata.uid'), env('NODE', 'spec.nodeName')] }));
    const { status, metadata, spec } = e.podNamed('downward');
    for (const line of ['POD_NAME=downward', 'POD_NAMESPACE=default', `POD_IP=${status.podIP}`, `HOST_IP=${status.hostIP}`, `HOST_IPS=${status.hostIP}`, `POD_UID=${metadata.uid}`, `NODE=${spec.nodeName}`]) expect(said.split('\n')).toContain(line);
  });

  it('downwardapi.go: should provide container\'s limits.cpu/memory and requests.cpu/memory as env vars, and the default limits from node allocatable', () => {
    const resource = (name: string, of: string) => ({ name, valueFrom: { resourceFieldRef: { resource: of } } });
    const all = [resource('CPU_LIMIT', 'limits.cpu'), resource('MEMORY_LIMIT', 'limits.memory'), resource('CPU_REQUEST', 'requests.cpu'), resource('MEMORY_REQUEST', 'requests.memory')];
    const said = e.output('amounts', busybox('env', { env: all, resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } } })).split('\n');
    for (const line of ['CPU_LIMIT=2', 'MEMORY_LIMIT=67108864', 'CPU_REQUEST=1', 'MEMORY_REQUEST=33554432']) expect(said).toContain(line);
    const usual = e.output('usual', busybox('env', { env: all.slice(0, 2) }));
    expect(usual.split('\n')).toContain(`CPU_LIMIT=${e.ask<{ readonly status: { readonly allocatable: { readonly cpu: string } } }>('GET', '/api/v1/nodes/worker-1').body.status.allocatable.cpu}`);
    expect(usual).toMatch(/^MEMORY_LIMIT=[1-9]\d+$/m);
  });

  it.each(['configMap', 'secret'])('configmap.go, secrets.go: should be consumable via environment variable, and via the environment: %s', (kind) => {
    const data = { 'data-1': 'value-1', 'data-2': 'value-2', p_3: 'value-3' };
    e.create(`${kind.toLowerCase()}s`, { metadata: { name: 'keys' }, [kind === 'secret' ? 'stringData' : 'data']: data });
    const said = e.output(`keys-${kind.toLowerCase()}`, busybox('env', { env: [{ name: 'DATA', valueFrom: { [`${kind}KeyRef`]: { name: 'keys', key: 'data-1' } } }], envFrom: [{ [`${kind}Ref`]: { name: 'keys' } }, { prefix: 'p-', [`${kind}Ref`]: { name: 'keys' } }] })).split('\n');
    for (const line of ['DATA=value-1', ...Object.entries(data).flatMap(([key, value]) => [`${key}=${value}`, `p-${key}=${value}`])]) expect(said).toContain(line);
  });

  it.each(['configmaps', 'secrets'])('configmap.go, secrets.go: should fail to create %s due to empty key', (kind) => {
    expect(e.ask('POST', e.at(kind), { metadata: { name: 'empty' }, data: { '': 'dmFsdWU=' } }).status).toBe(422);
  });
});

describe('common/node/kubelet.go, kubelet_etc_hosts.go, security_context.go, pod_admission.go, node_lease.go, sysctl.go', () => {
  let e: Examiner;
  beforeAll(() => { e = alone({ workers: 1 }); });

  it('kubelet.go: should print the output to logs', () => { expect(e.output('prints', busybox("echo 'Hello World'"))).toBe('Hello World\n'); });

  it('kubelet.go: should have an terminated reason, and be possible to delete', () => {
    e.pod('always-fails', { containers: [{ name: 'c', image: 'busybox:1.37', command: ['/bin/false'] }] });
    const state = e.until(() => e.podNamed('always-fails').status.containerStatuses?.[0].state.terminated ?? e.podNamed('always-fails').status.containerStatuses?.[0].lastState.terminated);
    expect(state).toMatchObject({ exitCode: 1, reason: 'Error' });
    e.remove('pods', 'always-fails');
    e.gone('pods', 'always-fails');
  });

  it('kubelet.go: should write entries to /etc/hosts', () => {
    expect(e.output('aliases', busybox('cat /etc/hosts'), { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] })).toMatch(/^# Kubernetes-managed hosts file\.\n[^]*\n123\.45\.67\.89\tfoo\tbar\n/);
  });

  it('kubelet_etc_hosts.go: should test kubelet managed /etc/hosts file', () => {
    const c = (name: string, volumeMounts: readonly object[] = []) => ({ name, image: 'busybox:1.37', command: ['sleep', '900'], volumeMounts });
    e.pod('test-pod', { volumes: [{ name: 'host-etc-hosts', hostPath: { path: '/etc/hosts', type: 'File' } }], containers: [c('busybox-1'), c('busybox-2'), c('busybox-3', [{ name: 'host-etc-hosts', mountPath: '/etc/hosts' }])] });
    e.pod('test-host-network-pod', { hostNetwork: true, containers: [c('busybox-1'), c('busybox-2')] });
    e.ready('test-pod'); e.ready('test-host-network-pod');
    const isManaged = (pod: string, container: string): boolean => e.say(`exec ${pod} -c ${container} -- cat /etc/hosts`).includes('# Kubernetes-managed hosts file.');
    expect(['busybox-1', 'busybox-2', 'busybox-3'].map((name) => isManaged('test-pod', name))).toEqual([true, true, false]);
    expect(['busybox-1', 'busybox-2'].map((name) => isManaged('test-host-network-pod', name))).toEqual([false, false]);
  });

  it.each([
    ['should run with an explicit non-root user ID', 'explicit-nonroot-uid', { runAsNonRoot: true, runAsUser: 1234 }, 'Running'],
    ['should not run with an explicit root user ID', 'explicit-root-uid', { runAsNonRoot: true, runAsUser: 0 }, 'CreateContainerConfigError'],
    ['should not run without a specified user ID', 'implicit-root-uid', { runAsNonRoot: true }, 'CreateContainerConfigError'],
  ])('security_context.go: %s', (_title, name, securityContext, want) => {
    e.pod(name, { containers: [busybox('sleep 600', { securityContext })] });
    e.until(() => { const { phase, containerStatuses } = e.podNamed(name).status; return phase === want || containerStatuses?.[0].state.waiting?.reason === want; }, 60);
  });

  it('sysctl.go: should reject invalid sysctls', () => {
    const names = ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..', 'kernel/shmmax'];
    const { status, body } = e.ask<{ readonly message: string }>('POST', e.at('pods'), { metadata: { name: 'sysctls' }, spec: { securityContext: { sysctls: names.map((name) => ({ name, value: '100000000' })) }, containers: [pause()] } });
    expect([status, names.map((name) => body.message.includes(`Invalid value: "${name}"`))]).toEqual([422, [true, false, false, true, false]]);
  });

  it("pod_admission.go: should reject pod when the node OS doesn't match pod's OS", () => {
    e.pod('wrong-pod-os', { os: { name: 'windows' }, nodeName: 'worker-1', containers: [pause()] });
    expect(e.until(() => e.podNamed('wrong-pod-os').status.phase === 'Failed' && e.podNamed('wrong-pod-os'), 60).status).toMatchObject({ phase: 'Failed', reason: 'PodOSNotSupported' });
  });

  it('node_lease.go: the kubelet should create and update a lease in the kube-node-lease namespace', () => {
    const lease = () => e.ask<{ readonly metadata: { readonly ownerReferences: readonly object[] }; readonly spec: { readonly renewTime: string; readonly leaseDurationSeconds: number; readonly holderIdentity: string } }>('GET', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1').body;
    const first = lease();
    expect(first).toMatchObject({ metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid: e.ask<Pod>('GET', '/api/v1/nodes/worker-1').body.metadata.uid }] }, spec: { holderIdentity: 'worker-1', leaseDurationSeconds: 40 } });
    e.cluster.advance(11);
    expect(Date.parse(lease().spec.renewTime)).toBeGreaterThan(Date.parse(first.spec.renewTime));
  });
});

describe('node/pods.go, events.go, kubelet.go', () => {
  let e: Examiner;
  beforeAll(() => { e = alone(); });
  const AGNHOST = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['pause'] };

  it('pods.go: Delete Grace Period should be submitted and removed', () => {
    e.pod('graceful', { containers: [AGNHOST] });
    e.running('graceful');
    const last = e.ask<Pod>('DELETE', `${e.at('pods', 'graceful')}?gracePeriodSeconds=30`);
    expect(last).toMatchObject({ status: 200, body: { metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 30 } } });
    e.gone('pods', 'graceful', 60);
  });

  it('pods.go: Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu', () => {
    const amount = { cpu: '100m', memory: '100Mi' };
    e.pod('qos', { containers: [{ ...AGNHOST, resources: { limits: amount, requests: amount } }] });
    expect(e.podNamed('qos').status.qosClass).toBe('Guaranteed');
  });

  it.each([['containers', 'false'], ['containers', 'sleep 1; false'], ['initContainers', 'false']])('pods.go: Pod Container Status should never report success for a pending container, nor a start when an init container fails: %s, %s', (where, script) => {
    const fail = busybox(script, { name: 'fail' });
    for (let n = 0; n < 12; n++) {
      const name = `status-${where.toLowerCase()}-${script.length}-${n}`;
      const seen: Pod[] = [];
      const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3D${name}`, ({ object }) => seen.push(object as Pod));
      e.pod(name, { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, ...(where === 'containers' ? { containers: [fail] } : { initContainers: [fail], containers: [{ ...fail, name: 'blocked', command: ['/bin/true'] }] }) });
      e.cluster.advance(n / 5);
      e.remove('pods', name);
      e.gone('pods', name);
      watch.stop();
      let hasRun = false; let hasEnded = false; let isOver = false;
      for (const { status } of seen) {
        const [main] = (where === 'containers' ? status.containerStatuses : status.initContainerStatuses) ?? [];
        const blocked = where === 'containers' ? undefined : status.containerStatuses?.[0];
        if (blocked) expect(blocked.started === true || blocked.lastState.terminated !== undefined || blocked.state.waiting === undefined, JSON.stringify(blocked)).toBe(false);
        if (main?.state.terminated) { expect(main.state.terminated, JSON.stringify(status)).toMatchObject(main.state.terminated.exitCode === 137 ? { reason: expect.stringMatching(/ContainerStatusUnknown|Error/) } : { exitCode: expect.toSatisfy((code: number) => code === 1 || code === 128) }); hasEnded = true; }
        if (main?.state.waiting) expect(hasEnded, 'no way back').toBe(false);
        if (main?.state.running) { expect(hasEnded).toBe(false); hasRun = true; }
        if (hasRun) expect(main?.state.waiting).toBeUndefined();
        if (isOver) expect(status.phase).toBe('Failed');
        expect(status.phase).not.toBe('Succeeded');
        isOver ||= status.phase === 'Failed';
      }
    }
  });

  it('pods.go: should not create extra sandbox if all containers are done', () => {
    e.pod('succeeds', { restartPolicy: 'OnFailure', initContainers: [{ name: 'foo', image: 'busybox:1.37', command: ['/bin/true'] }], containers: [{ name: 'bar', image: 'busybox:1.37', command: ['/bin/true'] }] });
    e.ended('succeeds');
    e.cluster.advance(10);
    const events = e.ask<{ readonly items: readonly { readonly reason: string }[] }>('GET', `${e.at('events')}?fieldSelector=involvedObject.kind%3DPod,involvedObject.uid%3D${e.podNamed('succeeds').metadata.uid},source%3Dkubelet`).body.items;
    expect(events.length).toBeGreaterThan(0);
    expect(events.map((event) => event.reason)).not.toContain('SandboxChanged');
  });

  it('pods.go: pod with negative grace period', () => {
    e.pod('negative', { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: -1, containers: [busybox('sleep 10000')] });
    expect(e.podNamed('negative').spec.terminationGracePeriodSeconds).toBe(1);
    e.retry('pods', 'negative', (pod) => { pod.spec.terminationGracePeriodSeconds = -1; });
    expect(e.podNamed('negative').spec.terminationGracePeriodSeconds).toBe(1);
  });

  it('pods.go: pod generation should start at 1 and increment per update', () => {
    e.pod('generation', { initContainers: [{ name: 'init', image: 'busybox:1.37' }], containers: [AGNHOST] });
    expect(e.running('generation').metadata.generation).toBe(1);
    const steps: readonly (readonly [(pod: Pod) => object, boolean])[] = [
      [(pod) => pod, false],
      [(pod) => ({ ...pod, spec: { ...pod.spec, tolerations: [...pod.spec.tolerations, { key: 'foo-1', operator: 'Equal', value: 'bar', effect: 'NoSchedule' }] } }), true],
      [(pod) => ({ ...pod, spec: { ...pod.spec, activeDeadlineSeconds: 5000 } }), true],
      [(pod) => ({ ...pod, spec: { ...pod.spec, containers: pod.spec.containers.map((c) => ({ ...c, image: 'nginx:1.29' })) } }), true],
      [(pod) => ({ ...pod, spec: { ...pod.spec, initContainers: [{ ...(pod.spec as unknown as { initContainers: object[] }).initContainers[0], image: 'registry.k8s.io/pause:3.10.1' }] } }), true],
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
    const update = (n: number): number => { const pod = e.podNamed('many'); return e.ask('PUT', e.at('pods', 'many'), { ...pod, spec: { ...pod.spec, tolerations: [...pod.spec.tolerations, { key: `k${n}`, operator: 'Exists' }] } }).status; };
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
    const generations = (n: number): boolean => { const { conditions } = e.podNamed('observed').status; return conditions.length >= 5 && conditions.every((c) => c.observedGeneration === n); };
    e.until(() => generations(1), 30);
    const pod = e.podNamed('observed');
    e.until(() => e.ask('PUT', e.at('pods', 'observed'), { ...pod, spec: { ...pod.spec, tolerations: [...pod.spec.tolerations, { key: 'foo', operator: 'Exists' }] } }).status === 200);
    e.until(() => generations(2), 30);
    e.pod('unschedulable', { nodeSelector: { no: 'such' }, containers: [AGNHOST] });
    e.until(() => conditionOf(e.podNamed('unschedulable'), 'PodScheduled')?.observedGeneration === 1, 30);
  });

  it('events.go: should be sent by kubelets and the scheduler about pods scheduling and running', () => {
    e.pod('eventful', { containers: [AGNHOST] }, { labels: { name: 'foo' } });
    const { uid } = e.running('eventful').metadata;
    const of = (source: string): readonly object[] => e.ask('GET', `${e.at('events')}?fieldSelector=involvedObject.kind%3DPod,involvedObject.uid%3D${uid},involvedObject.namespace%3Ddefault,source%3D${source}`).body.items;
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
  const tolerant = (tolerationSeconds?: number) => ({ ...TAINT, operator: 'Equal', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) });
  const setUp = () => {
    const e = alone({ workers: 2 });
    const add = (name: string, tolerations: readonly object[] = []): void => { e.pod(name, { nodeName: 'worker-1', terminationGracePeriodSeconds: 1, containers: [pause()], tolerations }); e.ready(name); };
    const taint = (isOn: boolean): void => { e.say(`taint nodes worker-1 ${TAINT.key}=${TAINT.value}:NoExecute${isOn ? '' : '-'}`); };
    const isThere = (name: string): boolean => e.list<Pod>('pods').some((pod) => pod.metadata.name === name && pod.metadata.deletionTimestamp === undefined);
    return { e, add, taint, isThere };
  };

  it("doesn't evict pod with tolerations from tainted nodes, evicts pods without, and only those; the evicted have a disruption condition", () => {
    const { e, add, taint, isThere } = setUp();
    const seen: Pod[] = [];
    add('evicted'); add('stays', [tolerant()]);
    const watch = e.cluster.watch(`${e.at('pods')}?fieldSelector=metadata.name%3Devicted`, ({ object }) => seen.push(object as Pod));
    taint(true);
    e.gone('pods', 'evicted', 60);
    e.cluster.advance(60);
    watch.stop();
    expect(isThere('stays')).toBe(true);
    expect(seen.map((pod) => conditionOf(pod, 'DisruptionTarget'))).toContainEqual(expect.objectContaining({ status: 'True', reason: 'DeletionByTaintManager' }));
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
    add('short', [tolerant(5)]); add('long', [tolerant(15)]);
    taint(true);
    e.gone('pods', 'short', 12);
    expect(isThere('long')).toBe(true);
    e.gone('pods', 'long', 20);
  });
});
