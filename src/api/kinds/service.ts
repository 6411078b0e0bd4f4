/** Service. Upstream: pkg/registry/core/service/strategy.go, pkg/apis/core/v1/defaults.go, validation.go (v1.36). Simplified: one address family. */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { formatMap } from '../machinery/labels.ts';
import { checkLabels, checkMetadata } from '../machinery/names.ts';
import type { V1Service } from '../schema/kubernetes.ts';

function validatePorts(s: V1Service): readonly FieldError[] {
  const ports = s.spec?.ports ?? [];
  if (ports.length === 0 && s.spec?.type !== 'ExternalName' && s.spec?.clusterIP !== 'None') return [required('spec.ports')];
  const names = new Set<string>();
  return ports.flatMap((p, i) => {
    const isDouble = p.name !== undefined && names.has(p.name);
    if (p.name) names.add(p.name);
    const isPort = Number.isInteger(p.port) && p.port >= 1 && p.port <= 65535;
    const target = p.targetPort;
    return [
      ...(ports.length > 1 && !p.name ? [required(`spec.ports[${i}].name`)] : []), ...(isDouble ? [duplicate(`spec.ports[${i}].name`, p.name)] : []),
      ...(isPort ? [] : [invalid(`spec.ports[${i}].port`, p.port ?? 0, 'must be between 1 and 65535, inclusive')]),
      ...(typeof target === 'number' && (target < 1 || target > 65535) ? [invalid(`spec.ports[${i}].targetPort`, target, 'must be between 1 and 65535, inclusive')] : []),
      ...(p.protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(p.protocol) ? [notSupported(`spec.ports[${i}].protocol`, p.protocol, ['SCTP', 'TCP', 'UDP'])] : []),
      ...(p.nodePort && (p.nodePort < 30000 || p.nodePort > 32767) ? [invalid(`spec.ports[${i}].nodePort`, p.nodePort, 'provided port is not in the valid range. The range of valid ports is 30000-32767')] : []),
    ];
  });
}

const portText = (s: V1Service): string => (s.spec?.ports ?? []).map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`).join(',') || '<none>';
/** A load balancer's addresses are clipped to 16 letters. */
const externalIp = (s: V1Service, _now: number, isWide = false): string => {
  const ingress = [...new Set((s.status?.loadBalancer?.ingress ?? []).map((i) => i.ip || i.hostname || ''))].sort((a, b) => (a < b ? -1 : 1)).join(',');
  const external = (s.spec?.externalIPs ?? []).join(',');
  if (s.spec?.type === 'ExternalName') return s.spec.externalName ?? '<none>';
  if (s.spec?.type === 'LoadBalancer') return [isWide || ingress.length <= 16 ? ingress : `${ingress.slice(0, 13)}...`, external].filter((t) => t !== '').join(',') || '<pending>';
  return external || '<none>';
};

export default {
  group: '', version: 'v1', kind: 'Service', plural: 'services', singular: 'service', shortNames: ['svc'], inAll: true, namespaced: true, model: 'V1Service', subresources: ['status'],
  applyDefaults(s) {
    const spec = s.spec ?? {};
    const type = spec.type || 'ClusterIP';
    const isExternal = type === 'NodePort' || type === 'LoadBalancer';
    return {
      ...s,
      spec: {
        ...spec, type, sessionAffinity: spec.sessionAffinity || 'None',
        ...(spec.ports ? { ports: spec.ports.map((p) => ({ ...p, protocol: p.protocol || 'TCP', targetPort: p.targetPort === undefined || p.targetPort === 0 || p.targetPort === '' ? p.port : p.targetPort })) } : {}),
        ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' }),
        ...(isExternal ? { externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster' } : {}),
        ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true } : {}),
        ...(spec.sessionAffinity === 'ClientIP' ? { sessionAffinityConfig: spec.sessionAffinityConfig ?? { clientIP: { timeoutSeconds: 10800 } } } : {}),
      },
    };
  },
  prepareForCreate: (s) => ({ ...s, status: { loadBalancer: {} } }),
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: (s) => [
    ...checkMetadata(s.metadata, 'label1035'), ...validatePorts(s), ...checkLabels(s.spec?.selector, 'spec.selector'),
    ...(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'].includes(s.spec?.type ?? '') ? [] : [notSupported('spec.type', s.spec?.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])]),
    ...(s.spec?.type === 'ExternalName' && !s.spec.externalName ? [required('spec.externalName')] : []),
  ],
  validateUpdate: (next, old) => (next.spec?.clusterIP === old.spec?.clusterIP || next.spec?.type === 'ExternalName' || old.spec?.type === 'ExternalName' ? [] : [invalid('spec.clusterIP', next.spec?.clusterIP, 'field is immutable')]),
  columns: [
    nameColumn, { name: 'Type', value: (s) => s.spec?.type ?? '' }, { name: 'Cluster-IP', value: (s) => s.spec?.clusterIP || '<none>' }, { name: 'External-IP', value: externalIp }, { name: 'Port(s)', value: portText }, ageColumn,
    { name: 'Selector', wide: true, value: (s) => formatMap(s.spec?.selector) || '<none>' },
  ],
} satisfies Kind<V1Service>;
