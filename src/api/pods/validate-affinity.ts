/** Node and pod affinity. Upstream: pkg/apis/core/validation/validation.go validateAffinity, ValidateNodeSelector (v1.36). Simplified: nothing. */
import { forbidden, invalid, required, type FieldError } from '../machinery/field-error.ts';
import { checkKey, labelValueErrors, malformedName } from '../machinery/names.ts';
import { validateLabelSelector } from '../machinery/label-selector-rules.ts';
import type { V1Affinity, V1NodeSelectorRequirement, V1NodeSelectorTerm, V1PodAffinity, V1PodAffinityTerm } from '../schema/kubernetes.ts';
import { validateLabelKeys } from './label-keys.ts';

export function validateAffinity(affinity: V1Affinity | undefined, at: string): readonly FieldError[] {
  const node = affinity?.nodeAffinity;
  const must = node?.requiredDuringSchedulingIgnoredDuringExecution;
  return [
    ...(must
      ? validateTerms(must.nodeSelectorTerms ?? [], `${at}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`)
      : []),
    ...(node?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((p, i) => {
      const field = `${at}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      return [...validateWeight(p.weight, `${field}.weight`), ...validateTerm(p.preference ?? {}, `${field}.preference`)];
    }),
    ...validatePodAffinity(affinity?.podAffinity, `${at}.podAffinity`),
    ...validatePodAffinity(affinity?.podAntiAffinity, `${at}.podAntiAffinity`),
  ];
}

const validateWeight = (weight: number, field: string): readonly FieldError[] =>
  weight >= 1 && weight <= 100 ? [] : [invalid(field, weight ?? 0, 'must be in the range 1-100')];

function validateTerms(terms: readonly V1NodeSelectorTerm[], at: string): readonly FieldError[] {
  return terms.length === 0
    ? [required(at, 'must have at least one node selector term')]
    : terms.flatMap((term, i) => [...validateTerm(term, `${at}[${i}]`), ...validateValues(term, `${at}[${i}]`)]);
}

/** What no label could say helps no machine; in what is merely preferred it does no harm. */
const validateValues = ({ matchExpressions = [] }: V1NodeSelectorTerm, at: string): readonly FieldError[] =>
  matchExpressions.flatMap(({ values = [] }, i) =>
    values.flatMap((value, j) => labelValueErrors(value).map((why) => invalid(`${at}.matchExpressions[${i}].values[${j}]`, value, why))),
  );

const OPERATORS = ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'];

function validateTerm(term: V1NodeSelectorTerm, at: string): readonly FieldError[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((e, i) => {
      const field = `${at}.matchExpressions[${i}]`;
      const count = e.values?.length ?? 0;
      return [
        ...(e.operator === 'In' || e.operator === 'NotIn'
          ? count === 0
            ? [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
            : []
          : []),
        ...((e.operator === 'Exists' || e.operator === 'DoesNotExist') && count > 0
          ? [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
          : []),
        ...((e.operator === 'Gt' || e.operator === 'Lt') && count !== 1
          ? [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
          : []),
        ...(OPERATORS.includes(e.operator) ? [] : [invalid(`${field}.operator`, e.operator ?? '', 'not a valid selector operator')]),
        ...checkKey(e.key ?? '', `${field}.key`),
      ];
    }),
    ...(term.matchFields ?? []).flatMap((f, i) => validateMatchField(f, `${at}.matchFields[${i}]`)),
  ];
}

/** A machine can be named, and nothing else. */
function validateMatchField({ key, operator, values }: V1NodeSelectorRequirement, at: string): readonly FieldError[] {
  return [
    ...(operator === 'In' || operator === 'NotIn'
      ? values?.length === 1
        ? []
        : [required(`${at}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")]
      : [invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator')]),
    ...(key === 'metadata.name'
      ? (values ?? []).flatMap((name, i) => malformedName(name, `${at}.values[${i}]`))
      : [invalid(`${at}.key`, key ?? '', 'not a valid field selector key')]),
  ];
}

function validatePodAffinity(affinity: V1PodAffinity | undefined, at: string): readonly FieldError[] {
  return [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, i) =>
      validatePodTerm(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`),
    ),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((p, i) => {
      const field = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      return [...validateWeight(p.weight, `${field}.weight`), ...validatePodTerm(p.podAffinityTerm, `${field}.podAffinityTerm`)];
    }),
  ];
}

function validatePodTerm(term: V1PodAffinityTerm | undefined, at: string): readonly FieldError[] {
  return [
    ...validateLabelSelector(term?.labelSelector, `${at}.labelSelector`),
    ...validateLabelSelector(term?.namespaceSelector, `${at}.namespaceSelector`),
    ...(term?.namespaces ?? []).flatMap((name) => malformedName(name, `${at}.namespace`, 'label')),
    ...(term ? validateLabelKeys(term, at) : []),
    ...(term?.topologyKey ? [] : [required(`${at}.topologyKey`, 'can not be empty')]),
    ...checkKey(term?.topologyKey ?? '', `${at}.topologyKey`),
  ];
}
