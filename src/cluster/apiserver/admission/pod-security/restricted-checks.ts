/**
 * What the restricted policy forbids besides. Upstream: staging/src/k8s.io/pod-security-admission/policy/check_*.go (v1.36).
 */
import type { V1Container, V1PodTemplateSpec } from '../../../../api/schema/kubernetes.ts';
import {
  bad,
  type Check,
  type Context,
  isProfile,
  isRelaxed,
  isWindows,
  named,
  plural,
  quoted,
  setters,
  silent,
  sorted,
  violation,
  type Violation,
} from './check.ts';

/** 'container "a" must not include "NET_ADMIN" in securityContext.capabilities.add' */
export function added(pod: V1PodTemplateSpec, mayBe: (capability: string) => boolean): readonly string[] {
  const wrong = ({ securityContext: s }: V1Container): readonly string[] => (s?.capabilities?.add ?? []).filter((c) => !mayBe(c));
  const containers = bad(pod, (c) => wrong(c).length > 0);
  if (containers.length === 0) return [];
  return [`${named(containers)} must not include ${quoted(sorted(containers.flatMap(wrong)))} in securityContext.capabilities.add`];
}
export const capabilitiesRestricted: Check = {
  level: 'restricted',
  since: 22,
  judge(pod, minor) {
    if (isWindows(pod, minor)) return undefined;
    const keeping = bad(pod, (c) => c.securityContext?.capabilities?.drop?.includes('ALL') !== true);
    const details = [
      ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...added(pod, (c) => c === 'NET_BIND_SERVICE'),
    ];
    return violation(details.length > 0, 'unrestricted capabilities', () => details.join('; '));
  },
};
const FREE_VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const KNOWN_VOLUMES: ReadonlySet<string> = new Set(
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  ),
);
export const restrictedVolumes: Check = {
  level: 'restricted',
  judge({ spec }) {
    const volumes = (spec?.volumes ?? []).filter((volume) => !FREE_VOLUMES.some((type) => Object.hasOwn(volume, type)));
    const types = sorted(volumes.map((volume) => Object.keys(volume).find((key) => KNOWN_VOLUMES.has(key)) ?? 'unknown'));
    const use = (): string =>
      `${plural('volume', volumes.length)} ${quoted(volumes.map((v) => v.name))} ${plural('uses', volumes.length, 'use')}`;
    return violation(
      volumes.length > 0,
      'restricted volume types',
      () => `${use()} ${plural('restricted volume type', types.length)} ${quoted(types)}`,
    );
  },
};
const seccompType = (context: Context): string | undefined => context.seccompProfile?.type;
export function seccompBadlySet(pod: V1PodTemplateSpec): Violation | undefined {
  const { who, values } = setters(pod, seccompType, (type) => !isProfile(type));
  return violation(
    who.length > 0,
    'seccompProfile',
    () => `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(sorted(values))}`,
  );
}
export const seccompRestricted: Check = {
  level: 'restricted',
  since: 19,
  judge(pod, minor) {
    if (isWindows(pod, minor)) return undefined;
    const containers = silent(pod, seccompType, isProfile);
    const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
    return seccompBadlySet(pod) ?? violation(containers.length > 0, 'seccompProfile', () => `pod or ${named(containers)} ${must}`);
  },
};
const allowPrivilegeEscalation: Check = {
  level: 'restricted',
  since: 8,
  judge(pod, minor) {
    const containers = bad(pod, (c) => c.securityContext?.allowPrivilegeEscalation !== false);
    return violation(
      containers.length > 0 && !isWindows(pod, minor),
      'allowPrivilegeEscalation != false',
      () => `${named(containers)} must set securityContext.allowPrivilegeEscalation=false`,
    );
  },
};

const nonRoot = (context: Context): boolean | undefined => context.runAsNonRoot;
const runAsNonRoot: Check = {
  level: 'restricted',
  judge(pod, minor) {
    if (isRelaxed(pod, minor)) return undefined;
    const { who } = setters(pod, nonRoot, (is) => !is);
    const containers = silent(pod, nonRoot, (is) => is);
    return violation(who.length + containers.length > 0, 'runAsNonRoot != true', () =>
      who.length > 0
        ? `${who.join(' and ')} must not set securityContext.runAsNonRoot=false`
        : `pod or ${named(containers)} must set securityContext.runAsNonRoot=true`,
    );
  },
};

const runAsUser: Check = {
  level: 'restricted',
  since: 23,
  judge(pod, minor) {
    if (isRelaxed(pod, minor)) return undefined;
    const { who } = setters(
      pod,
      (context) => context.runAsUser,
      (uid) => uid === 0,
    );
    return violation(who.length > 0, 'runAsUser=0', () => `${who.join(' and ')} must not set runAsUser=0`);
  },
};

/** By upstream's names of the checks. */
export const RESTRICTED: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];
