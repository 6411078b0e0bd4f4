/** What a kubelet does over time. Sources: pkg/kubelet/kuberuntime/kuberuntime_manager_test.go, pkg/kubelet/lifecycle/predicate_test.go, pkg/kubelet/active_deadline_test.go, kubelet_pods_test.go TestValidateContainerLogStatus (v1.36). */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const PODS = '/api/v1/namespaces/default/pods';
let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
});
const sh = (script: string) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] });
const create = (name: string, spec: object): void => {
  const { status } = cluster.request({ method: 'POST', path: PODS, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec } });
  if (status !== 201) throw new Error(`${name}: ${status}`);
};
interface Status {
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly containerStatuses?: readonly {
    readonly restartCount: number;
    readonly state: Readonly<Record<string, { readonly reason?: string; readonly message?: string; readonly exitCode?: number }>>;
    readonly lastState: Readonly<Record<string, unknown>>;
  }[];
}
const statusOf = (name: string): Status =>
  (cluster.request({ method: 'GET', path: `${PODS}/${name}` }).body as { readonly status: Status }).status;
const waits = (name: string): string | undefined => statusOf(name).containerStatuses?.[0].state.waiting?.reason;

describe('a pod', () => {
  it('keeps its container, its address and its restart count when the kubelet restarts', () => {
    create('stays', { containers: [{ name: 'c', image: 'nginx:1.29' }] });
    cluster.settle();
    cluster.fault({ do: 'kill', what: 'default/stays/c' });
    cluster.settle();
    const before = statusOf('stays');
    expect(before.containerStatuses?.[0].restartCount).toBe(1);
    cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
    cluster.advance(20);
    expect(statusOf('stays')).toEqual(before);
  });

  it.each(['Always', 'Never'])(
    'gets another container when its image is another, whatever its restart policy says (%s)',
    (restartPolicy) => {
      const name = `image-${restartPolicy.toLowerCase()}`;
      create(name, { restartPolicy, containers: [{ name: 'c', image: 'nginx:1.28' }] });
      cluster.settle();
      cluster.kubectl(`set image pod/${name} c=nginx:1.29`);
      cluster.settle();
      expect(statusOf(name).containerStatuses?.[0]).toMatchObject({
        restartCount: 1,
        image: 'docker.io/library/nginx:1.29',
        state: { running: {} },
      });
      expect(cluster.kubectl(`get events --field-selector involvedObject.name=${name},reason=Killing`).stdout).toContain(
        'Container c definition changed, will be restarted',
      );
    },
  );

  it('that a namesake replaces is waited for; the new one runs', () => {
    for (const [name, ageS, pauseS] of [
      ['twice', 60, 0],
      ['thrice', 60, 3],
      ['young', 0.03, 0],
      ['newer', 0.144, 0],
      ['early', 0.034, 0.01],
    ] as const) {
      create(name, { nodeName: 'worker-1', containers: [sh('sleep 3600')] });
      cluster.advance(ageS);
      cluster.kubectl(`delete pod ${name} --force --grace-period=0`);
      cluster.advance(pauseS);
      create(name, { containers: [sh('sleep 3600')] });
      cluster.advance(60);
      expect(statusOf(name).phase).toBe('Running');
    }
  });

  it('may have a container that is called pause', () => {
    create('calm', { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] });
    cluster.settle();
    cluster.advance(60);
    expect(statusOf('calm').containerStatuses?.[0]).toMatchObject({ restartCount: 0, state: { running: {} } });
  });

  it("has one port of a number: a second container that wants it ends with bind's error", () => {
    create('crowded', {
      containers: [
        { name: 'a', image: 'nginx' },
        { name: 'b', image: 'nginx' },
      ],
    });
    cluster.advance(20);
    expect(cluster.kubectl('get pod crowded --no-headers').stdout).toMatch(/crowded +1\/2 +(Error|CrashLoopBackOff)/);
    expect(cluster.kubectl('logs crowded -c b').stdout).toContain(
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
    );
  });

  it("knows its host name: its own, the one that is given, or the machine's", () => {
    create('own', { containers: [sh('hostname; sleep 3600')] });
    create('given', { hostname: 'busybox-1', containers: [sh('hostname; sleep 3600')] });
    create('host', { hostNetwork: true, containers: [sh('hostname; sleep 3600')] });
    cluster.settle();
    expect(['own', 'given', 'host'].map((name) => cluster.kubectl(`logs ${name}`).stdout)).toEqual(['own\n', 'busybox-1\n', 'worker-1\n']);
  });

  it('is not started as root when it must not be: security_context_others.go verifyRunAsNonRoot', () => {
    create('root', { securityContext: { runAsNonRoot: true }, containers: [{ name: 'c', image: 'nginx' }] });
    create('zero', { containers: [{ name: 'c', image: 'nginx', securityContext: { runAsNonRoot: true, runAsUser: 0 } }] });
    create('user', { securityContext: { runAsNonRoot: true, runAsUser: 1000 }, containers: [{ name: 'c', image: 'nginx' }] });
    cluster.advance(20);
    expect(statusOf('root').containerStatuses?.[0].state.waiting).toMatchObject({
      reason: 'CreateContainerConfigError',
      message: expect.stringMatching(
        /^container has runAsNonRoot and image will run as root \(pod: "root_default\([0-9a-f-]+\)", container: c\)$/,
      ),
    });
    expect(statusOf('zero').containerStatuses?.[0].state.waiting?.message).toMatch(/^container's runAsUser breaks non-root policy/);
    expect(statusOf('user').phase).toBe('Running');
  });

  it('that is deleted again with less time ends sooner', () => {
    create('slow', { containers: [sh('sleep 3600')] });
    cluster.settle();
    cluster.kubectl('delete pod slow --wait=false');
    cluster.advance(3);
    const from = cluster.now;
    cluster.kubectl('delete pod slow --grace-period=10');
    expect(cluster.now - from).toBeGreaterThan(9.9);
    expect(cluster.now - from).toBeLessThan(12);
  });

  it('whose liveness probe fails again and again waits longer and longer', () => {
    create('sick', {
      containers: [{ name: 'c', image: 'nginx:1.29', livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 1, failureThreshold: 1 } }],
    });
    cluster.advance(60);
    expect(statusOf('sick').containerStatuses?.[0].restartCount).toBeLessThan(6);
    expect(waits('sick')).toBe('CrashLoopBackOff');
  });

  it('is asked by exec probes in its own files', () => {
    create('asked', {
      restartPolicy: 'Always',
      containers: [
        {
          ...sh('touch /tmp/healthy; sleep 10; rm -f /tmp/healthy; sleep 600'),
          readinessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 1, failureThreshold: 1 },
        },
      ],
    });
    cluster.advance(5);
    const ready = (): string => cluster.kubectl('get pod asked --no-headers').stdout.split(/\s+/)[1];
    expect(ready()).toBe('1/1');
    cluster.advance(10);
    expect(ready()).toBe('0/1');
    expect(cluster.kubectl('exec asked -- cat /tmp/healthy')).toMatchObject({
      exitCode: 1,
      stderr: "cat: can't open '/tmp/healthy': No such file or directory\ncommand terminated with exit code 1\n",
    });
  });

  it('ends at its deadline', () => {
    create('late', { activeDeadlineSeconds: 5, containers: [sh('sleep 600')] });
    cluster.advance(45);
    expect(statusOf('late')).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });

  it('that names its machine is refused when it does not fit', () => {
    const port = (n: number) => ({
      nodeName: 'worker-1',
      containers: [{ name: 'c', image: 'nginx:1.29', ports: [{ containerPort: 80, hostPort: n }] }],
    });
    create('first', port(8080));
    create('second', port(8080));
    create('huge', { nodeName: 'worker-1', containers: [{ name: 'c', image: 'nginx:1.29', resources: { requests: { cpu: '100' } } }] });
    cluster.settle();
    expect(statusOf('second')).toMatchObject({
      phase: 'Failed',
      reason: 'NodePorts',
      message: "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    });
    expect(statusOf('huge')).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu' });
    expect(statusOf('huge').message).toMatch(
      /^Pod was rejected: Node didn't have enough resource: cpu, requested: 100000, used: \d+, capacity: 4000$/,
    );
  });

  it('waits for the ConfigMap that it names, and goes on when it is there', () => {
    create('needs', {
      containers: [{ ...sh('echo $K; sleep 600'), env: [{ name: 'K', valueFrom: { configMapKeyRef: { name: 'later', key: 'k' } } }] }],
    });
    cluster.advance(10);
    expect(statusOf('needs').containerStatuses?.[0].state).toEqual({
      waiting: { reason: 'CreateContainerConfigError', message: 'configmap "later" not found' },
    });
    cluster.kubectl('create configmap later --from-literal=k=value');
    cluster.advance(20);
    expect(cluster.kubectl('logs needs').stdout).toBe('value\n');
  });

  it('says why an image is not there', () => {
    create('never', { containers: [{ name: 'c', image: 'redis:7', imagePullPolicy: 'Never' }] });
    create('nowhere', { containers: [{ name: 'c', image: 'nowhere.example/x:1' }] });
    cluster.advance(8);
    expect([waits('never'), waits('nowhere')]).toEqual(['ErrImageNeverPull', 'ImagePullBackOff']);
    expect(cluster.kubectl('logs nowhere').stderr).toBe(
      'Error from server (BadRequest): container "c" in pod "nowhere" is waiting to start: trying and failing to pull image\n',
    );
  });

  const eventsOf = (name: string): readonly string[] =>
    (
      cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/events' }).body as {
        readonly items: readonly {
          readonly involvedObject: { readonly name: string };
          readonly reason: string;
          readonly message: string;
          readonly count?: number;
        }[];
      }
    ).items
      .filter((e) => e.involvedObject.name === name)
      .map((e) => `${e.reason} x${e.count ?? 1} ${e.message}`)
      .sort();

  it('does not ask a registry for a name that none could know', () => {
    create('shouts', { containers: [{ name: 'c', image: 'NGINX:1' }] });
    cluster.advance(8);
    expect(waits('shouts')).toBe('InvalidImageName');
    expect(eventsOf('shouts').filter((e) => !e.startsWith('Scheduled'))).toEqual([
      'Failed x1 Error: InvalidImageName',
      'InspectFailed x1 Failed to apply default image tag "NGINX:1": couldn\'t parse image name "NGINX:1": invalid reference format',
    ]);
  });

  it('looks for its image each time that a container is made', () => {
    create('again', { containers: [{ ...sh('exit 1'), imagePullPolicy: 'Always' }] });
    create('found', { containers: [sh('exit 1')] });
    cluster.advance(20);
    expect(eventsOf('found')).toContain(
      'Pulled x3 Container image "busybox:1.36" already present on machine and can be accessed by the pod',
    );
    expect(eventsOf('again')).toContain('Pulling x3 Pulling image "busybox:1.36"');
  });

  it('is not probed any more while it is killed for a probe', () => {
    create('slow', {
      containers: [
        {
          ...sh('while true; do sleep 5; done'),
          livenessProbe: { exec: { command: ['cat', '/nothing'] }, periodSeconds: 1, failureThreshold: 2 },
        },
      ],
    });
    cluster.advance(20);
    expect(eventsOf('slow').filter((e) => e.startsWith('Unhealthy'))).toEqual([
      "Unhealthy x2 Liveness probe failed: cat: can't open '/nothing': No such file or directory\n",
    ]);
  });

  it.each([
    ['named', 'http', 'failed: Get "http://IP:81/ok": dial tcp IP:81: connect: connection refused'],
    ['unnamed', 'https', 'errored and resulted in unknown state: strconv.Atoi: parsing "https": invalid syntax'],
  ])('is probed at a port by its name: %s', (name, port, why) => {
    create(name, {
      containers: [
        {
          ...sh('sleep 600'),
          ports: [{ name: 'http', containerPort: 81 }],
          readinessProbe: { httpGet: { port, path: '/ok' }, periodSeconds: 3 },
        },
      ],
    });
    cluster.advance(10);
    const ip = String((statusOf(name) as { podIP?: string }).podIP);
    expect(eventsOf(name).find((e) => e.startsWith('Unhealthy'))).toContain(` Readiness probe ${why.replaceAll('IP', ip)}`);
  });

  it('with a gate says that it is gated', () => {
    create('gated', { schedulingGates: [{ name: 'example.com/wait' }], containers: [sh('sleep 600')] });
    cluster.advance(5);
    expect(cluster.kubectl('get pod gated --no-headers').stdout).toMatch(/^gated +0\/1 +SchedulingGated/);
    expect(statusOf('gated')).toMatchObject({
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        },
      ],
    });
  });

  it('leaves the log of a container that ended, and of the one before', () => {
    create('done', { restartPolicy: 'Never', containers: [sh('echo one; echo two; exit 3')] });
    create('loops', { containers: [sh('echo again; exit 1')] });
    cluster.advance(15);
    expect(cluster.kubectl('logs done').stdout).toBe('one\ntwo\n');
    expect(cluster.kubectl('logs done --tail=1').stdout).toBe('two\n');
    expect(cluster.kubectl('logs loops -p').stdout).toBe('again\n');
    expect(cluster.kubectl('logs done --previous').stderr).toBe(
      'Error from server (BadRequest): previous terminated container "c" in pod "done" not found\n',
    );
  });

  it('is built in the order of the CRI: namespace, address, pause, image, container', () => {
    const from = [...cluster.trace()].length;
    create('order', { containers: [{ name: 'c', image: 'httpd:2.4' }] });
    cluster.settle();
    const said = [...cluster.trace()]
      .slice(from)
      .flatMap((e) =>
        e.type === 'note' && (e.fact.about === 'pods/default/order' || e.fact.says === 'containerd/image-pulled') ? [e.fact.says] : [],
      );
    const order = [
      'containerd/netns-created',
      'cni/added',
      'containerd/pause-started',
      'kubelet/sandbox-ready',
      'containerd/image-pulled',
      'kubelet/container-started',
    ];
    expect(said.filter((s) => order.includes(s))).toEqual(order.filter((s) => said.includes(s)));
    expect(said).toContain('containerd/image-pulled');
  });
});
