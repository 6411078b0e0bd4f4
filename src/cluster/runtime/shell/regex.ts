/** Regular expressions of grep, sed, expr and awk as JavaScript's. Source: POSIX.1-2024, 9.3 Basic and 9.4 Extended Regular Expressions, with \+ \? \| \< \> \w \s as GNU and busybox have them. */
import { literal, withClasses } from './pattern.ts';

/** `flags`: JavaScript's. What is no regular expression stands for itself. */
export function regexOf(pattern: string, { isExtended, flags = '' }: { readonly isExtended: boolean; readonly flags?: string }): RegExp {
  const source = unnested(sourceOf(pattern, isExtended));
  try {
    return new RegExp(source, flags);
  } catch {
    return new RegExp(literal(pattern), flags);
  }
}

/** A group of one repeated piece that is repeated itself, (a+)+, is that group once: the same texts match it, and a failure is known at once instead of after all ways to split them. */
const unnested = (source: string): string =>
  source.replace(
    /(\\.|\[(?:\\.|[^\]\\])*\])|\(((?:\[(?:\\.|[^\]\\])*\]|\\.|[^()[\]\\|^$*+?{}]))([*+])\)([*+])/g,
    (all, escaped: string | undefined, piece: string, one: string, many: string) =>
      escaped === undefined ? `(${piece}${one === '*' || many === '*' ? '*' : '+'})` : all,
  );

/** A bracket expression, a character with a backslash before it, or a character. */
const PIECE = /\[(\^?\]?(?:\[:\w+:\]|[^\]])*)\]|\\([^])|[^]/g;

function sourceOf(pattern: string, isExtended: boolean): string {
  let out = '';
  for (const { 0: piece, 1: set, 2: after, index } of pattern.matchAll(PIECE)) {
    const isFirst = /(^|\(|\|)$/.test(out) && !out.endsWith('\\(') && !out.endsWith('\\|');
    if (set !== undefined) out += bracket(set);
    else if (after !== undefined) out += escape(after, isExtended);
    else if (piece === '*') out += isFirst || out === '^' ? '\\*' : '*';
    else if (isExtended) out += piece;
    else if (piece === '^') out += isFirst ? '^' : '\\^';
    else if (piece === '$') out += /^(\\[)|]|$)/.test(pattern.slice(index + 1)) ? '$' : '\\$';
    else out += /[+?|(){}]/.test(piece) ? `\\${piece}` : piece;
  }
  return out;
}

/** A backslash in brackets is a backslash; ] that comes first is a character. */
function bracket(set: string): string {
  const [, not, rest] = /^(\^?)([^]*)$/.exec(set) ?? [];
  return `[${not}${withClasses(
    rest
      .replace(/\\(?![nt])/g, '\\\\')
      .replace(/^\]/, '\\]')
      .replace(/\[(?!:)/g, '\\['),
  )}]`;
}

function escape(c: string, isExtended: boolean): string {
  if (/[+?|(){}]/.test(c)) return isExtended ? `\\${c}` : c;
  if (c === '<' || c === '>') return '\\b';
  return /[\dntwWsSbB]/.test(c) ? `\\${c}` : literal(c);
}
