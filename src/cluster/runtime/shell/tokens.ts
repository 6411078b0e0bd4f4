/** A shell script as words, operators and redirections. Source: POSIX.1-2024, 2.3 Token Recognition, 2.7.4 Here-Document. */

/** What a script has yet to say before it is whole, as a shell complains of it. */
export interface Lack {
  lacks?: string;
}

/** A file, or a text: as between double quotes unless it is literal. */
export type Source = { readonly file: string } | { readonly text: string; readonly isLiteral?: true };

/** A word, an operator or a redirection as written, or where input comes from. */
export type Token = string | { readonly from: Source };

export const OPERATORS = ['&&', '||', ';;', ';', '\n', '|', '&', '(', ')'];

/** Where the quote, the substitution or the parenthesis that opens at `from` is over: past the end when it never is. */
export function closing(text: string, from: number): number {
  const open = text[from];
  if (open === "'" || open === '`') {
    const end = text.indexOf(open, from + 1);
    return (end < 0 ? text.length : end) + 1;
  }
  const close = { '"': '"', '(': ')', '{': '}' }[open] ?? open;
  let i = from + 1;
  while (i < text.length && text[i] !== close) {
    if (text[i] === '(' && open === '(') i = closing(text, i);
    else if ((text[i] === '"' || text[i] === "'") && (open === '"' || open === '{')) i++;
    else i = pieceEnd(text, i);
  }
  return i + 1;
}

/** Where the piece that begins at `i` is over: a quoted one, a `$(…)` or `${…}`, or one character. */
export function pieceEnd(text: string, i: number): number {
  const c = text[i];
  if (c === '\\') return i + 2;
  if (c === '"' || c === "'" || c === '`') return closing(text, i);
  return c === '$' && (text[i + 1] === '(' || text[i + 1] === '{') ? closing(text, i + 1) : i + 1;
}

/** Words as written, operators, and redirections as '>file', '>>file', '2>file', '&>file', '>&2', '2>&1'. */
export function tokens(script: string, lack: Lack = {}): readonly Token[] {
  const found: Token[] = [];
  let here: readonly HereDocument[] = [];
  for (let i = 0; i < script.length;) {
    if (script[i] === '\n' && here.length > 0) {
      for (const document of here) i = readDocument(script, i, document, found, lack);
      here = [];
    }
    if (/[ \t\r]/.test(script[i])) {
      i++;
      continue;
    }
    if (script.startsWith('\\\n', i)) {
      i += 2;
      if (i === script.length) lack.lacks = '';
      continue;
    }
    if (script[i] === '#') {
      while (i < script.length && script[i] !== '\n') i++;
      continue;
    }
    const closed = /^\d?[<>]&-/.exec(script.slice(i, i + 4));
    if (closed) {
      i += closed[0].length;
      continue;
    }
    if (script[i] === '<') {
      const [arrow] = /^<(?:<-?(?!<)|<<)?\s*/.exec(script.slice(i, i + 200)) ?? ['<'];
      const end = wordEnd(script, i + arrow.length);
      const word = script.slice(i + arrow.length, end);
      if (/^<<-?\s*$/.test(arrow)) here = [...here, { at: found.length, word, cutsTabs: arrow.includes('-') }];
      found.push({ from: arrow.startsWith('<<<') ? { text: `${bare(word)}\n` } : { file: word } });
      i = Math.max(end, i + 1);
      continue;
    }
    const stream = /^([12]?)>&([12])(?![\w/.])/.exec(script.slice(i, i + 20));
    if (stream) {
      found.push(`${stream[1] === '2' ? '2' : ''}>&${stream[2]}`);
      i += stream[0].length;
      continue;
    }
    const into = /^(?:1?(>{1,2})|(2>{1,2})|(&>{1,2}|>&))\s*/.exec(script.slice(i, i + 20));
    const operator = into ? undefined : OPERATORS.find((o) => script.startsWith(o, i));
    if (operator !== undefined) {
      found.push(operator === '\n' ? ';' : operator);
      i += operator.length;
      continue;
    }
    const start = into ? i + into[0].length : i;
    i = wordEnd(script, start);
    if (i === start) {
      i++;
      continue;
    }
    if (i > script.length) lack.lacks = 'unterminated quoted string';
    found.push((into ? (into[1] ?? into[2] ?? into[3].replace('>&', '&>')) : '') + script.slice(start, i));
  }
  return found;
}

interface HereDocument {
  readonly at: number;
  readonly word: string;
  readonly cutsTabs: boolean;
}
const bare = (word: string): string => word.replace(/^(["'])([^]*)\1$/, '$2').replaceAll('\\', '');

/** Puts the document that begins after `from` in its token's place; returns where it is over. */
function readDocument(script: string, from: number, { at, word, cutsTabs }: HereDocument, found: Token[], lack: Lack): number {
  const end = bare(word);
  const lines: string[] = [];
  let isOver = false;
  let i = from + 1;
  while (!isOver && i < script.length) {
    const next = script.indexOf('\n', i);
    const line = script.slice(i, next < 0 ? script.length : next).replace(cutsTabs ? /^\t+/ : /^(?!)/, '');
    i = next < 0 ? script.length : next;
    isOver = line === end;
    if (!isOver) {
      lines.push(`${line}\n`);
      i++;
    }
  }
  if (!isOver) lack.lacks = '';
  found[at] = { from: { text: lines.join(''), ...(end === word ? {} : { isLiteral: true as const }) } };
  return i;
}

function wordEnd(script: string, from: number): number {
  let i = from;
  while (i < script.length && !/[\s;&|()<>]/.test(script[i])) i = pieceEnd(script, i);
  return i;
}
