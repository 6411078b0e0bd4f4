/** Commands about variables: printenv, export, readonly, unset. Simplified: what is read-only can be set again. */
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** What programs have of the variables. */
export const environment = ({ vars, exported }: Pick<Shell, 'vars' | 'exported'>): readonly (readonly [string, string])[] =>
  [...vars].filter(([name]) => exported.has(name));
export const listed = (shell: Pick<Shell, 'vars' | 'exported'>): Effect =>
  ok(
    environment(shell)
      .map(([k, v]) => `${k}=${v}\n`)
      .join(''),
  );

export function printenv(args: readonly string[], shell: Shell): Effect {
  const names = args.filter((a) => !a.startsWith('-'));
  if (names.length === 0) return listed(shell);
  const values = new Map(environment(shell));
  return {
    status: names.every((n) => values.has(n)) ? 0 : 1,
    out: names.flatMap((n) => (values.has(n) ? [`${values.get(n)}\n`] : [])).join(''),
  };
}

/** `export -p` prints what a shell could read again. */
export function exportVariables(args: readonly string[], shell: Shell): Effect {
  const words = args.filter((a) => !a.startsWith('-'));
  if (words.length === 0)
    return ok(
      environment(shell)
        .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
        .join(''),
    );
  for (const word of words) shell.exported.add(ASSIGNMENT.exec(word)?.[1] ?? word);
  return setVariables(words, shell);
}

export function setVariables(args: readonly string[], { vars }: Shell): Effect {
  for (const word of args) {
    const [, key, value] = ASSIGNMENT.exec(word) ?? [];
    if (key !== undefined) vars.set(key, value);
  }
  return ok();
}

export function unset(args: readonly string[], { vars, exported }: Shell): Effect {
  for (const name of args) {
    vars.delete(name);
    exported.delete(name);
  }
  return ok();
}
