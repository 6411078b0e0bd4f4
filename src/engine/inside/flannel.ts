import type { flannel } from '../../cluster/network/flannel.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default { role: 'flannel', look: (state) => ({ facts: [['subnet', state.podCIDR || 'none yet']], tables: [] }) } satisfies InsideOf<
  StateOf<typeof flannel>
>;
