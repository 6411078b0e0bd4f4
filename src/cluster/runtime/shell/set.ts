/** `set`: how the shell itself behaves. Simplified: of its options `-e` and `-a` alone do something. Source: POSIX.1-2024, set. */
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

/** Where a script keeps the letters of its options. */
export const FLAGS = '\u0000flags';
const NAMES: Readonly<Record<string, string>> = { errexit: 'e', nounset: 'u', xtrace: 'x' };

export function set(args: readonly string[], { vars }: Shell): Effect {
  let flags = vars.get(FLAGS) ?? '';
  args.forEach((word, i) => {
    if (!/^[-+]\w+$/.test(word)) return;
    const letters = word.endsWith('o') ? word.slice(1, -1) + (NAMES[args[i + 1] ?? ''] ?? '') : word.slice(1);
    flags = [...flags].filter((letter) => !letters.includes(letter)).join('') + (word.startsWith('-') ? letters : '');
  });
  vars.set(FLAGS, flags);
  return ok();
}
