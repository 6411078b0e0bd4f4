/** Which place on its machine each pod has. A pod keeps its place from its binding to its end, whoever comes and goes: nothing jumps. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import type { PictureBook } from '../story/picture.ts';

/** Machine ('' is the tray of pods without one) → etcd key of a pod → its place, from 0. */
export type Slots = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A pod's place among those of its machine; the first where it has none. */
export const slotOf = (places: ReadonlyMap<string, number> | undefined, { metadata }: V1Pod): number =>
  places?.get(`${PODS}${metadata?.namespace}/${metadata?.name}`) ?? 0;

const PODS = '/registry/pods/';

/** What is known at a row; `homes`: etcd key of a pod → its machine. */
interface Page {
  readonly row: number;
  readonly slots: Slots;
  readonly homes: ReadonlyMap<string, string>;
}
/** Rows from one page to the next; more where a page itself holds more. */
const PAGE = 512;
const EMPTY: Page = { row: 0, slots: new Map(), homes: new Map() };
const kept = new WeakMap<PictureBook, Map<number, Page[]>>();

/** `seen`: how many places of the tray are shown. One that becomes free goes to a pod that had none there: whoever is seen stays. */
export function slotsAt(book: PictureBook, row: number, seen = 0): Slots {
  let bySeen = kept.get(book);
  if (!bySeen) kept.set(book, (bySeen = new Map()));
  let pages = bySeen.get(seen);
  if (!pages) bySeen.set(seen, (pages = [EMPTY]));
  let page = pages[pages.length - 1];
  for (let next = rowAfter(page); next <= row; next = rowAfter(page)) pages.push((page = fold(book, page, next, seen)));
  return fold(book, pages.findLast((p) => p.row <= row) ?? EMPTY, row, seen).slots;
}

const rowAfter = ({ row, slots, homes }: Page): number => row + Math.max(PAGE, slots.size + homes.size);

/** Only what is written to is copied. */
class Writing {
  readonly slots: Map<string, ReadonlyMap<string, number>>;
  readonly homes: Map<string, string>;
  readonly #own = new Map<string, Map<string, number>>();
  constructor(page: Page) {
    this.slots = new Map(page.slots);
    this.homes = new Map(page.homes);
  }
  placesOn(machine: string): Map<string, number> {
    let places = this.#own.get(machine);
    if (!places) {
      this.#own.set(machine, (places = new Map(this.slots.get(machine))));
      this.slots.set(machine, places);
    }
    return places;
  }
}

function fold({ events }: PictureBook, before: Page, to: number, seen: number): Page {
  let writing: Writing | undefined;
  for (let row = before.row; row < to && row < events.length; row++) {
    const event = events[row];
    if (
      event.type !== 'commit' ||
      !event.commit.ref.startsWith(PODS) ||
      (event.commit.ref.startsWith(`${PODS}kube-`) && !event.commit.ref.includes('coredns'))
    )
      continue;
    const pod = event.commit.object as V1Pod | undefined;
    const home = pod ? (pod.spec?.nodeName ?? '') : undefined;
    if (home !== undefined && (writing ?? before).homes.get(event.commit.ref) === home) continue;
    move((writing ??= new Writing(before)), event.commit.ref, home, seen);
  }
  return { row: to, slots: writing?.slots ?? before.slots, homes: writing?.homes ?? before.homes };
}

function move(writing: Writing, ref: string, home: string | undefined, seen: number): void {
  const had = writing.homes.get(ref);
  if (had !== undefined) leave(writing.placesOn(had), ref, had === '' ? seen : 0);
  if (home === undefined) {
    writing.homes.delete(ref);
    return;
  }
  writing.homes.set(ref, home);
  const places = writing.placesOn(home);
  const taken = new Set(places.values());
  let free = 0;
  while (taken.has(free)) free++;
  places.set(ref, free);
}

function leave(places: Map<string, number>, ref: string, seen: number): void {
  const left = places.get(ref) ?? seen;
  places.delete(ref);
  if (left >= seen) return;
  const [next] = [...places].filter(([, slot]) => slot >= seen).sort(([, a], [, b]) => a - b);
  if (next) places.set(next[0], left);
}
