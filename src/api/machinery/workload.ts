/** What Deployments, ReplicaSets and DaemonSets share. Upstream: pkg/apis/apps/validation/validation.go, pkg/registry/apps (v1.36). */
import type { KubeObject } from '../object.ts';
import { validatePodSpec } from '../pods/validate.ts';
import type { V1LabelSelector, V1PodTemplateSpec } from '../schema/kubernetes.ts';
import { invalid, notSupported, required, type FieldError } from './field-error.ts';
import { selectorMatches } from './labels.ts';
import { checkMetadata } from './names.ts';
import { canonicalJson } from './template-hash.ts';

export interface Workload extends KubeObject { readonly spec?: { readonly replicas?: number; readonly selector?: V1LabelSelector; readonly template?: V1PodTemplateSpec }; readonly status?: unknown }

export function validateWorkload(object: Workload): readonly FieldError[] {
  const { selector, template, replicas } = object.spec ?? {};
  const isEmpty = selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  const labels = template?.metadata?.labels;
  const policy = template?.spec?.restartPolicy;
  return [
    ...checkMetadata(object.metadata),
    ...(replicas !== undefined && replicas < 0 ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : []),
    ...(!selector ? [required('spec.selector')] : isEmpty ? [invalid('spec.selector', selector, 'empty selector is invalid for deployment')] : []),
    ...(selector && !isEmpty && !selectorMatches(selector, labels) ? [invalid('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`')] : []),
    ...validatePodSpec(template?.spec, 'spec.template.spec'),
    ...(policy !== undefined && policy !== 'Always' ? [notSupported('spec.template.spec.restartPolicy', policy, ['Always'])] : []),
  ];
}

export function validateSelectorUnchanged(next: Workload, old: Workload): readonly FieldError[] {
  return canonicalJson(next.spec?.selector) === canonicalJson(old.spec?.selector) ? [] : [invalid('spec.selector', next.spec?.selector, 'field is immutable')];
}

/** A new generation when the spec changed (for Deployments: or the annotations). */
export function nextGeneration<O extends Workload>(next: O, old: O, withAnnotations = false): O {
  const changed = canonicalJson(next.spec) !== canonicalJson(old.spec) || (withAnnotations && canonicalJson(next.metadata?.annotations ?? {}) !== canonicalJson(old.metadata?.annotations ?? {}));
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata?.generation ?? 0) + (changed ? 1 : 0) }, status: old.status };
}

export const firstGeneration = <O extends Workload>(object: O, status: unknown = {}): O => ({ ...object, metadata: { ...object.metadata, generation: 1 }, status });
