/** `${name}` with what may stand behind the name. Source: POSIX.1-2024, 2.6.2 Parameter Expansion. Simplified: without `?`, which ends the shell where the name has no value. */
import { patternOf, type Part } from './pattern.ts';
import { closing } from './tokens.ts';

export interface Variables {
  /** Undefined where it is not set. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** A word without its quotes, its own `$…` replaced. */
  readonly partsOf: (word: string) => readonly Part[];
}
export interface Found {
  readonly text: string;
  readonly end: number;
}

const PARAMETER = /^(#?)([A-Za-z_]\w*|\d+|[?#@*$!])(?:(:?[-=+])([^]*)|(%%?|##?)([^]*))?$/;
/** Of a longer word the rest is cut off: a script that doubles a word again and again would take all memory that there is. */
const MOST_CHARS = 1_000_000;
export const textOf = (parts: readonly Part[]): string =>
  parts
    .map(({ text }) => text)
    .join('')
    .slice(0, MOST_CHARS);

/** What the `${…}` at `i` stands for; undefined where it is none. */
export function parameterAt(text: string, i: number, variables: Variables): Found | undefined {
  const end = closing(text, i + 1);
  const [, length, name, operator, word, cut, pattern] = PARAMETER.exec(text.slice(i + 2, end - 1)) ?? [];
  if (name === undefined || text[end - 1] !== '}') return undefined;
  const value = variables.get(name);
  const found = (result: string): Found => ({ text: result, end });
  if (length === '#') return found(String((value ?? '').length));
  if (cut !== undefined) return found(without(value ?? '', cut, patternOf(variables.partsOf(pattern))));
  if (operator === undefined) return found(value ?? '');
  const isThere = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
  if (isThere !== operator.endsWith('+')) return found(isThere ? (value ?? '') : '');
  const instead = textOf(variables.partsOf(word));
  if (operator.endsWith('=')) variables.set(name, instead);
  return found(instead);
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
