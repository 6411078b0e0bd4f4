/** Functions and traps: what a process does meanwhile, and where it goes on. */
import type { Step } from './compile.ts';
import type { Thread } from './script.ts';

/** Begins other steps, with words of their own. `status`: of a trap, the one that is there again after it. */
export function call(thread: Thread, steps: readonly Step[], words: readonly string[], of: { readonly status?: number } = {}): void {
  const { pc, lists, args, streams, isTested, known } = thread;
  const at = thread.steps[pc - 1];
  thread.callers.push({ steps: thread.steps, pc, lists, args, streams, isTested, known, hidden: new Map(), ...of });
  Object.assign(thread, {
    steps,
    pc: 0,
    lists: new Map(),
    args: words,
    isTested: isTested || (at !== undefined && 'isTested' in at),
    known: [],
  } satisfies Partial<Thread>);
}

/** Goes on where it was called; false outside of any. */
export function back(thread: Thread): boolean {
  const caller = thread.callers.pop();
  if (!caller) return false;
  const { hidden, status = thread.status, ...at } = caller;
  Object.assign(thread, at, { status });
  hidden.forEach((value, name) => (value === undefined ? thread.vars.delete(name) : thread.vars.set(name, value)));
  return true;
}
