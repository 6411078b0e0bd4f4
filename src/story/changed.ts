/** The mutation in words: which field of which object a stretch of the trace changed, before and after. */
import type { KubeObject } from '../api/object.ts';
import { isChatter, pictureAt, type PictureBook } from './picture.ts';

export interface Changed { readonly what: string; readonly field: string; readonly before: string; readonly after: string }

type Any = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
const condition = (type: string) => (o: KubeObject): unknown => ((o as unknown as Any).status?.conditions as readonly { readonly type: string; readonly status: string }[] | undefined)?.find((c) => c.type === type)?.status;
const FIELDS: readonly (readonly [string, (o: KubeObject) => unknown])[] = [
  ['metadata.deletionTimestamp', (o) => o.metadata?.deletionTimestamp], ['spec.nodeName', (o) => (o as unknown as Any).spec?.nodeName], ['status.podIP', (o) => (o as unknown as Any).status?.podIP], ['status.phase', (o) => (o as unknown as Any).status?.phase],
  ['Ready', condition('Ready')], ['spec.replicas', (o) => (o as unknown as Any).spec?.replicas], ['status.readyReplicas', (o) => (o as unknown as Any).status?.readyReplicas], ['endpoints', (o) => ((o as unknown as { readonly endpoints?: readonly unknown[] }).endpoints)?.length], ['spec.podCIDR', (o) => (o as unknown as Any).spec?.podCIDR],
];

/** `about`: the object that the stretch is told of ('pods/default/web'); its own change comes before others'. */
export function changedBy(book: PictureBook, r: { readonly from: number; readonly to: number; readonly about: string | undefined }): Changed | undefined {
  const own = (ref: string): boolean => r.about !== undefined && ref.endsWith(`/${r.about}`);
  return lastChange(book, r, own) ?? lastChange(book, r, () => true);
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
