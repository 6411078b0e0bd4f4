/** One canvas for all that moves. It reads the cursor by itself each frame; React never hears of it. */
import { useEffect, useRef } from 'react';
import { dotsOf, type Dot } from '../../views/dots.ts';
import type { Track } from '../../views/geometry.ts';
import { useStore } from '../app/store.ts';
import { moving } from '../transport/playback.ts';
import { crowd } from './crowd.ts';
import { drawLabel, drawShape, drawTrack, placeOfDot, type View } from './draw-dot.ts';
import css from './stage.module.css';

export type Route = (from: string, to: string) => Track | undefined;
interface Way { readonly dot: Dot; readonly track: Track }

/** What moves from a row, with the ways; kept while the same row moves. */
function waysAt(row: number, route: Route): readonly Way[] {
  return dotsOf(useStore.getState().events, row).flatMap((dot) => { const track = route(dot.from, dot.to); return track ? [{ dot, track }] : []; });
}

function sized(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const { clientWidth: w, clientHeight: h } = canvas;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, w, h);
  return context;
}

export function Dots({ route, view }: { readonly route: Route; readonly view: View }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const live = useRef({ route, view });
  useEffect(() => { live.current = { route, view }; }, [route, view]);
  useEffect(() => {
    let handle = 0;
    let isDrawn = false;
    let kept: { readonly row: number; readonly route: Route; readonly ways: readonly Way[] } | undefined;
    const draw = (time: number): void => {
      handle = requestAnimationFrame(draw);
      const now = moving.current;
      if (!canvas.current || (!now && !isDrawn && !crowd.current)) return;
      const context = sized(canvas.current);
      isDrawn = now !== undefined;
      const { route: way, view: at } = live.current;
      if (context && crowd.current) for (const { dot, track, progress } of crowd.current(way, time)) drawShape(context, placeOfDot(track, dot, progress, at), dot, at.zoom);
      if (!context || !now) return;
      if (kept?.row !== now.row || kept.route !== way) { kept = { row: now.row, route: way, ways: waysAt(now.row, way) }; canvas.current.dataset.moving = String(kept.ways.length); }
      for (const { dot, track } of kept.ways) drawTrack(context, track, dot, at);
      kept.ways.forEach(({ dot, track }, i) => { const point = placeOfDot(track, dot, now.progress, at); drawShape(context, point, dot, at.zoom); if (i === 0) drawLabel(context, point, dot, at.zoom); });
    };
    handle = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(handle);
  }, []);
  return <canvas ref={canvas} className={css.dots} data-testid="dots" aria-hidden="true" />;
}
