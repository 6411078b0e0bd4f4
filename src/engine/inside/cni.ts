import type { cni } from '../../cluster/network/cni.ts';
import { table } from '../../story/inside.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'cni',
  look: (state) => ({
    facts: [
      ['pod addresses', state.conf?.podCIDR ?? 'not configured'],
      ['gateway', state.conf?.gateway ?? '—'],
    ],
    tables: [
      table(
        'leases',
        ['address', 'sandbox'],
        [...state.leases].map(([id, ip]) => [ip, id.slice(0, 12)]),
      ),
    ],
  }),
} satisfies InsideOf<StateOf<typeof cni>>;
