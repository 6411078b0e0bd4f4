/** The machines of a fleet: a tile each, with the number of its pods. Plain DOM in one box, so that thousands stay cheap. */
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { many } from '../../lib/many.ts';
import type { MachineBox } from '../../views/cluster-machines.ts';
import type { Focus, Ring } from '../../views/focus.ts';
import { entering } from './Opener.tsx';
import { placed } from './placed.ts';
import { stateOf, tileWords } from './machine-words.ts';
import css from './stage.module.css';

export interface FleetData extends Record<string, unknown> {
  readonly machines: readonly MachineBox[];
  readonly focus: Focus;
}
/** The least width that a number of two digits needs, px. */
const NUMBER_W = 26;

interface Shown {
  readonly m: MachineBox;
  readonly ring: Ring | undefined;
  readonly glows: boolean;
}
const isAlike = (a: Shown, b: Shown): boolean =>
  a.ring === b.ring &&
  a.glows === b.glows &&
  a.m.total === b.m.total &&
  a.m.unready === b.m.unready &&
  stateOf(a.m) === stateOf(b.m) &&
  a.m.isCordoned === b.m.isCordoned &&
  a.m.box.x === b.m.box.x &&
  a.m.box.y === b.m.box.y &&
  a.m.box.w === b.m.box.w &&
  a.m.box.h === b.m.box.h;

const Tile = memo(({ m, ring, glows }: Shown) => {
  const words = tileWords(m);
  return (
    <button
      type="button"
      className={css.tile}
      style={
        {
          ...placed(m.box),
          '--full': `${m.capacity > 0 ? Math.min(100, Math.round((100 * m.total) / m.capacity)) : 0}%`,
        } as React.CSSProperties
      }
      data-state={stateOf(m) ? 'bad' : undefined}
      data-unready={m.unready > 0 || undefined}
      data-ring={ring}
      data-glow={glows || undefined}
      title={words}
      aria-label={words}
      {...entering(m.name, `machine/${m.name}`)}
    >
      {m.total > 0 && m.box.w >= NUMBER_W ? m.total : ''}
    </button>
  );
}, isAlike);

export const Fleet = memo(({ data: { machines, focus } }: NodeProps<Node<FleetData>>) => {
  const actor = /^(?:machine|part)\/([^/]+)/.exec(focus.glow ?? '')?.[1];
  return (
    <div role="group" aria-label={many(machines.length, 'machine')}>
      {machines.map((m) => (
        <Tile
          key={m.name}
          m={m}
          ring={focus.rings.get(`machine/${m.name}`) ?? focus.rings.get(`part/${m.name}/kube-proxy`)}
          glows={actor === m.name}
        />
      ))}
    </div>
  );
});
