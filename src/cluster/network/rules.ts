/**
 * The iptables rules that stand for Services, as data and as iptables-save prints them.
 * Upstream: pkg/proxy/iptables/proxier.go syncProxyRules (v1.36). Simplified: no load balancer source ranges, no firewall marks of nfacct, IPv4.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Endpoint, V1EndpointSlice, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { base32, sha256 } from '../../lib/sha256.ts';

export interface Rule {
  readonly src?: string; readonly notSrc?: string; readonly dst?: string; readonly notDst?: string; readonly proto?: string; readonly dport?: number; readonly comment?: string; readonly dstLocal?: true; readonly srcLocal?: true;
  /** Connection states in conntrack's words: 'NEW', 'RELATED,ESTABLISHED', 'INVALID'. */
  readonly ctstate?: string;
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
  const filter = new Map<string, Rule[]>([['KUBE-SERVICES', []], ['KUBE-EXTERNAL-SERVICES', []], ['KUBE-NODEPORTS', []], ['KUBE-PROXY-FIREWALL', []], ['KUBE-FORWARD', [
    { ctstate: 'INVALID', target: 'DROP' }, { mark: '0x4000/0x4000', comment: 'kubernetes forwarding rules', target: 'ACCEPT' },
    { ctstate: 'RELATED,ESTABLISHED', comment: 'kubernetes forwarding conntrack rule', target: 'ACCEPT' },
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

/** One rule as iptables-save prints it. */
export function ruleText(chain: string, rule: Rule): string {
  const words = [`-A ${chain}`];
  if (rule.src) words.push(`-s ${rule.src}${rule.src.includes('/') ? '' : '/32'}`);
  if (rule.notSrc) words.push(`! -s ${rule.notSrc}`);
  if (rule.dst) words.push(`-d ${rule.dst}${rule.dst.includes('/') ? '' : '/32'}`);
  if (rule.notDst) words.push(`! -d ${rule.notDst}`);
  if (rule.proto) words.push(`-p ${rule.proto}`);
  if (rule.mark) words.push(`-m mark --mark ${rule.mark}`);
  if (rule.notMark) words.push(`-m mark ! --mark ${rule.notMark}`);
  if (rule.comment) words.push(`-m comment --comment "${rule.comment}"`);
  if (rule.ctstate) words.push(`-m conntrack --ctstate ${rule.ctstate}`);
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

/** What the kernel's own chains jump to, in order: each chain that kube-proxy adds goes in front. Upstream: iptablesJumpChains. */
interface Jump { readonly hook: Hook; readonly chain: string; readonly comment: string; readonly isNew?: true }
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
export type TableName = 'nat' | 'filter';
const portals = 'kubernetes service portals';
const external = 'kubernetes externally-visible service portals';
const firewall = 'kubernetes load balancer firewall';
const JUMPS: Readonly<Record<TableName, readonly Jump[]>> = {
  nat: [{ hook: 'PREROUTING', chain: 'KUBE-SERVICES', comment: portals }, { hook: 'OUTPUT', chain: 'KUBE-SERVICES', comment: portals }, { hook: 'POSTROUTING', chain: 'KUBE-POSTROUTING', comment: 'kubernetes postrouting rules' }],
  filter: [
    { hook: 'INPUT', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true }, { hook: 'INPUT', chain: 'KUBE-NODEPORTS', comment: 'kubernetes health check service ports' }, { hook: 'INPUT', chain: 'KUBE-EXTERNAL-SERVICES', comment: external, isNew: true },
    { hook: 'FORWARD', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true }, { hook: 'FORWARD', chain: 'KUBE-FORWARD', comment: 'kubernetes forwarding rules' }, { hook: 'FORWARD', chain: 'KUBE-SERVICES', comment: portals, isNew: true }, { hook: 'FORWARD', chain: 'KUBE-EXTERNAL-SERVICES', comment: external, isNew: true },
    { hook: 'OUTPUT', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true }, { hook: 'OUTPUT', chain: 'KUBE-SERVICES', comment: portals, isNew: true },
  ],
};

/** The rules of the kernel's own chains; flannel appends its one behind kube-proxy's. */
export function hookRules(rules: Ruleset, table: TableName, hook: Hook): readonly Rule[] {
  const jumps = JUMPS[table].filter((j) => j.hook === hook).map(({ chain, comment, isNew }): Rule => ({ comment, ...(isNew ? { ctstate: 'NEW' } : {}), target: chain }));
  return hook === 'POSTROUTING' && rules.nat.has(FLANNEL) ? [...jumps, { comment: MASQ, target: FLANNEL }] : jumps;
}

const FLANNEL = 'FLANNEL-POSTRTG';
const MASQ = 'flanneld masq';
/** What flannel adds: pods keep their address among themselves, and take the machine's when they leave the cluster. Upstream: flannel-io/flannel pkg/trafficmngr/iptables masqRules. */
export function withFlannel(rules: Ruleset, clusterCIDR: string, podCIDR: string): Ruleset {
  const options = '--random-fully';
  const chain: readonly Rule[] = [
    { mark: '0x4000/0x4000', comment: MASQ, target: 'RETURN' }, { src: podCIDR, dst: clusterCIDR, comment: MASQ, target: 'RETURN' }, { src: clusterCIDR, dst: podCIDR, comment: MASQ, target: 'RETURN' }, { notSrc: clusterCIDR, dst: podCIDR, comment: MASQ, target: 'RETURN' },
    { src: clusterCIDR, notDst: '224.0.0.0/4', comment: MASQ, target: 'MASQUERADE', options }, { notSrc: clusterCIDR, dst: clusterCIDR, comment: MASQ, target: 'MASQUERADE', options },
  ];
  return { ...rules, nat: new Map([...rules.nat, [FLANNEL, chain]]) };
}

const HOOKS_OF: Readonly<Record<TableName, readonly Hook[]>> = { nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], filter: ['INPUT', 'FORWARD', 'OUTPUT'] };

export function saveText(rules: Ruleset, table: TableName): string {
  const chains = [...rules[table]].sort(([a], [b]) => (a < b ? -1 : 1));
  const hooks = HOOKS_OF[table].flatMap((hook) => hookRules(rules, table, hook).map((rule) => hookText(hook, rule)));
  return [`*${table}`, ...HOOKS_OF[table].map((c) => `:${c} ACCEPT [0:0]`), ...chains.map(([c]) => `:${c} - [0:0]`), ...hooks, ...chains.flatMap(([chain, list]) => list.map((rule) => ruleText(chain, rule))), 'COMMIT', ''].join('\n');
}

/** kube-proxy writes a jump's state before its comment, and iptables-save keeps that order. */
const hookText = (hook: Hook, { ctstate, ...rule }: Rule): string => ruleText(hook, rule).replace(`-A ${hook} `, `-A ${hook} ${ctstate === undefined ? '' : `-m conntrack --ctstate ${ctstate} `}`);
