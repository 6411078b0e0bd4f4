/** Everything that happened, in order: columns of numbers beside the bodies, so that a hop costs tens of bytes and not hundreds. */
import type { Fact } from './fact.ts';
import type { Address, EventId, Message, MessageKind, Us } from './message.ts';

export interface Commit {
  readonly ref: string;
  readonly revision: number;
  /** undefined: deleted. */
  readonly object: unknown;
}
export interface Spawned {
  readonly role: string;
  readonly host: string;
}

export type TraceEvent =
  | {
      readonly type: 'hop';
      readonly id: EventId;
      readonly kind: MessageKind;
      readonly from: Address;
      readonly to: Address;
      readonly sentAt: Us;
      readonly at: Us;
      readonly body: unknown;
      readonly re: EventId;
      readonly causes: readonly EventId[];
      readonly background: boolean;
    }
  | {
      readonly type: 'lost';
      readonly id: EventId;
      readonly kind: MessageKind;
      readonly from: Address;
      readonly to: Address;
      readonly sentAt: Us;
      readonly at: Us;
      readonly body: unknown;
      readonly re: EventId;
      readonly causes: readonly EventId[];
      readonly background: boolean;
      readonly reason: string;
    }
  | {
      readonly type: 'note';
      readonly id: EventId;
      readonly at: Us;
      readonly by: Address;
      readonly causes: readonly EventId[];
      readonly fact: Fact;
    }
  | {
      readonly type: 'commit';
      readonly id: EventId;
      readonly at: Us;
      readonly by: Address;
      readonly causes: readonly EventId[];
      readonly commit: Commit;
    }
  | {
      readonly type: 'spawn';
      readonly id: EventId;
      readonly at: Us;
      readonly by: Address;
      readonly causes: readonly EventId[];
      readonly spawned: Spawned;
    }
  | {
      readonly type: 'exit';
      readonly id: EventId;
      readonly at: Us;
      readonly by: Address;
      readonly causes: readonly EventId[];
      readonly reason: unknown;
    };

/** Where step() writes. */
export interface Recorder {
  hop(message: Message): void;
  lost(message: Message, reason: string): void;
  note(id: EventId, at: Us, by: Address, cause: EventId, fact: Fact): void;
  commit(id: EventId, at: Us, by: Address, cause: EventId, commit: Commit): void;
  spawn(id: EventId, at: Us, by: Address, cause: EventId, spawned: Spawned): void;
  exit(id: EventId, at: Us, by: Address, cause: EventId, reason: unknown): void;
}

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
  readonly cause: Uint32Array /** Indexes of addresses: two bytes each while that is enough. */;
  readonly from: Uint16Array | Uint32Array;
  readonly to: Uint16Array | Uint32Array;
  readonly bodies: unknown[];
}

export interface Trace extends Recorder {
  readonly length: number;
  /** The event in row i, 0 ≤ i < length. */
  event(i: number): TraceEvent;
  /** The row of an event id, or −1. */
  rowOf(id: EventId): number;
  /** The deliveries among the rows before i. */
  deliveriesBefore(i: number): number;
  /** Forgets every row from i on. */
  truncate(i: number): void;
}

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

export function createTrace(): Trace {
  const chunks: Chunk[] = [];
  const hopsBeforeChunk: number[] = [];
  const names: Address[] = [];
  const indexOf = new Map<Address, number>();
  let rows = new Int32Array(CHUNK).fill(-1);
  /** Causes beyond the first, kept apart because few events have them. */
  const moreCauses = new Map<EventId, readonly EventId[]>();
  const longWaits = new Map<EventId, Us>();
  let length = 0;
  let hops = 0;

  const tookOf = (m: Message): number => {
    const took = m.dueAt - m.sentAt;
    if (took < MOST_TOOK_US) return took;
    longWaits.set(m.id, took);
    return MOST_TOOK_US;
  };
  const sentAt = (c: Chunk, i: number): Us => c.at[i] - (c.took[i] === MOST_TOOK_US ? (longWaits.get(c.id[i]) ?? 0) : c.took[i]);

  const intern = (address: Address): number => {
    let index = indexOf.get(address);
    if (index === undefined) {
      index = names.length;
      names.push(address);
      indexOf.set(address, index);
    }
    return index;
  };
  const place = (id: EventId): number => {
    if (id >= rows.length) {
      const grown = new Int32Array(Math.max(id + 1, Math.ceil(rows.length * 1.25))).fill(-1);
      grown.set(rows);
      rows = grown;
    }
    rows[id] = length;
    if (length % CHUNK === 0) {
      chunks.push(newChunk(names.length));
      hopsBeforeChunk.push(hops);
    }
    return length++;
  };
  const putMessage = (type: 0 | 1, m: Message, body: unknown): void => {
    const row = place(m.id);
    const c = chunks[row >> 12];
    const i = row & (CHUNK - 1);
    c.type[i] = type;
    c.kind[i] = (KINDS.indexOf(m.kind) << 1) | (m.background ? 1 : 0);
    c.id[i] = m.id;
    c.at[i] = m.dueAt;
    c.took[i] = tookOf(m);
    c.re[i] = m.re;
    c.cause[i] = m.causes.length > 0 ? m.causes[0] : 0;
    c.from[i] = intern(m.from);
    c.to[i] = intern(m.to);
    c.bodies[i] = body;
    if (m.causes.length > 1) moreCauses.set(m.id, m.causes);
  };
  const putOther = (type: 2 | 3 | 4 | 5, id: EventId, at: Us, by: Address, cause: EventId, body: unknown): void => {
    const row = place(id);
    const c = chunks[row >> 12];
    const i = row & (CHUNK - 1);
    c.type[i] = type;
    c.id[i] = id;
    c.at[i] = at;
    c.cause[i] = cause;
    c.from[i] = intern(by);
    c.bodies[i] = body;
  };
  const event = (row: number): TraceEvent => {
    const c = chunks[row >> 12];
    const i = row & (CHUNK - 1);
    const id = c.id[i];
    const causes = moreCauses.get(id) ?? (c.cause[i] > 0 ? [c.cause[i]] : []);
    const by = names[c.from[i]];
    const at = c.at[i];
    const type = TYPES[c.type[i]];
    switch (type) {
      case 'hop':
        return {
          type,
          id,
          kind: KINDS[c.kind[i] >> 1],
          from: by,
          to: names[c.to[i]],
          sentAt: sentAt(c, i),
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
          to: names[c.to[i]],
          sentAt: sentAt(c, i),
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
  };
  return {
    get length() {
      return length;
    },
    event,
    rowOf: (id) => (id < rows.length ? rows[id] : -1),
    deliveriesBefore(row) {
      if (row >= length) return hops;
      let count = hopsBeforeChunk[row >> 12] ?? 0;
      const c = chunks[row >> 12];
      for (let i = 0; i < (row & (CHUNK - 1)); i++) if (c.type[i] === 0) count++;
      return count;
    },
    truncate(row) {
      if (row >= length) return;
      hops = this.deliveriesBefore(row);
      for (let i = row; i < length; i++) {
        const id = chunks[i >> 12].id[i & (CHUNK - 1)];
        rows[id] = -1;
        moreCauses.delete(id);
        longWaits.delete(id);
      }
      length = row;
      chunks.length = hopsBeforeChunk.length = Math.ceil(row / CHUNK);
      if (row % CHUNK > 0) chunks[chunks.length - 1].bodies.fill(undefined, row % CHUNK);
    },
    hop(message) {
      putMessage(0, message, message.body);
      hops++;
    },
    lost(message, reason) {
      putMessage(1, message, { body: message.body, reason });
    },
    note(id, at, by, cause, fact) {
      putOther(2, id, at, by, cause, fact);
    },
    commit(id, at, by, cause, commit) {
      putOther(3, id, at, by, cause, commit);
    },
    spawn(id, at, by, cause, spawned) {
      putOther(4, id, at, by, cause, spawned);
    },
    exit(id, at, by, cause, reason) {
      putOther(5, id, at, by, cause, reason);
    },
  };
}
