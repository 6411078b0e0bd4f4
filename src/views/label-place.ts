/** Where the words of a moving message stand, for as long as it moves: near the middle of its way, where they cover the least of what is written. */
import type { Scene } from './cluster.ts';
import { pointAlong, type Box, type Room, type Track } from './geometry.ts';

/** Preferred first: around the middle, then towards the ends. */
const SHARES = [0.5, 0.3, 0.7, 0.1, 0.9];
const AIR = 12;
/** How far above or below the way its middle may be. */
const RISES = [0, ...[25, 33, 41, 49, 61, 75, 91].flatMap((n) => [-n, n])];
/** Between a box's edge and what is written in it. */
const PADDING = 8;
const EDGE = 4;
/** What it costs to cover a point of the way itself, and to stand a unit away from its middle, beside a covered unit of words. */
const ON_THE_WAY = 60;
const AFAR = 2;

const within = (n: number, most: number): number => Math.max(EDGE, Math.min(n, most - EDGE));
const shared = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));

export function labelPlace(track: Track, { w, h }: Room, room: Room, words: readonly Box[]): Box {
  const middle = pointAlong(track, 0.5);
  let best: Box = { x: middle.x, y: middle.y, w, h };
  let least = Infinity;
  for (const share of SHARES) {
    const { x, y } = pointAlong(track, share);
    for (const top of RISES.map((rise) => y - h / 2 + rise)) {
      for (const left of [x + AIR, x - w - AIR, x - w / 2, x - w / 4, x - 0.75 * w]) {
        const box = { x: within(left, room.w - w), y: within(top, room.h - h), w, h };
        let cost = AFAR * (Math.abs(x - middle.x) + Math.abs(y - middle.y) + Math.abs(box.y + h / 2 - y));
        for (const word of words) cost += shared(box, word);
        for (const p of track) if (p.x > box.x && p.x < box.x + w && p.y > box.y && p.y < box.y + h) cost += ON_THE_WAY;
        if (cost < least) {
          least = cost;
          best = box;
        }
      }
    }
  }
  return best;
}

/** What is written in the cluster's scene. */
export const wordsOf = ({ components, services, tray, controlPlane, machines, isFleet }: Scene): readonly Box[] => [
  ...[...components, ...services].map(({ box: { x, y, w, h } }) => ({
    x: x + PADDING,
    y: y + PADDING,
    w: w - 2 * PADDING,
    h: h - 2 * PADDING,
  })),
  ...tray.pods.map((pod) => inside(tray.box, pod.box)),
  { ...tray.box, h: 24 },
  { ...controlPlane.head, w: 220 },
  ...(isFleet ? [] : machines).flatMap(({ box, pods, cells, kernel }) => [
    { ...box, h: 60 },
    ...[...pods.map((pod) => pod.box), ...cells.map((cell) => cell.box), kernel].map((b) => inside(box, b)),
  ]),
];
const inside = (outer: Box, { x, y, w, h }: Box): Box => ({ x: outer.x + x, y: outer.y + y, w, h });
