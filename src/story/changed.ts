/** The mutation in words: which field of which object a beat changed, before and after. */
import type { KubeObject } from '../api/object.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { Beat } from './beats.ts';
import { causeOf } from './causes.ts';
import { isChatter, pictureAt, type PictureBook } from './picture.ts';

export interface Changed {
  readonly what: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

type Any = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
const condition =
  (type: string) =>
  (o: KubeObject): unknown =>
    ((o as unknown as Any).status?.conditions as readonly { readonly type: string; readonly status: string }[] | undefined)?.find(
      (c) => c.type === type,
    )?.status;
const endpointsOf = (o: KubeObject) =>
  (o as unknown as { readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] }).endpoints;
const FIELDS: readonly (readonly [string, (o: KubeObject) => unknown])[] = [
  ['metadata.deletionTimestamp', (o) => o.metadata?.deletionTimestamp],
  ['spec.nodeName', (o) => (o as unknown as Any).spec?.nodeName],
  ['status.phase', (o) => (o as unknown as Any).status?.phase],
  ['status.podIP', (o) => (o as unknown as Any).status?.podIP],
  ['Ready', condition('Ready')],
  ['spec.replicas', (o) => (o as unknown as Any).spec?.replicas],
  ['status.readyReplicas', (o) => (o as unknown as Any).status?.readyReplicas],
  ['endpoints', (o) => endpointsOf(o)?.length],
  ['ready endpoints', (o) => endpointsOf(o)?.filter((e) => e.conditions?.ready).length],
  ['spec.podCIDR', (o) => (o as unknown as Any).spec?.podCIDR],
];

/** What a beat has itself written up to a row, and nothing that another wrote meanwhile: the write whose answer it is told of, or that its actor made of what it is told of. */
export function changedBy(book: PictureBook, beat: Beat, row: number): Changed | undefined {
  const { events } = book;
  const told = (beat.done.find((to) => events[to - 1]?.id === beat.id) ?? 0) - 1;
  if (told < 0) return undefined;
  const note = chainOf(events, told);
  const [, heard] = note;
  const own = note.findIndex((e, i) => i > 1 && e.type === 'hop' && e.from === beat.by);
  const answered =
    heard?.type === 'hop' && heard.kind === 'reply'
      ? note
          .slice(2, own + 1)
          .map((e) => writeOf(events, e, told))
          .find((at) => at !== undefined)
      : undefined;
  if (answered !== undefined) return answered < row ? changeAt(book, answered) : undefined;
  const last = Math.min(row, beat.to) - 1;
  for (let at = last; at >= Math.max(told, last - FAR); at--) {
    const event = events[at];
    if (event.type !== 'commit' || isChatter(event.commit.ref)) continue;
    const before = chainOf(events, at);
    const put = before[1];
    const asked = before.find((e) => e.type === 'hop' && put?.type === 'hop' && e.to === put.from && e.from !== put.to);
    if (asked?.type === 'hop' && asked.from === beat.by && before.includes(heard)) return changeAt(book, at);
  }
  return undefined;
}

/** A write is a few messages from who asked for it, and few rows: a trace may have a hundred thousand. */
const LINKS = 12;
const FAR = 4000;

/** An event and what led to it, as near as that: the nearest first. */
function chainOf(events: PictureBook['events'], from: number): readonly TraceEvent[] {
  const chain: TraceEvent[] = [events[from]];
  for (let row = from - 1; row >= 0 && row > from - FAR && chain.length < LINKS; row--)
    if (events[row].id === causeOf(chain[chain.length - 1])) chain.push(events[row]);
  return chain;
}

/** The row of what a message to etcd wrote, at or before a row. */
function writeOf(events: PictureBook['events'], message: TraceEvent, until: number): number | undefined {
  for (let row = until; row > until - FAR && row >= 0 && events[row] !== message; row--) {
    const event = events[row];
    if (event.type === 'commit' && event.causes[0] === message.id && !isChatter(event.commit.ref)) return row;
  }
  return undefined;
}

/** Whether an etcd key is that of a pod beside those that the beat has told of: its own change belongs to another beat. */
export function siblingsOf(events: PictureBook['events'], { done }: Beat, row: number): (ref: string) => boolean {
  const told = new Set(
    done.flatMap((to) => {
      const event = events[to - 1];
      return to <= row && event?.type === 'note' && event.fact.about?.startsWith('pods/') ? [`/registry/${event.fact.about}`] : [];
    }),
  );
  return (ref) => told.size > 0 && ref.startsWith('/registry/pods/') && !told.has(ref);
}

function changeAt(book: PictureBook, row: number): Changed | undefined {
  const event = book.events[row];
  if (event?.type !== 'commit') return undefined;
  const before = pictureAt(book, row).objects.get(event.commit.ref);
  const after = event.commit.object as KubeObject | undefined;
  const what = `${(after ?? before)?.kind ?? ''} ${(after ?? before)?.metadata?.name ?? ''}`;
  if (!before || !after) return { what, field: 'in etcd', before: before ? 'there' : '—', after: after ? 'created' : 'deleted' };
  const changed = FIELDS.find(([, read]) => read(before) !== read(after));
  return changed && { what, field: changed[0], before: String(changed[1](before) ?? '—'), after: String(changed[1](after) ?? '—') };
}
