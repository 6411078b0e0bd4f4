/**
 * Where a machine's kernel sends a packet: its interfaces, addresses and routes, as flannel and the bridge plugin set them up.
 * Upstream: flannel-io/flannel pkg/backend/vxlan; containernetworking/plugins plugins/main/bridge.
 */
import { contains, formatIp, macOf, parseCidr, parseIp, type Cidr } from '../../lib/ip.ts';
import type { LayeredMap } from '../../lib/layered-map.ts';
import { vtepMac, type RemoteSubnet } from './flannel.ts';

export interface LinuxConfig {
  readonly machine: string;
  readonly ip: string;
  readonly infraCIDR: string;
  /** All pods of the cluster. */
  readonly clusterCIDR: string;
  /** Who is on the wire: address and machine. */
  readonly lan: readonly (readonly [ip: string, machine: string])[];
}
export type Route =
  | { readonly kind: 'local'; readonly dev: string }
  | { readonly kind: 'pod'; readonly dev: 'cni0'; readonly src: string; readonly pod: string | undefined }
  | { readonly kind: 'overlay'; readonly dev: 'flannel.1'; readonly src: string; readonly remote: RemoteSubnet }
  | { readonly kind: 'lan'; readonly dev: 'eth0'; readonly src: string; readonly machine: string | undefined };

/** A machine's block of pod addresses, and the address of its bridge. */
export interface Block {
  readonly podCIDR: string;
  readonly gateway: string;
}
export interface Ways {
  readonly config: LinuxConfig;
  readonly overlay: Block | undefined;
  readonly remotes: LayeredMap<RemoteSubnet>;
  readonly cables: ReadonlyMap<string, { readonly pod: string; readonly veth: string }>;
}

/** The overlay interface has the block's own first address. */
export const vtepOf = (podCIDR: string): string => formatIp(parseCidr(podCIDR)?.base ?? 0);
const inside = (block: string, ip: string): boolean => {
  const cidr = parseCidr(block);
  const value = parseIp(ip);
  return cidr !== undefined && value !== undefined && contains(cidr, value);
};

/** In the order of their names. */
export const remotesOf = ({ remotes }: Pick<Ways, 'remotes'>): readonly RemoteSubnet[] =>
  [...remotes.values()].sort((a, b) => (a.machine < b.machine ? -1 : 1));

const blocks = new WeakMap<RemoteSubnet, Cidr>();
function remoteAt({ remotes }: Ways, ip: string): RemoteSubnet | undefined {
  const value = parseIp(ip) ?? -1;
  let found: RemoteSubnet | undefined;
  remotes.forEach((remote) => {
    let block = blocks.get(remote);
    if (!block) {
      block = parseCidr(remote.podCIDR);
      if (!block) return;
      blocks.set(remote, block);
    }
    if (contains(block, value)) found = remote;
  });
  return found;
}

export function isLocal({ config, overlay }: Ways, ip: string): boolean {
  return ip === config.ip || ip.startsWith('127.') || (overlay !== undefined && (ip === overlay.gateway || ip === vtepOf(overlay.podCIDR)));
}

/** Where the machines' default route leads. From out there nobody knows a way to private addresses. */
export const BEYOND = 'internet';

export function routeOf(ways: Ways, dst: string): Route {
  const { config, overlay } = ways;
  if (isLocal(ways, dst)) return { kind: 'local', dev: 'lo' };
  if (overlay && inside(overlay.podCIDR, dst)) return { kind: 'pod', dev: 'cni0', src: overlay.gateway, pod: ways.cables.get(dst)?.pod };
  const remote = remoteAt(ways, dst);
  if (overlay && remote) return { kind: 'overlay', dev: 'flannel.1', src: vtepOf(overlay.podCIDR), remote };
  const beyond = config.machine === BEYOND ? undefined : BEYOND;
  const machine = inside(config.infraCIDR, dst) ? config.lan.find(([ip]) => ip === dst)?.[1] : beyond;
  return { kind: 'lan', dev: 'eth0', src: config.ip, machine };
}

/** `ip -j link`, `ip -j addr`, `ip -j route`, `ip -j neigh` and `bridge -j fdb` of a machine's own namespace. */
export function interfacesOf(ways: Ways): {
  readonly links: readonly object[];
  readonly addresses: readonly object[];
  readonly routes: readonly object[];
  readonly neighbours: readonly object[];
  readonly fdb: readonly object[];
} {
  const { config, overlay, cables } = ways;
  const infra = parseCidr(config.infraCIDR);
  const up = ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'];
  const links: {
    ifindex: number;
    ifname: string;
    flags: readonly string[];
    mtu: number;
    operstate: string;
    link_type: string;
    address: string;
    master?: string;
    addr_info: readonly object[];
  }[] = [];
  const add = (ifname: string, address: string, mtu: number, addresses: readonly (readonly [string, number])[], more: object = {}): void =>
    void links.push({
      ifindex: links.length + 1,
      ifname,
      flags: ifname === 'lo' ? ['LOOPBACK', 'UP', 'LOWER_UP'] : up,
      mtu,
      operstate: ifname === 'lo' || ifname === 'flannel.1' ? 'UNKNOWN' : 'UP',
      link_type: ifname === 'lo' ? 'loopback' : 'ether',
      address,
      ...more,
      addr_info: addresses.map(([local, prefixlen]) => ({
        family: 'inet',
        local,
        prefixlen,
        scope: ifname === 'lo' ? 'host' : 'global',
        label: ifname,
      })),
    });
  add('lo', '00:00:00:00:00:00', 65_536, [['127.0.0.1', 8]]);
  add('eth0', macOf(config.ip, '02:42'), 1500, [[config.ip, infra?.bits ?? 24]]);
  const block = overlay ? parseCidr(overlay.podCIDR) : undefined;
  if (overlay && block) {
    add('flannel.1', vtepMac(config.ip), 1450, [[vtepOf(overlay.podCIDR), 32]]);
    if (cables.size > 0) add('cni0', macOf(overlay.gateway, '0a:58'), 1450, [[overlay.gateway, block.bits]]);
    for (const [ip, cable] of cables) add(cable.veth, macOf(ip, '6e:01'), 1450, [], { master: 'cni0' });
  }
  const remotes = remotesOf(ways);
  const gateway = formatIp((infra?.base ?? 0) + 1);
  return {
    links: links.map(({ addr_info: _addresses, ...link }) => link),
    addresses: links.map(({ ifindex, ifname, flags, mtu, operstate, addr_info }) => ({
      ifindex,
      ifname,
      flags,
      mtu,
      operstate,
      addr_info,
    })),
    routes: [
      { dst: 'default', gateway, dev: 'eth0', flags: [] },
      ...(overlay && cables.size > 0
        ? [{ dst: overlay.podCIDR, dev: 'cni0', protocol: 'kernel', scope: 'link', prefsrc: overlay.gateway, flags: [] }]
        : []),
      ...remotes.map((r) => ({ dst: r.podCIDR, gateway: vtepOf(r.podCIDR), dev: 'flannel.1', flags: ['onlink'] })),
      { dst: config.infraCIDR, dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: config.ip, flags: [] },
    ],
    neighbours: [
      ...remotes.map((r) => ({ dst: vtepOf(r.podCIDR), dev: 'flannel.1', lladdr: r.mac, state: ['PERMANENT'] })),
      ...[...cables.keys()].map((ip) => ({ dst: ip, dev: 'cni0', lladdr: macOf(ip, '0a:58'), state: ['REACHABLE'] })),
    ],
    fdb: remotes.map((r) => ({ mac: r.mac, ifname: 'flannel.1', flags: ['self'], dst: r.ip, state: 'permanent' })),
  };
}
