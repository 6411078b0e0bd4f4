/**
 * The kernel of one machine: sockets, routes, rules and connection tracking, and what they do to each packet. Nothing of Kubernetes runs in a packet's path.
 * Source: netfilter.org's packet flow, ip-route(8), vxlan; order of hooks as Linux has it. Simplified: packets are not lost and not sent again, no ARP messages, an unknown neighbour is unreachable after 3 s.
 */
import type { Component } from '../../kernel/component.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { remembering } from '../../lib/remembering.ts';
import type { Overlay, RemoteSubnet } from './flannel.ts';
import { late } from '../late.ts';
import type { HostPorts } from './host-ports.ts';
import type { IptablesRestore } from './kube-proxy.ts';
import { bootedLinux, type LinuxState } from './linux-state.ts';
import { answerIcmp, arrive, type Served } from './packet-path.ts';
import type { NamespaceCall } from './namespace.ts';
import type { Listen, Packet, SocketCall } from './packet.ts';
import type { LinuxConfig } from './routes.ts';
import { bind, close, open, served } from './sockets.ts';
import { forgetStale } from './stale-flows.ts';

/** The CNI plugins plug a pod's cable into the bridge and open ports of the machine for it, or pull it out. */
type Netlink = { readonly protocol: 'netlink' } & (
  | {
      readonly verb: 'plug';
      readonly ip: string;
      readonly pod: string;
      readonly veth: string;
      readonly gateway: string;
      readonly hostPorts?: HostPorts;
    }
  | { readonly verb: 'unplug'; readonly ip: string }
);

export const linux: Component<LinuxState, LinuxConfig> = {
  role: 'linux',
  start: bootedLinux,
  handle(state, message, ctx) {
    if (message.kind === 'bounced') return;
    if (message.kind === 'wake') {
      const { unreachable } = message.body as { readonly unreachable: Packet };
      answerIcmp(state, unreachable, 'No route to host', ctx);
      return;
    }
    const body = message.body as Netlink | Overlay | IptablesRestore | Listen | NamespaceCall | SocketCall | Packet;
    switch (body.protocol) {
      case 'netlink':
        if (body.verb === 'unplug') {
          state.cables.delete(body.ip);
          if (state.hostPorts.some(({ ip }) => ip === body.ip)) state.hostPorts = state.hostPorts.filter(({ ip }) => ip !== body.ip);
          return;
        }
        state.cables.set(body.ip, { pod: body.pod, veth: body.veth });
        if (body.hostPorts) state.hostPorts = Object.freeze([...state.hostPorts, body.hostPorts]);
        return;
      case 'overlay':
        connect(state, body);
        return;
      case 'iptables-restore':
        state.rules = body;
        forgetStale(state.conntrack, body, ctx.now);
        return;
      case 'listen':
        for (const { proto, port } of body.closes ?? []) close(state, body.ns, { proto, port }, message.from);
        for (const port of body.ports) bind(state, body, port, message.from, ctx);
        return;
      case 'socket':
        open(state, body, { id: message.id, from: message.from }, ctx);
        return;
      case 'namespace':
        ctx.reply(late().namespaceOf(state, body, ctx.isAlive));
        return;
      case 'packet':
        arrive(state, body, ctx);
    }
  },
  answered(state, answer, then, ctx) {
    served(state, answer, then as Served, ctx);
  },
};

/** flannel's routes, neighbours and FDB entries. */
function connect(state: LinuxState, { podCIDR, gateway, isWhole, remotes, gone }: Overlay): void {
  state.overlay = Object.freeze({ podCIDR, gateway });
  if (isWhole) state.remotes = LayeredMap.over(byMachine(remotes));
  else for (const remote of remotes) state.remotes.set(remote.machine, remote);
  for (const machine of [state.config.machine, ...gone]) state.remotes.delete(machine);
}

const byMachine = remembering(
  (remotes: readonly RemoteSubnet[]): ReadonlyMap<string, RemoteSubnet> => new Map(remotes.map((remote) => [remote.machine, remote])),
);
