/** The sequence diagram: a lane for each component, time from left to right, every beat as wide as it has messages to show. A pure function of the trace; units are pixels. */
import type { PictureBook } from '../story/picture.ts';
import { IDLE_US, type Beat } from '../story/beats.ts';

export interface Lane {
  readonly id: string;
  readonly title: string;
}
export interface Arrow {
  readonly row: number;
  readonly x: number;
  readonly from: number;
  readonly to: number;
}
/** A stretch of the diagram that is one beat; `idleUs`: what nobody sees passes before it. */
export interface Column {
  readonly x: number;
  readonly w: number;
  readonly from: number;
  readonly to: number;
  readonly idleUs: number;
}
export interface Sequence {
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
  readonly columns: readonly Column[];
  readonly width: number;
}

const CONTROL: Readonly<Record<string, string>> = {
  'kube-apiserver': 'kube-apiserver',
  etcd: 'etcd',
  'kube-controller-manager': 'controller-manager',
  'kube-scheduler': 'kube-scheduler',
};
const MOST_MACHINES = 4;
const ARROW = 13;
const EDGE = 16;
/** Room for the mark of time that passed with nothing to see. */
const TEAR = 56;

/** Which host an address is on; pods' processes are named after their pod, so the trace is asked. */
function hostsOf(events: PictureBook['events']): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>();
  for (const event of events) if (event.type === 'spawn') hosts.set(event.by, event.spawned.host);
  return hosts;
}

function laneOf(address: string, hosts: ReadonlyMap<string, string>): Lane {
  const [first, part] = address.split('/');
  const host = hosts.get(address) ?? first;
  if (host === 'laptop') return { id: 'kubectl', title: 'kubectl' };
  if (host === 'registry' || host === 'internet') return { id: 'registry', title: 'registry' };
  if (part !== undefined && Object.hasOwn(CONTROL, part)) return { id: part, title: CONTROL[part] };
  return { id: host, title: host };
}

const ORDER = ['kubectl', ...Object.keys(CONTROL)];
const rank = (id: string): number => {
  const at = ORDER.indexOf(id);
  return at >= 0 ? at : id === 'registry' ? 1000 : 100;
};

/** Lanes that a run uses, in a fixed order: client, control plane, machines, registry. More machines than fit share one lane. */
function lanesOf(used: ReadonlyMap<string, Lane>): { readonly lanes: readonly Lane[]; readonly indexOf: (id: string) => number } {
  const sorted = [...used.values()].sort(
    (a, b) =>
      rank(a.id) - rank(b.id) || Number(/\d+$/.exec(a.id)?.[0] ?? 0) - Number(/\d+$/.exec(b.id)?.[0] ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const machines = sorted.filter((l) => rank(l.id) === 100);
  const folded = new Set(machines.slice(MOST_MACHINES).map((l) => l.id));
  const lanes = sorted.filter((l) => !folded.has(l.id));
  if (folded.size > 0)
    lanes.splice(lanes.length - (lanes.at(-1)?.id === 'registry' ? 1 : 0), 0, { id: 'others', title: `${folded.size} more machines` });
  const index = new Map(lanes.map((l, i) => [l.id, i]));
  return { lanes, indexOf: (id) => index.get(folded.has(id) ? 'others' : id) ?? 0 };
}

/** `stops`: rows of the hops that are shown. */
export function sequenceOf(r: {
  readonly events: PictureBook['events'];
  readonly beats: readonly Beat[];
  readonly stops: readonly number[];
}): Sequence {
  const hosts = hostsOf(r.events);
  const known = new Map<string, Lane>();
  const lane = (address: string): Lane => {
    let found = known.get(address);
    if (!found) {
      found = laneOf(address, hosts);
      known.set(address, found);
    }
    return found;
  };
  const used = new Map<string, Lane>(ORDER.map((id) => [id, { id, title: CONTROL[id] ?? id }]));
  const hops = r.stops.flatMap((row) => {
    const hop = r.events[row];
    return hop.type === 'hop' || hop.type === 'lost' ? [{ row, from: lane(hop.from), to: lane(hop.to) }] : [];
  });
  for (const { from, to } of hops) {
    used.set(from.id, from);
    used.set(to.id, to);
  }
  const { lanes, indexOf } = lanesOf(used);
  const arrows: Arrow[] = [];
  const columns: Column[] = [];
  let [x, next] = [0, 0];
  r.beats.forEach((beat, i) => {
    const idleUs = i === 0 ? 0 : beat.at - r.beats[i - 1].at;
    if (idleUs >= IDLE_US) x += TEAR;
    const start = x;
    x += EDGE;
    for (; next < hops.length && hops[next].row < beat.to; next++) {
      arrows.push({ row: hops[next].row, x, from: indexOf(hops[next].from.id), to: indexOf(hops[next].to.id) });
      x += ARROW;
    }
    x += EDGE;
    columns.push({ x: start, w: x - start, from: beat.from, to: beat.to, idleUs });
  });
  return { lanes, arrows, columns, width: x };
}

/** Where a row of the trace is. */
export function xOfRow(sequence: Sequence, row: number): number {
  const { columns, arrows } = sequence;
  if (columns.length === 0) return 0;
  const column = columns.find((c) => row <= c.to) ?? columns[columns.length - 1];
  if (row >= column.to) return column.x + column.w;
  if (row <= column.from) return column.x;
  let x = column.x;
  for (const arrow of arrows) {
    if (arrow.row >= row) break;
    if (arrow.x > x) x = arrow.x + ARROW / 2;
  }
  return x;
}

/** The row after which the trace stands where x is. */
export function rowAtX(sequence: Sequence, x: number): number {
  const column = sequence.columns.find((c) => x < c.x + c.w) ?? sequence.columns.at(-1);
  if (!column) return 0;
  if (x >= column.x + column.w - EDGE / 2) return column.to;
  let row = column.from;
  for (const arrow of sequence.arrows) {
    if (arrow.x > x) break;
    if (arrow.row >= column.from) row = arrow.row + 1;
  }
  return row;
}
