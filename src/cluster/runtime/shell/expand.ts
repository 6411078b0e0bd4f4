/** What the words of a command become: quotes, variables, `$(…)`, `$((…))`, file names. Source: POSIX.1-2024, 2.6 Word Expansions. */
import { arithmetic } from './arithmetic.ts';
import type { Files } from './files.ts';
import { CWD } from './listing.ts';
import { parameterAt, patternOf, unquoted, type Found, type Variables } from './parameter.ts';
import type { Step } from './parse.ts';
import { closing } from './tokens.ts';

/** What a running script remembers. Its files are the container's. */
export interface Shell extends Files {
  readonly vars: Map<string, string>;
  /** $1, $2 … */
  readonly args: readonly string[];
  readonly functions: ReadonlyMap<string, readonly Step[]>;
  /** What was piped to the next command. */
  input: string | undefined;
  status: number;
}
export type Substitute = (script: string) => string;

export function expand(words: readonly string[], shell: Shell, substitute: Substitute): readonly string[] {
  return words
    .flatMap((word) => fieldsOf(word, shell, substitute))
    .flatMap((field) => (/[*]/.test(field.text) && !field.isQuoted ? matching(field.text, shell) : [field.text]));
}

interface Field {
  text: string;
  isQuoted: boolean;
}

function fieldsOf(word: string, shell: Shell, substitute: Substitute): readonly Field[] {
  if (word === '"$@"') return shell.args.map((text) => ({ text, isQuoted: true }));
  const fields: Field[] = [];
  let now: Field | undefined;
  const add = (text: string, isQuoted: boolean): void => {
    now ??= { text: '', isQuoted: false };
    now.text += text;
    now.isQuoted ||= isQuoted;
  };
  for (let i = 0; i < word.length;) {
    const c = word[i];
    if (c === '\\') {
      add(word[i + 1] ?? '', true);
      i += 2;
      continue;
    }
    if (c === "'") {
      const end = closing(word, i);
      add(word.slice(i + 1, end - 1), true);
      i = end;
      continue;
    }
    if (c === '"') {
      const end = closing(word, i);
      add(inQuotes(word.slice(i + 1, end - 1), shell, substitute), true);
      i = end;
      continue;
    }
    const value = valueAt(word, i, shell, substitute);
    if (!value) {
      add(c, false);
      i++;
      continue;
    }
    i = value.end;
    const parts = value.text.split(/\s+/);
    parts.forEach((part, n) => {
      if (n > 0 && now) {
        fields.push(now);
        now = undefined;
      }
      if (part !== '') add(part, false);
    });
  }
  if (now) fields.push(now);
  return fields;
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

function valueOf(name: string, { vars, args, status }: Shell): string | undefined {
  if (name === '?') return String(status);
  if (name === '$') return '1';
  if (name === '#') return String(args.length);
  if (name === '@' || name === '*') return args.join(' ');
  if (/^[1-9]/.test(name)) return args[Number(name) - 1];
  if (name === '0') return 'sh';
  return name === 'PWD' ? (vars.get(CWD) ?? '/') : vars.get(name);
}

/** What a word stands for where it is one field whatever is in it: in an assignment, after `case`. */
export const oneField = (word: string, shell: Shell, substitute: Substitute): string => unquoted(word, variablesOf(shell, substitute));

/** Whether a word is like a pattern of `case`. */
export const isLike = (word: string, pattern: string, shell: Shell, substitute: Substitute): boolean =>
  patternOf(pattern, variablesOf(shell, substitute)).test(word);

const variablesOf = (shell: Shell, substitute: Substitute): Variables => ({
  get: (name) => valueOf(name, shell),
  set: (name, value) => shell.vars.set(name, value),
  expanded: (word) => inQuotes(word, shell, substitute),
});

function matching(pattern: string, { files, vars }: Shell): readonly string[] {
  const here = pattern.startsWith('/') ? '' : `${vars.get(CWD) ?? ''}/`.replace('//', '/');
  const like = new RegExp(`^${(here + pattern).replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
  const found = [...files.keys()]
    .filter((name) => like.test(name))
    .map((name) => name.slice(here.length))
    .sort((a, b) => (a < b ? -1 : 1));
  return found.length > 0 ? found : [pattern];
}
