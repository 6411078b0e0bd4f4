/** A shell script as a flat list of steps, so that a process can stop between two of them and its state stays plain data. */
import { parse, type Command, type Redirection } from './parse.ts';

/** `isTested`: what it runs may fail under `set -e`. Upstream: POSIX.1-2024, 2.15 set. */
export type Step =
  | { readonly op: 'run'; readonly words: readonly string[]; readonly isTested?: true }
  /** Each part is a process of its own; what it prints is the next one's input. */
  | { readonly op: 'parts'; readonly parts: readonly (readonly Step[])[]; readonly isTested?: true }
  /** In the background. */
  | { readonly op: 'aside'; readonly steps: readonly Step[] }
  /** From here on the streams are others, until `restore`; where that cannot be it goes on at `to`. */
  | ({ readonly op: 'redirect'; readonly to: number; readonly isTested?: true } & Redirection)
  | { readonly op: 'restore' }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'unless'; readonly isOk: boolean; readonly to: number }
  | { readonly op: 'not' }
  /** A loop that has ended, or an `if` without a branch that holds, has not failed. */
  | { readonly op: 'well' }
  /** Goes on where the word is like one of the patterns, else at `to`. */
  | { readonly op: 'like'; readonly word: string; readonly patterns: readonly string[]; readonly to: number }
  /** The next of the words, or past the loop when there is none. */
  | { readonly op: 'each'; readonly name: string; readonly words: readonly string[]; readonly to: number }
  /** break and continue; `lists`: the `each` steps of the loops that are left, `restores`: how many redirections are. */
  | { readonly op: 'leave'; readonly lists: readonly number[]; readonly restores: number; readonly to: number }
  | { readonly op: 'define'; readonly name: string; readonly steps: readonly Step[] }
  /** The program that took the shell's place is over. */
  | { readonly op: 'end' };

interface Loop {
  readonly start: number;
  readonly isEach: boolean;
  readonly depth: number;
  /** The steps that leave it. */
  readonly exits: number[];
}
/** `depth`: so many redirections hold. */
interface Writer {
  readonly steps: Step[];
  readonly loops: readonly Loop[];
  readonly depth: number;
  readonly isTested: boolean;
}

/** Frozen: copies of a process share it. */
export const compileScript = (script: string): readonly Step[] => stepsOf(parse(script), false);

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
/** One command whose words are what they are. */
export const commandOf = (words: readonly string[]): readonly Step[] => [{ op: 'run', words: words.map(quoted) }];

function stepsOf(commands: readonly Command[], isTested: boolean): readonly Step[] {
  const steps: Step[] = [];
  all(commands, { steps, loops: [], depth: 0, isTested });
  return Object.freeze(steps);
}

const all = (commands: readonly Command[], w: Writer): void => {
  for (const command of commands) redirected(command, w);
};
const tested = (w: Writer): { readonly isTested?: true } => (w.isTested ? { isTested: true } : {});
/** Lets a step that was written before go on at what comes now. */
function land({ steps }: Writer, at: number): void {
  const step = steps[at];
  if ('to' in step) steps[at] = { ...step, to: steps.length };
}

function redirected(command: Command, w: Writer): void {
  const { redirection } = command;
  if (!redirection) return write(command, w);
  const at = w.steps.push({ op: 'redirect', ...redirection, to: 0, ...tested(w) }) - 1;
  write(command, { ...w, depth: w.depth + 1 });
  // `exec >file` is for good.
  if (command.kind !== 'simple' || command.words.length !== 1 || command.words[0] !== 'exec') w.steps.push({ op: 'restore' });
  land(w, at);
}

function write(command: Command, w: Writer): void {
  const { steps } = w;
  switch (command.kind) {
    case 'simple':
      return simple(command.words, w);
    case 'group':
      return all(command.body, w);
    case 'aside':
      steps.push({ op: 'aside', steps: stepsOf(command.body, w.isTested) });
      return;
    case 'pipe':
      steps.push({ op: 'parts', parts: command.parts.map((part) => stepsOf(part, w.isTested)), ...tested(w) });
      return;
    case 'not':
      redirected(command.of, { ...w, isTested: true });
      steps.push({ op: 'not' });
      return;
    case 'function':
      steps.push({ op: 'define', name: command.name, steps: stepsOf([command.body], false) });
      return;
    case 'and-or':
      redirected(command.first, { ...w, isTested: true });
      command.rest.forEach(({ isOk, then }, i) => {
        const at = steps.push({ op: 'unless', isOk, to: 0 }) - 1;
        redirected(then, i < command.rest.length - 1 ? { ...w, isTested: true } : w);
        land(w, at);
      });
      return;
    case 'if':
      return choose(command, w);
    case 'case':
      return match(command, w);
    case 'loop': {
      const start = steps.length;
      all(command.condition, { ...w, isTested: true });
      return body(command.body, start, steps.push({ op: 'unless', isOk: command.isOk, to: 0 }) - 1, w);
    }
    case 'for': {
      const start = steps.push({ op: 'each', name: command.name, words: command.words, to: 0 }) - 1;
      return body(command.body, start, start, w);
    }
  }
}

function simple(words: readonly string[], w: Writer): void {
  const [first] = words;
  if (first === 'break' || first === 'continue') return leave(first, Number(words[1] ?? 1), w);
  if (first !== 'exec') w.steps.push({ op: 'run', words, ...tested(w) });
  else if (words.length > 1) w.steps.push({ op: 'run', words: words.slice(1) }, { op: 'end' });
}

/** Out of so many loops, or to the next round of the last of them. */
function leave(word: 'break' | 'continue', count: number, { loops, steps, depth }: Writer): void {
  const left = loops.slice(-Math.max(1, count || 1));
  const [outermost] = left;
  if (!outermost) return;
  const lists = (word === 'break' ? left : left.slice(1)).flatMap((l) => (l.isEach ? [l.start] : []));
  const at = steps.push({ op: 'leave', lists, restores: depth - outermost.depth, to: outermost.start }) - 1;
  if (word === 'break') outermost.exits.push(at);
}

/** The body of a loop that begins anew at `start`; what leaves it goes behind it. */
function body(commands: readonly Command[], start: number, entry: number, w: Writer): void {
  const loop: Loop = { start, isEach: entry === start, depth: w.depth, exits: [entry] };
  all(commands, { ...w, loops: [...w.loops, loop] });
  w.steps.push({ op: 'jump', to: start });
  for (const at of loop.exits) land(w, at);
  w.steps.push({ op: 'well' });
}

function choose({ condition, then, other }: Extract<Command, { kind: 'if' }>, w: Writer): void {
  all(condition, { ...w, isTested: true });
  const at = w.steps.push({ op: 'unless', isOk: true, to: 0 }) - 1;
  all(then, w);
  const over = w.steps.push({ op: 'jump', to: 0 }) - 1;
  land(w, at);
  if (other.length > 0) all(other, w);
  else w.steps.push({ op: 'well' });
  land(w, over);
}

function match({ word, arms }: Extract<Command, { kind: 'case' }>, w: Writer): void {
  const over = arms.map(({ patterns, body: then }) => {
    const at = w.steps.push({ op: 'like', word, patterns, to: 0 }) - 1;
    if (then.length > 0) all(then, w);
    else w.steps.push({ op: 'well' });
    const jump = w.steps.push({ op: 'jump', to: 0 }) - 1;
    land(w, at);
    return jump;
  });
  w.steps.push({ op: 'well' });
  for (const at of over) land(w, at);
}
