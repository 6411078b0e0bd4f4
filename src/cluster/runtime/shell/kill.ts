/** kill, killall and pkill. Simplified: of a container there is one process that can be named, its first one; of an image that nobody knows any name is taken for its. */
import { no, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

interface Here {
  /** What the first process was started with. */
  readonly argv: string;
  readonly hasUnknownFiles: boolean;
  /** Those of the pod's containers, where they see each other's; the first of all is then the sandbox's, or one that is kept from what it does not catch. */
  readonly processes?: readonly { readonly pid: number; readonly title: string; readonly address: string }[];
}
type Kill = (args: readonly string[], shell: Shell, here: Here) => Effect;

export const KILL_COMMANDS = { kill: killBy('kill'), killall: killBy('killall'), pkill: killBy('pkill') };

function killBy(command: 'kill' | 'killall' | 'pkill'): Kill {
  return (args, _shell, { argv, hasUnknownFiles, processes }) => {
    const [signal = '-TERM', ...targets] =
      args[0] === '-s' ? [`-${args[1]}`, ...args.slice(2)] : args[0]?.startsWith('-') ? args : ['-TERM', ...args];
    const isNamed = (title: string, target: string): boolean => {
      const program = title.split(/[\s:]/)[0].replace(/^.*\//, '');
      return (hasUnknownFiles && !processes) || (command === 'pkill' ? program.includes(target) : program === target);
    };
    const meant = (processes ?? [{ pid: 1, title: argv, address: '' }]).filter(({ pid, title }) =>
      command === 'kill' ? targets.includes(`${pid}`) : targets.some((target) => isNamed(title, target)),
    );
    if (command !== 'kill' && meant.length === 0)
      return command === 'pkill' ? { status: 1 } : no(`killall: ${targets[0] ?? ''}: no process killed`);
    const isThere = (target: string): boolean => !/^\d+$/.test(target) || (processes !== undefined && target === '1');
    const gone = meant.length === 0 && !hasUnknownFiles && command === 'kill' ? targets.find((target) => !isThere(target)) : undefined;
    if (gone !== undefined) return no(`sh: can't kill pid ${gone}: No such process`);
    if (!processes) return { status: 0, ...(meant.length > 0 && ENDS.test(signal) ? { terms: true } : {}) };
    const heard = ENDS.test(signal) ? 'SIGTERM' : KILLS.test(signal) ? 'SIGKILL' : undefined;
    return {
      status: 0,
      signals:
        heard === undefined
          ? []
          : meant.flatMap(({ pid, address }) => (pid === 1 && heard === 'SIGKILL' ? [] : [[address, heard] as const])),
    };
  };
}

/** What ends a server that catches it. SIGKILL does not: the kernel keeps a namespace's first process from it. Source: pid_namespaces(7). */
const ENDS = /^-(?:s)?(?:SIG)?(TERM|INT|QUIT|15|2|3)$/;
const KILLS = /^-(?:s)?(?:SIG)?(KILL|9)$/;
