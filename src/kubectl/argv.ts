/** kubectl's command line. */
import { BOOLS, boolOf, DEPRECATED, wrongValue } from './flag-forms.ts';
import { flagKind } from './flags.ts';

export interface Argv {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** Values of flags that may be given more than once, such as --from-literal. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  /** What follows '--'. */
  readonly rest: readonly string[] | undefined;
  /** Flags that are given and deprecated. */
  readonly deprecated: readonly string[];
  /** A flag that is not known or lacks its value, in kubectl's words. */
  readonly error?: string;
}

const LONG: Readonly<Record<string, string>> = {
  n: 'namespace',
  o: 'output',
  f: 'filename',
  l: 'selector',
  c: 'container',
  A: 'all-namespaces',
  w: 'watch',
  R: 'recursive',
  L: 'label-columns',
  k: 'kustomize',
  s: 'server',
  i: 'stdin',
  t: 'tty',
  q: 'quiet',
  r: 'replicas',
  h: 'help',
};

/** '-n, --namespace', '--grace-period' */
function named(command: string, long: string): string {
  const letter = Object.keys(LONG).find((key) => LONG[key] === long && flagKind(command, key) !== undefined);
  return `${letter === undefined ? '' : `-${letter}, `}--${long}`;
}

/** The value of a flag that is given without one. */
const BARE: Readonly<Record<string, string>> = { 'dry-run': 'unchanged', cascade: 'background' };

/** Values of these are lists: what is given later is added. */
const LISTS: ReadonlySet<string> = new Set(['label-columns']);

/** Formats of -o that --template completes; it alone is a go-template. */
const TAKES_TEMPLATE: readonly string[] = [
  'go-template',
  'template',
  'jsonpath',
  'jsonpath-as-json',
  'custom-columns',
  'go-template-file',
  'templatefile',
  'jsonpath-file',
];

/** 'a=b=c' as 'a' and 'b=c'. */
export const halves = (word: string): readonly [string, string] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
/** The values of a flag that takes several, each of them with commas. */
export const listOf = ({ all }: Argv, flag: string): readonly string[] => (all.get(flag) ?? []).flatMap((text) => text.split(','));

/** Splits a typed line as a shell would, but that a backslash outside of quotes stays: paths of -o jsonpath have them. */
export function splitLine(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote !== '' && c === quote) quote = '';
    else if (quote === '"' && c === '\\' && /["\\]/.test(line[i + 1] ?? '')) word += line[++i];
    else if (quote !== '') word += c;
    else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (!/\s/.test(c)) word = (word ?? '') + c;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** The full name of a one-letter flag; a few mean other things in some commands. */
function longOf(command: string, letter: string): string {
  if (letter === 'p') return command === 'logs' ? 'previous' : 'patch';
  if (letter === 'f' && command === 'logs') return 'follow';
  if (letter === 'l' && (command === 'run' || command === 'expose')) return 'labels';
  if (letter === 'i' && command === 'delete') return 'interactive';
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
  const deprecated: string[] = [];
  let error: string | undefined;
  const usage = `See 'kubectl ${command} --help' for usage.\n`;
  /** A flag that says no is one that is not there, unless it is one that says yes by itself. */
  const give = (name: string, kind: string, value: string): void => {
    const wrong =
      (kind === '' || BOOLS.has(name)) && boolOf(value) === undefined
        ? `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
        : wrongValue(name, value);
    if (wrong !== undefined) {
      error ??= `error: invalid argument ${JSON.stringify(value)} for "${named(command, name)}" flag: ${wrong}\n${usage}`;
      return;
    }
    if (kind === '' && boolOf(value) === false) {
      flags.delete(name);
      all.delete(name);
      return;
    }
    set(name, value);
  };
  const set = (name: string, value: string): void => {
    if (Object.hasOwn(DEPRECATED, name)) deprecated.push(name);
    flags.set(name, LISTS.has(name) && flags.has(name) ? `${flags.get(name)},${value}` : value);
    all.set(name, [...(all.get(name) ?? []), value]);
  };
  for (let i = 0; i < own.length; i++) {
    const arg = own[i];
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!long && (!arg.startsWith('-') || arg === '-')) {
      words.push(arg);
      if (command === 'exec' && words.length > 1) {
        words.push(...own.slice(i + 1));
        break;
      }
      continue;
    }
    if (long) {
      const kind = flagKind(command, long[1]);
      if (kind === undefined) error ??= `error: unknown flag: --${long[1]}\n${usage}`;
      else if (long[2] !== undefined) give(long[1], kind, long[2]);
      else if (kind !== '=') set(long[1], BARE[long[1]] ?? 'true');
      else if (i + 1 < own.length) give(long[1], kind, own[++i]);
      else error ??= `error: flag needs an argument: --${long[1]}\n${usage}`;
      continue;
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k];
      const kind = flagKind(command, letter);
      if (kind === undefined) {
        error ??= `error: unknown shorthand flag: '${letter}' in ${arg}\n${usage}`;
        break;
      }
      const isGiven = arg[k + 1] === '=';
      if (kind !== '=' && !isGiven) {
        set(longOf(command, letter), 'true');
        continue;
      }
      const glued = arg.slice(k + 1).replace(/^=/, '');
      if (glued !== '' || isGiven) give(longOf(command, letter), kind, glued);
      else if (i + 1 < own.length) give(longOf(command, letter), kind, own[++i]);
      else error ??= `error: flag needs an argument: '${letter}' in ${arg}\n${usage}`;
      break;
    }
  }
  const output = flags.get('output') ?? 'go-template';
  const template = flags.get('template');
  if (template !== undefined && TAKES_TEMPLATE.includes(output)) flags.set('output', `${output}=${template}`);
  return { words, flags, all, rest, deprecated, ...(error === undefined ? {} : { error }) };
}
