/** Pods that are refused, and in which words. Cases: pkg/apis/core/validation/validation_test.go (v1.36), TestValidatePodSpec, TestValidatePodCreate, and the tests of the parts of a pod; the words of restart rules: a kube-apiserver v1.36.1. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { c, having, pod, said, type Rec } from './pod-objects.ts';

/** A beginning is enough. */
const starts = (text: string): string => expect.stringMatching(new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)) as string;
const RANGE = 'must be between 1 and 65535, inclusive';
const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';

describe('a pod is refused for', () => {
  it.each<[string, KubeObject, readonly string[]]>([
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    [
      'a container of nothing',
      pod({ containers: [{}] }),
      ['spec.containers[0].name: Required value', 'spec.containers[0].image: Required value'],
    ],
    [
      'an image with blanks',
      having({ image: ' x ' }),
      ['spec.containers[0].image: Invalid value: " x ": must not have leading or trailing whitespace'],
    ],
    ['a name twice', pod({ containers: [c(), c()] }), ['spec.containers[1].name: Duplicate value: "ctr"']],
    ['an init container of the same name', pod({ initContainers: [c()] }), ['spec.initContainers[0].name: Duplicate value: "ctr"']],
    [
      'the same host port',
      pod({
        containers: [c({ ports: [{ hostPort: 80, containerPort: 80 }] }), c({ name: 'b', ports: [{ hostPort: 80, containerPort: 81 }] })],
      }),
      ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
    ],
    [
      'ports',
      having({
        ports: [
          { name: 'a'.repeat(16), containerPort: 80 },
          { containerPort: 65536 },
          { containerPort: 0 },
          { containerPort: 1, hostPort: 65536 },
          { containerPort: 1, protocol: 'ICMP' },
          { name: 'p', containerPort: 1 },
          { name: 'p', containerPort: 2 },
        ],
      }),
      [
        `spec.containers[0].ports[0].name: Invalid value: "${'a'.repeat(16)}": must be no more than 15 characters`,
        `spec.containers[0].ports[1].containerPort: Invalid value: 65536: ${RANGE}`,
        'spec.containers[0].ports[2].containerPort: Required value',
        `spec.containers[0].ports[3].hostPort: Invalid value: 65536: ${RANGE}`,
        'spec.containers[0].ports[4].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
        'spec.containers[0].ports[6].name: Duplicate value: "p"',
      ],
    ],
    [
      'variables',
      having({
        env: [
          { name: '' },
          { name: 'a=b' },
          { name: 'A', valueFrom: {} },
          { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: '' } } },
        ],
      }),
      [
        'spec.containers[0].env[0].name: Required value',
        'spec.containers[0].env[1].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
        'spec.containers[0].env[2].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
        'spec.containers[0].env[3].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
        'spec.containers[0].env[4].valueFrom.secretKeyRef.key: Required value',
      ],
    ],
    [
      'fields it may not see',
      having({
        env: [
          { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } },
          { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.whoops' } } },
          { name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.name['x']" } } },
          { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } } },
          { name: 'A', valueFrom: { fieldRef: {} } },
        ],
      }),
      [
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
        'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.whoops": error converting fieldPath: field label not supported: metadata.whoops',
        "spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.name['x']\": error converting fieldPath: field label does not support subscript: metadata.name['x']",
        'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
        'spec.containers[0].env[4].valueFrom.fieldRef.fieldPath: Required value',
      ],
    ],
    [
      'a divisor',
      having({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } }] }),
      [
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      ],
    ],
    [
      'sources of variables',
      having({
        envFrom: [
          {},
          { configMapRef: { name: 'a' }, secretRef: { name: 'b' } },
          { configMapRef: {} },
          { prefix: 'a=', configMapRef: { name: 'a' } },
        ],
      }),
      [
        'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
        'spec.containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time',
        'spec.containers[0].envFrom[2].configMapRef.name: Required value',
        'spec.containers[0].envFrom[3].prefix: Invalid value: "a=": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
      ],
    ],
    [
      'mounts',
      pod({
        volumes: [{ name: 'v' }],
        containers: [
          c({
            volumeMounts: [
              { name: 'v', mountPath: '/a' },
              { name: 'v', mountPath: '/a' },
              { name: 'x', mountPath: '/b' },
              { name: 'v', mountPath: '/c', subPath: '/abs' },
              { name: 'v', mountPath: '/d', mountPropagation: 'Bidirectional' },
            ],
          }),
        ],
      }),
      [
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
        'spec.containers[0].volumeMounts[2].name: Not found: "x"',
        'spec.containers[0].volumeMounts.subPath: Invalid value: "/abs": must be a relative path',
        'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
      ],
    ],
    [
      'resources',
      having({ resources: { limits: { cpu: '-10m', disk: '1G' }, requests: { 'my.org/q': '1' } } }),
      [
        'spec.containers[0].resources.limits[cpu]: Invalid value: "-10m": must be greater than or equal to 0',
        'spec.containers[0].resources.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.limits[disk]: Invalid value: "disk": must be a standard resource for containers',
        'spec.containers[0].resources.requests[cpu]: Invalid value: "-10m": must be greater than or equal to 0',
        'spec.containers[0].resources.requests[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[disk]: Invalid value: "disk": must be a standard resource for containers',
        'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
      ],
    ],
    [
      'parts of a device',
      having({ resources: { limits: { 'my.org/r': '500m' } } }),
      [
        'spec.containers[0].resources.limits[my.org/r]: Invalid value: "500m": must be an integer',
        'spec.containers[0].resources.requests[my.org/r]: Invalid value: "500m": must be an integer',
      ],
    ],
    [
      'fewer devices than the limit',
      having({ resources: { limits: { 'my.org/r': '2' }, requests: { 'my.org/r': '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "1": must be equal to my.org/r limit of 2'],
    ],
    [
      'half a huge page',
      having({ resources: { limits: { 'hugepages-2Mi': '3Mi', cpu: '1' }, requests: { 'hugepages-2Mi': '3Mi' } } }),
      Array(2).fill(': Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi') as string[],
    ],
    [
      'mounts that are read alone all the way down',
      pod({
        volumes: [{ name: 'v' }],
        containers: [
          c({
            volumeMounts: [
              { name: 'v', mountPath: '/a', recursiveReadOnly: 'Enabled', mountPropagation: 'HostToContainer' },
              { name: 'v', mountPath: '/b', recursiveReadOnly: 'Disabled' },
              { name: 'v', mountPath: '/c', readOnly: true, recursiveReadOnly: 'x' },
            ],
          }),
        ],
      }),
      [
        'spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be specified when readOnly is true',
        'spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified',
        'spec.containers[0].volumeMounts[2].recursiveReadOnly: Unsupported value: "x": supported values: "Disabled", "IfPossible", "Enabled"',
      ],
    ],
    [
      'volumes of drivers and images',
      pod({
        volumes: [
          { name: 'a', csi: { driver: 'a_b', nodePublishSecretRef: {} } },
          { name: 'b', ephemeral: {} },
          { name: 'c', image: { pullPolicy: 'x' } },
          { name: 'd', gitRepo: { directory: '../x' } },
        ],
      }),
      [
        starts('spec.volumes[0].csi.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain'),
        'spec.volumes[0].csi.nodePublishSecretRef.name: Required value',
        'spec.volumes[1].ephemeral.volumeClaimTemplate: Required value',
        'spec.volumes[2].image.reference: Required value',
        'spec.volumes[2].image.pullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"',
        'spec.volumes[3].gitRepo.repository: Required value',
        'spec.volumes[3].gitRepo.directory: Invalid value: "../x": must not contain \'..\'',
      ],
    ],
    [
      'what no label can say, where it is required',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['-1'] }] }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['-1'] }] } },
            ],
          },
        },
      }),
      [
        starts(
          'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]: Invalid value: "-1": a valid label must be',
        ),
      ],
    ],
    [
      'huge pages alone',
      having({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
      ['spec.containers[0].resources: Forbidden: HugePages require cpu or memory'],
    ],
    [
      'probes',
      having({
        livenessProbe: { httpGet: { port: 80 }, timeoutSeconds: -1, successThreshold: 2 },
        readinessProbe: { exec: { command: [] }, terminationGracePeriodSeconds: 10 },
        startupProbe: {},
      }),
      [
        'spec.containers[0].livenessProbe.timeoutSeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
        'spec.containers[0].readinessProbe.exec.command: Required value',
        'spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 10: must not be set for readinessProbes',
        'spec.containers[0].startupProbe: Required value: must specify a handler type',
      ],
    ],
    [
      'hooks',
      having({
        lifecycle: {
          preStop: { sleep: { seconds: 31 } },
          postStart: { httpGet: { port: 65536, scheme: 'git', httpHeaders: [{ name: 'X_Bad', value: '' }] } },
        },
      }),
      [
        `spec.containers[0].lifecycle.postStart.httpGet.port: Invalid value: 65536: ${RANGE}`,
        'spec.containers[0].lifecycle.postStart.httpGet.scheme: Unsupported value: "git": supported values: "HTTP", "HTTPS"',
        "spec.containers[0].lifecycle.postStart.httpGet.httpHeaders: Invalid value: \"X_Bad\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
    ],
    [
      'an init container with a probe',
      pod({ initContainers: [c({ name: 'i', readinessProbe: { tcpSocket: { port: 80 } } })] }),
      ['spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
    ],
    [
      'policies',
      pod({
        restartPolicy: 'Sometimes',
        dnsPolicy: 'invalid',
        containers: [c({ imagePullPolicy: 'Maybe', terminationMessagePolicy: 'x' })],
      }),
      [
        'spec.containers[0].terminationMessagePolicy: Unsupported value: "x": supported values: "File", "FallbackToLogsOnError"',
        'spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
        'spec.dnsPolicy: Unsupported value: "invalid": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      ],
    ],
    [
      'ids',
      pod({ securityContext: { supplementalGroups: [2147483648], runAsUser: -1 }, activeDeadlineSeconds: 0 }),
      [
        'spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
        'spec.securityContext.supplementalGroups[0]: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive',
        'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
      ],
    ],
    [
      'privileges',
      having({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      [
        'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ],
    ],
    [
      'profiles',
      pod({
        securityContext: {
          seccompProfile: { type: 'Localhost' },
          appArmorProfile: { type: 'Test' },
          sysctls: [{ name: 'a-b-c/' }, { name: 'net.x' }, { name: 'net.x' }],
        },
      }),
      [
        'spec.securityContext.sysctls[0].name: Invalid value: "a-b-c/": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
        'spec.securityContext.sysctls[2].name: Duplicate value: "net.x"',
        'spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
        'spec.securityContext.appArmorProfile.type: Unsupported value: "Test": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    ],
    [
      'addresses',
      pod({
        hostAliases: [{ ip: '999.999.999.999', hostnames: ['@#$^#@#$'] }],
        dnsPolicy: 'None',
        dnsConfig: { nameservers: ['256.1.1.1'] },
      }),
      [
        'spec.dnsConfig.nameservers[0]: Invalid value: "256.1.1.1": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'spec.hostAliases[0].ip: Invalid value: "999.999.999.999": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        expect.stringMatching(
          /^spec\.hostAliases\[0\]\.hostnames\[0\]: Invalid value: "@#\$\^#@#\$": a lowercase RFC 1123/,
        ) as unknown as string,
      ],
    ],
    ['no nameservers', pod({ dnsPolicy: 'None' }), ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
    [
      "a user namespace in the machine's network",
      pod({ hostUsers: false, hostNetwork: true }),
      ['spec.hostNetwork: Forbidden: when `hostUsers` is false'],
    ],
    [
      'gates',
      pod({ nodeName: 'n', schedulingGates: [{ name: 'foo' }, { name: 'foo' }, { name: '_x' }] }),
      [
        'spec.schedulingGates[1]: Duplicate value: "foo"',
        expect.stringMatching(/^spec\.schedulingGates\[2\]: Invalid value: "_x": name part must consist/) as unknown as string,
        'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      ],
    ],
    [
      'tolerations',
      pod({
        tolerations: [
          { key: 'a', operator: 'Exists', value: 'bar' },
          { operator: 'Equal' },
          { key: 'a', operator: 'In' },
          { key: 'a', operator: 'Exists', effect: 'everything' },
        ],
      }),
      [
        'spec.tolerations[0].operator: Invalid value: "bar": value must be empty when `operator` is \'Exists\'',
        'spec.tolerations[1].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        'spec.tolerations[2].operator: Unsupported value: "In": supported values: "Equal", "Exists"',
        'spec.tolerations[3].effect: Unsupported value: "everything": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      'affinity',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchFields: [
                    { key: 'metadata.namespace', operator: 'In', values: ['a', 'b'] },
                    { key: 'metadata.name', operator: 'Exists' },
                  ],
                },
              ],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 199, preference: {} }],
          },
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'zone', namespaces: ['A'], labelSelector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } },
            ],
          },
        },
      }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "metadata.namespace": not a valid field selector key',
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[1].operator: Invalid value: "Exists": not a valid selector operator',
        'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 199: must be in the range 1-100',
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
        expect.stringMatching(
          /requiredDuringSchedulingIgnoredDuringExecution\[0\]\.namespace: Invalid value: "A": a lowercase RFC 1123 label/,
        ) as unknown as string,
      ],
    ],
    [
      'spreading',
      pod({
        topologySpreadConstraints: [
          { maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'N/A' },
          { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', minDomains: -1 },
          { maxSkew: 2, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', nodeTaintsPolicy: 'x', matchLabelKeys: ['k'] },
        ],
      }),
      [
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "N/A": supported values: "DoNotSchedule", "ScheduleAnyway"',
        'spec.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, ScheduleAnyway}"',
        'spec.topologySpreadConstraints[1].minDomains: Invalid value: -1: must be greater than zero',
        'spec.topologySpreadConstraints[1].minDomains: Invalid value: -1: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
        'spec.topologySpreadConstraints[2].nodeTaintsPolicy: Unsupported value: "x": supported values: "Honor", "Ignore"',
        'spec.topologySpreadConstraints[2].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      ],
    ],
    [
      'volumes',
      pod({
        volumes: [
          { name: 'v', emptyDir: {}, hostPath: { path: '/' } },
          { name: 'v2', secret: { secretName: 's', defaultMode: 512, items: [{ key: 'k', path: '../x', mode: -1 }] } },
          { name: 'v3', hostPath: { path: '/a/../b', type: 'X' } },
          { name: '', configMap: {} },
          { name: 'v5', downwardAPI: { items: [{ path: '' }] } },
          { name: 'v6', emptyDir: {} },
          { name: 'v6', emptyDir: {} },
        ],
      }),
      [
        'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
        `spec.volumes[1].secret.defaultMode: Invalid value: 512: ${MODE}`,
        'spec.volumes[1].secret.items[0].path: Invalid value: "../x": must not contain \'..\'',
        `spec.volumes[1].secret.items[0].mode: Invalid value: -1: ${MODE}`,
        'spec.volumes[2].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
        'spec.volumes[2].hostPath.type: Unsupported value: "X": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
        'spec.volumes[3].configMap.name: Required value',
        'spec.volumes[3].name: Required value',
        'spec.volumes[4].downwardAPI.path: Required value',
        'spec.volumes[4].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
        'spec.volumes[6].name: Duplicate value: "v6"',
      ],
    ],
    [
      'a token that is too short',
      pod({
        volumes: [
          {
            name: 'p',
            projected: {
              sources: [
                { serviceAccountToken: { path: 't', expirationSeconds: 599 } },
                { secret: { name: 's', items: [{ key: 'a', path: 'x' }] } },
                { configMap: { name: 'c', items: [{ key: 'a', path: 'x' }] } },
              ],
            },
          },
        ],
      }),
      [
        'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
        'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths',
      ],
    ],
    [
      'annotations',
      pod({}, { 'controller.kubernetes.io/pod-deletion-cost': 'text', 'kubernetes.io/config.mirror': '' }),
      [
        'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "": must set spec.nodeName if mirror pod annotation is set',
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "text": must be a 32bit integer',
      ],
    ],
    // What the field's description demands: a DNS subdomain of at most 64 characters, neither with setHostnameAsFQDN nor with hostNetwork.
    [
      'a host name of its own',
      pod({ hostnameOverride: `${'x'.repeat(64)}Y`, setHostnameAsFQDN: true, hostNetwork: true }),
      [
        expect.stringMatching(/^spec\.hostnameOverride: Invalid value: "x+Y": a lowercase RFC 1123 subdomain/) as unknown as string,
        'spec.hostnameOverride: Too long: may not be more than 64 bytes',
        expect.stringMatching(/^spec\.setHostnameAsFQDN: Forbidden: /) as unknown as string,
        expect.stringMatching(/^spec\.hostNetwork: Forbidden: /) as unknown as string,
      ],
    ],
    [
      'names',
      pod({ hostname: 'a.b', subdomain: 'Foo', serviceAccountName: 'default', os: { name: 'dummyOS' } }),
      [
        'spec.hostname: Invalid value: "a.b": must not contain dots',
        expect.stringMatching(/^spec\.subdomain: Invalid value: "Foo": a lowercase RFC 1123 label/) as unknown as string,
        'spec.os: Unsupported value: "dummyOS": supported values: "linux", "windows"',
      ],
    ],
  ])('%s', (_, object, expected) => {
    expect(said(object)).toEqual(expected);
  });
});

it.each<[string, Rec, readonly string[]]>([
  [
    'are kept',
    {
      restartPolicy: 'Never',
      restartPolicyRules: [
        { action: 'Restart', exitCodes: { operator: 'In', values: [42] } },
        { action: 'RestartAllContainers', exitCodes: { operator: 'NotIn', values: [0] } },
      ],
    },
    [],
  ],
  [
    'want a policy',
    { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
    ['spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used'],
  ],
  [
    'know two actions and two operators',
    { restartPolicy: 'Never', restartPolicyRules: [{ action: 'DoNotRestart', exitCodes: { operator: 'Equals', values: [3] } }] },
    [
      'spec.containers[0].restartPolicyRules[0].action: Unsupported value: "DoNotRestart": supported values: "Restart", "RestartAllContainers"',
      'spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "Equals": supported values: "In", "NotIn"',
    ],
  ],
  [
    'name codes',
    { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart' }] },
    ['spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified'],
  ],
])('rules for restarts %s', (_, container, expected) => expect(said(having(container))).toEqual(expected));
