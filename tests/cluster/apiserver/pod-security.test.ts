/**
 * Pod Security Standards, by a namespace's labels. Sources: kubernetes/website content/en/docs/tutorials/security/{ns-level-pss,cluster-level-pss}.md,
 * tasks/configure-pod-container/enforce-standards-namespace-labels.md; staging/src/k8s.io/pod-security-admission/policy/*_test.go, api/helpers_test.go (v1.36).
 */
import { describe, expect, it } from 'vitest';
import { violations } from '../../../src/cluster/apiserver/admission/pod-security/checks.ts';
import { policyOf } from '../../../src/cluster/apiserver/admission/pod-security/pod-security.ts';
import { admit } from '../../../src/cluster/apiserver/admit-part.ts';

const said = (spec: object, { level = 'baseline', minor = Infinity, metadata = {} } = {}): readonly string[] =>
  violations(level, minor, { metadata, spec: { containers: [], ...spec } }).map(({ reason, detail }) => `${reason} (${detail})`);
const a = { name: 'a' };
const secure = (securityContext: object, name = 'a'): object => ({ name, securityContext });

describe('a baseline', () => {
  it.each<[string, object, readonly string[]]>([
    ['lets a plain pod be', { containers: [a] }, []],
    [
      'shares nothing of the machine',
      { hostNetwork: true, hostPID: true, hostIPC: true },
      ['host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)'],
    ],
    [
      'adds no capabilities',
      { containers: [secure({ capabilities: { add: ['FOO', 'BAR', 'CHOWN'] } }), secure({ capabilities: { add: ['BAR'] } }, 'b')] },
      ['non-default capabilities (containers "a", "b" must not include "BAR", "FOO" in securityContext.capabilities.add)'],
    ],
    [
      'mounts no path of the machine',
      { volumes: [{ name: 'a', hostPath: {} }, { name: 'b' }, { name: 'c', hostPath: {} }] },
      ['hostPath volumes (volumes "a", "c")'],
    ],
    [
      'takes no port of the machine',
      { containers: [{ ...a, ports: [{ containerPort: 1, hostPort: 20 }] }], initContainers: [{ name: 'i', ports: [{ hostPort: 8080 }] }] },
      ['hostPort (containers "i", "a" use hostPorts 20, 8080)'],
    ],
    [
      'is not privileged',
      { containers: [secure({ privileged: true })] },
      ['privileged (container "a" must not set securityContext.privileged=true)'],
    ],
    [
      'keeps its SELinux type',
      {
        securityContext: { seLinuxOptions: { type: 'foo', user: 'bar', role: 'baz' } },
        containers: [secure({ seLinuxOptions: { type: 'container_engine_t' } }), secure({ seLinuxOptions: { type: 'bar' } }, 'e')],
      },
      [
        'seLinuxOptions (pod and container "e" set forbidden securityContext.seLinuxOptions: types "bar", "foo"; user may not be set; role may not be set)',
      ],
    ],
    [
      'has safe sysctls',
      { securityContext: { sysctls: [{ name: 'a' }, { name: 'net.ipv4.ip_local_reserved_ports' }, { name: 'b' }] } },
      ['forbidden sysctls (a, b)'],
    ],
    [
      'asks no other host in its probes',
      {
        containers: [
          {
            ...a,
            livenessProbe: { httpGet: { host: '127.0.0.1' } },
            readinessProbe: { tcpSocket: { host: '::1' } },
            startupProbe: { httpGet: {} },
          },
        ],
      },
      ['probe or lifecycle host (container "a" uses probe or lifecycle hosts "127.0.0.1", "::1")'],
    ],
    [
      'has its /proc masked',
      { containers: [secure({ procMount: 'Unmasked' }, 'd'), secure({ procMount: 'Default' })] },
      ['procMount (container "d" must not set securityContext.procMount to "Unmasked")'],
    ],
    ['unless it is in a user namespace', { hostUsers: false, containers: [secure({ procMount: 'Unmasked' })] }, []],
    [
      'is confined by seccomp',
      { securityContext: { seccompProfile: { type: 'Unconfined' } }, containers: [secure({ seccompProfile: { type: 'Localhost' } })] },
      ['seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'],
    ],
    [
      'is no process of a Windows machine',
      { securityContext: { windowsOptions: { hostProcess: true } }, containers: [secure({ windowsOptions: { hostProcess: true } })] },
      ['hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)'],
    ],
  ])('%s', (_, spec, expected) => expect(said(spec)).toEqual(expected));
  it('has its AppArmor profiles in annotations and fields', () => {
    const key = 'container.apparmor.security.beta.kubernetes.io';
    const annotations = { [`${key}/a`]: '', [`${key}/b`]: 'runtime/default', [`${key}/c`]: 'localhost/', [`${key}/e`]: 'unconfined' };
    expect(said({}, { metadata: { annotations } })).toEqual([
      `forbidden AppArmor profile (annotation must not set AppArmor profile type to "${key}/e="unconfined"")`,
    ]);
    expect(said({ containers: [secure({ appArmorProfile: { type: 'Unconfined' } }, 'foo')] })).toEqual([
      'forbidden AppArmor profile (container "foo" must not set AppArmor profile type to "Unconfined")',
    ]);
  });
  it('is what it was in an older version', () => {
    const probe = { containers: [{ ...a, startupProbe: { httpGet: { host: 'localhost' } } }] };
    expect([said(probe, { minor: 33 }), said(probe, { minor: 34 }).length]).toEqual([[], 1]);
    const sysctl = { securityContext: { sysctls: [{ name: 'net.ipv4.ip_local_reserved_ports' }] } };
    expect([said(sysctl, { minor: 26 }).length, said(sysctl, { minor: 27 })]).toEqual([1, []]);
  });
});

describe('a restricted pod', () => {
  const restricted = { level: 'restricted' };
  const good = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [secure({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
  };
  it.each<[string, object, readonly string[]]>([
    ['says all that is asked', good, []],
    [
      'has volumes of its own',
      {
        ...good,
        volumes: [
          { name: 'b', hostPath: {} },
          { name: 'c', nfs: {} },
          { name: 'd', emptyDir: {} },
        ],
      },
      ['restricted volume types (volumes "b", "c" use restricted volume types "hostPath", "nfs")'],
    ],
    [
      'is not root by its number',
      { ...good, securityContext: { ...good.securityContext, runAsUser: 0 } },
      ['runAsUser=0 (pod must not set runAsUser=0)'],
    ],
    [
      'does not say that it may be root',
      {
        ...good,
        containers: [
          {
            ...good.containers[0],
            securityContext: {
              ...secure({}),
              ...{ runAsNonRoot: false, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            },
          },
        ],
      },
      ['runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)'],
    ],
    [
      'adds nothing to what it drops',
      { ...good, containers: [secure({ allowPrivilegeEscalation: false, capabilities: { add: ['CHOWN'] } })] },
      [
        'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "CHOWN" in securityContext.capabilities.add)',
      ],
    ],
  ])('%s', (_, spec, expected) => expect(said(spec, restricted)).toEqual(expected));
  it('of Windows need not say what Windows does not know', () =>
    expect(said({ os: { name: 'windows' }, containers: [a] }, restricted)).toEqual([
      'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)',
    ]));
});

describe('the labels of a namespace', () => {
  const policy = (labels: Record<string, string>): readonly string[] => {
    const { enforce, warn } = policyOf(Object.fromEntries(Object.entries(labels).map(([k, v]) => [`pod-security.kubernetes.io/${k}`, v])));
    return [enforce, warn].map(({ level, version }) => `${level}:${version}`);
  };
  it.each<[Record<string, string>, string, string]>([
    [{}, 'privileged:latest', 'privileged:latest'],
    [{ enforce: 'baseline' }, 'baseline:latest', 'baseline:latest'],
    [{ warn: 'restricted' }, 'privileged:latest', 'restricted:latest'],
    [{ enforce: 'baseline', warn: 'restricted' }, 'baseline:latest', 'restricted:latest'],
    [{ enforce: 'baseline', 'enforce-version': 'v1.22' }, 'baseline:v1.22', 'baseline:v1.22'],
    [{ enforce: 'baseline', 'enforce-version': 'v1.22', 'warn-version': 'latest' }, 'baseline:v1.22', 'baseline:latest'],
    [{ enforce: 'baseline', 'warn-version': 'v1.23' }, 'baseline:latest', 'baseline:v1.23'],
    [{ enforce: 'baseline', warn: 'privileged' }, 'baseline:latest', 'privileged:latest'],
    [{ enforce: 'baseline', warn: 'foo' }, 'baseline:latest', 'privileged:latest'],
    [{ enforce: 'foo' }, 'restricted:latest', 'privileged:latest'],
  ])('%j are a policy', (labels, enforce, warn) => expect(policy(labels)).toEqual([enforce, warn]));
  it('must be ones', () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'strict', 'pod-security.kubernetes.io/warn-version': '1.1' };
    expect(admit({ operation: 'CREATE', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', labels } } })).toMatchObject({
      status: {
        code: 422,
        message:
          'Namespace "n" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.1": must be "latest" or "v1.x"]',
      },
    });
  });
});
