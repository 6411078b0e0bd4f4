/**
 * The kernel's memory of connections: what the first packet decided holds for all that follow, and answers are given back the address that was asked for.
 * Source: nf_conntrack(5) and its sysctls' defaults; what is established lasts a day, as kube-proxy sets it (pkg/proxy/apis/config/v1alpha1/defaults.go). Simplified: a connection is confirmed at once, is over with its answer, and forgotten after its time-out.
 */
import type { Us } from '../../kernel/message.ts';
import { keyOfTuple, reversed, tupleOf, type Packet, type Protocol, type Tuple } from './packet.ts';

export interface Connection {
  readonly proto: Protocol;
  /** As the first packet came. */
  readonly original: Tuple;
  /** As its answers come. */
  readonly reply: Tuple;
  readonly state: 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'TIME_WAIT' | 'CLOSE' | '';
  readonly isAnswered: boolean;
  readonly expiresAt: Us;
}
/** By the key of either direction; both lead to the same connection. */
export interface Conntrack {
  readonly byKey: Map<string, Connection>;
}

const SECOND = 1_000_000;
const TIMEOUT_US = {
  SYN_SENT: 120 * SECOND,
  SYN_RECV: 60 * SECOND,
  ESTABLISHED: 86_400 * SECOND,
  TIME_WAIT: 120 * SECOND,
  CLOSE: 10 * SECOND,
  '': 30 * SECOND,
} as const;
const UDP_ANSWERED_US = 120 * SECOND;
const MOST_CONNECTIONS = 512;

export function connectionOf(
  table: Conntrack,
  packet: Packet,
  now: Us,
): { readonly connection: Connection; readonly isReply: boolean } | undefined {
  const key = keyOfTuple(packet.proto, packet);
  const connection = table.byKey.get(key);
  if (!connection) return undefined;
  const isOver = packet.kind === 'SYN' && (connection.state === 'TIME_WAIT' || connection.state === 'CLOSE');
  if (connection.expiresAt <= now || isOver) {
    forget(table, connection);
    return undefined;
  }
  return {
    connection,
    isReply: key === keyOfTuple(packet.proto, connection.reply) && key !== keyOfTuple(packet.proto, connection.original),
  };
}

/** A packet of a known connection, with its addresses as the first packet's fate says. */
export function translated(
  packet: Packet,
  { connection, isReply }: { readonly connection: Connection; readonly isReply: boolean },
): Packet {
  return { ...packet, ...(isReply ? reversed(connection.original) : reversed(connection.reply)) };
}

/** Remembers a new connection; `packet` as it leaves the machine. Returns it. */
export function remember(table: Conntrack, original: Tuple, packet: Packet, now: Us): void {
  const connection: Connection = Object.freeze({
    proto: packet.proto,
    original: tupleOf(original),
    reply: reversed(tupleOf(packet)),
    state: packet.proto === 'tcp' ? 'SYN_SENT' : '',
    isAnswered: false,
    expiresAt: now + TIMEOUT_US[packet.proto === 'tcp' ? 'SYN_SENT' : ''],
  });
  if (table.byKey.size >= 2 * MOST_CONNECTIONS) prune(table, now);
  put(table, connection);
}

/** A packet of a known connection passed. */
export function touched(
  table: Conntrack,
  { connection, isReply }: { readonly connection: Connection; readonly isReply: boolean },
  packet: Packet,
  now: Us,
): void {
  const state =
    packet.proto !== 'tcp'
      ? ''
      : packet.kind === 'RST'
        ? 'CLOSE'
        : packet.kind === 'SYN-ACK'
          ? 'SYN_RECV'
          : packet.kind === 'DATA'
            ? isReply
              ? 'TIME_WAIT'
              : 'ESTABLISHED'
            : connection.state;
  const isAnswered = connection.isAnswered || isReply;
  put(
    table,
    Object.freeze({
      ...connection,
      state,
      isAnswered,
      expiresAt: now + (packet.proto === 'udp' && isAnswered ? UDP_ANSWERED_US : TIMEOUT_US[state]),
    }),
  );
}

function put(table: Conntrack, connection: Connection): void {
  table.byKey.set(keyOfTuple(connection.proto, connection.original), connection);
  table.byKey.set(keyOfTuple(connection.proto, connection.reply), connection);
}

export function forget(table: Conntrack, connection: Connection): void {
  table.byKey.delete(keyOfTuple(connection.proto, connection.original));
  table.byKey.delete(keyOfTuple(connection.proto, connection.reply));
}

/** Forgets what has expired, and when that is not enough, the oldest. */
function prune(table: Conntrack, now: Us): void {
  for (const connection of table.byKey.values()) if (connection.expiresAt <= now) forget(table, connection);
  for (const connection of table.byKey.values()) {
    if (table.byKey.size < MOST_CONNECTIONS) return;
    forget(table, connection);
  }
}

/** The connections that have not expired, each once. */
export const connectionsOf = (table: Conntrack, now: Us): readonly Connection[] =>
  [...new Set(table.byKey.values())].filter((c) => c.expiresAt > now);

/** Source: IANA's protocol numbers. */
const NUMBER: Readonly<Record<Protocol, number>> = { icmp: 1, tcp: 6, udp: 17 };

/** As `conntrack -L` prints it. */
export function connectionText({ proto, original, reply, state, isAnswered, expiresAt }: Connection, now: Us): string {
  const way = (t: Tuple): string =>
    `src=${t.src} dst=${t.dst} ${proto === 'icmp' ? `type=${t === original ? 8 : 0} code=0 id=${t.dport}` : `sport=${t.sport} dport=${t.dport}`}`;
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / SECOND));
  return `${proto.padEnd(8)} ${NUMBER[proto]} ${seconds} ${state === '' ? '' : `${state} `}${way(original)} ${isAnswered ? '' : '[UNREPLIED] '}${way(reply)}${isAnswered && (proto === 'udp' || state === 'ESTABLISHED' || state === 'TIME_WAIT') ? ' [ASSURED]' : ''} mark=0 use=1`;
}
