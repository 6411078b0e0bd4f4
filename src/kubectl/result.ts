/** What a command says of an object that it made or changed. Upstream: cli-runtime pkg/printers/name.go, kubectl pkg/cmd/util DryRunStrategy (v1.36). */
import type { Env } from './command.ts';
import { dryRunOf } from './flag-values.ts';
import { formatted } from './printing.ts';

export const isClientDry = (env: Env): boolean => dryRunOf(env.argv) === 'client';
export const isServerDry = (env: Env): boolean => dryRunOf(env.argv) === 'server';
export const isDry = (env: Env): boolean => isClientDry(env) || isServerDry(env);
export const dryQuery = (env: Env): Readonly<Record<string, string>> => (isServerDry(env) ? { dryRun: 'All' } : {});
/** ' (dry run)' where nothing is kept. */
export const dryWord = (env: Env): string => (isClientDry(env) ? ' (dry run)' : isServerDry(env) ? ' (server dry run)' : '');

/** 'deployment.apps/web created', or the object itself as -o wants it. */
export function resultText(
  env: Env,
  r: {
    readonly name: string;
    readonly word: string;
    readonly object: unknown;
    /** Nothing is said of a dry run. */
    readonly isMute?: true;
  },
): string {
  const output = env.argv.flags.get('output') ?? '';
  if (output === 'name') return `${r.name}\n`;
  const said = formatted(output, r.object) ?? { out: `${r.name} ${r.word}${r.isMute ? '' : dryWord(env)}\n` };
  return 'out' in said ? said.out : '';
}
