/** Commands that read text and print some of it: head, tail, and the filters wc, sort, uniq, cut, tr, tac, rev, nl. Source: POSIX.1-2024, Utilities. Simplified: characters are bytes, sort and uniq look at whole lines. */
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell } from './listing.ts';

type TextCommand = (args: readonly string[], shell: Shell) => Effect;
type Filter = (text: string, args: readonly string[]) => string;

export const linesIn = (text: string): readonly string[] => text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
/** Of no text there is no line. */
export const lines = (text: string): readonly string[] => (text === '' ? [] : linesIn(text));
export const unlines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
const flagsOf = (args: readonly string[]): string => args.filter((a) => /^-[a-z]+$/.test(a)).join('');
/** `-d,` and `-d ,`. */
const valueOf = (args: readonly string[], flag: string): string | undefined => {
  const at = args.findIndex((a) => a.startsWith(flag));
  return at < 0 ? undefined : args[at].slice(flag.length) || args[at + 1];
};

function wc(text: string, args: readonly string[]): string {
  const counts: Readonly<Record<string, number>> = {
    l: text.split('\n').length - 1,
    w: text.split(/\s+/).filter((w) => w !== '').length,
    c: text.length,
  };
  const wanted = ['l', 'w', 'c'].filter((f) => flagsOf(args).replace('m', 'c').includes(f));
  return wanted.length === 1
    ? `${counts[wanted[0]]}\n`
    : `${(wanted.length === 0 ? ['l', 'w', 'c'] : wanted).map((f) => String(counts[f]).padStart(9)).join(' ')}\n`;
}

/** Of -k, the field that the key begins with. */
function sort(text: string, args: readonly string[]): string {
  const [flags, key, separator] = [flagsOf(args), /\d+/.exec(valueOf(args, '-k') ?? '')?.[0], valueOf(args, '-t')];
  const isNumeric = /n/.test(flags + (valueOf(args, '-k') ?? ''));
  const keyOf = (line: string): string =>
    key === undefined
      ? line
      : (separator === undefined ? line.trim().split(/\s+/) : line.split(separator)).slice(Number(key) - 1).join(' ');
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const byKey = (a: string, b: string): number => (isNumeric ? (parseFloat(a) || 0) - (parseFloat(b) || 0) : byText(a, b));
  const sorted = [...lines(text)].sort((a, b) => byKey(keyOf(a), keyOf(b)) || byText(a, b));
  if (/r/.test(flags + (valueOf(args, '-k') ?? ''))) sorted.reverse();
  return unlines(flags.includes('u') ? sorted.filter((line, i) => line !== sorted[i - 1]) : sorted);
}

function uniq(text: string, args: readonly string[]): string {
  const runs: { line: string; count: number }[] = [];
  for (const line of lines(text)) {
    const last = runs[runs.length - 1];
    if (last?.line === line) last.count++;
    else runs.push({ line, count: 1 });
  }
  return unlines(runs.map(({ line, count }) => (flagsOf(args).includes('c') ? `${String(count).padStart(7)} ${line}` : line)));
}

/** Positions of a list: '2', '1,3', '2-'. */
function chosen(list: string, of: readonly string[]): readonly string[] {
  const ranges = list.split(',').map((part) => {
    const [from, to = from] = part.split('-');
    return [Number(from) || 1, to === '' ? Infinity : Number(to)];
  });
  return of.filter((_, i) => ranges.some(([from, to]) => i + 1 >= from && i + 1 <= to));
}

function cut(text: string, args: readonly string[]): string {
  const [delimiter, fields, characters] = [valueOf(args, '-d') ?? '\t', valueOf(args, '-f'), valueOf(args, '-c')];
  if (characters !== undefined) return unlines(lines(text).map((line) => chosen(characters, [...line]).join('')));
  return unlines(
    lines(text).map((line) => (line.includes(delimiter) ? chosen(fields ?? '1', line.split(delimiter)).join(delimiter) : line)),
  );
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:lower:]': 'a-z',
  '[:upper:]': 'A-Z',
  '[:digit:]': '0-9',
  '[:space:]': ' \t\n\r\v\f',
};
const setOf = (text: string): readonly string[] => [
  ...text
    .replace(/\[:\w+:\]/g, (name) => CLASSES[name] ?? name)
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/(.)-(.)/g, (_, a: string, b: string) =>
      Array.from({ length: Math.max(0, b.charCodeAt(0) - a.charCodeAt(0) + 1) }, (_v, i) => String.fromCharCode(a.charCodeAt(0) + i)).join(
        '',
      ),
    ),
];
function tr(text: string, args: readonly string[]): string {
  const [from = [], to = []] = args.filter((a) => !/^-[ds]$/.test(a)).map(setOf);
  if (args.includes('-d')) return [...text].filter((c) => !from.includes(c)).join('');
  const moved = [...text].map((c) => {
    const at = from.lastIndexOf(c);
    return at < 0 || to.length === 0 ? c : to[Math.min(at, to.length - 1)];
  });
  const squeezed = to.length > 0 ? to : from;
  return (args.includes('-s') ? moved.filter((c, i) => c !== moved[i - 1] || !squeezed.includes(c)) : moved).join('');
}

/** The command's input: the files that it names, or what was piped to it. */
export const inputOf = (names: readonly string[], shell: Shell): string =>
  names.length > 0 ? names.map((n) => shell.files.get(inShell(n, shell)) ?? '').join('') : (shell.input ?? '');
/** `-n 3`, `-n3`, `-3`, `-n +3` and, of characters, `-c 3` of head and tail, and the files that are named. */
interface Count {
  readonly count: number;
  readonly isFrom: boolean;
  readonly isOfCharacters: boolean;
  readonly names: readonly string[];
}
function countOf(args: readonly string[]): Count {
  const at = args.findIndex((a) => /^-\w*[nc]$/.test(a));
  const word = at >= 0 ? (args[at + 1] ?? '') : (args.map((a) => /^-[nc]?(\+?\d+)$/.exec(a)?.[1]).find((n) => n !== undefined) ?? '10');
  return {
    count: Math.abs(Number(word)) || 0,
    isOfCharacters: args.some((a) => /^-\w*c\d*$/.test(a)),
    isFrom: word.startsWith('+'),
    names: args.filter((a, i) => !/^-./.test(a) && !(at >= 0 && i === at + 1)),
  };
}
export const missing = (command: string, names: readonly string[], shell: Shell): string | undefined => {
  const name = names.find((n) => !shell.files.has(inShell(n, shell)) && n !== '-');
  if (name === undefined) return undefined;
  const cannot = `${command}: can't open '${name}': No such file or directory`;
  if (command === 'tail') return names.length === 1 ? `${cannot}\ntail: no files` : cannot;
  return command === 'uniq' ? cannot : `${command}: ${name}: No such file or directory`;
};

function head(args: readonly string[], shell: Shell): Effect {
  const { count, isOfCharacters, names } = countOf(args);
  const err = missing('head', names, shell);
  if (err !== undefined) return no(err);
  const text =
    names.length > 0 ? inputOf(names, shell) : (shell.inputUntil((t) => (isOfCharacters ? t.length : lines(t).length) >= count) ?? '');
  return ok(isOfCharacters ? text.slice(0, count) : unlines(lines(text).slice(0, count)));
}

function tail(args: readonly string[], shell: Shell): Effect {
  const { count, isFrom, isOfCharacters, names } = countOf(args);
  const text = inputOf(names, shell);
  const from = (length: number): number => Math.max(0, isFrom ? count - 1 : length - count);
  const all = lines(text);
  const last = isOfCharacters ? text.slice(from(text.length)) : unlines(all.slice(from(all.length)));
  if (args.some((a) => /^-\w*[fF]|^--follow/.test(a)))
    return { forever: true, ...(names.length === 0 ? {} : { out: last, ...followed(names[names.length - 1], args, shell) }) };
  const err = missing('tail', names, shell);
  return err === undefined ? ok(last) : no(err);
}

/** With -F it may come later. */
function followed(
  name: string,
  args: readonly string[],
  shell: Shell,
): { readonly follows: string; readonly awaits?: string; readonly err?: string } {
  const follows = inShell(name, shell);
  const isAwaited = args.some((a) => /^-\w*F/.test(a)) && !shell.files.has(follows) && !follows.startsWith('/dev/');
  return { follows, ...(isAwaited ? { awaits: name, err: `tail: can't open '${name}': No such file or directory` } : {}) };
}

const tac = (text: string): string => unlines([...lines(text)].reverse());
const rev = (text: string): string => unlines(lines(text).map((line) => [...line].reverse().join('')));
function nl(text: string): string {
  let n = 0;
  return unlines(lines(text).map((line) => (line === '' ? '       ' : `${String(++n).padStart(6)}\t${line}`)));
}

/** Words that name files are read; all others are for the filter. */
function filtered(command: string, filter: Filter): TextCommand {
  return (args, shell) => {
    const isFile = (word: string, i: number): boolean => command !== 'tr' && !word.startsWith('-') && !/^-[dfctk]$/.test(args[i - 1] ?? '');
    const names = args.filter(isFile);
    const err = missing(command, names, shell);
    if (err !== undefined) return no(err);
    const others = args.filter((word, i) => !isFile(word, i));
    const out = filter(inputOf(names, shell), others);
    return ok(command === 'wc' && names.length === 1 ? out.replace(/\n$/, ` ${names[0]}\n`) : out);
  };
}

const FILTERS = { wc, sort, uniq, cut, tr, tac, rev, nl };
export const TEXT_COMMANDS: Readonly<Record<string, TextCommand>> = {
  head,
  tail,
  ...Object.fromEntries(Object.entries(FILTERS).map(([command, filter]) => [command, filtered(command, filter)])),
};
