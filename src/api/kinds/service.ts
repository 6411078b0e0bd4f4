/** Service. Upstream: pkg/registry/core/service/strategy.go, pkg/apis/core/v1/defaults.go, validation.go (v1.36). Simplified: one address family. */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { formatMap } from '../machinery/labels.ts';
import { checkMetadata } from '../machinery/names.ts';
import { isExternal, withoutLeftovers } from '../services/types.ts';
import { serviceWarnings } from '../services/warnings.ts';
import { validateService, validateServiceUpdate } from '../services/validate.ts';
import type { V1Service } from '../schema/kubernetes.ts';

/** Three hours. */
const LONG = 10_800;

const portText = (s: V1Service): string =>
  (s.spec?.ports ?? []).map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`).join(',') || '<none>';
/** A load balancer's addresses are clipped to 16 letters. */
const externalIp = (s: V1Service, _now: number, isWide = false): string => {
  const ingress = [
    ...new Set((s.status?.loadBalancer?.ingress ?? []).map((i) => i.ip || i.hostname || '').filter((address) => address !== '')),
  ]
    .sort((a, b) => (a < b ? -1 : 1))
    .join(',');
  const external = (s.spec?.externalIPs ?? []).join(',');
  if (s.spec?.type === 'ExternalName') return s.spec.externalName ?? '';
  if (s.spec?.type === 'LoadBalancer')
    return (
      [isWide || ingress.length <= 16 ? ingress : `${ingress.slice(0, 13)}...`, external].filter((t) => t !== '').join(',') || '<pending>'
    );
  return s.spec?.type === 'ClusterIP' || s.spec?.type === 'NodePort' ? external || '<none>' : '<unknown>';
};

/** Upstream: defaults.go SetDefaults_Service. */
function withModes(s: V1Service): V1Service {
  const { ingress, ...rest } = s.status?.loadBalancer ?? {};
  return s.spec?.type === 'LoadBalancer' && ingress
    ? {
        ...s,
        status: {
          ...s.status,
          loadBalancer: { ...rest, ingress: ingress.map((one) => (one.ip && !one.ipMode ? { ...one, ipMode: 'VIP' } : one)) },
        },
      }
    : s;
}

export default {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  inAll: true,
  namespaced: true,
  model: 'V1Service',
  subresources: ['status'],
  isCreatedByUpdate: true,
  applyDefaults(s) {
    const spec = s.spec ?? {};
    const type = spec.type || 'ClusterIP';
    const affinity = spec.sessionAffinity || 'None';
    const { sessionAffinityConfig: config, ...others } = spec;
    return {
      ...s,
      spec: {
        ...others,
        type,
        sessionAffinity: affinity,
        ...(spec.ports
          ? {
              ports: spec.ports.map((p) => ({
                ...p,
                protocol: p.protocol || 'TCP',
                targetPort: p.targetPort === undefined || p.targetPort === 0 || p.targetPort === '' ? p.port : p.targetPort,
              })),
            }
          : {}),
        ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' }),
        ...(isExternal({ ...spec, type }) ? { externalTrafficPolicy: spec.externalTrafficPolicy || 'Cluster' } : {}),
        ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true } : {}),
        ...(affinity === 'ClientIP'
          ? {
              sessionAffinityConfig: typeof config?.clientIP?.timeoutSeconds === 'number' ? config : { clientIP: { timeoutSeconds: LONG } },
            }
          : affinity !== 'None' && config
            ? { sessionAffinityConfig: config }
            : {}),
      },
    };
  },
  defaultStatus: withModes,
  prepareForCreate: (s) => ({ ...s, status: { loadBalancer: {} } }),
  prepareForUpdate: (next, old) => ({ ...withoutLeftovers(next, old), status: old.status }),
  validate: (s) => [...checkMetadata(s.metadata, 'label'), ...validateService(s)],
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,
  updateWarnings: serviceWarnings,
  selectableFields: (s) => ({ 'spec.clusterIP': s.spec?.clusterIP ?? '', 'spec.type': s.spec?.type ?? '' }),
  columns: [
    nameColumn,
    { name: 'Type', value: (s) => s.spec?.type ?? '' },
    { name: 'Cluster-IP', value: (s) => s.spec?.clusterIP || s.spec?.clusterIPs?.[0] || '<none>' },
    { name: 'External-IP', value: externalIp },
    { name: 'Port(s)', value: portText },
    ageColumn,
    { name: 'Selector', wide: true, value: (s) => formatMap(s.spec?.selector) || '<none>' },
  ],
} satisfies Kind<V1Service>;
