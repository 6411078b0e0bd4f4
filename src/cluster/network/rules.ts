/** iptables rules as data and as iptables-save prints them, and the kernel's own chains. Upstream: pkg/proxy/iptables/proxier.go (v1.36). */
import { HOST_PORTS, HOST_PORTS_MASQ } from './host-ports.ts';
import { encodeBase32 } from '../../lib/base32.ts';
import { sha256 } from '../../lib/sha256.ts';

export interface Rule {
  readonly src?: string;
  readonly notSrc?: string;
  readonly dst?: string;
  readonly notDst?: string;
  readonly proto?: string;
  readonly dport?: number;
  /** Any of these. */
  readonly dports?: readonly number[];
  readonly comment?: string;
  readonly dstLocal?: true;
  readonly srcLocal?: true;
  /** Connection states in conntrack's words: 'NEW', 'RELATED,ESTABLISHED', 'INVALID'. */
  readonly ctstate?: string;
  readonly notCtstate?: string;
  /** Taken with this chance. */
  readonly probability?: number;
  readonly mark?: string;
  readonly notMark?: string;
  readonly recent?: { readonly name: string; readonly seconds: number };
  readonly setRecent?: string;
  /** '': it only says something. */
  readonly target: string;
  readonly to?: string;
  /** Text after the target, as iptables-save prints it. */
  readonly options?: string;
}
export interface Ruleset {
  readonly nat: ReadonlyMap<string, readonly Rule[]>;
  readonly filter: ReadonlyMap<string, readonly Rule[]>;
}

/** Upstream: portProtoHash: the first 16 characters of the base32 of a SHA-256. */
export function chainName(
  prefix: 'KUBE-SVC-' | 'KUBE-SEP-' | 'KUBE-EXT-' | 'KUBE-SVL-' | 'KUBE-FW-',
  servicePort: string,
  protocol: string,
  endpoint = '',
): string {
  return (
    prefix +
    encodeBase32(sha256(servicePort + protocol.toLowerCase() + endpoint))
      .slice(0, 16)
      .toUpperCase()
  );
}

/** It matches every packet, and a kernel does not print it. */
const ALL = '0.0.0.0/0';

/** One rule as iptables-save prints it. */
export function ruleText(chain: string, rule: Rule): string {
  const words = [`-A ${chain}`];
  if (rule.src && rule.src !== ALL) words.push(`-s ${rule.src}${rule.src.includes('/') ? '' : '/32'}`);
  if (rule.notSrc) words.push(`! -s ${rule.notSrc}`);
  if (rule.dst && rule.dst !== ALL) words.push(`-d ${rule.dst}${rule.dst.includes('/') ? '' : '/32'}`);
  if (rule.notDst) words.push(`! -d ${rule.notDst}`);
  if (rule.proto) words.push(`-p ${rule.proto}`);
  if (rule.mark) words.push(`-m mark --mark ${rule.mark}`);
  if (rule.notMark) words.push(`-m mark ! --mark ${rule.notMark}`);
  if (rule.comment) words.push(`-m comment --comment "${rule.comment}"`);
  if (rule.ctstate) words.push(`-m conntrack --ctstate ${rule.ctstate}`);
  if (rule.notCtstate) words.push(`-m conntrack ! --ctstate ${rule.notCtstate}`);
  if (rule.dstLocal) words.push('-m addrtype --dst-type LOCAL');
  if (rule.srcLocal) words.push('-m addrtype --src-type LOCAL');
  if (rule.dports) words.push(`-m multiport --dports ${rule.dports.join(',')}`);
  if (rule.recent)
    words.push(`-m recent --rcheck --seconds ${rule.recent.seconds} --reap --name ${rule.recent.name} --mask 255.255.255.255 --rsource`);
  if (rule.setRecent) words.push(`-m recent --set --name ${rule.setRecent} --mask 255.255.255.255 --rsource`);
  if (rule.probability !== undefined) words.push(`-m statistic --mode random --probability ${rule.probability.toFixed(11)}`);
  if (rule.proto && (rule.dport !== undefined || rule.target === 'DNAT'))
    words.push(`-m ${rule.proto}${rule.dport === undefined ? '' : ` --dport ${rule.dport}`}`);
  if (rule.target) words.push(`-j ${rule.target}`);
  if (rule.to) words.push(`--to-destination ${rule.to}`);
  if (rule.options) words.push(rule.options);
  return words.join(' ');
}

/** What the kernel's own chains jump to, in order: each chain that kube-proxy adds goes in front, of the kubelet's too. Upstream: iptablesJumpChains, iptablesKubeletJumpChains. */
interface Jump {
  readonly hook: Hook;
  readonly chain: string;
  readonly comment?: string;
  readonly isNew?: true;
}
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
export type TableName = 'nat' | 'filter';
const portals = 'kubernetes service portals';
const external = 'kubernetes externally-visible service portals';
const firewall = 'kubernetes load balancer firewall';
const JUMPS: Readonly<Record<TableName, readonly Jump[]>> = {
  nat: [
    { hook: 'PREROUTING', chain: 'KUBE-SERVICES', comment: portals },
    { hook: 'OUTPUT', chain: 'KUBE-SERVICES', comment: portals },
    { hook: 'POSTROUTING', chain: 'KUBE-POSTROUTING', comment: 'kubernetes postrouting rules' },
  ],
  filter: [
    { hook: 'INPUT', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true },
    { hook: 'INPUT', chain: 'KUBE-NODEPORTS', comment: 'kubernetes health check service ports' },
    { hook: 'INPUT', chain: 'KUBE-EXTERNAL-SERVICES', comment: external, isNew: true },
    { hook: 'INPUT', chain: 'KUBE-FIREWALL' },
    { hook: 'FORWARD', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true },
    { hook: 'FORWARD', chain: 'KUBE-FORWARD', comment: 'kubernetes forwarding rules' },
    { hook: 'FORWARD', chain: 'KUBE-SERVICES', comment: portals, isNew: true },
    { hook: 'FORWARD', chain: 'KUBE-EXTERNAL-SERVICES', comment: external, isNew: true },
    { hook: 'OUTPUT', chain: 'KUBE-PROXY-FIREWALL', comment: firewall, isNew: true },
    { hook: 'OUTPUT', chain: 'KUBE-SERVICES', comment: portals, isNew: true },
    { hook: 'OUTPUT', chain: 'KUBE-FIREWALL' },
  ],
};

/** The rules of the kernel's own chains; flannel and portmap append theirs behind kube-proxy's, but what portmap masquerades comes first. */
export function hookRules(rules: Ruleset, table: TableName, hook: Hook): readonly Rule[] {
  const jumps = JUMPS[table]
    .filter((j) => j.hook === hook && rules[table].has(j.chain))
    .map(({ chain, comment, isNew }): Rule => ({
      ...(comment === undefined ? {} : { comment }),
      ...(isNew ? { ctstate: 'NEW' } : {}),
      target: chain,
    }));
  if (table === 'filter')
    return hook === 'FORWARD' && rules.filter.has(FORWARD) ? [...jumps, { comment: FORWARD_WORDS, target: FORWARD }] : jumps;
  const hasPorts = rules.nat.has(HOST_PORTS);
  if (hook === 'POSTROUTING')
    return [
      ...(hasPorts ? [{ comment: 'CNI portfwd requiring masquerade', target: HOST_PORTS_MASQ }] : []),
      ...jumps,
      ...(rules.nat.has(FLANNEL) ? [{ comment: MASQ, target: FLANNEL }] : []),
    ];
  return hasPorts && hook !== 'INPUT' ? [...jumps, { dstLocal: true, target: HOST_PORTS }] : jumps;
}

const FLANNEL = 'FLANNEL-POSTRTG';
const MASQ = 'flanneld masq';
const FORWARD = 'FLANNEL-FWD';
const FORWARD_WORDS = 'flanneld forward';
/**
 * What flannel adds: pods keep their address among themselves, and take the machine's when they leave the cluster; what is to or from them is forwarded.
 * Upstream: flannel-io/flannel pkg/trafficmngr/iptables masqRules, forwardRules.
 */
export function withFlannel(rules: Ruleset, clusterCIDR: string, podCIDR: string): Ruleset {
  const options = '--random-fully';
  const chain: readonly Rule[] = [
    { mark: '0x4000/0x4000', comment: MASQ, target: 'RETURN' },
    { src: podCIDR, dst: clusterCIDR, comment: MASQ, target: 'RETURN' },
    { src: clusterCIDR, dst: podCIDR, comment: MASQ, target: 'RETURN' },
    { notSrc: clusterCIDR, dst: podCIDR, comment: MASQ, target: 'RETURN' },
    { src: clusterCIDR, notDst: '224.0.0.0/4', comment: MASQ, target: 'MASQUERADE', options },
    { notSrc: clusterCIDR, dst: clusterCIDR, comment: MASQ, target: 'MASQUERADE', options },
  ];
  const accept = { comment: FORWARD_WORDS, target: 'ACCEPT' };
  const forward: readonly Rule[] = [
    { src: clusterCIDR, ...accept },
    { dst: clusterCIDR, ...accept },
  ];
  return { nat: new Map([...rules.nat, [FLANNEL, chain]]), filter: new Map([...rules.filter, [FORWARD, forward]]) };
}

const HOOKS_OF: Readonly<Record<TableName, readonly Hook[]>> = {
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

export function saveText(rules: Ruleset, table: TableName): string {
  const chains = [...rules[table]].sort(([a], [b]) => (a < b ? -1 : 1));
  const hooks = HOOKS_OF[table].flatMap((hook) => hookRules(rules, table, hook).map((rule) => hookText(hook, rule)));
  return [
    `*${table}`,
    ...HOOKS_OF[table].map((c) => `:${c} ACCEPT [0:0]`),
    ...chains.map(([c]) => `:${c} - [0:0]`),
    ...hooks,
    ...chains.flatMap(([chain, list]) => list.map((rule) => ruleText(chain, rule))),
    'COMMIT',
    '',
  ].join('\n');
}

/** kube-proxy writes a jump's state before its comment, and iptables-save keeps that order. */
const hookText = (hook: Hook, { ctstate, ...rule }: Rule): string =>
  ruleText(hook, rule).replace(`-A ${hook} `, `-A ${hook} ${ctstate === undefined ? '' : `-m conntrack --ctstate ${ctstate} `}`);
