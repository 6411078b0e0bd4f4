/** What a namespace that goes says of what is left in it. Upstream: pkg/controller/namespace/deletion/status_condition_utils.go (v1.36). Simplified: discovery and the parsing of group versions succeed. */
import { withCondition } from '../../../api/machinery/conditions.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { V1NamespaceCondition } from '../../../api/schema/kubernetes.ts';

/** What is left of one resource; `error` when it should not be. */
export interface Remaining {
  readonly plural: string;
  readonly group: string;
  readonly objects: readonly KubeObject[];
  readonly error?: string;
}
type Verdict = Omit<V1NamespaceCondition, 'lastTransitionTime'>;

const fine = (type: string, reason: string, message: string): Verdict => ({ type, status: 'False', reason, message });

/** '2 of a' → 'a in 2 resource instances', for each finalizer. */
function byFinalizer(remaining: readonly Remaining[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { objects } of remaining)
    for (const { metadata } of objects)
      for (const finalizer of metadata?.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  return sorted([...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`));
}
const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort((a, b) => (a < b ? -1 : 1));

function verdicts(remaining: readonly Remaining[]): readonly Verdict[] {
  const errors = sorted(remaining.flatMap(({ error }) => (error === undefined ? [] : [error])));
  const left = sorted(remaining.map(({ plural, group, objects }) => `${plural}.${group} has ${objects.length} resource instances`));
  const finalizers = byFinalizer(remaining);
  return [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine('NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    errors.length === 0
      ? fine('NamespaceDeletionContentFailure', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization')
      : {
          type: 'NamespaceDeletionContentFailure',
          status: 'True',
          reason: 'ContentDeletionFailed',
          message: `Failed to delete all resource types, ${errors.length} remaining: ${errors.join(', ')}`,
        },
    left.length === 0
      ? fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed')
      : {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${left.join(', ')}`,
        },
    finalizers.length === 0
      ? fine('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
        },
  ];
}

export function namespaceConditions(
  before: readonly V1NamespaceCondition[] | undefined,
  remaining: readonly Remaining[],
  now: string,
): readonly V1NamespaceCondition[] {
  return verdicts(remaining).reduce<readonly V1NamespaceCondition[]>(
    (list, verdict) => withCondition(list, { ...verdict, lastTransitionTime: now }),
    before ?? [],
  );
}
