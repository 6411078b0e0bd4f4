/**
 * What a pod's spec must keep to.
 * Upstream: pkg/apis/core/validation/validation.go ValidatePodSpec (v1.36). Simplified: security contexts, DNS configuration, resource claims,
 * pod-level resources and the insides of vendors' volumes are not looked into.
 */
import { duplicate, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkKey, checkLabels, checkName, labelValueErrors } from '../machinery/names.ts';
import type { V1PodSpec, V1Toleration, V1TopologySpreadConstraint } from '../schema/kubernetes.ts';
import { validateAffinity } from './validate-affinity.ts';
import { validateContainer, type ContainerPlace } from './validate-container.ts';
import { validateVolumes } from './validate-volumes.ts';

const oneOf = (value: string | undefined, field: string, values: readonly string[]): readonly FieldError[] => (value === undefined || values.includes(value) ? [] : [notSupported(field, value, values)]);
const atLeast = (value: number | undefined, field: string, least = 0): readonly FieldError[] => (value === undefined || value >= least ? [] : [invalid(field, value, `must be greater than or equal to ${least}`)]);

export function validatePodSpec(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  return [
    ...validateVolumes(spec?.volumes ?? [], `${at}.volumes`),
    ...validateContainers(spec, at),
    ...oneOf(spec?.restartPolicy, `${at}.restartPolicy`, ['Always', 'OnFailure', 'Never']),
    ...oneOf(spec?.dnsPolicy, `${at}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...atLeast(spec?.terminationGracePeriodSeconds, `${at}.terminationGracePeriodSeconds`),
    ...(spec?.activeDeadlineSeconds === undefined || spec.activeDeadlineSeconds >= 1 ? [] : [invalid(`${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 'must be between 1 and 2147483647, inclusive')]),
    ...checkLabels(spec?.nodeSelector, `${at}.nodeSelector`),
    ...validateNames(spec, at),
    ...(spec?.tolerations ?? []).flatMap((t, i) => validateToleration(t, `${at}.tolerations[${i}]`)),
    ...validateAffinity(spec?.affinity, `${at}.affinity`),
    ...validateSpread(spec?.topologySpreadConstraints ?? [], `${at}.topologySpreadConstraints`),
  ];
}

function validateContainers(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  const containers = spec?.containers ?? [];
  const place: ContainerPlace = { names: new Set(), volumes: new Map((spec?.volumes ?? []).map((v) => [v.name, v])), hostPorts: new Set(), isOnHost: spec?.hostNetwork === true, isInit: false };
  return [
    ...(containers.length === 0 ? [required(`${at}.containers`)] : []),
    ...containers.flatMap((c, i) => validateContainer(c, `${at}.containers[${i}]`, place)),
    ...(spec?.initContainers ?? []).flatMap((c, i) => validateContainer(c, `${at}.initContainers[${i}]`, { ...place, isInit: true })),
  ];
}

function validateNames(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  return [
    ...(spec?.serviceAccountName ? checkName(spec.serviceAccountName, `${at}.serviceAccountName`) : []),
    ...(spec?.nodeName ? checkName(spec.nodeName, `${at}.nodeName`) : []),
    ...(spec?.hostname ? checkName(spec.hostname, `${at}.hostname`, 'label') : []),
    ...(spec?.subdomain ? checkName(spec.subdomain, `${at}.subdomain`, 'label') : []),
    ...(spec?.priorityClassName ? checkName(spec.priorityClassName, `${at}.priorityClassName`) : []),
    ...(spec?.imagePullSecrets ?? []).flatMap((s, i) => (s.name ? [] : [required(`${at}.imagePullSecrets[${i}].name`)])),
  ];
}

function validateToleration(t: V1Toleration, at: string): readonly FieldError[] {
  const isExists = t.operator === 'Exists';
  return [
    ...(t.key ? checkKey(t.key, `${at}.key`) : []),
    ...(!t.key && !isExists ? [invalid(`${at}.operator`, t.operator ?? '', 'operator must be Exists when `key` is empty, which means "match all values and all keys"')] : []),
    ...(t.tolerationSeconds !== undefined && t.effect !== 'NoExecute' ? [invalid(`${at}.effect`, t.effect ?? '', 'effect must be \'NoExecute\' when `tolerationSeconds` is set')] : []),
    ...(!t.operator || t.operator === 'Equal' ? labelValueErrors(t.value ?? '').map((why) => invalid(`${at}.operator`, t.value, why)) : []),
    ...(isExists && t.value ? [invalid(`${at}.operator`, t.value, 'value must be empty when `operator` is \'Exists\'')] : []),
    ...(t.operator && !['Equal', 'Exists'].includes(t.operator) ? [notSupported(`${at}.operator`, t.operator, ['Equal', 'Exists'])] : []),
    ...(t.effect ? oneOf(t.effect, `${at}.effect`, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']) : []),
  ];
}

function validateSpread(constraints: readonly V1TopologySpreadConstraint[], at: string): readonly FieldError[] {
  const seen = new Set<string>();
  return constraints.flatMap((c, i) => {
    const pair = `{${c.topologyKey}, ${c.whenUnsatisfiable}}`;
    const isDouble = seen.has(pair);
    seen.add(pair);
    return [
      ...(c.maxSkew > 0 ? [] : [invalid(`${at}[${i}].maxSkew`, c.maxSkew ?? 0, 'must be greater than zero')]),
      ...(c.topologyKey ? checkKey(c.topologyKey, `${at}[${i}].topologyKey`) : [required(`${at}[${i}].topologyKey`, 'can not be empty')]),
      ...(['DoNotSchedule', 'ScheduleAnyway'].includes(c.whenUnsatisfiable) ? [] : [notSupported(`${at}[${i}].whenUnsatisfiable`, c.whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway'])]),
      ...(c.minDomains === undefined || c.minDomains > 0 ? [] : [invalid(`${at}[${i}].minDomains`, c.minDomains, 'must be greater than zero')]),
      ...(c.minDomains !== undefined && c.whenUnsatisfiable !== 'DoNotSchedule' ? [invalid(`${at}[${i}].minDomains`, c.minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${c.whenUnsatisfiable}`)] : []),
      ...(isDouble ? [duplicate(`${at}[${i}].{topologyKey, whenUnsatisfiable}`, pair)] : []),
    ];
  });
}
