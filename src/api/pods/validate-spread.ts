/** Topology spread constraints. Upstream: pkg/apis/core/validation/validation.go validateTopologySpreadConstraints (v1.36). Simplified: nothing. */
import { duplicate, invalid, notSupported, oneOf, required, type FieldError } from '../machinery/field-error.ts';
import { validateLabelSelector } from '../machinery/label-selector-rules.ts';
import type { V1TopologySpreadConstraint } from '../schema/kubernetes.ts';
import { validateLabelKeys } from './label-keys.ts';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const POLICIES = ['Honor', 'Ignore'];
const POSITIVE = 'must be greater than zero';

/** Of two that are the same, the earlier is the one that upstream names. */
export function validateSpread(constraints: readonly V1TopologySpreadConstraint[] | undefined, at: string): readonly FieldError[] {
  return (constraints ?? []).flatMap((c, i, all) => {
    const field = `${at}[${i}]`;
    const isDouble = all
      .slice(i + 1)
      .some((other) => other.topologyKey === c.topologyKey && other.whenUnsatisfiable === c.whenUnsatisfiable);
    return [
      ...(c.maxSkew > 0 ? [] : [invalid(`${field}.maxSkew`, c.maxSkew ?? 0, POSITIVE)]),
      ...(c.topologyKey ? [] : [required(`${field}.topologyKey`, 'can not be empty')]),
      ...(ACTIONS.includes(c.whenUnsatisfiable) ? [] : [notSupported(`${field}.whenUnsatisfiable`, c.whenUnsatisfiable ?? '', ACTIONS)]),
      ...(isDouble ? [duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, `{${c.topologyKey}, ${c.whenUnsatisfiable}}`)] : []),
      ...validateMinDomains(c, `${field}.minDomains`),
      ...(['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const).flatMap((name) => oneOf(c[name], `${field}.${name}`, POLICIES)),
      ...validateLabelKeys(c, field),
      ...validateLabelSelector(c.labelSelector, `${field}.labelSelector`),
    ];
  });
}

function validateMinDomains({ minDomains, whenUnsatisfiable }: V1TopologySpreadConstraint, field: string): readonly FieldError[] {
  if (typeof minDomains !== 'number') return [];
  return [
    ...(minDomains > 0 ? [] : [invalid(field, minDomains, POSITIVE)]),
    ...(whenUnsatisfiable === 'DoNotSchedule'
      ? []
      : [invalid(field, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`)]),
  ];
}
