/**
 * What a pod's spec must keep to.
 * Upstream: pkg/apis/core/validation/validation.go ValidatePodSpec, ValidatePodCreate (v1.36). Simplified: Windows' options are not looked into.
 */
import { duplicate, forbidden, invalid, oneOf, required, tooLong, type FieldError } from '../machinery/field-error.ts';
import { ipErrors } from '../machinery/ip-rules.ts';
import { checkKey, checkLabels, checkName, malformedName, nameErrors } from '../machinery/names.ts';
import { validateResources } from '../machinery/resource-rules.ts';
import type { V1Pod, V1PodDNSConfig, V1PodResourceClaim, V1PodSpec } from '../schema/kubernetes.ts';
import { validatePodResources } from './pod-resources.ts';
import { validateEphemeralContainers } from './ephemeral.ts';
import { validateAffinity } from './validate-affinity.ts';
import { imageBlankErrors, validateContainers, validateInitContainers } from './validate-container.ts';
import { armorAnnotationErrors, armorMismatches, validateHostUsers, validatePodSecurity, validateSystem } from './validate-security.ts';
import { validateSpread } from './validate-spread.ts';
import { validateTolerations } from './validate-toleration.ts';
import { validateVolumes } from './validate-volumes.ts';
import { validateHostProcess } from './validate-windows.ts';

const NO_CLAIMS: ReadonlySet<string> = new Set();

/** A pod itself, not a template. */
export function validatePod(pod: V1Pod): readonly FieldError[] {
  const { spec } = pod;
  return [
    ...validatePodAnnotations(pod.metadata?.annotations, spec, 'metadata.annotations'),
    ...validatePodSpec(spec, 'spec'),
    ...imageBlankErrors(spec?.containers, 'spec.containers'),
    ...imageBlankErrors(spec?.initContainers, 'spec.initContainers'),
  ];
}

/** What only a new pod must keep to. */
export function validatePodCreate({ metadata, spec }: V1Pod): readonly FieldError[] {
  return [
    ...(spec?.ephemeralContainers?.length ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...(spec?.nodeName && spec.schedulingGates?.length
      ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
      : []),
    ...armorMismatches(metadata?.annotations, spec),
  ];
}

const MIRROR = 'kubernetes.io/config.mirror';
const COST = 'controller.kubernetes.io/pod-deletion-cost';

export function validatePodAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  spec: V1PodSpec | undefined,
  at: string,
): readonly FieldError[] {
  const [mirror, cost] = [annotations?.[MIRROR], annotations?.[COST]];
  const isCost = cost === undefined || (/^(?:0|-?[1-9]\d*)$/.test(cost) && Number(cost) >= -2147483648 && Number(cost) <= 2147483647);
  return [
    ...(mirror !== undefined && !spec?.nodeName
      ? [invalid(`${at}[${MIRROR}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set')]
      : []),
    ...(isCost ? [] : [invalid(`${at}[${COST}]`, cost, 'must be a 32bit integer')]),
    ...armorAnnotationErrors(annotations, spec, at),
  ];
}

export function validatePodSpec(given: V1PodSpec | undefined, at: string): readonly FieldError[] {
  const spec = given ?? { containers: [] };
  const volumes = validateVolumes(spec.volumes, `${at}.volumes`);
  const place = {
    spec,
    volumes: volumes.sound,
    claims: new Set((spec.resourceClaims ?? []).map((claim) => claim.name).filter((name) => name)),
  };
  return [
    ...volumes.errors,
    ...validateClaims(spec.resourceClaims ?? [], `${at}.resourceClaims`),
    ...validateContainers(place, `${at}.containers`),
    ...validateInitContainers(place, `${at}.initContainers`),
    ...(spec.ephemeralContainers ? validateEphemeralContainers(place) : []),
    ...validateHostPorts(spec, `${at}.containers`),
    ...oneOf(spec.restartPolicy, `${at}.restartPolicy`, ['Always', 'OnFailure', 'Never']),
    ...oneOf(spec.dnsPolicy, `${at}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...checkLabels(spec.nodeSelector, `${at}.nodeSelector`),
    ...validatePodSecurity(spec, at),
    ...validateAffinity(spec.affinity, `${at}.affinity`),
    ...validateDns(spec, `${at}.dnsConfig`),
    ...(spec.readinessGates ?? []).flatMap((gate, i) => checkKey(gate.conditionType ?? '', `${at}.readinessGates[${i}].conditionType`)),
    ...(spec.schedulingGates ?? []).flatMap(({ name }, i, all) => [
      ...checkKey(name ?? '', `${at}.schedulingGates[${i}]`),
      ...(all.findIndex((gate) => gate.name === name) < i ? [duplicate(`${at}.schedulingGates[${i}]`, name)] : []),
    ]),
    ...validateSpread(spec.topologySpreadConstraints, `${at}.topologySpreadConstraints`),
    ...validateHostProcess(spec, at),
    ...validateHostUsers(spec, at),
    ...validatePodResources(spec, `${at}.resources`),
    ...validateNames(spec, at),
    ...validateTolerations(spec.tolerations, `${at}.tolerations`),
    ...(spec.hostAliases ?? []).flatMap((alias, i) => [
      ...ipErrors(alias.ip, `${at}.hostAliases[${i}].ip`),
      ...(alias.hostnames ?? []).flatMap((name, j) => malformedName(name, `${at}.hostAliases[${i}].hostnames[${j}]`)),
    ]),
    ...(spec.priorityClassName ? checkName(spec.priorityClassName, `${at}.priorityClassName`) : []),
    ...(typeof spec.runtimeClassName === 'string' ? malformedName(spec.runtimeClassName, `${at}.runtimeClassName`) : []),
    ...oneOf(spec.preemptionPolicy, `${at}.preemptionPolicy`, ['PreemptLowerPriority', 'Never']),
    ...(spec.overhead ? validateResources({ limits: spec.overhead }, `${at}.overhead`, NO_CLAIMS) : []),
    ...(spec.os
      ? spec.os.name
        ? oneOf(spec.os.name, `${at}.os`, ['linux', 'windows'])
        : [required(`${at}.os.name`, 'cannot be empty')]
      : []),
    ...validateSystem(spec, at),
  ];
}

const LONGEST_DEADLINE = 2147483647;

function validateNames(spec: V1PodSpec, at: string): readonly FieldError[] {
  const deadline = spec.activeDeadlineSeconds;
  return [
    ...(spec.serviceAccountName ? checkName(spec.serviceAccountName, `${at}.serviceAccountName`) : []),
    ...(spec.nodeName ? checkName(spec.nodeName, `${at}.nodeName`) : []),
    ...(typeof deadline !== 'number' || (deadline >= 1 && deadline <= LONGEST_DEADLINE)
      ? []
      : [invalid(`${at}.activeDeadlineSeconds`, deadline, `must be between 1 and ${LONGEST_DEADLINE}, inclusive`)]),
    ...(spec.hostname ? checkName(spec.hostname, `${at}.hostname`, 'label') : []),
    ...(spec.subdomain ? checkName(spec.subdomain, `${at}.subdomain`, 'label') : []),
    ...validateHostnameOverride(spec, at),
  ];
}

const LONGEST_HOSTNAME = 64;

/** As the field's own description demands. Upstream: KEP-4762, on since v1.35. */
function validateHostnameOverride(
  { hostnameOverride: name, setHostnameAsFQDN, hostNetwork }: V1PodSpec,
  at: string,
): readonly FieldError[] {
  if (!name) return [];
  return [
    ...malformedName(name, `${at}.hostnameOverride`),
    ...(name.length > LONGEST_HOSTNAME ? [tooLong(`${at}.hostnameOverride`, LONGEST_HOSTNAME)] : []),
    ...(setHostnameAsFQDN ? [forbidden(`${at}.setHostnameAsFQDN`, 'may not be true when `hostnameOverride` is set')] : []),
    ...(hostNetwork ? [forbidden(`${at}.hostNetwork`, 'may not be true when `hostnameOverride` is set')] : []),
  ];
}

/** In the machine's network a container's port is the machine's. */
function validateHostPorts(spec: V1PodSpec, at: string): readonly FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((c, i) =>
    (c.ports ?? []).flatMap((p, j) =>
      p.hostPort && p.hostPort !== p.containerPort
        ? [invalid(`${at}[${i}].ports[${j}].hostPort`, p.hostPort, 'must match `containerPort` when `hostNetwork` is true')]
        : [],
    ),
  );
}

function validateClaims(claims: readonly V1PodResourceClaim[], at: string): readonly FieldError[] {
  return claims.flatMap((claim, i) => {
    const field = `${at}[${i}]`;
    const given = (['resourceClaimName', 'resourceClaimTemplateName'] as const).filter((name) => typeof claim[name] === 'string');
    const isDouble = claims.findIndex((other) => other.name === claim.name) < i;
    return [
      ...(claim.name
        ? isDouble
          ? [duplicate(`${field}.name`, claim.name)]
          : checkName(claim.name, `${field}.name`, 'label')
        : [required(`${field}.name`)]),
      ...(given.length === 2
        ? [invalid(field, claim, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')]
        : given.length === 0
          ? [invalid(field, claim, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')]
          : []),
      ...given.flatMap((name) => nameErrors(claim[name] ?? '').map((why) => invalid(`${field}.${name}`, claim[name], why))),
    ];
  });
}

const [MOST_SERVERS, MOST_SEARCHES, LONGEST_SEARCH] = [3, 32, 2048];

function validateDns({ dnsConfig, dnsPolicy }: V1PodSpec, at: string): readonly FieldError[] {
  if (dnsPolicy === 'None' && !dnsConfig) return [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (dnsPolicy === 'None' && !dnsConfig?.nameservers?.length)
    return [required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  return dnsConfig ? validateDnsConfig(dnsConfig, at) : [];
}

function validateDnsConfig({ nameservers = [], searches = [], options = [] }: V1PodDNSConfig, at: string): readonly FieldError[] {
  return [
    ...(nameservers.length > MOST_SERVERS
      ? [invalid(`${at}.nameservers`, nameservers, `must not have more than ${MOST_SERVERS} nameservers`)]
      : []),
    ...nameservers.flatMap((ip, i) => ipErrors(ip, `${at}.nameservers[${i}]`)),
    ...(searches.length > MOST_SEARCHES
      ? [invalid(`${at}.searches`, searches, `must not have more than ${MOST_SEARCHES} search paths`)]
      : []),
    ...(searches.join(' ').length > LONGEST_SEARCH
      ? [invalid(`${at}.searches`, searches, `must not have more than ${LONGEST_SEARCH} characters (including spaces) in the search list`)]
      : []),
    ...searches.flatMap((search, i) => searchErrors(search, `${at}.searches[${i}]`)),
    ...options.flatMap((option, i) => (option.name ? [] : [required(`${at}.options[${i}]`, 'must not be empty')])),
  ];
}

/** The root alone, underscores and a dot at the end are fine. */
function searchErrors(search: string, field: string): readonly FieldError[] {
  if (search === '.') return [];
  const name = search.replace(/\.$/, '');
  return nameErrors(name.replaceAll('_', 'a')).length === 0 ? [] : malformedName(name, field);
}
