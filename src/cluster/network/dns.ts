/**
 * What CoreDNS' kubernetes plugin answers.
 * Upstream: coredns plugin/kubernetes/{parse,kubernetes,reverse,handler}.go, plugin/backend_lookup.go (v1.12); kubernetes/dns docs/specification.md 1.1.0.
 * Simplified: no multicluster zones, no zone transfers, and names outside the cluster are not asked of anybody.
 */
import type { KubeObject } from '../../api/object.ts';
import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';

export interface DnsData {
  readonly services: readonly V1Service[];
  readonly slices: readonly V1EndpointSlice[];
  readonly namespaces: readonly string[];
  /** 'cluster.local' */
  readonly zone?: string;
  /** Seconds; 30 as in kubeadm's Corefile. */
  readonly ttl?: number;
}
/** Records as a zone file has them: name, ttl, IN, type and data between tabs. `authority`: the SOA that goes with "no such name" and "no such record". */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answer: readonly string[];
  readonly additional: readonly string[];
  readonly authority: readonly string[];
}
export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
}

const TTL = 30;
const DNS_VERSION = '1.1.0';
/** How far an ExternalName is followed through other ExternalNames. */
const MOST_ALIASES = 8;

interface Zone extends DnsData {
  readonly origin: string;
  readonly seconds: number;
}
/** One thing that a name stands for: an address or an alias, behind a port; `owner` is its own name in the zone. */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly owner: string;
}
/** 'no' is NXDOMAIN; an empty list is a name that exists and has no such record. */
type Found = readonly Target[] | 'no';

/** CoreDNS' answer over plain objects: Services, EndpointSlices and, when there are any, Namespaces. `ttl` in seconds. */
export function dnsPart(
  r: { readonly objects: readonly KubeObject[]; readonly zone?: string; readonly ttl?: number },
  query: DnsQuestion,
): DnsAnswer {
  const of = <O extends KubeObject>(kind: string): readonly O[] => r.objects.filter((o) => o.kind === kind) as unknown as readonly O[];
  const services = of<V1Service>('Service');
  const named = of('Namespace').map((n) => n.metadata?.name ?? '');
  return dnsAnswer(
    {
      services,
      slices: of<V1EndpointSlice>('EndpointSlice'),
      namespaces: named.length > 0 ? named : services.map((s) => s.metadata?.namespace ?? 'default'),
      ...(r.zone === undefined ? {} : { zone: r.zone }),
      ...(r.ttl === undefined ? {} : { ttl: r.ttl }),
    },
    query,
  );
}

export function dnsAnswer(data: DnsData, query: DnsQuestion): DnsAnswer {
  const zone: Zone = { ...data, origin: (data.zone ?? 'cluster.local').replace(/\.$/, '').toLowerCase(), seconds: data.ttl ?? TTL };
  const asked = query.name.replace(/\.$/, '');
  const name = asked.toLowerCase();
  const ip = addressOf(name);
  if (ip !== undefined) return pointers(zone, { name: asked, ip, type: query.type });
  if (name !== zone.origin && !name.endsWith(`.${zone.origin}`)) return { rcode: 'NXDOMAIN', answer: [], additional: [], authority: [] };
  if (name === `dns-version.${zone.origin}`)
    return query.type === 'TXT'
      ? { rcode: 'NOERROR', answer: [`${asked}.\t28800\tIN\tTXT\t"${DNS_VERSION}"`], additional: [], authority: [] }
      : negative(zone, 'NOERROR');
  if (name === zone.origin && (query.type === 'SOA' || query.type === 'NS'))
    return {
      rcode: 'NOERROR',
      answer: [query.type === 'SOA' ? authorityOf(zone) : `${asked}.\t${zone.seconds}\tIN\tNS\tns.dns.${zone.origin}.`],
      additional: [],
      authority: [],
    };
  const found = lookUp(zone, name);
  if (found === 'no') return negative(zone, 'NXDOMAIN');
  const records = recordsOf(zone, { name: asked, type: query.type, found });
  return records.answer.length === 0 ? negative(zone, 'NOERROR') : { rcode: 'NOERROR', authority: [], ...records };
}

const authorityOf = ({ origin, seconds }: Zone): string =>
  `${origin}.\t${seconds}\tIN\tSOA\tns.dns.${origin}. hostmaster.${origin}. 1 7200 1800 86400 ${seconds}`;
const negative = (zone: Zone, rcode: DnsAnswer['rcode']): DnsAnswer => ({
  rcode,
  answer: [],
  additional: [],
  authority: [authorityOf(zone)],
});
const familyOf = (host: string): 'A' | 'AAAA' | 'CNAME' =>
  /^\d+\.\d+\.\d+\.\d+$/.test(host) ? 'A' : host.includes(':') ? 'AAAA' : 'CNAME';

/** `name`: as it was written in the question. */
interface Asked {
  readonly name: string;
  readonly type: string;
  readonly found: readonly Target[];
}
type Records = Pick<DnsAnswer, 'answer' | 'additional'>;

function recordsOf(zone: Zone, { name, type, found }: Asked, aliases = 0): Records {
  const line = (owner: string, kind: string, data: string): string => `${owner}.\t${zone.seconds}\tIN\t${kind}\t${data}`;
  if (type === 'SRV') return serviceRecords(found, name, line);
  if (type === 'CNAME')
    return {
      answer: found.filter((t) => familyOf(t.host) === 'CNAME').map((t) => line(name, 'CNAME', `${t.host.replace(/\.$/, '')}.`)),
      additional: [],
    };
  if (type !== 'A' && type !== 'AAAA') return { answer: [], additional: [] };
  const answer = new Set<string>();
  for (const { host } of found) {
    const family = familyOf(host);
    if (family === type) answer.add(line(name, type, host));
    if (family !== 'CNAME') continue;
    const target = host.replace(/\.$/, '').toLowerCase();
    answer.add(line(name, 'CNAME', `${target}.`));
    const next = aliases < MOST_ALIASES && target.endsWith(`.${zone.origin}`) ? lookUp(zone, target) : 'no';
    if (next !== 'no') for (const record of recordsOf(zone, { name: target, type, found: next }, aliases + 1).answer) answer.add(record);
  }
  return { answer: [...answer], additional: [] };
}

/** Upstream: plugin.SRV: weights share a hundred; what is behind each name rides along. Aliases have none: Kubernetes.Services removes them. */
function serviceRecords(all: readonly Target[], name: string, line: (owner: string, kind: string, data: string) => string): Records {
  const found = all.filter((t) => familyOf(t.host) !== 'CNAME');
  const weight = Math.max(1, Math.floor(100 / Math.max(1, found.length)));
  const [answer, additional] = [new Set<string>(), new Set<string>()];
  for (const { host, port, owner } of found) {
    if (port < 0) continue;
    answer.add(line(name, 'SRV', `0 ${weight} ${port} ${owner}.`));
    additional.add(line(owner, familyOf(host), host));
  }
  return { answer: [...answer], additional: [...additional] };
}

/** What a name in the zone stands for. Upstream: parseRequest, then findServices or findPods. */
function lookUp(zone: Zone, name: string): Found {
  const base = name === zone.origin ? '' : name.slice(0, -zone.origin.length - 1);
  if (base === '' || base === 'svc' || base === 'pod') return [];
  const labels = base.split('.').reverse();
  const [kind, namespace, service, ...rest] = labels;
  if ((kind !== 'svc' && kind !== 'pod') || rest.length > 2 || !zone.namespaces.includes(namespace)) return 'no';
  if (service === undefined) return [];
  if (kind === 'pod') return podAddress(zone, { namespace, pod: service });
  const [endpoint, port] =
    rest.length === 1
      ? [rest[0], undefined]
      : [undefined, rest.length === 2 ? { protocol: rest[0].replace(/^_/, ''), name: rest[1].replace(/^_/, '') } : undefined];
  return servicesNamed(zone, { namespace, service, endpoint, port });
}

/** '10-200-1-5' in any namespace that exists. Upstream: `pods insecure`, as in kubeadm's Corefile. */
function podAddress(zone: Zone, { namespace, pod }: { readonly namespace: string; readonly pod: string }): Found {
  const isFour = /^\d{1,3}(-\d{1,3}){3}$/.test(pod) && pod.split('-').every((n) => Number(n) < 256);
  return isFour ? [{ host: pod.replace(/-/g, '.'), port: -1, owner: `${pod}.${namespace}.pod.${zone.origin}` }] : 'no';
}

interface Wanted {
  readonly namespace: string;
  readonly service: string;
  readonly endpoint: string | undefined;
  readonly port: { readonly name: string; readonly protocol: string } | undefined;
}

function servicesNamed(zone: Zone, wanted: Wanted): Found {
  const { namespace, endpoint } = wanted;
  const service = zone.services.find(
    (s) => (s.metadata?.namespace ?? 'default') === namespace && s.metadata?.name?.toLowerCase() === wanted.service,
  );
  if (!service) return 'no';
  const owner = `${wanted.service}.${namespace}.svc.${zone.origin}`;
  const fits = (name: string | undefined, protocol: string | undefined): boolean =>
    !wanted.port ||
    ((wanted.port.name === '' || wanted.port.name === (name ?? '').toLowerCase()) &&
      (wanted.port.protocol === '' || wanted.port.protocol === (protocol ?? 'TCP').toLowerCase()));
  if (service.spec?.type === 'ExternalName')
    return endpoint !== undefined || familyOf(service.spec.externalName ?? '') !== 'CNAME'
      ? 'no'
      : [{ host: service.spec.externalName ?? '', port: 0, owner }];
  if (service.spec?.clusterIP === 'None' || endpoint !== undefined) {
    const behind = endpointsOf(zone, service).filter(
      (e) =>
        (endpoint === undefined || e.hostname === endpoint) &&
        (e.port === undefined ? fits('', undefined) || !wanted.port : fits(e.port.name, e.port.protocol)),
    );
    return behind.length === 0 ? 'no' : behind.map((e) => ({ host: e.ip, port: e.port?.port ?? -1, owner: `${e.hostname}.${owner}` }));
  }
  const ports = (service.spec?.ports ?? []).filter((p) => fits(p.name, p.protocol));
  if (ports.length === 0) return 'no';
  const ips = service.spec?.clusterIPs ?? [service.spec?.clusterIP ?? ''];
  return ports.flatMap((p) => ips.map((host) => ({ host, port: p.port, owner })));
}

interface Behind {
  readonly ip: string;
  /** Its hostname, or its address with dashes. */
  readonly hostname: string;
  readonly given: string | undefined;
  readonly port: { readonly name?: string; readonly protocol?: string; readonly port?: number } | undefined;
}

/** The ready addresses behind a Service, once for each of their ports. */
function endpointsOf(zone: DnsData, service: V1Service): readonly Behind[] {
  return zone.slices
    .filter(
      (s) =>
        s.metadata?.namespace === service.metadata?.namespace &&
        s.metadata?.labels?.['kubernetes.io/service-name'] === service.metadata?.name,
    )
    .flatMap((slice) => {
      const ports = (slice.ports ?? []).length > 0 ? (slice.ports ?? []) : [undefined];
      return (slice.endpoints ?? [])
        .filter((e) => e.conditions?.ready ?? true)
        .flatMap((e) =>
          e.addresses.flatMap((ip) =>
            ports.map((port) => ({ ip, given: e.hostname, hostname: e.hostname ?? ip.replace(/[.:]/g, '-'), port })),
          ),
        );
    });
}

/** '5.0.254.10.in-addr.arpa' → '10.254.0.5'; undefined for every other name. */
function addressOf(name: string): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  return match ? `${match[4]}.${match[3]}.${match[2]}.${match[1]}` : undefined;
}

/** Whose address it is: a Service, or an endpoint that was given a hostname. Upstream: serviceRecordForIP. */
function pointers(zone: Zone, { name, ip, type }: { readonly name: string; readonly ip: string; readonly type: string }): DnsAnswer {
  const domain = (s: V1Service): string => `${s.metadata?.name}.${s.metadata?.namespace ?? 'default'}.svc.${zone.origin}.`;
  const own = zone.services
    .filter((s) => (s.spec?.clusterIPs ?? [s.spec?.clusterIP]).includes(ip))
    .map(domain)
    .slice(0, 1);
  const hosts =
    own.length > 0
      ? own
      : [
          ...new Set(
            zone.services.flatMap((s) =>
              endpointsOf(zone, s)
                .filter((e) => e.ip === ip && e.given !== undefined)
                .map((e) => `${e.given}.${domain(s)}`),
            ),
          ),
        ];
  if (hosts.length === 0) return negative(zone, 'NXDOMAIN');
  return type === 'PTR'
    ? { rcode: 'NOERROR', answer: hosts.map((host) => `${name}.\t${zone.seconds}\tIN\tPTR\t${host}`), additional: [], authority: [] }
    : negative(zone, 'NOERROR');
}
