/** The sockets of one machine: processes listen, send and wait, and answer. Source: bind(2), socket(7). */
import type { Answer, Context } from '../../kernel/component.ts';
import { socketKey, type Client, type LinuxState } from './linux-state.ts';
import { leave, type Served } from './packet-path.ts';
import { reversed, TTL, tupleOf, type InUse, type Listen, type Packet, type SocketCall } from './packet.ts';
import { routeOf } from './routes.ts';

/** One process a port in each network namespace. Source: bind(2), EADDRINUSE. */
export function bind(
  { listeners }: LinuxState,
  { ns, name }: Listen,
  { proto, port, isLoopback }: Listen['ports'][number],
  address: string,
  ctx: Context,
): void {
  const key = socketKey(proto, ns, port);
  const other = listeners.get(key);
  if (other && other.address !== address && ctx.isAlive(other.address))
    ctx.send(address, { protocol: 'in-use', proto, port } satisfies InUse);
  else listeners.set(key, { address, name, ...(isLoopback ? { isLoopback } : {}) });
}

/** A process closes a port, if it is its own. */
export function close(
  { listeners }: LinuxState,
  ns: string,
  { proto, port }: Pick<Listen['ports'][number], 'proto' | 'port'>,
  address: string,
): void {
  const key = socketKey(proto, ns, port);
  if (listeners.get(key)?.address === address) listeners.delete(key);
}

/** A process sends the first packet of a connection, from a port of its own. */
export function open(state: LinuxState, call: SocketCall, from: Client['call'], ctx: Context): void {
  for (const [key, client] of state.clients) if (!ctx.isAlive(client.call.from)) state.clients.delete(key);
  const isHost = call.ns === state.config.ip;
  const route = routeOf(state, call.dst);
  const src = call.dst.startsWith('127.') ? call.dst : !isHost ? call.ns : route.kind === 'local' ? call.dst : route.src;
  state.opened++;
  const sport = call.sport ?? 32_768 + ctx.draw(`port/${state.config.machine}/${state.opened}`).below(28_232);
  const packet: Packet = {
    protocol: 'packet',
    flow: call.flow,
    proto: call.proto,
    src,
    sport,
    dst: call.dst,
    dport: call.proto === 'icmp' ? sport : call.dport,
    ...(call.proto === 'tcp'
      ? { kind: 'SYN' }
      : call.proto === 'icmp'
        ? { kind: 'ECHO', ttl: TTL }
        : { kind: 'DATA', payload: call.payload }),
  };
  state.clients.set(socketKey(call.proto, src, sport), { call: from, payload: call.payload, flow: call.flow, ns: call.ns });
  leave(state, packet, call.ns, ctx);
}

/** The process has answered; its kernel sends that back. */
export function served(state: LinuxState, answer: Answer, { served: packet, ns }: Served, ctx: Context): void {
  const back = { ...packet, ...reversed(tupleOf(packet)) };
  if (answer.outcome === 'reply') leave(state, { ...back, kind: 'DATA', payload: answer.body }, ns, ctx);
  else leave(state, { ...back, kind: 'RST', payload: undefined, why: 'Connection reset by peer' }, ns, ctx);
}
