import type { curl } from '../../cluster/network/curl.ts';
import { table } from '../../story/inside.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'curl',
  look: (state) => ({
    facts: [],
    tables: [
      table(
        'names asked for',
        ['name'],
        state.queries.map((name) => [name]),
      ),
    ],
  }),
} satisfies InsideOf<StateOf<typeof curl>>;
