/** A machine's network, read from outside, in the words of `ip`, `bridge`, `conntrack` and `iptables-save`. */
import { connectionsOf, connectionText } from '../cluster/network/conntrack.ts';
import { interfacesOf } from '../cluster/network/interfaces.ts';
import type { LinuxState } from '../cluster/network/linux-state.ts';
import { TABLES, tableText, type Table } from '../cluster/network/tables.ts';
import type { HostNetwork } from './cluster.ts';
import type { Engine } from './engine.ts';

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

export function iptablesOf(engine: Engine, node: string, table: Table): string {
  const state = linuxOf(engine, node);
  if (!TABLES.includes(table)) throw new Error(`there is no table ${JSON.stringify(table)}: nat, filter or mangle`);
  return tableText(state, table);
}
