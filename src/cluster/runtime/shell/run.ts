/** Lets a script's processes go on, in turn, until all of them rest or the first is over. */
import { tell } from './command.ts';
import { compileScript } from './compile.ts';
import { back, call } from './functions.ts';
import { readLine } from './lines.ts';
import type { Errand } from './network-commands.ts';
import { statusOf, summary } from './ping.ts';
import { done, exit, isReady, prompt, resume, type Surroundings } from './rest.ts';
import { isAtLast, kill, type Script, type Thread } from './script.ts';
import { carriedOut } from './steps.ts';
import { TRAP } from './trap.ts';

/** The script is over, or rests: until its errands are done, or at most for so long. */
/** An errand of a process, and which of the script's it is. */
export interface Begun {
  readonly pid: number;
  readonly number: number;
  readonly errand: Errand;
}
export type Pause = { readonly over: number } | Pending;
interface Pending {
  readonly errands: readonly Begun[];
  /** Some are under way. */
  readonly asks: boolean;
  readonly restUs?: number;
  readonly isBusy?: true;
}

const MOST_STEPS = 400;
/** So many steps in turn. */
const TURN = 50;
/** 128 + SIGTERM. */
const TERMED = 143;
/** 128 + SIGINT. */
export const INTERRUPTED = 130;

export function advance(at: Surroundings, most = MOST_STEPS): Pause {
  const { script } = at;
  let left = most;
  if (!script.threads.has(script.first)) return { over: script.status };
  for (let moves = true; moves;) {
    moves = false;
    for (const thread of script.threads.values()) {
      if ((thread.untilUs ?? Infinity) <= at.now) kill(script, thread.pid);
      else if (!isReady(thread, at)) continue;
      else for (let n = 0; n < TURN && left > 0 && script.threads.has(thread.pid) && isReady(thread, at); n++, left--) goOn(thread, at);
      moves = true;
      if (!script.threads.has(script.first)) return { over: script.status };
    }
    if (left <= 0) return { errands: begun(at), asks: true, isBusy: true };
  }
  const errands = begun(at);
  const all = [...script.threads.values()];
  const restUs = Math.min(...all.flatMap(({ rest, untilUs = Infinity }) => [untilUs, begins(rest)])) - at.now;
  return { errands, asks: all.some(({ rest }) => rest && 'errand' in rest), ...(restUs === Infinity ? {} : { restUs }) };
}

/** When it goes on by itself. */
function begins(rest: Thread['rest']): number {
  if (rest && 'untilUs' in rest) return rest.untilUs;
  return (rest && 'errand' in rest && rest.number === undefined ? rest.fromUs : undefined) ?? Infinity;
}

/** What is to be asked of the network. */
function begun({ script, now }: Surroundings): readonly Begun[] {
  return [...script.threads.values()].flatMap(({ pid, rest }) => {
    if (!rest || !('errand' in rest) || rest.number !== undefined || (rest.fromUs ?? now) > now) return [];
    rest.number = ++script.asked;
    return [{ pid, number: rest.number, errand: rest.errand }];
  });
}

/** What it waited for has come; else its next step. */
function goOn(thread: Thread, at: Surroundings): void {
  const { rest } = thread;
  if (rest && 'types' in rest) return readLine(thread, rest.types, at);
  if (rest) return resume(thread, rest, at);
  const step = thread.steps[thread.pc++];
  if (!step) {
    const caller = thread.callers.at(-1);
    if (!back(thread)) {
      if (thread.typedAt !== undefined) prompt(thread, at);
      else exit(at.script, thread, thread.status);
    } else if (caller?.status === undefined) done(thread, thread.status, at);
  } else if (!carriedOut(thread, step, at)) thread.pc--;
  else if (thread.known.length > 0) thread.known = [];
}

/** The network has answered a process, or has not. `next`: what it asks then. */
export function answered(
  { pid, number }: Pick<Begun, 'pid' | 'number'>,
  result: {
    readonly status: number;
    readonly out?: string;
    readonly err?: string;
    readonly next?: { readonly errand: Errand; readonly fromUs: number };
  },
  at: Surroundings,
): void {
  const thread = at.script.threads.get(pid);
  // After Ctrl-C nobody waits for it any more.
  if (!thread?.rest || !('errand' in thread.rest) || thread.rest.number !== number) return;
  delete thread.rest;
  tell(thread, result, at);
  if (result.next) thread.rest = result.next;
  else done(thread, result.status, at);
}

/** Ctrl-C: a ping says what came of it. Returns its status, or undefined where there is none. */
export function interrupted(at: Surroundings): number | undefined {
  let status: number | undefined;
  for (const thread of at.script.threads.values()) {
    const { rest } = thread;
    if (!rest || !('errand' in rest) || !rest.errand.ping) continue;
    const { name, ping } = rest.errand;
    tell(thread, { out: summary(name, rest.number === undefined ? ping : { ...ping, sent: ping.sent + 1 }, at.now) }, at);
    status = thread.pid === at.script.first || at.script.threads.get(at.script.first)?.typedAt !== undefined ? statusOf(ping) : INTERRUPTED;
  }
  return status;
}

const isTrap = (thread: Thread): boolean => thread.callers.some(({ status }) => status !== undefined);
const first = ({ threads, first: pid }: Script): Thread | undefined => threads.get(pid);
/** Whether SIGTERM would make it run a trap, and not one more while one runs. */
export function catches(script: Script): boolean {
  const shell = first(script);
  return shell !== undefined && !isTrap(shell) && (shell.vars.get(TRAP) ?? '') !== '';
}
/** Whether a program that serves has taken the shell's place: nothing comes after it. Source: dash's and bash's -c, which exec the last command. */
export function isServer(script: Script): boolean {
  const shell = first(script);
  return shell?.rest !== undefined && 'serves' in shell.rest && isAtLast(shell) && !catches(script);
}
/** Whether it waits for what it has sent to the background. */
export const waits = (script: Script): boolean => {
  const rest = first(script)?.rest;
  return rest !== undefined && 'waits' in rest;
};

/** It hears SIGTERM as soon as the command is over that it runs, or at once while it waits; false: it has yet to. Source: POSIX.1-2024, 2.12 Signals and Error Handling. */
export function hears(at: Surroundings): boolean {
  const shell = first(at.script);
  if (!shell || (shell.vars.get(TRAP) ?? '') === '') return true;
  if (isTrap(shell)) return false;
  if (waits(at.script)) {
    delete shell.rest;
    shell.status = TERMED;
  } else if (!isReady(shell, at)) return false;
  else if (shell.rest) resume(shell, shell.rest, at);
  call(shell, compileScript(shell.vars.get(TRAP) ?? ''), shell.args, { status: shell.status });
  return true;
}
