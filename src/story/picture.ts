/** The trace folded into what there is at one row: the objects that etcd holds, and the processes that run. */
import { byAge, type KubeObject } from '../api/object.ts';
import type { V1Node, V1Pod } from '../api/schema/kubernetes.ts';
import type { TraceEvent } from '../kernel/trace.ts';

export interface Picture {
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly actors: ReadonlyMap<string, { readonly role: string; readonly host: string }>;
  readonly at: number;
  readonly revision: number;
}
interface Page {
  readonly row: number;
  readonly picture: Picture;
}
/** `pages`: pictures at rows that rise, from which the others are folded. `last`: the row that was asked for last, which many ask for at once. */
export interface PictureBook {
  readonly events: readonly TraceEvent[];
  readonly pages: Page[];
  last: Page;
}

/** Rows from one page to the next; more where a page itself holds more, so that all pages together cost no more than the rows. */
const PAGE = 512;
const EMPTY: Page = { row: 0, picture: { objects: new Map(), actors: new Map(), at: 0, revision: 0 } };

/** `before`: the book of a trace whose first `same` events were these. */
export const openBook = (events: readonly TraceEvent[], before?: PictureBook, same = 0): PictureBook => ({
  events,
  pages: before?.pages.filter(({ row }) => row <= same) ?? [EMPTY],
  last: EMPTY,
});

/** The picture after the first `row` events. */
export function pictureAt(book: PictureBook, row: number): Picture {
  if (book.last.row === row) return book.last.picture;
  const page = pageBefore(book, row);
  const picture = page.row === row ? page.picture : fold(book.events, page.picture, page.row, row);
  book.last = { row, picture };
  return picture;
}

/** The last page at or before a row; the pages up to it are made when they are first wanted. */
function pageBefore({ events, pages }: PictureBook, row: number): Page {
  for (let last = pages[pages.length - 1]; ;) {
    const next = last.row + Math.max(PAGE, last.picture.objects.size + last.picture.actors.size);
    if (next > row) break;
    pages.push((last = { row: next, picture: fold(events, last.picture, last.row, next) }));
  }
  let [low, high] = [0, pages.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (pages[half].row <= row) low = half + 1;
    else high = half;
  }
  return pages[low - 1];
}

function fold(events: readonly TraceEvent[], base: Picture, from: number, to: number): Picture {
  const objects = new Map(base.objects);
  const actors = new Map(base.actors);
  let { at, revision } = base;
  for (let i = from; i < to && i < events.length; i++) {
    const event = events[i];
    at = event.at;
    if (event.type === 'commit') {
      revision = event.commit.revision;
      if (event.commit.object === undefined) objects.delete(event.commit.ref);
      else objects.set(event.commit.ref, event.commit.object as KubeObject);
    } else if (event.type === 'spawn') actors.set(event.by, event.spawned);
    else if (event.type === 'exit') actors.delete(event.by);
  }
  return { objects, actors, at, revision };
}

const found = new WeakMap<Picture, Map<string, readonly KubeObject[]>>();

/** The objects of one resource, by its folder in etcd: 'pods', 'services/specs', 'minions'. Found once a picture: many views ask. */
export function objectsOf<O extends KubeObject>(picture: Picture, folder: string): readonly O[] {
  let folders = found.get(picture);
  if (!folders) found.set(picture, (folders = new Map()));
  let objects = folders.get(folder);
  if (!objects) folders.set(folder, (objects = objectsIn(picture, `/registry/${folder}/`)));
  return objects as readonly O[];
}

function objectsIn({ objects }: Picture, prefix: string): readonly KubeObject[] {
  const inIt: KubeObject[] = [];
  for (const [ref, object] of objects) if (ref.startsWith(prefix)) inIt.push(object);
  return inIt.sort(byAge);
}

/** The user's own, not the cluster's. */
export const isOwn = ({ metadata }: KubeObject): boolean => !(metadata?.namespace ?? '').startsWith('kube-');

/** Whether a pod or a machine is Ready. */
export const isReady = (o: V1Pod | V1Node | undefined): boolean =>
  o?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

/** Whether nobody has heard of a machine for long: its Ready condition is Unknown, and what its pods' statuses say is old. */
export const isSilent = (node: V1Node | undefined): boolean =>
  node?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'Unknown') ?? false;

/** The machine that a pod is bound to. */
export const machineOf = ({ spec }: V1Pod, { objects }: Picture): V1Node | undefined =>
  objects.get(`/registry/minions/${spec?.nodeName}`) as V1Node | undefined;

export const isControlPlane = (node: V1Node): boolean => node.metadata?.labels?.['node-role.kubernetes.io/control-plane'] !== undefined;

/** Event objects and heartbeats: written all the time, and no change that is told. */
export const isChatter = (ref: string): boolean => /^\/registry\/(events|leases)\//.test(ref);
