/**
 * The rules that stand for Services on one machine.
 * Upstream: pkg/proxy/iptables/proxier.go syncProxyRules, pkg/proxy/serviceport.go (v1.36). Simplified: no counters of nfacct, IPv4.
 */
import { keyOf } from '../../api/object.ts';
import type { V1EndpointSlice, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { contains, formatIp, parseCidr, parseIp } from '../../lib/ip.ts';
import { categorize, targetsOf, type Categories, type Target, type Where } from './endpoint-categories.ts';
import { chainName, type Rule, type Ruleset } from './rules.ts';

/** `machine`, `zone` and `machineIP` are those of the machine that the rules are for; without them no endpoint is local. */
export interface ProxyConfig extends Where {
  readonly clusterCIDR: string;
  readonly machineIP?: string;
  readonly masqueradeAll?: boolean;
}

/** A table's chains and one way to add to them. */
interface Table {
  readonly chains: Map<string, Rule[]>;
  readonly add: (chain: string, ...rules: readonly Rule[]) => void;
}
function tableOf(chains: readonly (readonly [string, Rule[]])[]): Table {
  const map = new Map(chains);
  return {
    chains: map,
    add: (chain, ...rules) => {
      const list = map.get(chain);
      if (list) list.push(...rules);
      else map.set(chain, [...rules]);
    },
  };
}

export function buildRules(services: readonly V1Service[], slices: readonly V1EndpointSlice[], config: ProxyConfig): Ruleset {
  const nat = tableOf([
    ['KUBE-SERVICES', []],
    ['KUBE-NODEPORTS', []],
    ['KUBE-MARK-MASQ', [{ target: 'MARK', options: '--set-xmark 0x4000/0x4000' }]],
    [
      'KUBE-POSTROUTING',
      [
        { notMark: '0x4000/0x4000', target: 'RETURN' },
        { target: 'MARK', options: '--set-xmark 0x4000/0x0' },
        { comment: 'kubernetes service traffic requiring SNAT', target: 'MASQUERADE', options: '--random-fully' },
      ],
    ],
  ]);
  const filter = tableOf([
    ['KUBE-SERVICES', []],
    ['KUBE-EXTERNAL-SERVICES', []],
    ['KUBE-NODEPORTS', []],
    [
      'KUBE-FIREWALL',
      [
        {
          notSrc: '127.0.0.0/8',
          dst: '127.0.0.0/8',
          comment: 'block incoming localnet connections',
          notCtstate: 'RELATED,ESTABLISHED,DNAT',
          target: 'DROP',
        },
      ],
    ],
    ['KUBE-PROXY-FIREWALL', []],
    [
      'KUBE-FORWARD',
      [
        { ctstate: 'INVALID', target: 'DROP' },
        { mark: '0x4000/0x4000', comment: 'kubernetes forwarding rules', target: 'ACCEPT' },
        { ctstate: 'RELATED,ESTABLISHED', comment: 'kubernetes forwarding conntrack rule', target: 'ACCEPT' },
      ],
    ],
  ]);
  const sorted = services.filter((s) => !isSkipped(s)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const ports = sorted.flatMap((service) => (service.spec?.ports ?? []).map((port) => portOf(service, port, slices, config)));
  const isLarge = ports.reduce((sum, { endpointCount }) => sum + endpointCount, 0) > LARGE_CLUSTER;
  for (const of of ports) {
    capture(of, nat, filter);
    route(of, nat, { ...config, isLarge });
  }
  nat.add('KUBE-SERVICES', {
    comment: 'kubernetes service nodeports; NOTE: this must be the last rule in this chain',
    dstLocal: true,
    target: 'KUBE-NODEPORTS',
  });
  return { nat: nat.chains, filter: filter.chains };
}

/** More endpoints than this, and the rules of endpoints have no comments. Upstream: largeClusterEndpointsThreshold. */
const LARGE_CLUSTER = 1000;

/** Of two families the one that these rules are for. Upstream: GetClusterIPByFamily. */
const clusterIpOf = ({ spec }: V1Service): string | undefined =>
  [...(spec?.clusterIPs?.length ? spec.clusterIPs : [spec?.clusterIP ?? ''])].find((ip) => parseIp(ip) !== undefined);
const areFour = (ips: readonly string[]): readonly string[] => ips.filter((ip) => parseIp(ip) !== undefined);
/** Upstream: ShouldSkipService, and the informers' selector. */
function isSkipped(service: V1Service): boolean {
  return (
    clusterIpOf(service) === undefined ||
    service.spec?.type === 'ExternalName' ||
    service.metadata?.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined
  );
}

interface Chains {
  readonly cluster: string;
  readonly local: string;
  readonly external: string;
  readonly firewall: string;
}
interface Port {
  readonly service: V1Service;
  readonly name: string;
  readonly proto: string;
  readonly ip: string;
  readonly dport: number;
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  readonly balancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly isInnerLocal: boolean;
  readonly isOuterLocal: boolean;
  readonly isOpen: boolean;
  readonly endpoints: Categories;
  readonly endpointCount: number;
  readonly hasInner: boolean;
  readonly hasOuter: boolean;
  readonly chains: Chains;
}

function portOf(service: V1Service, port: V1ServicePort, slices: readonly V1EndpointSlice[], config: ProxyConfig): Port {
  const { spec } = service;
  const name = `${keyOf(service)}${port.name ? `:${port.name}` : ''}`;
  const proto = (port.protocol ?? 'TCP').toLowerCase();
  const externalIPs = areFour(spec?.externalIPs ?? []);
  const balancerIPs = areFour(
    (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : [])),
  );
  const nodePort = port.nodePort ?? 0;
  const isOpen = nodePort !== 0 || externalIPs.length > 0 || balancerIPs.length > 0;
  const isInnerLocal = spec?.internalTrafficPolicy === 'Local';
  const isOuterLocal =
    spec?.externalTrafficPolicy === 'Local' && (spec.type === 'NodePort' || spec.type === 'LoadBalancer' || externalIPs.length > 0);
  const targets = targetsOf(service, port, slices, config);
  const endpoints = categorize(
    targets,
    { usesCluster: !isInnerLocal || isOpen, usesLocal: isInnerLocal || (isOuterLocal && isOpen) },
    config,
  );
  const hasLocal = endpoints.local.length > 0;
  return {
    service,
    name,
    proto,
    ip: clusterIpOf(service) ?? '',
    dport: port.port,
    nodePort,
    externalIPs,
    balancerIPs,
    sourceRanges: blocksOf(spec?.loadBalancerSourceRanges ?? []),
    isInnerLocal,
    isOuterLocal,
    isOpen,
    endpoints,
    endpointCount: targets.length,
    hasInner: endpoints.hasAny && (!isInnerLocal || hasLocal),
    hasOuter: endpoints.hasAny && (!isOuterLocal || hasLocal),
    chains: {
      cluster: chainName('KUBE-SVC-', name, proto),
      local: chainName('KUBE-SVL-', name, proto),
      external: chainName('KUBE-EXT-', name, proto),
      firewall: chainName('KUBE-FW-', name, proto),
    },
  };
}

/** Those of IPv4, as they are when no bit stands outside the mask. Upstream: MapCIDRsByIPFamily. */
const blocksOf = (ranges: readonly string[]): readonly string[] =>
  ranges.flatMap((range) => {
    const cidr = parseCidr(range.trim());
    return cidr ? [`${formatIp(cidr.base)}/${cidr.bits}`] : [];
  });

const hasFirewall = ({ endpoints, balancerIPs, sourceRanges }: Port): boolean =>
  endpoints.hasAny && balancerIPs.length > 0 && sourceRanges.length > 0;

/** What becomes of packets to the Service's addresses: into its chains, or refused when there is no endpoint at all, or dropped when there is none here. */
function capture(of: Port, nat: Table, filter: Table): void {
  const { name, proto, ip, dport, nodePort, chains, service } = of;
  const { hasAny } = of.endpoints;
  const closed = hasAny
    ? { comment: `${name} has no local endpoints`, target: 'DROP' }
    : { comment: `${name} has no endpoints`, target: 'REJECT', options: '--reject-with icmp-port-unreachable' };
  if (of.hasInner)
    nat.add('KUBE-SERVICES', {
      dst: ip,
      proto,
      dport,
      comment: `${name} cluster IP`,
      target: of.isInnerLocal ? chains.local : chains.cluster,
    });
  else filter.add('KUBE-SERVICES', { dst: ip, proto, dport, ...closed });
  for (const dst of of.externalIPs) {
    if (hasAny) nat.add('KUBE-SERVICES', { dst, proto, dport, comment: `${name} external IP`, target: chains.external });
    if (!of.hasOuter) filter.add('KUBE-EXTERNAL-SERVICES', { dst, proto, dport, ...closed });
  }
  for (const dst of of.balancerIPs) {
    if (hasAny)
      nat.add('KUBE-SERVICES', {
        dst,
        proto,
        dport,
        comment: `${name} loadbalancer IP`,
        target: hasFirewall(of) ? chains.firewall : chains.external,
      });
    if (hasFirewall(of))
      filter.add('KUBE-PROXY-FIREWALL', {
        dst,
        proto,
        dport,
        comment: `${name} traffic not accepted by ${chains.firewall}`,
        target: 'DROP',
      });
    if (!of.hasOuter) filter.add('KUBE-EXTERNAL-SERVICES', { dst, proto, dport, ...closed });
  }
  if (nodePort !== 0) {
    if (hasAny) nat.add('KUBE-NODEPORTS', { proto, dport: nodePort, comment: name, target: chains.external });
    if (!of.hasOuter) filter.add('KUBE-EXTERNAL-SERVICES', { proto, dport: nodePort, dstLocal: true, ...closed });
  }
  const health = service.spec?.type === 'LoadBalancer' && of.isOuterLocal ? service.spec.healthCheckNodePort : undefined;
  if (health) filter.add('KUBE-NODEPORTS', { proto: 'tcp', dport: health, comment: `${name} health check node port`, target: 'ACCEPT' });
}

/** The chains of one port: what is masqueraded, which policy counts, and which endpoint is taken. */
function route(of: Port, nat: Table, config: ProxyConfig & { readonly isLarge: boolean }): void {
  const { name, proto, ip, dport, chains, endpoints, isInnerLocal, isOpen } = of;
  if (of.hasInner)
    nat.add(isInnerLocal ? chains.local : chains.cluster, {
      ...(config.masqueradeAll ? {} : { notSrc: config.clusterCIDR }),
      dst: ip,
      proto,
      dport,
      comment: `${name} cluster IP`,
      target: 'KUBE-MARK-MASQ',
    });
  if (endpoints.hasAny && isOpen) openUp(of, nat, config);
  if (hasFirewall(of)) guard(of, nat, config);
  if (endpoints.cluster.length > 0 && (!isInnerLocal || isOpen)) balance(of, nat, chains.cluster, endpoints.cluster, config);
  if (endpoints.local.length > 0) balance(of, nat, chains.local, endpoints.local, config);
  const isSticky = of.service.spec?.sessionAffinity === 'ClientIP';
  for (const target of endpoints.reachable) {
    const sep = sepOf(of, target);
    const comment = config.isLarge ? {} : { comment: name };
    nat.add(
      sep,
      { src: target.ip, ...comment, target: 'KUBE-MARK-MASQ' },
      { proto, ...comment, ...(isSticky ? { setRecent: sep } : {}), target: 'DNAT', to: `${target.ip}:${target.port}` },
    );
  }
}

/** Traffic from outside. Under the policy Local, pods and the machine itself are treated as if they came back from a load balancer. */
function openUp({ name, chains, isOuterLocal, hasOuter }: Port, nat: Table, { clusterCIDR }: ProxyConfig): void {
  const { external, cluster, local } = chains;
  if (!isOuterLocal) nat.add(external, { comment: `masquerade traffic for ${name} external destinations`, target: 'KUBE-MARK-MASQ' });
  else
    nat.add(
      external,
      { src: clusterCIDR, comment: `pod traffic for ${name} external destinations`, target: cluster },
      { comment: `masquerade LOCAL traffic for ${name} external destinations`, srcLocal: true, target: 'KUBE-MARK-MASQ' },
      { comment: `route LOCAL traffic for ${name} external destinations`, srcLocal: true, target: cluster },
    );
  if (hasOuter) nat.add(external, { target: isOuterLocal ? local : cluster });
}

/** Only the ranges that a load balancer is open to, and the machine itself when it lies in one. */
function guard({ name, chains, sourceRanges, balancerIPs }: Port, nat: Table, { machineIP }: ProxyConfig): void {
  const own = machineIP === undefined ? undefined : parseIp(machineIP);
  const isOpenToSelf =
    own !== undefined &&
    sourceRanges.some((range) => {
      const cidr = parseCidr(range);
      return cidr !== undefined && contains(cidr, own);
    });
  const sources = [...sourceRanges, ...(isOpenToSelf ? balancerIPs : [])];
  nat.add(chains.firewall, ...sources.map((src) => ({ src, comment: `${name} loadbalancer IP`, target: chains.external })), {
    comment: `other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`,
    target: '',
  });
}

const sepOf = ({ name, proto }: Port, { ip, port }: Target): string => chainName('KUBE-SEP-', name, proto, `${ip}:${port}`);

/** 1/n as kube-proxy writes it, ten decimals, and the kernel keeps it, 31 bits. Source: proxier.go computeProbability, xt_statistic. */
const chanceOf = (n: number): number => Math.round(0x80000000 * Number((1 / n).toFixed(10))) / 0x80000000;

/** One endpoint of n with 1/n; with session affinity first the one that the client had. */
function balance(of: Port, nat: Table, chain: string, targets: readonly Target[], { isLarge }: { readonly isLarge: boolean }): void {
  const { sessionAffinity, sessionAffinityConfig } = of.service.spec ?? {};
  const jump = (target: Target): Rule => ({
    ...(isLarge ? {} : { comment: `${of.name} -> ${target.ip}:${target.port}` }),
    target: sepOf(of, target),
  });
  if (sessionAffinity === 'ClientIP')
    nat.add(
      chain,
      ...targets.map((t) => ({
        ...jump(t),
        recent: { name: sepOf(of, t), seconds: sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800 },
      })),
    );
  nat.add(
    chain,
    ...targets.map((t, i) => ({ ...jump(t), ...(i < targets.length - 1 ? { probability: chanceOf(targets.length - i) } : {}) })),
  );
}
