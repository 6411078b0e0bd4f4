/** A pod's volumes. Upstream: pkg/apis/core/validation/validation.go ValidateVolumes (v1.36). Simplified: only the sources that every cluster has are looked into. */
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkName } from '../machinery/names.ts';
import type { V1Volume } from '../schema/kubernetes.ts';

export function validateVolumes(volumes: readonly V1Volume[], at: string): readonly FieldError[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, i) => {
    const isDouble = names.has(volume.name);
    names.add(volume.name);
    return [
      ...validateSource(volume, `${at}[${i}]`),
      ...(volume.name ? checkName(volume.name, `${at}[${i}].name`, 'label') : [required(`${at}[${i}].name`)]),
      ...(isDouble && volume.name ? [duplicate(`${at}[${i}].name`, volume.name)] : []),
    ];
  });
}

function validateSource(volume: V1Volume, at: string): readonly FieldError[] {
  const sources = Object.keys(volume).filter((field) => field !== 'name' && (volume as unknown as Readonly<Record<string, unknown>>)[field] !== undefined);
  if (sources.length === 0) return [required(at, 'must specify a volume type')];
  if (sources.length > 1) return sources.slice(1).map((source) => forbidden(`${at}.${source}`, 'may not specify more than 1 volume type'));
  return [
    ...(volume.configMap && !volume.configMap.name ? [required(`${at}.configMap.name`)] : []),
    ...(volume.secret && !volume.secret.secretName ? [required(`${at}.secret.secretName`)] : []),
    ...(volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName ? [required(`${at}.persistentVolumeClaim.claimName`)] : []),
    ...validateHostPath(volume, at), ...validateItems(volume, at), ...validateModes(volume, at),
  ];
}

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function validateHostPath({ hostPath }: V1Volume, at: string): readonly FieldError[] {
  if (!hostPath) return [];
  return [
    ...(hostPath.path ? (hostPath.path.split('/').includes('..') ? [invalid(`${at}.hostPath.path`, hostPath.path, "must not contain '..'")] : []) : [required(`${at}.hostPath.path`)]),
    ...(HOST_PATH_TYPES.includes(hostPath.type ?? '') ? [] : [notSupported(`${at}.hostPath.type`, hostPath.type, HOST_PATH_TYPES)]),
  ];
}

function validateItems(volume: V1Volume, at: string): readonly FieldError[] {
  return (['configMap', 'secret'] as const).flatMap((source) => (volume[source]?.items ?? []).flatMap((item, i) => {
    const field = `${at}.${source}.items[${i}]`;
    return [...(item.key ? [] : [required(`${field}.key`)]), ...(item.path ? (item.path.startsWith('/') ? [invalid(`${field}.path`, item.path, 'must be a relative path')] : item.path.split('/').includes('..') ? [invalid(`${field}.path`, item.path, "must not contain '..'")] : []) : [required(`${field}.path`)])];
  }));
}

function validateModes(volume: V1Volume, at: string): readonly FieldError[] {
  return (['configMap', 'secret', 'projected', 'downwardAPI'] as const).flatMap((source) => {
    const mode = volume[source]?.defaultMode;
    return mode === undefined || (mode >= 0 && mode <= 511) ? [] : [invalid(`${at}.${source}.defaultMode`, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
  });
}
