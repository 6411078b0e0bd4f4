/** When a process goes on, and what has come meanwhile. */
import type { Where } from './commands.ts';
import { compileScript } from './compile.ts';
import { back, call } from './functions.ts';
import type { Files } from './files.ts';
import { AT_TERMINAL, end, hasReader, hasWriter, TERMINAL, type Rest, type Script, type Thread } from './script.ts';
import { FLAGS } from './set.ts';
import { ON_EXIT } from './trap.ts';
import { BROKEN_PIPE } from './streams.ts';

export interface Surroundings extends Files {
  readonly script: Script;
  readonly where: Where;
  readonly now: number;
  /** A complaint goes to stderr. */
  readonly print: (text: string, isComplaint?: true) => void;
  /** Into the log of the container's first process. */
  readonly log: (text: string) => void;
  /** The container's first process hears SIGTERM; whether that is the script's own, which has a trap for it. */
  readonly term?: () => boolean;
  /** It is the container's own script, whose programs may serve. What any other one starts is over at once. */
  readonly mayServe?: true;
  /** A process of the pod hears it. */
  readonly signal?: (address: string, signal: 'SIGTERM' | 'SIGKILL') => void;
}
export function isReady({ rest, streams }: Thread, { script, now }: Surroundings): boolean {
  if (!rest) return true;
  if ('untilUs' in rest) return rest.untilUs <= now;
  if ('types' in rest) return (script.pipes.get(TERMINAL) ?? '').includes('\n');
  if ('parts' in rest) return !rest.parts.some((pid) => script.threads.has(pid));
  if ('waits' in rest) return !rest.waits.some((pid) => script.threads.has(pid));
  if ('reads' in rest)
    return streams.from === undefined || (script.pipes.get(streams.from) ?? '').length > rest.reads || !hasWriter(script, streams.from);
  return 'floods' in rest && typeof streams.out === 'object' && 'pipe' in streams.out && !hasReader(script, streams.out.pipe);
}

export function resume(thread: Thread, rest: Rest, at: Surroundings): void {
  const { script } = at;
  delete thread.rest;
  if ('untilUs' in rest) thread.status = 0;
  else if ('floods' in rest) end(script, thread, BROKEN_PIPE);
  else if ('waits' in rest || 'parts' in rest) {
    const [status = 0] = ('waits' in rest ? rest.waits : rest.parts).slice(-1).map((pid) => thread.ended.get(pid) ?? 127);
    if ('waits' in rest) return done(thread, rest.isForAll ? 0 : status, at);
    for (const pid of rest.parts) thread.ended.delete(pid);
    if (rest.into === undefined) return done(thread, status, at);
    thread.known = [...thread.known, { text: (script.pipes.get(rest.into) ?? '').replace(/\n+$/, ''), status }];
    script.pipes.delete(rest.into);
  }
}

/** A command is over. `set -e`. Upstream: POSIX.1-2024, 2.15 set: not in a condition, not before && or ||, not after !. */
export function done(thread: Thread, status: number, { script }: Surroundings): void {
  thread.status = status;
  const step = thread.steps[thread.pc - 1];
  const isTested = thread.isTested || (step !== undefined && 'isTested' in step);
  if (status !== 0 && !isTested && (thread.vars.get(FLAGS) ?? '').includes('e')) exit(script, thread, status);
}

/** A shell at which somebody types has nothing to do. */
export function prompt(thread: Thread, { script }: Pick<Surroundings, 'script'>): void {
  thread.rest = { types: '' };
  delete script.isAtEnd;
}

/** All that a shell was about to do is given up: it prompts again, or ends where nobody types. */
export function giveUp(thread: Thread, status: number, at: Surroundings): void {
  if (thread.typedAt === undefined) return exit(at.script, thread, status);
  while (back(thread));
  Object.assign(thread, { steps: [], pc: 0, streams: AT_TERMINAL, status } satisfies Partial<Thread>);
  prompt(thread, at);
}

/** A shell ends by itself: after what it wants done then, whose own status does not count. Source: POSIX.1-2024, trap. */
export function exit(script: Script, thread: Thread, status: number): void {
  const last = thread.vars.get(ON_EXIT) ?? '';
  if (last === '') return end(script, thread, status);
  thread.vars.delete(ON_EXIT);
  delete thread.rest;
  delete thread.typedAt;
  const { streams } = thread.callers[0] ?? thread;
  Object.assign(thread, { callers: [], steps: [], pc: 0, streams, status, isTested: false } satisfies Partial<Thread>);
  call(thread, compileScript(last), thread.args, { status });
}
