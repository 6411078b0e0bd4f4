/** The trace by subject: which rows speak of kubectl, placements, watches, pulls, leases and rules, so that any cursor is answered without reading everything before it. */
import type { V1Node, V1ReplicaSet } from '../api/schema/kubernetes.ts';
import type { PictureBook } from '../story/picture.ts';

export type TraceEvent = PictureBook['events'][number];
type Body = Readonly<Record<string, unknown>>;
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly who: string;
  readonly what: string;
}

export interface Chronicle {
  /** Rows of notes by what they say. */
  readonly notes: ReadonlyMap<string, readonly number[]>;
  /** Watches, from the request to the end of either side: who, and which resource. */
  readonly watches: readonly Span[];
  /** Rows that wrote a ReplicaSet or DaemonSet of the user's which wants pods. */
  readonly counts: readonly number[];
  /** Rows that wrote a machine's heartbeat and nothing else that is seen of it. */
  readonly heartbeats: ReadonlySet<number>;
  /** Image pulls under way: machine, image. */
  readonly pulls: readonly Span[];
  /** Machine → rows at which its kernel was given rules. */
  readonly rules: ReadonlyMap<string, readonly number[]>;
  /** Pod key 'namespace/name' → rows at which an address was leased to it. */
  readonly leases: ReadonlyMap<string, readonly number[]>;
  /** Pod key → rows at which its pause was said to run, and at which one ended. */
  readonly pauses: ReadonlyMap<string, readonly number[]>;
  readonly falls: ReadonlyMap<string, readonly number[]>;
}

const made = new WeakMap<readonly TraceEvent[], Chronicle>();

export function chronicleOf(events: readonly TraceEvent[]): Chronicle {
  const known = made.get(events);
  if (known) return known;
  const chronicle = read(events);
  made.set(events, chronicle);
  return chronicle;
}

/** The last of some rows that is before a row; undefined when none is. */
export function lastBefore(rows: readonly number[] | undefined, row: number): number | undefined {
  if (!rows) return undefined;
  let [low, high] = [0, rows.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (rows[half] < row) low = half + 1;
    else high = half;
  }
  return low === 0 ? undefined : rows[low - 1];
}

interface Writing {
  readonly counts: number[];
  readonly heartbeats: Set<number>;
  /** Machine → what is seen of it, as text. */
  readonly machines: Map<string, string>;
  readonly notes: Map<string, number[]>;
  readonly rules: Map<string, number[]>;
  readonly leases: Map<string, number[]>;
  readonly pauses: Map<string, number[]>;
  readonly falls: Map<string, number[]>;
  readonly watches: Span[];
  readonly pulls: Span[];
  readonly open: Map<string, { row: number; who: string; what: string }>;
  readonly calls: Map<number, { row: number; who: string; what: string }>;
}

function read(events: readonly TraceEvent[]): Chronicle {
  const w: Writing = {
    counts: [],
    heartbeats: new Set(),
    machines: new Map(),
    notes: new Map(),
    rules: new Map(),
    leases: new Map(),
    pauses: new Map(),
    falls: new Map(),
    watches: [],
    pulls: [],
    open: new Map(),
    calls: new Map(),
  };
  events.forEach((event, row) => {
    if (event.type === 'note') {
      push(w.notes, event.fact.says, row);
      const rows =
        event.fact.says === 'cni/address-leased' ? w.leases : event.fact.says === 'containerd/pause-started' ? w.pauses : undefined;
      if (rows) push(rows, event.fact.about?.replace(/^pods\//, '') ?? '', row);
    } else if (event.type === 'commit') {
      if (isCounted(event.commit)) w.counts.push(row);
      if (event.commit.ref.startsWith('/registry/minions/')) readMachine(w, event.commit, row);
    } else if (event.type === 'exit') {
      endWatches(w, event.by, row);
      if (event.by.endsWith('/pause')) push(w.falls, event.by.slice(0, -6), row);
    } else if (event.type === 'hop') readHop(w, event, row);
  });
  for (const o of w.open.values()) w.watches.push({ from: o.row, to: events.length + 1, who: o.who, what: o.what });
  for (const o of w.calls.values()) w.pulls.push({ from: o.row, to: events.length + 1, who: o.who, what: o.what });
  return w;
}

const isCounted = ({ ref, object }: { readonly ref: string; readonly object: unknown }): boolean => {
  const [, , folder, namespace] = ref.split('/');
  if (namespace?.startsWith('kube-') || object === undefined) return false;
  return folder === 'daemonsets' || (folder === 'replicasets' && ((object as V1ReplicaSet).spec?.replicas ?? 0) > 0);
};

/** A kubelet says at least every five minutes that its machine is as it was. */
function readMachine(
  { machines, heartbeats }: Writing,
  { ref, object }: { readonly ref: string; readonly object: unknown },
  row: number,
): void {
  const { metadata, spec, status } = (object ?? {}) as V1Node;
  const seen = JSON.stringify([metadata?.deletionTimestamp, metadata?.labels, spec, status?.conditions?.map((c) => [c.type, c.status])]);
  if (machines.get(ref) === seen) heartbeats.add(row);
  machines.set(ref, seen);
}

function push(map: Map<string, number[]>, key: string, row: number): void {
  const rows = map.get(key);
  if (rows) rows.push(row);
  else map.set(key, [row]);
}

function readHop(w: Writing, hop: Extract<TraceEvent, { type: 'hop' }>, row: number): void {
  const body = (hop.body ?? {}) as Body;
  const request =
    body.protocol === 'api'
      ? (body.request as { readonly path: string; readonly query?: Readonly<Record<string, string>> } | undefined)
      : undefined;
  if (request?.query?.watch && hop.kind === 'call') {
    const what = request.path.split('/').at(-1) ?? '';
    w.open.set(`${hop.from} ${hop.to} ${what}`, { row, who: hop.from, what });
  } else if (body.protocol === 'iptables-restore') push(w.rules, hop.to.split('/')[0], row);
  else if (body.protocol === 'cri' && body.verb === 'PullImage') {
    if (hop.kind === 'call') w.calls.set(hop.id, { row, who: hop.to.split('/')[0], what: String(body.image) });
    else {
      const call = w.calls.get(hop.re);
      if (call) {
        w.calls.delete(hop.re);
        w.pulls.push({ from: call.row, to: row, who: call.who, what: call.what });
      }
    }
  }
}

/** A watch ends with its client or with the apiserver. */
function endWatches(w: Writing, by: string, row: number): void {
  for (const [key, o] of w.open) {
    if (o.who !== by && key.split(' ')[1] !== by) continue;
    w.open.delete(key);
    w.watches.push({ from: o.row, to: row, who: o.who, what: o.what });
  }
}
