/** All wires of the cluster view in one drawing behind the boxes: watches with their eyes, the network under the machines, and the tunnel over it. */
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { controlLeg, legX, type Wire } from '../../views/cluster-wires.ts';
import type { Scene } from '../../views/cluster.ts';
import { pathOf, type Track } from '../../views/geometry.ts';
import css from './stage.module.css';

export interface WireData extends Record<string, unknown> { readonly scene: Scene; readonly wires: readonly Wire[]; readonly tunnel: Track | undefined; readonly active: string | undefined }

/** A standing watch is opened by its client: the eye is at that end. */
function Eye({ at, what }: { readonly at: { readonly x: number; readonly y: number }; readonly what: string }) {
  return <g transform={`translate(${at.x} ${at.y - 9})`} className={css.eye}><title>{what}</title><rect x="-13" y="-8" width="26" height="16" rx="8" /><path d="M-10 0Q0 -9 10 0Q0 9 -10 0Z" /><circle r="2.600" /></g>;
}

export const Wires = memo(({ data: { scene, wires, tunnel, active } }: NodeProps<Node<WireData>>) => {
  const { network, room, machines } = scene;
  return (
    <svg className={css.wires} width={room.w} height={room.h} aria-hidden="true">
      <path className={css.infra} d={`M${network.left} ${network.y}H${network.right}`} />
      <path className={css.infra} d={pathOf(controlLeg(scene))} />
      {machines.map((m) => <path key={m.name} className={css.infra} data-off={m.isOff || undefined} d={`M${legX(m)} ${m.box.y + m.box.h}V${network.y}`} />)}
      <text className={css.cidr} x={network.left + 12} y={network.y - 8}>{network.cidr}</text>
      {tunnel && <><rect className={css.tunnel} x={Math.min(tunnel[0].x, tunnel[1].x) - 8} y={tunnel[0].y - 10} width={Math.abs(tunnel[1].x - tunnel[0].x) + 16} height="20" rx="10" /><text className={css.tunnelText} x={(tunnel[0].x + tunnel[1].x) / 2} y={tunnel[0].y + 5}>VXLAN · packet in packet</text></>}
      {wires.map((w) => <path key={w.id} className={css.wire} data-plane={w.plane} data-active={w.id === active || undefined} d={pathOf(w.track)} />)}
      {wires.filter((w) => w.watches.length > 0).map((w) => <Eye key={w.id} at={w.track[0]} what={`watches ${w.watches.join(', ')}`} />)}
    </svg>
  );
});
