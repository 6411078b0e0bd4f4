/** The library's own promises: sessions replay, topologies are checked, leaders are elected, admission can be asked alone. */
import { describe, expect, it } from 'vitest';
import { openCluster, replay, type Fault, type Session, type Topology } from '../../src/engine/headless.ts';
import { admit, dnsAnswer } from '../../src/engine/parts.ts';

describe('a session', () => {
  it('replays to the same digest at whatever moment it is taken, also through JSON', () => {
    const cluster = openCluster({ seed: 5, topology: { workers: 1 }, epoch: '2030-01-01T00:00:00Z' });
    cluster.kubectl('create deployment web --image=nginx:1.29');
    cluster.advance(0.5);
    cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
    cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/default/pods' });
    cluster.advance(3.3);
    cluster.kubectl('get pods');
    expect(replay(JSON.parse(JSON.stringify(cluster.session()))).digest()).toBe(cluster.digest());
  });
});

it("what goes in and comes out is the caller's own, to change", () => {
  const workers = [{ name: 'one', labels: { a: 'b' } }];
  const cluster = openCluster({ topology: { workers } });
  workers[0].name = 'two';
  const fault = { do: 'pause', what: 'one/kubelet' } as const;
  cluster.fault(fault);
  cluster.connect({ from: 'node/one', to: '10.254.0.1:443' });
  const session = cluster.session() as unknown as {
    readonly topology: { workers: unknown };
    readonly commands: { command: { what?: string } }[];
  };
  session.topology.workers = 0;
  session.commands[0].command.what = 'cp-1';
  expect(cluster.session()).toMatchObject({ topology: { workers: [{ name: 'one' }] }, commands: [{ command: fault }, {}] });
  expect(replay(cluster.session()).digest()).toBe(cluster.digest());
});

describe('a topology', () => {
  it.each<readonly [Topology | Record<string, unknown>, RegExp]>([
    [{ name: 'ha' }, /several control planes are not there yet/],
    [{ controlPlanes: 3 }, /several control planes are not there yet/],
    [{ controlPlanes: 0 }, /has one control plane/],
    [{ name: 'k3s' }, /there is no topology "k3s"/],
    [{ workers: -1 }, /whole number/],
    [{ workers: 1.5 }, /whole number/],
    [{ workers: [{ cpu: 'many' }] }, /worker-1: cpu is no quantity: "many"/],
    [{ workers: [{ name: 'Upper' }] }, /no machine name/],
    [{ workers: [{ taints: [{ key: 'a', effect: 'Never' }] }] }, /effects/],
    [{ serviceCIDR: 'x' }, /serviceCIDR is no CIDR/],
    [{ podCIDR: '10.254.0.0/16' }, /overlap/],
    [{ workers: [{ podCIDR: '10.1.0.0/24' }, { podCIDR: '10.1.0.0/25' }] }, /overlap/],
  ])('%j cannot be built', (topology, why) => expect(() => openCluster({ topology: topology as Topology })).toThrow(why));

  it('of more machines than upstream supports cannot be built', () =>
    expect(() => openCluster({ topology: { workers: Array.from({ length: 5001 }, () => ({})) } })).toThrow(
      'there are 5001 workers; at most 5000',
    ));

  it('hands its scheduler configuration to the scheduler', () => {
    const schedulerConfiguration = {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      profiles: [
        { schedulerName: 'default-scheduler' },
        {
          schedulerName: 'packer',
          plugins: { score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeResourcesFit' }] } },
          pluginConfig: [
            { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] } } },
          ],
        },
      ],
    };
    const cluster = openCluster({ topology: { workers: 2, schedulerConfiguration } });
    const pod = (name: string, schedulerName: string) =>
      cluster.request({
        method: 'POST',
        path: '/api/v1/namespaces/default/pods',
        body: {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name },
          spec: {
            schedulerName,
            containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10.1', resources: { requests: { cpu: '100m' } } }],
          },
        },
      });
    for (const name of ['a', 'b', 'c']) {
      pod(name, 'packer');
      cluster.settle();
    }
    pod('nobody', 'none');
    cluster.settle();
    const nodes = cluster.kubectl("get pods -o jsonpath='{.items[*].spec.nodeName}'").stdout.split(' ');
    expect(nodes.length, 'the profile that is not there places nothing').toBe(3);
    expect(new Set(nodes).size, 'packed onto one machine, and not onto the tainted one').toBe(1);
    expect(nodes[0]).toMatch(/^worker/);
  });
});

describe('leader election', () => {
  it('a scheduler that comes back waits until the lease of its former self is over. Source: client-go tools/leaderelection', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const lease = () =>
      (
        cluster.request({ method: 'GET', path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler' }).body as {
          readonly spec: { readonly holderIdentity: string; readonly leaseDurationSeconds: number; readonly leaseTransitions: number };
        }
      ).spec;
    const first = lease();
    expect(first).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(first.holderIdentity).toMatch(/^cp-1_[0-9a-f-]{36}$/);
    cluster.fault({ do: 'kill', what: 'cp-1/kube-scheduler' });
    cluster.advance(10);
    expect(lease().holderIdentity).toBe(first.holderIdentity);
    cluster.advance(15);
    expect(lease()).toMatchObject({ leaseTransitions: 1 });
    expect(lease().holderIdentity).not.toBe(first.holderIdentity);
  });
});

describe('admit', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  it('defaults, mutates and validates', () => {
    const made = admit({ operation: 'CREATE', object: pod }) as {
      readonly object: { readonly metadata: object; readonly spec: { readonly tolerations: readonly { readonly key: string }[] } };
    };
    expect(made.object).toMatchObject({
      metadata: { namespace: 'default', generation: 1 },
      spec: { serviceAccountName: 'default', containers: [{ imagePullPolicy: 'Always' }] },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    });
    expect(made.object.spec.tolerations.map((t) => t.key)).toEqual(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);
    expect(
      admit({ operation: 'UPDATE', old: made.object, object: { ...made.object, spec: { ...made.object.spec, nodeName: 'x' } } as object }),
    ).toMatchObject({ status: { code: 422 } });
  });
  it("refuses in the server's words", () => {
    expect(
      admit({ operation: 'CREATE', object: pod, objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }] }),
    ).toMatchObject({ status: { code: 404, message: 'namespaces "default" not found' } });
    expect(admit({ operation: 'CREATE', object: pod, as: { user: 'system:node:n', groups: ['system:nodes'] } })).toMatchObject({
      status: { code: 403 },
    });
    expect(
      admit({ operation: 'DELETE', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } } }),
    ).toMatchObject({ status: { code: 403 } });
  });
});

describe('time and packets', () => {
  it('time goes on by a number of seconds', () => {
    const cluster = openCluster({ topology: { workers: 0 } });
    for (const seconds of [Number.NaN, -1, Number.POSITIVE_INFINITY]) expect(() => cluster.advance(seconds)).toThrow(/number of seconds/);
    expect(() => cluster.iptablesSave('cp-1', 'raw' as 'nat')).toThrow(/no table/);
  });

  it('a packet that nobody has a way for is not carried in circles', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const before = [...cluster.trace()].length;
    expect(cluster.connect({ from: 'internet', to: '10.200.1.2:80' }).verdict).toBe('timeout');
    expect(cluster.settle().settled).toBe(true);
    expect([...cluster.trace()].length - before).toBeLessThan(200);
  });

  it('a watch speaks in Tables when asked to, and says when the server closes it', () => {
    const cluster = openCluster();
    const seen: unknown[] = [];
    let isOver = false;
    cluster.watch(
      '/api/v1/namespaces/default/pods?timeoutSeconds=30',
      ({ type, object }) => {
        seen.push([
          type,
          (object as { readonly kind: string }).kind,
          (object as { readonly rows?: readonly { readonly cells: readonly unknown[] }[] }).rows?.[0].cells.slice(0, 3),
        ]);
      },
      {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
        onEnd: () => {
          isOver = true;
        },
      },
    );
    cluster.kubectl('run web --image=nginx');
    cluster.advance(20);
    expect(seen).toEqual([
      ['ADDED', 'Table', ['web', '0/1', 'Pending']],
      ['MODIFIED', 'Table', ['web', '0/1', 'Pending']],
      ['MODIFIED', 'Table', ['web', '0/1', 'ContainerCreating']],
      ['MODIFIED', 'Table', ['web', '0/1', 'ContainerCreating']],
      ['MODIFIED', 'Table', ['web', '1/1', 'Running']],
    ]);
    expect(isOver).toBe(false);
    cluster.advance(15);
    expect(isOver).toBe(true);
  });

  it('a Service is found by its address. Source: coredns plugin/kubernetes/reverse_test.go', () => {
    const zone = {
      objects: [
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'svc1', namespace: 'testns' }, spec: { clusterIP: '192.168.1.100' } },
      ],
    };
    expect(dnsAnswer(zone, { name: '100.1.168.192.in-addr.arpa.', type: 'PTR' })).toMatchObject({
      rcode: 'NOERROR',
      answer: ['100.1.168.192.in-addr.arpa.\t30\tIN\tPTR\tsvc1.testns.svc.cluster.local.'],
    });
    expect(dnsAnswer(zone, { name: '101.1.168.192.in-addr.arpa.', type: 'PTR' }).rcode).toBe('NXDOMAIN');
  });
});

describe('what is refused at once', () => {
  it.each<readonly [object, string]>([
    [{ epoch: 'now' }, 'epoch is an instant of whole seconds such as 2026-05-04T09:00:00Z, not "now"'],
    [{ epoch: '2030-01-01T00:00:00.5Z' }, 'epoch is an instant of whole seconds'],
    [{ seed: Number.NaN }, 'seed is a whole number, not NaN'],
    [{ seed: 1.5 }, 'seed is a whole number, not 1.5'],
    [{ sede: 1 }, 'options has no field "sede": seed, topology, epoch'],
    [{ topology: { nodes: 3 } }, 'topology has no field "nodes": name, controlPlanes, workers, '],
    [{ topology: { workers: [{ ram: '1Gi' }] } }, 'machine has no field "ram": name, cpu, '],
    [
      { topology: { schedulerConfiguration: { profiles: [{ plugins: { score: { enabled: [{ name: 'Luck' }] } } }] } } },
      'schedulerConfiguration: profile default-scheduler: score plugin "Luck" does not exist',
    ],
    ...(
      [
        [{ minCandidateNodesPercentage: 101 }, 'minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100]'],
        [{ minCandidateNodesPercentage: -1 }, 'minCandidateNodesPercentage: Invalid value: -1: not in valid range [0, 100]'],
        [{ minCandidateNodesAbsolute: -1 }, 'minCandidateNodesAbsolute: Invalid value: -1: not in valid range [0, inf)'],
        [
          { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 },
          'minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute',
        ],
      ] as const
    ).map(
      ([args, why]) =>
        [
          { topology: { schedulerConfiguration: { profiles: [{ pluginConfig: [{ name: 'DefaultPreemption', args }] }] } } },
          `profiles[0].pluginConfig[0].args.${why}`,
        ] as const,
    ),
    ...(
      [
        [{ profiles: 5 }, 'profiles is a list, not 5'],
        [{ profiles: [null] }, 'profiles[0] is an object, not null'],
        [{ profiles: [{ plugins: [] }] }, 'profiles[0].plugins is an object, not a list'],
        [{ profiles: [{ plugins: { score: { enabled: 'x' } } }] }, 'profiles[0].plugins.score.enabled is a list, not "x"'],
        [{ profiles: [{ pluginConfig: [5] }] }, 'profiles[0].pluginConfig[0] is an object, not 5'],
        ...(
          [
            ['NodeResourcesBalancedAllocation', { resources: 5 }, ': resources is a list, not 5'],
            ['NodeResourcesBalancedAllocation', { resources: [null] }, ': resources[0] is an object, not null'],
            ['NodeResourcesFit', 5, ' is an object, not 5'],
            ['NodeResourcesFit', { ignoredResources: [5] }, ': ignoredResources is a list of strings, not a list'],
            [
              'NodeResourcesFit',
              { scoringStrategy: { resources: [{ name: 5 }] } },
              ': scoringStrategy: resources[0]: name is a string, not 5',
            ],
            [
              'NodeResourcesFit',
              { scoringStrategy: { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape: {} } } },
              ': scoringStrategy: requestedToCapacityRatio: shape is a list, not an object',
            ],
            ['PodTopologySpread', { defaultConstraints: 'zone' }, ': defaultConstraints is a list, not "zone"'],
            [
              'NodeAffinity',
              { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: 5 } } },
              ': addedAffinity: json: cannot unmarshal number',
            ],
            [
              'InterPodAffinity',
              { ignorePreferredTermsOfExistingPods: 'x' },
              ': ignorePreferredTermsOfExistingPods is true or false, not "x"',
            ],
          ] as const
        ).map(
          ([name, args, why]) => [{ profiles: [{ pluginConfig: [{ name, args }] }] }, `profiles[0].pluginConfig[0].args${why}`] as const,
        ),
      ] as const
    ).map(([schedulerConfiguration, why]) => [{ topology: { schedulerConfiguration } }, `schedulerConfiguration: ${why}`] as const),
    // Upstream: validation_test.go TestValidateKubeSchedulerConfigurationV1.
    ...(
      [
        [{ percentageOfNodesToScore: 101 }, 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]'],
        [
          { profiles: [{ percentageOfNodesToScore: -1 }] },
          'profiles[0].percentageOfNodesToScore: Invalid value: -1: not in valid range [0-100]',
        ],
        [
          { profiles: [{}, { schedulerName: 'default-scheduler' }] },
          'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
        ],
        [
          { profiles: [{ pluginConfig: [{ name: 'NodeName' }, { name: 'NodeName' }] }] },
          'profiles[0].pluginConfig[1]: Duplicate value: "NodeName"',
        ],
      ] as const
    ).map(([schedulerConfiguration, why]) => [{ topology: { schedulerConfiguration } }, `schedulerConfiguration: ${why}`] as const),
    // Upstream: validation_pluginargs_test.go TestValidateInterPodAffinityArgs.
    ...[-1, 101].map(
      (hardPodAffinityWeight) =>
        [
          {
            topology: {
              schedulerConfiguration: { profiles: [{ pluginConfig: [{ name: 'InterPodAffinity', args: { hardPodAffinityWeight } }] }] },
            },
          },
          `profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: ${hardPodAffinityWeight}: not in valid range [0, 100]`,
        ] as const,
    ),
    [[], 'options is an object, not a list'],
    [{ topology: [] }, 'topology is an object, not a list'],
    [{ topology: { zz: 1 } }, 'topology has no field "zz": name, '],
    [{ topology: { workers: [null] } }, 'machine is an object, not null'],
    [{ topology: { workers: [{ cpu: 2 }] } }, 'machine: cpu is a string, not 2'],
    [{ topology: { workers: [{ name: 'a' }, { name: 'a' }] } }, 'topology: two machines have the name a'],
    [{ topology: { workers: [{ name: 'worker-2' }, {}] } }, 'two machines have the name worker-2'],
    [{ topology: { infraCIDR: '192.168.0.0/28', workers: 5 } }, 'topology: infraCIDR 192.168.0.0/28 is too small for 6 machines'],
  ])('%j', (options, why) => expect(() => openCluster(options)).toThrow(why));
  it('null', () => expect(() => openCluster(null as unknown as object)).toThrow('options is an object, not null'));

  const kubectl = { do: 'kubectl', args: ['get', 'pods'], stdin: '' };
  const given = (...commands: unknown[]): object => ({ seed: 7, commands });
  it.each<readonly [unknown, string]>([
    ['abc', 'session is an object, not "abc"'],
    [[], 'session is an object, not a list'],
    [null, 'session is an object, not null'],
    [{}, 'session: seed is a whole number, not undefined'],
    [{ seed: 7 }, 'session: commands is a list, not undefined'],
    [{ ...given(), zz: 1 }, 'session has no field "zz": engine, seed, '],
    [{ seed: 'x', commands: [] }, 'session: seed is a whole number, not "x"'],
    [{ ...given(), topology: { zz: 1 } }, 'topology has no field "zz": name, '],
    [{ ...given(), epoch: 'now' }, 'epoch is an instant'],
    [{ ...given(), topology: { workers: -1 } }, 'topology: workers is a whole number'],
    [given({}), 'command 1: at is a whole number, not undefined'],
    [given(null), 'command 1 is an object, not null'],
    [given({ at: 20, do: 'kill' }), 'command 1 has no field "do": at, command'],
    [given({ at: 20 }), 'command 1: command is an object, not undefined'],
    [given({ at: -5, command: kubectl }), 'command 1: at is -5 µs, before 0'],
    [given({ at: 9, command: kubectl }, { at: 8, command: kubectl }), 'command 2: at is 8 µs, before 9'],
    [{ ...given({ at: 9, command: kubectl }), head: { at: 8, delivered: 1 } }, 'head: at is 8 µs, before 9'],
    [given({ at: 9, command: {} }), 'command 1: there is no command undefined: kubectl, '],
    [given({ at: 9, command: { do: 'foo' } }), 'there is no command "foo": kubectl, '],
    [given({ at: 9, command: { ...kubectl, args: [1] } }), 'command 1: kubectl: args is a list of strings, not a list'],
    [given({ at: 9, command: { do: 'connect', connect: { from: 'internet' } } }), 'command 1: connect: to is a string, not undefined'],
    [
      given({ at: 9, command: { do: 'request', request: { method: 'GET' }, as: {} } }),
      'command 1: request: path is a string, not undefined',
    ],
    [given({ at: 1e9, command: { do: 'kill', what: 'worker-9' } }), 'nothing runs at worker-9'],
  ])('a session: %j', (session, why) => expect(() => replay(session as Session)).toThrow(why));
  it('a head between messages that find nobody is found again', () => {
    const cluster = openCluster();
    cluster.fault({ do: 'stop', what: 'worker-2/kubelet' });
    cluster.kubectl('delete node worker-2');
    cluster.advance(2);
    expect(replay(cluster.session()).digest()).toBe(cluster.digest());
  });
  it('a head that never comes is not waited for', () =>
    expect(replay({ ...openCluster({ topology: { workers: 0 } }).session(), head: { at: 100_000_000, delivered: 1e15 } }).now).toBe(100));

  const cluster = openCluster({ topology: { workers: 1 } });
  it.each<readonly [object, string]>([
    [{ do: 'foo', what: 'worker-1' }, 'there is no fault "foo": kill, stop, '],
    [{ do: 'kill' }, "kill wants what: an address such as 'worker-1'"],
    [{ do: 'kill', what: 'worker-9' }, 'nothing runs at worker-9'],
    [
      { do: 'start', what: 'worker-9' },
      'what can be started is a machine (cp-1, worker-1) or one of its services (linux, cni, containerd, kubelet), not worker-9',
    ],
    [{ do: 'partition', a: 'cp-1' }, "partition wants a and b: two hosts such as 'cp-1' and 'worker-1'"],
    [{ do: 'partition', a: 'cp-1', b: 'worker-9' }, 'there is no host "worker-9": cp-1, worker-1, laptop, registry, internet'],
    [{ do: 'heal', a: 'cp-1', b: 'cp-1' }, 'heal wants two hosts, not cp-1 and itself'],
    [{ do: 'slow', a: 'cp-1', b: 'worker-1', factor: -1 }, 'slow wants a factor from 1 to 1000000, not -1'],
    [{ do: 'slow', a: 'cp-1', b: 'worker-1', factor: 0 }, 'not 0'],
    [{ do: 'slow', a: 'cp-1', b: 'worker-1' }, 'not undefined'],
  ])('%j', (fault, why) => {
    const before = [cluster.digest(), cluster.session().commands.length];
    expect(() => cluster.fault(fault as Fault)).toThrow(why);
    expect([cluster.digest(), cluster.session().commands.length]).toEqual(before);
  });
  it.each<readonly [string, () => unknown, string]>([
    ['a request without a path', () => cluster.request({ method: 'GET' } as never), 'request: path is a string, not undefined'],
    ['no request', () => cluster.request(null as never), 'request is an object, not null'],
    ['a watch of nothing', () => cluster.watch(undefined as never, () => undefined), 'request: path is a string, not undefined'],
    ['no words', () => cluster.kubectl(undefined as never), 'kubectl: args is a list of strings, not undefined'],
    ['no fault', () => cluster.fault(null as never), 'there is no fault undefined'],
    ['nobody who connects', () => cluster.connect({ to: '10.0.0.1' } as never), 'connect: from is a string'],
    [
      'a protocol that no packet has',
      () => cluster.connect({ from: 'node/cp-1', to: '10.0.0.1', protocol: 'SCTP' as 'TCP' }),
      'connect: protocol is TCP or UDP, not "SCTP"',
    ],
    [
      'a port that there is not',
      () => cluster.connect({ from: 'node/cp-1', to: '10.0.0.1', sourcePort: 65536 }),
      'connect: sourcePort is a port from 1 to 65535, not 65536',
    ],
    ['words for a request', () => cluster.connect('internet' as never), 'connect is an object, not "internet"'],
    ['words for a question', () => cluster.lookup('web' as never), 'lookup is an object, not "web"'],
    [
      'a record that nobody asks for',
      () => cluster.lookup({ from: 'node/cp-1', name: 'a', type: 'MX' as 'A' }),
      'lookup: type is A, AAAA, SRV, PTR or CNAME, not "MX"',
    ],
    ['a pod without its namespace', () => cluster.explain('web'), `explain wants a pod as 'namespace/name', not "web"`],
    ['nobody who asks', () => cluster.lookup({} as never), 'lookup: from is a string'],
  ])('%s', (_, act, why) => {
    const before = cluster.digest();
    expect(act).toThrow(why);
    expect(cluster.digest()).toBe(before);
  });
});

describe('a watch as a request', () => {
  const cluster = openCluster({ topology: { workers: 0 } });
  it('answers with its events when the server ends it', () => {
    const { status, body } = cluster.request({ method: 'GET', path: '/api/v1/namespaces?watch=true&timeoutSeconds=2' });
    const events = String(body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { kind: string } });
    expect([status, events.length, new Set(events.map(({ type, object }) => `${type} ${object.kind}`))]).toEqual([
      200,
      5,
      new Set(['ADDED Namespace']),
    ]);
  });
  it('says why it is refused', () =>
    expect(cluster.request({ method: 'GET', path: '/api/v1/namespaces?watch=true&fieldSelector=a%3Db' })).toMatchObject({
      status: 400,
      body: { reason: 'BadRequest' },
    }));
});

describe('what is given', () => {
  it('is the caller’s own: read, change and put back', () => {
    const cluster = openCluster({ topology: { workers: 0 } });
    const path = '/api/v1/namespaces/default/configmaps/colours';
    const seen: { metadata: { labels?: object } }[] = [];
    const watch = cluster.watch('/api/v1/namespaces/default/configmaps', ({ object }) => {
      const own = object as (typeof seen)[number];
      own.metadata.labels = { seen: 'yes' };
      seen.push(own);
    });
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: { metadata: { name: 'colours' }, data: { sky: 'blue' } },
    });
    const body = cluster.request({ method: 'GET', path }).body as { data: Record<string, string>; metadata: { labels?: object } };
    expect(body.metadata.labels).toBeUndefined();
    body.data.sky = 'grey';
    expect(cluster.request({ method: 'PUT', path, body })).toMatchObject({ status: 200, body: { data: { sky: 'grey' } } });
    cluster.settle();
    watch.stop();
    expect(seen.length).toBeGreaterThan(1);
  });
});

describe('bodies', () => {
  const cluster = openCluster({ topology: { workers: 0 } });
  const post = (body: unknown) =>
    cluster.request({ method: 'POST', path: '/api/v1/namespaces/default/configmaps?fieldValidation=Strict', body });
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const deep = (levels: number): string =>
    `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"deep"},"data":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
  it.each([5_000, 100_000])('nested %i levels deep are refused', (levels) => {
    for (const body of [deep(levels), bytes(deep(levels)), JSON.parse(deep(levels))])
      expect(post(body)).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  });
  it('that name a field twice are told of as text and as bytes', () => {
    const twice = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"twice"},"data":{"a":"b","a":"c"}}';
    for (const body of [twice, bytes(twice)])
      expect(post(body)).toMatchObject({
        status: 400,
        body: { message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"' },
      });
  });
});

describe('discovery', () => {
  const cluster = openCluster({ topology: { workers: 0 } });
  it('tells all groups at once to who asks so', () => {
    const { headers, body } = cluster.request({
      method: 'GET',
      path: '/apis',
      headers: { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
    });
    const { items } = body as {
      items: {
        metadata: { name: string };
        versions: { resources: { resource: string; subresources?: { subresource: string; responseKind: object; verbs: string[] }[] }[] }[];
      }[];
    };
    expect(headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(
      items.find(({ metadata }) => metadata.name === 'apps')?.versions[0].resources.find(({ resource }) => resource === 'deployments')
        ?.subresources,
    ).toContainEqual({
      subresource: 'scale',
      responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      acceptedTypes: [{ group: 'autoscaling', version: 'v1', kind: 'Scale' }],
      verbs: ['get', 'patch', 'update'],
    });
    expect(cluster.request({ method: 'GET', path: '/apis', headers: { Accept: 'application/json' } })).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: { kind: 'APIGroupList' },
    });
  });
});

describe('at rest', () => {
  const container = { name: 'c', image: 'nginx:1.29' };
  const init = (...command: readonly string[]): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { initContainers: [{ name: 'i', image: 'busybox:1.37', command }], containers: [container] },
  });
  const slow = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'p' },
    spec: {
      minReadySeconds: 10,
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } },
    },
  };
  it.each([
    ['an init container sleeps', init('sleep', '5'), 'get pod p', /1\/1 +Running/],
    ['pods must have been ready for a while', slow, 'get deployment p', /1\/1 +1 +1 /],
    [
      'an init container waits for a Service that may never come',
      init('sh', '-c', 'until nslookup nobody; do sleep 2; done'),
      'get pod p',
      /0\/1 +Init:0\/1/,
    ],
    ['an init container takes an hour', init('sleep', '3600'), 'get pod p', /0\/1 +Init:0\/1/],
  ])('is not said too early, nor waited for in vain: %s', (_, object, asked, shows) => {
    const cluster = openCluster({ topology: { workers: 1 } });
    cluster.kubectl('apply -f -', JSON.stringify(object));
    expect(cluster.settle().settled).toBe(true);
    expect(cluster.kubectl(`${asked} --no-headers`).stdout).toMatch(shows);
  });
});
