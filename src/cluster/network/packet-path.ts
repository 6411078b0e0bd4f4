/**
 * A packet's way through the kernel of one machine: connection tracking, nat, routing, filter, and out to a cable, the overlay or the wire, or up to a socket.
 * Source: netfilter.org's packet flow, ip-route(8), vxlan; order of hooks as Linux has it.
 */
import type { Context } from '../../kernel/component.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import { connectionOf, remember, touched, translated } from './conntrack.ts';
import { decidingRule, masqueraded, pass } from './hooks.ts';
import { socketKey, type Client, type LinuxState } from './linux-state.ts';
import type { Circumstances } from './netfilter.ts';
import { destinationOf, say, sourceOf } from './packet-notes.ts';
import { reversed, TTL, tupleOf, VNI, VXLAN_PORT, type Packet, type SocketReply, type Tuple } from './packet.ts';
import { BEYOND, routeOf, type Route } from './routes.ts';
import { ruleText } from './rules.ts';

/** What a listener's answer belongs to. */
export interface Served {
  readonly served: Packet;
  readonly ns: string;
}
/** `original`: the tuple of a connection's first packet. */
interface Passage {
  readonly original?: Tuple;
  readonly mark: number;
  readonly ctstate: Circumstances['ctstate'];
}

const NO_ARP_US = 3_000_000;
/** Whose network namespace it is. */
const ownerOf = (state: LinuxState, ns: string): string => state.cables.get(ns)?.pod ?? state.config.machine;

/** A packet leaves a network namespace of this machine. What a pod says to itself meets no rules; a machine's own rules are for what it says to itself, too. */
export function leave(state: LinuxState, packet: Packet, ns: string, ctx: Context): void {
  say(state, ctx, 'sent', packet, { from: ownerOf(state, ns) });
  const isHost = ns === state.config.ip;
  if (!isHost && (packet.dst === ns || packet.dst.startsWith('127.'))) deliver(state, packet, ns, ctx);
  else through(state, packet, isHost ? 'OUTPUT' : 'PREROUTING', ctx);
}

/** A packet comes in on eth0. */
export function arrive(state: LinuxState, packet: Packet, ctx: Context): void {
  const { outer, ...inner } = packet;
  if (outer) say(state, ctx, 'decapsulated', inner, { was: outer });
  through(state, inner, 'PREROUTING', ctx);
}

/** The nat table sees the first packet of a connection only; conntrack knows the others. */
function through(state: LinuxState, packet: Packet, hook: 'PREROUTING' | 'OUTPUT', ctx: Context): void {
  const found = connectionOf(state.conntrack, packet, ctx.now);
  if (found) {
    const known = translated(packet, found);
    touched(state.conntrack, found, packet, ctx.now);
    const [wasSrc, wasDst] = [sourceOf(packet), destinationOf(packet)];
    if (sourceOf(known) !== wasSrc || destinationOf(known) !== wasDst)
      say(state, ctx, 'known', known, { wasSrc, wasDst, isReply: found.isReply });
    return onward(state, known, hook, { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
  }
  if (packet.kind === 'UNREACHABLE') return onward(state, packet, hook, { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
  if (packet.proto === 'tcp' && packet.kind !== 'SYN') return onward(state, packet, hook, { mark: 0, ctstate: 'INVALID' }, ctx);
  const passed = pass(state, packet, { table: 'nat', hook, mark: 0, ctstate: 'NEW' }, ctx);
  const { dnat } = passed;
  const next: Packet = dnat ? { ...packet, dst: dnat.ip, dport: dnat.port } : packet;
  if (dnat)
    say(state, ctx, 'dnat', next, {
      was: destinationOf(packet),
      rule: ruleText(...decidingRule(passed)),
      service: decidingRule(passed)[1].comment ?? '',
    });
  onward(state, next, hook, { original: packet, mark: passed.mark, ctstate: 'NEW' }, ctx);
}

/** Routing, the filter table, the nat table's last hook, and out. */
function onward(
  state: LinuxState,
  packet: Packet,
  hook: 'PREROUTING' | 'OUTPUT',
  { original, mark, ctstate }: Passage,
  ctx: Context,
): void {
  const route = routeOf(state, packet.dst);
  const filter = pass(
    state,
    packet,
    { table: 'filter', hook: hook === 'OUTPUT' ? 'OUTPUT' : route.kind === 'local' ? 'INPUT' : 'FORWARD', mark, ctstate },
    ctx,
  );
  if (filter.verdict === 'DROP') {
    say(state, ctx, 'dropped', packet, { rule: ruleText(...decidingRule(filter)) });
    return;
  }
  if (filter.verdict === 'REJECT') {
    say(state, ctx, 'rejected', packet, { rule: ruleText(...decidingRule(filter)), service: decidingRule(filter)[1].comment ?? '' });
    answerIcmp(state, packet, 'Connection refused', ctx);
    return;
  }
  if (route.kind === 'local') {
    if (original) remember(state.conntrack, original, packet, ctx.now);
    deliver(state, packet, state.config.ip, ctx);
    return;
  }
  const out = original ? masqueraded(state, packet, route.src, mark, ctx) : packet;
  if (original) remember(state.conntrack, original, out, ctx.now);
  transmit(state, isRouted(state, packet, hook, route) ? hopped(out) : out, route, ctx);
}

/** Between two cables of one bridge a packet is not passed on by a router. */
const isRouted = (state: LinuxState, { src }: Packet, hook: string, { kind }: Route): boolean =>
  hook === 'PREROUTING' && !(kind === 'pod' && state.cables.has(src));
const hopped = (packet: Packet): Packet => (packet.ttl === undefined ? packet : { ...packet, ttl: packet.ttl - 1 });

function transmit(state: LinuxState, packet: Packet, route: Exclude<Route, { readonly kind: 'local' }>, ctx: Context): void {
  if (route.kind === 'pod') {
    if (route.pod !== undefined) return deliver(state, packet, packet.dst, ctx);
  } else if (route.kind === 'overlay') {
    const { remote } = route;
    const wrapped: Packet = { ...packet, outer: { src: state.config.ip, dst: remote.ip, dport: VXLAN_PORT, vni: VNI } };
    say(state, ctx, 'encapsulated', wrapped, { to: remote.machine, podCIDR: remote.podCIDR });
    ctx.send(`${remote.machine}/linux`, wrapped);
    return;
  } else if (route.machine !== undefined) {
    ctx.send(`${route.machine}/linux`, packet);
    return;
  }
  if (state.config.machine === BEYOND && packet.kind === 'ECHO' && !isPrivate(packet.dst)) return deliver(state, packet, packet.dst, ctx);
  say(state, ctx, 'no-neighbour', packet, { dev: route.dev });
  if (state.config.machine !== BEYOND) ctx.wake(NO_ARP_US, { unreachable: packet });
}

/** Nobody on the internet has such an address. Source: RFC 1918. */
const isPrivate = (ip: string): boolean => /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(ip);

/** A packet has reached the network namespace that has its address. */
function deliver(state: LinuxState, packet: Packet, ns: string, ctx: Context): void {
  if (packet.kind === 'ECHO') {
    say(state, ctx, 'echoed', packet, { by: ownerOf(state, ns) });
    return leave(state, { ...packet, ...reversed(tupleOf(packet)), kind: 'ECHO-REPLY', ttl: TTL }, ns, ctx);
  }
  const client = state.clients.get(socketKey(packet.proto, packet.dst, packet.dport));
  if (client) return toClient(state, packet, client, ctx);
  if (packet.kind === 'RST' || packet.kind === 'UNREACHABLE' || packet.kind === 'SYN-ACK' || packet.kind === 'ECHO-REPLY') return;
  const listener = state.listeners.get(socketKey(packet.proto, ns, packet.dport));
  if (!listener || !ctx.isAlive(listener.address) || (listener.isLoopback && !packet.dst.startsWith('127.'))) {
    say(state, ctx, 'nobody-listens', packet, { by: ownerOf(state, ns) });
    const { payload: _payload, ...head } = packet;
    return leave(
      state,
      { ...head, ...reversed(tupleOf(packet)), kind: packet.proto === 'tcp' ? 'RST' : 'UNREACHABLE', why: 'Connection refused' },
      ns,
      ctx,
    );
  }
  if (packet.kind === 'SYN') {
    say(state, ctx, 'accepted', packet, { by: listener.name });
    return leave(state, { ...packet, ...reversed(tupleOf(packet)), kind: 'SYN-ACK' }, ns, ctx);
  }
  say(state, ctx, 'delivered', packet, { servedBy: listener.name });
  const payload = packet.payload as { readonly protocol: string };
  const body = payload.protocol === 'http' ? { ...(payload as HttpCall), port: packet.dport, from: packet.src } : payload;
  ctx.call(listener.address, body, { served: packet, ns } satisfies Served);
}

function toClient(state: LinuxState, packet: Packet, client: Client, ctx: Context): void {
  if (packet.kind === 'SYN-ACK') {
    leave(state, { ...packet, ...reversed(tupleOf(packet)), kind: 'DATA', payload: client.payload }, client.ns, ctx);
    return;
  }
  state.clients.delete(socketKey(packet.proto, packet.dst, packet.dport));
  say(state, ctx, 'answered', packet, { to: ownerOf(state, client.ns), why: packet.why });
  const reply: SocketReply =
    packet.kind === 'DATA' || packet.kind === 'ECHO-REPLY'
      ? { protocol: 'socket', outcome: 'data', payload: packet.kind === 'DATA' ? packet.payload : packet.ttl }
      : {
          protocol: 'socket',
          outcome: packet.why === 'No route to host' ? 'unreachable' : 'refused',
          why: packet.why ?? 'Connection refused',
        };
  ctx.reply(reply, client.call);
}

/** ICMP tells the sender that its packet will not arrive. */
export function answerIcmp(state: LinuxState, packet: Packet, why: string, ctx: Context): void {
  const { payload: _payload, outer: _outer, ...head } = packet;
  const found = connectionOf(state.conntrack, packet, ctx.now);
  const sender = found ? found.connection.original : packet;
  const icmp: Packet = {
    ...head,
    kind: 'UNREACHABLE',
    src: state.config.ip,
    sport: packet.dport,
    dst: sender.src,
    dport: sender.sport,
    why,
  };
  if (state.clients.has(socketKey(icmp.proto, icmp.dst, icmp.dport))) deliver(state, icmp, icmp.dst, ctx);
  else onward(state, icmp, 'OUTPUT', { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
}
