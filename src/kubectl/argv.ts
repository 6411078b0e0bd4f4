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

/** A command line that is being read; `own`: its words before '--'. */
interface Reading extends Argv {
  readonly command: string;
  readonly own: readonly string[];
  readonly words: string[];
  readonly flags: Map<string, string>;
  readonly all: Map<string, string[]>;
  readonly deprecated: string[];
  error?: string;
}

export function parseArgv(command: string, args: readonly string[]): Argv {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? undefined : args.slice(end + 1);
  const reading: Reading = { command, own, words: [], flags: new Map(), all: new Map(), rest, deprecated: [] };
  for (let i = 0; i < own.length;) i = readAt(reading, i);
  const { words, flags, all, deprecated, error } = reading;
  const output = flags.get('output') ?? 'go-template';
  const template = flags.get('template');
  if (template !== undefined && TAKES_TEMPLATE.includes(output)) flags.set('output', `${output}=${template}`);
  return { words, flags, all, rest, deprecated, ...(error === undefined ? {} : { error }) };
}

/** Reads the argument in a place, with its value if that is the one after it, and returns where to go on. */
function readAt(reading: Reading, i: number): number {
  const arg = reading.own[i];
  const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (long !== undefined) return readLong(reading, i, { name: long, value });
  return arg.startsWith('-') && arg !== '-' ? readLetters(reading, i) : readWord(reading, i);
}

/** What follows a pod's name is the command that exec runs in it. */
function readWord({ command, own, words }: Reading, i: number): number {
  words.push(own[i]);
  if (command !== 'exec' || words.length < 2) return i + 1;
  words.push(...own.slice(i + 1));
  return own.length;
}

function readLong(reading: Reading, i: number, { name, value }: { readonly name: string; readonly value: string | undefined }): number {
  const kind = flagKind(reading.command, name);
  if (kind === undefined) complain(reading, `unknown flag: --${name}`);
  else if (value !== undefined) give(reading, { name, kind, value });
  else if (kind !== '=') set(reading, name, BARE[name] ?? 'true');
  else return giveNext(reading, i, { name, kind, typed: `--${name}` });
  return i + 1;
}

/** Several letters in one word, the last of which may take a value: '-it', '-n=default', '-ojson'. */
function readLetters(reading: Reading, i: number): number {
  const { command, own } = reading;
  const arg = own[i];
  for (let k = 1; k < arg.length; k++) {
    const letter = arg[k];
    const kind = flagKind(command, letter);
    if (kind === undefined) {
      complain(reading, `unknown shorthand flag: '${letter}' in ${arg}`);
      return i + 1;
    }
    const name = longOf(command, letter);
    const isGiven = arg[k + 1] === '=';
    if (kind !== '=' && !isGiven) {
      set(reading, name, 'true');
      continue;
    }
    const value = arg.slice(k + 1).replace(/^=/, '');
    if (value === '' && !isGiven) return giveNext(reading, i, { name, kind, typed: `'${letter}' in ${arg}` });
    give(reading, { name, kind, value });
    return i + 1;
  }
  return i + 1;
}

interface Flag {
  readonly name: string;
  /** As `flagKind` has it. */
  readonly kind: string;
}

/** The value is the argument after it. */
function giveNext(reading: Reading, i: number, { name, kind, typed }: Flag & { readonly typed: string }): number {
  const value = reading.own[i + 1];
  if (value === undefined) complain(reading, `flag needs an argument: ${typed}`);
  else give(reading, { name, kind, value });
  return i + 2;
}

/** A flag that says no is one that is not there, unless it is one that says yes by itself. */
function give(reading: Reading, { name, kind, value }: Flag & { readonly value: string }): void {
  const wrong =
    (kind === '' || BOOLS.has(name)) && boolOf(value) === undefined
      ? `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
      : wrongValue(name, value);
  if (wrong !== undefined)
    complain(reading, `invalid argument ${JSON.stringify(value)} for "${named(reading.command, name)}" flag: ${wrong}`);
  else if (kind === '' && boolOf(value) === false) {
    reading.flags.delete(name);
    reading.all.delete(name);
  } else set(reading, name, value);
}

function set({ flags, all, deprecated }: Reading, name: string, value: string): void {
  if (Object.hasOwn(DEPRECATED, name)) deprecated.push(name);
  flags.set(name, LISTS.has(name) && flags.has(name) ? `${flags.get(name)},${value}` : value);
  all.set(name, [...(all.get(name) ?? []), value]);
}

/** Only what is wrong first is told. */
function complain(reading: Reading, wrong: string): void {
  reading.error ??= `error: ${wrong}\nSee 'kubectl ${reading.command} --help' for usage.\n`;
}
