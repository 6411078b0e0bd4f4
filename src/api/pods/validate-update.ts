/**
 * What may change in a pod that exists.
 * Upstream: pkg/apis/core/validation/validation.go ValidatePodUpdate (v1.36). Simplified: the diff that upstream appends to its complaint, and what a gated pod may change, are not there.
 */
import { forbidden, invalid, required, type FieldError } from '../machinery/field-error.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1Container, V1PodSpec, V1Toleration } from '../schema/kubernetes.ts';

const MUTABLE = ['`spec.containers[*].image`', '`spec.initContainers[*].image`', '`spec.activeDeadlineSeconds`', '`spec.tolerations` (only additions to existing tolerations)', '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'].join(',');

export function validatePodUpdate(next: V1PodSpec | undefined, old: V1PodSpec | undefined): readonly FieldError[] {
  if (next?.containers.length !== old?.containers.length) return [forbidden('spec.containers', 'pod updates may not add or remove containers')];
  if ((next?.initContainers ?? []).length !== (old?.initContainers ?? []).length) return [forbidden('spec.initContainers', 'pod updates may not add or remove containers')];
  const gates = new Set((old?.schedulingGates ?? []).map((gate) => gate.name));
  return [
    ...validateImages(next?.containers ?? [], 'spec.containers'), ...validateImages(next?.initContainers ?? [], 'spec.initContainers'),
    ...validateDeadline(next?.activeDeadlineSeconds, old?.activeDeadlineSeconds), ...validateTolerations(next?.tolerations ?? [], old?.tolerations ?? []),
    ...(next?.schedulingGates ?? []).filter((gate) => !gates.has(gate.name)).map((gate) => forbidden('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${gate.name}'`)),
    ...(sameJson(fixed(next), fixed(old)) ? [] : [forbidden('spec', `pod updates may not change fields other than ${MUTABLE}`)]),
  ];
}

const validateImages = (containers: readonly V1Container[], at: string): readonly FieldError[] => containers.flatMap((c, i) => (c.image ? [] : [required(`${at}[${i}].image`)]));

function validateDeadline(next: number | undefined, old: number | undefined): readonly FieldError[] {
  if (next === undefined) return old === undefined ? [] : [invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')];
  if (next < 0) return [invalid('spec.activeDeadlineSeconds', next, 'must be greater than or equal to 0')];
  return old !== undefined && old < next ? [invalid('spec.activeDeadlineSeconds', next, 'must be less than or equal to previous value')] : [];
}

/** An old toleration stays, save for its seconds. */
function validateTolerations(next: readonly V1Toleration[], old: readonly V1Toleration[]): readonly FieldError[] {
  const same = (a: V1Toleration, b: V1Toleration): boolean => sameJson({ ...a, tolerationSeconds: 0 }, { ...b, tolerationSeconds: 0 });
  return old.every((toleration) => next.some((other) => same(toleration, other))) ? [] : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

/** The spec with everything that may change blanked. */
function fixed(spec: V1PodSpec | undefined): unknown {
  const bare = (c: V1Container): V1Container => ({ ...c, image: '' });
  const grace = spec?.terminationGracePeriodSeconds;
  return { ...spec, containers: spec?.containers.map(bare), initContainers: (spec?.initContainers ?? []).map(bare), tolerations: [], activeDeadlineSeconds: 0, schedulingGates: [], terminationGracePeriodSeconds: grace !== undefined && grace < 0 ? 1 : grace };
}
