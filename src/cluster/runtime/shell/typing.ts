/** A shell at which somebody types: it prompts, runs a line, and prompts again. Source: busybox' shell/ash.c and editors' prompts of dash and bash; termios(3), of what Ctrl-C and Ctrl-D are. */
import { CTRL_C, CTRL_D, PS2 } from '../../../lib/control-keys.ts';
import { tell } from './command.ts';
import { isShell } from '../executable.ts';
import { homeOf } from '../linux-user.ts';
import { endInput } from './lines.ts';
import { CWD } from './listing.ts';
import { done, giveUp, prompt, type Surroundings } from './rest.ts';
import { INTERRUPTED, interrupted } from './run.ts';
import { AT_TERMINAL, end, kill, TERMINAL, type Script, type Thread } from './script.ts';

/** A shell without a script: 'sh', '/bin/bash -il'. */
export const isTypedAt = ([program = '', ...args]: readonly string[]): boolean =>
  isShell(program) && args.every((word) => /^-[il]+$/.test(word));

/** The innermost at which somebody types. */
const shellOf = ({ threads }: Script): Thread | undefined => [...threads.values()].findLast(({ typedAt }) => typedAt !== undefined);

/** From now on it waits for words when it has nothing to do. */
export function awaitWords(script: Script, program: string): void {
  const shell = script.threads.get(script.first);
  if (!shell) return;
  shell.typedAt = program;
  shell.streams = AT_TERMINAL;
  prompt(shell, { script });
}

/** Whether a program waits for what is typed. */
const isRead = ({ threads, isAtEnd }: Script): boolean =>
  !isAtEnd && [...threads.values()].some(({ rest, streams }) => rest && 'reads' in rest && streams.from === TERMINAL);

/** A line that was typed, or a key. */
export function type(text: string, at: Surroundings): void {
  const { script } = at;
  const shell = shellOf(script);
  if (!shell) return;
  if (text === CTRL_C) interrupt(shell, at);
  else if (text !== CTRL_D) script.pipes.set(TERMINAL, (script.pipes.get(TERMINAL) ?? '') + text.replace(/\n?$/, '\n'));
  else if (isRead(script)) script.isAtEnd = true;
  else if (shell.rest && 'types' in shell.rest) endInput(shell, shell.rest.types, at);
}

/** Nobody types any more: SIGHUP. */
export function hangUp(script: Script): void {
  const shell = script.threads.get(script.first);
  if (shell) end(script, shell, HUNG_UP);
}
/** 128 + SIGHUP. */
const HUNG_UP = 129;

/** Ctrl-C: what the shell runs in the foreground is ended. */
function interrupt(shell: Thread, at: Surroundings): void {
  const { rest } = shell;
  const said = interrupted(at);
  if (said === undefined) tell(shell, { out: '\n' }, at);
  for (const pid of rest && 'parts' in rest ? rest.parts : []) kill(at.script, pid);
  at.script.pipes.set(TERMINAL, '');
  giveUp(shell, INTERRUPTED, at);
  done(shell, said ?? INTERRUPTED, at);
}

/** What stands before what is typed next, nothing where a program reads it; undefined: nobody reads. */
export function promptAt(at: Surroundings): string | undefined {
  const shell = shellOf(at.script);
  if (isRead(at.script)) return '';
  if (!shell?.rest || !('types' in shell.rest)) return undefined;
  return shell.rest.types === '' ? firstPrompt(shell, at) : PS2;
}

/** '/ # ' of ash, '# ' of dash, 'root@box:/# ' of bash; $ for whoever is not root. */
function firstPrompt({ vars, typedAt = '' }: Thread, { where }: Surroundings): string {
  const { uid } = where.user;
  const cwd = vars.get(CWD) ?? '/';
  const home = homeOf(where.user);
  const short = cwd === home && home !== '/' ? '~' : cwd.startsWith(`${home}/`) && home !== '/' ? `~${cwd.slice(home.length)}` : cwd;
  const sign = uid === 0 ? '#' : '$';
  if (typedAt.endsWith('bash')) return `${uid === 0 ? 'root' : 'I have no name!'}@${where.hostname}:${short}${sign} `;
  return where.hasBusybox || !where.hasUnknownPrograms ? `${short} ${sign} ` : `${sign} `;
}
