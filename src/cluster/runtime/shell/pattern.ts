/** Shell patterns, of `case`, of `${name%…}` and of file names. Source: POSIX.1-2024, 2.14 Pattern Matching Notation. */

/** A piece of a word: what is quoted stands for itself, a value is what a variable or a command has put there. */
export interface Part {
  readonly text: string;
  readonly kind: 'quoted' | 'plain' | 'value';
}

/** A regular expression for the text itself. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};
/** `[:digit:]` inside of brackets, as regular expressions in JavaScript have it. */
export const withClasses = (set: string): string => set.replace(/\[:(\w+):\]/g, (all, name: string) => CLASSES[name] ?? all);

const SPECIAL = /\\[^]|\*|\?|\[(!?)((?:\[:\w+:\]|[^\]])+)\]|[^\\*?[]+|[\\[]/g;
export const isPattern = (parts: readonly Part[]): boolean =>
  /[*?]|\[.+\]/.test(parts.map(({ text, kind }) => (kind === 'quoted' ? '.' : text)).join(''));

/** A pattern as a regular expression for a whole text; in a file name no character stands for a slash, and none for a dot that begins it. */
export function patternOf(parts: readonly Part[], isName = false): RegExp {
  const one = isName ? '[^/]' : '[^]';
  const plain = parts.map(({ text, kind }) => (kind === 'quoted' ? text.replace(/[^\w]/g, '\\$&') : text)).join('');
  const whole = plain.replace(SPECIAL, (all, not: string | undefined, set: string | undefined) => {
    if (all === '*') return `${one}*`;
    if (all === '?') return one;
    if (all.length === 2 && all.startsWith('\\')) return literal(all[1]);
    return set === undefined ? literal(all) : `[${not ? '^' : ''}${withClasses(set.replace(/[\\^]/g, '\\$&'))}]`;
  });
  return new RegExp(`^${isName ? whole.replace(/(^|\/)(?=\[)/g, '$1(?!\\.)') : whole}$`);
}
