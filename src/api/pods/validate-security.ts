/**
 * Security contexts of pods and containers.
 * Upstream: pkg/apis/core/validation/validation.go validatePodSpecSecurityContext, ValidateSecurityContext (v1.36). Simplified: Windows' options are not looked into.
 */
import { duplicate, forbidden, invalid, oneOf, required, type FieldError } from '../machinery/field-error.ts';
import type { V1AppArmorProfile, V1PodSpec, V1SeccompProfile, V1SecurityContext } from '../schema/kubernetes.ts';
import { descendingErrors } from './validate-paths.ts';

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
    ...validateAppArmor(context?.appArmorProfile, `${field}.appArmorProfile`),
    ...oneOf(context?.supplementalGroupsPolicy, `${field}.supplementalGroupsPolicy`, ['Merge', 'Strict']),
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

/** A user namespace of its own goes with no other namespace of the machine. */
export function validateHostUsers(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  if (spec?.hostUsers !== false) return [];
  return (['hostNetwork', 'hostPID', 'hostIPC'] as const)
    .filter((field) => spec[field])
    .map((field) => forbidden(`${at}.${field}`, 'when `hostUsers` is false'));
}
