/**
 * How the kernel evaluates rules: chain by chain, rule by rule, until a target decides.
 * Source: iptables(8), iptables-extensions(8). Simplified: the matches and targets that kube-proxy and flannel use.
 */
import { contains, parseCidr, parseIp } from '../../lib/ip.ts';
import type { Tuple, Protocol } from './packet.ts';
import type { Rule } from './rules.ts';

export interface Circumstances {
  readonly ctstate: 'NEW' | 'ESTABLISHED' | 'INVALID';
  /** Whether an address is one of the machine's own. */
  readonly isLocal: (ip: string) => boolean;
  /** The die of `-m statistic --mode random`, in [0, 1). */
  readonly roll: () => number;
  /** Whether the source was last seen on the list within so many seconds: `-m recent --rcheck`. */
  readonly isRecent: (list: string, src: string, seconds: number) => boolean;
}
export interface Match {
  readonly chain: string;
  readonly rule: Rule;
  /** How many `--probability` rules above it in the chain did not match. */
  readonly missed: number;
}
export interface Traversal {
  readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT';
  readonly mark: number;
  readonly dnat?: { readonly ip: string; readonly port: number };
  readonly masquerade: boolean;
  /** The rules that matched, in order. */
  readonly matches: readonly Match[];
  /** The `recent` lists that the source was put on. */
  readonly seen: readonly string[];
}
interface Walk {
  mark: number;
  dnat: Traversal['dnat'];
  masquerade: boolean;
  readonly matches: Match[];
  readonly seen: string[];
}
const MOST_DEPTH = 16;

type Headers = Tuple & { readonly proto: Protocol };
type Chains = ReadonlyMap<string, readonly Rule[]>;

/** Runs a packet through a hook: `rules` are those of the kernel's own chain. Without a decision the policy is ACCEPT. */
export function traverse(chains: Chains, hook: string, rules: readonly Rule[], packet: Headers, about: Circumstances, mark = 0): Traversal {
  const walk: Walk = { mark, dnat: undefined, masquerade: false, matches: [], seen: [] };
  const verdict = run({ chains, packet, about, walk }, hook, rules, 0) ?? 'ACCEPT';
  return {
    verdict,
    mark: walk.mark,
    masquerade: walk.masquerade,
    matches: walk.matches,
    seen: walk.seen,
    ...(walk.dnat ? { dnat: walk.dnat } : {}),
  };
}

interface Run {
  readonly chains: Chains;
  readonly packet: Headers;
  readonly about: Circumstances;
  readonly walk: Walk;
}

/** Undefined: the end of the chain or RETURN, so that the caller goes on. */
function run(on: Run, chain: string, rules: readonly Rule[], depth: number): Traversal['verdict'] | undefined {
  if (depth > MOST_DEPTH) return 'DROP';
  const { walk } = on;
  let missed = 0;
  for (const rule of rules) {
    if (!matches(rule, on.packet, on.about, walk.mark)) continue;
    if (rule.probability !== undefined && on.about.roll() >= rule.probability) {
      missed++;
      continue;
    }
    walk.matches.push({ chain, rule, missed });
    if (rule.setRecent) walk.seen.push(rule.setRecent);
    switch (rule.target) {
      case 'ACCEPT':
      case 'DROP':
      case 'REJECT':
        return rule.target;
      case 'RETURN':
        return undefined;
      case 'MARK':
        walk.mark = marked(walk.mark, rule.options ?? '');
        break;
      case 'DNAT': {
        const [ip, port] = (rule.to ?? '').split(':');
        walk.dnat = { ip, port: Number(port) };
        return 'ACCEPT';
      }
      case 'MASQUERADE':
        walk.masquerade = true;
        return 'ACCEPT';
      default: {
        const verdict = run(on, rule.target, on.chains.get(rule.target) ?? [], depth + 1);
        if (verdict) return verdict;
      }
    }
  }
  return undefined;
}

/** `--set-xmark value/mask`: zeroes the mask's bits, then XORs the value. */
function marked(mark: number, options: string): number {
  const [value, mask] = options.replace('--set-xmark ', '').split('/').map(Number);
  return (mark & ~mask) ^ value;
}

function inBlock(block: string, ip: string): boolean {
  const value = parseIp(ip);
  if (value === undefined) return false;
  const cidr = block.includes('/') ? parseCidr(block) : undefined;
  return cidr ? contains(cidr, value) : block === ip;
}

const hasMark = (text: string, mark: number): boolean => {
  const [value, mask] = text.split('/').map(Number);
  return (mark & mask) === value;
};

function matches(rule: Rule, packet: Headers, about: Circumstances, mark: number): boolean {
  if (rule.proto !== undefined && rule.proto !== packet.proto) return false;
  if (rule.dport !== undefined && rule.dport !== packet.dport) return false;
  if (rule.dports && !rule.dports.includes(packet.dport)) return false;
  if (rule.dst !== undefined && !inBlock(rule.dst, packet.dst)) return false;
  if (rule.notDst !== undefined && inBlock(rule.notDst, packet.dst)) return false;
  if (rule.src !== undefined && !inBlock(rule.src, packet.src)) return false;
  if (rule.notSrc !== undefined && inBlock(rule.notSrc, packet.src)) return false;
  if (rule.dstLocal && !about.isLocal(packet.dst)) return false;
  if (rule.srcLocal && !about.isLocal(packet.src)) return false;
  if (rule.mark !== undefined && !hasMark(rule.mark, mark)) return false;
  if (rule.notMark !== undefined && hasMark(rule.notMark, mark)) return false;
  if (rule.ctstate !== undefined && !rule.ctstate.split(',').includes(about.ctstate)) return false;
  if (rule.notCtstate?.split(',').includes(about.ctstate)) return false;
  return rule.recent === undefined || about.isRecent(rule.recent.name, packet.src, rule.recent.seconds);
}
