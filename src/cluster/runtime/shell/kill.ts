/** kill, killall and pkill. Simplified: there is one process that can be named, the first one; of an image that nobody knows any name is taken for its. */
import { no, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

interface Here {
  /** What the first process was started with. */
  readonly argv: string;
  readonly hasUnknownFiles: boolean;
}
type Kill = (args: readonly string[], shell: Shell, here: Here) => Effect;

export const KILL_COMMANDS = { kill: killBy('kill'), killall: killBy('killall'), pkill: killBy('pkill') };

function killBy(command: 'kill' | 'killall' | 'pkill'): Kill {
  return (args, _shell, { argv, hasUnknownFiles }) => {
    const [signal = '-TERM', ...targets] =
      args[0] === '-s' ? [`-${args[1]}`, ...args.slice(2)] : args[0]?.startsWith('-') ? args : ['-TERM', ...args];
    const first = argv.split(/[\s:]/)[0].replace(/^.*\//, '');
    const isNamed = (target: string): boolean => hasUnknownFiles || (command === 'pkill' ? first.includes(target) : first === target);
    const isMeant = command === 'kill' ? targets.includes('1') : targets.some(isNamed);
    if (command !== 'kill' && !isMeant) return command === 'pkill' ? { status: 1 } : no(`killall: ${targets[0] ?? ''}: no process killed`);
    const gone = command === 'kill' && !isMeant && !hasUnknownFiles ? targets.find((target) => /^\d+$/.test(target)) : undefined;
    if (gone !== undefined) return no(`sh: can't kill pid ${gone}: No such process`);
    return { status: 0, ...(isMeant && ENDS.test(signal) ? { terms: true } : {}) };
  };
}

/** What ends a server that catches it. SIGKILL does not: the kernel keeps a namespace's first process from it. Source: pid_namespaces(7). */
const ENDS = /^-(?:s)?(?:SIG)?(TERM|INT|QUIT|15|2|3)$/;
