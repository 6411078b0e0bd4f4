/** Commands about variables: env, printenv, export, local, unset. Simplified: a shell's variables are all in the environment, and those of a function outlive it. */
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

export const env = (args: readonly string[], { vars }: Shell): Effect => {
  const names = args.filter((a) => !a.startsWith('-'));
  if (names.length === 0)
    return ok(
      [...vars]
        .filter(([k]) => !k.startsWith('\u0000'))
        .map(([k, v]) => `${k}=${v}\n`)
        .join(''),
    );
  return { status: names.every((n) => vars.has(n)) ? 0 : 1, out: names.flatMap((n) => (vars.has(n) ? [`${vars.get(n)}\n`] : [])).join('') };
};

export function exportVariables(args: readonly string[], { vars }: Shell): Effect {
  for (const word of args) {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (key !== undefined) vars.set(key, value);
  }
  return ok();
}

export function unset(args: readonly string[], { vars }: Shell): Effect {
  for (const name of args) if (!name.startsWith('-')) vars.delete(name);
  return ok();
}
