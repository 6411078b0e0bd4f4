/** Tolerations. Upstream: pkg/apis/core/validation/validation.go ValidateTolerations, validateTaintEffect (v1.36). Simplified: operators beyond Equal and Exists are refused. */
import { invalid, notSupported, type FieldError } from '../machinery/field-error.ts';
import { checkKey, labelValueErrors } from '../machinery/names.ts';
import type { V1Toleration } from '../schema/kubernetes.ts';

export const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
const OPERATORS = ['Equal', 'Exists'];

export const effectErrors = (effect: string, field: string): readonly FieldError[] =>
  EFFECTS.some((known) => known === effect) ? [] : [notSupported(field, effect, EFFECTS)];

export const validateTolerations = (tolerations: readonly V1Toleration[] | undefined, at: string): readonly FieldError[] =>
  (tolerations ?? []).flatMap((t, i) => validateToleration(t, `${at}[${i}]`));

function validateToleration(t: V1Toleration, at: string): readonly FieldError[] {
  const { operator = '', effect = '', value = '', key = '' } = t;
  return [
    ...(key === '' ? [] : checkKey(key, `${at}.key`)),
    ...(key === '' && operator !== 'Exists'
      ? [invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"')]
      : []),
    ...(typeof t.tolerationSeconds === 'number' && effect !== 'NoExecute'
      ? [invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...operatorErrors(operator, value, `${at}.operator`),
    ...(effect === '' ? [] : effectErrors(effect, `${at}.effect`)),
  ];
}

function operatorErrors(operator: string, value: string, field: string): readonly FieldError[] {
  if (operator === '' || operator === 'Equal') {
    const errors = labelValueErrors(value);
    return errors.length === 0 ? [] : [invalid(field, value, errors.join(';'))];
  }
  if (operator === 'Exists') return value === '' ? [] : [invalid(field, value, "value must be empty when `operator` is 'Exists'")];
  return [notSupported(field, operator, OPERATORS)];
}
