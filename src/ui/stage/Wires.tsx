/** All wires of the cluster view in one drawing behind the boxes: watches with their eyes, the network under the machines, and the tunnel over it. */
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { controlLeg, EYE, eyeOf, fleetWays, leggedOf, legX, type Wire } from '../../views/cluster-wires.ts';
import type { Scene } from '../../views/cluster.ts';
import { pathOf, type Track } from '../../views/geometry.ts';
import { select } from './select.ts';
import css from './stage.module.css';

export interface WireData extends Record<string, unknown> {
  readonly scene: Scene;
  readonly wires: readonly Wire[];
  readonly tunnel: Track | undefined;
  readonly active: string | undefined;
}

/** A wire can be clicked all along; by keys it is its eye, or its first point, that is chosen. A standing watch is opened by its client: the eye is at that end. */
function Handle({ wire }: { readonly wire: Wire }) {
  const { x, y } = eyeOf(wire.track);
  const name = `Connection of ${wire.id.replace('machine/', '')} with the apiserver${wire.watches.length > 0 ? `: watches ${wire.watches.join(', ')}` : ''}`;
  const choose = (): void => select(`wire/${wire.id}`);
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={name}
      className={css.handle}
      onClick={choose}
      onKeyDown={(e) => {
        if (e.key === 'Enter' || e.key === ' ') {
          e.preventDefault();
          e.stopPropagation();
          choose();
        }
      }}
    >
      <title>{name}</title>
      <path className={css.hit} d={pathOf(wire.track)} />
      {wire.watches.length > 0 && (
        <g transform={`translate(${x} ${y})`} className={css.eye}>
          <rect x={-EYE.w / 2} y={-EYE.h / 2} width={EYE.w} height={EYE.h} rx="8" />
          <path d="M-10 0Q0 -9 10 0Q0 9 -10 0Z" />
          <circle r="2.6" />
        </g>
      )}
    </g>
  );
}

export const Wires = memo(({ data: { scene, wires: all, tunnel, active } }: NodeProps<Node<WireData>>) => {
  const { network, room } = scene;
  const wires = scene.isFleet ? all.filter((w) => w.plane !== 'machine' || w.id === active) : all;
  return (
    <svg className={css.wires} width={room.w} height={room.h}>
      <g aria-hidden="true">
        <path className={css.infra} d={`M${network.left} ${network.y}H${network.right}`} />
        <path className={css.infra} d={pathOf(controlLeg(scene))} />
        {leggedOf(scene).map((m) => (
          <path
            key={m.name}
            className={css.infra}
            data-off={m.isCut ? 'cut' : m.isOff || undefined}
            d={`M${legX(m)} ${m.box.y + m.box.h}V${network.y}`}
          />
        ))}
        <text className={css.cidr} x={network.left + 12} y={network.y - 8}>
          {network.cidr}
        </text>
        {tunnel && (
          <>
            <rect
              className={css.tunnel}
              x={Math.min(tunnel[0].x, tunnel[1].x) - 8}
              y={tunnel[0].y - 10}
              width={Math.abs(tunnel[1].x - tunnel[0].x) + 16}
              height="20"
              rx="10"
            />
            <text className={css.tunnelText} x={(tunnel[0].x + tunnel[1].x) / 2} y={tunnel[0].y + 5}>
              VXLAN · packet in packet
            </text>
          </>
        )}
        {scene.isFleet && fleetWays(scene).map((way, i) => <path key={i} className={css.wire} data-plane="machine" d={pathOf(way)} />)}
        {wires.map((w) => (
          <path key={w.id} className={css.wire} data-plane={w.plane} data-active={w.id === active || undefined} d={pathOf(w.track)} />
        ))}
      </g>
      {wires.map((w) => !(scene.isFleet && w.plane === 'machine') && <Handle key={w.id} wire={w} />)}
    </svg>
  );
});
