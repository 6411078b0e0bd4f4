/** Which names a process asks for, as /etc/resolv.conf of its pod says. Source: resolv.conf(5); upstream: pkg/kubelet/network/dns/dns.go (v1.36). Simplified: one name server, A records, no cache. */
export interface ResolvConf {
  readonly nameserver: string;
  readonly search: readonly string[];
  readonly ndots: number;
  /** As they are written, where they are not `ndots` alone. */
  readonly options?: readonly string[];
}
type DnsPod = {
  readonly metadata?: { readonly namespace?: string };
  readonly spec?: {
    readonly dnsPolicy?: string;
    readonly hostNetwork?: boolean;
    readonly dnsConfig?: {
      readonly nameservers?: readonly string[];
      readonly searches?: readonly string[];
      readonly options?: readonly { readonly name?: string; readonly value?: string }[];
    };
  };
};

const DOMAIN = 'cluster.local';
const NDOTS = 5;

/** What the kubelet writes into a pod's /etc/resolv.conf; undefined: the machine's own, which knows nothing of the cluster. */
export function resolvConfOf(pod: DnsPod, clusterDns: string): ResolvConf | undefined {
  const { spec } = pod;
  const policy = spec?.dnsPolicy ?? 'ClusterFirst';
  const own = spec?.dnsConfig;
  const ndots = Number(own?.options?.find((o) => o.name === 'ndots')?.value ?? (policy === 'None' ? 1 : NDOTS));
  const options = optionsOf(policy === 'None' ? [] : [`ndots:${NDOTS}`], own?.options ?? []);
  const said = options.length === 1 && options[0] === `ndots:${ndots}` ? {} : { options };
  if (policy === 'None') {
    const server = own?.nameservers?.[0];
    return server === undefined ? undefined : { nameserver: server, search: own?.searches ?? [], ndots, ...said };
  }
  if (policy === 'Default' || (policy === 'ClusterFirst' && spec?.hostNetwork)) return undefined;
  const namespace = pod.metadata?.namespace ?? 'default';
  return {
    nameserver: clusterDns,
    search: [`${namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN, ...(own?.searches ?? [])],
    ndots,
    ...said,
  };
}

/** The pod's own take the place of those of the same name. Upstream: mergeDNSOptions. Simplified: in order; upstream's is Go's of a map. */
function optionsOf(usual: readonly string[], own: readonly { readonly name?: string; readonly value?: string }[]): readonly string[] {
  const all = new Map(usual.map((text) => [text.split(':')[0], text]));
  for (const { name = '', value } of own) all.set(name, value === undefined || value === '' ? name : `${name}:${value}`);
  return [...all.values()];
}

/** The machine's own name server, as its /etc/resolv.conf says: the gateway of its network, which knows no name. Source: what DHCP tells in most networks. */
export const resolverOf = (machineIp: string): string => machineIp.replace(/\d+$/, '1');

/** The full names to ask for, in order. */
export function candidates(name: string, conf: ResolvConf): readonly string[] {
  if (name.endsWith('.')) return [name];
  const searched = conf.search.map((domain) => `${name}.${domain}.`);
  const dots = name.split('.').length - 1;
  return dots >= conf.ndots ? [`${name}.`, ...searched] : [...searched, `${name}.`];
}

/** The addresses among answer lines such as 'web.default.svc.cluster.local.\t30\tIN\tA\t10.254.1.1'. */
export const addressesIn = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => {
    const [, , , type, data] = line.split('\t');
    return type === 'A' ? [data] : [];
  });
