/** What a container is given, and what it may be. Upstream: test/e2e/common/node/{containers,expansion,downwardapi,configmap,secrets,kubelet,kubelet_etc_hosts,security_context,pod_admission,node_lease,sysctl}.go (v1.36). */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, pause, type Examiner, type Pod } from './examiner.ts';

describe('common/node/containers.go, expansion.go, downwardapi.go, configmap.go, secrets.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone({ workers: 1 });
  });
  const env = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

  it.each([
    ['should use the image defaults if command and args are blank', {}, /.*/],
    [
      "should be able to override the image's default arguments (container cmd)",
      { args: ['echo', 'override', 'arguments'] },
      /^override arguments\n$/,
    ],
    [
      "should be able to override the image's default command (container entrypoint)",
      { command: ['/bin/echo', 'entrypoint'] },
      /^entrypoint\n$/,
    ],
    [
      "should be able to override the image's default command and arguments",
      { command: ['/bin/echo'], args: ['override', 'command'] },
      /^override command\n$/,
    ],
  ])('containers.go: %s', (title, words, said) => {
    expect(e.output(`words-${title.length}`, { name: 'c', image: 'busybox:1.37', ...words })).toMatch(said);
  });

  it.each<readonly [string, object, RegExp]>([
    [
      'should allow composing env vars into new env vars',
      busybox('env', {
        env: [
          { name: 'FOO', value: 'foo-value' },
          { name: 'BAR', value: 'bar-value' },
          { name: 'FOOBAR', value: '$(FOO);;$(BAR)' },
        ],
      }),
      /^FOO=foo-value$[^]*^BAR=bar-value$[^]*^FOOBAR=foo-value;;bar-value$/m,
    ],
    [
      "should allow substituting values in a container's command",
      {
        name: 'c',
        image: 'busybox:1.37',
        command: ['sh', '-c', 'TEST_VAR=wrong echo "$(TEST_VAR)"'],
        env: [{ name: 'TEST_VAR', value: 'test-value' }],
      },
      /^test-value$/m,
    ],
    [
      "should allow substituting values in a container's args",
      {
        name: 'c',
        image: 'busybox:1.37',
        command: ['sh', '-c'],
        args: ['TEST_VAR=wrong echo "$(TEST_VAR)"'],
        env: [{ name: 'TEST_VAR', value: 'test-value' }],
      },
      /^test-value$/m,
    ],
  ])('expansion.go: %s', (title, container, said) => {
    expect(e.output(`var-${title.length}`, container)).toMatch(said);
  });

  it('expansion.go: should allow substituting values in a volume subpath', () => {
    const volumes = [{ name: 'workdir1', emptyDir: {} }];
    e.output(
      'var-subpath',
      busybox('test -d /testcontainer/foo; echo $?', {
        env: [{ name: 'POD_NAME', value: 'foo' }],
        volumeMounts: [
          { name: 'workdir1', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' },
          { name: 'workdir1', mountPath: '/testcontainer' },
        ],
      }),
      { volumes },
    );
    expect(e.logs('var-subpath')).toBe('0\n');
  });

  it.each([
    ['backticks', '..'],
    ['absolute path', '/tmp'],
  ])('expansion.go: should fail substituting values in a volume subpath with %s', (what, value) => {
    const name = `var-${what.replace(' ', '-')}`;
    e.pod(name, {
      restartPolicy: 'Never',
      volumes: [{ name: 'workdir1', emptyDir: {} }],
      containers: [
        busybox('true', {
          env: [{ name: 'POD_NAME', value }],
          volumeMounts: [{ name: 'workdir1', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' }],
        }),
      ],
    });
    e.until(() => e.podNamed(name).status.containerStatuses?.[0].state.waiting?.reason === 'CreateContainerConfigError', 60);
  });

  it.each(['..', '/tmp'])('expansion.go: a subpath that is %s is refused at once', (subPathExpr) => {
    expect(
      e.ask('POST', e.at('pods'), {
        metadata: { name: 'refused' },
        spec: {
          volumes: [{ name: 'v', emptyDir: {} }],
          containers: [busybox('true', { volumeMounts: [{ name: 'v', mountPath: '/logscontainer', subPathExpr }] })],
        },
      }).status,
    ).toBe(422);
  });

  it('expansion.go: should verify that a failing subpath expansion can be modified during the lifecycle of a container', () => {
    const spec = {
      restartPolicy: 'Never',
      volumes: [{ name: 'workdir1', emptyDir: {} }],
      containers: [
        busybox('tail -f /dev/null', {
          env: [{ name: 'POD_NAME', value: 'foo' }, env('ANNOTATION', "metadata.annotations['mysubpath']")],
          volumeMounts: [
            { name: 'workdir1', mountPath: '/subpath_mount', subPathExpr: '$(ANNOTATION)/$(POD_NAME)' },
            { name: 'workdir1', mountPath: '/volume_mount' },
          ],
        }),
      ],
    };
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
    const said = e.output(
      'downward',
      busybox('env', {
        env: [
          env('POD_NAME', 'metadata.name'),
          env('POD_NAMESPACE', 'metadata.namespace'),
          env('POD_IP', 'status.podIP'),
          env('HOST_IP', 'status.hostIP'),
          env('HOST_IPS', 'status.hostIPs'),
          env('POD_UID', 'metadata.uid'),
          env('NODE', 'spec.nodeName'),
        ],
      }),
    );
    const { status, metadata, spec } = e.podNamed('downward');
    for (const line of [
      'POD_NAME=downward',
      'POD_NAMESPACE=default',
      `POD_IP=${status.podIP}`,
      `HOST_IP=${status.hostIP}`,
      `HOST_IPS=${status.hostIP}`,
      `POD_UID=${metadata.uid}`,
      `NODE=${spec.nodeName}`,
    ])
      expect(said.split('\n')).toContain(line);
  });

  it("downwardapi.go: should provide container's limits.cpu/memory and requests.cpu/memory as env vars, and the default limits from node allocatable", () => {
    const resource = (name: string, of: string) => ({ name, valueFrom: { resourceFieldRef: { resource: of } } });
    const all = [
      resource('CPU_LIMIT', 'limits.cpu'),
      resource('MEMORY_LIMIT', 'limits.memory'),
      resource('CPU_REQUEST', 'requests.cpu'),
      resource('MEMORY_REQUEST', 'requests.memory'),
    ];
    const said = e
      .output(
        'amounts',
        busybox('env', { env: all, resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } } }),
      )
      .split('\n');
    for (const line of ['CPU_LIMIT=2', 'MEMORY_LIMIT=67108864', 'CPU_REQUEST=1', 'MEMORY_REQUEST=33554432']) expect(said).toContain(line);
    const usual = e.output('usual', busybox('env', { env: all.slice(0, 2) }));
    expect(usual.split('\n')).toContain(
      `CPU_LIMIT=${e.ask<{ readonly status: { readonly allocatable: { readonly cpu: string } } }>('GET', '/api/v1/nodes/worker-1').body.status.allocatable.cpu}`,
    );
    expect(usual).toMatch(/^MEMORY_LIMIT=[1-9]\d+$/m);
  });

  it.each(['configMap', 'secret'])(
    'configmap.go, secrets.go: should be consumable via environment variable, and via the environment: %s',
    (kind) => {
      const data = { 'data-1': 'value-1', 'data-2': 'value-2', p_3: 'value-3' };
      e.create(`${kind.toLowerCase()}s`, { metadata: { name: 'keys' }, [kind === 'secret' ? 'stringData' : 'data']: data });
      const said = e
        .output(
          `keys-${kind.toLowerCase()}`,
          busybox('env', {
            env: [{ name: 'DATA', valueFrom: { [`${kind}KeyRef`]: { name: 'keys', key: 'data-1' } } }],
            envFrom: [{ [`${kind}Ref`]: { name: 'keys' } }, { prefix: 'p-', [`${kind}Ref`]: { name: 'keys' } }],
          }),
        )
        .split('\n');
      for (const line of ['DATA=value-1', ...Object.entries(data).flatMap(([key, value]) => [`${key}=${value}`, `p-${key}=${value}`])])
        expect(said).toContain(line);
    },
  );

  it.each(['configmaps', 'secrets'])('configmap.go, secrets.go: should fail to create %s due to empty key', (kind) => {
    expect(e.ask('POST', e.at(kind), { metadata: { name: 'empty' }, data: { '': 'dmFsdWU=' } }).status).toBe(422);
  });
});

describe('common/node/kubelet.go, kubelet_etc_hosts.go, security_context.go, pod_admission.go, node_lease.go, sysctl.go', () => {
  let e: Examiner;
  beforeAll(() => {
    e = alone({ workers: 1 });
  });

  it('kubelet.go: should print the output to logs', () => {
    expect(e.output('prints', busybox("echo 'Hello World'"))).toBe('Hello World\n');
  });

  it('kubelet.go: should have an terminated reason, and be possible to delete', () => {
    e.pod('always-fails', { containers: [{ name: 'c', image: 'busybox:1.37', command: ['/bin/false'] }] });
    const state = e.until(
      () =>
        e.podNamed('always-fails').status.containerStatuses?.[0].state.terminated ??
        e.podNamed('always-fails').status.containerStatuses?.[0].lastState.terminated,
    );
    expect(state).toMatchObject({ exitCode: 1, reason: 'Error' });
    e.remove('pods', 'always-fails');
    e.gone('pods', 'always-fails');
  });

  it('kubelet.go: should write entries to /etc/hosts', () => {
    expect(e.output('aliases', busybox('cat /etc/hosts'), { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] })).toMatch(
      /^# Kubernetes-managed hosts file\.\n[^]*\n123\.45\.67\.89\tfoo\tbar\n/,
    );
  });

  it('kubelet_etc_hosts.go: should test kubelet managed /etc/hosts file', () => {
    const c = (name: string, volumeMounts: readonly object[] = []) => ({
      name,
      image: 'busybox:1.37',
      command: ['sleep', '900'],
      volumeMounts,
    });
    e.pod('test-pod', {
      volumes: [{ name: 'host-etc-hosts', hostPath: { path: '/etc/hosts', type: 'File' } }],
      containers: [c('busybox-1'), c('busybox-2'), c('busybox-3', [{ name: 'host-etc-hosts', mountPath: '/etc/hosts' }])],
    });
    e.pod('test-host-network-pod', { hostNetwork: true, containers: [c('busybox-1'), c('busybox-2')] });
    e.ready('test-pod');
    e.ready('test-host-network-pod');
    const isManaged = (pod: string, container: string): boolean =>
      e.say(`exec ${pod} -c ${container} -- cat /etc/hosts`).includes('# Kubernetes-managed hosts file.');
    expect(['busybox-1', 'busybox-2', 'busybox-3'].map((name) => isManaged('test-pod', name))).toEqual([true, true, false]);
    expect(['busybox-1', 'busybox-2'].map((name) => isManaged('test-host-network-pod', name))).toEqual([false, false]);
  });

  it.each([
    ['should run with an explicit non-root user ID', 'explicit-nonroot-uid', { runAsNonRoot: true, runAsUser: 1234 }, 'Running'],
    [
      'should not run with an explicit root user ID',
      'explicit-root-uid',
      { runAsNonRoot: true, runAsUser: 0 },
      'CreateContainerConfigError',
    ],
    ['should not run without a specified user ID', 'implicit-root-uid', { runAsNonRoot: true }, 'CreateContainerConfigError'],
  ])('security_context.go: %s', (_title, name, securityContext, want) => {
    e.pod(name, { containers: [busybox('sleep 600', { securityContext })] });
    e.until(() => {
      const { phase, containerStatuses } = e.podNamed(name).status;
      return phase === want || containerStatuses?.[0].state.waiting?.reason === want;
    }, 60);
  });

  it('sysctl.go: should reject invalid sysctls', () => {
    const names = ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..', 'kernel/shmmax'];
    const { status, body } = e.ask<{ readonly message: string }>('POST', e.at('pods'), {
      metadata: { name: 'sysctls' },
      spec: { securityContext: { sysctls: names.map((name) => ({ name, value: '100000000' })) }, containers: [pause()] },
    });
    expect([status, names.map((name) => body.message.includes(`Invalid value: "${name}"`))]).toEqual([
      422,
      [true, false, false, true, false],
    ]);
  });

  it("pod_admission.go: should reject pod when the node OS doesn't match pod's OS", () => {
    e.pod('wrong-pod-os', { os: { name: 'windows' }, nodeName: 'worker-1', containers: [pause()] });
    expect(e.until(() => e.podNamed('wrong-pod-os').status.phase === 'Failed' && e.podNamed('wrong-pod-os'), 60).status).toMatchObject({
      phase: 'Failed',
      reason: 'PodOSNotSupported',
    });
  });

  it('node_lease.go: the kubelet should create and update a lease in the kube-node-lease namespace', () => {
    const lease = () =>
      e.ask<{
        readonly metadata: { readonly ownerReferences: readonly object[] };
        readonly spec: { readonly renewTime: string; readonly leaseDurationSeconds: number; readonly holderIdentity: string };
      }>('GET', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1').body;
    const first = lease();
    expect(first).toMatchObject({
      metadata: {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid: e.ask<Pod>('GET', '/api/v1/nodes/worker-1').body.metadata.uid },
        ],
      },
      spec: { holderIdentity: 'worker-1', leaseDurationSeconds: 40 },
    });
    e.cluster.advance(11);
    expect(Date.parse(lease().spec.renewTime)).toBeGreaterThan(Date.parse(first.spec.renewTime));
  });
});
