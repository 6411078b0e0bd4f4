/** What the trace says of one moment, beside the picture: who acts, what has just changed, what comes next, and the facts that boxes show. */
import { beatNow, type Beat } from '../story/beats.ts';
import { packetView, type PacketView } from '../story/packet-view.ts';
import { saidIn } from '../story/printed-table.ts';
import { siblingsOf } from '../story/changed.ts';
import { isChatter, type PictureBook } from '../story/picture.ts';
import { chronicleOf, lastBefore, type TraceEvent } from './chronicle.ts';

export interface Kubectl {
  readonly command: string;
  readonly answer: string;
  readonly failed: boolean;
}
export interface Placing {
  readonly pod: string;
  readonly evaluated: number;
  readonly feasible: number;
  readonly machine: string | undefined;
}
export interface Moment {
  /** The address of who has just finished a job: the one that glows. */
  readonly actor: string | undefined;
  /** Who finishes the next job. */
  readonly next: string | undefined;
  /** etcd keys that this beat has changed, and those that the next one will. */
  readonly changed: ReadonlySet<string>;
  readonly soon: ReadonlySet<string>;
  readonly kubectl: Kubectl | undefined;
  readonly placing: Placing | undefined;
  /** The etcd key of the ReplicaSet or DaemonSet that was written last, of those that want pods. */
  readonly counted: string | undefined;
  /** Client → the resources that it watches. */
  readonly watches: ReadonlyMap<string, readonly string[]>;
  /** Machine → images that it pulls now. */
  readonly pulls: ReadonlyMap<string, readonly string[]>;
  /** 'namespace/name' → the address that its machine gave it. */
  readonly leased: (pod: string) => string | undefined;
  /** Whether the pause of 'namespace/name' was said to run, and none has ended since: its process is made a moment before. */
  readonly stands: (pod: string) => boolean;
  /** Machine → for a Service 'namespace/name', the endpoints that its kernel's rules name; undefined: no rules for it. */
  readonly rulesFor: (machine: string, service: string) => number | undefined;
  readonly packet: PacketView | undefined;
  /** The machines that the user has cut off from the network. */
  readonly cut: ReadonlySet<string>;
  /** The Service 'namespace/name' whose rules this beat's kube-proxies write, and those of them that have. */
  readonly proxied:
    | {
        readonly service: string;
        readonly machines: ReadonlyMap<string, number | undefined>;
        /** How many others there are. */
        readonly more: number;
      }
    | undefined;
}
interface Endpoints {
  readonly metadata?: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}
interface Rules {
  readonly services: readonly { readonly metadata?: { readonly namespace?: string; readonly name?: string } }[];
  readonly slices: readonly Endpoints[];
}

export function momentAt(book: PictureBook, beats: readonly Beat[], row: number): Moment {
  const { events } = book;
  const { watches, pulls, rules, leases, pauses, falls, notes, counts } = chronicleOf(events);
  const count = events[lastBefore(counts, row) ?? -1];
  const index = beatNow(beats, row);
  const [now, next] = [beats[index], beats[index + 1]];
  const proxied = now && proxiedIn(events, now, row);
  const fact = (...says: readonly string[]) =>
    latest(
      events,
      says.map((s) => lastBefore(notes.get(s), row)),
    );
  return {
    actor: now?.by,
    next: next?.by,
    changed: writtenIn(book, now, row),
    soon: writtenIn(book, next, next?.to ?? 0),
    kubectl: kubectlOf(
      fact('kubectl/started', 'kubectl/printed', 'kubectl/exited'),
      (notes.get('kubectl/started') ?? []).map((i) => latest(events, [i])),
    ),
    placing: placingOf(fact('scheduler/filtered', 'scheduler/scored', 'scheduler/unschedulable'), fact('scheduler/filtered')),
    counted: count?.type === 'commit' ? count.commit.ref : undefined,
    watches: groupBy(watches, row),
    pulls: groupBy(pulls, row),
    leased: (pod) => {
      const at = lastBefore(leases.get(pod), row);
      const event = at === undefined ? undefined : events[at];
      return event?.type === 'note' ? String(event.fact.with?.ip) : undefined;
    },
    stands: (pod) => (lastBefore(pauses.get(pod), row) ?? -1) > (lastBefore(falls.get(pod), row) ?? -1),
    rulesFor: (machine, service) => {
      if (service === proxied?.service && proxied.machines.has(machine)) return proxied.machines.get(machine);
      const at = lastBefore(rules.get(machine), row);
      const event = at === undefined ? undefined : events[at];
      return event?.type === 'hop' ? endpointsIn(event.body as Rules, service) : undefined;
    },
    packet: now && packetView(now.fact),
    proxied,
    cut: cutIn(beats, index),
  };
}

function cutIn(beats: readonly Beat[], until: number): ReadonlySet<string> {
  const cut = new Set<string>();
  for (let i = 0; i <= until; i++) {
    const { says, with: words } = beats[i].fact;
    if (says === 'user/partition') cut.add(String(words?.machine));
    if (says === 'user/heal') cut.delete(String(words?.machine));
  }
  return cut;
}

function latest(events: readonly TraceEvent[], rows: readonly (number | undefined)[]): Beat['fact'] | undefined {
  const row = Math.max(...rows.map((r) => r ?? -1));
  const event = events[row];
  return event?.type === 'note' ? event.fact : undefined;
}

/** The etcd keys that a beat has changed, until a row: neither what is written all the time, nor what belongs to another beat. */
function writtenIn({ events }: PictureBook, beat: Beat | undefined, row: number): ReadonlySet<string> {
  const refs = new Set<string>();
  if (!beat) return refs;
  const { heartbeats } = chronicleOf(events);
  const isOther = siblingsOf(events, beat, row);
  for (let i = beat.from; i < Math.min(row, beat.to); i++) {
    const event = events[i];
    if (event?.type === 'commit' && !heartbeats.has(i) && !isChatter(event.commit.ref) && !isOther(event.commit.ref))
      refs.add(event.commit.ref);
  }
  return refs;
}

interface Synced {
  readonly machine: string;
  readonly changed: readonly { readonly service: string; readonly now: number | null }[];
}
const SYNCED = 'kube-proxy/synced';

/** The kernel has the rules a moment after its kube-proxy says so. */
function proxiedIn(events: readonly TraceEvent[], beat: Beat, row: number): Moment['proxied'] {
  const told = beat.fact.says === SYNCED ? (beat.fact.with as unknown as Synced).changed : [];
  const service = told[0]?.service;
  if (service === undefined) return undefined;
  const machines = new Map<string, number | undefined>();
  for (let i = beat.from; i < Math.min(row, beat.to); i++) {
    const event = events[i];
    if (event?.type !== 'note' || event.fact.says !== SYNCED) continue;
    const { machine, changed } = event.fact.with as unknown as Synced;
    const change = changed.find((c) => c.service === service);
    if (change) machines.set(machine, change.now ?? undefined);
  }
  return { service, machines, more: told.length - 1 };
}

/** The one of these that has said something last. */
function kubectlOf(last: Beat['fact'] | undefined, started: readonly (Beat['fact'] | undefined)[]): Kubectl | undefined {
  if (!last) return undefined;
  const isOver = last.says === 'kubectl/exited';
  const failed = isOver && Number(last.with?.exitCode ?? 0) !== 0;
  return {
    command: String(started.find((s) => s?.about === last.about)?.with?.command ?? ''),
    answer: isOver
      ? String((!failed && last.with?.stdout) || last.with?.stderr || '').trim() || 'nothing to print'
      : last.says === 'kubectl/printed'
        ? saidIn(last).trim()
        : '',
    failed,
  };
}

function placingOf(last: Beat['fact'] | undefined, filtered: Beat['fact'] | undefined): Placing | undefined {
  if (!last) return undefined;
  const pod = String(last.with?.pod ?? '');
  if (last.says === 'scheduler/unschedulable')
    return { pod, evaluated: Number(last.with?.evaluated ?? 0), feasible: 0, machine: undefined };
  return {
    pod,
    evaluated: Number(filtered?.with?.evaluated ?? 0),
    feasible: Number(filtered?.with?.feasible ?? 0),
    machine: last.says === 'scheduler/scored' ? String(last.with?.machine) : undefined,
  };
}

function groupBy(
  spans: readonly { readonly from: number; readonly to: number; readonly who: string; readonly what: string }[],
  row: number,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { from, to, who, what } of spans) {
    if (from >= row || to < row) continue;
    const group = groups.get(who);
    if (!group) groups.set(who, [what]);
    else if (!group.includes(what)) group.push(what);
  }
  return groups;
}

function endpointsIn({ services, slices }: Rules, key: string): number | undefined {
  if (!services.some((s) => `${s.metadata?.namespace}/${s.metadata?.name}` === key)) return undefined;
  const mine = slices.filter((s) => `${s.metadata?.namespace}/${s.metadata?.labels?.['kubernetes.io/service-name']}` === key);
  return mine.flatMap((s) => s.endpoints ?? []).filter((e) => e.conditions?.ready ?? true).length;
}
