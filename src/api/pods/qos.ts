/** Guaranteed, Burstable or BestEffort. Upstream: pkg/apis/core/v1/helper/qos/qos.go (v1.36). Simplified: nothing. */
import { addQuantities, compareQuantities } from '../machinery/quantity.ts';
import type { V1PodSpec, V1ResourceRequirements } from '../schema/kubernetes.ts';

const COUNTED = ['cpu', 'memory'] as const;

/** What the pod as a whole asks for counts before what its containers ask for; requests that are not there are the limits, and nothing is no amount. */
export function qosClass(spec: V1PodSpec | undefined): string {
  const all: readonly (V1ResourceRequirements | undefined)[] =
    spec?.resources?.limits || spec?.resources?.requests
      ? [spec.resources]
      : [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((c) => c.resources);
  const limit = (r: V1ResourceRequirements | undefined, name: string): string => r?.limits?.[name] ?? '0';
  const request = (r: V1ResourceRequirements | undefined, name: string): string => r?.requests?.[name] ?? limit(r, name);
  const isAsked = (amount: string): boolean => compareQuantities(amount, '0') > 0;
  if (!all.some((r) => COUNTED.some((name) => isAsked(limit(r, name)) || isAsked(request(r, name))))) return 'BestEffort';
  const sum = (of: typeof limit, name: string): string =>
    all.reduce((total, r) => (isAsked(of(r, name)) ? addQuantities(total, String(of(r, name))) : total), '0');
  return COUNTED.every((name) => all.every((r) => isAsked(limit(r, name))) && compareQuantities(sum(request, name), sum(limit, name)) === 0)
    ? 'Guaranteed'
    : 'Burstable';
}
