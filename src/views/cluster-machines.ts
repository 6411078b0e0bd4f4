/** The machines of the cluster view: how many in a row, what each shows, and where its pods stand. Near: tokens on foundations. Crowded: a shape for each pod. A fleet: a tile with the number of pods, whose name is told when asked for. */
import { internalIp } from '../api/machinery/node-address.ts';
import type { V1Node, V1Pod } from '../api/schema/kubernetes.ts';
import { isOwn, isReady, type Picture } from '../story/picture.ts';
import type { Box, Room } from './geometry.ts';
import type { Moment } from './moment.ts';
import { podToken, type PodToken } from './pod-token.ts';
import { slotOf } from './slots.ts';

export interface PartBox {
  readonly name: string;
  readonly label: string;
  readonly address: string;
  readonly isUp: boolean;
  /** Relative to the machine. */
  readonly box: Box;
}
export interface MachineBox {
  readonly name: string;
  readonly ip: string;
  readonly ready: boolean;
  readonly isOff: boolean;
  readonly isCut: boolean;
  readonly isCordoned: boolean;
  readonly podCIDR: string;
  readonly box: Box;
  /** Of its pods, those that are not ready. */
  readonly unready: number;
  /** The most pods that it takes, as it says; 0 where it has not said so. */
  readonly capacity: number;
  /** Those that stand here as tokens; boxes are relative to the machine. */
  readonly pods: readonly PodToken[];
  /** Those that have no token: a shape each. */
  readonly cells: readonly PodToken[];
  /** Those that have not even a shape. */
  readonly more: number;
  readonly total: number;
  readonly system: number;
  readonly parts: readonly PartBox[];
  /** The machine's own kernel, where routes and rules are; relative to the machine. */
  readonly kernel: Box;
  readonly watches: readonly string[];
}
interface Standing {
  readonly node: V1Node;
  readonly pods: readonly V1Pod[];
  readonly picture: Picture;
  readonly moment: Moment;
  readonly places: ReadonlyMap<string, number> | undefined;
}

export const MACHINE_GAP = { between: 16, rows: 14, below: 40 } as const;
const TOKEN = { w: 148, h: 52, gap: 6 } as const;
/** Below the machine's name and its processes. */
const TOKENS_TOP = 63;
const CELL = { w: 21, h: 20 } as const;
const HEAD = 30;
const KERNEL = 26;
/** The processes that are drawn on each machine, with the room that their names need. */
const PARTS = [
  ['kubelet', 'kubelet', 68],
  ['containerd', 'containerd', 101],
  ['cni', 'cni', 40],
  ['kube-proxy', 'proxy', 56],
] as const;
const PARTS_W = 265 + 3 * 5 + 20;
/** The least height that leaves room for a row of tokens. */
const TOKENS_H = TOKENS_TOP + TOKEN.h + KERNEL + 8;

/** A crowd begins above. */
export const MOST_LARGE = 12;
/** The least that a name and a row of shapes need. */
const NAMED = { w: 132, h: 54, gap: 12 } as const;

export interface MachinesArea {
  readonly boxes: readonly Box[];
  readonly bottom: number;
  /** They are tiles. */
  readonly isFleet: boolean;
}

/** Where machines stand: one row up to four, two up to twelve. A crowd shares the room that there is: with names while they fit, then as tiles, about square. */
export function machinesArea(room: Room, top: number, count: number): MachinesArea {
  const width = room.w - 32;
  const few = count <= 4 ? 1 : 2;
  const height = Math.max(few * 92, room.h - top - MACHINE_GAP.below);
  const named = count <= MOST_LARGE ? few : Math.ceil(count / Math.floor((width + NAMED.gap) / (NAMED.w + NAMED.gap)));
  const isFleet = count > MOST_LARGE && named * (NAMED.h + MACHINE_GAP.rows) - MACHINE_GAP.rows > height;
  const rows = isFleet ? Math.ceil(count / Math.ceil(Math.sqrt((count * width) / height))) : named;
  const columns = Math.max(1, Math.ceil(count / rows));
  const gap = isFleet
    ? { x: Math.min(10, (width / columns) * 0.16), y: Math.min(10, (height / rows) * 0.16) }
    : { x: count > MOST_LARGE ? NAMED.gap : MACHINE_GAP.between, y: MACHINE_GAP.rows };
  const w = Math.min(560, (width - (columns - 1) * gap.x) / columns);
  const h = (height - (rows - 1) * gap.y) / rows;
  const stride = columns > 1 ? (width - w) / (columns - 1) : 0;
  const left = columns > 1 ? 16 : (room.w - w) / 2;
  return {
    isFleet,
    bottom: top + height,
    boxes: Array.from({ length: count }, (_, i) => ({
      x: left + (i % columns) * stride,
      y: top + Math.floor(i / columns) * (h + gap.y),
      w,
      h,
    })),
  };
}

const isDrawn = (pod: V1Pod): boolean => isOwn(pod) || pod.metadata?.labels?.['k8s-app'] === 'kube-dns';

export function machineBox(standing: Standing, box: Box, isTile: boolean): MachineBox {
  const { node, pods, picture, moment } = standing;
  const name = node.metadata?.name ?? '';
  const drawn = pods.filter(isDrawn);
  const isUp = (part: string): boolean => picture.actors.has(`${name}/${part}`);
  const hasTokens = box.h >= TOKENS_H && box.w >= TOKEN.w + 24;
  const placed = isTile
    ? { pods: [], cells: [], more: drawn.length }
    : hasTokens
      ? tokensOf(standing, drawn, box)
      : cellsOf(standing, drawn, { x: 10, y: HEAD + 2, w: box.w - 20, h: box.h - HEAD - 8 });
  return {
    name,
    ip: internalIp(node),
    ready: isReady(node),
    isOff: !isUp('containerd') && !isUp('kubelet'),
    isCut: moment.cut.has(name),
    isCordoned: node.spec?.unschedulable === true,
    podCIDR: node.spec?.podCIDR ?? '',
    box,
    capacity: Number(node.status?.allocatable?.pods ?? 0),
    ...placed,
    total: drawn.length,
    unready: drawn.filter((pod) => !isReady(pod)).length,
    system: pods.length - drawn.length,
    watches: [
      ...(moment.watches.get(`${name}/kubelet`) ?? []),
      ...(moment.watches.get(`${name}/kube-proxy`) ?? []),
      ...(moment.watches.get(`${name}/kube-flannel`) ?? []),
    ],
    kernel: { x: 8, y: box.h - KERNEL - 4, w: box.w - 16, h: hasTokens ? KERNEL : 0 },
    parts: hasTokens && box.w >= PARTS_W ? partsOf(name, isUp) : [],
  };
}

function partsOf(name: string, isUp: (part: string) => boolean): readonly PartBox[] {
  let x = 10;
  return PARTS.map(([part, label, w]) => {
    const box = { x, y: HEAD + 1, w, h: 26 };
    x += w + 5;
    return { name: part, label, address: `${name}/${part}`, isUp: isUp(part), box };
  });
}

/** Tokens first, in columns that fill the width; later comers are shapes in the line of the kernel. */
function tokensOf({ picture, moment, places }: Standing, drawn: readonly V1Pod[], box: Box): Pick<MachineBox, 'pods' | 'cells' | 'more'> {
  const top = box.w >= PARTS_W ? TOKENS_TOP : HEAD + 4;
  const columns = Math.max(1, Math.floor((box.w - 20 + TOKEN.gap) / (TOKEN.w + TOKEN.gap)));
  const rows = Math.max(1, Math.floor((box.h - top - KERNEL - 8 + TOKEN.gap) / (TOKEN.h + TOKEN.gap)));
  const w = Math.min(190, (box.w - 20 - (columns - 1) * TOKEN.gap) / columns);
  const h = Math.min(84, (box.h - top - KERNEL - 8 - (rows - 1) * TOKEN.gap) / rows);
  const pods: PodToken[] = [];
  const rest: V1Pod[] = [];
  for (const pod of drawn) {
    const slot = slotOf(places, pod);
    if (slot >= columns * rows) rest.push(pod);
    else
      pods.push(
        podToken(pod, picture, moment, {
          x: 10 + (slot % columns) * (w + TOKEN.gap),
          y: top + Math.floor(slot / columns) * (h + TOKEN.gap),
          w,
          h,
        }),
      );
  }
  const strip = cellsOf({ places: shifted(places, columns * rows), picture, moment }, rest, {
    x: 52,
    y: box.h - KERNEL - 1,
    w: box.w - 52 - 46,
    h: CELL.h,
  });
  return { pods, cells: strip.cells, more: strip.more };
}

const shifted = (places: Standing['places'], by: number): Standing['places'] =>
  places && new Map([...places].map(([ref, slot]) => [ref, slot - by]));

/** A shape for each pod, as many as there is room for. */
function cellsOf(
  { picture, moment, places }: Pick<Standing, 'picture' | 'moment' | 'places'>,
  drawn: readonly V1Pod[],
  area: Box,
): Pick<MachineBox, 'pods' | 'cells' | 'more'> {
  const columns = Math.max(1, Math.floor(area.w / CELL.w));
  const most = columns * Math.max(1, Math.floor(area.h / CELL.h));
  const cells = drawn.flatMap((pod) => {
    const slot = slotOf(places, pod);
    return slot >= most
      ? []
      : [
          podToken(pod, picture, moment, {
            x: area.x + (slot % columns) * CELL.w,
            y: area.y + Math.floor(slot / columns) * CELL.h,
            w: CELL.w,
            h: CELL.h,
          }),
        ];
  });
  return { pods: [], cells, more: drawn.length - cells.length };
}
