/** kubectl's command line. */
import { flagKind } from './flags.ts';

export interface Argv {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** Values of flags that may be given more than once, such as --from-literal. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  /** What follows '--'. */
  readonly rest: readonly string[] | undefined;
  /** A flag that is not known or lacks its value, in kubectl's words. */
  readonly error?: string;
}

const LONG: Readonly<Record<string, string>> = { n: 'namespace', o: 'output', f: 'filename', l: 'selector', c: 'container', A: 'all-namespaces', w: 'watch', R: 'recursive', L: 'label-columns', k: 'kustomize', s: 'server', i: 'stdin', t: 'tty', q: 'quiet', r: 'replicas', h: 'help' };

/** The value of a flag that is given without one. */
const BARE: Readonly<Record<string, string>> = { 'dry-run': 'unchanged', cascade: 'background' };

/** Splits a typed line as a shell would. */
export function splitLine(line: string): readonly string[] {
  return (line.match(/"([^"]*)"|'([^']*)'|[^\s"']+(?:"[^"]*"|'[^']*')*/g) ?? []).map((w) => w.replace(/^(["'])(.*)\1$/s, '$2').replace(/=(["'])(.*)\1$/s, '=$2'));
}

/** The full name of a one-letter flag; a few mean other things in some commands. */
function longOf(command: string, letter: string): string {
  if (letter === 'p') return command === 'logs' ? 'previous' : 'patch';
  if (letter === 'f' && command === 'logs') return 'follow';
  if (letter === 'l' && (command === 'run' || command === 'expose')) return 'labels';
  if (letter === 'c' && command.startsWith('set ')) return 'containers';
  if (letter === 'e' && command === 'set env') return 'env';
  return LONG[letter] ?? letter;
}

export function parseArgv(command: string, args: readonly string[]): Argv {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const all = new Map<string, string[]>();
  const end = args.indexOf('--');
  const rest = end < 0 ? undefined : args.slice(end + 1);
  const own = end < 0 ? args : args.slice(0, end);
  let error: string | undefined;
  const set = (name: string, value: string): void => { flags.set(name, value); all.set(name, [...(all.get(name) ?? []), value]); };
  for (let i = 0; i < own.length; i++) {
    const arg = own[i];
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!long && (!arg.startsWith('-') || arg === '-')) { words.push(arg); if (command === 'exec' && words.length > 1) { words.push(...own.slice(i + 1)); break; } continue; }
    if (long) {
      const kind = flagKind(command, long[1]);
      if (kind === undefined) error ??= `error: unknown flag: --${long[1]}\nSee 'kubectl ${command} --help' for usage.\n`;
      else if (long[2] !== undefined) set(long[1], long[2]);
      else if (kind !== '=') set(long[1], BARE[long[1]] ?? 'true');
      else if (i + 1 < own.length) set(long[1], own[++i]);
      else error ??= `error: flag needs an argument: --${long[1]}\nSee 'kubectl ${command} --help' for usage.\n`;
      continue;
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k];
      const kind = flagKind(command, letter);
      if (kind === undefined) { error ??= `error: unknown shorthand flag: '${letter}' in ${arg}\nSee 'kubectl ${command} --help' for usage.\n`; break; }
      if (kind !== '=') { set(longOf(command, letter), 'true'); continue; }
      const glued = arg.slice(k + 1).replace(/^=/, '');
      if (glued !== '') set(longOf(command, letter), glued);
      else if (i + 1 < own.length) set(longOf(command, letter), own[++i]);
      else error ??= `error: flag needs an argument: '${letter}' in ${arg}\nSee 'kubectl ${command} --help' for usage.\n`;
      break;
    }
  }
  return { words, flags, all, rest, ...(error === undefined ? {} : { error }) };
}
