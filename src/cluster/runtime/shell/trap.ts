/** `trap`: what a shell wants done when it is asked to end, and when it ends by itself. Simplified: of the signals SIGTERM alone. */
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

/** Where a script keeps what it wants done on SIGTERM; '': nothing. */
export const TRAP = '\u0000trap';
/** And at its end. */
export const ON_EXIT = '\u0000exit';

const CONDITIONS = [
  [TRAP, /^(?:SIG)?TERM$|^15$/],
  [ON_EXIT, /^EXIT$|^0$/],
] as const;

export function trap([action, ...words]: readonly string[], { vars }: Shell): Effect {
  for (const [key, name] of CONDITIONS) {
    if (!words.some((word) => name.test(word))) continue;
    if (action === '-') vars.delete(key);
    else vars.set(key, action);
  }
  return ok();
}
