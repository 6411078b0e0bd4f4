/** What travels between machines' kernels, and how it is written. Simplified: a TCP connection is SYN, SYN-ACK, one segment each way; FIN and acknowledgements are left out. */
/** Of ICMP there is the echo, whose number is both of its ports. */
export type Protocol = 'tcp' | 'udp' | 'icmp';
export interface Tuple {
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
}
export interface Packet extends Tuple {
  readonly protocol: 'packet';
  /** Which request it belongs to, for people only: the number of the user's command. */
  readonly flow: number;
  readonly proto: Protocol;
  /** UNREACHABLE is ICMP: `dst:dport` is the socket that it tells, `src` who says so. */
  readonly kind: 'SYN' | 'SYN-ACK' | 'DATA' | 'RST' | 'UNREACHABLE' | 'ECHO' | 'ECHO-REPLY';
  /** Of an echo: how many more routers may pass it on. */
  readonly ttl?: number;
  readonly payload?: unknown;
  readonly why?: string;
  /** The packet around it, on its way between two machines. */
  readonly outer?: Outer;
}
/** VXLAN over UDP. */
export interface Outer {
  readonly src: string;
  readonly dst: string;
  readonly dport: number;
  readonly vni: number;
}

/** Linux' net.ipv4.ip_default_ttl. */
export const TTL = 64;
export const VXLAN_PORT = 8472;
/** flannel: defaultVNI. */
export const VNI = 1;
export const keyOfTuple = (proto: Protocol, t: Tuple): string => `${proto} ${t.src}:${t.sport}>${t.dst}:${t.dport}`;
export const reversed = (t: Tuple): Tuple => ({ src: t.dst, sport: t.dport, dst: t.src, dport: t.sport });
export const tupleOf = ({ src, sport, dst, dport }: Tuple): Tuple => ({ src, sport, dst, dport });

/** A process asks its kernel to send something and to wait for the answer, of an echo how many more routers it might have passed. `ns`: the pod's address, or the machine's own. */
export interface SocketCall {
  readonly protocol: 'socket';
  readonly ns: string;
  readonly proto: Protocol;
  readonly dst: string;
  readonly dport: number;
  readonly sport?: number;
  readonly payload: unknown;
  readonly flow: number;
}
export interface SocketReply {
  readonly protocol: 'socket';
  readonly outcome: 'data' | 'refused' | 'unreachable';
  readonly payload?: unknown;
  readonly why?: string;
}
/** A process listens on ports of its network namespace, or on those of 127.0.0.1 alone. `closes`: no longer on these. */
export interface Listen {
  readonly protocol: 'listen';
  readonly ns: string;
  readonly ports: readonly { readonly proto: Protocol; readonly port: number; readonly isLoopback?: true }[];
  readonly closes?: readonly { readonly proto: Protocol; readonly port: number }[];
  readonly name: string;
}
/** What a process is told that asks for a port which another one has. */
export interface InUse {
  readonly protocol: 'in-use';
  readonly proto: Protocol;
  readonly port: number;
}
