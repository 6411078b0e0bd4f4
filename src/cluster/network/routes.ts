/**
 * Where a machine's kernel sends a packet: its own addresses and its routes, as flannel and the bridge plugin set them up.
 * Upstream: flannel-io/flannel pkg/backend/vxlan; containernetworking/plugins plugins/main/bridge.
 */
import { contains, formatIp, parseCidr, parseIp, type Cidr } from '../../lib/ip.ts';
import type { LayeredMap } from '../../lib/layered-map.ts';
import type { RemoteSubnet } from './flannel.ts';

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
/** Somebody's address there. Source: RFC 5737, TEST-NET-3. */
export const OUTSIDE = '203.0.113.10';

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
