/** Programs that start others: env, timeout, xargs, sh, and those that change only how: nohup, nice, … Source: busybox' coreutils and findutils/xargs.c. Simplified: xargs ends as the last program that it starts. */
import { commandOf, compileScript } from './compile.ts';
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell } from './listing.ts';
import { sleepUs } from './sleep.ts';
import { listed } from './variable-commands.ts';

type StartingCommand = (args: readonly string[], shell: Shell) => Effect;

/** What is behind their options. */
const start: StartingCommand = (args) => {
  const at = args.findIndex((a, i) => !a.startsWith('-') && args[i - 1] !== '-n');
  return at < 0 ? ok() : { steps: commandOf(args.slice(at)) };
};

export const STARTING_COMMANDS = { env, timeout, xargs, nohup: start, nice: start, setsid: start, time: start } satisfies Readonly<
  Record<string, StartingCommand>
>;

/** env [-i] [-u NAME] [NAME=VALUE …] [PROGRAM WORD …] */
function env(args: readonly string[], shell: Shell): Effect {
  const isEmpty = args.some((a) => /^-i?$/.test(a));
  const [vars, exported] = isEmpty ? [new Map<string, string>(), new Set<string>()] : [new Map(shell.vars), new Set(shell.exported)];
  let at = 0;
  for (; at < args.length; at++) {
    const [, name, value] = /^([^-=][^=]*)=(.*)$/s.exec(args[at]) ?? [];
    if (name !== undefined) {
      vars.set(name, value);
      exported.add(name);
    } else if (args[at] === '-u') vars.delete(args[++at] ?? '');
    else if (!args[at].startsWith('-')) break;
  }
  return at < args.length ? { steps: commandOf(args.slice(at)), vars, exported } : listed({ vars, exported });
}

/** What takes too long ends as SIGTERM ends it. */
function timeout(args: readonly string[]): Effect {
  const at = args.findIndex((a, i) => !a.startsWith('-') && !/^-[sk]$/.test(args[i - 1] ?? ''));
  const limitUs = sleepUs(args[at]);
  if (limitUs === undefined) return no(`timeout: invalid number '${args[at] ?? ''}'`);
  return { steps: commandOf(args.slice(at + 1)), limitUs };
}

function xargs(args: readonly string[], shell: Shell): Effect {
  const options = new Map<string, string>();
  let at = 0;
  for (; at < args.length && /^-./.test(args[at]); at++) {
    const [, letter, value] = /^-([nIdPLs])(.*)$/.exec(args[at]) ?? [];
    if (letter !== undefined) options.set(letter, value || (args[++at] ?? ''));
    else for (const c of args[at].slice(1)) options.set(c, '');
  }
  const program = at < args.length ? args.slice(at) : ['echo'];
  const mark = options.get('I');
  const separator = options.has('0') ? '\0' : (options.get('d') ?? (mark === undefined ? /\s+/ : '\n'));
  const words = (shell.input ?? '').split(separator).flatMap((word) => (word.trim() === '' ? [] : [word.replace(/\n$/, '')]));
  if (mark !== undefined) return { steps: words.flatMap((word) => commandOf(program.map((part) => part.replaceAll(mark, word.trim())))) };
  if (words.length === 0) return { steps: options.has('r') ? [] : commandOf(program) };
  const most = Number(options.get('n') ?? options.get('L') ?? words.length);
  const runs = Array.from({ length: Math.ceil(words.length / most) }, (_, i) => words.slice(i * most, (i + 1) * most));
  return { steps: runs.flatMap((some) => commandOf([...program, ...some])) };
}

/** sh -c SCRIPT NAME WORD …, sh FILE WORD …, and what it reads. */
export const runScript =
  (program: string) =>
  (args: readonly string[], shell: Shell): Effect => {
    const isCode = args.findIndex((a) => /^-\w*c$/.test(a));
    const at = args.findIndex((a, i) => i > isCode && !a.startsWith('-'));
    if (at < 0 && isCode >= 0) return no('sh: -c requires an argument', 2);
    if (at < 0) return shell.isAtTerminal ? { steps: [], typedAt: program } : { steps: compileScript(shell.input ?? '') };
    if (isCode < 0) return runFile(args[at], args.slice(at + 1), shell) ?? no(`sh: can't open '${args[at]}': No such file or directory`, 2);
    return { steps: compileScript(args[at]), args: args.slice(at + 2) };
  };

/** A file that is there. */
export function runFile(name: string, args: readonly string[], shell: Shell): Effect | undefined {
  const text = shell.files.get(inShell(name, shell));
  return text === undefined ? undefined : { steps: compileScript(text), args };
}
