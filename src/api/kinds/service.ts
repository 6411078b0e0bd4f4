/** Service. Upstream: pkg/registry/core/service/strategy.go, pkg/apis/core/v1/defaults.go, validation.go (v1.36). Simplified: one address family. */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { parseIp } from '../../lib/ip.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { formatMap } from '../machinery/labels.ts';
import { checkLabels, checkMetadata, checkName } from '../machinery/names.ts';
import { portErrors, portOrNameErrors } from '../pods/validate-port.ts';
import type { V1Service } from '../schema/kubernetes.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

function validatePorts(s: V1Service): readonly FieldError[] {
  const ports = s.spec?.ports ?? [];
  if (ports.length === 0 && s.spec?.type !== 'ExternalName' && s.spec?.clusterIP !== 'None') return [required('spec.ports')];
  const [names, numbers, nodePorts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const taken = (set: Set<string>, key: string): boolean => { const had = set.has(key); set.add(key); return had; };
  return ports.flatMap((p, i) => {
    const at = `spec.ports[${i}]`;
    return [
      ...(p.name ? [...checkName(p.name, `${at}.name`, 'label'), ...(taken(names, p.name) ? [duplicate(`${at}.name`, p.name)] : [])] : ports.length > 1 ? [required(`${at}.name`)] : []),
      ...portErrors(p.port ?? 0, `${at}.port`), ...(p.targetPort === undefined ? [] : portOrNameErrors(p.targetPort, `${at}.targetPort`)),
      ...(p.protocol === undefined || ['TCP', 'UDP', 'SCTP'].includes(p.protocol) ? [] : [notSupported(`${at}.protocol`, p.protocol, ['SCTP', 'TCP', 'UDP'])]),
      ...(p.nodePort && s.spec?.type === 'ClusterIP' ? [forbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'")] : []),
      ...(p.nodePort && (p.nodePort < 30000 || p.nodePort > 32767) ? [invalid(`${at}.nodePort`, p.nodePort, 'provided port is not in the valid range. The range of valid ports is 30000-32767')] : []),
      ...(taken(numbers, `${p.protocol ?? 'TCP'}/${p.port}`) ? [duplicate(at, { protocol: p.protocol ?? 'TCP', port: p.port })] : []),
      ...(p.nodePort && taken(nodePorts, `${p.protocol ?? 'TCP'}/${p.nodePort}`) ? [duplicate(`${at}.nodePort`, p.nodePort)] : []),
    ];
  });
}

function validateSpec(s: V1Service): readonly FieldError[] {
  const { type = '', clusterIP, sessionAffinity, externalName, externalTrafficPolicy, internalTrafficPolicy, sessionAffinityConfig } = s.spec ?? {};
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  return [
    ...validatePorts(s), ...checkLabels(s.spec?.selector, 'spec.selector'),
    ...(sessionAffinity === undefined || ['ClientIP', 'None'].includes(sessionAffinity) ? [] : [notSupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None'])]),
    ...(seconds !== undefined && (seconds < 1 || seconds > 86400) ? [invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, 'must be greater than 0 and less than or equal to 86400')] : []),
    ...(TYPES.includes(type) ? [] : [notSupported('spec.type', type, TYPES)]),
    ...(type === 'ExternalName' ? (externalName ? checkName(externalName.replace(/\.$/, ''), 'spec.externalName') : [required('spec.externalName')]) : []),
    ...(type === 'ExternalName' && clusterIP ? [forbidden('spec.clusterIPs', "may not be set when `type` is 'ExternalName'")] : []),
    ...((type === 'LoadBalancer' || type === 'NodePort') && clusterIP === 'None' ? [invalid('spec.clusterIPs[0]', clusterIP, `may not be set to 'None' for ${type} services`)] : []),
    ...(clusterIP && clusterIP !== 'None' && parseIp(clusterIP) === undefined ? [invalid('spec.clusterIPs[0]', clusterIP, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')] : []),
    ...(externalTrafficPolicy && type !== 'LoadBalancer' && type !== 'NodePort' && !s.spec?.externalIPs?.length ? [invalid('spec.externalTrafficPolicy', externalTrafficPolicy, 'may only be set for externally-accessible services')] : []),
    ...(externalTrafficPolicy && !['Cluster', 'Local'].includes(externalTrafficPolicy) ? [notSupported('spec.externalTrafficPolicy', externalTrafficPolicy, ['Cluster', 'Local'])] : []),
    ...(internalTrafficPolicy && !['Cluster', 'Local'].includes(internalTrafficPolicy) ? [notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, ['Cluster', 'Local'])] : []),
  ];
}

const portText = (s: V1Service): string => (s.spec?.ports ?? []).map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`).join(',') || '<none>';
/** A load balancer's addresses are clipped to 16 letters. */
const externalIp = (s: V1Service, _now: number, isWide = false): string => {
  const ingress = [...new Set((s.status?.loadBalancer?.ingress ?? []).map((i) => i.ip || i.hostname || '').filter((address) => address !== ''))].sort((a, b) => (a < b ? -1 : 1)).join(',');
  const external = (s.spec?.externalIPs ?? []).join(',');
  if (s.spec?.type === 'ExternalName') return s.spec.externalName ?? '';
  if (s.spec?.type === 'LoadBalancer') return [isWide || ingress.length <= 16 ? ingress : `${ingress.slice(0, 13)}...`, external].filter((t) => t !== '').join(',') || '<pending>';
  return s.spec?.type === 'ClusterIP' || s.spec?.type === 'NodePort' ? external || '<none>' : '<unknown>';
};

const hasNodePorts = (s: V1Service): boolean => s.spec?.type === 'NodePort' || s.spec?.type === 'LoadBalancer';

/** What only the old type had goes with it, unless the user sets it anew. Upstream: pkg/registry/core/service/strategy.go dropTypeDependentFields. */
function withoutLeftovers(next: V1Service, old: V1Service): V1Service {
  if (!next.spec || !hasNodePorts(old) || hasNodePorts(next)) return next;
  const { externalTrafficPolicy, allocateLoadBalancerNodePorts: _a, healthCheckNodePort: _h, ports, ...spec } = next.spec;
  const given = new Set((old.spec?.ports ?? []).map((p) => p.nodePort));
  const kept = ports?.map((p) => { const { nodePort, ...rest } = p; return given.has(nodePort) ? rest : p; });
  return { ...next, spec: { ...spec, ...(kept ? { ports: kept } : {}), ...(externalTrafficPolicy !== undefined && externalTrafficPolicy !== old.spec?.externalTrafficPolicy ? { externalTrafficPolicy } : {}) } };
}

export default {
  group: '', version: 'v1', kind: 'Service', plural: 'services', singular: 'service', shortNames: ['svc'], inAll: true, namespaced: true, model: 'V1Service', subresources: ['status'],
  applyDefaults(s) {
    const spec = s.spec ?? {};
    const type = spec.type || 'ClusterIP';
    const isExternal = type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
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
  prepareForUpdate: (next, old) => ({ ...withoutLeftovers(next, old), status: old.status }),
  validate: (s) => [...checkMetadata(s.metadata, 'label1035'), ...validateSpec(s)],
  validateUpdate: (next, old) => {
    const isKept = next.spec?.clusterIP === old.spec?.clusterIP || !old.spec?.clusterIP || next.spec?.type === 'ExternalName' || old.spec.type === 'ExternalName';
    return isKept ? [] : [invalid('spec.clusterIPs[0]', [next.spec?.clusterIP ?? ''], 'may not change once set')];
  },
  columns: [
    nameColumn, { name: 'Type', value: (s) => s.spec?.type ?? '' }, { name: 'Cluster-IP', value: (s) => s.spec?.clusterIP || s.spec?.clusterIPs?.[0] || '<none>' }, { name: 'External-IP', value: externalIp }, { name: 'Port(s)', value: portText }, ageColumn,
    { name: 'Selector', wide: true, value: (s) => formatMap(s.spec?.selector) || '<none>' },
  ],
} satisfies Kind<V1Service>;
