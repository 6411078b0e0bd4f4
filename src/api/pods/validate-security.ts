/**
 * Security contexts of pods and containers.
 * Upstream: pkg/apis/core/validation/validation.go validatePodSpecSecurityContext, ValidateSecurityContext (v1.36). Simplified: nothing.
 */
import { duplicate, forbidden, invalid, oneOf, required, type FieldError } from '../machinery/field-error.ts';
import type { V1AppArmorProfile, V1PodSpec, V1SeccompProfile, V1SecurityContext } from '../schema/kubernetes.ts';
import { descendingErrors } from './validate-paths.ts';
import { validateWindows } from './validate-windows.ts';

type Annotations = Readonly<Record<string, string>> | undefined;
const MOST_ID = 2147483647;
const idErrors = (id: number | undefined, field: string): readonly FieldError[] =>
  typeof id !== 'number' || (id >= 0 && id <= MOST_ID) ? [] : [invalid(field, id, `must be between 0 and ${MOST_ID}, inclusive`)];
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export function validatePodSecurity(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  const context = spec?.securityContext;
  const field = `${at}.securityContext`;
  return [
    ...idErrors(context?.fsGroup, `${field}.fsGroup`),
    ...idErrors(context?.runAsUser, `${field}.runAsUser`),
    ...idErrors(context?.runAsGroup, `${field}.runAsGroup`),
    ...(context?.supplementalGroups ?? []).flatMap((id, i) => idErrors(id, `${field}.supplementalGroups[${i}]`)),
    ...(spec?.shareProcessNamespace && spec.hostPID
      ? [invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
    ...validateSysctls(context?.sysctls ?? [], `${field}.sysctls`),
    ...oneOf(context?.fsGroupChangePolicy, `${field}.fsGroupChangePolicy`, ['Always', 'OnRootMismatch']),
    ...validateSeccomp(context?.seccompProfile, `${field}.seccompProfile`),
    ...validateWindows(context?.windowsOptions, `${field}.windowsOptions`),
    ...validateAppArmor(context?.appArmorProfile, `${field}.appArmorProfile`),
    ...oneOf(context?.supplementalGroupsPolicy, `${field}.supplementalGroupsPolicy`, ['Merge', 'Strict']),
    ...oneOf(context?.seLinuxChangePolicy, `${field}.seLinuxChangePolicy`, ['MountOption', 'Recursive']),
  ];
}

const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_FORM = new RegExp(`^${SYSCTL}$`);

function validateSysctls(sysctls: readonly { readonly name: string }[], at: string): readonly FieldError[] {
  return sysctls.flatMap(({ name }, i): readonly FieldError[] => {
    const field = `${at}[${i}].name`;
    if (!name) return [required(field)];
    if (name.length > 253 || !SYSCTL_FORM.test(name))
      return [invalid(field, name, `must have at most 253 characters and match regex ^${SYSCTL}$`)];
    return sysctls.findIndex((other) => other.name === name) < i ? [duplicate(field, name)] : [];
  });
}

/** `usesHostUsers`: the pod has no user namespace of its own. */
export function validateSecurity(context: V1SecurityContext | undefined, at: string, usesHostUsers: boolean): readonly FieldError[] {
  if (!context) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const keepsPrivileges = allowPrivilegeEscalation === false;
  return [
    ...idErrors(context.runAsUser, `${at}.runAsUser`),
    ...idErrors(context.runAsGroup, `${at}.runAsGroup`),
    ...oneOf(procMount, `${at}.procMount`, ['Default', 'Unmasked']),
    ...(usesHostUsers && procMount === 'Unmasked'
      ? [invalid(`${at}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`')]
      : []),
    ...validateSeccomp(context.seccompProfile, `${at}.seccompProfile`),
    ...(keepsPrivileges && privileged
      ? [invalid(at, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')]
      : []),
    ...(keepsPrivileges
      ? (capabilities?.add ?? [])
          .filter((name) => name === 'CAP_SYS_ADMIN')
          .map(() => invalid(at, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'))
      : []),
    ...validateWindows(context.windowsOptions, `${at}.windowsOptions`),
    ...validateAppArmor(context.appArmorProfile, `${at}.appArmorProfile`),
  ];
}

function validateSeccomp(profile: V1SeccompProfile | undefined, at: string): readonly FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const field = `${at}.localhostProfile`;
  return [
    ...(type ? oneOf(type, `${at}.type`, PROFILES) : [required(`${at}.type`, 'type is required when seccompProfile is set')]),
    ...(type === 'Localhost'
      ? localhostProfile === undefined
        ? [required(field, 'must be set when seccomp type is Localhost')]
        : descendingErrors(localhostProfile, field)
      : localhostProfile === undefined
        ? []
        : [invalid(field, { Type: type ?? '', LocalhostProfile: localhostProfile }, 'can only be set when seccomp type is Localhost')]),
  ];
}

function validateAppArmor(profile: V1AppArmorProfile | undefined, at: string): readonly FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const field = `${at}.localhostProfile`;
  if (!type) return [required(`${at}.type`, 'type is required when appArmorProfile is set')];
  if (!PROFILES.includes(type)) return oneOf(type, `${at}.type`, PROFILES);
  if (type !== 'Localhost')
    return localhostProfile === undefined ? [] : [invalid(field, localhostProfile, 'can only be set when AppArmor type is Localhost')];
  const trimmed = localhostProfile?.trim();
  if (localhostProfile === undefined || localhostProfile === '') return [required(field, 'must be set when AppArmor type is Localhost')];
  return trimmed === localhostProfile ? [] : [invalid(field, localhostProfile, 'must not be padded with whitespace')];
}

/** What Windows does not have, in upstream's order: of a pod (what begins with host or share is the spec's own), and of a container. */
const NOT_WINDOWS = {
  pod: 'appArmorProfile seLinuxOptions hostUsers hostPID hostIPC seccompProfile fsGroup fsGroupChangePolicy sysctls shareProcessNamespace runAsUser runAsGroup supplementalGroups supplementalGroupsPolicy seLinuxChangePolicy',
  container:
    'appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged allowPrivilegeEscalation procMount runAsUser runAsGroup',
};
const NOT_LINUX = { pod: 'windowsOptions', container: 'windowsOptions' };

/** What the machine's system does not have. Upstream: validateLinux, validateWindows. */
export function validateSystem(spec: V1PodSpec, at: string): readonly FieldError[] {
  const isLinux = spec.os?.name === 'linux';
  if (!isLinux && spec.os?.name !== 'windows') return [];
  const { pod, container } = isLinux ? NOT_LINUX : NOT_WINDOWS;
  const why = isLinux ? 'windows options cannot be set for a linux pod' : 'cannot be set for a windows pod';
  const given = (from: object | undefined, field: string, name: string): readonly FieldError[] => {
    const value = (from as Readonly<Record<string, unknown>> | undefined)?.[name] ?? [];
    return Array.isArray(value) && value.length === 0 ? [] : [forbidden(`${field}.${name}`, why)];
  };
  return [
    ...pod
      .split(' ')
      .flatMap((name) => (/^(host|share)/.test(name) ? given(spec, at, name) : given(spec.securityContext, `${at}.securityContext`, name))),
    ...(['initContainers', 'containers'] as const).flatMap((list) =>
      (spec[list] ?? []).flatMap((c, i) =>
        container.split(' ').flatMap((name) => given(c.securityContext, `${at}.${list}[${i}].securityContext`, name)),
      ),
    ),
  ];
}

const ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** The old way of saying it. Upstream: ValidateAppArmorPodAnnotations. */
export function armorAnnotationErrors(annotations: Annotations, spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  const names = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((c) => c.name);
  return Object.entries(annotations ?? {})
    .filter(([key]) => key.startsWith(ARMOR))
    .flatMap(([key, profile]) => [
      ...(names.includes(key.slice(ARMOR.length)) ? [] : [invalid(`${at}[${key}]`, key.slice(ARMOR.length), 'container not found')]),
      ...(/^(|runtime\/default|unconfined|localhost\/.*)$/s.test(profile)
        ? []
        : [invalid(`${at}[${key}]`, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)]),
    ]);
}

/** Where a field and an annotation speak of one container they say the same. Upstream: validateAppArmorAnnotationsAndFieldsMatchOnCreate. */
export function armorMismatches(annotations: Annotations, spec: V1PodSpec | undefined): readonly FieldError[] {
  if (spec?.os?.name === 'windows') return [];
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec?.[list] ?? []).flatMap((c, i): readonly FieldError[] => {
      const profile = c.securityContext?.appArmorProfile ?? spec?.securityContext?.appArmorProfile;
      const said = annotations?.[ARMOR + c.name];
      const wanted = profile && ARMOR_WORDS.get(profile.type);
      if (wanted === undefined || said === undefined) return [];
      const field = `spec.${list}[${i}].securityContext.appArmorProfile`;
      if (profile?.type === 'Localhost' ? !said.startsWith(wanted) : said !== wanted)
        return [forbidden(`${field}.type`, 'apparmor type in annotation and field must match')];
      return profile?.type === 'Localhost' && said.slice(wanted.length) !== profile.localhostProfile
        ? [forbidden(`${field}.localhostProfile`, 'apparmor profile in annotation and field must match')]
        : [];
    }),
  );
}
const ARMOR_WORDS: ReadonlyMap<string, string> = new Map([
  ['Unconfined', 'unconfined'],
  ['RuntimeDefault', 'runtime/default'],
  ['Localhost', 'localhost/'],
]);

/** A user namespace of its own goes with no other namespace of the machine. */
export function validateHostUsers(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  if (spec?.hostUsers !== false) return [];
  return (['hostNetwork', 'hostPID', 'hostIPC'] as const)
    .filter((field) => spec[field])
    .map((field) => forbidden(`${at}.${field}`, 'when `hostUsers` is false'));
}
