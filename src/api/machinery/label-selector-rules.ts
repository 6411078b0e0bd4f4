/** What a LabelSelector object must keep to. Upstream: apimachinery/pkg/apis/meta/v1/validation/validation.go ValidateLabelSelector (v1.36). Simplified: nothing. */
import type { V1LabelSelector } from '../schema/kubernetes.ts';
import { forbidden, invalid, required, type FieldError } from './field-error.ts';
import { checkKey, checkLabels, labelValueErrors } from './names.ts';

export function validateLabelSelector(selector: V1LabelSelector | undefined, at: string): readonly FieldError[] {
  return [
    ...checkLabels(selector?.matchLabels, `${at}.matchLabels`),
    ...(selector?.matchExpressions ?? []).flatMap(({ key, operator, values }, i) => {
      const field = `${at}.matchExpressions[${i}]`;
      const count = values?.length ?? 0;
      return [
        ...((operator === 'In' || operator === 'NotIn') && count === 0
          ? [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
          : []),
        ...((operator === 'Exists' || operator === 'DoesNotExist') && count > 0
          ? [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
          : []),
        ...(['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)
          ? []
          : [invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator')]),
        ...checkKey(key ?? '', `${field}.key`),
        ...(values ?? []).flatMap((value, j) => labelValueErrors(value).map((why) => invalid(`${field}.values[${j}]`, value, why))),
      ];
    }),
  ];
}
