/**
 * The iptables rules that stand for Services, as data and as iptables-save prints them.
 * Upstream: pkg/proxy/iptables/proxier.go syncProxyRules (v1.36). Simplified: no load balancer source ranges, no firewall marks of nfacct, IPv4.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Endpoint, V1EndpointSlice, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { base32, sha256 } from '../../lib/sha256.ts';

export interface Rule {
  readonly src?: string; readonly notSrc?: string; readonly dst?: string; readonly proto?: string; readonly dport?: number; readonly comment?: string; readonly dstLocal?: true; readonly srcLocal?: true;
  /** Taken with this chance. */
  readonly probability?: number;
  readonly mark?: string; readonly notMark?: string; readonly recent?: { readonly name: string; readonly seconds: number }; readonly setRecent?: string;
  readonly target: string; readonly to?: string;
  /** Text after the target, as iptables-save prints it. */
  readonly options?: string;
}
export interface Ruleset { readonly nat: ReadonlyMap<string, readonly Rule[]>; readonly filter: ReadonlyMap<string, readonly Rule[]> }
export interface ProxyConfig { readonly clusterCIDR: string; readonly machine?: string }

/** Upstream: portProtoHash: the first 16 characters of the base32 of a SHA-256. */
export function chainName(prefix: 'KUBE-SVC-' | 'KUBE-SEP-' | 'KUBE-EXT-' | 'KUBE-SVL-' | 'KUBE-FW-', servicePort: string, protocol: string, endpoint = ''): string {
  return prefix + base32(sha256(servicePort + protocol.toLowerCase() + endpoint)).slice(0, 16);
}

const portName = (service: V1Service, port: V1ServicePort): string => `${keyOf(service)}${port.name ? `:${port.name}` : ''}`;
interface Target { readonly ip: string; readonly port: number; readonly nodeName?: string }

/** The endpoints that traffic goes to: the ready ones, or the serving ones when all are terminating. */
function targetsOf(service: V1Service, port: V1ServicePort, slices: readonly V1EndpointSlice[]): readonly Target[] {
  const mine = slices.filter((s) => s.metadata?.namespace === service.metadata?.namespace && s.metadata?.labels?.['kubernetes.io/service-name'] === service.metadata?.name);
  const all = mine.flatMap((slice) => {
    const number = slice.ports?.find((p) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))?.port;
    return number === undefined ? [] : (slice.endpoints ?? []).map((e) => ({ endpoint: e, target: { ip: e.addresses[0], port: number, ...(e.nodeName ? { nodeName: e.nodeName } : {}) } }));
  });
  const isReady = (e: V1Endpoint): boolean => e.conditions?.ready ?? true;
  const ready = all.filter(({ endpoint }) => isReady(endpoint));
  const usable = ready.length > 0 ? ready : all.filter(({ endpoint }) => endpoint.conditions?.serving && endpoint.conditions.terminating);
  const unique = new Map(usable.map(({ target }) => [`${target.ip}:${target.port}`, target]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

export function buildRules(services: readonly V1Service[], slices: readonly V1EndpointSlice[], config: ProxyConfig): Ruleset {
  const nat = new Map<string, Rule[]>([['KUBE-SERVICES', []], ['KUBE-NODEPORTS', []], ['KUBE-MARK-MASQ', [{ target: 'MARK', options: '--set-xmark 0x4000/0x4000' }]], ['KUBE-POSTROUTING', [
    { notMark: '0x4000/0x4000', target: 'RETURN' }, { target: 'MARK', options: '--set-xmark 0x4000/0x0' }, { comment: 'kubernetes service traffic requiring SNAT', target: 'MASQUERADE', options: '--random-fully' },
  ]]]);
  const filter = new Map<string, Rule[]>([['KUBE-SERVICES', []], ['KUBE-EXTERNAL-SERVICES', []], ['KUBE-NODEPORTS', []], ['KUBE-FORWARD', [
    { mark: '0x4000/0x4000', comment: 'kubernetes forwarding rules', target: 'ACCEPT' },
  ]]]);
  const to = (table: Map<string, Rule[]>, chain: string, ...rules: readonly Rule[]): void => { table.set(chain, [...(table.get(chain) ?? []), ...rules]); };
  for (const service of [...services].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    const ip = service.spec?.clusterIP;
    if (!ip || ip === 'None' || service.spec?.type === 'ExternalName') continue;
    for (const port of service.spec?.ports ?? []) addPort({ nat, filter, to }, service, port, ip, targetsOf(service, port, slices), config);
  }
  to(nat, 'KUBE-SERVICES', { comment: 'kubernetes service nodeports; NOTE: this must be the last rule in this chain', dstLocal: true, target: 'KUBE-NODEPORTS' });
  return { nat, filter };
}

interface Tables { readonly nat: Map<string, Rule[]>; readonly filter: Map<string, Rule[]>; readonly to: (table: Map<string, Rule[]>, chain: string, ...rules: readonly Rule[]) => void }

function addPort({ nat, filter, to }: Tables, service: V1Service, port: V1ServicePort, ip: string, targets: readonly Target[], config: ProxyConfig): void {
  const name = portName(service, port);
  const proto = (port.protocol ?? 'TCP').toLowerCase();
  const svc = chainName('KUBE-SVC-', name, proto);
  const local = targets.filter((t) => t.nodeName === config.machine);
  const isLocalOnly = service.spec?.externalTrafficPolicy === 'Local';
  const inner = service.spec?.internalTrafficPolicy === 'Local' ? local : targets;
  if (inner.length === 0) {
    to(filter, 'KUBE-SERVICES', { dst: ip, proto, dport: port.port, comment: `${name} has no endpoints`, target: 'REJECT', options: '--reject-with icmp-port-unreachable' });
    if (port.nodePort) to(filter, 'KUBE-EXTERNAL-SERVICES', { proto, dport: port.nodePort, dstLocal: true, comment: `${name} has no endpoints`, target: 'REJECT', options: '--reject-with icmp-port-unreachable' });
  } else {
    to(nat, 'KUBE-SERVICES', { dst: ip, proto, dport: port.port, comment: `${name} cluster IP`, target: svc });
    to(nat, svc, { notSrc: config.clusterCIDR, dst: ip, proto, dport: port.port, comment: `${name} cluster IP`, target: 'KUBE-MARK-MASQ' });
    balance(nat, to, svc, name, proto, inner, service);
  }
  if (!port.nodePort || targets.length === 0) return;
  const ext = chainName('KUBE-EXT-', name, proto);
  to(nat, 'KUBE-NODEPORTS', { proto, dport: port.nodePort, comment: name, target: ext });
  if (!isLocalOnly) { to(nat, ext, { comment: `masquerade traffic for ${name} external destinations`, target: 'KUBE-MARK-MASQ' }, { target: svc }); return; }
  const svl = chainName('KUBE-SVL-', name, proto);
  to(nat, ext, { src: config.clusterCIDR, comment: `pod traffic for ${name} external destinations`, target: svc }, { comment: `masquerade LOCAL traffic for ${name} external destinations`, srcLocal: true, target: 'KUBE-MARK-MASQ' }, { comment: `route LOCAL traffic for ${name} external destinations`, srcLocal: true, target: svc });
  if (local.length === 0) { to(filter, 'KUBE-EXTERNAL-SERVICES', { proto, dport: port.nodePort, dstLocal: true, comment: `${name} has no local endpoints`, target: 'DROP' }); return; }
  to(nat, ext, { target: svl });
  balance(nat, to, svl, name, proto, local, service);
}

function balance(nat: Map<string, Rule[]>, to: Tables['to'], chain: string, name: string, proto: string, targets: readonly Target[], service: V1Service): void {
  const seconds = service.spec?.sessionAffinity === 'ClientIP' ? (service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800) : undefined;
  const seps = targets.map((t) => ({ ...t, at: `${t.ip}:${t.port}`, sep: chainName('KUBE-SEP-', name, proto, `${t.ip}:${t.port}`) }));
  if (seconds !== undefined) for (const { at, sep } of seps) to(nat, chain, { comment: `${name} -> ${at}`, recent: { name: sep, seconds }, target: sep });
  seps.forEach(({ ip, at, sep }, i) => {
    const left = seps.length - i;
    to(nat, chain, { comment: `${name} -> ${at}`, ...(left > 1 ? { probability: 1 / left } : {}), target: sep });
    nat.set(sep, [{ src: ip, comment: name, target: 'KUBE-MARK-MASQ' }, { proto, comment: name, ...(seconds === undefined ? {} : { setRecent: sep }), target: 'DNAT', to: at }]);
  });
}

const quoted = (comment: string): string => `"${comment}"`;

/** One rule as iptables-save prints it. */
export function ruleText(chain: string, rule: Rule): string {
  const words = [`-A ${chain}`];
  if (rule.src) words.push(`-s ${rule.src}${rule.src.includes('/') ? '' : '/32'}`);
  if (rule.notSrc) words.push(`! -s ${rule.notSrc}`);
  if (rule.dst) words.push(`-d ${rule.dst}/32`);
  if (rule.proto) words.push(`-p ${rule.proto}`);
  if (rule.mark) words.push(`-m mark --mark ${rule.mark}`);
  if (rule.notMark) words.push(`-m mark ! --mark ${rule.notMark}`);
  if (rule.comment) words.push(`-m comment --comment ${/[\s;>]/.test(rule.comment) ? quoted(rule.comment) : quoted(rule.comment)}`);
  if (rule.dstLocal) words.push('-m addrtype --dst-type LOCAL');
  if (rule.srcLocal) words.push('-m addrtype --src-type LOCAL');
  if (rule.recent) words.push(`-m recent --rcheck --seconds ${rule.recent.seconds} --reap --name ${rule.recent.name} --mask 255.255.255.255 --rsource`);
  if (rule.setRecent) words.push(`-m recent --set --name ${rule.setRecent} --mask 255.255.255.255 --rsource`);
  if (rule.probability !== undefined) words.push(`-m statistic --mode random --probability ${rule.probability.toFixed(11)}`);
  if (rule.proto && (rule.dport !== undefined || rule.target === 'DNAT')) words.push(`-m ${rule.proto}${rule.dport === undefined ? '' : ` --dport ${rule.dport}`}`);
  words.push(`-j ${rule.target}`);
  if (rule.to) words.push(`--to-destination ${rule.to}`);
  if (rule.options) words.push(rule.options);
  return words.join(' ');
}

const HOOKS = {
  nat: ['-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES', '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES', '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING'],
  filter: ['-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES', '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD', '-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES', '-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'],
} as const;

export function saveText(rules: Ruleset, table: 'nat' | 'filter'): string {
  const chains = [...rules[table]].sort(([a], [b]) => (a < b ? -1 : 1));
  const builtIn = table === 'nat' ? ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] : ['INPUT', 'FORWARD', 'OUTPUT'];
  return [`*${table}`, ...builtIn.map((c) => `:${c} ACCEPT [0:0]`), ...chains.map(([c]) => `:${c} - [0:0]`), ...HOOKS[table], ...chains.flatMap(([chain, list]) => list.map((rule) => ruleText(chain, rule))), 'COMMIT', ''].join('\n');
}
