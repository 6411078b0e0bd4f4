/** What the checks of the Pod Security Standards are made of: who sets what, and how it is said. Upstream: staging/src/k8s.io/pod-security-admission/policy/{checks,helpers,visitor}.go (v1.36). */
import { allContainers } from '../../../../api/pods/containers.ts';
import type { V1Container, V1PodSecurityContext, V1PodTemplateSpec, V1SecurityContext } from '../../../../api/schema/kubernetes.ts';

/** Why a pod is not allowed; the detail names who, and is left out where many pods are told of. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}
export interface Check {
  readonly level: 'baseline' | 'restricted';
  /** The minor version of the first policy that has it. */
  readonly since?: number;
  /** The stricter check that takes its place, from its own version on. */
  readonly overriddenBy?: Check;
  readonly judge: (pod: V1PodTemplateSpec, minor: number) => Violation | undefined;
}
export type Context = V1PodSecurityContext & V1SecurityContext;

export const plural = (word: string, count: number, many = `${word}s`): string => (count === 1 ? word : many);
export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');
const byText = (x: string, y: string): number => (x < y ? -1 : 1);
export const sorted = (items: readonly string[]): readonly string[] => [...new Set(items)].sort(byText);
export const named = (containers: readonly V1Container[]): string =>
  `${plural('container', containers.length)} ${quoted(containers.map((c) => c.name))}`;
export const bad = (pod: V1PodTemplateSpec, isBad: (container: V1Container) => boolean): readonly V1Container[] =>
  allContainers(pod).filter(isBad);
export const isWindows = ({ spec }: V1PodTemplateSpec, minor: number): boolean => minor >= 25 && spec?.os?.name === 'windows';
/** KEP-127: in a user namespace of its own, root is nobody outside. */
export const isRelaxed = ({ spec }: V1PodTemplateSpec, minor: number): boolean => minor >= 35 && spec?.hostUsers === false;

/** Who sets a field of its security context badly ('pod and containers "a", "b"'), and to what. */
export function setters<V>(
  pod: V1PodTemplateSpec,
  read: (context: Context) => V | undefined,
  isBad: (value: V) => boolean,
): { readonly who: readonly string[]; readonly values: readonly V[] } {
  const badly = (context: object | undefined): readonly V[] =>
    [read((context ?? {}) as Context)].filter((v) => v !== undefined).filter(isBad);
  const ofPod = badly(pod.spec?.securityContext);
  const containers = bad(pod, (c) => badly(c.securityContext).length > 0);
  return {
    who: [...(ofPod.length > 0 ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])],
    values: [...ofPod, ...containers.flatMap((c) => badly(c.securityContext))],
  };
}
/** The containers that say nothing themselves where the pod does not say what is asked, either. */
export function silent<V>(
  pod: V1PodTemplateSpec,
  read: (context: Context) => V | undefined,
  isGood: (value: V) => boolean,
): readonly V1Container[] {
  const ofPod = read((pod.spec?.securityContext ?? {}) as Context);
  return ofPod !== undefined && isGood(ofPod) ? [] : bad(pod, (c) => read((c.securityContext ?? {}) as Context) === undefined);
}
export const violation = (isViolated: boolean, reason: string, detail: () => string): Violation | undefined =>
  isViolated ? { reason, detail: detail() } : undefined;

/** Of the profiles of AppArmor and seccomp: those that confine. */
export const isProfile = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';
