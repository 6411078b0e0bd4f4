/** Cases: pkg/apis/core/validation/validation_test.go, pkg/apis/apps/validation/validation_test.go, pkg/apis/discovery/validation/validation_test.go, apimachinery/pkg/api/validation/objectmeta_test.go, pkg/apis/core/v1/defaults_test.go (v1.36): objects that are no pods. */
import { describe, expect, it } from 'vitest';
import { admit } from '../../src/cluster/apiserver/admit-part.ts';
import type { KubeObject } from '../../src/api/object.ts';

type Rec = Readonly<Record<string, unknown>>;
type Outcome = ReturnType<typeof admit>;
const causes = (outcome: Outcome): readonly string[] =>
  'status' in outcome
    ? (outcome.status.details?.causes ?? [{ field: outcome.status.reason, message: outcome.status.message }]).map(
        (x) => `${x.field}: ${x.message}`,
      )
    : [];
const made = (object: object): Outcome => admit({ operation: 'CREATE', object: object as KubeObject });
const changed = (object: object, old: object): readonly string[] =>
  causes(admit({ operation: 'UPDATE', object: object as KubeObject, old: old as KubeObject }));
const core =
  (kind: string) =>
  (more: object = {}, metadata: object = {}): object => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'x', namespace: 'ns', ...metadata },
    ...more,
  });
const [service, secret, map] = [
  (spec: Rec, metadata = {}) => core('Service')({ spec: { ports: [{ name: 'p', port: 8675 }], ...spec } }, metadata),
  core('Secret'),
  core('ConfigMap'),
];
const node = (more: object = {}): object => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'x' }, ...more });
const slice = (more: object): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'x', namespace: 'ns' },
  addressType: 'IPv4',
  endpoints: [],
  ...more,
});
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const workload =
  (kind: string) =>
  (spec: Rec = {}): object => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'x', namespace: 'ns' },
    spec: { selector: { matchLabels: { a: 'b' } }, template, ...spec },
  });
const [deployment, daemonSet, replicaSet] = ['Deployment', 'DaemonSet', 'ReplicaSet'].map(workload);

const IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const ONLY = "may only be used when `type` is 'LoadBalancer'";
/** A beginning is enough. */
const starts = (text: string): string => `${text}…`;
const byText = (a: string, b: string): number => (a < b ? -1 : 1);
const cut = (line: string, expected: readonly string[]): string =>
  expected.find((e) => e.endsWith('…') && line.startsWith(e.slice(0, -1))) ?? line;

it.each<[string, object, readonly string[]]>([
  ['a Service', service({}), []],
  [
    'TestValidateService: invalid namespace',
    service({}, { namespace: '-123' }),
    [starts('metadata.namespace: Invalid value: "-123": a lowercase RFC 1123 label')],
  ],
  ['a headless Service without ports', service({ clusterIP: 'None', ports: [] }), []],
  [
    'one port over two protocols',
    service({
      type: 'NodePort',
      ports: [
        { name: 'u', port: 53, protocol: 'UDP', nodePort: 30053 },
        { name: 't', port: 53, nodePort: 30053 },
      ],
    }),
    [],
  ],
  ['another name with a dot', service({ type: 'ExternalName', externalName: 'foo.bar.test.', ports: undefined }), []],
  ['no ports', service({ ports: [] }), ['spec.ports: Required value']],
  // RelaxedServiceNameValidation, on since v1.36.
  ['a name that begins with a digit', service({}, { name: '1abc' }), []],
  ['a name of too much', service({}, { name: 'a.b' }), ['metadata.name: Invalid value: "a.b": must not contain dots']],
  [
    'affinities',
    service({ sessionAffinity: 'INVALID' }),
    ['spec.sessionAffinity: Unsupported value: "INVALID": supported values: "ClientIP", "None"'],
  ],
  [
    'an affinity for too long',
    service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } } }),
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400'],
  ],
  [
    'a type',
    service({ type: 'x' }),
    ['spec.type: Unsupported value: "x": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
  ],
  [
    'ports',
    service({
      ports: [
        { name: 'A', port: 0 },
        { name: 'p', port: 1, targetPort: 65536 },
        { name: 'p', port: 2, protocol: 'X', appProtocol: 'H@' },
        { name: 'q', port: 1 },
      ],
    }),
    [
      starts('spec.ports[0].name: Invalid value: "A": a lowercase RFC 1123 label'),
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[1].targetPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
      'spec.ports[2].name: Duplicate value: "p"',
      'spec.ports[2].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
      starts('spec.ports[2].appProtocol: Invalid value: "H@": name part must consist'),
      'spec.ports[3]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    'addresses',
    service({ clusterIP: 'invalid', externalIPs: ['127.0.0.1', '0.0.0.0', '169.254.1.1', '224.0.0.1', 'x'] }),
    [
      `spec.clusterIPs[0]: Invalid value: "invalid": ${IP}`,
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
      'spec.externalIPs[2]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      'spec.externalIPs[3]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      `spec.externalIPs[4]: Invalid value: "x": ${IP}`,
    ],
  ],
  [
    'families',
    service({ ipFamilies: ['IPv4', 'IPv4', 'x'], ipFamilyPolicy: 'foo' }),
    [
      'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      'spec.ipFamilies[2]: Unsupported value: "x": supported values: "IPv4", "IPv6"',
      'spec.ipFamilyPolicy: Unsupported value: "foo": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  ],
  [
    'lists that disagree',
    service({ clusterIP: '10.254.0.5', clusterIPs: ['10.254.0.6'] }),
    ['spec.clusterIPs: Invalid value: ["10.254.0.6"]: first value must match `clusterIP`'],
  ],
  [
    'a list alone',
    service({ clusterIPs: ['10.254.0.6'] }),
    ['spec.clusterIPs: Invalid value: ["10.254.0.6"]: must be empty when `clusterIP` is not specified'],
  ],
  [
    'the other name',
    service({ type: 'ExternalName', externalName: '-foo', clusterIP: '10.254.0.5', ipFamilyPolicy: 'SingleStack' }),
    [
      'spec.clusterIPs: Forbidden: may not be set for ExternalName services',
      'spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services',
      starts('spec.externalName: Invalid value: "-foo"'),
    ],
  ],
  [
    'a balancer of the kubelet',
    service({ type: 'LoadBalancer', clusterIP: 'None', ports: [{ port: 10250 }] }),
    [
      'spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet',
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for LoadBalancer services',
    ],
  ],
  [
    'what only balancers have',
    service({
      loadBalancerSourceRanges: ['1.2.3.4/24', 'foo'],
      allocateLoadBalancerNodePorts: true,
      loadBalancerClass: 'a/b',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31000,
      internalTrafficPolicy: 'X',
      trafficDistribution: 'Y',
    }),
    [
      `spec.LoadBalancerSourceRanges: Forbidden: ${ONLY}`,
      'spec.LoadBalancerSourceRanges[0]: Invalid value: "1.2.3.4/24": must not have bits set beyond the prefix length',
      'spec.LoadBalancerSourceRanges[1]: Invalid value: "foo": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      `spec.allocateLoadBalancerNodePorts: Forbidden: ${ONLY}`,
      `spec.loadBalancerClass: Forbidden: ${ONLY}`,
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      "spec.healthCheckNodePort: Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      'spec.internalTrafficPolicy: Unsupported value: "X": supported values: "Cluster", "Local"',
      'spec.trafficDistribution: Unsupported value: "Y": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"',
    ],
  ],

  ['a Secret', secret({ data: { '.a-b_C': 'YQ==' } }), []],
  [
    'keys',
    secret({ data: { 'a..b': '', '..a': '', 'x y': '' } }),
    [
      'data[..a]: Invalid value: "..a": must not start with \'..\'',
      starts('data[x y]: Invalid value: "x y": a valid config key must consist'),
    ],
  ],
  [
    'a token of nobody',
    secret({ type: 'kubernetes.io/service-account-token' }),
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  ['a login of nobody', secret({ type: 'kubernetes.io/basic-auth' }), ['data[username]: Required value', 'data[password]: Required value']],
  ['an empty key', secret({ type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } }), ['data[ssh-privatekey]: Required value']],
  ['half a certificate', secret({ type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }), ['data[tls.key]: Required value']],
  [
    'no docker configuration',
    secret({ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'YmFk' } }),
    ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'b\' looking for beginning of value'],
  ],
  [
    'a key in both',
    map({ data: { a: '' }, binaryData: { a: '' } }),
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  ['too much', map({ data: { a: 'x'.repeat(1024 * 1024 + 1) } }), [': Too long: may not be more than 1048576 bytes']],

  [
    "a Node's taints",
    node({
      spec: {
        taints: [
          { key: 'a', effect: 'NoExecuteNoAdmit' },
          { key: 'b', value: '-x', effect: '' },
          { key: 'GPU', value: 'a', effect: 'NoSchedule' },
          { key: 'GPU', value: 'b', effect: 'NoSchedule' },
        ],
      },
    }),
    [
      'metadata.taints[0].effect: Unsupported value: "NoExecuteNoAdmit": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      starts('metadata.taints[1].value: Invalid value: "-x": a valid label'),
      'metadata.taints[1].effect: Required value',
      'metadata.taints[3]: Duplicate value: {"Key":"GPU","Value":"b","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
    ],
  ],
  [
    "a Node's networks",
    node({ spec: { podCIDRs: ['192.168.0.0', '192.168.0.0/16', '192.168.0.0/16'] } }),
    [
      'spec.podCIDRs[0]: Invalid value: "192.168.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.podCIDRs: Invalid value: ["192.168.0.0","192.168.0.0/16","192.168.0.0/16"]: may specify no more than one CIDR for each IP family',
      'spec.podCIDRs[2]: Duplicate value: "192.168.0.0/16"',
    ],
  ],
  [
    'metadata',
    map(
      {},
      {
        generateName: 'Ab-',
        labels: { a: '@' },
        annotations: { 'A/B/C': '' },
        finalizers: ['x', 'orphan', 'foregroundDeletion'],
        ownerReferences: [
          { apiVersion: '', kind: 'K', name: '', uid: '1' },
          { apiVersion: 'v1', kind: 'Event', name: 'e', uid: '1', controller: true },
          { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '1', controller: true },
        ],
      },
    ),
    [
      starts('metadata.generateName: Invalid value: "Ab-": a lowercase RFC 1123 subdomain'),
      starts('metadata.labels: Invalid value: "@": a valid label'),
      starts('metadata.annotations: Invalid value: "A/B/C": '),
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.name: Invalid value: "": must not be empty',
      starts('metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event"'),
      starts('metadata.ownerReferences: Invalid value: ['),
      'metadata.finalizers: Invalid value: ["x","orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      'metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],

  [
    'a slice',
    slice({ endpoints: [{ addresses: ['10.1.2.3'], hostname: 'valid-123' }], ports: [{ name: '', protocol: 'TCP' }, { name: 'http' }] }),
    [],
  ],
  ['a slice of nothing', slice({ addressType: '' }), ['addressType: Required value']],
  [
    "a slice's parts",
    slice({
      endpoints: [{ addresses: [] }, { addresses: ['1.2.3.4'], hostname: '--INVALID' }, { addresses: ['127.0.0.1'] }],
      ports: [{ name: 'A@' }, { name: 'b', protocol: 'foo' }, { name: 'b', appProtocol: '--' }],
    }),
    [
      'endpoints[0].addresses: Required value: must contain at least 1 address',
      starts('endpoints[1].hostname: Invalid value: "--INVALID": a lowercase RFC 1123 label'),
      'endpoints[2].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      starts('ports[0].name: Invalid value: "A@"'),
      'ports[1].protocol: Unsupported value: "foo": supported values: "SCTP", "TCP", "UDP"',
      'ports[2].name: Duplicate value: "b"',
      starts('ports[2].appProtocol: Invalid value: "--"'),
    ],
  ],
  [
    'a slice of another family',
    slice({ endpoints: [{ addresses: ['2001:db8::1'] }, { addresses: ['x'] }] }),
    [
      'endpoints[0].addresses[0]: Invalid value: "2001:db8::1": must be an IPv4 address',
      `endpoints[1].addresses[0]: Invalid value: "x": ${IP}`,
    ],
  ],
  [
    'too many addresses',
    slice({ endpoints: [{ addresses: Array.from({ length: 101 }, (_, i) => `10.0.0.${i + 1}`) }] }),
    ['endpoints[0].addresses: Too many: 101: must have at most 100 items'],
  ],

  [
    'hints of a slice',
    slice({
      endpoints: [
        {
          addresses: ['1.2.3.4'],
          hints: { forZones: [{ name: 'a' }, { name: 'a' }, { name: '-b' }], forNodes: [{ name: 'n' }, { name: 'n' }, { name: 'A_' }] },
        },
        { addresses: ['1.2.3.5'], hints: { forZones: Array.from({ length: 9 }, (_, i) => ({ name: `z${i}` })) } },
      ],
    }),
    [
      'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
      starts('endpoints[0].hints.forZones[2].name: Invalid value: "-b": a valid label'),
      'endpoints[0].hints.forNodes[1].name: Duplicate value: "n"',
      starts('endpoints[0].hints.forNodes[2].name: Invalid value: "A_": a lowercase RFC 1123 subdomain'),
      'endpoints[1].hints.forZones: Too many: 9: must have at most 8 items',
    ],
  ],
  [
    'a Lease',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'x', namespace: 'ns' },
      spec: { leaseDurationSeconds: 0, leaseTransitions: -1 },
    },
    [
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'what holds a Namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' }, spec: { finalizers: ['example.com/a', 'x'] } },
    ['spec.finalizers: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified'],
  ],

  [
    "a Deployment's strategy",
    deployment({ strategy: { type: 'x' } }),
    ['spec.strategy: Unsupported value: {"Type":"x","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
  ],
  [
    'a rolling Recreate',
    deployment({ strategy: { type: 'Recreate', rollingUpdate: {} } }),
    ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  ],
  [
    'percentages',
    deployment({ strategy: { rollingUpdate: { maxUnavailable: '110%', maxSurge: '20Percent' } } }),
    [
      starts('spec.strategy.rollingUpdate.maxSurge: Invalid value: "20Percent": a valid percent string'),
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "110%": must not be greater than 100%',
    ],
  ],
  [
    'a deadline too soon',
    deployment({ minReadySeconds: 600, progressDeadlineSeconds: 600 }),
    ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds'],
  ],
  [
    'a template with a deadline',
    replicaSet({ template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 10, restartPolicy: 'OnFailure' } } }),
    [
      'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    ],
  ],
  [
    "a template's labels",
    replicaSet({ template: { ...template, metadata: { labels: { a: 'b', 'x y': 'z' } } } }),
    [starts('spec.template.labels: Invalid value: "x y": name part must consist')],
  ],
  [
    'a ReplicaSet of everything',
    replicaSet({ selector: {} }),
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ],
  // pkg/apis/apps/validation/validation.go ValidateReplicaSetSpec: nil is required, and matches nothing.
  [
    'a ReplicaSet that selects nothing',
    replicaSet({ selector: null }),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'a DaemonSet that selects nothing',
    daemonSet({ selector: null }),
    ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
  ],
  [
    'a DaemonSet that does both',
    daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
  ],
  [
    'a DaemonSet that does neither',
    daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
    ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
  ],
])('%s', (_, object, expected) => {
  expect(
    causes(made(object))
      .map((line) => cut(line, expected))
      .sort(byText),
  ).toEqual([...expected].sort(byText));
});

describe('updates', () => {
  const ip = { clusterIP: '10.254.0.5', clusterIPs: ['10.254.0.5'], ipFamilies: ['IPv4'] };
  it.each<[string, object, object, readonly string[]]>([
    [
      "a Service's address",
      service({ clusterIP: '10.254.0.9' }),
      service(ip),
      ['spec.clusterIPs[0]: Invalid value: ["10.254.0.9"]: may not change once set'],
    ],
    [
      "a Service's address, when it had another name",
      service({ clusterIP: '10.254.0.9' }),
      service({ type: 'ExternalName', externalName: 'a.b' }),
      [],
    ],
    ['a Service to another name', service({ ...ip, type: 'ExternalName', externalName: 'a.b' }), service(ip), []],
    [
      'a class of balancers',
      service({ ...ip, type: 'LoadBalancer', loadBalancerClass: 'a/c' }),
      service({ ...ip, type: 'LoadBalancer', loadBalancerClass: 'a/b' }),
      ['spec.loadBalancerClass: Invalid value: "a/c": may not change once set'],
    ],
    ["a Secret's type", secret({ type: 'b' }), secret({ type: 'a' }), ['type: Invalid value: "b": field is immutable']],
    [
      'a fixed Secret',
      secret({ type: 'Opaque', data: { a: 'YQ==' } }),
      secret({ type: 'Opaque', immutable: true }),
      ['immutable: Forbidden: field is immutable when `immutable` is set', 'data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      'a fixed ConfigMap',
      map({ immutable: true, data: { a: 'b' } }),
      map({ immutable: true }),
      ['data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      "a Node's network",
      node({ spec: { podCIDRs: ['192.168.0.0/16'] } }),
      node({ spec: { podCIDRs: ['192.167.0.0/16'] } }),
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
    [
      "a Node's provider",
      node({ spec: { providerID: 'b' } }),
      node({ spec: { providerID: 'a' } }),
      ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
    ],
    ["a slice's family", slice({ addressType: 'IPv6' }), slice({}), ['addressType: Invalid value: "IPv6": field is immutable']],
  ])('%s', (_, next, old, expected) => {
    expect(changed(next, old)).toEqual(expected);
  });
});

describe('a Service gets', () => {
  const spec = (object: object): unknown => {
    const outcome = made(object);
    return 'object' in outcome ? (outcome.object as { spec: unknown }).spec : outcome;
  };
  it.each<[string, object, object]>([
    [
      'three hours of affinity',
      service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: {} }),
      { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } },
    ],
    [
      'a policy for the addresses from outside',
      service({ externalIPs: ['1.2.3.4'] }),
      { externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster' },
    ],
    [
      'ports for its balancer',
      service({ type: 'LoadBalancer' }),
      { externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true, ports: [{ nodePort: expect.any(Number) as unknown }] },
    ],
    [
      'a port to ask after local endpoints',
      service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }),
      { healthCheckNodePort: expect.any(Number) as unknown },
    ],
  ])('%s', (_, object, expected) => {
    expect(spec(object)).toMatchObject(expected);
  });
  it('no affinity when it wants none', () =>
    expect(spec(service({ sessionAffinity: 'None', sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } } }))).not.toHaveProperty(
      'sessionAffinityConfig',
    ));
  it('one port of the machines for one port over two protocols', () => {
    const { ports } = spec(
      service({
        type: 'NodePort',
        ports: [
          { name: 'u', port: 53, protocol: 'UDP' },
          { name: 't', port: 53 },
        ],
      }),
    ) as { ports: readonly { nodePort: number }[] };
    expect(ports[0].nodePort).toBe(ports[1].nodePort);
  });
});

describe('the status of a Node', () => {
  const stored = (status: object): readonly string[] =>
    causes(admit({ operation: 'UPDATE', subresource: 'status', object: node({ status }) as KubeObject, old: node() as KubeObject }));
  it('names an address once', () =>
    expect(
      stored({
        addresses: [
          { type: 'InternalIP', address: '1.1.1.1' },
          { type: 'Hostname', address: '1.1.1.1' },
          { type: 'InternalIP', address: '1.1.1.1' },
        ],
      }),
    ).toEqual(['status.addresses[2]: Duplicate value: {"Type":"InternalIP","Address":"1.1.1.1"}']));
  it('has amounts that there can be', () =>
    expect(stored({ capacity: { cpu: '-1' }, allocatable: { 'example.com/a': '1500m' } })).toEqual([
      'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
      'status.allocatable.example.com/a: Invalid value: "1500m": must be an integer',
    ]));
});

/** Upstream: pkg/registry/core/namespace/strategy.go PrepareForCreate. */
it('a Namespace keeps the finalizers that it is made with, and has its own', () => {
  const outcome = made({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' }, spec: { finalizers: ['example.com/a'] } });
  expect('object' in outcome && (outcome.object as { spec: object }).spec).toEqual({ finalizers: ['example.com/a', 'kubernetes'] });
});

it('what is stored has its defaults: a manifest is no other Deployment than the one that was made of it', () =>
  expect(changed({ ...deployment(), metadata: { name: 'x', namespace: 'ns', labels: { a: 'b' } } }, deployment())).toEqual([]));
it('nor another pod', () =>
  expect(
    changed(
      core('Pod')({ spec: { containers: [{ name: 'c', image: 'j' }] } }),
      core('Pod')({ spec: { containers: [{ name: 'c', image: 'i' }] } }),
    ),
  ).toEqual([]));
