import type { kubectl } from '../../kubectl/kubectl.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default { role: 'kubectl', look: (state) => ({ facts: [['command', `kubectl ${state.config.args.join(' ')}`], ['printed', state.printed.map(({ text }) => text).join('') + state.errors]], tables: [] }) } satisfies InsideOf<StateOf<typeof kubectl>>;
