/** A machine's tables as iptables-save prints them, in its order. */
import type { LinuxState } from './linux-state.ts';
import { rulesetOf } from './ruleset.ts';
import { saveText } from './rules.ts';

export const TABLES = ['mangle', 'filter', 'nat'] as const;
export type Table = (typeof TABLES)[number];

const CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
/** What kubelet and kube-proxy put into every table to see whether somebody flushes the rules. Upstream: pkg/util/iptables/iptables.go Monitor, pkg/kubelet/kubelet_network_linux.go. */
const CANARIES = ['KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'];
const EMPTY = CANARIES.map((name) => [name, []] as const);
const MANGLE = `*mangle\n${[...CHAINS.map((name) => `:${name} ACCEPT`), ...['KUBE-IPTABLES-HINT', ...CANARIES].map((name) => `:${name} -`)].map((line) => `${line} [0:0]\n`).join('')}COMMIT\n`;

export function tableText(state: LinuxState, table: Table): string {
  if (table === 'mangle') return MANGLE;
  const rules = rulesetOf(state);
  return saveText({ ...rules, [table]: new Map([...rules[table], ...EMPTY]) }, table);
}
