/** What is accepted of a Service and acts on nothing, or soon will not. Upstream: pkg/api/service/warnings.go (v1.36). Simplified: none about the forms of addresses. */
import type { V1Service } from '../schema/kubernetes.ts';

const OLD_HINTS = 'service.kubernetes.io/topology-aware-hints';

export function serviceWarnings({ metadata, spec = {} }: V1Service): readonly string[] {
  const isHeadless = spec.type === 'ClusterIP' && spec.clusterIP === 'None';
  const hasExternal = (spec.externalIPs ?? []).length > 0;
  const isName = spec.type === 'ExternalName';
  const said: readonly (readonly [boolean, string])[] = [
    [
      metadata?.annotations?.[OLD_HINTS] !== undefined,
      `annotation ${OLD_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ],
    [isHeadless && (spec.loadBalancerIP ?? '') !== '', 'spec.loadBalancerIP is ignored for headless services'],
    [isHeadless && hasExternal, 'spec.externalIPs is ignored for headless services'],
    [isHeadless && (spec.sessionAffinity ?? 'None') !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [hasExternal && !isHeadless && !isName, 'spec.externalIPs is deprecated and may no longer be implemented in some clusters'],
    [isName && hasExternal, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [!isName && (spec.externalName ?? '') !== '', 'spec.externalName is ignored when spec.type is not "ExternalName"'],
    [spec.trafficDistribution === 'PreferClose', 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ];
  return said.filter(([holds]) => holds).map(([, text]) => text);
}
