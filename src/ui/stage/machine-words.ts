/** What a machine's box says of it, as short as its room asks for. */
import { many } from '../../lib/many.ts';
import type { MachineBox } from '../../views/cluster-machines.ts';

export const stateOf = (m: MachineBox): string => (m.isOff ? 'off' : m.isCut ? 'cut off' : m.ready ? '' : 'NotReady');
/** Widths of the header's letters, px: the name's, and what is said beside it; and what its edges and its button need. */
const NAME_CHAR = 9.6;
const CHAR = 8;
const EDGES = 54;
/** In its header; where it is narrow only what is unusual, where it is narrower still nothing. */
export function headOf(m: MachineBox): string {
  const states = [stateOf(m), m.isCordoned ? 'cordoned' : ''].filter(Boolean);
  const pods = many(m.total + m.system, 'pod');
  if (m.box.w < 290) {
    const words = m.isCut ? 'cut off' : m.isCordoned ? 'cordoned' : pods;
    return m.name.length * NAME_CHAR + words.length * CHAR + EDGES <= m.box.w ? words : '';
  }
  return states.length > 1 ? states.join(', ') : `${states[0] ?? m.ip} · ${pods}`;
}

/** What a tile tells when it is asked. */
export function tileWords(m: MachineBox): string {
  const pods = many(m.total, 'pod');
  const words = [m.name, stateOf(m), m.isCordoned ? 'cordoned' : '', m.unready > 0 ? `${m.unready} of ${pods} not ready` : pods];
  return words.filter(Boolean).join(', ');
}
