/** What is seen inside an address: a machine, or a part of one as its own file shows it; of what does not run, only that. */
import { viewFor } from './component/registry.ts';
import type { Cutaway, Seen } from './cutaway.ts';
import { machineCut, machineLooks } from './machine.ts';

/** Whose insides it needs. */
export const looksOf = (address: string): readonly string[] =>
  address.includes('/') ? [address, ...(viewFor(address)?.alsoLooks?.(address) ?? [])] : machineLooks(address);

/** Undefined where nothing is known of it. */
export function cutOf(seen: Seen): Cutaway | undefined {
  const { address, picture } = seen;
  if (!address.includes('/')) return machineCut(seen);
  const cut = viewFor(address)?.cut(seen);
  if (!cut || picture.actors.has(address)) return cut;
  return {
    ...cut,
    alarm: 'not running',
    subtitle: '',
    panels: cut.panels.map((p) => (p.shape === 'door' ? p : { ...p, isDown: true, content: { kind: 'none' } })),
  };
}
