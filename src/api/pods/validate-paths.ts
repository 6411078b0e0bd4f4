/** Paths inside volumes, and modes of files. Upstream: pkg/apis/core/validation/validation.go validateLocalDescendingPath, ValidateLocalNonReservedPath (v1.36). Simplified: nothing. */
import { invalid, required, type FieldError } from '../machinery/field-error.ts';
import type { V1KeyToPath } from '../schema/kubernetes.ts';

export const backstepErrors = (path: string, field: string): readonly FieldError[] =>
  path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];

export const descendingErrors = (path: string, field: string): readonly FieldError[] => [
  ...(path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : []),
  ...backstepErrors(path, field),
];

/** Names that start with '..' are the kubelet's own. */
export const localPathErrors = (path: string, field: string): readonly FieldError[] => [
  ...descendingErrors(path, field),
  ...(path.startsWith('..') && !path.startsWith('../') ? [invalid(field, path, "must not start with '..'")] : []),
];

const MOST_MODE = 0o777;
export const modeErrors = (mode: number | undefined, field: string): readonly FieldError[] =>
  typeof mode === 'number' && (mode < 0 || mode > MOST_MODE)
    ? [invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];

export const validateKeyToPath = (item: V1KeyToPath, at: string): readonly FieldError[] => [
  ...(item.key ? [] : [required(`${at}.key`)]),
  ...(item.path ? [] : [required(`${at}.path`)]),
  ...localPathErrors(item.path ?? '', `${at}.path`),
  ...modeErrors(item.mode, `${at}.mode`),
];
