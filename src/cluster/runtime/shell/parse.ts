/**
 * A shell script as a flat list of steps, so that a process can stop between two of them and its state stays plain data.
 * Source: POSIX.1-2024, Shell Command Language. Simplified: no functions, case or here-documents; a loop or a group is not piped; a subshell shares its variables, a job in the background is over at once.
 */
export type Step =
  /** `words` as they were written, quotes and all. `into`, `errInto`: where what it prints and its complaints go instead. `piped`: what it prints is the next command's input. `isAside`: it was sent to the background. */
  | {
      readonly op: 'run';
      readonly words: readonly string[];
      readonly into?: Target;
      readonly errInto?: Target;
      readonly piped?: boolean;
      readonly isAside?: boolean;
    }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'unless'; readonly isOk: boolean; readonly to: number }
  | { readonly op: 'not' }
  /** The next of the words, or past the loop when there is none. */
  | { readonly op: 'each'; readonly name: string; readonly words: readonly string[]; readonly to: number };

/** A file, or the stream that the command had at first. */
export type Target = { readonly file: string; readonly appends: boolean } | 'stdout' | 'stderr';

const OPERATORS = ['&&', '||', ';;', ';', '\n', '|', '&', '(', ')'];

/** Where the quote, the substitution or the parenthesis that opens at `from` is over. */
export function closing(text: string, from: number): number {
  const open = text[from];
  if (open === "'" || open === '`') {
    const end = text.indexOf(open, from + 1);
    return end < 0 ? text.length : end + 1;
  }
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

/** Words as written, operators, and redirections as '>file', '>>file', '2>file', '&>file', '>&2', '2>&1'. */
function tokens(script: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < script.length;) {
    if (/[ \t\r]/.test(script[i])) {
      i++;
      continue;
    }
    if (script.startsWith('\\\n', i)) {
      i += 2;
      continue;
    }
    if (script[i] === '#') {
      while (i < script.length && script[i] !== '\n') i++;
      continue;
    }
    const input = /^(?:<\s*[^\s;&|()<>]+|\d?[<>]&-)/.exec(script.slice(i, i + 200));
    if (input) {
      i += input[0].length;
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
    found.push((into ? (into[1] ?? into[2] ?? into[3].replace('>&', '&>')) : '') + script.slice(start, i));
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

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  readonly steps: Step[];
}

export function compileScript(script: string): readonly Step[] {
  const reader: Reader = { tokens: tokens(script), at: 0, steps: [] };
  while (reader.at < reader.tokens.length) {
    list(reader, []);
    reader.at++;
  }
  return reader.steps;
}

/** Commands until one of the closing words, which is left to be read. */
function list(r: Reader, until: readonly string[]): void {
  while (r.at < r.tokens.length) {
    const token = r.tokens[r.at];
    if (token === ';' || token === '&' || token === ';;') {
      r.at++;
      continue;
    }
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
  const compound = COMPOUND.get(word);
  if (word === '!') {
    r.at++;
    command(r);
    r.steps.push({ op: 'not' });
  } else if (!compound) simple(r);
  else {
    const start = r.steps.length;
    r.at++;
    compound(r);
    redirectAll(r, start);
  }
}

const group = (r: Reader): void => {
  list(r, ['}', ')']);
  r.at++;
};
const COMPOUND: ReadonlyMap<string, (r: Reader) => void> = new Map([
  ['while', (r: Reader) => loop(r, true)],
  ['until', (r: Reader) => loop(r, false)],
  ['for', forEach],
  ['if', condition],
  ['{', group],
  ['(', group],
]);

/** What stands after a compound command holds for all in it that says nothing else: its files are emptied once, before the first. */
function redirectAll(r: Reader, start: number): void {
  const { out, err } = redirections(r, () => false);
  if (out === 'stdout' && err === 'stderr') return;
  const more = (target: Target): Target => (typeof target === 'string' ? target : { ...target, appends: true });
  for (let i = start; i < r.steps.length; i++) {
    const step = r.steps[i];
    if ('to' in step) r.steps[i] = { ...step, to: step.to + 1 };
    else if (step.op === 'run')
      r.steps[i] = { ...step, ...(step.into || step.piped ? {} : { into: more(out) }), ...(step.errInto ? {} : { errInto: more(err) }) };
  }
  r.steps.splice(start, 0, { op: 'run', words: [':'], into: out, errInto: err });
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
  if (r.tokens[r.at] === 'in') {
    r.at++;
    while (r.at < r.tokens.length && r.tokens[r.at] !== ';') words.push(r.tokens[r.at++]);
  }
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
  if (next === 'else') {
    list(r, ['fi']);
    r.at++;
  }
  if (leave !== undefined) r.steps[leave] = { op: 'jump', to: r.steps.length };
}

const REDIRECTION = /^(2|&)?(>{1,2})(&[12]$)?/;

/** Reads redirections, and words among them for as long as they are wanted. */
function redirections(
  r: Reader,
  isWanted: (word: string) => boolean,
): { readonly out: Target; readonly err: Target; readonly words: readonly string[] } {
  const words: string[] = [];
  let [out, err]: [Target, Target] = ['stdout', 'stderr'];
  for (; r.at < r.tokens.length; r.at++) {
    const token = r.tokens[r.at];
    const [whole, from, arrow, stream] = REDIRECTION.exec(token) ?? [];
    if (whole === undefined && !isWanted(token)) break;
    if (whole === undefined) {
      words.push(token);
      continue;
    }
    const target: Target = stream === '&1' ? out : stream === '&2' ? err : { file: token.slice(whole.length), appends: arrow === '>>' };
    if (from !== '2') out = target;
    if (from !== undefined) err = target;
  }
  return { out, err, words };
}

function simple(r: Reader): void {
  const { out, err, words } = redirections(r, (word) => !OPERATORS.includes(word));
  const mark = r.tokens[r.at];
  if (mark === '|') r.at++;
  r.steps.push({
    op: 'run',
    words,
    ...(out === 'stdout' ? {} : { into: out }),
    ...(err === 'stderr' ? {} : { errInto: err }),
    ...(mark === '|' ? { piped: true } : {}),
    ...(mark === '&' ? { isAside: true } : {}),
  });
  if (mark === '|') {
    while (r.tokens[r.at] === ';') r.at++;
    command(r);
  }
}
