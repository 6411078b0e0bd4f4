/** Carries out the steps of a script until one takes time. Simplified: what `$(…)` and a shell inside a shell run takes no time and has no network. */
import { perform, type Where } from './commands.ts';
import type { Effect, Follow } from './effect.ts';
import { expand, inQuotes, isLike, oneField, type Shell, type Substitute } from './expand.ts';
import { write, type Files } from './files.ts';
import { CWD, inShell } from './listing.ts';
import type { Errand } from './network-commands.ts';
import { FLAGS } from './set.ts';
import { compileScript, type Step, type Target } from './parse.ts';
import type { Source } from './tokens.ts';
import { linesIn } from './text-commands.ts';
import { TRAP } from './trap.ts';

/** A script that runs: the container's own, or one that `kubectl exec` started beside it. Plain data; the files belong to the container. */
export interface Thread {
  steps: readonly Step[];
  pc: number;
  status: number;
  input: string | undefined;
  /** Said, without its line break so far. */
  partial: string;
  /** It ended without one. */
  isOpen?: true;
  readonly vars: Map<string, string>;
  lists: Map<number, readonly string[]>;
  /** $1, $2 … */
  args: readonly string[];
  readonly functions: Map<string, readonly Step[]>;
  /** Where the functions that run were called. */
  readonly callers: Pick<Thread, 'steps' | 'pc' | 'lists' | 'args'>[];
  /** What `read` has not taken yet, of each loop or group that was given something to read. */
  readonly fed: string[];
  /** When the last of what it sent to the background is over. */
  asideUntil?: number;
  /** A command has failed, and `set -e` was said. */
  hasFailed?: true;
  /** It runs a trap; what was interrupted goes on after it. */
  readonly outer?: Thread;
}
export interface Surroundings extends Files {
  readonly where: Where;
  readonly now: number;
  /** A complaint goes to stderr. */
  readonly print: (line: string, isComplaint?: true) => void;
  /** The container's first process hears SIGTERM; whether that is the thread itself, which has a trap for it. */
  readonly term?: () => boolean;
}
/** Why it stopped. */
export type Pause =
  | { readonly over: number; readonly exits?: true }
  | { readonly sleepUs: number; readonly waits?: true }
  | { readonly errand: Errand; readonly step: RunStep }
  | { readonly forever: true; readonly follows?: Follow; readonly waits?: true }
  | { readonly busy: true };
export type RunStep = Extract<Step, { op: 'run' }>;

const MOST_STEPS = 200;
/** Until a shell hears its own signal. */
const HEARS_US = 10_000;
const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

export const threadOf = (
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
  args: readonly string[] = [],
): Thread => ({
  steps,
  pc: 0,
  status: 0,
  input: undefined,
  partial: '',
  vars: new Map([...Object.entries(env), ...(cwd === undefined ? [] : [[CWD, cwd] as const])]),
  lists: new Map(),
  args,
  functions: new Map(),
  callers: [],
  fed: [],
});

export function advance(thread: Thread, at: Surroundings, most = MOST_STEPS): Pause {
  for (let n = 0; n < most; n++) {
    if (thread.hasFailed) return { ...ended(thread, thread.status, at), exits: true };
    const step = thread.steps[thread.pc++];
    if (step === undefined) {
      if (!back(thread)) return ended(thread, thread.status, at);
      continue;
    }
    if (step.op === 'jump') thread.pc = step.to;
    else if (step.op === 'not') thread.status = thread.status === 0 ? 1 : 0;
    else if (step.op === 'unless') {
      if ((thread.status === 0) !== step.isOk) thread.pc = step.to;
    } else if (step.op !== 'run') turn(thread, step, at);
    else {
      const effect = effectOf(thread, step, at);
      if ('status' in effect) {
        said(thread, step, effect, at);
        if (effect.terms && at.term?.()) return { sleepUs: HEARS_US };
      } else if ('exit' in effect) return { ...ended(thread, effect.exit, at), exits: true };
      else if ('waits' in effect) {
        const left = (thread.asideUntil ?? 0) - at.now;
        thread.status = 0;
        if (left > 0)
          return thread.asideUntil === Number.MAX_SAFE_INTEGER ? { forever: true, waits: true } : { sleepUs: left, waits: true };
      } else if ('script' in effect) said(thread, step, runNow(effect.script, shellOf(thread, at), at), at);
      else if (step.isAside) {
        if (!('errand' in effect))
          thread.asideUntil = Math.max(thread.asideUntil ?? 0, 'sleepUs' in effect ? at.now + effect.sleepUs : Number.MAX_SAFE_INTEGER);
      } else return 'errand' in effect ? { errand: effect.errand, step } : effect;
    }
  }
  return { busy: true };
}

/** Goes on where the function was called; false outside of any. */
function back(thread: Thread): boolean {
  const caller = thread.callers.pop();
  if (caller) Object.assign(thread, caller);
  return caller !== undefined;
}

/** Begins a function with its words. */
function call(thread: Thread, steps: readonly Step[], args: readonly string[]): void {
  const { steps: was, pc, lists, args: had } = thread;
  thread.callers.push({ steps: was, pc, lists, args: had });
  Object.assign(thread, { steps, pc: 0, lists: new Map(), args } satisfies Partial<Thread>);
}

/** What a shell does by itself: it calls a function, returns from one, reads a line, and numbers its words anew. Undefined for anything else. */
function ownCommand(thread: Thread, [name = '', ...args]: readonly string[], input: string | undefined): Effect | undefined {
  const steps = thread.functions.get(name);
  if (steps) {
    call(thread, steps, args);
    return { status: 0 };
  }
  switch (name) {
    case 'read':
      return { status: readLine(thread, args, input) };
    case 'return': {
      const status = Number(args[0] ?? thread.status) & 255;
      return back(thread) ? { status } : { exit: status };
    }
    case 'shift':
      thread.args = thread.args.slice(Number(args[0] ?? 1));
      return { status: 0 };
    case 'set':
      if (args.includes('--')) thread.args = args.slice(args.indexOf('--') + 1);
  }
}

/** Steps that only say where to go on. */
function turn(thread: Thread, step: Exclude<Step, { readonly op: 'run' | 'jump' | 'not' | 'unless' }>, at: Surroundings): void {
  switch (step.op) {
    case 'well':
      thread.status = 0;
      return;
    case 'each':
      return nextOf(thread, step, at);
    case 'like': {
      const [shell, inside] = [shellOf(thread, at), insideOf(thread, at)];
      const word = oneField(step.word, shell, inside);
      if (!step.patterns.some((pattern) => isLike(word, pattern, shell, inside))) thread.pc = step.to;
      return;
    }
    case 'define':
      thread.functions.set(step.name, step.steps);
      thread.status = 0;
      return;
    case 'leave':
      for (const list of step.lists) thread.lists.delete(list);
      thread.pc = step.to;
      return;
    case 'feed':
      thread.fed.push(step.from ? textOf(step.from, thread, at) : (thread.input ?? ''));
      thread.input = undefined;
      return;
    case 'fed':
      thread.fed.pop();
  }
}

/** What `$(…)` stands for. */
const insideOf =
  (thread: Thread, at: Surroundings): Substitute =>
  (script) =>
    runNow(script, shellOf(thread, at), at).out.replace(/\n+$/, '');
const expandNow = (words: readonly string[], thread: Thread, at: Surroundings): readonly string[] =>
  expand(words, shellOf(thread, at), insideOf(thread, at));

/** What an input is taken from: a file that is not there is empty. */
function textOf(from: Source, thread: Thread, at: Surroundings): string {
  if ('file' in from) return at.files.get(inShell(expandNow([from.file], thread, at)[0] ?? '', thread)) ?? '';
  return from.isLiteral ? from.text : inQuotes(from.text, shellOf(thread, at), insideOf(thread, at));
}

/** `set -e`. Upstream: POSIX.1-2024, 2.15 set: not in a condition, not before && or ||, not after !, and of a pipe only its last command. */
const endsAtFailure = ({ vars }: Thread, { isTested, piped }: RunStep): boolean =>
  !isTested && !piped && (vars.get(FLAGS) ?? '').includes('e');

function ended(thread: Thread, status: number, { print }: Surroundings): { readonly over: number } {
  if (thread.partial !== '') {
    print(thread.partial);
    thread.isOpen = true;
  }
  thread.partial = '';
  return { over: status };
}

const shellOf = (thread: Thread, { files, written, mounts }: Surroundings): Shell => ({
  vars: thread.vars,
  files,
  written,
  ...(mounts ? { mounts } : {}),
  args: thread.args,
  functions: thread.functions,
  input: thread.input,
  status: thread.status,
});

function effectOf(thread: Thread, step: RunStep, at: Surroundings): Effect {
  const shell = shellOf(thread, at);
  const inside = insideOf(thread, at);
  const [first = ''] = step.words;
  const own = step.words.findIndex((w) => !ASSIGNMENT.test(w));
  for (const word of own < 0 ? step.words : step.words.slice(0, own)) {
    const name = ASSIGNMENT.exec(word)?.[1] ?? '';
    thread.vars.set(name, oneField(word.slice(name.length + 1), shell, inside));
  }
  if (own < 0) return { status: first === '' ? thread.status : 0 };
  if (step.from) shell.input = textOf(step.from, thread, at);
  const words = expand(step.words.slice(own), shell, inside);
  const effect = ownCommand(thread, words, shell.input) ?? perform(words, shell, at.where);
  thread.input = undefined;
  return effect;
}

/** read [-r] NAME …: the next line, or what there is of it; its status is 1 where nothing is left. */
function readLine(thread: Thread, args: readonly string[], input: string | undefined): number {
  const text = input ?? thread.fed.at(-1) ?? '';
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  if (input === undefined && thread.fed.length > 0) thread.fed[thread.fed.length - 1] = end < 0 ? '' : text.slice(end + 1);
  const names = args.filter((word) => !word.startsWith('-'));
  let rest = line.trim();
  names.forEach((name, i) => {
    const [first = ''] = /^\S*/.exec(rest) ?? [];
    thread.vars.set(name, i === names.length - 1 ? rest : first);
    rest = rest.slice(first.length).trimStart();
  });
  return end < 0 ? 1 : 0;
}

/** Takes in what a command said: into a file, the next command, or the log. */
export function said(
  thread: Thread,
  step: RunStep,
  { status, out = '', err }: { readonly status: number; readonly out?: string; readonly err?: string },
  at: Surroundings,
): void {
  thread.status = status;
  if (status !== 0 && endsAtFailure(thread, step)) thread.hasFailed = true;
  const into = namedTarget(thread, step.into ?? 'stdout', at);
  const errInto = namedTarget(thread, step.errInto ?? 'stderr', at);
  if (step.piped) thread.input = '';
  if (out !== '' || typeof into === 'object') sent(thread, step, into, out, at);
  const complaint = err === undefined || err === '' ? '' : `${err.replace(/\n$/, '')}\n`;
  if (complaint !== '' || (typeof errInto === 'object' && errInto.file !== (into as { readonly file?: string }).file))
    sent(thread, step, sameFile(into, errInto) ? { ...errInto, appends: true } : errInto, complaint, at);
}

const sameFile = (a: Target, b: Target): b is Exclude<Target, string> =>
  typeof a === 'object' && typeof b === 'object' && a.file === b.file;

/** Some files are streams. */
function namedTarget(thread: Thread, target: Target, at: Surroundings): Target {
  if (typeof target === 'string') return target;
  const file = expand([target.file], shellOf(thread, at), () => '')[0] ?? '/dev/stdout';
  if (/^\/(dev\/(stdout|fd\/[013-9])|proc\/(1|self)\/fd\/1)$/.test(file)) return 'stdout';
  return /^\/(dev\/(stderr|fd\/2)|proc\/(1|self)\/fd\/2)$/.test(file) ? 'stderr' : { file, appends: target.appends };
}

function sent(thread: Thread, { piped }: RunStep, target: Target, text: string, at: Surroundings): void {
  if (target === 'stderr') for (const line of linesIn(text)) at.print(line, true);
  else if (target === 'stdout') {
    if (piped) thread.input += text;
    else tell(thread, text, at);
  } else if (
    target.file !== '/dev/tty' &&
    !write(at, { path: inShell(target.file, thread), text, ...(target.appends ? { appends: true as const } : {}) })
  ) {
    thread.status = 1;
    at.print(`sh: can't create ${target.file}: Read-only file system`, true);
  }
}

/** Prints the whole lines, and keeps what has no line break yet. */
export function tell(on: { partial: string }, text: string, { print }: Pick<Surroundings, 'print'>): void {
  const lines = (on.partial + text).split('\n');
  on.partial = lines.pop() ?? '';
  for (const line of lines) print(line);
}

function nextOf(thread: Thread, step: Extract<Step, { op: 'each' }>, at: Surroundings): void {
  const key = thread.pc - 1;
  const left = thread.lists.get(key) ?? expandNow(step.words, thread, at);
  if (left.length === 0) {
    thread.lists.delete(key);
    thread.pc = step.to;
    return;
  }
  thread.vars.set(step.name, left[0]);
  thread.lists.set(key, left.slice(1));
}

function runNow(
  script: string,
  shell: Shell,
  { where, now }: Pick<Surroundings, 'where' | 'now'>,
): { readonly out: string; readonly err?: string; readonly status: number } {
  let out = '';
  const complaints: string[] = [];
  const told = (status: number) => ({ out, status, ...(complaints.length > 0 ? { err: complaints.join('\n') } : {}) });
  const thread: Thread = {
    ...threadOf(compileScript(script), {}),
    vars: new Map(shell.vars),
    args: shell.args,
    functions: new Map(shell.functions),
    status: shell.status,
  };
  for (let n = 0; n < MOST_STEPS; n++) {
    const pause = advance(thread, {
      ...shell,
      where,
      now,
      print: (line, isComplaint) => {
        if (isComplaint) complaints.push(line);
        else out += `${line}\n`;
      },
    });
    if ('over' in pause) return told(pause.over);
    if ('forever' in pause || 'busy' in pause) break;
  }
  return told(thread.status);
}

/** The script that a trap runs on SIGTERM, before what it interrupts goes on; undefined when the signal is not caught, or ignored. */
export function trapped(thread: Thread): Thread | undefined {
  const script = thread.vars.get(TRAP) ?? '';
  return script === ''
    ? undefined
    : {
        ...threadOf(compileScript(script), {}),
        vars: thread.vars,
        args: thread.args,
        functions: thread.functions,
        status: thread.status,
        outer: thread,
      };
}
