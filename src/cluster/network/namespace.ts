/**
 * What a process sees of its network namespace: a pod's own, or its machine's.
 * Upstream: containernetworking/plugins plugins/main/bridge; of the routes flannel-io/cni-plugin flannel_linux.go, which adds one to all pods. Simplified: as interfaces.ts; a socket listens on IPv4 alone.
 */
import { macOf, parseCidr } from '../../lib/ip.ts';
import { devicesOf, interfacesOf, linksOf, LO, type Link, type RouteLine } from './interfaces.ts';
import type { LinuxState } from './linux-state.ts';
import { TABLES, tableText } from './tables.ts';

/** A process asks its kernel what there is. `ns`: the pod's address, or the machine's own. */
export interface NamespaceCall {
  readonly protocol: 'namespace';
  readonly ns: string;
  /** Also its rules. */
  readonly tables?: true;
}
export interface Namespace {
  readonly links: readonly (Link & { /** The other end of its cable. */ readonly peer?: number })[];
  readonly routes: readonly RouteLine[];
  readonly listeners: readonly { readonly proto: string; readonly ip: string; readonly port: number }[];
  /** As iptables-save prints them, by their names; a pod has none. */
  readonly tables?: Readonly<Record<string, string>>;
}

/** In a pod its end of the cable is always the second device. */
const IN_POD = 2;

export function namespaceOf(state: LinuxState, { ns, tables }: NamespaceCall, isAlive: (address: string) => boolean): Namespace {
  const machine = linksOf(devicesOf(state));
  const listeners = listenersOf(state, ns, isAlive);
  if (ns === state.config.ip)
    return {
      links: machine.map((link) => (link.master ? { ...link, peer: IN_POD } : link)),
      routes: interfacesOf(state).routes,
      listeners,
      ...(tables ? { tables: Object.fromEntries(TABLES.map((table) => [table, tableText(state, table)])) } : {}),
    };
  const block = state.overlay && parseCidr(state.overlay.podCIDR);
  const [lo, eth0] = linksOf([LO, { name: 'eth0', mac: macOf(ns, '0a:58'), mtu: 1450, address: [ns, block?.bits ?? 32] }]);
  const veth = state.cables.get(ns)?.veth;
  return {
    links: [lo, { ...eth0, peer: machine.find(({ ifname }) => ifname === veth)?.ifindex ?? 0 }],
    routes: podRoutes(state, ns),
    listeners,
  };
}

function podRoutes({ overlay, config }: LinuxState, ip: string): readonly RouteLine[] {
  if (!overlay) return [];
  const way = { gateway: overlay.gateway, dev: 'eth0', flags: [] };
  return [
    { dst: 'default', ...way },
    { dst: config.clusterCIDR, ...way },
    { dst: overlay.podCIDR, dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: ip, flags: [] },
  ];
}

/** In the order of their ports. */
function listenersOf({ listeners }: LinuxState, ns: string, isAlive: (address: string) => boolean): Namespace['listeners'] {
  return [...listeners]
    .flatMap(([key, { address, isLoopback }]) => {
      const [proto, ip, port] = key.split(/[ :]/);
      return ip === ns && isAlive(address) ? [{ proto, ip: isLoopback ? '127.0.0.1' : '0.0.0.0', port: Number(port) }] : [];
    })
    .sort((a, b) => (a.proto === b.proto ? a.port - b.port : a.proto < b.proto ? -1 : 1));
}
