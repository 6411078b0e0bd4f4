/** Selectors that are a map of labels, as Services have them. Upstream: SelectorFromSet in staging/src/k8s.io/apimachinery/pkg/labels/selector.go (v1.36). Simplified: nothing. */
type Labels = Readonly<Record<string, string>>;

/** A Service's plain map; an empty one selects nothing here, since such a Service has no endpoints of its own. */
export function mapMatches(selector: Labels | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  const wanted = Object.keys(selector);
  for (const key of wanted) if (labels?.[key] !== selector[key]) return false;
  return wanted.length > 0;
}
