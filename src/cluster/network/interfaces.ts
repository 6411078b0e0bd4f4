/** A machine's own network namespace as iproute2 prints it: `ip -j link`, `addr`, `route`, `neigh`, and `bridge -j fdb`. Source: ip(8), bridge(8). */
import { formatIp, macOf, parseCidr } from '../../lib/ip.ts';
import { vtepMac, type RemoteSubnet } from './flannel.ts';
import { remotesOf, vtepOf, type Ways } from './routes.ts';

interface Interfaces {
  readonly links: readonly Omit<Link, 'addr_info'>[];
  readonly addresses: readonly object[];
  readonly routes: readonly RouteLine[];
  readonly neighbours: readonly object[];
  readonly fdb: readonly object[];
}

export function interfacesOf(ways: Ways): Interfaces {
  const links = linksOf(devicesOf(ways));
  const remotes = remotesOf(ways);
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
    routes: routesOf(ways, remotes),
    neighbours: [
      ...remotes.map((r) => ({ dst: vtepOf(r.podCIDR), dev: 'flannel.1', lladdr: r.mac, state: ['PERMANENT'] })),
      ...[...ways.cables.keys()].map((ip) => ({ dst: ip, dev: 'cni0', lladdr: macOf(ip, '0a:58'), state: ['REACHABLE'] })),
    ],
    fdb: remotes.map((r) => ({ mac: r.mac, ifname: 'flannel.1', flags: ['self'], dst: r.ip, state: 'permanent' })),
  };
}

export interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  readonly link_type: string;
  readonly address: string;
  readonly master?: string;
  readonly addr_info: readonly {
    readonly family: string;
    readonly label: string;
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}
export interface RouteLine {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly flags: readonly string[];
}
interface Device {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** Its address, and how long the prefix is. */
  readonly address?: readonly [ip: string, bits: number];
  readonly master?: string;
}

export const LO: Device = { name: 'lo', mac: '00:00:00:00:00:00', mtu: 65_536, address: ['127.0.0.1', 8] };

/** The machine's own, and with the overlay flannel's, the bridge, and the pods' cables. */
export function devicesOf({ config, overlay, cables }: Ways): readonly Device[] {
  const devices: Device[] = [
    LO,
    { name: 'eth0', mac: macOf(config.ip, '02:42'), mtu: 1500, address: [config.ip, parseCidr(config.infraCIDR)?.bits ?? 24] },
  ];
  const block = overlay ? parseCidr(overlay.podCIDR) : undefined;
  if (overlay && block) {
    devices.push({ name: 'flannel.1', mac: vtepMac(config.ip), mtu: 1450, address: [vtepOf(overlay.podCIDR), 32] });
    if (cables.size > 0)
      devices.push({ name: 'cni0', mac: macOf(overlay.gateway, '0a:58'), mtu: 1450, address: [overlay.gateway, block.bits] });
    for (const [ip, { veth }] of cables) devices.push({ name: veth, mac: macOf(ip, '6e:01'), mtu: 1450, master: 'cni0' });
  }
  return devices;
}
export const linksOf = (devices: readonly Device[]): readonly Link[] => devices.map(linkOf);

function linkOf({ name, mac, mtu, address, master }: Device, index: number): Link {
  const isLoopback = name === 'lo';
  return {
    ifindex: index + 1,
    ifname: name,
    flags: isLoopback ? ['LOOPBACK', 'UP', 'LOWER_UP'] : ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu,
    operstate: isLoopback || name === 'flannel.1' ? 'UNKNOWN' : 'UP',
    link_type: isLoopback ? 'loopback' : 'ether',
    address: mac,
    ...(master === undefined ? {} : { master }),
    addr_info: address
      ? [{ family: 'inet', local: address[0], prefixlen: address[1], scope: isLoopback ? 'host' : 'global', label: name }]
      : [],
  };
}

function routesOf({ config, overlay, cables }: Ways, remotes: readonly RemoteSubnet[]): readonly RouteLine[] {
  const gateway = formatIp((parseCidr(config.infraCIDR)?.base ?? 0) + 1);
  return [
    { dst: 'default', gateway, dev: 'eth0', flags: [] },
    ...(overlay && cables.size > 0
      ? [{ dst: overlay.podCIDR, dev: 'cni0', protocol: 'kernel', scope: 'link', prefsrc: overlay.gateway, flags: [] }]
      : []),
    ...remotes.map((r) => ({ dst: r.podCIDR, gateway: vtepOf(r.podCIDR), dev: 'flannel.1', flags: ['onlink'] })),
    { dst: config.infraCIDR, dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: config.ip, flags: [] },
  ];
}
