/** Keys whose values a pod's selectors take from its own labels. Upstream: pkg/registry/core/pod/strategy.go applyLabelKeysToLabelSelector, pkg/apis/core/validation ValidateMatchLabelKeysAndMismatchLabelKeys (v1.36). Simplified: nothing. */
import { forbidden, invalid, type FieldError } from '../machinery/field-error.ts';
import { checkKey } from '../machinery/names.ts';
import type { V1LabelSelector, V1Pod, V1PodSpec } from '../schema/kubernetes.ts';

interface Keyed {
  readonly labelSelector?: V1LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/** What a new pod's affinities and constraints select, with its labels in place of the keys. */
export function withLabelKeys(pod: V1Pod): V1PodSpec | undefined {
  const { spec } = pod;
  const labels = pod.metadata?.labels;
  if (!labels || !spec || !(spec.topologySpreadConstraints || spec.affinity?.podAffinity || spec.affinity?.podAntiAffinity)) return spec;
  const merged = <T extends Keyed>(term: T): T => mergedTerm(term, labels);
  const near = <A extends NonNullable<V1PodSpec['affinity']>['podAffinity']>(of: A): A =>
    of && {
      ...of,
      ...(of.requiredDuringSchedulingIgnoredDuringExecution
        ? { requiredDuringSchedulingIgnoredDuringExecution: of.requiredDuringSchedulingIgnoredDuringExecution.map(merged) }
        : {}),
      ...(of.preferredDuringSchedulingIgnoredDuringExecution
        ? {
            preferredDuringSchedulingIgnoredDuringExecution: of.preferredDuringSchedulingIgnoredDuringExecution.map((one) => ({
              ...one,
              podAffinityTerm: merged(one.podAffinityTerm),
            })),
          }
        : {}),
    };
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return {
    ...spec,
    ...(spec.topologySpreadConstraints ? { topologySpreadConstraints: spec.topologySpreadConstraints.map(merged) } : {}),
    ...(spec.affinity
      ? {
          affinity: {
            ...spec.affinity,
            ...(podAffinity ? { podAffinity: near(podAffinity) } : {}),
            ...(podAntiAffinity ? { podAntiAffinity: near(podAntiAffinity) } : {}),
          },
        }
      : {}),
  };
}

/** A selector that is not there matches nothing, and stays so. */
function mergedTerm<T extends Keyed>(term: T, labels: Readonly<Record<string, string>>): T {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  const terms = (keys: readonly string[], operator: string): NonNullable<V1LabelSelector['matchExpressions']> =>
    keys.filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator, values: [labels[key]] }));
  const more = labelSelector ? [...terms(matchLabelKeys, 'In'), ...terms(mismatchLabelKeys, 'NotIn')] : [];
  return more.length === 0
    ? term
    : { ...term, labelSelector: { ...labelSelector, matchExpressions: [...(labelSelector?.matchExpressions ?? []), ...more] } };
}

/** The selector has taken the keys in already: who finds one twice named it beside them, too. */
export function validateLabelKeys(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Keyed,
  at: string,
): readonly FieldError[] {
  const named = (name: string, keys: readonly string[]): readonly FieldError[] =>
    keys.length > 0 && !labelSelector
      ? [forbidden(`${at}.${name}`, 'must not be specified when labelSelector is not set')]
      : keys.flatMap((key, i) => checkKey(key, `${at}.${name}[${i}]`));
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  const twice = (labelSelector?.matchExpressions ?? []).flatMap(({ key }) => {
    const isTwice = seen.has(key) && matchLabelKeys.includes(key);
    seen.add(key);
    return isTwice ? [invalid(`${at}[${matchLabelKeys.indexOf(key)}]`, key, 'exists in both matchLabelKeys and labelSelector')] : [];
  });
  return [
    ...named('matchLabelKeys', matchLabelKeys),
    ...named('mismatchLabelKeys', mismatchLabelKeys),
    ...twice,
    ...matchLabelKeys.flatMap((key, i) =>
      mismatchLabelKeys.includes(key)
        ? [invalid(`${at}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys')]
        : [],
    ),
  ];
}
