/** Ports as numbers and as names. Upstream: apimachinery/pkg/util/validation/validation.go IsValidPortNum, IsValidPortName (v1.36). Simplified: nothing. */
import { bytesIn } from '../../lib/utf8.ts';
import { invalid, type FieldError } from '../machinery/field-error.ts';

export const portErrors = (value: number, field: string): readonly FieldError[] =>
  Number.isInteger(value) && value >= 1 && value <= 65535 ? [] : [invalid(field, value, 'must be between 1 and 65535, inclusive')];

export function portNameErrors(name: string): readonly string[] {
  return [
    ...(bytesIn(name) > 15 ? ['must be no more than 15 characters'] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(/^-|-$/.test(name) ? ['must not begin or end with a hyphen'] : []),
  ];
}

/** A number or the name of a port. */
export function portOrNameErrors(value: number | string | undefined, field: string): readonly FieldError[] {
  return typeof value === 'string' ? portNameErrors(value).map((why) => invalid(field, value, why)) : portErrors(value ?? 0, field);
}
