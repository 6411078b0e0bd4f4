/** `${name}` with what may stand behind the name. Source: POSIX.1-2024, 2.6.2 Parameter Expansion. Simplified: without `?`, which ends the shell where the name has no value. */
import { closing } from './tokens.ts';

export interface Variables {
  /** Undefined where it is not set. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** A word with its own `$…` replaced. */
  readonly expanded: (word: string) => string;
}
export interface Found {
  readonly text: string;
  readonly end: number;
}

const PARAMETER = /^(#?)([A-Za-z_]\w*|\d+|[?#@*$!])(?:(:?[-=+])([^]*)|(%%?|##?)([^]*))?$/;

/** What the `${…}` at `i` stands for; undefined where it is none. */
export function parameterAt(text: string, i: number, variables: Variables): Found | undefined {
  const end = closing(text, i + 1);
  const [, length, name, operator, word, cut, pattern] = PARAMETER.exec(text.slice(i + 2, end - 1)) ?? [];
  if (name === undefined || text[end - 1] !== '}') return undefined;
  const value = variables.get(name);
  const found = (result: string): Found => ({ text: result, end });
  if (length === '#') return found(String((value ?? '').length));
  if (cut !== undefined) return found(without(value ?? '', cut, patternOf(pattern, variables)));
  if (operator === undefined) return found(value ?? '');
  const isThere = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
  if (operator.endsWith('+')) return found(isThere ? unquoted(word, variables) : '');
  if (isThere) return found(value ?? '');
  const instead = unquoted(word, variables);
  if (operator.endsWith('=')) variables.set(name, instead);
  return found(instead);
}

type Part = { readonly text: string; readonly isQuoted: boolean };

/** A word as its quoted and its plain parts. */
function partsOf(word: string, { expanded }: Variables): readonly Part[] {
  const parts: Part[] = [];
  let plain = '';
  const quote = (text: string): void => {
    parts.push({ text: expanded(plain), isQuoted: false }, { text, isQuoted: true });
    plain = '';
  };
  for (let i = 0; i < word.length; i++) {
    if (word[i] === '\\') quote(word[++i] ?? '');
    else if (word[i] === "'" || word[i] === '"') {
      const end = closing(word, i);
      const inner = word.slice(i + 1, end - 1);
      quote(word[i] === '"' ? expanded(inner) : inner);
      i = end - 1;
    } else {
      const end = word[i] === '`' ? closing(word, i) : /^\$[({]/.test(word.slice(i, i + 2)) ? closing(word, i + 1) : i + 1;
      plain += word.slice(i, end);
      i = end - 1;
    }
  }
  return [...parts, { text: expanded(plain), isQuoted: false }];
}

/** A word without its quotes, its `$…` replaced: neither split nor taken as a pattern. */
export const unquoted = (word: string, variables: Variables): string =>
  partsOf(word, variables)
    .map(({ text }) => text)
    .join('');

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A shell pattern as a regular expression for a whole text. Source: POSIX.1-2024, 2.14 Pattern Matching Notation. */
export function patternOf(word: string, variables: Variables): RegExp {
  const source = partsOf(word, variables).map(({ text, isQuoted }) =>
    isQuoted
      ? escaped(text)
      : text.replace(/\*|\?|\[(!?)([^\]]+)\]|[^*?[]+|\[/g, (all, not: string | undefined, set: string | undefined) => {
          if (all === '*') return '[^]*';
          if (all === '?') return '[^]';
          return set === undefined ? escaped(all) : `[${not ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
        }),
  );
  return new RegExp(`^${source.join('')}$`);
}

/** The value without the shortest or the longest beginning or end that is like the pattern. */
function without(value: string, cut: string, pattern: RegExp): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, n) => n);
  const tried = cut.length === 1 ? lengths : lengths.reverse();
  const isEnd = cut.startsWith('%');
  const kept = (n: number): string => (isEnd ? value.slice(0, value.length - n) : value.slice(n));
  const gone = (n: number): string => (isEnd ? value.slice(value.length - n) : value.slice(0, n));
  const n = tried.find((count) => pattern.test(gone(count)));
  return n === undefined ? value : kept(n);
}
