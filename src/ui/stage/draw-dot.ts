/** One message on the canvas: the stretch of wire that it runs on, its dot, and what it carries. */
import type { Dot } from '../../views/dots.ts';
import { pointAlong, type Box, type Point, type Room, type Track } from '../../views/geometry.ts';
import { colourOf, protocolColour } from './colours.ts';

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}
const ease = (t: number): number => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t));

export function drawTrack(context: CanvasRenderingContext2D, track: Track, dot: Dot, view: View): void {
  context.strokeStyle = protocolColour(dot.protocol, dot.failed || dot.isLost);
  context.lineWidth = 3 * view.zoom;
  context.lineJoin = 'round';
  context.globalAlpha = 0.85;
  context.setLineDash(dot.protocol === 'watch' ? [7 * view.zoom, 6 * view.zoom] : []);
  context.beginPath();
  track.forEach((p, i) => {
    const [x, y] = [p.x * view.zoom + view.x, p.y * view.zoom + view.y];
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
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

/** Shapes with their glow are painted once each; a frame only copies them. */
const sprites = new Map<string, HTMLCanvasElement>();
const RADIUS = 9;
const HALF = 23;

export function drawShape(context: CanvasRenderingContext2D, { x, y }: Point, dot: Dot, zoom: number): void {
  const colour = protocolColour(dot.protocol, dot.failed || dot.isLost);
  const shape = dot.isNested ? 'nested' : dot.failed || dot.isLost ? 'failed' : dot.protocol === 'watch' ? 'hollow' : 'full';
  const ratio = window.devicePixelRatio * zoom;
  const key = `${colour} ${shape} ${ratio.toFixed(3)}`;
  let sprite = sprites.get(key);
  if (!sprite) {
    sprite = paint(colour, shape, ratio);
    sprites.set(key, sprite);
  }
  context.drawImage(sprite, x - HALF * zoom, y - HALF * zoom, 2 * HALF * zoom, 2 * HALF * zoom);
}

function paint(colour: string, shape: 'nested' | 'failed' | 'hollow' | 'full', ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(2 * HALF * ratio);
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.setTransform(ratio, 0, 0, ratio, HALF * ratio, HALF * ratio);
  context.fillStyle = shape === 'nested' || shape === 'hollow' ? colourOf('--bg') : colour;
  context.strokeStyle = colour;
  context.lineWidth = 3.5;
  context.shadowColor = colour;
  context.shadowBlur = 8 * ratio;
  context.beginPath();
  if (shape === 'nested') context.roundRect(-17, -12, 34, 24, 4);
  else context.arc(0, 0, RADIUS, 0, 7);
  context.fill();
  if (shape !== 'full') context.stroke();
  context.shadowBlur = 0;
  context.beginPath();
  if (shape === 'nested') {
    context.fillStyle = colour;
    context.roundRect(-8, -5, 16, 10, 2);
    context.fill();
  }
  if (shape === 'failed') {
    context.strokeStyle = colourOf('--bg');
    context.lineWidth = 2.5;
    context.moveTo(-4, -4);
    context.lineTo(4, 4);
    context.moveTo(4, -4);
    context.lineTo(-4, 4);
    context.stroke();
  }
  return canvas;
}

/** The words that a message carries, and the room that they need at zoom 1. */
export const labelOf = ({ text, count }: Dot): string => `${text.slice(0, 52)}${count > 1 ? ` ×${count}` : ''}`;
const FONT = '"DejaVu Sans Mono", ui-monospace, monospace';
export function roomOfLabel(context: CanvasRenderingContext2D, text: string): Room {
  context.font = `15px ${FONT}`;
  return { w: context.measureText(text).width + 18, h: 26 };
}

export function drawLabel(context: CanvasRenderingContext2D, { x, y, w, h }: Box, dot: Dot, view: View): void {
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.zoom, view.zoom);
  context.fillStyle = colourOf('--panel');
  context.strokeStyle = protocolColour(dot.protocol, dot.failed || dot.isLost);
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(x, y, w, h, 7);
  context.fill();
  context.stroke();
  context.fillStyle = colourOf('--ink');
  context.font = `15px ${FONT}`;
  context.fillText(labelOf(dot), x + 9, y + 18);
  context.restore();
}
