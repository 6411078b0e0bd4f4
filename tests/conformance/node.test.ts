/** Upstream: test/e2e/common/node/{pods,runtime,init_container,lifecycle_hook,container_probe,containers,kubelet,kubelet_etc_hosts,node_lease,pod_admission}.go, test/e2e/node/{pods,events,taints}.go, test/e2e/scheduling/{limit_range,predicates}.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { AGNHOST, alone, BUSYBOX, conditionOf, examine, isReady, NGINX, PAUSE, podOf, type Any, type Examiner } from './examiner.ts';

const sh = (name: string, script: string, more: object = {}): object => ({ name, image: BUSYBOX, command: ['sh', '-c', script], ...more });
const run = (e: Examiner, name: string, spec: object, metadata: object = {}): Any => { e.create('pods', podOf(name, { terminationGracePeriodSeconds: 1, ...spec }, metadata)); };
const status = (e: Examiner, name: string, container = 0): Any => e.get('pods', name).status.containerStatuses?.[container];
const runs = (e: Examiner, name: string): void => e.until(`${name} runs`, () => e.get('pods', name).status.phase === 'Running');
const ends = (e: Examiner, name: string, phase = 'Succeeded', seconds = 300): Any => { e.until(`${name} has ${phase}`, () => e.get('pods', name).status.phase === phase, seconds); return e.get('pods', name); };
const log = (e: Examiner, name: string, query = ''): string => String(e.ask('GET', `${e.at('pods', name)}/log${query}`).body);

describe('common/node/pods.go', () => {
  it('should support retrieving logs from the container, and remote command execution', () => {
    const e = examine();
    run(e, 'main', { containers: [sh('main', 'echo container is alive; sleep 10000')] });
    runs(e, 'main');
    e.until('it says so', () => log(e, 'main') === 'container is alive\n');
    expect(e.cluster.kubectl(['exec', '-n', e.ns, 'main', '--', 'echo', 'remote execution test']).stdout).toBe('remote execution test\n');
  });
});

describe('common/node/runtime.go', () => {
  it('should run with the expected status', () => {
    const e = examine();
    for (const [restartPolicy, exits, phase, restarts] of [['Always', 1, 'Running', 2], ['OnFailure', 1, 'Succeeded', 1], ['Never', 1, 'Failed', 0]] as const) {
      const script = restartPolicy === 'OnFailure' ? 'if test -f /v/second; then exit 0; fi; touch /v/second; exit 1' : `exit ${exits}`;
      const name = `terminate-cmd-${restartPolicy.toLowerCase()}`;
      run(e, name, { restartPolicy, volumes: [{ name: 'v', emptyDir: {} }], containers: [sh('c', script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })] });
      e.until(`${name}: ${restarts} restarts`, () => (status(e, name)?.restartCount ?? 0) >= restarts && e.get('pods', name).status.phase === phase);
      if (restartPolicy !== 'Always') expect([status(e, name).restartCount, status(e, name).state.terminated.exitCode, status(e, name).ready]).toEqual([restarts, restartPolicy === 'Never' ? 1 : 0, false]);
      e.remove('pods', name);
    }
  });

  it.each([
    ['should report termination message if TerminationMessagePath is set', 'echo -n DONE > /dev/termination-log', {}, 'DONE'],
    ['should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set', 'echo DONE; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }, 'DONE\n'],
    ['should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', 'echo DONE; exit 0', { terminationMessagePolicy: 'FallbackToLogsOnError' }, ''],
    ['should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', 'echo -n OK > /dev/termination-log; exit 0', { terminationMessagePolicy: 'FallbackToLogsOnError' }, 'OK'],
    ['should report termination message if TerminationMessagePath is set as non-root user and at a non-default path', 'echo -n DONE > /dev/termination-custom-log', { terminationMessagePath: '/dev/termination-custom-log' }, 'DONE'],
  ])('%s', (_, script, more, message) => {
    const e = examine();
    run(e, 'says', { restartPolicy: 'Never', containers: [sh('c', script, more)] });
    ends(e, 'says', script.includes('exit 1') ? 'Failed' : 'Succeeded');
    expect(status(e, 'says').state.terminated.message ?? '').toBe(message);
  });
});

describe('common/node/lifecycle_hook.go', () => {
  it.each(['exec', 'httpGet'] as const)('should execute poststart %s hook properly, and prestop', (kind) => {
    const e = examine();
    run(e, 'handler', { containers: [{ name: 'c', image: NGINX, ports: [{ containerPort: 80 }] }] });
    e.until('the handler is ready', () => isReady(e.get('pods', 'handler')));
    const { podIP } = e.get('pods', 'handler').status;
    const hook = (path: string): object => (kind === 'exec' ? { exec: { command: ['sh', '-c', `wget -q -O - http://${podIP}/${path}`] } } : { httpGet: { host: podIP, port: 80, path: `/${path}` } });
    run(e, 'hooked', { terminationGracePeriodSeconds: 30, containers: [{ name: 'c', image: BUSYBOX, command: ['sleep', '1000'], lifecycle: { postStart: hook('echo-poststart'), preStop: hook('echo-prestop') } }] });
    runs(e, 'hooked');
    e.until('poststart', () => log(e, 'handler').includes('/echo-poststart'));
    e.remove('pods', 'hooked', { gracePeriodSeconds: 15 });
    e.until('prestop', () => log(e, 'handler').includes('/echo-prestop'));
  });
});

describe('common/node/container_probe.go', () => {
  const restarts = (e: Examiner, name: string): number => status(e, name)?.restartCount ?? 0;
  it.each([
    ['should be restarted with a exec "cat /tmp/health" liveness probe', sh('c', 'echo ok >/tmp/health; sleep 10; rm -rf /tmp/health; sleep 600', { livenessProbe: { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 15, failureThreshold: 1 } }), true],
    ['should *not* be restarted with a exec "cat /tmp/health" liveness probe', sh('c', 'echo ok >/tmp/health; sleep 600', { livenessProbe: { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 15, failureThreshold: 1 } }), false],
    ['should be restarted with a /healthz http liveness probe', { name: 'c', image: AGNHOST, args: ['liveness'], livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 } }, true],
    ['should *not* be restarted with a tcp:8080 liveness probe', { name: 'c', image: AGNHOST, args: ['liveness'], livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 } }, false],
    ['should *not* be restarted by liveness probe because startup probe delays it', sh('c', 'sleep 600', { livenessProbe: { exec: { command: ['/bin/false'] }, initialDelaySeconds: 15, failureThreshold: 1 }, startupProbe: { exec: { command: ['/bin/false'] }, initialDelaySeconds: 15, failureThreshold: 60 } }), false],
    ['should be restarted by liveness probe after startup probe enables it', sh('c', 'sleep 600', { livenessProbe: { exec: { command: ['/bin/false'] }, initialDelaySeconds: 15, failureThreshold: 1 }, startupProbe: { exec: { command: ['/bin/true'] }, initialDelaySeconds: 15, failureThreshold: 60 } }), true],
  ])('%s', (_, container, isRestarted) => {
    const e = examine();
    run(e, 'probed', { containers: [container] });
    e.cluster.advance(90);
    expect(restarts(e, 'probed') > 0).toBe(isRestarted);
    e.remove('pods', 'probed', { gracePeriodSeconds: 0 });
  });
  it('should have monotonically increasing restart count', () => {
    const e = examine();
    run(e, 'probed', { containers: [{ name: 'c', image: AGNHOST, args: ['liveness'], livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 5, failureThreshold: 1 } }] });
    let last = 0;
    e.until('five restarts', () => { const now = restarts(e, 'probed'); expect(now).toBeGreaterThanOrEqual(last); last = now; return now >= 5; }, 900);
    e.remove('pods', 'probed', { gracePeriodSeconds: 0 });
  });
});

describe('common/node/containers.go, kubelet.go, kubelet_etc_hosts.go, node_lease.go', () => {
  it('should be able to override the image’s default command, arguments and both', () => {
    const e = examine();
    run(e, 'both', { restartPolicy: 'Never', containers: [{ name: 'c', image: BUSYBOX, command: ['echo'], args: ['override', 'arguments'] }] });
    ends(e, 'both');
    expect(log(e, 'both')).toBe('override arguments\n');
  });
  it('should have an terminated reason, and be possible to delete, when scheduling a busybox command that always fails', () => {
    const e = examine();
    run(e, 'bin-false', { restartPolicy: 'Never', containers: [{ name: 'c', image: BUSYBOX, command: ['/bin/false'] }] });
    ends(e, 'bin-false', 'Failed');
    expect([status(e, 'bin-false').state.terminated.exitCode, status(e, 'bin-false').state.terminated.reason]).toEqual([1, 'Error']);
    e.remove('pods', 'bin-false');
    e.until('it is gone', () => e.isGone('pods', 'bin-false'));
  });
  it('should write entries to /etc/hosts', () => {
    const e = examine();
    run(e, 'aliases', { restartPolicy: 'Never', hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }], containers: [sh('c', 'cat /etc/hosts; sleep 1')] });
    ends(e, 'aliases');
    expect(log(e, 'aliases')).toMatch(/^# Kubernetes-managed hosts file\.\n[\s\S]*123\.45\.67\.89\tfoo\tbar\n/);
  });
  it('the kubelet should create and update a lease in the kube-node-lease namespace', () => {
    const e = examine();
    const lease = (): Any => e.ask('GET', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1').body;
    const before = lease();
    expect([before.spec.holderIdentity, before.spec.leaseDurationSeconds, before.metadata.ownerReferences]).toMatchObject(['worker-1', 40, [{ apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid: e.get('nodes', 'worker-1').metadata.uid }]]);
    e.cluster.advance(11);
    expect(Date.parse(lease().spec.renewTime)).toBeGreaterThan(Date.parse(before.spec.renewTime));
  });
});

describe('node/pods.go, node/events.go', () => {
  it('should be submitted and removed gracefully', () => {
    const e = examine();
    run(e, 'graceful', { terminationGracePeriodSeconds: 30, containers: [{ name: 'c', image: NGINX }] });
    runs(e, 'graceful');
    e.remove('pods', 'graceful', { gracePeriodSeconds: 30 });
    expect(e.get('pods', 'graceful').metadata.deletionGracePeriodSeconds).toBe(30);
    e.until('it is gone', () => e.isGone('pods', 'graceful'), 60);
  });
  it('should be set on Pods with matching resource requests and limits for memory and cpu', () => {
    const e = examine();
    const resources = { cpu: '100m', memory: '100Mi' };
    run(e, 'qos', { containers: [{ name: 'c', image: PAUSE, resources: { limits: resources, requests: resources } }] });
    expect(e.get('pods', 'qos').status.qosClass).toBe('Guaranteed');
  });
  it('should be sent by kubelets and the scheduler about pods scheduling and running', () => {
    const e = examine();
    run(e, 'told', { containers: [{ name: 'p', image: NGINX, ports: [{ containerPort: 80 }] }] });
    runs(e, 'told');
    const { uid } = e.get('pods', 'told').metadata;
    const events = (source: string): Any[] => e.ask('GET', `${e.at('events')}?fieldSelector=${encodeURIComponent(`involvedObject.kind=Pod,involvedObject.uid=${uid},involvedObject.namespace=${e.ns},source=${source}`)}`).body.items;
    e.until('the scheduler', () => events('default-scheduler').length > 0);
    e.until('the kubelet', () => events('kubelet').length > 0);
  });
  it('should never report success for a pending container', () => {
    const e = examine();
    for (let i = 0; i < 4; i++) {
      const watch = e.watch(`${e.at('pods')}?fieldSelector=metadata.name%3Dfails-${i}`);
      run(e, `fails-${i}`, { restartPolicy: 'Never', terminationGracePeriodSeconds: 30, containers: [sh('c', 'sleep 1; exit 1')] });
      e.cluster.advance(i);
      e.ask('DELETE', e.at('pods', `fails-${i}`));
      e.until('it is gone', () => e.isGone('pods', `fails-${i}`));
      watch.stop();
      for (const { object } of watch.events) { expect(object.status.phase).not.toBe('Succeeded'); expect(object.status.containerStatuses?.[0].state.terminated?.exitCode).not.toBe(0); }
    }
  });
});

describe('scheduling/predicates.go', () => {
  const events = (e: Examiner, reason: string): Any[] => e.list('events').filter((event) => event.reason === reason);
  it('validates that NodeSelector is respected', () => {
    const e = examine();
    run(e, 'restricted', { nodeSelector: { 'kubernetes.io/e2e': 'nonempty' }, containers: [{ name: 'c', image: PAUSE }] });
    e.until('it fits nowhere', () => events(e, 'FailedScheduling').length > 0);
    e.patch('nodes', 'worker-2', { metadata: { labels: { 'kubernetes.io/e2e': 'nonempty' } } });
    e.until('it fits', () => e.get('pods', 'restricted').spec.nodeName === 'worker-2');
    e.patch('nodes', 'worker-2', { metadata: { labels: { 'kubernetes.io/e2e': null } } });
  });
  it('validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP, and none with different hostIP and protocol', () => {
    const e = examine();
    const { address } = e.get('nodes', 'worker-1').status.addresses.find((a: Any) => a.type === 'InternalIP');
    const pod = (name: string, port: object): void => run(e, name, { nodeSelector: { 'kubernetes.io/hostname': 'worker-1' }, containers: [{ name: 'c', image: PAUSE, ports: [{ containerPort: 80, ...port }] }] });
    pod('pod1', { hostPort: 54323, hostIP: '127.0.0.1' });
    pod('pod2', { hostPort: 54323, hostIP: address });
    pod('pod3', { hostPort: 54323, hostIP: address, protocol: 'UDP' });
    for (const name of ['pod1', 'pod2', 'pod3']) runs(e, name);
    pod('pod4', { hostPort: 54322 });
    runs(e, 'pod4');
    pod('pod5', { hostPort: 54322, hostIP: address });
    e.until('it does not fit', () => conditionOf(e.get('pods', 'pod5'), 'PodScheduled')?.reason === 'Unschedulable');
  });
});

describe('node/taints.go', () => {
  const TAINT = { key: 'kubernetes.io/e2e-evict-taint-key', value: 'evictTaintVal', effect: 'NoExecute' };
  let own: Examiner | undefined;
  const untainted = (): Examiner => { const e = examine((own ??= alone({ workers: 1 })).cluster); taint(e, false); return e; };
  const taint = (e: Examiner, isOn: boolean): Any => e.retry('nodes', 'worker-1', (node) => { node.spec.taints = isOn ? [TAINT] : []; });
  const pod = (e: Examiner, name: string, tolerationSeconds?: number, isTolerant = true): void => run(e, name, { nodeName: 'worker-1', terminationGracePeriodSeconds: 1, containers: [{ name: 'pause', image: PAUSE }], ...(isTolerant ? { tolerations: [{ ...TAINT, ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) }] } : {}) });
  const there = (e: Examiner): string[] => e.list('pods').filter((p) => p.metadata.deletionTimestamp === undefined).map((p) => p.metadata.name);
  it('NoExecuteTaintManager Single Pod: evicts pods from tainted nodes, and doesn\'t evict pod with tolerations from tainted nodes', () => {
    const e = untainted();
    pod(e, 'leaves', undefined, false);
    pod(e, 'stays');
    runs(e, 'leaves');
    runs(e, 'stays');
    taint(e, true);
    e.until('it is evicted', () => e.isGone('pods', 'leaves'), 60);
    e.cluster.advance(60);
    expect(there(e)).toEqual(['stays']);
  });
  it('NoExecuteTaintManager Single Pod: eventually evict pod with finite tolerations from tainted nodes', () => {
    const e = untainted();
    pod(e, 'finite', 30);
    runs(e, 'finite');
    taint(e, true);
    e.cluster.advance(20);
    expect(there(e)).toEqual(['finite']);
    e.until('it is evicted', () => e.isGone('pods', 'finite'), 30);
  });
  it('NoExecuteTaintManager Single Pod: removing taint cancels eviction', () => {
    const e = untainted();
    pod(e, 'spared', 60);
    runs(e, 'spared');
    taint(e, true);
    e.cluster.advance(30);
    taint(e, false);
    e.cluster.advance(90);
    expect(there(e)).toEqual(['spared']);
  });
  it('NoExecuteTaintManager Single Pod: pods evicted from tainted nodes have pod disruption condition', () => {
    const e = untainted();
    e.create('pods', podOf('told', { nodeName: 'worker-1', terminationGracePeriodSeconds: 30, containers: [{ name: 'c', image: BUSYBOX, command: ['sleep', '1000'] }] }, { finalizers: ['example.com/e2e-test'] }));
    runs(e, 'told');
    taint(e, true);
    e.until('it is being deleted', () => e.get('pods', 'told').metadata.deletionTimestamp !== undefined, 60);
    expect(conditionOf(e.get('pods', 'told'), 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'DeletionByTaintManager' });
    e.patch('pods', 'told', { metadata: { finalizers: null } });
  });
  it('NoExecuteTaintManager Multiple Pods: evicts pods with minTolerationSeconds', () => {
    const e = untainted();
    pod(e, 'first', 10);
    pod(e, 'second', 25);
    runs(e, 'first');
    runs(e, 'second');
    taint(e, true);
    e.cluster.advance(15);
    expect(there(e)).toEqual(['second']);
    e.until('both are evicted', () => there(e).length === 0, 30);
  });
});

describe('common/node/sysctl.go, pod_admission.go', () => {
  it('should reject invalid sysctls', () => {
    const e = examine();
    const names = ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..', 'kernel/shmmax'];
    const { status: code, body } = e.ask('POST', e.at('pods'), podOf('sysctls', { securityContext: { sysctls: names.map((name) => ({ name, value: '100000000' })) }, containers: [{ name: 'c', image: PAUSE }] }));
    expect([code, names.map((name) => String(body.message).includes(`Invalid value: "${name}"`))]).toEqual([422, [true, false, false, true, false]]);
  });
  it("PodOSRejection should reject pod when the node OS doesn't match pod's OS", () => {
    const e = examine();
    run(e, 'wrong-pod-os', { nodeName: 'worker-1', os: { name: 'windows' }, containers: [{ name: 'c', image: PAUSE }] });
    expect(ends(e, 'wrong-pod-os', 'Failed', 60).status.reason).toBe('PodOSNotSupported');
  });
});
