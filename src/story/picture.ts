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
/** `last`: the row that was asked for last, which many ask for at once. */
export interface PictureBook {
  readonly events: readonly TraceEvent[];
  readonly pages: Map<number, Picture>;
  last: { readonly row: number; readonly picture: Picture };
}

const PAGE = 512;
const EMPTY: Picture = { objects: new Map(), actors: new Map(), at: 0, revision: 0 };

export const openBook = (events: readonly TraceEvent[]): PictureBook => ({
  events,
  pages: new Map([[0, EMPTY]]),
  last: { row: 0, picture: EMPTY },
});

/** The picture after the first `row` events. */
export function pictureAt(book: PictureBook, row: number): Picture {
  if (book.last.row === row) return book.last.picture;
  const whole = Math.floor(row / PAGE) * PAGE;
  const base = pageAt(book, whole);
  const picture = row === whole ? base : fold(book.events, base, whole, row);
  book.last = { row, picture };
  return picture;
}

function pageAt(book: PictureBook, row: number): Picture {
  let from = row;
  while (!book.pages.has(from)) from -= PAGE;
  let page = book.pages.get(from) ?? EMPTY;
  for (; from < row; from += PAGE) {
    page = fold(book.events, page, from, from + PAGE);
    book.pages.set(from + PAGE, page);
  }
  return page;
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

/** The objects of one resource, by its folder in etcd: 'pods', 'services/specs', 'minions'. */
export function objectsOf<O extends KubeObject>(picture: Picture, folder: string): readonly O[] {
  const prefix = `/registry/${folder}/`;
  const found: O[] = [];
  for (const [ref, object] of picture.objects) if (ref.startsWith(prefix)) found.push(object as O);
  return found.sort(byAge);
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
