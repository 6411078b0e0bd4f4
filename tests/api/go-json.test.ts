/**
 * What is left of an object when Go has decoded and written it.
 * Expected: the json tags in k8s.io/api v0.36.3 types.go; the Pod's status of kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod.
 */
import { expect, it } from 'vitest';
import { asGoWrites } from '../../src/api/schema/go-json.ts';
import { checkStructure } from '../../src/api/schema/validate.ts';
import { parseManifest } from '../../src/api/manifest/parse.ts';

const at = '2022-02-17T21:51:01Z';
const sentCondition = (type: string): object => ({ lastTransitionTime: at, status: 'True', type });
const condition = (type: string): object => ({ lastProbeTime: null, ...sentCondition(type) });
const TYPES = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
const shown = {
  conditions: TYPES.map(condition),
  containerStatuses: [
    {
      containerID: 'containerd://5403af59',
      image: 'docker.io/library/nginx:latest',
      imageID: 'docker.io/library/nginx@sha256:2834dc50',
      lastState: {},
      name: 'nginx',
      ready: true,
      restartCount: 0,
      started: true,
      state: { running: { startedAt: at } },
    },
  ],
  hostIP: '192.168.0.113',
  phase: 'Running',
  podIP: '10.88.0.3',
  podIPs: [{ ip: '10.88.0.3' }],
  qosClass: 'Guaranteed',
  startTime: at,
};

it('a status as kubectl shows it stays the very same', () => {
  expect(asGoWrites('V1PodStatus', shown)).toBe(shown);
  expect(checkStructure('V1PodStatus', shown).isAsWritten).toBe(true);
});
it('what a client left out of it comes back', () => {
  const [{ lastState, ...bare }] = shown.containerStatuses;
  expect(lastState).toEqual({});
  const sent = {
    ...shown,
    conditions: TYPES.map(sentCondition),
    containerStatuses: [bare],
    message: '',
    reason: '',
    initContainerStatuses: [],
  };
  expect(checkStructure('V1PodStatus', sent).isAsWritten).toBe(false);
  expect(asGoWrites('V1PodStatus', sent)).toEqual(shown);
});

const events = {
  count: 1,
  eventTime: null,
  firstTimestamp: null,
  involvedObject: {},
  lastTimestamp: null,
  metadata: {},
  reportingComponent: '',
  reportingInstance: '',
  source: {},
};
it.each<readonly [string, string, unknown, unknown]>([
  [
    'empty lists and maps',
    'V1ObjectMeta',
    { name: 'a', labels: {}, annotations: {}, ownerReferences: [], finalizers: [], creationTimestamp: null },
    { name: 'a' },
  ],
  [
    'false, 0 and "" that are no pointers',
    'V1PodSpec',
    { containers: [], hostNetwork: false, nodeName: '', hostname: '', nodeSelector: {} },
    { containers: [] },
  ],
  [
    'pointers to false and 0 stay',
    'V1PodSpec',
    {
      containers: [],
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priority: 0,
      terminationGracePeriodSeconds: 0,
      securityContext: {},
      affinity: {},
    },
    {
      containers: [],
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priority: 0,
      terminationGracePeriodSeconds: 0,
      securityContext: {},
      affinity: {},
    },
  ],
  ['a pointer to nothing', 'V1PodSpec', { containers: [], securityContext: null, priority: null }, { containers: [] }],
  [
    'a container',
    'V1Container',
    {
      name: 'c',
      args: [],
      env: [{ name: 'A', value: '' }],
      stdin: false,
      securityContext: { privileged: false, capabilities: { add: [], drop: ['ALL'] } },
      resources: { limits: {} },
    },
    { name: 'c', env: [{ name: 'A' }], securityContext: { privileged: false, capabilities: { drop: ['ALL'] } }, resources: {} },
  ],
  ['a divisor', 'V1ResourceFieldSelector', { resource: 'limits.cpu' }, { resource: 'limits.cpu', divisor: '0' }],
  [
    'a Deployment',
    'V1Deployment',
    { spec: { replicas: 0, paused: false, selector: { matchLabels: {} }, template: {} } },
    { metadata: {}, spec: { replicas: 0, selector: {}, strategy: {}, template: { metadata: {}, spec: {} } }, status: {} },
  ],
  [
    'counts that are always written',
    'V1DaemonSetStatus',
    { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0, numberAvailable: 0 },
    { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  ],
  ['an Event', 'CoreV1Event', { metadata: {}, involvedObject: { kind: '' }, count: 1, reason: '' }, events],
  [
    'a slice of nothing',
    'V1EndpointSlice',
    { addressType: 'IPv4', metadata: {} },
    { addressType: 'IPv4', metadata: {}, endpoints: null, ports: null },
  ],
  [
    'a slice of nobody',
    'V1EndpointSlice',
    { addressType: 'IPv4', metadata: {}, endpoints: [], ports: [{ name: '' }] },
    { addressType: 'IPv4', metadata: {}, endpoints: [], ports: [{ name: '' }] },
  ],
  [
    'a node that says nothing',
    'V1NodeStatus',
    {},
    {
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: {
        architecture: '',
        bootID: '',
        containerRuntimeVersion: '',
        kernelVersion: '',
        kubeProxyVersion: '',
        kubeletVersion: '',
        machineID: '',
        operatingSystem: '',
        osImage: '',
        systemUUID: '',
      },
    },
  ],
  [
    'data',
    'V1ConfigMap',
    { metadata: {}, data: { a: '' }, binaryData: {}, immutable: false },
    { metadata: {}, data: { a: '' }, immutable: false },
  ],
])('%s', (_, model, sent, kept) => {
  expect(asGoWrites(model, sent)).toEqual(kept);
  expect(asGoWrites(model, kept)).toBe(kept);
});

it('the editor finds nothing wrong with what is empty', () => {
  expect(
    parseManifest('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {}, labels: {}}\ndata: {}\n').diagnostics,
  ).toEqual([]);
});
