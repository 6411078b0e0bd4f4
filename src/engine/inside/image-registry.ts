import type { imageRegistry } from '../../cluster/runtime/registry.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'registry',
  look: (state) => ({ facts: [['manifests served', String(state.served)]], tables: [] }),
} satisfies InsideOf<StateOf<typeof imageRegistry>>;
