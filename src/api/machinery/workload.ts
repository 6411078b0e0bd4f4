/** What Deployments, ReplicaSets and DaemonSets share. Upstream: pkg/apis/apps/validation/validation.go, pkg/registry/apps (v1.36). */
import type { KubeObject } from '../object.ts';
import { validatePodAnnotations, validatePodSpec } from '../pods/validate.ts';
import type { V1LabelSelector, V1PodTemplateSpec } from '../schema/kubernetes.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from './field-error.ts';
import { validateLabelSelector } from './label-selector-rules.ts';
import { selectorMatches } from './labels.ts';
import { checkLabels, checkMetadata, labelKeyErrors } from './names.ts';
import { sameJson } from './patch/same-json.ts';
import { withMore } from '../../lib/with-more.ts';

export interface Workload extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: V1LabelSelector; readonly template?: V1PodTemplateSpec };
  readonly status?: unknown;
}

const ACTIVE_DEADLINE: ReadonlyMap<string, string> = new Map([['daemonset', 'DaemonSet']]);

/** `kind` as it stands in the words of an empty selector: 'deployment', 'daemonset'. A selector that is not there matches nothing, and only a DaemonSet's may be missing. */
export function validateWorkload(object: Workload, kind: string): readonly FieldError[] {
  const { selector, template, replicas } = object.spec ?? {};
  const isEmpty = selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  const labels = template?.metadata?.labels;
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  const counts = (['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const).map(
    (field) => [field, (object.spec as Readonly<Record<string, unknown>> | undefined)?.[field]] as const,
  );
  return [
    ...checkMetadata(object.metadata),
    ...(selector ? validateLabelSelector(selector, 'spec.selector') : kind === 'daemonset' ? [] : [required('spec.selector')]),
    ...(isEmpty ? [invalid('spec.selector', selector, `empty selector is invalid for ${kind}`)] : []),
    ...(isEmpty || selectorMatches(selector, labels)
      ? []
      : [invalid('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`')]),
    ...checkLabels(labels, 'spec.template.labels'),
    ...Object.keys(template?.metadata?.annotations ?? {}).flatMap((key) =>
      labelKeyErrors(key.toLowerCase()).map((why) => invalid('spec.template.annotations', key, why)),
    ),
    ...validatePodAnnotations(template?.metadata?.annotations, template?.spec, 'spec.template.annotations'),
    ...validatePodSpec(template?.spec, 'spec.template.spec'),
    ...(template?.spec?.ephemeralContainers?.length
      ? [forbidden('spec.template.spec.ephemeralContainers', 'ephemeral containers not allowed in pod template')]
      : []),
    ...(restartPolicy !== undefined && restartPolicy !== 'Always'
      ? [notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always'])]
      : []),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            'spec.template.spec.activeDeadlineSeconds',
            `activeDeadlineSeconds in ${ACTIVE_DEADLINE.get(kind) ?? 'ReplicaSet'} is not Supported`,
          ),
        ]),
    ...counts.flatMap(([field, value]) =>
      typeof value === 'number' && value < 0 ? [invalid(`spec.${field}`, value, 'must be greater than or equal to 0')] : [],
    ),
    ...(replicas === undefined || Number.isInteger(replicas) ? [] : [invalid('spec.replicas', replicas, 'must be an integer')]),
  ];
}

/** A count or a percentage. `most100`: more than all of them makes no sense. Upstream: ValidatePositiveIntOrPercent, IsNotMoreThan100Percent. */
export function validateIntOrPercent(value: number | string | undefined, field: string, most100 = false): readonly FieldError[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'number') return value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
  const percent = /^(\d+)%$/.exec(value);
  if (!percent)
    return [
      invalid(
        field,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  return most100 && Number(percent[1]) > 100 ? [invalid(field, value, 'must not be greater than 100%')] : [];
}

/** Whether a count or percentage is nothing. */
export const isZero = (value: number | string | undefined): boolean => value === 0 || (typeof value === 'string' && /^0+%$/.test(value));

export function validateSelectorUnchanged(next: Workload, old: Workload): readonly FieldError[] {
  return sameJson(next.spec?.selector, old.spec?.selector) ? [] : [invalid('spec.selector', next.spec?.selector, 'field is immutable')];
}

/** A new generation when the spec changed (for Deployments: or the annotations). */
export function nextGeneration<O extends Workload>(next: O, old: O, withAnnotations = false): O {
  const changed =
    !sameJson(next.spec, old.spec) || (withAnnotations && !sameJson(next.metadata?.annotations ?? {}, old.metadata?.annotations ?? {}));
  return withMore(next, {
    metadata: withMore(next.metadata ?? {}, { generation: (old.metadata?.generation ?? 0) + (changed ? 1 : 0) }),
    status: old.status,
  }) as O;
}

export const firstGeneration = <O extends Workload>(object: O, status: unknown = {}): O =>
  withMore(object, { metadata: withMore(object.metadata ?? {}, { generation: 1 }), status }) as unknown as O;

type Counts = Readonly<Record<string, unknown>>;

/** No count is negative, none of `parts` is greater than all replicas. Upstream: ValidateDeploymentStatus, ValidateReplicaSetStatus, validateDaemonSetStatus. */
export function validateCounts(next: Workload, old: Workload, parts: readonly string[]): readonly FieldError[] {
  const status = (next.status ?? {}) as Counts;
  const count = (field: string): number => Number(status[field] ?? 0);
  const [was, now] = [old.status, next.status].map((s) => ((s ?? {}) as Counts).collisionCount as number | undefined);
  return [
    ...Object.entries(status).flatMap(([field, value]) =>
      typeof value === 'number' && value < 0 ? [invalid(`status.${field}`, value, 'must be greater than or equal to 0')] : [],
    ),
    ...parts
      .filter((field) => count(field) > count('replicas'))
      .map((field) => invalid(`status.${field}`, count(field), 'cannot be greater than status.replicas')),
    ...(parts.length > 0 && count('availableReplicas') > count('readyReplicas')
      ? [invalid('status.availableReplicas', count('availableReplicas'), 'cannot be greater than readyReplicas')]
      : []),
    ...(was !== undefined && (now ?? -1) < was ? [invalid('status.collisionCount', now ?? 0, 'cannot be decremented')] : []),
  ];
}
