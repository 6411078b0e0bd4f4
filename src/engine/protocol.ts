/** What the page and its worker say to each other. Everything is plain data; a batch of an older generation is dropped. */
import type { Topology } from '../cluster/boot/topology.ts';
import type { Row } from '../kernel/component.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { Command, Session } from './session.ts';

export type ToWorker =
  | { readonly type: 'open'; readonly seed: number; readonly topology: Topology; readonly session?: Session }
  /** A command at a trace row: at the head when the row is the trace's length, else the future after it is forgotten first. */
  | { readonly type: 'command'; readonly generation: number; readonly row: number; readonly command: Command }
  | { readonly type: 'advance'; readonly generation: number; readonly seconds: number }
  | { readonly type: 'inspect'; readonly id: number; readonly row: number; readonly address: string };

export type FromWorker =
  | { readonly type: 'batch'; readonly generation: number; /** The row of the first event; earlier rows stay. */ readonly from: number; readonly events: readonly TraceEvent[]; readonly now: number; readonly isSettled: boolean; readonly session: Session; /** Rows before this are the boot. */ readonly bootRows: number }
  | { readonly type: 'inspected'; readonly id: number; readonly rows: readonly Row[] | undefined }
  | { readonly type: 'refused'; readonly generation: number; readonly message: string }
  | { readonly type: 'halted'; readonly message: string; readonly session?: Session };
