/** nodeSelector and required node affinity. Upstream: component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go (v1.36). Simplified: nothing. */
import { isAbove } from '../../api/machinery/labels.ts';
import type { V1Node, V1NodeSelectorRequirement, V1NodeSelectorTerm, V1PodSpec } from '../../api/schema/kubernetes.ts';

export function matchesNodeSelection(spec: V1PodSpec | undefined, node: V1Node): boolean {
  const selector = spec?.nodeSelector;
  if (selector) for (const key of Object.keys(selector)) if (node.metadata?.labels?.[key] !== selector[key]) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || (required.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));
}

/** An empty term matches nothing. */
export function matchesTerm(term: V1NodeSelectorTerm, node: V1Node): boolean {
  const [expressions, fields] = [term.matchExpressions ?? [], term.matchFields ?? []];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((r) => holds(r, node.metadata?.labels?.[r.key])) &&
    fields.every((r) => holds(r, r.key === 'metadata.name' ? node.metadata?.name : undefined))
  );
}

function holds({ operator, values }: V1NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && (values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && values?.length === 1 && isAbove(value, values[0]);
    case 'Lt':
      return value !== undefined && values?.length === 1 && isAbove(values[0], value);
    default:
      return false;
  }
}
