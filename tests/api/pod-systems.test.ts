/** What a pod may ask of a machine's system, and the addresses in its status. Cases: pkg/apis/core/validation/validation_test.go (v1.36): TestValidateOSFields, TestValidateAppArmorProfileFormat, TestValidateAppArmorProfileField, TestValidatePodStatusUpdate. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { admit } from '../../src/cluster/apiserver/admit-part.ts';
import { c, causes, pod, said, stored, type Rec } from './pod-objects.ts';

const NOT_WINDOWS = 'Forbidden: cannot be set for a windows pod';
const NOT_LINUX = 'Forbidden: windows options cannot be set for a linux pod';
const ARMOR = 'container.apparmor.security.beta.kubernetes.io/ctr';
const armor = (type: string, localhostProfile?: string): object => ({
  appArmorProfile: { type, ...(localhostProfile === undefined ? {} : { localhostProfile }) },
});
const own = 'spec.containers[0].securityContext';

it.each<readonly [string, Rec, object | undefined, readonly string[]]>([
  [
    'Linux with what is Windows',
    { os: { name: 'linux' }, securityContext: { windowsOptions: {} }, containers: [c({ securityContext: { windowsOptions: {} } })] },
    undefined,
    [`spec.securityContext.windowsOptions: ${NOT_LINUX}`, `${own}.windowsOptions: ${NOT_LINUX}`],
  ],
  [
    "Windows with what is Linux'",
    {
      os: { name: 'windows' },
      hostUsers: true,
      hostPID: true,
      shareProcessNamespace: false,
      securityContext: { runAsUser: 1, fsGroup: 0, sysctls: [{ name: 'a.b', value: '1' }], seLinuxOptions: {}, supplementalGroups: [1] },
      containers: [c({ securityContext: { privileged: false, capabilities: {}, procMount: 'Default', runAsGroup: 0 } })],
    },
    undefined,
    [
      ...['securityContext.seLinuxOptions', 'hostUsers', 'hostPID', 'securityContext.fsGroup', 'securityContext.sysctls'],
      ...['shareProcessNamespace', 'securityContext.runAsUser', 'securityContext.supplementalGroups'],
      ...['capabilities', 'privileged', 'procMount', 'runAsGroup'].map((name) => `containers[0].securityContext.${name}`),
    ].map((field) => `spec.${field}: ${NOT_WINDOWS}`),
  ],
  [
    'Windows as such',
    { os: { name: 'windows' }, securityContext: { windowsOptions: { runAsUserName: 'a' }, runAsNonRoot: true } },
    undefined,
    [],
  ],
  [
    'a change of SELinux that is none',
    { securityContext: { seLinuxChangePolicy: 'Never' } },
    undefined,
    ['spec.securityContext.seLinuxChangePolicy: Unsupported value: "Never": supported values: "MountOption", "Recursive"'],
  ],
  ['a change of SELinux', { securityContext: { seLinuxChangePolicy: 'Recursive' } }, undefined, []],
  [
    'an AppArmor profile by another name',
    {},
    { [ARMOR]: 'baz' },
    [`metadata.annotations[${ARMOR}]: Invalid value: "baz": invalid AppArmor profile name: "baz"`],
  ],
  [
    'the AppArmor profile of nobody',
    {},
    { [`${ARMOR}2`]: 'unconfined' },
    [`metadata.annotations[${ARMOR}2]: Invalid value: "ctr2": container not found`],
  ],
  ['AppArmor profiles that agree', { securityContext: armor('Localhost', 'foo') }, { [ARMOR]: 'localhost/foo' }, []],
  [
    'AppArmor profiles of two names',
    { containers: [c({ securityContext: armor('Localhost', 'bar') })] },
    { [ARMOR]: 'localhost/foo' },
    [`${own}.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match`],
  ],
  [
    'AppArmor profiles of two types',
    { securityContext: armor('RuntimeDefault') },
    { [ARMOR]: 'unconfined' },
    [`${own}.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match`],
  ],
])('%s', (_, spec, annotations, why) => expect(said(pod(spec, annotations))).toEqual(why));

describe("addresses in a pod's status", () => {
  const FAMILIES = 'may specify no more than one IP for each IP family';
  const ips = (...all: readonly string[]): readonly object[] => all.map((ip) => ({ ip }));
  it.each<readonly [object, readonly string[]]>([
    [{ podIPs: ips('10.0.0.1', 'fd00::1'), hostIP: '10.1.0.1', hostIPs: ips('10.1.0.1') }, []],
    [{ podIPs: ips('nope') }, ['status.podIPs[0]: Invalid value: "nope": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    [
      { podIPs: ips('10.0.0.1', '10.0.0.1') },
      [
        `status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.1"}]: ${FAMILIES}`,
        'status.podIPs[1]: Duplicate value: {"IP":"10.0.0.1"}',
      ],
    ],
    [{ hostIP: '10.0.0.1', hostIPs: ips('10.0.0.2') }, ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`']],
  ])('%j', (status, why) => {
    const old = stored(pod());
    const object = { ...old, status: { phase: 'Running', ...status } } as KubeObject;
    expect(causes(admit({ operation: 'UPDATE', subresource: 'status', object, old }))).toEqual(why);
  });
});
