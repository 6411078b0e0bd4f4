/** A script that runs: the container's own, or one that `kubectl exec` started beside it. Plain data; the files belong to the container. */
import type { Step } from './compile.ts';
import type { Program } from './effect.ts';
import { CWD } from './listing.ts';
import type { Errand } from './network-commands.ts';
import type { Serving } from './servers.ts';
import { ON_EXIT, TRAP } from './trap.ts';

/** Its processes by number, the shell itself first, and what they have said to one another that nobody has read yet. */
export interface Script {
  readonly threads: Map<number, Thread>;
  readonly pipes: Map<number, string>;
  /** The number of the first process, and of the last process or pipe. */
  readonly first: number;
  last: number;
  /** How often it has asked the network. */
  asked: number;
  /** Who types at it has no more to say for now: Ctrl-D. */
  isAtEnd?: true;
  /** How the first has ended. */
  status: number;
}

/** What a script prints to: at first its container's log, or whoever asked for it; `log` is always the former. */
export type Stream = 'stdout' | 'stderr' | 'log' | { readonly file: string } | { readonly pipe: number };
/** `from`: the pipe that is read. `outer`: what holds again when a redirection is over. */
export interface Streams {
  readonly from?: number;
  readonly out: Stream;
  readonly err: Stream;
  readonly outer?: Streams;
}

/** A shell, or a program that it has started. */
export interface Thread {
  readonly pid: number;
  readonly parent: number;
  steps: readonly Step[];
  pc: number;
  status: number;
  vars: Map<string, string>;
  /** The names of those that the programs that it starts have, too. */
  readonly exported: Set<string>;
  lists: Map<number, readonly string[]>;
  /** $1, $2 … */
  args: readonly string[];
  functions: Map<string, readonly Step[]>;
  /** Where the functions and the traps that run were called. */
  readonly callers: Caller[];
  streams: Streams;
  /** It may fail under `set -e`. */
  isTested: boolean;
  /** What the `$(…)` of the step that it is at have said so far. */
  known: readonly Said[];
  /** It has taken some of its input already, and may get more; the least status so far. */
  goesOn?: number;
  rest?: Rest;
  /** When it is ended at the latest. */
  untilUs?: number;
  /** How its children ended that nobody has waited for. */
  readonly ended: Map<number, number>;
  /** The last that it sent to the background. */
  job?: number;
  /** Somebody types what it runs; the program that it is. */
  typedAt?: string;
}
export interface Said {
  readonly text: string;
  readonly status: number;
}
export interface Caller extends Pick<Thread, 'steps' | 'pc' | 'lists' | 'args' | 'streams' | 'isTested' | 'known'> {
  /** What its local variables hide; undefined: nothing. */
  readonly hidden: Map<string, string | undefined>;
  /** Of a trap: the status before it. */
  readonly status?: number;
}

/** Why it does not go on. */
export type Rest =
  | { readonly untilUs: number }
  /** `fromUs`: not before. */
  | { readonly errand: Errand; readonly fromUs?: number; /** Which of the script's errands it is, once it has begun. */ number?: number }
  /** It waits for processes in the foreground. `into`: a `$(…)`, and the pipe that it prints to. */
  | { readonly parts: readonly number[]; readonly into?: number }
  /** For some of those in the background, or for all. */
  | { readonly waits: readonly number[]; readonly isForAll?: true }
  /** More input than so many characters. */
  | { readonly reads: number }
  /** Somebody's next line, and what came before it of a command that is not whole. */
  | { readonly types: string }
  /** `floods`: it never stops printing. `serves`: it answers requests. */
  | { readonly forever: true; readonly follows?: string; readonly awaits?: string; readonly floods?: true; readonly serves?: Serving };

const NO_ARGS: readonly string[] = [];
/** The pipe of what is typed. */
export const TERMINAL = 0;
/** Of a shell at which somebody types. */
export const AT_TERMINAL: Streams = { from: TERMINAL, out: 'stdout', err: 'stderr' };

const blank = (steps: readonly Step[], pid: number, parent: number): Thread => ({
  pid,
  parent,
  steps,
  pc: 0,
  status: 0,
  vars: new Map(),
  exported: new Set(),
  lists: new Map(),
  args: NO_ARGS,
  functions: new Map(),
  callers: [],
  streams: { out: 'stdout', err: 'stderr' },
  isTested: false,
  known: [],
  ended: new Map(),
});

/** A script that begins. */
export function scriptOf(
  steps: readonly Step[],
  {
    env,
    cwd,
    args = NO_ARGS,
    pid = 1,
  }: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly args?: readonly string[];
    readonly pid?: number;
  },
): Script {
  const shell: Thread = {
    ...blank(steps, pid, 0),
    vars: new Map([...Object.entries(env), ...(cwd === undefined ? [] : [[CWD, cwd] as const])]),
    exported: new Set(Object.keys(env)),
    args,
  };
  return { threads: new Map([[pid, shell]]), pipes: new Map(), first: pid, last: pid, asked: 0, status: 0 };
}

/** Starts a process that knows what its parent knows, and where to read and print. */
export function fork(script: Script, parent: Thread, steps: readonly Step[], more: Partial<Thread> = {}): Thread {
  const pid = ++script.last;
  const child: Thread = {
    ...blank(steps, pid, parent.pid),
    vars: new Map(parent.vars),
    exported: new Set(parent.exported),
    args: parent.args,
    functions: new Map(parent.functions),
    streams: parent.streams,
    isTested: parent.isTested,
    status: parent.status,
    ...more,
  };
  for (const trapped of [TRAP, ON_EXIT]) child.vars.delete(trapped);
  script.threads.set(pid, child);
  return child;
}

/** Starts a program: it has the variables that are exported, and nothing else of the shell. */
export function spawn(
  script: Script,
  parent: Thread,
  { steps, vars, exported, args, typedAt }: Required<Omit<Program, 'limitUs' | 'typedAt'>> & Pick<Program, 'typedAt'>,
): Thread {
  const told = [...vars].filter(([name]) => name === CWD || exported.has(name));
  const of = { vars: new Map(told), exported: new Set(exported), functions: new Map<string, readonly Step[]>(), args };
  return fork(script, parent, steps, { ...of, isTested: false, status: 0, ...(typedAt === undefined ? {} : { typedAt }) });
}

/** Whether a process may print to or read from one that is so. */
function holds({ streams }: Thread, is: (streams: Streams) => boolean): boolean {
  for (let s: Streams | undefined = streams; s; s = s.outer) if (is(s)) return true;
  return false;
}
const isPipe = (stream: Stream, pipe: number): boolean => typeof stream === 'object' && 'pipe' in stream && stream.pipe === pipe;
function some({ threads }: Script, is: (thread: Thread) => boolean): boolean {
  for (const thread of threads.values()) if (is(thread)) return true;
  return false;
}

export const hasWriter = (script: Script, pipe: number): boolean =>
  pipe === TERMINAL ? !script.isAtEnd : some(script, (thread) => holds(thread, ({ out, err }) => isPipe(out, pipe) || isPipe(err, pipe)));
export const hasReader = (script: Script, pipe: number): boolean =>
  some(script, (t) => (t.rest && 'into' in t.rest && t.rest.into === pipe) || holds(t, ({ from }) => from === pipe));

/** It is over, and so is what it was waiting for. */
export function end(script: Script, thread: Thread, status: number): void {
  const { pid, parent, rest } = thread;
  script.threads.delete(pid);
  if (pid === script.first) script.status = status;
  script.threads.get(parent)?.ended.set(pid, status);
  if (rest && 'parts' in rest) for (const part of rest.parts) kill(script, part);
  if (rest && 'into' in rest) drop(script, rest.into);
  for (let s: Streams | undefined = thread.streams; s; s = s.outer) drop(script, s.from);
}

/** What it says is lost when nobody reads it any more. */
export function drop(script: Script, pipe: number | undefined): void {
  if (pipe !== undefined && !hasReader(script, pipe)) script.pipes.delete(pipe);
}

/** Nothing comes after what a shell does. */
export const isAtLast = ({ callers, steps, pc }: Thread): boolean =>
  callers.length === 0 && steps.slice(pc).every(({ op }) => op === 'restore' || op === 'end');

/** Ends a process as SIGTERM does; false where there is none. */
export function kill(script: Script, pid: number): boolean {
  const thread = script.threads.get(pid);
  if (thread) end(script, thread, 143);
  return thread !== undefined;
}
