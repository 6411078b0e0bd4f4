/**
 * What Windows is told of a pod and its containers: users, credentials, and containers that are processes of the machine.
 * Upstream: pkg/apis/core/validation/validation.go validateWindowsSecurityContextOptions, validateWindowsHostProcessPod (v1.36). Simplified: nothing.
 */
import { bytesOf } from '../../lib/utf8.ts';
import { invalid, type FieldError } from '../machinery/field-error.ts';
import { malformedName } from '../machinery/names.ts';
import type { V1PodSpec, V1WindowsSecurityContextOptions } from '../schema/kubernetes.ts';

const MOST_SPEC_KIB = 64;
const MOST_DOMAIN = 256;
const MOST_USER = 104;
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;
const bytes = (text: string): number => bytesOf(text).length;

export function validateWindows(options: V1WindowsSecurityContextOptions | undefined, at: string): readonly FieldError[] {
  if (!options) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const credentials = (why: string): readonly FieldError[] => [invalid(`${at}.gmsaCredentialSpec`, spec, `gmsaCredentialSpec ${why}`)];
  return [
    ...(name === undefined ? [] : malformedName(name, `${at}.gmsaCredentialSpecName`)),
    ...(spec === undefined
      ? []
      : spec === ''
        ? credentials('cannot be an empty string')
        : bytes(spec) > MOST_SPEC_KIB * 1024
          ? credentials(`size must be under ${MOST_SPEC_KIB} KiB`)
          : []),
    ...(user === undefined ? [] : userErrors(user).map((why) => invalid(`${at}.runAsUserName`, user, `runAsUserName${why}`))),
  ];
}

/** A user, with a domain before it or without. */
function userErrors(name: string): readonly string[] {
  if (name === '') return [' cannot be an empty string'];
  if (/\p{Cc}/u.test(name)) return [' cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return [' cannot contain more than one backslash'];
  const [user, domain] = parts.reverse();
  return [
    ...(bytes(domain ?? '') >= MOST_DOMAIN ? [`'s Domain length must be under ${MOST_DOMAIN} characters`] : []),
    ...(domain === undefined || NET_BIOS.test(domain) || DNS.test(domain)
      ? []
      : ["'s Domain doesn't match the NetBios nor the DNS format"]),
    ...(user === ''
      ? ["'s User cannot be empty"]
      : bytes(user) > MOST_USER
        ? [`'s User length must not be longer than ${MOST_USER} characters`]
        : []),
    ...(/^[. ]+$/.test(user) ? ["'s User cannot contain only periods or spaces"] : []),
    ...(/["/\\:;|=,+*?<>@[\]]/.test(user) ? [`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`] : []),
  ];
}

/** Either all containers are processes of the machine, and in its network, or none. */
export function validateHostProcess(spec: V1PodSpec, at: string): readonly FieldError[] {
  const pods = spec.securityContext?.windowsOptions?.hostProcess;
  const all = (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((c, i) => ({
      own: c.securityContext?.windowsOptions?.hostProcess,
      field: `${at}.${list}[${i}].securityContext.windowsOptions.hostProcess`,
    })),
  );
  const count = all.filter(({ own }) => own ?? pods).length;
  return [
    ...all.flatMap(({ own, field }) =>
      pods === undefined || own === undefined || own === pods
        ? []
        : [invalid(field, own, `pod hostProcess value must be identical if both are specified, was ${pods}`)],
    ),
    ...(count > 0 && count < all.length
      ? [invalid(at, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers')]
      : []),
    ...(count > 0 && !spec.hostNetwork
      ? [invalid(`${at}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers')]
      : []),
  ];
}
