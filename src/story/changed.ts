/** The mutation in words: which field of which object a stretch of the trace changed, before and after. */
import type { KubeObject } from '../api/object.ts';
import type { Beat } from './beats.ts';
import { isChatter, pictureAt, type PictureBook } from './picture.ts';

export interface Changed { readonly what: string; readonly field: string; readonly before: string; readonly after: string }

type Any = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
const condition = (type: string) => (o: KubeObject): unknown => ((o as unknown as Any).status?.conditions as readonly { readonly type: string; readonly status: string }[] | undefined)?.find((c) => c.type === type)?.status;
const FIELDS: readonly (readonly [string, (o: KubeObject) => unknown])[] = [
  ['metadata.deletionTimestamp', (o) => o.metadata?.deletionTimestamp], ['spec.nodeName', (o) => (o as unknown as Any).spec?.nodeName], ['status.podIP', (o) => (o as unknown as Any).status?.podIP], ['status.phase', (o) => (o as unknown as Any).status?.phase],
  ['Ready', condition('Ready')], ['spec.replicas', (o) => (o as unknown as Any).spec?.replicas], ['status.readyReplicas', (o) => (o as unknown as Any).status?.readyReplicas], ['endpoints', (o) => ((o as unknown as { readonly endpoints?: readonly unknown[] }).endpoints)?.length], ['spec.podCIDR', (o) => (o as unknown as Any).spec?.podCIDR],
];

/** What a beat has changed up to a row; the change of the object that it is told of comes before others'. */
export function changedBy(book: PictureBook, beat: Beat, row: number): Changed | undefined {
  const { about } = beat.fact;
  const span = { from: beat.from, to: Math.min(row, beat.to) };
  const isOther = siblingsOf(book.events, beat, row);
  return lastChange(book, span, (ref) => about !== undefined && ref.endsWith(`/${about}`)) ?? lastChange(book, span, (ref) => !isOther(ref));
}

/** Whether an etcd key is that of a pod beside those that the beat has told of: its own change belongs to another beat. */
export function siblingsOf(events: PictureBook['events'], { done }: Beat, row: number): (ref: string) => boolean {
  const told = new Set(done.flatMap((to) => { const event = events[to - 1]; return to <= row && event?.type === 'note' && event.fact.about?.startsWith('pods/') ? [`/registry/${event.fact.about}`] : []; }));
  return (ref) => told.size > 0 && ref.startsWith('/registry/pods/') && !told.has(ref);
}

function lastChange(book: PictureBook, { from, to }: { readonly from: number; readonly to: number }, isMeant: (ref: string) => boolean): Changed | undefined {
  for (let row = to - 1; row >= from; row--) {
    const event = book.events[row];
    if (event?.type !== 'commit' || isChatter(event.commit.ref) || !isMeant(event.commit.ref)) continue;
    const before = pictureAt(book, row).objects.get(event.commit.ref);
    const after = event.commit.object as KubeObject | undefined;
    const what = `${(after ?? before)?.kind ?? ''} ${(after ?? before)?.metadata?.name ?? ''}`;
    if (!before || !after) return { what, field: 'object', before: before ? 'there' : '—', after: after ? 'written' : 'gone' };
    for (const [field, read] of FIELDS) {
      const [a, b] = [read(before), read(after)];
      if (a !== b) return { what, field, before: String(a ?? '—'), after: String(b ?? '—') };
    }
  }
  return undefined;
}
