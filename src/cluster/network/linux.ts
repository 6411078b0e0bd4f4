/** The kernel of one machine: its network namespaces, routes and rules, and what happens to packets. Packets follow in packets.ts. */
import type { Component } from '../../kernel/component.ts';
import type { Overlay } from './flannel.ts';
import type { IptablesRestore } from './kube-proxy.ts';

export interface LinuxConfig { readonly machine: string; readonly ip: string }
export type Netlink = { readonly protocol: 'netlink' } & ({ readonly verb: 'plug'; readonly ip: string; readonly pod: string; readonly veth: string; readonly gateway: string } | { readonly verb: 'unplug'; readonly ip: string });
export interface LinuxState {
  readonly config: LinuxConfig;
  /** Pod address → its cable. */
  readonly cables: Map<string, { readonly pod: string; readonly veth: string }>;
  overlay: Overlay | undefined;
  rules: IptablesRestore | undefined;
}

export const linux: Component<LinuxState, LinuxConfig> = {
  role: 'linux',
  start: (config) => ({ config, cables: new Map(), overlay: undefined, rules: undefined }),
  handle(state, message) {
    const body = message.body as Netlink | Overlay | IptablesRestore;
    switch (body.protocol) {
      case 'netlink': if (body.verb === 'plug') state.cables.set(body.ip, { pod: body.pod, veth: body.veth }); else state.cables.delete(body.ip); return;
      case 'overlay': state.overlay = body; return;
      case 'iptables-restore': state.rules = body;
    }
  },
  inspect: (state) => [{ name: 'cables', value: String(state.cables.size), rows: [...state.cables].map(([ip, c]) => ({ name: ip, value: `${c.veth} ↔ eth0 of ${c.pod}` })) }, { name: 'services in rules', value: String(state.rules?.services.length ?? 0) }],
};
