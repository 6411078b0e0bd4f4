/** What comes nearest to the labels that a Service asks for, where no pod has them all: said to people, and acted on by nobody. */
import { editDistance } from '../../lib/edit-distance.ts';
import { mapMatches } from '../machinery/label-map.ts';
import type { V1Pod, V1Service } from '../schema/kubernetes.ts';

type Labels = Readonly<Record<string, string>>;
/** `asks`: 'app=wbe'; `pod` and `has`: who comes nearest, and what it has instead, 'app=web'. */
export interface NearMiss {
  readonly asks: string;
  readonly pod?: string;
  readonly has?: string;
}

/** Undefined when the Service asks for nothing, or a pod has all of it. `pods`: those of its namespace. */
export function nearMiss({ spec }: V1Service, pods: readonly V1Pod[]): NearMiss | undefined {
  const selector = spec?.selector ?? {};
  const wanted = Object.entries(selector);
  if (wanted.length === 0 || spec?.type === 'ExternalName' || pods.some((pod) => mapMatches(selector, pod.metadata?.labels)))
    return undefined;
  const asks = wanted.map(([key, value]) => `${key}=${value}`).join(',');
  let best: { readonly far: number; readonly pod: V1Pod } | undefined;
  for (const pod of pods) {
    const far = wanted.reduce((sum, pair) => sum + distanceOf(pair, pod.metadata?.labels ?? {}), 0);
    if (far < (best?.far ?? wanted.length)) best = { far, pod };
  }
  if (!best) return { asks };
  const { labels = {}, name = '' } = best.pod.metadata ?? {};
  return {
    asks,
    pod: name,
    has: wanted
      .filter(([key, value]) => labels[key] !== value)
      .map((pair) => insteadOf(pair, labels))
      .join(','),
  };
}

/** From 0, the very label, to 1, nothing like it. */
function distanceOf([key, value]: readonly [string, string], labels: Labels): number {
  if (labels[key] !== undefined)
    return labels[key] === value ? 0 : Math.min(0.9, editDistance(labels[key], value) / Math.max(1, value.length));
  return keyOfValue(value, labels) === undefined ? 1 : 0.5;
}
const keyOfValue = (value: string, labels: Labels): string | undefined => Object.keys(labels).find((key) => labels[key] === value);

function insteadOf([key, value]: readonly [string, string], labels: Labels): string {
  if (labels[key] !== undefined) return `${key}=${labels[key]}`;
  const other = keyOfValue(value, labels);
  return other === undefined ? `no ${key}` : `${other}=${value}`;
}
