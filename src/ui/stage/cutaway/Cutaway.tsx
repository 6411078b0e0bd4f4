/** A machine or a component, cut open. Loaded when somebody enters. */
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { pictureAt } from '../../../story/picture.ts';
import { cutOf, looksOf } from '../../../views/cut-of.ts';
import { anchorIn, placeIn, wireBetween, type Cutaway as Scene, type Panel as PanelScene } from '../../../views/cutaway.ts';
import { bow, middle, pathOf, type Room } from '../../../views/geometry.ts';
import { momentAt } from '../../../views/moment.ts';
import { slotsAt } from '../../../views/slots.ts';
import { useFields } from '../../app/store.ts';
import { Dots } from '../Dots.tsx';
import { textScale } from '../text-scale.ts';
import { useInsides } from '../use-insides.ts';
import { Crumbs } from './Crumbs.tsx';
import { Panel } from './Panel.tsx';
import css from './cutaway.module.css';

/** The room that there is, in the units of the scenes. */
function useRoom(): { readonly box: React.RefObject<HTMLDivElement | null>; readonly w: number; readonly h: number; readonly size: Room } {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Room>({ w: 0, h: 0 });
  const scale = textScale();
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setSize({ w: element.clientWidth, h: element.clientHeight }));
    setSize({ w: element.clientWidth, h: element.clientHeight });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, size, w: size.w / scale, h: size.h / scale };
}

/** `onReady`: called when it knows what is inside, and can be seen. */
export default function Cutaway({
  at,
  isShown,
  onReady,
}: {
  readonly at: string;
  readonly isShown: boolean;
  readonly onReady: (at: string) => void;
}) {
  return (
    <>
      <Opened at={at} onReady={onReady} />
      <Crumbs at={at} isShown={isShown} />
    </>
  );
}

function Opened({ at, onReady }: { readonly at: string; readonly onReady: (at: string) => void }) {
  const { book, beats, row } = useFields('book', 'beats', 'row');
  const { box, w, h, size } = useRoom();
  const answer = useInsides(useMemo(() => looksOf(at), [at]));
  const moment = useMemo(() => momentAt(book, beats, row), [book, beats, row]);
  const scene = useMemo(
    () =>
      cutOf({
        address: at,
        insides: answer.insides,
        picture: pictureAt(book, row),
        moment,
        slots: slotsAt(book, row),
        events: book.events,
        row,
        room: { w, h },
      }),
    [at, answer, book, moment, row, w, h],
  );
  const route = useMemo(() => routeIn(scene), [scene]);
  const words = useMemo(() => scene?.panels.map((p) => p.box) ?? [], [scene]);
  const isLooking = answer.row < 0;
  // Before it is painted: the zoom that it takes the place of goes in the same frame.
  useLayoutEffect(() => {
    if (!isLooking) onReady(at);
  }, [isLooking, at, onReady]);
  if (isLooking)
    return (
      <div ref={box} className={css.cutaway} data-testid="cutaway" data-row={-1}>
        <p className={css.looking} role="status">
          Looking inside …
        </p>
      </div>
    );
  if (!scene)
    return (
      <div ref={box} className={css.cutaway}>
        Nothing is known of {at}.
      </div>
    );
  const zoom = size.w === 0 ? 1 : Math.min(size.w / scene.room.w, size.h / scene.room.h);
  const view = { x: (size.w - scene.room.w * zoom) / 2, y: (size.h - scene.room.h * zoom) / 2, zoom };
  const actor = moment.actor === undefined ? undefined : placeIn(scene, moment.actor)?.id;
  const next = moment.next === undefined ? undefined : placeIn(scene, moment.next)?.id;
  return (
    <div ref={box} className={css.cutaway} data-testid="cutaway" data-row={answer.row}>
      <div
        className={css.scene}
        style={{ width: scene.room.w, height: scene.room.h, transform: `translate(${view.x}px, ${view.y}px) scale(${zoom})` }}
      >
        <p className={css.subtitle}>
          {scene.alarm && <b data-testid="alarm">✗ {scene.alarm}</b>} {scene.subtitle}
        </p>
        <Wires scene={scene} />
        {scene.panels.map((p: PanelScene) => (
          <Panel key={p.id} panel={p} isActor={p.id === actor} isNext={p.id === next && p.id !== actor} />
        ))}
      </div>
      <Dots route={route} view={view} words={words} />
    </div>
  );
}

function Wires({ scene: { room, wires } }: { readonly scene: Scene }) {
  return (
    <svg className={css.wires} width={room.w} height={room.h} aria-hidden="true">
      {wires.map((w) => (
        <path
          key={w.id}
          data-plane={w.plane}
          data-dashed={w.isDashed || undefined}
          data-thick={w.isThick || undefined}
          data-down={w.isDown}
          d={pathOf(w.track)}
        />
      ))}
      {wires.map((w) => {
        const [first, mid] = [w.track[0], w.track[w.track.length >> 1]];
        const at = w.track.length > 2 ? mid : { x: (first.x + mid.x) / 2, y: (first.y + mid.y) / 2 };
        return (
          w.label && (
            <text key={w.id} x={at.x} y={at.y - 6}>
              {w.label}
            </text>
          )
        );
      })}
    </svg>
  );
}

/** Messages run along the wire between two panels when there is one. */
function routeIn(scene: Scene | undefined) {
  return (from: string, to: string) => {
    const [a, b] = [scene && anchorIn(scene, from), scene && anchorIn(scene, to)];
    return scene && a && b && a !== b ? (wireBetween(scene, a, b) ?? bow(middle(a.box), middle(b.box), 18)) : undefined;
  };
}
