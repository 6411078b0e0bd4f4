/** One canvas for all that moves. It reads the cursor by itself each frame; React never hears of it. */
import { useEffect, useRef } from 'react';
import { dotsOf, type Dot } from '../../views/dots.ts';
import type { Box, Track } from '../../views/geometry.ts';
import { labelPlace } from '../../views/label-place.ts';
import { useStore } from '../app/store.ts';
import { moving } from '../transport/playback.ts';
import { crowd } from './crowd.ts';
import { drawLabel, drawShape, drawTrack, labelOf, placeOfDot, roomOfLabel, type View } from './draw-dot.ts';
import css from './stage.module.css';

export type Route = (from: string, to: string) => Track | undefined;
interface Way {
  readonly dot: Dot;
  readonly track: Track;
}
interface Drawn {
  readonly row: number;
  readonly route: Route;
  readonly view: View;
  readonly ways: readonly Way[];
  readonly label: Box | undefined;
}

/** What moves from a row, with the ways; kept while the same row moves. */
function waysAt(row: number, route: Route): readonly Way[] {
  return dotsOf(useStore.getState().events, row).flatMap((dot) => {
    const track = route(dot.from, dot.to);
    return track ? [{ dot, track }] : [];
  });
}

function drawnAt(
  row: number,
  { route, view, words }: { readonly route: Route; readonly view: View; readonly words: readonly Box[] },
  context: CanvasRenderingContext2D,
): Drawn {
  const ways = waysAt(row, route);
  const { clientWidth, clientHeight } = context.canvas;
  const room = { w: (clientWidth - view.x) / view.zoom, h: (clientHeight - view.y) / view.zoom };
  return {
    row,
    route,
    view,
    ways,
    label: ways.length === 0 ? undefined : labelPlace(ways[0].track, roomOfLabel(context, labelOf(ways[0].dot)), room, words),
  };
}

function sized(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const { clientWidth: w, clientHeight: h } = canvas;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, w, h);
  return context;
}

/** `words`: what is written on the stage. */
export function Dots({ route, view, words }: { readonly route: Route; readonly view: View; readonly words: readonly Box[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const live = useRef({ route, view, words });
  useEffect(() => {
    live.current = { route, view, words };
  }, [route, view, words]);
  useEffect(() => {
    let handle = 0;
    let isDrawn = false;
    let kept: Drawn | undefined;
    const draw = (time: number): void => {
      handle = requestAnimationFrame(draw);
      const now = moving.current;
      if (!canvas.current || (!now && !isDrawn && !crowd.current)) return;
      const context = sized(canvas.current);
      isDrawn = now !== undefined;
      const { route: way, view: at } = live.current;
      if (context && crowd.current)
        for (const { dot, track, progress } of crowd.current(way, time))
          drawShape(context, placeOfDot(track, dot, progress, at), dot, at.zoom);
      if (!context || !now) return;
      if (kept?.row !== now.row || kept.route !== way || kept.view !== at) {
        kept = drawnAt(now.row, live.current, context);
        canvas.current.dataset.moving = String(kept.ways.length);
      }
      for (const { dot, track } of kept.ways) drawTrack(context, track, dot, at);
      if (kept.label) drawLabel(context, kept.label, kept.ways[0].dot, at);
      for (const { dot, track } of kept.ways) drawShape(context, placeOfDot(track, dot, now.progress, at), dot, at.zoom);
    };
    handle = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(handle);
  }, []);
  return <canvas ref={canvas} className={css.dots} data-testid="dots" aria-hidden="true" />;
}
