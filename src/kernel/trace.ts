/** Everything that happened, in order: what an event is, and the trace that step() writes and all else reads. */
import type { Fact } from './fact.ts';
import type { Address, EventId, Message, MessageKind, Us } from './message.ts';
import { deliveriesBefore, emptyLog, eventAt, putMessage, putOther, truncate } from './trace-columns.ts';

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

export function createTrace(): Trace {
  const log = emptyLog();
  return {
    get length() {
      return log.length;
    },
    event: (row) => eventAt(log, row),
    rowOf: (id) => (id < log.rows.length ? log.rows[id] : -1),
    deliveriesBefore: (row) => deliveriesBefore(log, row),
    truncate: (row) => truncate(log, row),
    hop(message) {
      putMessage(log, 0, message, message.body);
      log.hops++;
    },
    lost(message, reason) {
      putMessage(log, 1, message, { body: message.body, reason });
    },
    note(id, at, by, cause, fact) {
      putOther(log, 2, id, at, by, cause, fact);
    },
    commit(id, at, by, cause, commit) {
      putOther(log, 3, id, at, by, cause, commit);
    },
    spawn(id, at, by, cause, spawned) {
      putOther(log, 4, id, at, by, cause, spawned);
    },
    exit(id, at, by, cause, reason) {
      putOther(log, 5, id, at, by, cause, reason);
    },
  };
}
