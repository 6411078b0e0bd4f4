/** What the words of a command become: quotes, variables, `$(…)`, `$((…))`, file names. Source: POSIX.1-2024, 2.6 Word Expansions. */
import { arithmetic } from './arithmetic.ts';
import type { Files } from './files.ts';
import { CWD } from './listing.ts';
import { parameterAt, textOf, type Found, type Variables } from './parameter.ts';
import { isPattern, patternOf, type Part } from './pattern.ts';
import type { Step } from './compile.ts';
import { closing, pieceEnd } from './tokens.ts';

/** What a running script remembers. Its files are the container's. */
export interface Shell extends Files {
  readonly vars: Map<string, string>;
  /** $1, $2 … */
  readonly args: readonly string[];
  readonly exported: Set<string>;
  readonly functions: ReadonlyMap<string, readonly Step[]>;
  /** All that a command may read; undefined: there is nothing to read from. */
  readonly input: string | undefined;
  /** No more of it than is enough. */
  readonly inputUntil: (isEnough: (text: string) => boolean) => string | undefined;
  /** What it may read is typed. */
  readonly isAtTerminal: boolean;
  /** The command has taken some of its input before. */
  readonly goesOn: boolean;
  readonly status: number;
  readonly pid: number;
  /** The last process in the background. */
  readonly job: number | undefined;
}
export type Substitute = (script: string) => string;

export function expand(words: readonly string[], shell: Shell, substitute: Substitute): readonly string[] {
  return words
    .flatMap((word) => fieldsOf(word, shell, substitute))
    .flatMap((field) => (isPattern(field) ? namesLike(field, shell) : [textOf(field)]));
}

/** The pieces of a word. Whatever stands between quotes, even nothing, is one. */
function partsOf(word: string, shell: Shell, substitute: Substitute): readonly Part[] {
  const parts: Part[] = [];
  const home = /^~(?=\/|$)/.test(word) ? shell.vars.get('HOME') : undefined;
  if (home !== undefined) parts.push({ text: home, kind: 'quoted' });
  for (let i = home === undefined ? 0 : 1; i < word.length;) {
    const value = valueAt(word, i, shell, substitute);
    const end = value?.end ?? pieceEnd(word, i);
    const inner = word.slice(i + 1, end - 1);
    if (value) parts.push({ text: value.text, kind: 'value' });
    else if (word[i] === '\\') parts.push({ text: word.slice(i + 1, end), kind: 'quoted' });
    else if (word[i] === "'") parts.push({ text: inner, kind: 'quoted' });
    else if (word[i] === '"') parts.push({ text: inQuotes(inner, shell, substitute), kind: 'quoted' });
    else parts.push({ text: word.slice(i, end), kind: 'plain' });
    i = end;
  }
  return parts;
}

/** Values are split into fields where they have one of the characters of IFS. */
function fieldsOf(word: string, shell: Shell, substitute: Substitute): readonly (readonly Part[])[] {
  if (word === '"$@"') return shell.args.map((text) => [{ text, kind: 'quoted' }]);
  const fields: Part[][] = [];
  let now: Part[] | undefined;
  const gap = gapOf(shell.vars);
  for (const part of partsOf(word, shell, substitute)) {
    const texts = part.kind === 'value' ? part.text.split(gap) : [part.text];
    texts.forEach((text, n) => {
      if (n > 0) now = undefined;
      if (text === '' && part.kind === 'value') return;
      if (!now) fields.push((now = []));
      now.push({ text, kind: part.kind });
    });
  }
  return fields;
}

const ifsOf = (vars: ReadonlyMap<string, string>): string => vars.get('IFS') ?? ' \t\n';
const classOf = (characters: string): string => (characters === '' ? '(?!)' : `[${characters.replace(/[\\\]^-]/g, '\\$&')}]`);
/** Those of IFS that say nothing at the ends of a line. */
export const spaceOf = (vars: ReadonlyMap<string, string>): string => classOf(ifsOf(vars).replace(/\S/g, ''));
/** What is between two fields: one mark, or any number of spaces. Source: POSIX.1-2024, 2.6.5 Field Splitting. */
export function gapOf(vars: ReadonlyMap<string, string>): RegExp {
  const [space, mark] = [spaceOf(vars), classOf(ifsOf(vars).replace(/\s/g, ''))];
  return new RegExp(`${space}*${mark}${space}*|${space}+`);
}

/** A text between double quotes. */
export function inQuotes(text: string, shell: Shell, substitute: Substitute): string {
  let out = '';
  for (let i = 0; i < text.length;) {
    if (text[i] === '\\' && /["$`\\]/.test(text[i + 1] ?? '')) {
      out += text[i + 1];
      i += 2;
      continue;
    }
    const value = valueAt(text, i, shell, substitute);
    out += value ? value.text : text[i];
    i = value ? value.end : i + 1;
  }
  return out;
}

/** What `$…` or a backquote at `i` stands for. */
function valueAt(text: string, i: number, shell: Shell, substitute: Substitute): Found | undefined {
  if (text[i] === '`') {
    const end = closing(text, i);
    return { text: substitute(text.slice(i + 1, end - 1)), end };
  }
  if (text[i] !== '$') return undefined;
  if (text.startsWith('((', i + 1)) {
    const end = closing(text, i + 1);
    return { text: String(arithmetic(inQuotes(text.slice(i + 3, end - 2), shell, substitute), shell.vars)), end };
  }
  if (text[i + 1] === '(') {
    const end = closing(text, i + 1);
    return { text: substitute(text.slice(i + 2, end - 1)), end };
  }
  if (text[i + 1] === '{') return parameterAt(text, i, variablesOf(shell, substitute));
  const [all, name] = /^\$([A-Za-z_]\w*|[?#@*$!0-9])/.exec(text.slice(i, i + 400)) ?? [];
  return all === undefined ? undefined : { text: valueOf(name, shell) ?? '', end: i + all.length };
}

function valueOf(name: string, { vars, args, status, pid, job }: Shell): string | undefined {
  if (name === '?') return String(status);
  if (name === '$') return String(pid);
  if (name === '!') return job === undefined ? '' : String(job);
  if (name === '#') return String(args.length);
  if (name === '@' || name === '*') return args.join(' ');
  if (/^[1-9]/.test(name)) return args[Number(name) - 1];
  if (name === '0') return 'sh';
  return name === 'PWD' ? (vars.get(CWD) ?? '/') : vars.get(name);
}

/** What a word stands for where it is one field whatever is in it: in an assignment, after `case`. */
export const oneField = (word: string, shell: Shell, substitute: Substitute): string => textOf(partsOf(word, shell, substitute));

/** Whether a word is like a pattern of `case`. */
export const isLike = (word: string, pattern: string, shell: Shell, substitute: Substitute): boolean =>
  patternOf(partsOf(pattern, shell, substitute)).test(word);

const variablesOf = (shell: Shell, substitute: Substitute): Variables => ({
  get: (name) => valueOf(name, shell),
  set: (name, value) => shell.vars.set(name, value),
  partsOf: (word) => partsOf(word, shell, substitute),
});

/** The files and folders whose names are like a pattern; the pattern itself where there are none. */
function namesLike(pattern: readonly Part[], { files, vars }: Shell): readonly string[] {
  const text = textOf(pattern);
  const [before] = /^(?:\.\/)?/.exec(text) ?? [''];
  const here = text.startsWith('/') ? '' : `${vars.get(CWD) ?? ''}/`.replace('//', '/');
  const like = patternOf(pattern, true);
  const all = new Set<string>();
  for (const file of files.keys())
    for (let end = file.indexOf('/', 1); ; end = file.indexOf('/', end + 1)) {
      all.add(text.endsWith('/') ? file.slice(0, end + 1) : end < 0 ? file : file.slice(0, end));
      if (end < 0 || end === file.length - 1) break;
    }
  const found = [...all]
    .filter((name) => name.length > here.length && name.startsWith(here))
    .map((name) => before + name.slice(here.length))
    .filter((name) => like.test(name));
  return found.length > 0 ? found.sort((a, b) => (a < b ? -1 : 1)) : [text];
}
