/** A command of a script: its assignments and words, what it reads, and what comes of it. */
import { isAbsent } from '../executable.ts';
import { ownCommand } from './builtins.ts';
import { isOfBusybox, perform } from './commands.ts';
import { compileScript } from './compile.ts';
import { ok, type Effect } from './effect.ts';
import { expand, oneField, type Shell } from './expand.ts';
import { expanding } from './expanding.ts';
import { call } from './functions.ts';
import { inShell } from './listing.ts';
import { done, exit, type Surroundings } from './rest.ts';
import { fork, hasWriter, isAtLast, kill, spawn, type Thread } from './script.ts';
import { serverOf } from './servers.ts';
import { FLAGS } from './set.ts';
import { print } from './streams.ts';

/** Until a shell hears its own signal. */
const HEARS_US = 10_000;
const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

/** Assignments and a command, which alone has what is assigned before it. */
export function run(thread: Thread, all: readonly string[], at: Surroundings): boolean {
  const count = all.findIndex((word) => !ASSIGNMENT.test(word));
  const assignments = count < 0 ? all : all.slice(0, count);
  const ready = expanding(thread, at, (shell, inside) => {
    const words = count < 0 ? [] : expand(all.slice(count), shell, inside);
    const own =
      words.length === 0 || assignments.length === 0 ? shell : { ...shell, vars: new Map(shell.vars), exported: new Set(shell.exported) };
    for (const word of assignments) {
      const name = ASSIGNMENT.exec(word)?.[1] ?? '';
      own.vars.set(name, oneField(word.slice(name.length + 1), own, inside));
      if (own !== shell || (own.vars.get(FLAGS) ?? '').includes('a')) own.exported.add(name);
    }
    return { words, own };
  });
  if (!ready) return false;
  if (ready.words.length > 0) return command(thread, ready.words, ready.own, at);
  done(thread, thread.known.at(-1)?.status ?? 0, at);
  return true;
}

/** Programs that say what they can as soon as they have read a line. */
const STREAMING = new Set(['cat', 'tee', 'grep', 'egrep', 'fgrep']);

function command(thread: Thread, words: readonly string[], own: Shell, at: Surroundings): boolean {
  const { script } = at;
  const { from } = thread.streams;
  let isShort = false;
  let isMore = false;
  let taken: string | undefined;
  const inputUntil = (isEnough: (text: string) => boolean): string | undefined => {
    if (from === undefined || taken !== undefined || isShort) return taken;
    const text = script.pipes.get(from) ?? '';
    const isAll = !hasWriter(script, from);
    if (!isAll && !isEnough(text)) isShort = true;
    else {
      const count = isAll ? text.length : text.lastIndexOf('\n') + 1;
      taken = text.slice(0, count);
      script.pipes.set(from, text.slice(count));
      isMore = !isAll;
    }
    return taken;
  };
  const isStreaming = STREAMING.has(words[0]);
  const shell: Shell = {
    ...own,
    inputUntil,
    get input() {
      return inputUntil((text) => isStreaming && text.includes('\n'));
    },
  };
  const effect = ownCommand(thread, words, shell, at) ?? begunServer(thread, words, shell, at) ?? perform(words, shell, at.where);
  if (isShort || 'isShort' in effect) thread.rest = { reads: (from === undefined ? '' : (script.pipes.get(from) ?? '')).length };
  else if (isStreaming && isMore && 'status' in effect && !effect.isEnough) {
    thread.goesOn = Math.min(thread.goesOn ?? effect.status, effect.status);
    thread.rest = { reads: 0 };
    tell(thread, effect, at);
  } else {
    take(thread, effect, shell, at);
    return true;
  }
  return false;
}

/** A program that serves, if its image may have it, and not one that is mounted as a script. */
function begunServer(thread: Thread, words: readonly string[], shell: Shell, { where, mayServe, files }: Surroundings): Effect | undefined {
  const isHere = !isAbsent(words[0], where) && (where.hasUnknownPrograms || isOfBusybox(words[0]));
  if (!isHere || files.has(inShell(words[0], shell))) return undefined;
  const isLast = isAtLast(thread) && where.hasUnknownPrograms && mayServe === true;
  const effect = serverOf(words, shell, { hasBusybox: where.hasBusybox, isLast });
  return effect && 'forever' in effect && !mayServe ? ok() : effect;
}

/** What a program has printed. */
export function tell(thread: Thread, { out = '', err = '' }: { readonly out?: string; readonly err?: string }, at: Surroundings): void {
  if (out !== '') print(thread, out, at);
  if (err !== '') print(thread, err.endsWith('\n') ? err : `${err}\n`, at, true);
}

function take(thread: Thread, effect: Exclude<Effect, { readonly isShort: true }>, shell: Shell, at: Surroundings): void {
  const { script, now } = at;
  if ('status' in effect) {
    const { status } = effect;
    tell(thread, effect, at);
    if (effect.terms && at.term?.()) thread.rest = { untilUs: now + HEARS_US };
    for (const [address, signal] of effect.signals ?? []) at.signal?.(address, signal);
    for (const pid of effect.kills ?? []) kill(script, pid);
    done(thread, thread.goesOn === undefined ? status : Math.min(thread.goesOn, status), at);
    delete thread.goesOn;
  } else if ('exit' in effect) exit(script, thread, effect.exit);
  else if ('waits' in effect) {
    const jobs = [...script.threads.values()].filter((t) => t.parent === thread.pid).map((t) => t.pid);
    thread.rest = effect.waits.length > 0 ? effect : { waits: jobs, isForAll: true };
  } else if ('begins' in effect) return;
  else if ('sleepUs' in effect) thread.rest = { untilUs: now + effect.sleepUs };
  else if ('errand' in effect) thread.rest = { errand: effect.errand };
  else if ('script' in effect) call(thread, compileScript(effect.script), thread.args);
  else if ('steps' in effect) {
    const child = spawn(script, thread, { vars: shell.vars, exported: shell.exported, args: [], ...effect });
    if (effect.limitUs !== undefined) child.untilUs = now + effect.limitUs;
    thread.rest = { parts: [child.pid] };
  } else if (effect.isDaemon) {
    fork(script, thread, [], { rest: effect });
    done(thread, 0, at);
  } else {
    tell(thread, effect, at);
    thread.rest = effect;
  }
}
