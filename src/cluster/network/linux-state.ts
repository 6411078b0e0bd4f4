/** What the kernel of one machine knows: cables, blocks of addresses, rules, sockets and connections. */
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Conntrack } from './conntrack.ts';
import type { RemoteSubnet } from './flannel.ts';
import type { HostPorts } from './host-ports.ts';
import type { IptablesRestore } from './kube-proxy.ts';
import type { Protocol } from './packet.ts';
import type { Block, LinuxConfig } from './routes.ts';

export interface LinuxState {
  readonly config: LinuxConfig;
  /** Pod address → its cable. */
  readonly cables: Map<string, { readonly pod: string; readonly veth: string }>;
  /** This machine's block of pod addresses. */
  overlay: Block | undefined;
  /** The other machines' blocks, by machine. */
  remotes: LayeredMap<RemoteSubnet>;
  rules: IptablesRestore | undefined;
  /** Of the machine's pods, the latest last. */
  hostPorts: readonly HostPorts[];
  /** 'tcp 10.200.1.2:80' → who listens. */
  readonly listeners: Map<string, { readonly address: string; readonly name: string; readonly isLoopback?: true }>;
  readonly clients: Map<string, Client>;
  readonly conntrack: Conntrack;
  /** `-m recent`: 'list address' → when seen. */
  readonly recent: Map<string, number>;
  opened: number;
}

/** A process that waits for the answer to what it sent. */
export interface Client {
  readonly call: { readonly id: number; readonly from: string };
  readonly payload: unknown;
  readonly flow: number;
  readonly ns: string;
}

const NO_PORTS: readonly HostPorts[] = Object.freeze([]);
export const bootedLinux = (config: LinuxConfig): LinuxState => ({
  config,
  cables: new Map(),
  overlay: undefined,
  remotes: new LayeredMap(),
  rules: undefined,
  hostPorts: NO_PORTS,
  listeners: new Map(),
  clients: new Map(),
  conntrack: { byKey: new Map() },
  recent: new Map(),
  opened: 0,
});

/** Under which name a socket is found, a listener's or a client's. */
export const socketKey = (proto: Protocol, ip: string, port: number): string => `${proto} ${ip}:${port}`;
