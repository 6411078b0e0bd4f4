/** Which place on its machine each pod has. A pod keeps its place from its binding to its end, whoever comes and goes: nothing jumps. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import type { PictureBook } from '../story/picture.ts';

/** Machine ('' is the tray of pods without one) → etcd key of a pod → its place, from 0. */
export type Slots = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A pod's place among those of its machine; the first where it has none. */
export const slotOf = (places: ReadonlyMap<string, number> | undefined, { metadata }: V1Pod): number => places?.get(`${PODS}${metadata?.namespace}/${metadata?.name}`) ?? 0;

const PAGE = 512;
const PODS = '/registry/pods/';
const kept = new WeakMap<PictureBook, Map<number, Slots>>();

export function slotsAt(book: PictureBook, row: number): Slots {
  let pages = kept.get(book);
  if (!pages) kept.set(book, pages = new Map([[0, new Map()]]));
  let from = Math.floor(row / PAGE) * PAGE;
  while (!pages.has(from)) from -= PAGE;
  let slots: Slots = pages.get(from) ?? new Map();
  for (; from + PAGE <= row; from += PAGE) { slots = fold(book, slots, from, from + PAGE); pages.set(from + PAGE, slots); }
  return fold(book, slots, from, row);
}

function fold(book: PictureBook, before: Slots, from: number, to: number): Slots {
  let slots: Map<string, Map<string, number>> | undefined;
  for (let row = from; row < to && row < book.events.length; row++) {
    const event = book.events[row];
    if (event.type !== 'commit' || !event.commit.ref.startsWith(PODS) || event.commit.ref.startsWith(`${PODS}kube-`) && !event.commit.ref.includes('coredns')) continue;
    slots ??= new Map([...before].map(([machine, places]) => [machine, new Map(places)]));
    place(slots, event.commit.ref, event.commit.object as V1Pod | undefined);
  }
  return slots ?? before;
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
