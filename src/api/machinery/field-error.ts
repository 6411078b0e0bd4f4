/**
 * One thing that is wrong with one field, in upstream's words.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go (v1.36). Simplified: nothing.
 */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

export interface FieldError {
  readonly type: FieldErrorType;
  /** 'spec.containers[0].name' */
  readonly field: string;
  /** The body after the field, as upstream prints it: 'Required value: must specify …'. */
  readonly message: string;
}

const show = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
const join = (head: string, detail: string): string => (detail ? `${head}: ${detail}` : head);

export const required = (field: string, detail = ''): FieldError => ({
  type: 'FieldValueRequired',
  field,
  message: join('Required value', detail),
});
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  message: join(`Invalid value: ${show(value)}`, detail),
});
export const forbidden = (field: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  message: join('Forbidden', detail),
});
export const duplicate = (field: string, value: unknown, detail = ''): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  message: join(`Duplicate value: ${show(value)}`, detail),
});
export const notFound = (field: string, value: unknown, detail = ''): FieldError => ({
  type: 'FieldValueNotFound',
  field,
  message: join(`Not found: ${show(value)}`, detail),
});
/** Upstream lists the values as its caller gives them. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${show(value)}: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}`,
});
/** A word among a few; what is not there is not asked. */
export const oneOf = (value: string | undefined, field: string, values: readonly string[]): readonly FieldError[] =>
  typeof value !== 'string' || values.includes(value) ? [] : [notSupported(field, value, values)];
export const tooMany = (field: string, count: number, most: number): FieldError => ({
  type: 'FieldValueTooMany',
  field,
  message: `Too many: ${count}: must have at most ${most} items`,
});
export const tooLong = (field: string, max: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${max} bytes`,
});
