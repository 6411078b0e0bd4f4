/** Boxes, and wires as points along a curve: a wire is drawn from its points, and a dot runs along the same ones. Units are pixels at zoom 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
/** The room there is to draw in, in the scene's units. */
export interface Room {
  readonly w: number;
  readonly h: number;
}
export type Track = readonly Point[];
/** What a box or a wire belongs to, which is its colour. */
export type Plane = 'control' | 'machine' | 'storage' | 'client' | 'network';

const STEPS = 14;
/** How wide a monospaced character is, at the size of the style sheet. */
export const MONO = 8.75;

export const middle = (box: Box): Point => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });
/** A point on the edge of a box: `along` runs from 0 to 1. */
export const onTop = (box: Box, along = 0.5): Point => ({ x: box.x + box.w * along, y: box.y });
export const onBottom = (box: Box, along = 0.5): Point => ({ x: box.x + box.w * along, y: box.y + box.h });
export const onLeft = (box: Box, along = 0.5): Point => ({ x: box.x, y: box.y + box.h * along });
export const onRight = (box: Box, along = 0.5): Point => ({ x: box.x + box.w, y: box.y + box.h * along });

/** A smooth curve that leaves and arrives upright, or level. */
export function curve(from: Point, to: Point, direction: 'upright' | 'level' = 'upright'): Track {
  const [dx, dy] = direction === 'upright' ? [0, (to.y - from.y) / 2] : [(to.x - from.x) / 2, 0];
  return bezier(from, { x: from.x + dx, y: from.y + dy }, { x: to.x - dx, y: to.y - dy }, to);
}

/** Upright, level at a height, upright again, with round corners. */
export function elbow(from: Point, to: Point, level: number, radius = 14): Track {
  const r = Math.min(radius, Math.abs(to.x - from.x) / 2, Math.abs(level - from.y), Math.abs(to.y - level));
  if (r < 2) return [from, { x: from.x, y: level }, { x: to.x, y: level }, to];
  const side = to.x > from.x ? 1 : -1;
  const [up, down] = [Math.sign(level - from.y), Math.sign(to.y - level)];
  return [
    from,
    ...corner({ x: from.x, y: level - up * r }, { x: from.x, y: level }, { x: from.x + side * r, y: level }),
    ...corner({ x: to.x - side * r, y: level }, { x: to.x, y: level }, { x: to.x, y: level + down * r }),
    to,
  ];
}

function corner(a: Point, b: Point, c: Point): Track {
  return [0, 0.25, 0.5, 0.75, 1].map((t) => {
    const s = 1 - t;
    return { x: round(s * s * a.x + 2 * s * t * b.x + t * t * c.x), y: round(s * s * a.y + 2 * s * t * b.y + t * t * c.y) };
  });
}

/** A curve that bows sideways, for two places that nothing lies between. */
export function bow(from: Point, to: Point, by: number): Track {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(1, Math.sqrt(dx * dx + dy * dy));
  const [nx, ny] = [(-dy / length) * by, (dx / length) * by];
  return bezier(from, { x: from.x + dx / 3 + nx, y: from.y + dy / 3 + ny }, { x: to.x - dx / 3 + nx, y: to.y - dy / 3 + ny }, to);
}

function bezier(a: Point, b: Point, c: Point, d: Point): Track {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const t = i / STEPS;
    const s = 1 - t;
    const [wa, wb, wc, wd] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    return { x: round(wa * a.x + wb * b.x + wc * c.x + wd * d.x), y: round(wa * a.y + wb * b.y + wc * c.y + wd * d.y) };
  });
}

const round = (n: number): number => Math.round(n * 10) / 10;
export const reversed = (track: Track): Track => [...track].reverse();
export const pathOf = (track: Track): string => track.map((p, i) => `${i === 0 ? 'M' : 'L'}${round(p.x)} ${round(p.y)}`).join('');

/** Lengths from the start to each point, worked out once a track: dots ask many times a second. */
const measured = new WeakMap<Track, readonly number[]>();
function lengthsOf(track: Track): readonly number[] {
  const known = measured.get(track);
  if (known) return known;
  let sum = 0;
  const lengths = track.map((p, i) => (i === 0 ? 0 : (sum += distance(track[i - 1], p))));
  measured.set(track, lengths);
  return lengths;
}

/** The point at a share of a track's length, 0…1. */
export function pointAlong(track: Track, share: number): Point {
  const lengths = lengthsOf(track);
  const goal = (lengths[lengths.length - 1] ?? 0) * Math.min(1, Math.max(0, share));
  let i = 1;
  while (i < track.length - 1 && lengths[i] < goal) i++;
  const [a, b] = [track[i - 1] ?? { x: 0, y: 0 }, track[i] ?? track[0] ?? { x: 0, y: 0 }];
  const step = (lengths[i] ?? 0) - (lengths[i - 1] ?? 0);
  const t = step === 0 ? 0 : (goal - lengths[i - 1]) / step;
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

const distance = (a: Point, b: Point): number => Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));

/** Whether two boxes share ground. */
export const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** A text that fits a width in characters; what is cut is said by an ellipsis, and the whole is in the title. */
export const fit = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, Math.max(1, characters - 1))}…`;

/** The same, cut in the middle: generated names differ at their ends. */
export function fitMiddle(text: string, characters: number): string {
  if (text.length <= characters) return text;
  if (characters < 9) return fit(text, characters);
  const tail = Math.min(6, Math.floor((characters - 1) / 2));
  return `${text.slice(0, characters - 1 - tail)}…${text.slice(-tail)}`;
}
