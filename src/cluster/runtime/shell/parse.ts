/**
 * A shell script as a flat list of steps, so that a process can stop between two of them and its state stays plain data.
 * Source: POSIX.1-2024, Shell Command Language. Simplified: no functions, case, here-documents or cd; a subshell shares its variables, a job in the background is over at once.
 */
export type Step =
  /** `words` as they were written, quotes and all. `piped`: what it prints is the next command's input. `isAside`: it was sent to the background. */
  | { readonly op: 'run'; readonly words: readonly string[]; readonly into?: string; readonly appends?: boolean; readonly piped?: boolean; readonly isAside?: boolean }
  | { readonly op: 'jump'; readonly to: number } | { readonly op: 'unless'; readonly isOk: boolean; readonly to: number } | { readonly op: 'not' }
  /** The next of the words, or past the loop when there is none. */
  | { readonly op: 'each'; readonly name: string; readonly words: readonly string[]; readonly to: number };

const OPERATORS = ['&&', '||', ';;', ';', '\n', '|', '&', '(', ')'];

/** Where the quote, the substitution or the parenthesis that opens at `from` is over. */
export function closing(text: string, from: number): number {
  const open = text[from];
  if (open === "'" || open === '`') { const end = text.indexOf(open, from + 1); return end < 0 ? text.length : end + 1; }
  const close = { '"': '"', '(': ')', '{': '}' }[open] ?? open;
  let i = from + 1;
  while (i < text.length && text[i] !== close) {
    if (text[i] === '\\') i += 2;
    else if (text[i] === '$' && (text[i + 1] === '(' || text[i + 1] === '{')) i = closing(text, i + 1);
    else if (text[i] === '(' && open === '(') i = closing(text, i);
    else if (open !== '"' && open !== '{' && (text[i] === '"' || text[i] === "'")) i = closing(text, i);
    else i++;
  }
  return Math.min(text.length, i + 1);
}

/** Words as written, operators, and redirections as '>file' and '>>file'. */
function tokens(script: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < script.length;) {
    if (/[ \t\r]/.test(script[i])) { i++; continue; }
    if (script.startsWith('\\\n', i)) { i += 2; continue; }
    if (script[i] === '#') { while (i < script.length && script[i] !== '\n') i++; continue; }
    const aside = /^(?:\d?>&\d|&>{1,2}\s*\S+|2>{1,2}\s*\S+|<\s*\S+)/.exec(script.slice(i, i + 200));
    if (aside) { i += aside[0].replace(/[;&|)]+$/, (m) => (/>&\d/.test(aside[0]) ? m : '')).length; continue; }
    const into = /^1?(>{1,2})\s*/.exec(script.slice(i, i + 20));
    const operator = into ? undefined : OPERATORS.find((o) => script.startsWith(o, i));
    if (operator !== undefined) { found.push(operator === '\n' ? ';' : operator); i += operator.length; continue; }
    const start = into ? i + into[0].length : i;
    i = wordEnd(script, start);
    if (i === start) { i++; continue; }
    found.push((into?.[1] ?? '') + script.slice(start, i));
  }
  return found;
}

function wordEnd(script: string, from: number): number {
  let i = from;
  while (i < script.length && !/[\s;&|()<>]/.test(script[i])) {
    if (script[i] === '\\') i += 2;
    else if (script[i] === '"' || script[i] === "'" || script[i] === '`') i = closing(script, i);
    else if (script[i] === '$' && (script[i + 1] === '(' || script[i + 1] === '{')) i = closing(script, i + 1);
    else i++;
  }
  return i;
}

interface Reader { readonly tokens: readonly string[]; at: number; readonly steps: Step[] }

export function compileScript(script: string): readonly Step[] {
  const reader: Reader = { tokens: tokens(script), at: 0, steps: [] };
  while (reader.at < reader.tokens.length) { list(reader, []); reader.at++; }
  return reader.steps;
}

/** Commands until one of the closing words, which is left to be read. */
function list(r: Reader, until: readonly string[]): void {
  while (r.at < r.tokens.length) {
    const token = r.tokens[r.at];
    if (token === ';' || token === '&' || token === ';;') { r.at++; continue; }
    if (until.includes(token) || token === ')') return;
    command(r);
    while (r.tokens[r.at] === '&&' || r.tokens[r.at] === '||') {
      const isOk = r.tokens[r.at++] === '&&';
      while (r.tokens[r.at] === ';') r.at++;
      branch(r, isOk, () => command(r));
    }
  }
}

/** What is done only when the status so far is good, or bad. */
function branch(r: Reader, isOk: boolean, then: () => void): void {
  const at = r.steps.push({ op: 'unless', isOk, to: 0 }) - 1;
  then();
  r.steps[at] = { op: 'unless', isOk, to: r.steps.length };
}

function command(r: Reader): void {
  const word = r.tokens[r.at];
  if (word === '!') { r.at++; command(r); r.steps.push({ op: 'not' }); return; }
  if (word === 'while' || word === 'until') { r.at++; return loop(r, word === 'while'); }
  if (word === 'for') { r.at++; return forEach(r); }
  if (word === 'if') { r.at++; return condition(r); }
  if (word === '{' || word === '(') { r.at++; list(r, ['}', ')']); r.at++; return; }
  simple(r);
}

function loop(r: Reader, isOk: boolean): void {
  const start = r.steps.length;
  list(r, ['do']);
  r.at++;
  const at = r.steps.push({ op: 'unless', isOk, to: 0 }) - 1;
  list(r, ['done']);
  r.at++;
  r.steps.push({ op: 'jump', to: start });
  r.steps[at] = { op: 'unless', isOk, to: r.steps.length };
}

function forEach(r: Reader): void {
  const name = r.tokens[r.at++] ?? '';
  const words: string[] = [];
  if (r.tokens[r.at] === 'in') { r.at++; while (r.at < r.tokens.length && r.tokens[r.at] !== ';') words.push(r.tokens[r.at++]); }
  list(r, ['do']);
  r.at++;
  const start = r.steps.push({ op: 'each', name, words, to: 0 }) - 1;
  list(r, ['done']);
  r.at++;
  r.steps.push({ op: 'jump', to: start });
  r.steps[start] = { op: 'each', name, words, to: r.steps.length };
}

function condition(r: Reader): void {
  list(r, ['then']);
  r.at++;
  const at = r.steps.push({ op: 'unless', isOk: true, to: 0 }) - 1;
  list(r, ['else', 'elif', 'fi']);
  const next = r.tokens[r.at++];
  const leave = next === 'fi' ? undefined : r.steps.push({ op: 'jump', to: 0 }) - 1;
  r.steps[at] = { op: 'unless', isOk: true, to: r.steps.length };
  if (next === 'elif') condition(r);
  if (next === 'else') { list(r, ['fi']); r.at++; }
  if (leave !== undefined) r.steps[leave] = { op: 'jump', to: r.steps.length };
}

function simple(r: Reader): void {
  const words: string[] = [];
  let into: string | undefined;
  while (r.at < r.tokens.length && !OPERATORS.includes(r.tokens[r.at])) {
    const token = r.tokens[r.at++];
    if (token.startsWith('>')) into = token;
    else words.push(token);
  }
  const mark = r.tokens[r.at];
  if (mark === '|') r.at++;
  const target = into?.replace(/^>+/, '');
  r.steps.push({ op: 'run', words, ...(target === undefined ? {} : { into: target, appends: into?.startsWith('>>') ?? false }), ...(mark === '|' ? { piped: true } : {}), ...(mark === '&' ? { isAside: true } : {}) });
  if (mark === '|') { while (r.tokens[r.at] === ';') r.at++; command(r); }
}
