import type { kubectl } from '../../kubectl/kubectl.ts';
import { inOrder } from '../../kubectl/written.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'kubectl',
  look: (state) => ({
    facts: [
      ['command', `kubectl ${state.config.args.join(' ')}`],
      [
        'printed',
        inOrder(state)
          .map(({ text }) => text)
          .join(''),
      ],
    ],
    tables: [],
  }),
} satisfies InsideOf<StateOf<typeof kubectl>>;
