/** What the type of a Service brings with it and takes away. Upstream: pkg/api/service/util.go, pkg/registry/core/service/strategy.go dropTypeDependentFields (v1.36). Simplified: nothing. */
import { sameJson } from '../machinery/patch/same-json.ts';
import { omit } from '../../lib/omit.ts';
import type { V1Service, V1ServiceSpec } from '../schema/kubernetes.ts';

export const isExternal = (spec: V1ServiceSpec): boolean =>
  hasNodePorts(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
export const needsHealthCheck = (spec: V1ServiceSpec): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const hasNodePorts = ({ type }: V1ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';
const hasAddress = ({ type }: V1ServiceSpec): boolean => type !== 'ExternalName';
const isBalancer = ({ type }: V1ServiceSpec): boolean => type === 'LoadBalancer';

type Field = keyof V1ServiceSpec;
const BY_TYPE: readonly { readonly needs: (spec: V1ServiceSpec) => boolean; readonly fields: readonly Field[] }[] = [
  { needs: hasAddress, fields: ['clusterIP', 'clusterIPs'] },
  { needs: hasAddress, fields: ['ipFamilies'] },
  { needs: hasAddress, fields: ['ipFamilyPolicy'] },
  { needs: needsHealthCheck, fields: ['healthCheckNodePort'] },
  { needs: isBalancer, fields: ['allocateLoadBalancerNodePorts'] },
  { needs: isBalancer, fields: ['loadBalancerClass'] },
  { needs: isExternal, fields: ['externalTrafficPolicy'] },
];

/** What only the old type had goes with it, unless the user sets it anew. */
export function withoutLeftovers(next: V1Service, old: V1Service): V1Service {
  const [now, was] = [next.spec, old.spec ?? {}];
  if (!now) return next;
  const gone = new Set<string>(
    BY_TYPE.flatMap(({ needs, fields }) =>
      needs(was) && !needs(now) && fields.every((field) => now[field] === undefined || sameJson(now[field], was[field])) ? fields : [],
    ),
  );
  const losesPorts = hasNodePorts(was) && !hasNodePorts(now);
  if (gone.size === 0 && !losesPorts) return next;
  const given = new Set((was.ports ?? []).map((p) => p.nodePort));
  const ports = losesPorts
    ? now.ports?.map((p) => {
        const { nodePort, ...rest } = p;
        return given.has(nodePort) ? rest : p;
      })
    : now.ports;
  return { ...next, spec: { ...omit(now, gone), ...(ports ? { ports } : {}) } };
}
