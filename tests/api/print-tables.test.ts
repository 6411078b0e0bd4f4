/** Cases: pkg/printers/internalversion/printers_test.go (v1.36): every kind's line, wide. */
import { describe, expect, it } from 'vitest';
import { table } from '../../src/api/machinery/table.ts';

const NOW = 1776852000000;
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString().replace('.000', '');
const wide = (object: object, isWide = true): readonly string[] => table([object], { nowMs: NOW, wide: isWide }).rows[0];

const service = (spec: object, status = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', creationTimestamp: null },
  spec,
  status,
});
const slice = (more: object) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'e', creationTimestamp: at(300) },
  addressType: 'IPv4',
  ...more,
});
const pod = (spec: object, status: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec, status });
const [two, ready] = [{ containers: [{ name: 'a' }, { name: 'b' }] }, { ready: true, restartCount: 3, state: { running: {} } }];
const ran = (secondsAgo: number) => ({ lastState: { terminated: { exitCode: 1, finishedAt: at(secondsAgo) } } });
const sidecars = { containers: [{ name: 'c' }], initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] };
const done = { name: 'i', restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } };

describe('a pod', () => {
  it.each<[string, object, object, string]>([
    ['whose phase stands', two, { phase: 'podPhase', containerStatuses: [ready, { restartCount: 3 }] }, '1/2 podPhase 6'],
    [
      "whose container's waiting overrides the phase",
      two,
      { phase: 'podPhase', containerStatuses: [ready, { restartCount: 3, state: { waiting: { reason: 'ContainerWaitingReason' } } }] },
      '1/2 ContainerWaitingReason 6',
    ],
    [
      "whose container's end overrides the phase",
      two,
      {
        phase: 'podPhase',
        containerStatuses: [ready, { restartCount: 3, state: { terminated: { exitCode: 1, reason: 'ContainerTerminatedReason' } } }],
      },
      '1/2 ContainerTerminatedReason 6',
    ],
    [
      'ready is not enough when nothing runs',
      two,
      { phase: 'podPhase', containerStatuses: [ready, { ready: true, restartCount: 3 }] },
      '1/2 podPhase 6',
    ],
    [
      'whose reason overrides the phase',
      two,
      { phase: 'podPhase', reason: 'podReason', containerStatuses: [ready, { ready: true, restartCount: 3 }] },
      '1/2 podReason 6',
    ],
    [
      "whose restarts are the latest's age",
      two,
      {
        phase: 'podPhase',
        containerStatuses: [
          { ...ready, ...ran(10) },
          { restartCount: 3, ...ran(20) },
        ],
      },
      '1/2 podPhase 6 (10s ago)',
    ],
    [
      'half completed and ready',
      two,
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ restartCount: 3, state: { terminated: { exitCode: 0, reason: 'Completed' } } }, ready],
      },
      '1/2 Running 6',
    ],
    [
      'half completed and not ready',
      two,
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ restartCount: 3, state: { terminated: { exitCode: 0, reason: 'Completed' } } }, ready],
      },
      '1/2 NotReady 6',
    ],
    [
      'gated beats its reason',
      two,
      { phase: 'Pending', reason: 'x', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      '0/2 SchedulingGated 0',
    ],
    [
      'with an init error',
      sidecars,
      {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'i', restartCount: 3, state: { terminated: { exitCode: 1, reason: 'Error' } }, ...ran(5) }],
      },
      '0/2 Init:Error 3 (5s ago)',
    ],
    [
      'with an init signal',
      sidecars,
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', restartCount: 3, state: { terminated: { exitCode: 1, signal: 7 } } }] },
      '0/2 Init:Signal:7 3',
    ],
    [
      'with an init exit code',
      sidecars,
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', restartCount: 3, state: { terminated: { exitCode: 1 } } }] },
      '0/2 Init:ExitCode:1 3',
    ],
    [
      'whose sidecar has not started',
      sidecars,
      { phase: 'Pending', initContainerStatuses: [done, { name: 's', started: false, restartCount: 1, state: { running: {} } }] },
      '0/2 Init:1/2 1',
    ],
    [
      'PodInitializing is not a reason',
      sidecars,
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } }] },
      '0/2 Init:0/2 0',
    ],
    [
      "a sidecar's restarts stay",
      sidecars,
      {
        phase: 'Running',
        initContainerStatuses: [
          { ...done, restartCount: 5 },
          { name: 's', started: true, ready: true, restartCount: 2, state: { running: {} }, ...ran(60) },
        ],
        containerStatuses: [ready],
      },
      '2/2 Running 5 (60s ago)',
    ],
  ])('%s', (_, spec, status, expected) => {
    expect(wide(pod(spec, status)).slice(1, 4).join(' ')).toBe(expected);
  });

  const gates = { readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }, { conditionType: 'c' }] };
  it.each<[object, object, string]>([
    [{ nodeName: 'n' }, { podIPs: [{ ip: '1.1.1.1' }] }, '1.1.1.1 n <none> <none>'],
    [{}, { podIPs: [{ ip: '2001:db8::' }, { ip: '1.1.1.1' }], nominatedNodeName: 'm' }, '2001:db8:: <none> m <none>'],
    [gates, { podIP: '1.2.3.4' }, '1.2.3.4 <none> <none> 0/3'],
    [
      gates,
      {
        conditions: [
          { type: 'a', status: 'True' },
          { type: 'b', status: 'False' },
        ],
      },
      '<none> <none> <none> 1/3',
    ],
  ])('wide %j %j', (spec, status, expected) => {
    expect(
      wide(pod({ containers: [], ...spec }, status))
        .slice(5)
        .join(' '),
    ).toBe(expected);
  });
});

describe('a service', () => {
  const [ports, long] = [
    [{ port: 2233, protocol: 'tcp' }],
    { loadBalancer: { ingress: [{ ip: '2.2.2.2' }, { ip: '3.3.3.3' }, { hostname: 'lb.example.com' }] } },
  ];
  it.each<[string, object, object, boolean, string]>([
    ['of no type', { clusterIPs: ['1.3.4.5'], ports }, {}, true, ' 1.3.4.5 <unknown> 2233/tcp <unknown> <none>'],
    [
      'of a cluster',
      {
        type: 'ClusterIP',
        clusterIPs: ['1.3.4.5', '2001:db8::1'],
        ports: [{ name: 'n', port: 8090, protocol: 'UDP' }],
        selector: { foo: 'bar' },
      },
      {},
      true,
      'ClusterIP 1.3.4.5 <none> 8090/UDP <unknown> foo=bar',
    ],
    [
      'with external addresses',
      { type: 'NodePort', clusterIPs: ['1.3.4.5'], externalIPs: ['a', 'b'], ports: [{ port: 8888, nodePort: 9999, protocol: 'TCP' }] },
      {},
      false,
      'NodePort 1.3.4.5 a,b 8888:9999/TCP <unknown>',
    ],
    ['headless', { type: 'ClusterIP', clusterIPs: ['None'] }, {}, false, 'ClusterIP None <none> <none> <unknown>'],
    [
      'waiting for a balancer',
      { type: 'LoadBalancer', clusterIPs: ['1.3.4.5'], ports },
      {},
      false,
      'LoadBalancer 1.3.4.5 <pending> 2233/tcp <unknown>',
    ],
    [
      'clipped',
      { type: 'LoadBalancer', clusterIPs: ['1.3.4.5'], ports },
      long,
      false,
      'LoadBalancer 1.3.4.5 2.2.2.2,3.3.3... 2233/tcp <unknown>',
    ],
    [
      'wide',
      { type: 'LoadBalancer', clusterIPs: ['1.3.4.5'], externalIPs: ['a'], ports },
      long,
      true,
      'LoadBalancer 1.3.4.5 2.2.2.2,3.3.3.3,lb.example.com,a 2233/tcp <unknown> <none>',
    ],
    ['by another name', { type: 'ExternalName', externalName: 'my.host' }, {}, false, 'ExternalName <none> my.host <none> <unknown>'],
  ])('%s', (_, spec, status, isWide, expected) => {
    expect(wide(service(spec, status), isWide).slice(1).join(' ')).toBe(expected);
  });
});

it.each<[string, object, string]>([
  ['no ports', slice({ ports: [{ name: 'http', port: 80 }], endpoints: [{ addresses: [] }] }), 'IPv4 80 <unset> 5m'],
  [
    'more of both',
    slice({
      ports: [{ name: 'x' }, {}, { port: 443 }, { port: 8080 }],
      endpoints: [{ addresses: ['1.1.1.1', '2.2.2.2'] }, { addresses: ['3.3.3.3', '4.4.4.4', '5.5.5.5'] }],
    }),
    'IPv4 x,*,443 + 1 more... 1.1.1.1,2.2.2.2,3.3.3.3 + 2 more... 5m',
  ],
])('an EndpointSlice with %s', (_, object, expected) => {
  expect(wide(object).slice(1).join(' ')).toBe(expected);
});

const template = {
  spec: {
    containers: [
      { name: 'fake-container1', image: 'fake-image1' },
      { name: 'fake-container2', image: 'fake-image2' },
    ],
    nodeSelector: { b: '2', a: '1' },
  },
};
const selector = { matchLabels: { foo: 'bar' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'x'] }] };
const node = (more: object) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'n',
    labels: { 'node-role.kubernetes.io/master': '', 'node-role.kubernetes.io/node': '', 'kubernetes.io/role': 'node' },
  },
  ...more,
});
const event = (more: object) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'p', fieldPath: 'spec.containers{foo}' },
  type: 'Warning',
  reason: 'R',
  message: ' m ',
  ...more,
});
const revision = (owner: object | undefined) => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: { name: 'h', ...(owner ? { ownerReferences: [owner] } : {}) },
  revision: 4,
});

it.each<[string, object, string]>([
  [
    'a Deployment',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', creationTimestamp: at(0) },
      spec: { replicas: 5, template, selector },
      status: { replicas: 10, updatedReplicas: 2, availableReplicas: 1, unavailableReplicas: 4 },
    },
    'd 0/5 2 1 0s fake-container1,fake-container2 fake-image1,fake-image2 a in (x,y),foo=bar',
  ],
  [
    'a ReplicaSet',
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'r' },
      spec: { replicas: 5, template },
      status: { replicas: 5, readyReplicas: 2 },
    },
    'r 5 5 2 <unknown> fake-container1,fake-container2 fake-image1,fake-image2 <none>',
  ],
  [
    'a DaemonSet',
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'd' },
      spec: { template, selector },
      status: { desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 1 },
    },
    'd 3 2 1 0 0 a=1,b=2 <unknown> fake-container1,fake-container2 fake-image1,fake-image2 a in (x,y),foo=bar',
  ],
  [
    'a Node',
    node({
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '1.1.1.1' }],
        nodeInfo: { kubeletVersion: 'v1', osImage: '', kernelVersion: '5', containerRuntimeVersion: 'containerd://2' },
      },
    }),
    'n Ready master,node <unknown> v1 1.1.1.1 <none> <unknown> 5 containerd://2',
  ],
  [
    'a cordoned Node of no conditions',
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: { unschedulable: true }, status: {} },
    'n Unknown,SchedulingDisabled <none> <unknown>  <none> <none> <unknown> <unknown> <unknown>',
  ],
  [
    'a Namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' }, status: { phase: 'FooStatus' } },
    'n FooStatus <unknown>',
  ],
  [
    'a Secret',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'kubernetes.io/service-account-token', data: { a: '', b: '' } },
    's kubernetes.io/service-account-token 2 <unknown>',
  ],
  [
    'a ConfigMap',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '', b: '' }, binaryData: { c: '' } },
    'c 3 <unknown>',
  ],
  ['a ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa' }, secrets: [{ name: 's1' }] }, 'sa <unknown>'],
  [
    'a Lease',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l', creationTimestamp: at(0) },
      spec: { holderIdentity: 'holder' },
    },
    'l holder 0s',
  ],
  [
    'an Event of a kubelet',
    event({ source: { component: 'kubelet', host: 'n' }, firstTimestamp: at(600), lastTimestamp: at(120), count: 6 }),
    '2m Warning R pod/p spec.containers{foo} kubelet, n m 10m 6 e',
  ],
  [
    'an Event with a series',
    event({ eventTime: at(600), reportingComponent: 'kubelet', reportingInstance: 'n', series: { count: 2, lastObservedTime: at(180) } }),
    '3m Warning R pod/p spec.containers{foo} kubelet, n m 10m 2 e',
  ],
  [
    'a single Event',
    event({ eventTime: at(1200), reportingComponent: 'kubelet' }),
    '20m Warning R pod/p spec.containers{foo} kubelet m 20m 1 e',
  ],
  [
    'a ControllerRevision',
    revision({ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'foo', uid: 'u', controller: true }),
    'h daemonset.apps/foo 4 <unknown>',
  ],
  [
    'a ControllerRevision of the core group',
    revision({ apiVersion: 'v1', kind: 'Pod', name: 'foo', uid: 'u', controller: true }),
    'h pod/foo 4 <unknown>',
  ],
  ['a ControllerRevision of nobody', revision(undefined), 'h <none> 4 <unknown>'],
])('%s', (_, object, expected) => {
  expect(wide(object).join(' ')).toBe(expected);
});
