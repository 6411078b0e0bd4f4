/** What each step of a script does to the process that comes to it. */
import { run } from './command.ts';
import type { Step } from './compile.ts';
import { expand, isLike, oneField } from './expand.ts';
import { expanding } from './expanding.ts';
import { done, giveUp, type Surroundings } from './rest.ts';
import { drop, end, fork, type Script, type Thread } from './script.ts';
import { opened, print } from './streams.ts';

/** Simplified: of one script, whatever the machine has. */
const MOST_PROCESSES = 250;
/** dash's MAX_RECURSION, also of shells that overflow their stack. Source: dash's src/eval.c. */
const MOST_CALLS = 1000;

/** Why a shell gives up. */
function limitOf({ op }: Step, { callers }: Thread, { threads }: Script): string | undefined {
  if (callers.length > MOST_CALLS) return `Maximum function recursion depth (${MOST_CALLS}) reached`;
  return (op === 'parts' || op === 'aside') && threads.size >= MOST_PROCESSES ? "can't fork: Resource temporarily unavailable" : undefined;
}

/** False: a `$(…)` or more input has to come first, and then it is done anew. */
export function carriedOut(thread: Thread, step: Step, at: Surroundings): boolean {
  const { script } = at;
  const limit = limitOf(step, thread, script);
  if (limit !== undefined) {
    print(thread, `sh: ${limit}\n`, at, true);
    giveUp(thread, 2, at);
    return true;
  }
  switch (step.op) {
    case 'run':
      return run(thread, step.words, at);
    case 'parts':
      parts(thread, step.parts, at);
      return true;
    case 'aside': {
      const job = fork(script, thread, step.steps, { streams: { out: thread.streams.out, err: thread.streams.err } });
      Object.assign(thread, { job: job.pid, status: 0 });
      return true;
    }
    case 'redirect': {
      const streams = expanding(thread, at, (shell, inside) => opened(step, thread, shell, inside, at));
      if (streams === undefined) return false;
      if (typeof streams !== 'string') thread.streams = streams;
      else {
        thread.pc = step.to;
        print(thread, `${streams}\n`, at, true);
        done(thread, 1, at);
      }
      return true;
    }
    case 'each':
      return each(thread, step, at);
    case 'like': {
      const isOne = expanding(thread, at, (shell, inside) => {
        const word = oneField(step.word, shell, inside);
        return step.patterns.some((pattern) => isLike(word, pattern, shell, inside));
      });
      if (isOne === false) thread.pc = step.to;
      return isOne !== undefined;
    }
    case 'end':
      end(script, thread, thread.status);
      return true;
    default:
      turn(thread, step, script);
      return true;
  }
}

/** Steps that only say where to go on. */
function turn(
  thread: Thread,
  step: Exclude<Step, { readonly op: 'run' | 'parts' | 'aside' | 'redirect' | 'each' | 'like' | 'end' }>,
  script: Script,
): void {
  switch (step.op) {
    case 'jump':
      thread.pc = step.to;
      return;
    case 'unless':
      if ((thread.status === 0) !== step.isOk) thread.pc = step.to;
      return;
    case 'not':
      thread.status = thread.status === 0 ? 1 : 0;
      return;
    case 'well':
      thread.status = 0;
      return;
    case 'define':
      thread.functions.set(step.name, step.steps);
      thread.status = 0;
      return;
    case 'restore':
      restore(thread, script);
      return;
    case 'leave':
      for (const list of step.lists) thread.lists.delete(list);
      for (let n = 0; n < step.restores; n++) restore(thread, script);
      thread.status = 0;
      thread.pc = step.to;
  }
}

function restore(thread: Thread, script: Script): void {
  const { from, outer } = thread.streams;
  if (!outer) return;
  thread.streams = outer;
  if (from !== outer.from) drop(script, from);
}

/** Processes side by side, each of which reads what the one before it prints. */
function parts(thread: Thread, of: readonly (readonly Step[])[], { script }: Surroundings): void {
  const pids: number[] = [];
  let { from } = thread.streams;
  of.forEach((steps, i) => {
    const pipe = i < of.length - 1 ? ++script.last : undefined;
    if (pipe !== undefined) script.pipes.set(pipe, '');
    const { out, err } = thread.streams;
    const streams = { ...(from === undefined ? {} : { from }), out: pipe === undefined ? out : { pipe }, err };
    pids.push(fork(script, thread, steps, { streams }).pid);
    from = pipe;
  });
  thread.rest = { parts: pids };
}

function each(thread: Thread, step: Extract<Step, { op: 'each' }>, at: Surroundings): boolean {
  const key = thread.pc - 1;
  const left = thread.lists.get(key) ?? expanding(thread, at, (shell, inside) => expand(step.words, shell, inside));
  if (!left) return false;
  if (left.length === 0) {
    thread.lists.delete(key);
    thread.pc = step.to;
  } else {
    thread.vars.set(step.name, left[0]);
    thread.lists.set(key, left.slice(1));
  }
  return true;
}
