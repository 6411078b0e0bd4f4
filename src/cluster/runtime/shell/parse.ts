/**
 * A shell script as a flat list of steps, so that a process can stop between two of them and its state stays plain data.
 * Source: POSIX.1-2024, Shell Command Language. Simplified: what a loop, a group or a function prints is not piped; a subshell shares its variables, a job in the background is over at once.
 */
import { OPERATORS, tokens, type Source, type Token } from './tokens.ts';

export type Step =
  /**
   * `words` as they were written, quotes and all. `into`, `errInto`: where what it prints and its complaints go instead; `from`: where its input comes from. `piped`: what it prints is the next command's input.
   * `isAside`: it was sent to the background. `isTested`: it may fail under `set -e`.
   */
  | {
      readonly op: 'run';
      readonly words: readonly string[];
      readonly into?: Target;
      readonly errInto?: Target;
      readonly piped?: boolean;
      readonly isAside?: boolean;
      readonly from?: Source;
      readonly isTested?: true;
    }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'unless'; readonly isOk: boolean; readonly to: number }
  | { readonly op: 'not' }
  /** A loop that has ended, or an `if` without a branch that holds, has not failed. */
  | { readonly op: 'well' }
  /** Goes on where the word is like one of the patterns, else at `to`. */
  | { readonly op: 'like'; readonly word: string; readonly patterns: readonly string[]; readonly to: number }
  /** break and continue; `lists`: the `each` steps of the loops that are left. */
  | { readonly op: 'leave'; readonly lists: readonly number[]; readonly to: number }
  /** From here on `read` takes the lines of what was piped, or of a file; and no longer. */
  /** A function, with the steps of its own. */
  | { readonly op: 'define'; readonly name: string; readonly steps: readonly Step[] }
  | { readonly op: 'feed'; readonly from?: Source }
  | { readonly op: 'fed' }
  /** The next of the words, or past the loop when there is none. */
  | { readonly op: 'each'; readonly name: string; readonly words: readonly string[]; readonly to: number };

/** A file, or the stream that the command had at first. */
export type Target = { readonly file: string; readonly appends: boolean } | 'stdout' | 'stderr';

/** A loop that is being read: where it begins anew, its `each` step, and the steps that leave it. */
interface Loop {
  start: number;
  readonly isEach: boolean;
  exits: readonly number[];
}
interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly steps: Step[];
  readonly loops: Loop[];
}

export function compileScript(script: string): readonly Step[] {
  const reader: Reader = { tokens: tokens(script), at: 0, steps: [], loops: [] };
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
    if (token === ';' || token === '&' || (token === ';;' && !until.includes(';;'))) {
      r.at++;
      continue;
    }
    if (typeof token === 'string' && (until.includes(token) || token === ')')) return;
    const start = r.steps.length;
    command(r);
    while (r.tokens[r.at] === '&&' || r.tokens[r.at] === '||') {
      tested(r, start);
      const isOk = r.tokens[r.at++] === '&&';
      while (r.tokens[r.at] === ';') r.at++;
      branch(r, isOk, () => command(r));
    }
  }
}

/** What was read since then may fail. */
function tested(r: Reader, from: number): void {
  for (let i = from; i < r.steps.length; i++) {
    const step = r.steps[i];
    if (step.op === 'run') r.steps[i] = { ...step, isTested: true };
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
  const compound = typeof word === 'string' ? COMPOUND.get(word) : undefined;
  const start = r.steps.length;
  if (word === '!') {
    r.at++;
    command(r);
    tested(r, start);
    r.steps.push({ op: 'not' });
  } else if (word === 'break' || word === 'continue') jumpOut(r, word);
  else if (r.tokens[r.at + 1] === '(' && r.tokens[r.at + 2] === ')') define(r);
  else if (!compound) simple(r);
  else {
    r.at++;
    compound(r);
    redirectAll(r, start);
  }
}

/** NAME() { … } */
function define(r: Reader): void {
  const name = wordAt(r);
  const inner: Reader = { tokens: r.tokens, at: r.at + 3, steps: [], loops: [] };
  while (inner.tokens[inner.at] === ';') inner.at++;
  command(inner);
  r.at = inner.at;
  r.steps.push({ op: 'define', name, steps: inner.steps });
}

/** Out of so many loops, or to the next round of the last of them. */
function jumpOut(r: Reader, word: 'break' | 'continue'): void {
  const count = Number(r.tokens[r.at + 1]);
  r.at += count > 0 ? 2 : 1;
  const left = r.loops.slice(-(count > 0 ? count : 1));
  const [outermost] = left;
  if (!outermost) return;
  const over = word === 'break' ? left : left.slice(1);
  const at = r.steps.push({ op: 'leave', lists: over.flatMap((l) => (l.isEach ? [l.start] : [])), to: outermost.start }) - 1;
  if (word === 'break') outermost.exits = [...outermost.exits, at];
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
  ['case', choice],
  ['{', group],
  ['(', group],
]);

/** What stands after a compound command holds for all in it that says nothing else: its files are emptied once, before the first. */
function redirectAll(r: Reader, start: number): void {
  const { out, err, from } = redirections(r, () => false);
  if (from) {
    insert(r, start, { op: 'feed', from });
    r.steps.push({ op: 'fed' });
  }
  if (out === 'stdout' && err === 'stderr') return;
  const more = (target: Target): Target => (typeof target === 'string' ? target : { ...target, appends: true });
  for (let i = start; i < r.steps.length; i++) {
    const step = r.steps[i];
    if (step.op === 'run')
      r.steps[i] = { ...step, ...(step.into || step.piped ? {} : { into: more(out) }), ...(step.errInto ? {} : { errInto: more(err) }) };
  }
  insert(r, start, { op: 'run', words: [':'], into: out, errInto: err });
}

/** Puts a step before those that were read since `start`. */
function insert(r: Reader, start: number, step: Step): void {
  const moved = (to: number): number => (to >= start ? to + 1 : to);
  for (let i = start; i < r.steps.length; i++) {
    const other = r.steps[i];
    if ('to' in other) r.steps[i] = { ...other, to: moved(other.to), ...(other.op === 'leave' ? { lists: other.lists.map(moved) } : {}) };
  }
  for (const outer of r.loops) outer.exits = outer.exits.map(moved);
  r.steps.splice(start, 0, step);
}

/** Reads the body of a loop that begins anew at `start`; what leaves it goes behind it. */
function body(r: Reader, start: number, entry: number): void {
  const inner: Loop = { start, isEach: r.steps[start]?.op === 'each', exits: [entry] };
  r.loops.push(inner);
  list(r, ['done']);
  r.loops.pop();
  r.at++;
  r.steps.push({ op: 'jump', to: start });
  for (const at of inner.exits) {
    const step = r.steps[at];
    if ('to' in step) r.steps[at] = { ...step, to: r.steps.length };
  }
  r.steps.push({ op: 'well' });
}

function loop(r: Reader, isOk: boolean): void {
  const start = r.steps.length;
  list(r, ['do']);
  tested(r, start);
  r.at++;
  body(r, start, r.steps.push({ op: 'unless', isOk, to: 0 }) - 1);
}

function forEach(r: Reader): void {
  const name = wordAt(r);
  r.at++;
  const words: string[] = [];
  if (r.tokens[r.at] !== 'in') words.push('"$@"');
  else for (r.at++; r.at < r.tokens.length && r.tokens[r.at] !== ';'; r.at++) words.push(wordAt(r));
  list(r, ['do']);
  r.at++;
  const start = r.steps.push({ op: 'each', name, words, to: 0 }) - 1;
  body(r, start, start);
}

const wordAt = ({ tokens: all, at }: Reader): string => {
  const token = all[at];
  return typeof token === 'string' ? token : '';
};

/** case WORD in PATTERN|PATTERN) … ;; … esac */
function choice(r: Reader): void {
  const word = wordAt(r);
  r.at++;
  const leaves: number[] = [];
  const skip = (): void => {
    while (r.tokens[r.at] === ';' || r.tokens[r.at] === ';;') r.at++;
  };
  skip();
  if (r.tokens[r.at] === 'in') r.at++;
  for (skip(); r.at < r.tokens.length && r.tokens[r.at] !== 'esac'; skip()) {
    const patterns: string[] = [];
    for (; r.at < r.tokens.length && r.tokens[r.at] !== ')'; r.at++) if (!/^[(|]$/.test(wordAt(r))) patterns.push(wordAt(r));
    r.at++;
    const at = r.steps.push({ op: 'like', word, patterns, to: 0 }) - 1;
    list(r, [';;', 'esac']);
    leaves.push(r.steps.push({ op: 'jump', to: 0 }) - 1);
    r.steps[at] = { op: 'like', word, patterns, to: r.steps.length };
  }
  r.at++;
  r.steps.push({ op: 'well' });
  for (const at of leaves) r.steps[at] = { op: 'jump', to: r.steps.length };
}

function condition(r: Reader): void {
  const start = r.steps.length;
  list(r, ['then']);
  tested(r, start);
  r.at++;
  const at = r.steps.push({ op: 'unless', isOk: true, to: 0 }) - 1;
  list(r, ['else', 'elif', 'fi']);
  const next = r.tokens[r.at++];
  const leave = r.steps.push({ op: 'jump', to: 0 }) - 1;
  r.steps[at] = { op: 'unless', isOk: true, to: r.steps.length };
  if (next === 'elif') condition(r);
  else if (next === 'else') {
    list(r, ['fi']);
    r.at++;
  } else r.steps.push({ op: 'well' });
  r.steps[leave] = { op: 'jump', to: r.steps.length };
}

const REDIRECTION = /^(2|&)?(>{1,2})(&[12]$)?/;

/** Reads redirections, and words among them for as long as they are wanted. */
function redirections(
  r: Reader,
  isWanted: (word: string) => boolean,
): { readonly out: Target; readonly err: Target; readonly from?: Source; readonly words: readonly string[] } {
  const words: string[] = [];
  let [out, err]: [Target, Target] = ['stdout', 'stderr'];
  let from: Source | undefined;
  for (; r.at < r.tokens.length; r.at++) {
    const token = r.tokens[r.at];
    if (typeof token !== 'string') {
      ({ from } = token);
      continue;
    }
    const [whole, which, arrow, stream] = REDIRECTION.exec(token) ?? [];
    if (whole === undefined && !isWanted(token)) break;
    if (whole === undefined) {
      words.push(token);
      continue;
    }
    const target: Target = stream === '&1' ? out : stream === '&2' ? err : { file: token.slice(whole.length), appends: arrow === '>>' };
    if (which !== '2') out = target;
    if (which !== undefined) err = target;
  }
  return { out, err, words, ...(from ? { from } : {}) };
}

function simple(r: Reader): void {
  const { out, err, words, from } = redirections(r, (word) => !OPERATORS.includes(word));
  const mark = r.tokens[r.at];
  if (mark === '|') r.at++;
  r.steps.push({
    op: 'run',
    words,
    ...(out === 'stdout' ? {} : { into: out }),
    ...(err === 'stderr' ? {} : { errInto: err }),
    ...(from ? { from } : {}),
    ...(mark === '|' ? { piped: true } : {}),
    ...(mark === '&' ? { isAside: true } : {}),
  });
  if (mark === '|') {
    while (r.tokens[r.at] === ';') r.at++;
    if (!COMPOUND.has(wordAt(r))) return command(r);
    r.steps.push({ op: 'feed' });
    command(r);
    r.steps.push({ op: 'fed' });
  }
}
