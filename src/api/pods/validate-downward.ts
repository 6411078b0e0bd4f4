/** What a container may learn about its own pod. Upstream: pkg/apis/core/validation/validation.go validateObjectFieldSelector, validateContainerResourceFieldSelector (v1.36). Simplified: nothing. */
import { invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkKey } from '../machinery/names.ts';
import { canonicalQuantity } from '../machinery/quantity.ts';
import type { V1DownwardAPIVolumeFile, V1ObjectFieldSelector, V1ResourceFieldSelector } from '../schema/kubernetes.ts';
import { localPathErrors, modeErrors } from './validate-paths.ts';

export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const VOLUME_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
/** What fields there are at all. Upstream: pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel. */
const KNOWN = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.hostNetwork',
  'status.phase',
  'spec.host',
]);
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const SIZES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function validateFieldRef(ref: V1ObjectFieldSelector, at: string, allowed: readonly string[]): readonly FieldError[] {
  if (!ref.apiVersion) return [required(`${at}.apiVersion`)];
  if (!ref.fieldPath) return [required(`${at}.fieldPath`)];
  const field = `${at}.fieldPath`;
  if (ref.apiVersion !== 'v1')
    return [invalid(field, ref.fieldPath, `error converting fieldPath: unsupported pod version: ${ref.apiVersion}`)];
  const subscript = /^([^[]*)\['(.*)'\]$/.exec(ref.fieldPath);
  if (subscript) {
    const [, path, key] = subscript;
    if (path !== 'metadata.annotations' && path !== 'metadata.labels')
      return [invalid(field, ref.fieldPath, `error converting fieldPath: field label does not support subscript: ${ref.fieldPath}`)];
    return checkKey(path === 'metadata.annotations' ? key.toLowerCase() : key, at);
  }
  if (!KNOWN.has(ref.fieldPath))
    return [invalid(field, ref.fieldPath, `error converting fieldPath: field label not supported: ${ref.fieldPath}`)];
  return allowed.includes(ref.fieldPath) ? [] : [notSupported(field, ref.fieldPath, allowed)];
}

export function validateResourceRef(ref: V1ResourceFieldSelector, at: string, isVolume: boolean): readonly FieldError[] {
  const isHugePages = /^(?:limits|requests)\.hugepages-/.test(ref.resource ?? '');
  return [
    ...(isVolume && !ref.containerName
      ? [required(`${at}.containerName`)]
      : !ref.resource
        ? [required(`${at}.resource`)]
        : RESOURCES.includes(ref.resource) || isHugePages
          ? []
          : [notSupported(`${at}.resource`, ref.resource, RESOURCES)]),
    ...divisorErrors(ref, at, isHugePages),
  ];
}

function divisorErrors({ resource = '', divisor }: V1ResourceFieldSelector, at: string, isHugePages: boolean): readonly FieldError[] {
  const value = canonicalQuantity(divisor ?? '0');
  if (value === '0') return [];
  const refuse = (allowed: readonly string[], name: string): readonly FieldError[] =>
    allowed.includes(value)
      ? []
      : [
          invalid(
            `${at}.divisor`,
            resource,
            `only divisor's values ${name === 'cpu' ? '1m and 1' : allowed.join(', ')} are supported with the ${name} resource`,
          ),
        ];
  if (resource.endsWith('.cpu')) return refuse(['1m', '1'], 'cpu');
  if (resource.endsWith('.memory')) return refuse(SIZES, 'memory');
  if (resource.endsWith('.ephemeral-storage')) return refuse(SIZES, 'local ephemeral storage');
  return isHugePages ? refuse(SIZES, 'hugepages') : [];
}

/** One file of a downwardAPI volume; upstream names no index. */
export function validateDownwardFile(file: V1DownwardAPIVolumeFile, at: string): readonly FieldError[] {
  return [
    ...(file.path ? [] : [required(`${at}.path`)]),
    ...localPathErrors(file.path ?? '', `${at}.path`),
    ...(file.fieldRef ? validateFieldRef(file.fieldRef, `${at}.fieldRef`, VOLUME_FIELDS) : []),
    ...(file.fieldRef && file.resourceFieldRef
      ? [invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')]
      : []),
    ...(!file.fieldRef && file.resourceFieldRef ? validateResourceRef(file.resourceFieldRef, `${at}.resourceFieldRef`, true) : []),
    ...(file.fieldRef || file.resourceFieldRef ? [] : [required(at, 'one of fieldRef and resourceFieldRef is required')]),
    ...modeErrors(file.mode, `${at}.mode`),
  ];
}
