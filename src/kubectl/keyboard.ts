/** What somebody types into a kubectl that runs: a line with its end, or a key. */
import type { Component } from '../kernel/component.ts';

interface KeyboardConfig {
  /** The address of a kubectl. */
  readonly client: string;
  readonly text: string;
  readonly session: number;
}
export interface TypedIn {
  readonly protocol: 'typed';
  readonly text: string;
}

export const keyboard: Component<null, KeyboardConfig> = {
  role: 'keyboard',
  start({ client, text, session }, ctx) {
    ctx.note({ says: 'kubectl/typed', about: client, with: { text, session } });
    ctx.send(client, { protocol: 'typed', text } satisfies TypedIn);
    ctx.exit(ctx.self, { exitCode: 0 });
    return null;
  },
  handle() {
    /* nobody asks it */
  },
};
