/** The keys of ConfigMaps and Secrets, and how much they hold. Upstream: apimachinery/pkg/util/validation IsConfigMapKey, pkg/apis/core/validation (v1.36). Simplified: nothing. */
import { bytesIn } from '../../lib/utf8.ts';
import { invalid, tooLong, type FieldError } from './field-error.ts';

const WORDS =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
/** Upstream: MaxSecretSize. */
const MOST_BYTES = 1024 * 1024;

export function checkConfigKey(key: string, field: string): readonly FieldError[] {
  return [
    ...(bytesIn(key) > 253 ? [invalid(field, key, 'must be no more than 253 characters')] : []),
    ...(/^[-._a-zA-Z0-9]+$/.test(key) ? [] : [invalid(field, key, WORDS)]),
    ...(key === '.' || key === '..'
      ? [invalid(field, key, `must not be '${key}'`)]
      : key.startsWith('..')
        ? [invalid(field, key, "must not start with '..'")]
        : []),
  ];
}

export const checkTotalSize = (bytes: number, field: string): readonly FieldError[] =>
  bytes > MOST_BYTES ? [tooLong(field, MOST_BYTES)] : [];
