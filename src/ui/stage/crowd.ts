/** What moves beside the story: nothing, unless a benchmark asks for a crowd. */
import type { Dot } from '../../views/dots.ts';
import type { Track } from '../../views/geometry.ts';
import type { Route } from './Dots.tsx';

export interface Walker {
  readonly dot: Dot;
  readonly track: Track;
  readonly progress: number;
}
/** Set by the benchmark's own chunk. */
export const crowd: { current: ((route: Route, nowMs: number) => readonly Walker[]) | undefined } = { current: undefined };
