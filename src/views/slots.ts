/** Which place on its machine each pod has. A pod keeps its place from its binding to its end, whoever comes and goes: nothing jumps. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import type { PictureBook } from '../story/picture.ts';

/** Machine ('' is the tray of pods without one) → etcd key of a pod → its place, from 0. */
export type Slots = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A pod's place among those of its machine; the first where it has none. */
export const slotOf = (places: ReadonlyMap<string, number> | undefined, { metadata }: V1Pod): number =>
  places?.get(`${PODS}${metadata?.namespace}/${metadata?.name}`) ?? 0;

const PAGE = 512;
const PODS = '/registry/pods/';
const kept = new WeakMap<PictureBook, Map<number, Map<number, Slots>>>();

/** `seen`: how many places of the tray are shown. One that becomes free goes to a pod that had none there: whoever is seen stays. */
export function slotsAt(book: PictureBook, row: number, seen = 0): Slots {
  let bySeen = kept.get(book);
  if (!bySeen) kept.set(book, (bySeen = new Map()));
  let pages = bySeen.get(seen);
  if (!pages) bySeen.set(seen, (pages = new Map([[0, new Map()]])));
  let from = Math.floor(row / PAGE) * PAGE;
  while (!pages.has(from)) from -= PAGE;
  let slots: Slots = pages.get(from) ?? new Map();
  for (; from + PAGE <= row; from += PAGE) {
    slots = fold(book, slots, { from, to: from + PAGE, seen });
    pages.set(from + PAGE, slots);
  }
  return fold(book, slots, { from, to: row, seen });
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly seen: number;
}

function fold(book: PictureBook, before: Slots, { from, to, seen }: Span): Slots {
  let slots: Map<string, Map<string, number>> | undefined;
  for (let row = from; row < to && row < book.events.length; row++) {
    const event = book.events[row];
    if (
      event.type !== 'commit' ||
      !event.commit.ref.startsWith(PODS) ||
      (event.commit.ref.startsWith(`${PODS}kube-`) && !event.commit.ref.includes('coredns'))
    )
      continue;
    slots ??= new Map([...before].map(([machine, places]) => [machine, new Map(places)]));
    leaveTray(slots, event.commit.ref, event.commit.object as V1Pod | undefined, seen);
    place(slots, event.commit.ref, event.commit.object as V1Pod | undefined);
  }
  return slots ?? before;
}

function leaveTray(slots: Map<string, Map<string, number>>, ref: string, pod: V1Pod | undefined, seen: number): void {
  const places = slots.get('');
  const left = places?.get(ref) ?? seen;
  if (!places || left >= seen || (pod && !pod.spec?.nodeName)) return;
  const [next] = [...places].filter(([, slot]) => slot >= seen).sort(([, a], [, b]) => a - b);
  if (next) places.set(next[0], left);
}

function place(slots: Map<string, Map<string, number>>, ref: string, pod: V1Pod | undefined): void {
  const home = pod ? (pod.spec?.nodeName ?? '') : undefined;
  for (const [machine, places] of slots) if (machine !== home) places.delete(ref);
  if (home === undefined) return;
  const places = slots.get(home) ?? new Map<string, number>();
  slots.set(home, places);
  if (places.has(ref)) return;
  const taken = new Set(places.values());
  let free = 0;
  while (taken.has(free)) free++;
  places.set(ref, free);
}
