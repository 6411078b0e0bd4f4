/**
 * Label selectors: as text ('a=b,c!=d,e in (x,y),!f') and as objects.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (v1.36). Simplified: nothing.
 */
import type { V1LabelSelector } from '../schema/kubernetes.ts';

export interface LabelRequirement { readonly key: string; readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'; readonly values: readonly string[] }
type Labels = Readonly<Record<string, string>>;

/** Throws an Error in upstream's words when the text is no selector. */
export function parseSelector(text: string): readonly LabelRequirement[] {
  const requirements: LabelRequirement[] = [];
  for (const part of splitTop(text)) {
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
    const equal = /^([^=!\s<>]+)\s*(==|=|!=|>|<)\s*([^\s=!]*)$/.exec(part);
    const exists = /^(!?)\s*([A-Za-z0-9][^\s=!(),]*)$/.exec(part);
    if (set) requirements.push({ key: set[1], operator: set[2] as 'in' | 'notin', values: set[3].split(',').map((v) => v.trim()) });
    else if (equal) requirements.push({ key: equal[1], operator: equal[2] === '!=' ? 'notin' : equal[2] === '>' ? 'gt' : equal[2] === '<' ? 'lt' : 'in', values: [equal[3]] });
    else if (exists) requirements.push({ key: exists[2], operator: exists[1] === '!' ? '!' : 'exists', values: [] });
    else throw new Error(`unable to parse requirement: found ${JSON.stringify(part)}, expected: identifier`);
  }
  return requirements;
}

function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (i === text.length || (text[i] === ',' && depth === 0)) { const part = text.slice(start, i).trim(); if (part !== '') parts.push(part); start = i + 1; }
  }
  return parts;
}

export function matchesLabels(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  return requirements.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key);
    switch (operator) {
      case 'exists': return has;
      case '!': return !has;
      case 'in': return has && values.includes(labels[key]);
      case 'notin': return !has || !values.includes(labels[key]);
      case 'gt': return has && Number(labels[key]) > Number(values[0]);
      case 'lt': return has && Number(labels[key]) < Number(values[0]);
    }
  });
}

/** An absent selector matches nothing, an empty one everything, as upstream's LabelSelectorAsSelector. */
export function selectorMatches(selector: V1LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  const has = labels ?? {};
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (!Object.hasOwn(has, key) || has[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const isThere = Object.hasOwn(has, key);
    switch (operator) {
      case 'In': return isThere && (values ?? []).includes(has[key]);
      case 'NotIn': return !isThere || !(values ?? []).includes(has[key]);
      case 'Exists': return isThere;
      default: return !isThere;
    }
  });
}

/** A Service's plain map; an empty one selects nothing here, since such a Service has no endpoints of its own. */
export function mapMatches(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}

export const formatMap = (labels: Labels | undefined): string => Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${k}=${v}`).join(',');

export function formatLabelSelector(selector: V1LabelSelector | undefined): string {
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...(values ?? [])].sort((a, b) => (a < b ? -1 : 1)).join(',')})`;
  });
  return [formatMap(selector?.matchLabels), ...expressions].filter((text) => text !== '').join(',');
}
