/** One message on the canvas: the stretch of wire that it runs on, its dot, and what it carries. */
import type { Dot } from '../../views/dots.ts';
import { pointAlong, type Point, type Track } from '../../views/geometry.ts';
import { colourOf, protocolColour } from './colours.ts';

export interface View { readonly x: number; readonly y: number; readonly zoom: number }
const ease = (t: number): number => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t));

export function drawTrack(context: CanvasRenderingContext2D, track: Track, dot: Dot, view: View): void {
  context.strokeStyle = protocolColour(dot.protocol, dot.failed || dot.isLost);
  context.lineWidth = 3 * view.zoom;
  context.lineJoin = 'round';
  context.globalAlpha = 0.85;
  context.setLineDash(dot.protocol === 'watch' ? [7 * view.zoom, 6 * view.zoom] : []);
  context.beginPath();
  track.forEach((p, i) => { const [x, y] = [p.x * view.zoom + view.x, p.y * view.zoom + view.y]; if (i === 0) context.moveTo(x, y); else context.lineTo(x, y); });
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Where the dot is, on the screen. A lost message stops half-way. */
export function placeOfDot(track: Track, dot: Dot, progress: number, view: View): Point {
  const share = dot.isLost ? Math.min(0.55, ease(progress)) : ease(progress);
  const p = pointAlong(track, share);
  return { x: p.x * view.zoom + view.x, y: p.y * view.zoom + view.y };
}

export function drawShape(context: CanvasRenderingContext2D, { x, y }: Point, dot: Dot, zoom: number): void {
  const colour = protocolColour(dot.protocol, dot.failed || dot.isLost);
  const r = 9 * zoom;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 3.500 * zoom;
  context.shadowColor = colour;
  context.shadowBlur = 12 * zoom;
  context.beginPath();
  if (dot.isNested) { context.fillStyle = colourOf('--bg'); context.roundRect(x - r * 1.9, y - r * 1.3, r * 3.800, r * 2.600, 4 * zoom); context.fill(); context.stroke(); context.shadowBlur = 0; context.fillStyle = colour; context.beginPath(); context.roundRect(x - r * 0.9, y - r * 0.6, r * 1.800, r * 1.200, 2 * zoom); context.fill(); return; }
  context.arc(x, y, r, 0, 7);
  if (dot.protocol === 'watch') { context.fillStyle = colourOf('--bg'); context.fill(); context.stroke(); } else context.fill();
  context.shadowBlur = 0;
  if (!dot.failed && !dot.isLost) return;
  context.strokeStyle = colourOf('--bg');
  context.lineWidth = 2.500 * zoom;
  context.beginPath();
  context.moveTo(x - r / 2.200, y - r / 2.200); context.lineTo(x + r / 2.200, y + r / 2.200); context.moveTo(x + r / 2.200, y - r / 2.200); context.lineTo(x - r / 2.200, y + r / 2.200);
  context.stroke();
}

export function drawLabel(context: CanvasRenderingContext2D, at: Point, dot: Dot, zoom: number): void {
  const text = `${dot.text.slice(0, 52)}${dot.count > 1 ? ` ×${dot.count}` : ''}`;
  const size = 15 * zoom;
  context.font = `${size}px "DejaVu Sans Mono", ui-monospace, monospace`;
  const [width, height] = [context.measureText(text).width + 18 * zoom, 26 * zoom];
  const { clientWidth } = context.canvas;
  const left = Math.min(Math.max(6, at.x + 15 * zoom), clientWidth - width - 6);
  const top = at.y - height - 10 * zoom < 4 ? at.y + 14 * zoom : at.y - height - 10 * zoom;
  context.fillStyle = colourOf('--panel');
  context.strokeStyle = protocolColour(dot.protocol, dot.failed || dot.isLost);
  context.lineWidth = 1.500;
  context.beginPath(); context.roundRect(left, top, width, height, 7 * zoom); context.fill(); context.stroke();
  context.fillStyle = colourOf('--ink');
  context.fillText(text, left + 9 * zoom, top + 18 * zoom);
}
