/** The cluster in small, while we are inside something: where we are in it, and a way to somewhere else. */
import { useMemo } from 'react';
import { momentAt } from '../../../views/moment.ts';
import { pictureAt } from '../../../story/picture.ts';
import { LEAST, sceneOf } from '../../../views/cluster.ts';
import { slotsAt } from '../../../views/slots.ts';
import { useFields } from '../../app/store.ts';
import { jumpTo } from '../zoom.ts';
import css from './crumbs.module.css';

export function MiniMap({ at, machine }: { readonly at: string; readonly machine: string }) {
  const { book, beats, bootRows } = useFields('book', 'beats', 'bootRows');
  const scene = useMemo(
    () =>
      sceneOf({ picture: pictureAt(book, bootRows), moment: momentAt(book, beats, bootRows), slots: slotsAt(book, bootRows), room: LEAST }),
    [book, beats, bootRows],
  );
  const boxes = [
    { id: scene.controlPlane.name, box: scene.controlPlane.box },
    ...scene.components.filter((c) => c.plane === 'control' || c.plane === 'storage').map((c) => ({ id: c.address, box: c.box })),
    ...scene.machines.map((m) => ({ id: m.name, box: m.box })),
  ];
  return (
    <svg
      className={css.map}
      viewBox={`0 0 ${scene.room.w} ${scene.room.h}`}
      role="img"
      aria-label={`Map: we are at ${at}`}
      data-testid="minimap"
    >
      {boxes.map(({ id, box }) => (
        <rect
          key={id}
          x={box.x}
          y={box.y}
          width={box.w}
          height={box.h}
          rx="14"
          data-here={id === at || (id === machine && at !== machine && !boxes.some((b) => b.id === at)) || undefined}
          onClick={() => jumpTo(id)}
        >
          <title>{id}</title>
        </rect>
      ))}
    </svg>
  );
}
