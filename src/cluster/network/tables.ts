/** A machine's tables as iptables-save prints them, in its order. */
import type { LinuxState } from './linux-state.ts';
import { rulesetOf } from './ruleset.ts';
import { saveText } from './rules.ts';

export const TABLES = ['mangle', 'filter', 'nat'] as const;
export type Table = (typeof TABLES)[number];

const CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
/** What kubelet and kube-proxy put there to see whether somebody flushes the rules. Upstream: pkg/util/iptables/monitor.go, pkg/kubelet/kubelet_network_linux.go. */
const CANARIES = ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'];
const MANGLE = `*mangle\n${[...CHAINS.map((name) => `:${name} ACCEPT`), ...CANARIES.map((name) => `:${name} -`)].map((line) => `${line} [0:0]\n`).join('')}COMMIT\n`;

export const tableText = (state: LinuxState, table: Table): string => (table === 'mangle' ? MANGLE : saveText(rulesetOf(state), table));
