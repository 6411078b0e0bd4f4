/** A cutaway is panels and wires in a room: what a machine or a component has inside. Views make it from the picture, the moment and the actors' insides; it is drawn by one component. Everything fits: what does not is counted. */
import type { Inside, Table } from '../story/inside.ts';
import type { Picture } from '../story/picture.ts';
import type { TraceEvent } from './chronicle.ts';
import { fit, fitMiddle, MONO, reversed, type Box, type Plane, type Point, type Room, type Track } from './geometry.ts';
import type { Moment } from './moment.ts';
import type { ContainerBlock } from './pod-token.ts';
import type { Slots } from './slots.ts';

export interface Cell {
  readonly text: string;
  /** All of it, when it is cut. */
  readonly whole?: string;
  readonly tone?: 'ok' | 'bad' | 'strong';
}
export interface Line {
  readonly cells: readonly Cell[];
  readonly isFresh: boolean;
  readonly isLit: boolean;
}
export interface Stage {
  readonly name: string;
  readonly note: string;
  readonly state: 'done' | 'now' | 'todo' | 'failed';
}
export type Content =
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly widths: readonly number[];
      readonly lines: readonly Line[];
      readonly more: number;
      readonly empty: string;
    }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  | {
      readonly kind: 'blocks';
      readonly blocks: readonly Pick<ContainerBlock, 'name' | 'state'>[];
      readonly more: number;
    }
  | { readonly kind: 'none' };
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly plane: Plane;
  readonly box: Box;
  readonly content: Content;
  /** A box; a door to somebody outside; a pod on its foundation; a link or a process of the machine; a mere label. */
  readonly shape: 'box' | 'door' | 'pod' | 'link' | 'label';
  /** The foundation of a pod; '' while there is none. */
  readonly foundation?: string;
  readonly ground?: string;
  readonly glyph?: string;
  /** What a double click opens, and what a click inspects. */
  readonly opens?: string;
  readonly selects?: string;
  /** What it stands for does not run. */
  readonly isDown?: true;
  /** Messages to and from these addresses end here. */
  readonly addresses: readonly string[];
}
export interface CutWire {
  readonly id: string;
  readonly plane: Plane;
  readonly track: Track;
  readonly isDashed?: boolean;
  readonly isThick?: boolean;
  /** Nothing gets through. */
  readonly isDown?: true;
  readonly label?: string;
}
export interface Cutaway {
  readonly title: string;
  readonly subtitle: string;
  /** What is wrong with it; '' when nothing is. */
  readonly alarm?: string;
  readonly room: Room;
  readonly panels: readonly Panel[];
  readonly wires: readonly CutWire[];
}

const NEAR = 8;
const touches = ({ x, y }: Point, { box }: Panel): boolean =>
  x >= box.x - NEAR && x <= box.x + box.w + NEAR && y >= box.y - NEAR && y <= box.y + box.h + NEAR;

/** The drawn wire between two panels, from the first to the second; undefined when none is drawn. */
export function wireBetween({ wires }: Cutaway, a: Panel, b: Panel): Track | undefined {
  for (const { track } of wires) {
    const [first, last] = [track[0], track[track.length - 1]];
    if (touches(first, a) && touches(last, b)) return track;
    if (touches(first, b) && touches(last, a)) return reversed(track);
  }
  return undefined;
}

export interface Seen {
  readonly address: string;
  readonly insides: Readonly<Record<string, Inside>>;
  readonly picture: Picture;
  readonly moment: Moment;
  readonly slots: Slots;
  readonly events: readonly TraceEvent[];
  readonly row: number;
  readonly room: Room;
}
/** What a file under component/ offers: the last part of the addresses that it is for, and its cutaway. */
export interface ComponentView {
  readonly part: string;
  /** Whose insides it needs, beside its own. */
  readonly alsoLooks?: (address: string) => readonly string[];
  readonly cut: (seen: Seen) => Cutaway;
}

const LEAST_CUT: Room = { w: 1040, h: 440 };
/** The breadcrumbs stand above. */
export const CUT_TOP = 44;
const EDGE = 16;
const ROW_H = 22;
const HEAD_H = 30;

export const roomOf = ({ w, h }: Room): Room => ({ w: Math.max(LEAST_CUT.w, w), h: Math.max(LEAST_CUT.h, h) });

/** What panels may fill. */
export const areaOf = ({ w, h }: Room, below = 14): Box => ({ x: EDGE, y: CUT_TOP, w: w - 2 * EDGE, h: h - CUT_TOP - below });

/** A box cut into shares, with gaps. */
export function split(box: Box, way: 'columns' | 'rows', shares: readonly number[], gap = 14): readonly Box[] {
  const whole = shares.reduce((a, b) => a + b, 0);
  const length = (way === 'columns' ? box.w : box.h) - gap * (shares.length - 1);
  let at = way === 'columns' ? box.x : box.y;
  return shares.map((share) => {
    const size = (length * share) / whole;
    const cut = way === 'columns' ? { x: at, y: box.y, w: size, h: box.h } : { x: box.x, y: at, w: box.w, h: size };
    at += size + gap;
    return cut;
  });
}

export interface TableOptions {
  readonly columns?: readonly number[];
  readonly empty: string;
  readonly isLit?: (row: readonly string[]) => boolean;
  readonly tone?: (text: string, column: number) => Cell['tone'];
  /** What is lit, then what is fresh, comes before the rest, so that it is in sight. */
  readonly rowsFirst?: true;
  /** Without the names of the columns. */
  readonly isBare?: true;
}

/** Rules of a kernel: those that a packet of the moment has met are lit. */
export const rulesOptions = ({ packet }: Moment): Pick<TableOptions, 'isLit' | 'tone'> => ({
  isLit: (row) => packet?.service !== undefined && row[0].split(':')[0] === packet.service,
  tone: (text) => (text === 'REJECT' || text === 'no endpoints' ? 'bad' : undefined),
});

/** A table that fits a box: widths by what is in it, long texts cut, rows beyond counted. */
function tableContent(table: Table, box: Box, options: TableOptions): Content {
  if (table.rows.length === 0) return { kind: 'table', columns: [], widths: [], lines: [], more: 0, empty: options.empty };
  const picked = options.columns ?? table.columns.map((_, i) => i);
  const fresh = new Set(table.fresh);
  const order = table.rows.map((_, i) => i);
  const weight = (i: number): number => (options.isLit?.(table.rows[i]) ? 2 : 0) + (fresh.has(i) ? 1 : 0);
  if (options.rowsFirst) order.sort((a, b) => weight(b) - weight(a) || a - b);
  const hasHead = options.isBare !== true && picked.some((c) => table.columns[c] !== '');
  const room = Math.max(0, Math.floor((box.h - HEAD_H - 4 - (hasHead ? ROW_H : 0)) / ROW_H));
  const all = table.rows.length + table.more;
  const count = all > room ? Math.max(0, room - 1) : all;
  const shown = order.slice(0, count);
  const widths = widthsOf(
    picked.map((c) => {
      const texts = shown.map((i) => table.rows[i][c] ?? '');
      return {
        chars: Math.max(hasHead ? (table.columns[c].length * SANS) / MONO : 0, ...texts.map((t) => t.length)),
        keeps: texts.every((t) => IS_NUMBERS.test(t)),
      };
    }),
    box.w - 20,
  );
  const lines = shown.map((i): Line => ({
    isFresh: fresh.has(i),
    isLit: options.isLit?.(table.rows[i]) ?? false,
    cells: picked.map((c, n) => cellOf(table.rows[i][c] ?? '', widths[n], options.tone?.(table.rows[i][c] ?? '', c))),
  }));
  return {
    kind: 'table',
    columns: hasHead ? picked.map((c, n) => fit(table.columns[c], Math.max(2, Math.floor((widths[n] - 8) / SANS)))) : [],
    widths,
    lines,
    more: all - shown.length,
    empty: options.empty,
  };
}

/** A column's name is proportional, and narrower. */
const SANS = 8;
/** Addresses, ports, counts and chances: cut, they would say nothing. */
const IS_NUMBERS = /^[\d.:/, ]*$|^(—|REJECT|no endpoints|always|the rest|\d+ of \d+)$/;
const charsIn = (width: number): number => Math.max(2, Math.floor((width - 10) / MONO));
function cellOf(text: string, width: number, tone: Cell['tone']): Cell {
  const room = charsIn(width);
  // Of 'namespace/name' the namespace goes first.
  const own = text.length > room ? /^[a-z\d-]+(\/[a-z\d:-]+)$/.exec(text)?.[1] : undefined;
  const cut =
    own !== undefined && own.length < room ? `…${own}` : /^\S+$/.test(text) ? fitMiddle(own?.slice(1) ?? text, room) : fit(text, room);
  return { text: cut, ...(cut === text ? {} : { whole: text }), ...(tone ? { tone } : {}) };
}

/** Natural widths where there is room; else the widest give way first, and those that keep theirs last. */
function widthsOf(columns: readonly { readonly chars: number; readonly keeps: boolean }[], room: number): readonly number[] {
  const widths = columns.map(({ chars }) => chars * MONO + 12);
  narrow(
    widths,
    { room, least: 66 },
    columns.flatMap(({ keeps }, i) => (keeps ? [] : [i])),
  );
  narrow(
    widths,
    { room, least: 40 },
    columns.map((_, i) => i),
  );
  const spare = room - widths.reduce((a, b) => a + b, 0);
  if (spare > 0 && widths.length > 0) widths[widths.length - 1] += spare;
  return widths;
}

/** Takes from the widest of some columns what is too much, but leaves each something. */
function narrow(widths: number[], { room, least }: { readonly room: number; readonly least: number }, among: readonly number[]): void {
  let over = widths.reduce((a, b) => a + b, 0) - room;
  while (over > 0.5) {
    const widest = Math.max(...among.map((i) => widths[i]));
    const second = Math.max(least, ...among.map((i) => widths[i]).filter((w) => w < widest - 0.5));
    const those = among.filter((i) => widths[i] >= widest - 0.5);
    const cut = Math.min(over / those.length, widest - second);
    if (those.length === 0 || cut < 0.01) break;
    for (const i of those) widths[i] -= cut;
    over -= cut * those.length;
  }
}

type PanelOf = Omit<Panel, 'content' | 'shape' | 'addresses'> & Partial<Pick<Panel, 'shape' | 'addresses' | 'content'>>;
export const panel = (p: PanelOf): Panel => ({ shape: 'box', addresses: [], content: { kind: 'none' }, ...p });
export const tablePanel = (p: PanelOf, table: Table, options: TableOptions): Panel =>
  panel({ ...p, content: p.isDown ? { kind: 'none' } : tableContent(table, p.box, options) });
/** Somebody outside the cutaway that messages come from or go to. */
export const door = (id: string, title: string, box: Box, addresses: readonly string[], plane: Plane): Panel =>
  panel({ id, title: fit(title, Math.floor((box.w - 14) / 8.6)), box, plane, shape: 'door', addresses });

/** The panel that is the very place of an address. */
export const placeIn = ({ panels }: Cutaway, address: string): Panel | undefined => panels.find((p) => p.addresses.includes(address));

/** The panel that messages of an address come from: its place, or the door to it. */
export function anchorIn({ panels }: Cutaway, address: string): Panel | undefined {
  const is = (pattern: string): boolean =>
    pattern === address ||
    (pattern.endsWith('*') && address.startsWith(pattern.slice(0, -1))) ||
    (pattern.startsWith('*') && address.endsWith(pattern.slice(1)));
  return panels.find((p) => p.addresses.includes(address)) ?? panels.find((p) => p.addresses.some(is));
}
