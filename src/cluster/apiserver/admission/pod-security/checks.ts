/** The Pod Security Standards, version by version. Upstream: staging/src/k8s.io/pod-security-admission/policy/registry.go (v1.36). */
import type { V1PodTemplateSpec } from '../../../../api/schema/kubernetes.ts';
import { BASELINE } from './baseline-checks.ts';
import type { Check, Violation } from './check.ts';
import { RESTRICTED } from './restricted-checks.ts';

/** In the order in which they are told of. */
const CHECKS: readonly Check[] = [...BASELINE, ...RESTRICTED];

/** `minor`: the version of the policy, Infinity for the latest. */
export function violations(level: string, minor: number, pod: V1PodTemplateSpec): readonly Violation[] {
  const isAsked = (check: Check): boolean => (check.since ?? 0) <= minor && (check.level === 'baseline' || level === 'restricted');
  return CHECKS.filter((check) => isAsked(check) && !(check.overriddenBy && isAsked(check.overriddenBy)))
    .map((check) => check.judge(pod, minor))
    .filter((found) => found !== undefined);
}
