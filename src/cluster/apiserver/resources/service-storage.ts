/**
 * Allots cluster IPs and node ports.
 * Upstream: pkg/registry/core/service/storage/alloc.go, ipallocator/cidrallocator.go (v1.36): a random free address of the upper band, then of the static band.
 * Simplified: what is taken is read from the Services themselves and not from IPAddress objects; one address family.
 */
import type { V1Service, V1ServicePort, V1ServiceSpec, V1Status } from '../../../api/schema/kubernetes.ts';
import { invalid as invalidField, type FieldError } from '../../../api/machinery/field-error.ts';
import { invalid } from '../../../api/machinery/status.ts';
import type { KubeObject } from '../../../api/object.ts';
import { needsHealthCheck } from '../../../api/services/types.ts';
import { assert } from '../../../lib/assert.ts';
import { contains, formatIp, parseCidr, parseIp } from '../../../lib/ip.ts';
import type { Lots } from '../decision.ts';
import type { ServerView } from '../view.ts';
import type { Resource } from './resource.ts';

const NODE_PORTS = { first: 30000, count: 2768, staticBand: 86 } as const;
type Outcome = ReturnType<NonNullable<Resource['beforeCreate']>>;

function taken(view: ServerView, self: V1Service): { readonly ips: Set<string>; readonly ports: Set<number> } {
  const ips = new Set<string>();
  const ports = new Set<number>();
  for (const service of view.list<V1Service>('services')) {
    if (service.metadata?.name === self.metadata?.name && service.metadata?.namespace === self.metadata?.namespace) continue;
    for (const ip of service.spec?.clusterIPs ?? []) ips.add(ip);
    for (const port of service.spec?.ports ?? []) if (port.nodePort) ports.add(port.nodePort);
    if (service.spec?.healthCheckNodePort) ports.add(service.spec.healthCheckNodePort);
  }
  return { ips, ports };
}

/** A free address of the service network, or undefined when it is full. */
export function allotIp(cidrText: string, used: ReadonlySet<string>, lots: Lots): string | undefined {
  const cidr = parseCidr(cidrText);
  assert(cidr, `the service network ${cidrText} is a CIDR`);
  const first = 1;
  const last = cidr.size - 2;
  const band = Math.min(Math.max(16, Math.floor(cidr.size / 16)), 256);
  const search = (from: number, to: number): string | undefined => {
    const n = to - from + 1;
    if (n <= 0) return undefined;
    const start = lots.below('clusterIP', n);
    for (let i = 0; i < n; i++) {
      const ip = formatIp(cidr.base + from + ((start + i) % n));
      if (!used.has(ip)) return ip;
    }
    return undefined;
  };
  return search(first + band, last) ?? search(first, Math.min(last, first + band - 1));
}

const refusal = (name: string, field: string, value: unknown, detail: string): V1Status =>
  invalid({ group: '', kind: 'Service' }, name, [invalidField(field, value, detail)]);

type Families = { readonly spec: V1ServiceSpec } | { readonly errors: readonly FieldError[] };

/** There is IPv4 alone. A headless Service without a selector may have what it wants, and has both by itself. Upstream: alloc.go initIPFamilyFields. */
function withFamilies(spec: V1ServiceSpec): Families {
  const { ipFamilies = [], ipFamilyPolicy } = spec;
  if (spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0) {
    const [first = 'IPv4', second = first === 'IPv4' ? 'IPv6' : 'IPv4'] = ipFamilies;
    return {
      spec: {
        ...spec,
        ipFamilyPolicy: ipFamilyPolicy ?? 'RequireDualStack',
        ipFamilies: ipFamilyPolicy === 'SingleStack' ? [first] : [first, second],
      },
    };
  }
  const errors = [
    ...(ipFamilyPolicy === 'RequireDualStack'
      ? [invalidField('spec.ipFamilyPolicy', ipFamilyPolicy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...ipFamilies.flatMap((family, i) =>
      family === 'IPv4' ? [] : [invalidField(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster')],
    ),
  ];
  return errors.length > 0
    ? { errors }
    : { spec: { ...spec, ipFamilies: ipFamilies.length > 0 ? ipFamilies : ['IPv4'], ipFamilyPolicy: ipFamilyPolicy ?? 'SingleStack' } };
}

function allot(service: V1Service, view: ServerView, lots: Lots, name: string): Outcome {
  if (service.spec?.type === 'ExternalName') return { object: service as KubeObject };
  const families = withFamilies(service.spec ?? {});
  if ('errors' in families) return { status: invalid({ group: '', kind: 'Service' }, name, families.errors) };
  const { spec } = families;
  const { ips, ports } = taken(view, service);
  const refuse = (field: string, value: unknown, detail: string): Outcome => ({ status: refusal(name, field, value, detail) });
  const wanted = spec.clusterIP ?? '';
  let clusterIP: string | undefined = wanted;
  if (wanted === '') {
    clusterIP = allotIp(view.serviceCIDR, ips, lots);
    if (clusterIP === undefined) return refuse('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full');
  } else if (wanted !== 'None') {
    const cidr = parseCidr(view.serviceCIDR);
    const ip = parseIp(wanted);
    if (ip === undefined || !cidr || !contains(cidr, ip) || ip === cidr.base || ip === cidr.base + cidr.size - 1)
      return refuse('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: the provided network does not match the current range`);
    if (ips.has(wanted)) return refuse('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: provided IP is already allocated`);
  }
  const given = withPorts({ ...spec, clusterIP, clusterIPs: [clusterIP] }, ports, lots);
  return 'refused' in given
    ? refuse(given.refused, given.port, 'provided port is already allocated')
    : { object: { ...service, spec: given.spec } as KubeObject };
}

type WithPorts = { readonly spec: V1ServiceSpec } | { readonly refused: string; readonly port: number };

/** Ports on the machines, and one to ask after local endpoints. One number serves one port over several protocols. */
function withPorts(spec: V1ServiceSpec, taken: ReadonlySet<number>, lots: Lots): WithPorts {
  const used = new Set(taken);
  const own = new Map<number, number>();
  const needsPorts = spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const ports: V1ServicePort[] = [];
  for (const [i, port] of (spec.ports ?? []).entries()) {
    if (port.nodePort && taken.has(port.nodePort)) return { refused: `spec.ports[${i}].nodePort`, port: port.nodePort };
    const nodePort = port.nodePort || (needsPorts ? (own.get(port.port) ?? freePort(used, lots, i)) : 0);
    if (nodePort) {
      used.add(nodePort);
      own.set(port.port, nodePort);
    }
    ports.push(nodePort ? { ...port, nodePort } : port);
  }
  const health = spec.healthCheckNodePort;
  if (health && needsHealthCheck(spec) && taken.has(health)) return { refused: 'spec.healthCheckNodePort', port: health };
  const isMissing = needsHealthCheck(spec) && !health;
  return {
    spec: { ...spec, ...(spec.ports ? { ports } : {}), ...(isMissing ? { healthCheckNodePort: freePort(used, lots, ports.length) } : {}) },
  };
}

function freePort(used: ReadonlySet<number>, lots: Lots, index: number): number {
  const n = NODE_PORTS.count - NODE_PORTS.staticBand;
  const start = lots.below(`nodePort/${index}`, n);
  for (let i = 0; i < n; i++) {
    const port = NODE_PORTS.first + NODE_PORTS.staticBand + ((start + i) % n);
    if (!used.has(port)) return port;
  }
  return 0;
}

export default {
  plural: 'services',
  group: '',
  beforeCreate: (object, view, lots) => allot(object as V1Service, view, lots, object.metadata?.name ?? ''),
  beforeUpdate(next, old, view, lots) {
    const [service, before] = [next as V1Service, old as V1Service];
    const keepsIp = service.spec?.type !== 'ExternalName' && !service.spec?.clusterIP && before.spec?.clusterIP;
    const spec = keepsIp
      ? {
          ...service.spec,
          clusterIP: before.spec?.clusterIP,
          clusterIPs: before.spec?.clusterIPs,
          ipFamilies: service.spec?.ipFamilies ?? before.spec?.ipFamilies,
          ipFamilyPolicy: service.spec?.ipFamilyPolicy ?? before.spec?.ipFamilyPolicy,
        }
      : service.spec;
    const ports = spec?.ports?.map((port) => {
      const same = before.spec?.ports?.find((p) => p.port === port.port && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
      return !port.nodePort && same?.nodePort && spec.type !== 'ClusterIP' ? { ...port, nodePort: same.nodePort } : port;
    });
    const health = before.spec?.healthCheckNodePort;
    const keepsHealth = health && spec && needsHealthCheck(spec) && !spec.healthCheckNodePort;
    const kept = {
      ...service,
      spec: { ...spec, ...(ports ? { ports } : {}), ...(keepsHealth ? { healthCheckNodePort: health } : {}) },
    } as V1Service;
    const isSettled =
      kept.spec?.type === 'ExternalName' ||
      kept.spec?.clusterIP === 'None' ||
      (kept.spec?.clusterIP !== undefined && kept.spec.clusterIP === before.spec?.clusterIP);
    if (isSettled) {
      const families: Families = kept.spec?.type === 'ExternalName' ? { spec: kept.spec } : withFamilies(kept.spec ?? {});
      if ('errors' in families) return { status: invalid({ group: '', kind: 'Service' }, next.metadata?.name ?? '', families.errors) };
      const given = withPorts(families.spec, taken(view, before).ports, lots);
      return 'refused' in given
        ? { status: refusal(next.metadata?.name ?? '', given.refused, given.port, 'provided port is already allocated') }
        : { object: { ...kept, spec: given.spec } as KubeObject };
    }
    return allot(kept, view, lots, next.metadata?.name ?? '');
  },
} satisfies Resource;
