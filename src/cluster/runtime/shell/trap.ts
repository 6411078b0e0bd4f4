/** `trap`: what a script wants done when it is asked to end. Simplified: of the signals SIGTERM alone. */
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

/** Where a script keeps what it wants done on SIGTERM; '': nothing. */
export const TRAP = '\u0000trap';

export function trap(args: readonly string[], { vars }: Shell): Effect {
  if (!args.some((word, i) => i > 0 && /^(?:SIG)?TERM$|^15$/.test(word))) return ok();
  if (args[0] === '-') vars.delete(TRAP);
  else vars.set(TRAP, args[0]);
  return ok();
}
