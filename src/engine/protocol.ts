/** What the page and its worker say to each other. Everything is plain data; a batch of an older generation is dropped. */
import type { Topology } from '../cluster/boot/topology.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { Inside } from '../story/inside.ts';
import type { Command, Session } from './session.ts';

export type ToWorker =
  | { readonly type: 'open'; readonly seed: number; readonly topology: Topology; readonly session?: Session }
  /** A command at a trace row: at the head when the row is the trace's length, else the future after it is forgotten first. */
  | { readonly type: 'command'; readonly generation: number; readonly row: number; readonly command: Command }
  | { readonly type: 'advance'; readonly generation: number; readonly seconds: number }
  /** The insides of actors at a row; `since`: the row from which on changes are marked. */
  | { readonly type: 'look'; readonly id: number; readonly row: number; readonly since: number; readonly addresses: readonly string[] };

export type FromWorker =
  /** While a cluster starts: how many of its machines are ready. */
  | { readonly type: 'starting'; readonly ready: number }
  | {
      readonly type: 'batch';
      readonly generation: number;
      /** The row of the first event; earlier rows stay. */
      readonly from: number;
      readonly events: readonly TraceEvent[];
      readonly now: number;
      readonly isSettled: boolean;
      readonly session: Session;
      /** The network that the machines stand on. */
      readonly infraCIDR: string;
      /** Rows before this are the boot. */
      readonly bootRows: number;
    }
  | {
      readonly type: 'looked';
      readonly id: number;
      /** By address; who does not run is left out. */
      readonly insides: Readonly<Record<string, Inside>>;
    }
  | { readonly type: 'refused'; readonly generation: number; readonly message: string }
  | { readonly type: 'halted'; readonly message: string; readonly session?: Session };
