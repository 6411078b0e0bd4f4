/** A container's environment. Upstream: pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom (v1.36). Simplified: nothing. */
import { malformedName } from '../machinery/names.ts';
import { checkConfigKey } from '../machinery/config-keys.ts';
import { invalid, required, type FieldError } from '../machinery/field-error.ts';
import type { V1EnvFromSource, V1EnvVar } from '../schema/kubernetes.ts';
import { ENV_FIELDS, validateFieldRef, validateResourceRef } from './validate-downward.ts';

const WORDS = "a valid environment variable name must consist only of printable ASCII characters other than '='";
const variableErrors = (name: string, field: string): readonly FieldError[] =>
  /^[ -<>-~]+$/.test(name) ? [] : [invalid(field, name, WORDS)];

export const validateEnv = (variables: readonly V1EnvVar[] | undefined, at: string): readonly FieldError[] =>
  (variables ?? []).flatMap((v, i) => [
    ...(v.name ? variableErrors(v.name, `${at}[${i}].name`) : [required(`${at}[${i}].name`)]),
    ...validateValueFrom(v, `${at}[${i}].valueFrom`),
  ]);

function validateValueFrom({ value, valueFrom }: V1EnvVar, at: string): readonly FieldError[] {
  if (!valueFrom) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  const count = Object.values(valueFrom).filter((source) => source !== undefined && source !== null).length;
  return [
    ...(fieldRef ? validateFieldRef(fieldRef, `${at}.fieldRef`, ENV_FIELDS) : []),
    ...(resourceFieldRef ? validateResourceRef(resourceFieldRef, `${at}.resourceFieldRef`, false) : []),
    ...(configMapKeyRef ? validateKeyRef(configMapKeyRef, `${at}.configMapKeyRef`) : []),
    ...(secretKeyRef ? validateKeyRef(secretKeyRef, `${at}.secretKeyRef`) : []),
    ...(count === 0
      ? [invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')]
      : value
        ? [invalid(at, '', 'may not be specified when `value` is not empty')]
        : count > 1
          ? [invalid(at, '', 'may not have more than one field specified at a time')]
          : []),
  ];
}

function validateKeyRef(ref: { readonly name?: string; readonly key: string }, at: string): readonly FieldError[] {
  return [...malformedName(ref.name ?? '', `${at}.name`), ...(ref.key ? checkConfigKey(ref.key, `${at}.key`) : [required(`${at}.key`)])];
}

/** Upstream names no index where the number of sources is wrong. */
export function validateEnvFrom(sources: readonly V1EnvFromSource[] | undefined, at: string): readonly FieldError[] {
  return (sources ?? []).flatMap((from, i) => {
    const given = (['configMapRef', 'secretRef'] as const).filter((field) => from[field]);
    return [
      ...(from.prefix ? variableErrors(from.prefix, `${at}[${i}].prefix`) : []),
      ...given.flatMap((field) => {
        const name = from[field]?.name;
        return name ? malformedName(name, `${at}[${i}].${field}.name`) : [required(`${at}[${i}].${field}.name`)];
      }),
      ...(given.length === 0
        ? [invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`')]
        : given.length > 1
          ? [invalid(at, '', 'may not have more than one field specified at a time')]
          : []),
    ];
  });
}
