import type { process } from '../../cluster/runtime/process.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf, type StateOf } from './inside-of.ts';

export default {
  role: 'process',
  look: (state) => ({
    facts: [
      ['listens on', state.config.ports.join(', ') || '—'],
      ['requests', String(state.requests)],
    ],
    tables: [
      table(
        'log',
        ['at', 'line'],
        state.log.slice(-50).map((l) => [seconds(l.at), l.text]),
      ),
    ],
  }),
} satisfies InsideOf<StateOf<typeof process>>;
