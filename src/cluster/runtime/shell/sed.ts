/** sed: edits lines as its script says. Sources: POSIX.1-2024, sed; busybox' editors/sed.c. Simplified: of its commands s, d, p, q, a, i, c, = and {}. */
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { write } from './files.ts';
import { inShell } from './listing.ts';
import { regexOf } from './regex.ts';
import { lines } from './text-commands.ts';

type Address = { readonly line: number } | { readonly like: RegExp } | { readonly isLast: true };
interface Command {
  readonly from?: Address;
  /** `plus`: so many lines more. */
  readonly to?: Address | { readonly plus: number };
  readonly isNot: boolean;
  readonly name: string;
  readonly text: string;
  readonly replaces?: Replacement;
  readonly body?: readonly Command[];
}
interface Replacement {
  readonly like: RegExp;
  readonly by: string;
  readonly isAll: boolean;
  readonly nth: number;
  readonly prints: boolean;
}

export function sed(args: readonly string[], shell: Shell): Effect {
  const scripts: string[] = [];
  const words: string[] = [];
  let flags = '';
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-e' || args[i] === '--expression') scripts.push(args[++i] ?? '');
    else if (args[i] === '-f') scripts.push(shell.files.get(inShell(args[++i] ?? '', shell)) ?? '');
    else if (args[i] === '--quiet' || args[i] === '--silent') flags += 'n';
    else if (/^--in-place|^-i/.test(args[i])) flags += 'i';
    else if (/^-./.test(args[i])) {
      flags += args[i].slice(1);
      if (args[i].endsWith('e')) scripts.push(args[++i] ?? '');
    } else words.push(args[i]);
  }
  if (scripts.length === 0) scripts.push(words.shift() ?? '');
  const reader = { text: scripts.join('\n'), at: 0, isExtended: /[Er]/.test(flags) };
  const script = commands(reader);
  if (typeof script === 'string') return no(`sed: ${script}`);
  const paths = words.map((name) => inShell(name, shell));
  const missing = words.find((_, i) => !shell.files.has(paths[i]));
  const status = missing === undefined ? 0 : 1;
  const err = missing === undefined ? {} : { err: `sed: ${missing}: No such file or directory` };
  const texts = words.length === 0 ? [shell.input ?? ''] : paths.map((path) => shell.files.get(path) ?? '');
  if (!flags.includes('i')) return { status, out: edited(script, texts.join(''), flags.includes('n')), ...err };
  for (const [i, path] of paths.entries())
    if (shell.files.has(path) && !write(shell, { path, text: edited(script, texts[i], flags.includes('n')) }))
      return no(`sed: can't create temp file '${words[i]}XXXXXX': Read-only file system`);
  return { ...ok(), status, ...err };
}

interface Reader {
  readonly text: string;
  at: number;
  readonly isExtended: boolean;
}

/** Commands up to a closing brace, or what is wrong. */
function commands(r: Reader): readonly Command[] | string {
  const found: Command[] = [];
  for (;;) {
    while (/[\s;]/.test(r.text[r.at] ?? '')) r.at++;
    if (r.at >= r.text.length || r.text[r.at] === '}') {
      r.at++;
      return found;
    }
    if (r.text[r.at] === '#') {
      r.at = ends(r, '\n');
      continue;
    }
    const one = command(r);
    if (typeof one === 'string') return one;
    found.push(one);
  }
}
const ends = ({ text, at }: Reader, mark: string): number => {
  const end = text.indexOf(mark, at);
  return end < 0 ? text.length : end;
};

function command(r: Reader): Command | string {
  const from = address(r);
  let to: Command['to'];
  if (r.text[r.at] === ',') {
    r.at++;
    const [plus] = /^\+\d+/.exec(r.text.slice(r.at)) ?? [];
    if (plus !== undefined) r.at += plus.length;
    to = plus === undefined ? address(r) : { plus: Number(plus) };
  }
  while (r.text[r.at] === ' ') r.at++;
  const isNot = r.text[r.at] === '!';
  while (/[! ]/.test(r.text[r.at] ?? '')) r.at++;
  const name = r.text[r.at++] ?? '';
  const when = { ...(from ? { from } : {}), ...(to ? { to } : {}), isNot, name };
  if (name === '{') {
    const body = commands(r);
    return typeof body === 'string' ? body : { ...when, text: '', body };
  }
  if (name === 's') {
    const replaces = replacement(r);
    return replaces ? { ...when, text: '', replaces } : "unmatched '/'";
  }
  if (/[aic]/.test(name)) {
    const end = ends(r, '\n') + (r.text[r.at] === '\\' && r.text[r.at + 1] === '\n' ? 1 + r.text.slice(r.at + 2).search(/\n|$/) : 0);
    const text = r.text.slice(r.at, end).replace(/^\s*\\?\n?\s*/, '');
    r.at = end;
    return { ...when, text };
  }
  if (!/[dpq=]/.test(name)) return `unsupported command ${name}`;
  return { ...when, text: '' };
}

function address(r: Reader): Address | undefined {
  const rest = r.text.slice(r.at);
  const [number] = /^\d+/.exec(rest) ?? [];
  if (number !== undefined) {
    r.at += number.length;
    return { line: Number(number) };
  }
  if (rest.startsWith('$')) {
    r.at++;
    return { isLast: true };
  }
  if (!/^(\/|\\[^\n])/.test(rest)) return undefined;
  r.at += rest.startsWith('\\') ? 2 : 1;
  const like = regexOf(delimited(r, r.text[r.at - 1]), r);
  if (r.text[r.at] !== 'I') return { like };
  r.at++;
  return { like: new RegExp(like.source, 'i') };
}

/** Up to the mark, which loses its backslash. */
function delimited(r: Reader, mark: string): string {
  let out = '';
  for (; r.at < r.text.length && r.text[r.at] !== mark; r.at++) {
    if (r.text[r.at] !== '\\') out += r.text[r.at];
    else out += r.text[++r.at] === mark ? mark : `\\${r.text[r.at] ?? ''}`;
  }
  r.at++;
  return out;
}

function replacement(r: Reader): Replacement | undefined {
  const mark = r.text[r.at++];
  const [pattern, by] = [delimited(r, mark), delimited(r, mark)];
  if (r.at > r.text.length) return undefined;
  const [flags] = /^[gpIi\d]*/.exec(r.text.slice(r.at)) ?? [''];
  r.at += flags.length;
  const like = regexOf(pattern, { isExtended: r.isExtended, flags: /i/i.test(flags) ? 'gi' : 'g' });
  return { like, by, isAll: flags.includes('g'), nth: Number(/\d+/.exec(flags)?.[0] ?? 1), prints: flags.includes('p') };
}

function replaced(text: string, { like, by, isAll, nth }: Replacement): string {
  let n = 0;
  return text.replace(like, (...found: unknown[]) => {
    n++;
    if (n < nth || (n > nth && !isAll)) return String(found[0]);
    return by.replace(/\\([^])|&/g, (all, c: string | undefined) => {
      if (c === undefined) return String(found[0]);
      if (/\d/.test(c)) return typeof found[Number(c)] === 'string' ? String(found[Number(c)]) : '';
      return c === 'n' ? '\n' : c === 't' ? '\t' : c === '&' || c === '\\' || c === '\n' ? c : all.slice(1);
    });
  });
}

/** What is being edited: the line, what comes after it, and the ranges that have begun, up to which line. */
interface Edit {
  readonly all: readonly string[];
  n: number;
  line: string;
  out: string;
  after: string;
  isOver: boolean;
  readonly ranges: Map<Command, number>;
}

function edited(script: readonly Command[], text: string, isQuiet: boolean): string {
  const edit: Edit = { all: lines(text), n: 0, line: '', out: '', after: '', isOver: false, ranges: new Map() };
  while (edit.n < edit.all.length && !edit.isOver) {
    edit.line = edit.all[edit.n++];
    const isKept = carriedOut(script, edit);
    edit.out += (isKept && !isQuiet ? `${edit.line}\n` : '') + edit.after;
    edit.after = '';
  }
  // A last line without a line break is printed without one.
  return text.endsWith('\n') || edit.isOver ? edit.out : edit.out.replace(/\n$/, '');
}

const isAt = (address: Address, { n, line, all }: Edit): boolean =>
  'line' in address ? address.line === n : 'isLast' in address ? n === all.length : address.like.test(line);

function isMeant(command: Command, edit: Edit): boolean {
  const { from, to } = command;
  if (!from) return true;
  if (!to) return isAt(from, edit);
  const until = edit.ranges.get(command);
  if (until === undefined) {
    if (!isAt(from, edit)) return false;
    const end = 'plus' in to ? edit.n + to.plus : 'line' in to ? to.line : Infinity;
    if (end > edit.n) edit.ranges.set(command, end);
    return true;
  }
  if (edit.n >= until || (!('plus' in to) && isAt(to, edit))) edit.ranges.delete(command);
  return edit.n <= until;
}

/** False: the line is gone. */
function carriedOut(script: readonly Command[], edit: Edit): boolean {
  for (const command of script) {
    if (isMeant(command, edit) === command.isNot) continue;
    if (command.body && !carriedOut(command.body, edit)) return false;
    if (edit.isOver) return true;
    if (command.replaces) {
      const isFound = edit.line.search(command.replaces.like) >= 0;
      edit.line = replaced(edit.line, command.replaces);
      if (isFound && command.replaces.prints) edit.out += `${edit.line}\n`;
    }
    switch (command.name) {
      case 'd':
        return false;
      case 'p':
        edit.out += `${edit.line}\n`;
        break;
      case '=':
        edit.out += `${edit.n}\n`;
        break;
      case 'q':
        edit.isOver = true;
        return true;
      case 'a':
        edit.after += `${command.text}\n`;
        break;
      case 'i':
        edit.out += `${command.text}\n`;
        break;
      case 'c':
        if (!edit.ranges.has(command)) edit.out += `${command.text}\n`;
        return false;
    }
  }
  return true;
}
