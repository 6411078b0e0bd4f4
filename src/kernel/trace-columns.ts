/** How a trace keeps its rows: columns of numbers beside the bodies, so that a hop costs tens of bytes and not hundreds. */
import type { Fact } from './fact.ts';
import type { Address, EventId, Message, MessageKind, Us } from './message.ts';
import type { Commit, Spawned, TraceEvent } from './trace.ts';

const TYPES = ['hop', 'lost', 'note', 'commit', 'spawn', 'exit'] as const;
const KINDS: readonly MessageKind[] = ['send', 'call', 'reply', 'refused', 'deadline', 'wake', 'start', 'exited', 'bounced'];
const CHUNK = 4096;
const MOST_TOOK_US = 0xffffffff;

interface Chunk {
  readonly type: Uint8Array;
  readonly kind: Uint8Array;
  readonly id: Uint32Array;
  readonly at: Float64Array;
  /** at − sentAt in µs; what took longer than 71 minutes is in `longWaits`. */
  readonly took: Uint32Array;
  readonly re: Uint32Array;
  readonly cause: Uint32Array;
  /** Indexes of addresses: two bytes each while that is enough. */
  readonly from: Uint16Array | Uint32Array;
  readonly to: Uint16Array | Uint32Array;
  readonly bodies: unknown[];
}

/** The columns, in chunks that are made as rows come. */
export interface Log {
  readonly chunks: Chunk[];
  readonly hopsBeforeChunk: number[];
  readonly names: Address[];
  readonly indexOf: Map<Address, number>;
  /** Event id → row, or −1. */
  rows: Int32Array<ArrayBuffer>;
  /** Causes beyond the first, kept apart because few events have them. */
  readonly moreCauses: Map<EventId, readonly EventId[]>;
  readonly longWaits: Map<EventId, Us>;
  length: number;
  hops: number;
}

export const emptyLog = (): Log => ({
  chunks: [],
  hopsBeforeChunk: [],
  names: [],
  indexOf: new Map(),
  rows: new Int32Array(CHUNK).fill(-1),
  moreCauses: new Map(),
  longWaits: new Map(),
  length: 0,
  hops: 0,
});

/** Room for a chunk's indexes, with every row of it naming two new addresses. */
const indexes = (addresses: number): Uint16Array | Uint32Array =>
  addresses + 2 * CHUNK <= 0x10000 ? new Uint16Array(CHUNK) : new Uint32Array(CHUNK);

const newChunk = (addresses: number): Chunk => ({
  type: new Uint8Array(CHUNK),
  kind: new Uint8Array(CHUNK),
  id: new Uint32Array(CHUNK),
  at: new Float64Array(CHUNK),
  took: new Uint32Array(CHUNK),
  re: new Uint32Array(CHUNK),
  cause: new Uint32Array(CHUNK),
  from: indexes(addresses),
  to: indexes(addresses),
  bodies: Array.from({ length: CHUNK }),
});

export function putMessage(log: Log, type: 0 | 1, m: Message, body: unknown): void {
  const row = place(log, m.id);
  const c = log.chunks[row >> 12];
  const i = row & (CHUNK - 1);
  c.type[i] = type;
  c.kind[i] = (KINDS.indexOf(m.kind) << 1) | (m.background ? 1 : 0);
  c.id[i] = m.id;
  c.at[i] = m.dueAt;
  c.took[i] = tookOf(log, m);
  c.re[i] = m.re;
  c.cause[i] = m.causes.length > 0 ? m.causes[0] : 0;
  c.from[i] = intern(log, m.from);
  c.to[i] = intern(log, m.to);
  c.bodies[i] = body;
  if (m.causes.length > 1) log.moreCauses.set(m.id, m.causes);
}

export function putOther(log: Log, type: 2 | 3 | 4 | 5, id: EventId, at: Us, by: Address, cause: EventId, body: unknown): void {
  const row = place(log, id);
  const c = log.chunks[row >> 12];
  const i = row & (CHUNK - 1);
  c.type[i] = type;
  c.id[i] = id;
  c.at[i] = at;
  c.cause[i] = cause;
  c.from[i] = intern(log, by);
  c.bodies[i] = body;
}

/** The next row, for an event's id. */
function place(log: Log, id: EventId): number {
  if (id >= log.rows.length) {
    const grown = new Int32Array(Math.max(id + 1, Math.ceil(log.rows.length * 1.25))).fill(-1);
    grown.set(log.rows);
    log.rows = grown;
  }
  log.rows[id] = log.length;
  if (log.length % CHUNK === 0) {
    log.chunks.push(newChunk(log.names.length));
    log.hopsBeforeChunk.push(log.hops);
  }
  return log.length++;
}

function intern({ names, indexOf }: Log, address: Address): number {
  let index = indexOf.get(address);
  if (index === undefined) {
    index = names.length;
    names.push(address);
    indexOf.set(address, index);
  }
  return index;
}

function tookOf({ longWaits }: Log, m: Message): number {
  const took = m.dueAt - m.sentAt;
  if (took < MOST_TOOK_US) return took;
  longWaits.set(m.id, took);
  return MOST_TOOK_US;
}

export function eventAt(log: Log, row: number): TraceEvent {
  const c = log.chunks[row >> 12];
  const i = row & (CHUNK - 1);
  const id = c.id[i];
  const causes = log.moreCauses.get(id) ?? (c.cause[i] > 0 ? [c.cause[i]] : []);
  const by = log.names[c.from[i]];
  const at = c.at[i];
  const type = TYPES[c.type[i]];
  switch (type) {
    case 'hop':
      return {
        type,
        id,
        kind: KINDS[c.kind[i] >> 1],
        from: by,
        to: log.names[c.to[i]],
        sentAt: sentAt(log, c, i),
        at,
        body: c.bodies[i],
        re: c.re[i],
        causes,
        background: (c.kind[i] & 1) === 1,
      };
    case 'lost': {
      const { body, reason } = c.bodies[i] as { body: unknown; reason: string };
      return {
        type,
        id,
        kind: KINDS[c.kind[i] >> 1],
        from: by,
        to: log.names[c.to[i]],
        sentAt: sentAt(log, c, i),
        at,
        body,
        re: c.re[i],
        causes,
        background: (c.kind[i] & 1) === 1,
        reason,
      };
    }
    case 'note':
      return { type, id, at, by, causes, fact: c.bodies[i] as Fact };
    case 'commit':
      return { type, id, at, by, causes, commit: c.bodies[i] as Commit };
    case 'spawn':
      return { type, id, at, by, causes, spawned: c.bodies[i] as Spawned };
    case 'exit':
      return { type, id, at, by, causes, reason: c.bodies[i] };
  }
}

const sentAt = ({ longWaits }: Log, c: Chunk, i: number): Us =>
  c.at[i] - (c.took[i] === MOST_TOOK_US ? (longWaits.get(c.id[i]) ?? 0) : c.took[i]);

export function deliveriesBefore({ chunks, hopsBeforeChunk, length, hops }: Log, row: number): number {
  if (row >= length) return hops;
  let count = hopsBeforeChunk[row >> 12] ?? 0;
  const c = chunks[row >> 12];
  for (let i = 0; i < (row & (CHUNK - 1)); i++) if (c.type[i] === 0) count++;
  return count;
}

export function truncate(log: Log, row: number): void {
  const { chunks, hopsBeforeChunk, rows, moreCauses, longWaits } = log;
  if (row >= log.length) return;
  log.hops = deliveriesBefore(log, row);
  for (let i = row; i < log.length; i++) {
    const id = chunks[i >> 12].id[i & (CHUNK - 1)];
    rows[id] = -1;
    moreCauses.delete(id);
    longWaits.delete(id);
  }
  log.length = row;
  chunks.length = hopsBeforeChunk.length = Math.ceil(row / CHUNK);
  if (row % CHUNK > 0) chunks[chunks.length - 1].bodies.fill(undefined, row % CHUNK);
}
