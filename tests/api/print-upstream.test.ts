/** Every case of pkg/printers/internalversion/printers_test.go (v1.36) for kinds that are here, without the pods: TestPrintEvent, …Namespace, …Secret, …Node*, …Service*, …Deployment, …DaemonSet, …ReplicaSet, …ControllerRevision, …EndpointSlice, …Lease, TestTranslateTimestampSince. */
import { describe, expect, it } from 'vitest';
import { AHEAD, at, core, DAY, print, row } from './printed.ts';

describe('TestTranslateTimestampSince', () => {
  const age = core('Namespace');
  it.each([
    [-2.1, '<invalid>'],
    [-1.9, '0s'],
    [0, '0s'],
    [30, '30s'],
    [300, '5m'],
    [6000, '100m'],
    [2 * DAY, '2d'],
    [90 * DAY, '90d'],
    [3650 * DAY, '10y'],
  ])('%d s ago is %s', (ago, says) => expect(row(age('n', {}, { creationTimestamp: at(ago) }))).toBe(`n||${says}`));
});

describe('TestPrintEvent', () => {
  const deployment = { kind: 'Deployment', name: 'Deployment Name', fieldPath: 'spec.containers{foo}' };
  const said = { reason: 'Event Reason', message: 'Message Data', type: 'Warning', involvedObject: deployment };
  const event = core('Event');
  const source = { component: 'kubelet', host: 'Node1' };
  const wide = (last: string, count: number, n: number, from = 'kubelet, Node1'): string =>
    `${last}|Warning|Event Reason|deployment/Deployment Name|spec.containers{foo}|${from}|Message Data|3d|${count}|event${n}`;
  const [first, last] = [at(3 * DAY), at(2 * DAY)];
  const usual = { firstTimestamp: first, lastTimestamp: last, count: 6 };
  print([
    [
      'basic',
      event('event1', {
        ...said,
        ...usual,
        type: 'Normal',
        source: { component: 'kubelet' },
        involvedObject: { ...deployment, kind: 'Pod', name: 'Pod Name' },
      }),
      '2d|Normal|Event Reason|pod/Pod Name|Message Data',
    ],
    ['wide', event('event2', { ...said, ...usual, source }), wide('2d', 6, 2), true],
    [
      'without a first time',
      event('event3', { ...said, source, eventTime: first, lastTimestamp: first, count: 1 }),
      wide('3d', 1, 3),
      true,
    ],
    [
      'without a last time',
      event('event4', { ...said, source, eventTime: first, firstTimestamp: first, count: 1 }),
      wide('3d', 1, 4),
      true,
    ],
    ['without either', event('event5', { ...said, source, eventTime: first, count: 1 }), wide('3d', 1, 5), true],
    [
      'a series',
      event('event6', { ...said, source, eventTime: first, series: { count: 2, lastObservedTime: last } }),
      wide('2d', 2, 6),
      true,
    ],
    ['a single one', event('event7', { ...said, source, eventTime: first }), wide('3d', 1, 7), true],
    [
      'of a reporting controller',
      event('event2', { ...said, ...usual, reportingComponent: 'kubelet', reportingInstance: 'test' }),
      wide('2d', 6, 2, 'kubelet, test'),
      true,
    ],
  ]);
});

describe('TestPrintNamespace, TestPrintSecret', () => {
  const type = 'kubernetes.io/service-account-token';
  print([
    [
      'a Namespace',
      core('Namespace')('namespace1', { status: { phase: 'FooStatus' } }, { creationTimestamp: AHEAD }),
      'namespace1|FooStatus|0s',
    ],
    ['without status or age', core('Namespace')('namespace2', {}), 'namespace2||<unknown>'],
    ['a Secret', core('Secret')('secret1', { type, data: { token: 'c2VjcmV0' } }, { creationTimestamp: AHEAD }), `secret1|${type}|1|0s`],
    ['a Secret without data', core('Secret')('secret1', { type }, { creationTimestamp: AHEAD }), `secret1|${type}|0|0s`],
  ]);
});

describe('TestPrintNode*', () => {
  const node = core('Node');
  const ready = (status: string): object => ({ conditions: [{ type: 'Ready', status }] });
  const odd = { conditions: [{ type: 'InvalidValue', status: 'True' }] };
  const cordoned = { spec: { unschedulable: true } };
  const tail = '<none>|<unknown>|';
  const address = (...all: readonly (readonly [string, string])[]) => all.map(([type, ip]) => ({ type: `${type}IP`, address: ip }));
  const external = address(['External', '1.1.1.1']);
  const wide = (nodeInfo: object): object => node('foo', { status: { nodeInfo, addresses: external } });
  const unknown = '<unknown>|<unknown>|<unknown>';
  print([
    ['ready', node('foo1', { status: ready('True') }), `foo1|Ready|${tail}`],
    ['ready and cordoned', node('foo2', { ...cordoned, status: ready('True') }), `foo2|Ready,SchedulingDisabled|${tail}`],
    ['not ready', node('foo4', { status: ready('False') }), `foo4|NotReady|${tail}`],
    ['not ready and cordoned', node('foo5', { ...cordoned, status: ready('False') }), `foo5|NotReady,SchedulingDisabled|${tail}`],
    ['another condition', node('foo6', { status: odd }), `foo6|Unknown|${tail}`],
    ['an empty condition', node('foo7', { status: { conditions: [{}] } }), `foo7|Unknown|${tail}`],
    ['another and cordoned', node('foo8', { ...cordoned, status: odd }), `foo8|Unknown,SchedulingDisabled|${tail}`],
    ['no role', node('foo9', {}), `foo9|Unknown|${tail}`],
    [
      'roles',
      node(
        'foo10',
        {},
        {
          labels: {
            'node-role.kubernetes.io/master': '',
            'node-role.kubernetes.io/control-plane': '',
            'node-role.kubernetes.io/proxy': '',
            'kubernetes.io/role': 'node',
          },
        },
      ),
      'foo10|Unknown|control-plane,master,node,proxy|<unknown>|',
    ],
    ['the older label', node('foo11', {}, { labels: { 'kubernetes.io/role': 'node' } }), 'foo11|Unknown|node|<unknown>|'],
    ['an OS image', wide({ osImage: 'fake-os-image' }), `foo|Unknown|${tail}|<none>|1.1.1.1|fake-os-image|<unknown>|<unknown>`, true],
    [
      'a kernel',
      wide({ kernelVersion: 'fake-kernel-version' }),
      `foo|Unknown|${tail}|<none>|1.1.1.1|<unknown>|fake-kernel-version|<unknown>`,
      true,
    ],
    [
      'a runtime',
      wide({ containerRuntimeVersion: 'foo://1.2.3' }),
      `foo|Unknown|${tail}|<none>|1.1.1.1|<unknown>|<unknown>|foo://1.2.3`,
      true,
    ],
    ['nothing', wide({}), `foo|Unknown|${tail}|<none>|1.1.1.1|${unknown}`, true],
    [
      'the first of its addresses',
      node('foo3', { status: { addresses: address(['External', '2.2.2.2'], ['Internal', '3.3.3.3'], ['External', '4.4.4.4']) } }),
      `foo3|Unknown|${tail}|3.3.3.3|2.2.2.2|${unknown}`,
      true,
    ],
    [
      'an address inside',
      node('foo1', { status: { addresses: address(['Internal', '1.1.1.1']) } }),
      `foo1|Unknown|${tail}|1.1.1.1|<none>|${unknown}`,
      true,
    ],
  ]);
});

describe('TestPrintServiceLoadBalancer', () => {
  const tcp = (port: number, protocol = 'TCP') => ({ port, protocol });
  const ports = [tcp(80), tcp(8090, 'UDP'), tcp(8000)];
  const service = (ip: string, more: object, ingress: readonly object[] = []) =>
    core('Service')('s', { spec: { type: 'LoadBalancer', clusterIPs: [ip], ports, ...more }, status: { loadBalancer: { ingress } } });
  const many = [{ ip: '2.3.4.5' }, { ip: '3.4.5.6' }, { ip: '5.6.7.8', hostname: 'host5678' }];
  print([
    [
      'two addresses',
      service('1.2.3.4', { ports: [tcp(80)] }, many.slice(0, 2)),
      's|LoadBalancer|1.2.3.4|2.3.4.5,3.4.5.6|80/TCP|<unknown>',
    ],
    [
      'pending',
      service('1.3.4.5', { ports: [...ports, tcp(7777, 'SCTP')] }),
      's|LoadBalancer|1.3.4.5|<pending>|80/TCP,8090/UDP,8000/TCP,7777/SCTP|<unknown>',
    ],
    ['one address', service('1.4.5.6', {}, many.slice(0, 1)), 's|LoadBalancer|1.4.5.6|2.3.4.5|80/TCP,8090/UDP,8000/TCP|<unknown>'],
    ['too many', service('1.5.6.7', {}, many), 's|LoadBalancer|1.5.6.7|2.3.4.5,3.4.5...|80/TCP,8090/UDP,8000/TCP|<unknown>'],
    [
      'wide',
      service('1.5.6.7', { selector: { foo: 'bar' } }, many),
      's|LoadBalancer|1.5.6.7|2.3.4.5,3.4.5.6,5.6.7.8|80/TCP,8090/UDP,8000/TCP|<unknown>|foo=bar',
      true,
    ],
  ]);
});

describe('TestPrintService, TestPrintServiceList', () => {
  const service = (spec: object, ...ingress: readonly object[]) =>
    core('Service')('test', {
      spec: { clusterIPs: ['10.9.8.7'], ports: [{ protocol: 'tcp', port: 8888 }], ...spec },
      status: { loadBalancer: { ingress } },
    });
  const balanced = (externalIPs: readonly string[], ...ingress: readonly object[]) =>
    service({ type: 'LoadBalancer', externalIPs }, ...ingress);
  const internal = service({ type: 'ClusterIP', ports: [{ protocol: 'tcp', port: 2233 }], selector: { foo: 'bar' } });
  const [one, two] = [
    { ip: '2.3.4.5', hostname: 'test.cluster.local' },
    { ip: '3.4.5.6', hostname: 'test.cluster.com' },
  ];
  print([
    ['of a cluster', internal, 'test|ClusterIP|10.9.8.7|<none>|2233/tcp|<unknown>'],
    ['of a cluster, wide', internal, 'test|ClusterIP|10.9.8.7|<none>|2233/tcp|<unknown>|foo=bar', true],
    [
      'of nodes',
      service({ type: 'NodePort', ports: [{ protocol: 'tcp', port: 8888, nodePort: 9999 }] }),
      'test|NodePort|10.9.8.7|<none>|8888:9999/tcp|<unknown>',
    ],
    [
      'of nodes without one',
      service({ type: 'NodePort', ports: [{ protocol: 'udp', port: 5566 }] }),
      'test|NodePort|10.9.8.7|<none>|5566/udp|<unknown>',
    ],
    ['balanced', balanced([]), 'test|LoadBalancer|10.9.8.7|<pending>|8888/tcp|<unknown>'],
    ['balanced from outside', balanced(['80.11.12.10']), 'test|LoadBalancer|10.9.8.7|80.11.12.10|8888/tcp|<unknown>'],
    ['balanced from both', balanced(['80.11.12.10'], two), 'test|LoadBalancer|10.9.8.7|3.4.5.6,80.11.12.10|8888/tcp|<unknown>'],
    [
      'balanced from many',
      balanced(['80.11.12.10', '80.11.12.11'], one, two),
      'test|LoadBalancer|10.9.8.7|2.3.4.5,3.4.5.6,80.11.12.10,80.11.12.11|8888/tcp|<unknown>',
    ],
    [
      'another name',
      core('Service')('test', { spec: { type: 'ExternalName', externalName: 'my.database.example.com' } }),
      'test|ExternalName|<none>|my.database.example.com|<none>|<unknown>',
    ],
  ]);
});

describe('TestPrintControllerRevision', () => {
  const revision = (n: number, ownerReferences?: readonly object[]): object => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: 'test', creationTimestamp: AHEAD, ...(ownerReferences ? { ownerReferences } : {}) },
    revision: n,
  });
  print([
    [
      'of a controller',
      revision(1, [{ controller: true, apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'foo' }]),
      'test|daemonset.apps/foo|1|0s',
    ],
    ['of an owner', revision(2, [{ controller: false, kind: 'ABC', name: 'foo' }]), 'test|<none>|2|0s'],
    ['of nobody', revision(3, []), 'test|<none>|3|0s'],
    ['without owners', revision(4), 'test|<none>|4|0s'],
  ]);
});

describe('TestPrintDeployment, TestPrintDaemonSet, TestPrintReplicaSet', () => {
  const containers = ['1', '2'].map((n) => ({ name: `fake-container${n}`, image: `fake-image${n}` }));
  const owner = (kind: string, spec: object, status: object): object => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'test1', creationTimestamp: AHEAD },
    spec: { template: { spec: { containers } }, selector: { matchLabels: { foo: 'bar' } }, ...spec },
    status,
  });
  const wide = '|fake-container1,fake-container2|fake-image1,fake-image2|foo=bar';
  const deployment = owner(
    'Deployment',
    { replicas: 5 },
    { replicas: 10, updatedReplicas: 2, availableReplicas: 1, unavailableReplicas: 4 },
  );
  const counts = { currentNumberScheduled: 2, desiredNumberScheduled: 3, numberReady: 1, updatedNumberScheduled: 2, numberAvailable: 0 };
  const [daemons, replicas] = [owner('DaemonSet', {}, counts), owner('ReplicaSet', { replicas: 5 }, { replicas: 5, readyReplicas: 2 })];
  print([
    ['a Deployment', deployment, 'test1|0/5|2|1|0s'],
    ['a Deployment, wide', deployment, `test1|0/5|2|1|0s${wide}`, true],
    ['a DaemonSet', daemons, 'test1|3|2|1|2|0|<none>|0s'],
    ['a DaemonSet, wide', daemons, `test1|3|2|1|2|0|<none>|0s${wide}`, true],
    ['a DaemonSet without containers', owner('DaemonSet', { template: {} }, { ...counts, numberReady: 9 }), 'test1|3|2|9|2|0|<none>|0s'],
    ['a ReplicaSet', replicas, 'test1|5|5|2|0s'],
    ['a ReplicaSet, wide', replicas, `test1|5|5|2|0s${wide}`, true],
  ]);
});

describe('TestPrintEndpointSlice, TestPrintLease', () => {
  const slice = (addressType: string, ports: readonly number[], endpoints: readonly (readonly string[])[]): object => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'abcslice.123', creationTimestamp: at(300) },
    addressType,
    ports: ports.map((port) => ({ name: `p${port}`, port, protocol: 'TCP' })),
    endpoints: endpoints.map((addresses) => ({ addresses })),
  });
  const [one, two] = [
    ['10.1.2.3', '2001:db8::1234:5678'],
    ['10.2.3.4', '2001:db8::2345:6789'],
  ];
  const many = '10.1.2.3,2001:db8::1234:5678,10.2.3.4 + 1 more...';
  const lease = (age: number): object => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'lease1', creationTimestamp: at(age) },
    spec: { holderIdentity: 'holder1' },
  });
  print([
    ['one port', slice('IPv4', [80], [one]), 'abcslice.123|IPv4|80|10.1.2.3,2001:db8::1234:5678|5m'],
    ['two ports', slice('IPv6', [80, 443], [one, two]), `abcslice.123|IPv6|80,443|${many}|5m`],
    ['four ports', slice('IPv4', [80, 443, 3000, 3001], [one, two]), `abcslice.123|IPv4|80,443,3000 + 1 more...|${many}|5m`],
    ['a Lease', lease(-1.9), 'lease1|holder1|0s'],
    ['an older Lease', lease(300), 'lease1|holder1|5m'],
  ]);
});
