/** A machine's network, read from outside, in the words of `ip`, `bridge`, `conntrack` and `iptables-save`. */
import { connectionsOf, connectionText } from '../cluster/network/conntrack.ts';
import { interfacesOf } from '../cluster/network/interfaces.ts';
import type { LinuxState } from '../cluster/network/linux-state.ts';
import { rulesetOf } from '../cluster/network/ruleset.ts';
import { saveText } from '../cluster/network/rules.ts';
import type { HostNetwork } from './cluster.ts';
import type { Engine } from './engine.ts';

const CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
/** What kubelet and kube-proxy put into every table to see whether somebody flushes the rules. Upstream: pkg/util/iptables/iptables.go Monitor, pkg/kubelet/kubelet_network_linux.go. */
const CANARIES = ['KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'];
const EMPTY = CANARIES.map((name) => [name, []] as const);
const MANGLE = `*mangle\n${[...CHAINS.map((name) => `:${name} ACCEPT`), ...['KUBE-IPTABLES-HINT', ...CANARIES].map((name) => `:${name} -`)].map((line) => `${line} [0:0]\n`).join('')}COMMIT\n`;

function linuxOf(engine: Engine, node: string): LinuxState {
  const state = engine.world.actors.get(`${node}/linux`)?.state as LinuxState | undefined;
  if (!state) throw new Error(`there is no machine ${node}, or it is off`);
  return state;
}

export function hostOf(engine: Engine, node: string): HostNetwork {
  const state = linuxOf(engine, node);
  const { now } = engine.world;
  return { ...interfacesOf(state), conntrack: connectionsOf(state.conntrack, now).map((c) => connectionText(c, now)) };
}

export function iptablesOf(engine: Engine, node: string, table: 'nat' | 'filter' | 'mangle'): string {
  const state = linuxOf(engine, node);
  if (!['nat', 'filter', 'mangle'].includes(table)) throw new Error(`there is no table ${JSON.stringify(table)}: nat, filter or mangle`);
  if (table === 'mangle') return MANGLE;
  const rules = rulesetOf(state);
  return saveText({ ...rules, [table]: new Map([...rules[table], ...EMPTY]) }, table);
}
