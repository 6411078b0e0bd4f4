/**
 * Label selectors: as text ('a=b,c!=d,e in (x,y),!f') and as objects.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (v1.36). Simplified: nothing.
 */
import type { V1LabelSelector } from '../schema/kubernetes.ts';
import { int64, parseRequirements, type LabelRequirement } from './selector-parser.ts';

export type { LabelOperator, LabelRequirement } from './selector-parser.ts';
type Labels = Readonly<Record<string, string>>;

/** Throws an Error in upstream's words when the text is no selector. '' matches everything. */
export const parseSelector = (text: string): readonly LabelRequirement[] => parseRequirements(text);

export function matchesLabels(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  return requirements.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key);
    switch (operator) {
      case 'exists':
        return has;
      case '!':
        return !has;
      case '=':
      case '==':
      case 'in':
        return has && values.includes(labels[key]);
      case '!=':
      case 'notin':
        return !has || !values.includes(labels[key]);
      case 'gt':
        return has && isAbove(labels[key], values[0]);
      case 'lt':
        return has && isAbove(values[0], labels[key]);
    }
  });
}

/** False when either is no number. */
export function isAbove(a: string, b: string): boolean {
  const [x, y] = [int64(a), int64(b)];
  return x !== undefined && y !== undefined && x > y;
}
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The text of requirements as upstream's Selector.String: sorted by key, values sorted. */
export function formatSelector(requirements: readonly LabelRequirement[]): string {
  return [...requirements]
    .sort((a, b) => byText(a.key, b.key))
    .map(({ key, operator, values }) => {
      switch (operator) {
        case 'exists':
          return key;
        case '!':
          return `!${key}`;
        case 'in':
        case 'notin':
          return `${key} ${operator} (${[...values].sort(byText).join(',')})`;
        case 'gt':
          return `${key}>${values[0]}`;
        case 'lt':
          return `${key}<${values[0]}`;
        default:
          return `${key}${operator}${values[0]}`;
      }
    })
    .join(',');
}

/** An absent selector matches nothing, an empty one everything, as upstream's LabelSelectorAsSelector. */
export function selectorMatches(selector: V1LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  const has = labels ?? {};
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (!Object.hasOwn(has, key) || has[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const isThere = Object.hasOwn(has, key);
    switch (operator) {
      case 'In':
        return isThere && (values ?? []).includes(has[key]);
      case 'NotIn':
        return !isThere || !(values ?? []).includes(has[key]);
      case 'Exists':
        return isThere;
      default:
        return !isThere;
    }
  });
}

export const formatMap = (labels: Labels | undefined): string =>
  Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${k}=${v}`)
    .join(',');

/** '' when nothing is selected by, as upstream's Selector.String. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  const OPERATORS: Readonly<Record<string, LabelRequirement['operator']>> = {
    In: 'in',
    NotIn: 'notin',
    Exists: 'exists',
    DoesNotExist: '!',
  };
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]): LabelRequirement => ({
    key,
    operator: '=',
    values: [value],
  }));
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }): LabelRequirement => ({
    key,
    operator: OPERATORS[operator] ?? 'exists',
    values: values ?? [],
  }));
  return formatSelector([...pairs, ...expressions]);
}

/** '<none>' when nothing is selected by, as upstream's FormatLabelSelector. */
export const formatLabelSelector = (selector: V1LabelSelector | undefined): string => selectorText(selector) || '<none>';
