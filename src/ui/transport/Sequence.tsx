/** The sequence diagram below the stage: lanes, messages, a cursor that can be dragged. Drawn on a canvas; a slider for the keyboard and for readers. */
import { m } from 'framer-motion';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { beatAt } from '../../story/beats.ts';
import { fromBelow } from '../design/motion.ts';
import { isShown } from '../../story/hop-words.ts';
import { rowAtX, sequenceOf, xOfRow, type Arrow } from '../../views/sequence.ts';
import { useFields } from '../app/store.ts';
import { goTo, stepBack, stepForward } from './playback.ts';
import { draw } from './sequence-drawing.ts';
import css from './sequence.module.css';

/** Of the lanes' names, at the smallest size. */
const TITLES = 172;
const SMALL = 14.4;
/** Of texts, the line above the lanes, a lane and all of it, px. `room`: in the stage's place it has this height, and can be read from afar; below it less where the window is low. */
function sizesOf(lanes: number, room: number | undefined) {
  const least = window.innerHeight < 900 ? 17 : 21;
  const text = room === undefined ? SMALL : Math.max(SMALL, window.innerHeight / 45);
  const top = text + 6;
  const lane = room === undefined ? least : Math.max(least, (room - top - 4) / lanes);
  return { text, top, lane, height: top + lanes * lane + 4 };
}

/** How large the parent of an element is, px. */
function useRoom(element: RefObject<HTMLElement | null>): { readonly w: number; readonly h: number } {
  const [room, setRoom] = useState({ w: 800, h: 300 });
  useEffect(() => {
    const parent = element.current?.parentElement;
    if (!parent) return undefined;
    const observer = new ResizeObserver(() => setRoom({ w: parent.clientWidth, h: parent.clientHeight }));
    observer.observe(parent);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

/** Up and down, since ← and → step everywhere. */
function onKey(event: KeyboardEvent): void {
  const step = event.key === 'ArrowUp' ? stepForward : event.key === 'ArrowDown' ? stepBack : undefined;
  if (!step) return;
  event.preventDefault();
  step();
}

export default function Sequence() {
  const { events, beats, row, bootRows, theme, isPresenting } = useFields('events', 'beats', 'row', 'bootRows', 'theme', 'isPresenting');
  const diagram = useMemo(
    () => sequenceOf({ events, beats, stops: events.flatMap((event, i) => (i >= bootRows && isShown(event) ? [i] : [])) }),
    [events, beats, bootRows],
  );
  const canvas = useRef<HTMLCanvasElement>(null);
  const { w: width, h } = useRoom(canvas);
  const [hovered, setHovered] = useState<Arrow>();
  /** Where the diagram stands still while it is dragged over. */
  const [held, setHeld] = useState<number>();
  const { text, top, lane, height } = sizesOf(diagram.lanes.length, isPresenting ? h : undefined);
  const cursor = xOfRow(diagram, row);
  const scroll = Math.max(0, Math.min(diagram.width - width + 24, cursor - width * 0.6));
  const left = held ?? scroll;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, { diagram, left, row, hovered, width, height, lane, text, top });
  }, [diagram, left, row, hovered, width, height, lane, text, top, theme]);
  const xOf = (event: PointerEvent): number => event.clientX - event.currentTarget.getBoundingClientRect().left + left;
  const near = (event: PointerEvent): Arrow | undefined => {
    const x = xOf(event);
    return diagram.arrows.find((a) => Math.abs(a.x - x) <= 6);
  };
  const now = beatAt(beats, row);
  return (
    <m.div
      {...fromBelow}
      className={css.sequence}
      data-testid="sequence"
      style={{ height: isPresenting ? '100%' : height, fontSize: text, gridTemplateColumns: `${(TITLES * text) / SMALL}px 1fr` }}
    >
      <ol className={css.lanes} style={{ paddingTop: top }}>
        {diagram.lanes.map(({ id, title }) => (
          <li key={id} style={{ height: lane, lineHeight: `${lane}px` }}>
            {title}
          </li>
        ))}
      </ol>
      <div
        className={css.canvas}
        role="slider"
        tabIndex={0}
        aria-label="Beat"
        aria-valuemin={0}
        aria-valuemax={beats.length}
        aria-valuenow={now}
        aria-valuetext={beats[now - 1]?.title ?? 'before the first beat'}
        onKeyDown={onKey}
        onPointerDown={(e) => {
          setHeld(left);
          e.currentTarget.setPointerCapture(e.pointerId);
          goTo(rowAtX(diagram, xOf(e)));
        }}
        onPointerMove={(e) => {
          if (held !== undefined) goTo(rowAtX(diagram, xOf(e)));
          else setHovered(near(e));
        }}
        onPointerUp={() => {
          setHeld(undefined);
          setHovered(undefined);
        }}
        onPointerLeave={() => setHovered(undefined)}
      >
        <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
      </div>
    </m.div>
  );
}
