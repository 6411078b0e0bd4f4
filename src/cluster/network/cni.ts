/**
 * The CNI plugins of one machine, as containerd runs them: flannel's delegate to bridge and host-local, and portmap.
 * Upstream: containernetworking/plugins plugins/main/bridge, plugins/ipam/host-local; flannel-io/cni-plugin. Simplified: a process that stays, where upstream starts one for each call.
 */
import { formatIp, parseCidr, parseIp } from '../../lib/ip.ts';
import type { PortMapping } from './host-ports.ts';
import type { Component } from '../../kernel/component.ts';

export type CniCall = {
  readonly protocol: 'cni';
  readonly command: 'ADD' | 'DEL' | 'CHECK';
  readonly containerId: string;
  readonly netns: string;
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly portMappings?: readonly PortMapping[];
};
export interface CniConf {
  readonly protocol: 'cni-conf';
  readonly podCIDR: string;
  readonly gateway?: string;
}
export interface CniReply {
  readonly protocol: 'cni';
  readonly error?: string;
  readonly ip?: string;
  readonly gateway?: string;
}
export interface CniConfig {
  readonly machine: string;
  readonly linux: string;
}
/** Host-local keeps its leases in files. */
export interface Disk {
  conf: CniConf | undefined;
  last: number;
  readonly leases: Map<string, string>;
}

export const cni: Component<Disk & { readonly config: CniConfig }, CniConfig> = {
  role: 'cni',
  start: (config, _ctx, disk) => ({ ...((disk as Disk | undefined) ?? { conf: undefined, last: 0, leases: new Map() }), config }),
  handle(state, message, ctx) {
    const body = message.body as CniCall | CniConf;
    if (body.protocol === 'cni-conf') {
      state.conf = body;
      if (message.kind === 'call') ctx.reply({ protocol: 'cni' } satisfies CniReply);
      return;
    }
    if (message.kind !== 'call') return;
    if (body.command === 'CHECK') {
      ctx.reply((state.conf ? { protocol: 'cni' } : { protocol: 'cni', error: 'cni plugin not initialized' }) satisfies CniReply);
      return;
    }
    if (body.command === 'DEL') {
      const ip = state.leases.get(body.containerId);
      state.leases.delete(body.containerId);
      if (ip !== undefined) ctx.send(state.config.linux, { protocol: 'netlink', verb: 'unplug', ip });
      ctx.reply({ protocol: 'cni' } satisfies CniReply);
      return;
    }
    const lease = allot(state);
    if (typeof lease === 'string') {
      ctx.reply({ protocol: 'cni', error: lease } satisfies CniReply);
      return;
    }
    state.leases.set(body.containerId, lease.ip);
    ctx.send(state.config.linux, {
      protocol: 'netlink',
      verb: 'plug',
      ip: lease.ip,
      pod: `${body.pod.namespace}/${body.pod.name}`,
      veth: `veth${body.containerId.slice(0, 8)}`,
      gateway: lease.gateway,
      ...(body.portMappings ? { hostPorts: { id: body.containerId, ip: lease.ip, mappings: body.portMappings } } : {}),
    });
    ctx.note({
      says: 'cni/address-leased',
      about: `pods/${body.pod.namespace}/${body.pod.name}`,
      with: { pod: body.pod.name, ip: lease.ip, machine: state.config.machine, podCIDR: state.conf?.podCIDR },
    });
    ctx.reply({ protocol: 'cni', ip: lease.ip, gateway: lease.gateway } satisfies CniReply);
  },
  disk: ({ conf, last, leases }) => ({ conf, last, leases }),
};

function isLeased({ leases }: Disk, ip: string): boolean {
  for (const leased of leases.values()) if (leased === ip) return true;
  return false;
}

/** The next free address after the last one given, round and round; never the gateway, the network's own or the broadcast address. */
function allot(state: Disk): { readonly ip: string; readonly gateway: string } | string {
  if (!state.conf) return 'plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory';
  const block = parseCidr(state.conf.podCIDR);
  if (!block) return `invalid CIDR address: ${state.conf.podCIDR}`;
  const gateway = state.conf.gateway ?? formatIp(block.base + 1);
  const n = block.size - 2;
  const start = state.last === 0 ? 0 : state.last - block.base;
  for (let i = 0; i < n; i++) {
    const value = block.base + 1 + ((start + i) % n);
    const ip = formatIp(value);
    if (ip === gateway || isLeased(state, ip)) continue;
    state.last = parseIp(ip) ?? 0;
    return { ip, gateway };
  }
  return `plugin type="host-local" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${formatIp(block.base + 1)}-${formatIp(block.base + block.size - 2)}`;
}
