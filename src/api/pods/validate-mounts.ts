/** Where a container sees its volumes. Upstream: pkg/apis/core/validation/validation.go ValidateVolumeMounts, ValidateVolumeDevices (v1.36). Simplified: nothing. */
import { forbidden, invalid, notFound, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import type { V1Container, V1Volume, V1VolumeMount } from '../schema/kubernetes.ts';
import { backstepErrors, descendingErrors } from './validate-paths.ts';

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

/** Upstream names no index for what is wrong with a sub-path or a propagation. */
export function validateMounts(c: V1Container, at: string, volumes: ReadonlyMap<string, V1Volume>): readonly FieldError[] {
  const mounts = c.volumeMounts ?? [];
  const devices = c.volumeDevices ?? [];
  return mounts.flatMap((m, i) => {
    const field = `${at}[${i}]`;
    return [
      ...(m.name ? [] : [required(`${field}.name`)]),
      ...(volumes.has(m.name) ? [] : [notFound(`${field}.name`, m.name ?? '')]),
      ...(m.mountPath ? [] : [required(`${field}.mountPath`)]),
      ...(mounts.findIndex((other) => other.mountPath === m.mountPath) < i
        ? [invalid(`${field}.mountPath`, m.mountPath, 'must be unique')]
        : []),
      ...(devices.some((d) => d.name === m.name) ? [invalid(`${field}.name`, m.name, 'must not already exist in volumeDevices')] : []),
      ...(devices.some((d) => d.devicePath === m.mountPath)
        ? [invalid(`${field}.mountPath`, m.mountPath, 'must not already exist as a path in volumeDevices')]
        : []),
      ...(m.subPath ? descendingErrors(m.subPath, `${at}.subPath`) : []),
      ...(m.subPathExpr && m.subPath
        ? [invalid(`${field}.subPathExpr`, m.subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
        : []),
      ...(m.subPathExpr ? descendingErrors(m.subPathExpr, `${at}.subPathExpr`) : []),
      ...propagationErrors(m, c, `${at}.mountPropagation`),
      ...recursiveErrors(m, `${field}.recursiveReadOnly`),
    ];
  });
}

function propagationErrors({ mountPropagation }: V1VolumeMount, c: V1Container, field: string): readonly FieldError[] {
  if (typeof mountPropagation !== 'string') return [];
  if (!PROPAGATIONS.includes(mountPropagation)) return [notSupported(field, mountPropagation, PROPAGATIONS)];
  return mountPropagation === 'Bidirectional' && !c.securityContext?.privileged
    ? [forbidden(field, 'Bidirectional mount propagation is available only to privileged containers')]
    : [];
}

const RECURSIVE = ['Disabled', 'IfPossible', 'Enabled'];

function recursiveErrors({ recursiveReadOnly: how, readOnly, mountPropagation }: V1VolumeMount, field: string): readonly FieldError[] {
  if (typeof how !== 'string' || how === 'Disabled') return [];
  if (!RECURSIVE.includes(how)) return [notSupported(field, how, RECURSIVE)];
  return [
    ...(readOnly ? [] : [forbidden(field, 'may only be specified when readOnly is true')]),
    ...((mountPropagation ?? 'None') === 'None'
      ? []
      : [forbidden(field, 'may only be specified when mountPropagation is None or not specified')]),
  ];
}

export function validateDevices(c: V1Container, at: string, volumes: ReadonlyMap<string, V1Volume>): readonly FieldError[] {
  const devices = c.volumeDevices ?? [];
  const mounts = c.volumeMounts ?? [];
  return devices.flatMap(({ name, devicePath }, i) => {
    const field = `${at}[${i}]`;
    const volume = volumes.get(name);
    return [
      ...(name ? [] : [required(`${field}.name`)]),
      ...(devices.findIndex((d) => d.name === name) < i ? [invalid(`${field}.name`, name, 'must be unique')] : []),
      ...(volume
        ? volume.persistentVolumeClaim || volume.ephemeral
          ? []
          : [invalid(`${field}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode')]
        : [notFound(`${field}.name`, name ?? '')]),
      ...(devicePath ? [] : [required(`${field}.devicePath`)]),
      ...(devices.findIndex((d) => d.devicePath === devicePath) < i ? [invalid(`${field}.devicePath`, devicePath, 'must be unique')] : []),
      ...(backstepErrors(devicePath ?? '', '').length > 0
        ? [invalid(`${field}.devicePath`, devicePath, "can not contain backsteps ('..')")]
        : []),
      ...(mounts.some((m) => m.name === name) ? [invalid(`${field}.name`, name, 'must not already exist in volumeMounts')] : []),
      ...(mounts.some((m) => m.mountPath === devicePath)
        ? [invalid(`${field}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts')]
        : []),
    ];
  });
}
