/** A shell at which somebody types: it prompts, runs a line, and prompts again. Source: busybox' shell/ash.c and editors' prompts of dash and bash; termios(3), of what Ctrl-C and Ctrl-D are. Simplified: one line at a time; programs do not read what is typed. */
import { CTRL_C, CTRL_D } from '../../../lib/control-keys.ts';
import { tell } from './command.ts';
import { compileScript, type Step } from './compile.ts';
import { isShell } from '../executable.ts';
import { homeOf } from '../linux-user.ts';
import { CWD } from './listing.ts';
import { done, type Surroundings } from './rest.ts';
import { INTERRUPTED, interrupted } from './run.ts';
import { end, kill, type Script, type Thread } from './script.ts';

/** A shell without a script: 'sh', '/bin/bash -il'. */
export const isTypedAt = ([program = '', ...args]: readonly string[]): boolean =>
  isShell(program) && args.every((word) => /^-[il]+$/.test(word));

const shellOf = ({ threads, first }: Script): Thread | undefined => threads.get(first);

/** From now on it waits for words when it has nothing to do. */
export function awaitWords(script: Script): void {
  const shell = shellOf(script);
  if (shell) shell.isTypedAt = true;
}
export const isAtPrompt = (script: Script): boolean => {
  const rest = shellOf(script)?.rest;
  return rest !== undefined && 'types' in rest;
};

/** A line that was typed, or a key. */
export function type(text: string, at: Surroundings): void {
  const { script } = at;
  const shell = shellOf(script);
  if (!shell) return;
  if (text === CTRL_D) end(script, shell, shell.status);
  else if (text === CTRL_C) {
    const said = interrupted(at);
    if (said === undefined) tell(shell, { out: '\n' }, at);
    const { rest } = shell;
    for (const pid of rest && 'parts' in rest ? rest.parts : []) kill(script, pid);
    Object.assign(shell, {
      callers: [],
      steps: [],
      pc: 0,
      streams: { out: 'stdout', err: 'stderr' },
      rest: { types: true },
    } satisfies Partial<Thread>);
    done(shell, said ?? INTERRUPTED, at);
  } else {
    delete shell.rest;
    delete shell.goesOn;
    Object.assign(shell, { steps: compiled(text), pc: 0, lists: new Map(), known: [], isTested: false } satisfies Partial<Thread>);
  }
}

/** Of a line that is nested too deep for anybody. */
function compiled(text: string): readonly Step[] {
  try {
    return compileScript(text);
  } catch (error) {
    if (error instanceof RangeError) return compileScript('echo "sh: out of memory"; false');
    throw error;
  }
}

/** '/ # ' of ash, '# ' of dash, 'root@box:/# ' of bash; $ for whoever is not root. */
export function promptOf(program: string, { script, where }: Surroundings): string {
  const { uid } = where.user;
  const cwd = shellOf(script)?.vars.get(CWD) ?? '/';
  const home = homeOf(where.user);
  const short = cwd === home && home !== '/' ? '~' : cwd.startsWith(`${home}/`) && home !== '/' ? `~${cwd.slice(home.length)}` : cwd;
  const sign = uid === 0 ? '#' : '$';
  if (program.endsWith('bash')) return `${uid === 0 ? 'root' : 'I have no name!'}@${where.hostname}:${short}${sign} `;
  return where.hasBusybox || !where.hasUnknownPrograms ? `${short} ${sign} ` : `${sign} `;
}
