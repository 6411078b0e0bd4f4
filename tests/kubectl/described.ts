/** Objects with much in them, each followed by what else its description reads. */
const AT = '2026-05-04T09:00:25Z';
const meta = (name: string, more: object = {}): object => ({ name, namespace: 'default', uid: 'u1', creationTimestamp: AT, ...more });
const LONG = 'é'.repeat(80);
const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }] };
const child = (name: string, more: object = {}): object =>
  meta(name, {
    uid: name,
    labels: { app: 'web', tier: 'a' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'X', name: 'x', uid: 'u1', controller: true }],
    ...more,
  });
const template = {
  metadata: { labels: { app: 'web' }, annotations: { note: 'one\ntwo' } },
  spec: {
    containers: [],
    topologySpreadConstraints: [
      { topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 1 },
      { topologyKey: 'host', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 2, labelSelector: selector },
    ],
    tolerations: [
      { key: 'b', operator: 'Exists' },
      { operator: 'Exists' },
      { key: 'a', value: 'v', effect: 'NoExecute', tolerationSeconds: 3 },
    ],
  },
};
const container = {
  name: 'c',
  image: 'nginx',
  resources: { limits: { cpu: '0.5', memory: '1024Ki' } },
  volumeDevices: [
    { name: 'raw', devicePath: '/dev/xb' },
    { name: 'raw', devicePath: '/dev/xa' },
  ],
  securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' } },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta('rich', { annotations: { long: LONG, plain: 'a\u001b[31mb\rc' } }),
  spec: {
    priority: 0,
    runtimeClassName: 'gvisor',
    resources: { requests: { cpu: '1500m' } },
    containers: [
      {
        ...container,
        livenessProbe: {
          httpGet: { scheme: 'HTTP', host: '::1', port: 80, path: "a b?(c)'" },
          initialDelaySeconds: 1,
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        env: [
          { name: 'UID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } },
          { name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
        ],
      },
    ],
    ephemeralContainers: [{ name: 'debug', image: 'busybox', resources: {}, targetContainerName: 'c' }],
    volumes: [
      { name: 'a', hostPath: { path: '/x' } },
      { name: 'b', emptyDir: { sizeLimit: '1.5Gi' } },
      { name: 'c', image: { reference: 'r', pullPolicy: 'Always' } },
      { name: 'd', iscsi: { targetPortal: 't', iqn: 'i', lun: 1, portals: ['x', 'y'] } },
      { name: 'e', rbd: { monitors: ['m'], image: 'i', secretRef: { name: 's' } } },
      { name: 'f', csi: { driver: 'd', volumeAttributes: { b: '2', a: '1' } } },
      {
        name: 'g',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { b: '2', a: '1' } },
            spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
          },
        },
      },
      { name: 'h', csi: { driver: 'd' } },
      { name: 'i' },
    ],
  },
  status: {
    phase: 'Running',
    qosClass: 'Burstable',
    nominatedNodeName: 'n2',
    containerStatuses: [
      {
        name: 'c',
        image: 'i',
        imageID: 'sha',
        ready: false,
        restartCount: 1,
        state: { terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled', startedAt: AT, finishedAt: AT } },
      },
    ],
  },
};
const slice = (name: string, ready: readonly boolean[], ports: readonly object[]): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  addressType: 'IPv6',
  metadata: meta(name, { labels: { 'kubernetes.io/service-name': 'svc' } }),
  ports,
  endpoints: ready.map((r, i) => ({ addresses: [`fd00::${i}`], conditions: { ready: r }, hostname: '' })),
});

export const DESCRIBED: Readonly<Record<string, readonly object[]>> = {
  Pod: [pod],
  Deployment: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('d'),
      spec: { replicas: 1, selector, template, strategy: { type: 'Recreate' } },
      status: {},
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: child('z', { creationTimestamp: '2026-05-04T08:00:00Z', annotations: { 'deployment.kubernetes.io/revision': '3' } }),
      spec: { replicas: 1, selector, template: { ...template, spec: { containers: [container] } } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: child('a'),
      spec: { replicas: 2, selector, template: { spec: { containers: [] } } },
    },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: child('b', { labels: {} }), spec: { replicas: 2, selector, template } },
  ],
  Service: [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('svc'),
      spec: {
        type: 'LoadBalancer',
        clusterIP: 'None',
        sessionAffinity: 'None',
        trafficDistribution: 'PreferSameZone',
        ports: [
          { name: 'p', port: 80, protocol: 'TCP', targetPort: 'http', appProtocol: 'h2c' },
          { name: 'q', port: 81, protocol: 'TCP', targetPort: 81 },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: '5.5.5.5', ipMode: 'VIP' }, { hostname: 'lb' }] } },
    },
    slice('svc-1', [true, true, true, false], [{ name: 'p', port: 8080, protocol: 'TCP' }]),
  ],
  EndpointSlice: [slice('s', [true], [])],
  Node: [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: 'n1',
        uid: 'n1',
        creationTimestamp: AT,
        labels: { 'kubernetes.io/role': 'edge', 'node-role.kubernetes.io/worker': '' },
      },
      spec: {
        podCIDRs: ['10.1.0.0/24'],
        providerID: 'x://1',
        taints: [
          { key: 'b', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoSchedule', value: 'v' },
          { key: 'z', effect: 'NoExecute' },
        ],
      },
      status: {
        capacity: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '10Gi', 'hugepages-2Mi': '64Mi', 'nvidia.com/gpu': '2' },
        nodeInfo: {},
      },
    },
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: meta('n1', { namespace: 'kube-node-lease' }),
      spec: { acquireTime: '2026-05-04T09:00:25.000000Z' },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: {
        nodeName: 'n1',
        overhead: { cpu: '10m' },
        initContainers: [
          { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '100m' } } },
          { name: 'i', resources: { requests: { cpu: '1' } } },
        ],
        containers: [
          {
            name: 'c',
            resources: {
              requests: { cpu: '200m', 'ephemeral-storage': '1Gi' },
              limits: { 'nvidia.com/gpu': '1', 'hugepages-2Mi': '32Mi', memory: '1Gi' },
            },
          },
        ],
      },
      status: { phase: 'Running' },
    },
  ],
  Namespace: [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n', uid: 'u1' },
      status: {
        phase: 'Terminating',
        conditions: [
          { type: 'NamespaceContentRemaining', status: 'True', lastTransitionTime: AT, reason: 'SomeResourcesRemain', message: 'two left' },
        ],
      },
    },
  ],
  Secret: [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('s'),
      type: 'kubernetes.io/service-account-token',
      data: { token: 'aGVsbG8=', b: 'YQ==', a: '' },
    },
  ],
};
