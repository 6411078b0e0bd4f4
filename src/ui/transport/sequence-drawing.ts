/** Draws the sequence diagram on its canvas: columns for beats, lanes for who speaks, an arrow for each message. */
import { IDLE_US } from '../../story/beats.ts';
import { hopWords } from '../../story/hop-words.ts';
import { xOfRow, type Arrow, type Sequence as Diagram } from '../../views/sequence.ts';
import { useStore } from '../app/store.ts';
import { colourOf, protocolColour } from '../stage/colours.ts';

export interface View {
  readonly diagram: Diagram;
  readonly left: number;
  readonly row: number;
  readonly hovered: Arrow | undefined;
  readonly width: number;
  readonly height: number;
  readonly lane: number;
  /** How high texts are, and the line of the beats' numbers above the lanes. */
  readonly text: number;
  readonly top: number;
}

export function draw(canvas: HTMLCanvasElement, view: View): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = window.devicePixelRatio;
  canvas.width = view.width * ratio;
  canvas.height = view.height * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawColumns(context, view);
  for (const arrow of view.diagram.arrows)
    if (arrow.x >= view.left - 20 && arrow.x <= view.left + view.width) drawArrow(context, view, arrow);
  const x = xOfRow(view.diagram, view.row) - view.left;
  context.globalAlpha = 1;
  context.fillStyle = colourOf('--ink');
  context.fillRect(x - 1, 0, 2, view.height);
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 8);
  context.fill();
  if (view.hovered) drawHint(context, view, view.hovered);
}

const laneY = (view: View, lane: number): number => view.top + (lane + 0.5) * view.lane;

function drawColumns(context: CanvasRenderingContext2D, view: View): void {
  const { diagram, left, width, row, text, top } = view;
  const bottom = top + diagram.lanes.length * view.lane;
  context.font = `${text}px "DejaVu Sans", system-ui, sans-serif`;
  diagram.columns.forEach((column, i) => {
    const x = column.x - left;
    if (x + column.w < -60 || x > width) return;
    const isNow = row > column.from && row <= column.to;
    context.globalAlpha = 1;
    context.fillStyle = isNow ? colourOf('--card') : 'transparent';
    if (isNow) context.fillRect(x, 0, column.w, bottom);
    context.fillStyle = isNow ? colourOf('--ink') : colourOf('--dim');
    if (isNow || context.measureText(String(i + 1)).width + 8 < column.w) context.fillText(String(i + 1), x + 4, top - 5);
    if (column.idleUs >= IDLE_US) {
      context.strokeStyle = colourOf('--dim');
      context.lineWidth = 1;
      context.beginPath();
      for (let y = 0; y <= bottom; y += 8) context.lineTo(x - 28 + ((y / 8) % 2 === 0 ? -4 : 4), y);
      context.stroke();
      const idle = `${(column.idleUs / 1e6).toFixed(column.idleUs < 1e8 ? 1 : 0)} s`;
      const w = context.measureText(idle).width + 8;
      context.fillStyle = colourOf('--bar');
      context.fillRect(x - 28 - w / 2, 2, w, top - 3);
      context.fillStyle = colourOf('--dim');
      context.fillText(idle, x - 28 - w / 2 + 4, top - 5);
    }
  });
  context.strokeStyle = colourOf('--line');
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  for (let lane = 0; lane < diagram.lanes.length; lane++) {
    context.beginPath();
    context.moveTo(0, laneY(view, lane));
    context.lineTo(width, laneY(view, lane));
    context.stroke();
  }
}

function drawArrow(context: CanvasRenderingContext2D, view: View, arrow: Arrow): void {
  const { left, row, hovered } = view;
  const hop = useStore.getState().events[arrow.row];
  if (hop?.type !== 'hop' && hop?.type !== 'lost') return;
  const words = hopWords(hop);
  const [x, from, to] = [arrow.x - left, laneY(view, arrow.from), laneY(view, arrow.to)];
  context.globalAlpha = arrow.row < row || arrow === hovered ? 1 : 0.35;
  context.strokeStyle = context.fillStyle = protocolColour(words.protocol, words.failed);
  context.lineWidth = arrow === hovered ? 3.5 : 2;
  if (from === to) {
    context.beginPath();
    context.arc(x, from, 4, 0, 7);
    context.stroke();
    return;
  }
  const way = to > from ? 1 : -1;
  context.setLineDash(words.protocol === 'watch' ? [3, 3] : []);
  context.beginPath();
  context.moveTo(x, from);
  context.lineTo(x, to - way * 5);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, from, 2.5, 0, 7);
  context.fill();
  context.beginPath();
  context.moveTo(x - 4, to - way * 7);
  context.lineTo(x + 4, to - way * 7);
  context.lineTo(x, to);
  context.fill();
}

function drawHint(context: CanvasRenderingContext2D, view: View, arrow: Arrow): void {
  const { left, width, text: size } = view;
  const hop = useStore.getState().events[arrow.row];
  if (hop?.type !== 'hop' && hop?.type !== 'lost') return;
  context.font = `${size}px "DejaVu Sans Mono", ui-monospace, monospace`;
  const { text } = hopWords(hop);
  const w = context.measureText(text).width + 16;
  const x = Math.min(Math.max(4, arrow.x - left + 10), width - w - 4);
  const y = Math.min(laneY(view, arrow.from), laneY(view, arrow.to)) + 2;
  context.globalAlpha = 1;
  context.fillStyle = colourOf('--panel');
  context.strokeStyle = colourOf('--line');
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x, y, w, size + 10, 6);
  context.fill();
  context.stroke();
  context.fillStyle = colourOf('--ink');
  context.fillText(text, x + 8, y + size + 3);
}
