/** What CoreDNS answers. Upstream: kubernetes/dns docs/specification.md 1.1.0; coredns plugin/kubernetes. Simplified: pod records are left out. */
import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';

export interface DnsZone { readonly services: readonly V1Service[]; readonly slices: readonly V1EndpointSlice[]; readonly namespaces: readonly string[] }
export interface DnsAnswer { readonly rcode: 'NOERROR' | 'NXDOMAIN'; readonly answer: readonly string[] }

const ZONE = 'svc.cluster.local';
const TTL = 30;
const NXDOMAIN: DnsAnswer = { rcode: 'NXDOMAIN', answer: [] };

const REVERSE = '.in-addr.arpa';

/** Whose address it is: a Service, or a pod behind a headless one. Upstream: coredns plugin/kubernetes/reverse.go. */
function reverse({ services, slices }: DnsZone, name: string, type: string): DnsAnswer {
  const ip = name.slice(0, -REVERSE.length).split('.').reverse().join('.');
  const owners = services.filter((s) => s.spec?.clusterIP === ip).map((s) => `${s.metadata?.name}.${s.metadata?.namespace}.${ZONE}.`);
  const isHeadless = (slice: V1EndpointSlice): boolean => services.some((s) => s.spec?.clusterIP === 'None' && s.metadata?.namespace === slice.metadata?.namespace && s.metadata?.name === slice.metadata?.labels?.['kubernetes.io/service-name']);
  const pods = slices.filter(isHeadless).flatMap((slice) => (slice.endpoints ?? []).filter((e) => e.addresses[0] === ip).map((e) => `${e.hostname ?? ip.replace(/\./g, '-')}.${slice.metadata?.labels?.['kubernetes.io/service-name']}.${slice.metadata?.namespace}.${ZONE}.`));
  const found = [...owners, ...pods];
  return found.length === 0 ? NXDOMAIN : { rcode: 'NOERROR', answer: type === 'PTR' ? found.map((owner) => `${name}.\t${TTL}\tIN\tPTR\t${owner}`) : [] };
}

export function dnsAnswer({ services, slices, namespaces }: DnsZone, query: { readonly name: string; readonly type: string }): DnsAnswer {
  const name = query.name.toLowerCase().replace(/\.$/, '');
  if (name === ZONE) return { rcode: 'NOERROR', answer: [] };
  if (name.endsWith(REVERSE)) return reverse({ services, slices, namespaces }, name, query.type);
  if (!name.endsWith(`.${ZONE}`)) return NXDOMAIN;
  const labels = name.slice(0, -ZONE.length - 1).split('.').reverse();
  const [namespace, serviceName, ...rest] = labels;
  if (serviceName === undefined) return namespaces.includes(namespace) ? { rcode: 'NOERROR', answer: [] } : NXDOMAIN;
  const service = services.find((s) => s.metadata?.namespace === namespace && s.metadata?.name === serviceName);
  if (!service) return NXDOMAIN;
  const endpoints = slices.filter((s) => s.metadata?.namespace === namespace && s.metadata?.labels?.['kubernetes.io/service-name'] === serviceName).flatMap((slice) => (slice.endpoints ?? []).filter((e) => e.conditions?.ready ?? true).map((e) => ({ ip: e.addresses[0], host: e.hostname ?? e.addresses[0].replace(/\./g, '-'), ports: slice.ports ?? [] })));
  const record = (type: string, data: string, owner = name): string => `${owner}.\t${TTL}\tIN\t${type}\t${data}`;
  const isHeadless = service.spec?.clusterIP === 'None';
  const only = (type: string, lines: readonly string[]): DnsAnswer => ({ rcode: 'NOERROR', answer: query.type === type ? lines : [] });
  if (rest.length === 0) {
    if (service.spec?.type === 'ExternalName') return { rcode: 'NOERROR', answer: query.type === 'A' || query.type === 'CNAME' || query.type === 'AAAA' ? [record('CNAME', `${service.spec.externalName}.`)] : [] };
    if (isHeadless) return endpoints.length === 0 ? NXDOMAIN : only('A', endpoints.map((e) => record('A', e.ip)));
    return only('A', [record('A', service.spec?.clusterIP ?? '')]);
  }
  if (rest.length === 1) {
    const pod = endpoints.find((e) => e.host === rest[0]);
    return isHeadless && pod ? only('A', [record('A', pod.ip)]) : NXDOMAIN;
  }
  const [protocol, portName] = [rest[0].replace(/^_/, ''), rest[1].replace(/^_/, '')];
  const port = service.spec?.ports?.find((p) => (p.name ?? '') === portName && (p.protocol ?? 'TCP').toLowerCase() === protocol);
  if (!port) return NXDOMAIN;
  if (!isHeadless) return only('SRV', [record('SRV', `0 100 ${port.port} ${serviceName}.${namespace}.${ZONE}.`)]);
  const weight = Math.floor(100 / Math.max(1, endpoints.length));
  return only('SRV', endpoints.map((e) => record('SRV', `0 ${weight} ${e.ports.find((p) => p.name === portName)?.port ?? port.port} ${e.host}.${serviceName}.${namespace}.${ZONE}.`)));
}
