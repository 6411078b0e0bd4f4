/** The commands of a small container image, over the container's files and environment. Simplified: one behaviour for busybox, coreutils and bash; a program that is not here, and may be in the image, succeeds and says nothing. */
import { isAbsent } from '../executable.ts';
import type { LinuxUser } from '../linux-user.ts';
import { awk } from './awk.ts';
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { FILE_COMMANDS } from './file-commands.ts';
import { find } from './find.ts';
import { GREP_COMMANDS } from './grep.ts';
import { KILL_COMMANDS } from './kill.ts';
import { changeFolder, CWD, ls } from './listing.ts';
import { MACHINE_COMMANDS } from './machine-commands.ts';
import { etcdctl } from './etcdctl.ts';
import { askKernel, NAMESPACE_COMMANDS } from './namespace-commands.ts';
import { errandOf, NETWORK_COMMANDS } from './network-commands.ts';
import { ping } from './ping.ts';
import { PRINTING_COMMANDS } from './printing-commands.ts';
import { sed } from './sed.ts';
import { set } from './set.ts';
import { SILENT } from './silent-names.ts';
import { sleep } from './sleep.ts';
import { runFile, runScript, STARTING_COMMANDS } from './starting-commands.ts';
import { SUMS } from './sums.ts';
import { test } from './test.ts';
import { TEXT_COMMANDS } from './text-commands.ts';
import { trap } from './trap.ts';
import { exportVariables, printenv, setVariables, unset } from './variable-commands.ts';
import { WORD_COMMANDS } from './word-commands.ts';

export interface Where {
  readonly hostname: string;
  readonly user: LinuxUser;
  readonly argv: string;
  readonly pid: number;
  readonly ip: string;
  readonly dateText: string;
  readonly seconds: number;
  /** When the container began. */
  readonly startedMs: number;
  /** Any file may be in the image. */
  readonly hasUnknownFiles: boolean;
  /** And any program; else those of busybox are. */
  readonly hasUnknownPrograms: boolean;
  readonly hasBusybox: boolean;
  /** And nothing else is. */
  readonly programs?: readonly string[];
  /** It stands beside a part of the cluster, on its machine. */
  readonly isOfCluster?: true;
}

type Command = (args: readonly string[], shell: Shell, where: Where) => Effect;

export function perform([name = '', ...args]: readonly string[], shell: Shell, where: Where): Effect {
  const command = name.replace(/^.*\//, '');
  const isHere = BUILTINS.has(command) || !isAbsent(command, where);
  const known = !isHere
    ? undefined
    : ((where.isOfCluster && CLUSTER_PROGRAMS.get(command)) ?? PROGRAMS.get(command) ?? IN_SCRIPTS.get(command));
  try {
    return (name.includes('/') ? runFile(name, args, shell) : undefined) ?? known?.(args, shell, where) ?? unknown(name, shell, where);
  } catch (error) {
    // A text that is longer than any can be, or a program that calls itself without end.
    if (error instanceof RangeError) return no(`${command}: out of memory`);
    throw error;
  }
}

/** A program of the image that is not simulated passes on what it reads, unless its name says that it is not there, or what is in the image is known. */
function unknown(name: string, shell: Shell, { hasUnknownPrograms, hasBusybox, programs }: Where): Effect {
  const isThere =
    !isAbsent(name, { hasBusybox, ...(programs ? { programs } : {}) }) && (hasUnknownPrograms || name.includes('/') || SILENT.has(name));
  return isThere ? ok(shell.isAtTerminal ? '' : shell.input) : no(`sh: ${name}: not found`, 127);
}

/** Whether it is in an image of busybox: by its name, or in a folder of programs. What is elsewhere may have been put there. */
export function isOfBusybox(command: string): boolean {
  const name = command.replace(/^\/(usr\/)?s?bin\//, '');
  return name.includes('/') || PROGRAMS.has(name) || SILENT.has(name) || /^(sh|httpd)$/.test(name);
}

/** type, which, `command -v`: where a command is. */
const locate =
  (says: (name: string) => string): Command =>
  (args, { functions }, { hasUnknownPrograms, hasBusybox }) => {
    const isThere = (name: string): boolean =>
      functions.has(name) ||
      (!isAbsent(name, { hasBusybox }) && (PROGRAMS.has(name) || IN_SCRIPTS.has(name) || SILENT.has(name) || hasUnknownPrograms));
    const names = args.filter((a) => !a.startsWith('-'));
    return {
      status: names.every(isThere) ? 0 : 1,
      out: names
        .flatMap((name) => (isThere(name) ? [`${functions.has(name) || IN_SCRIPTS.has(name) ? name : says(name)}\n`] : []))
        .join(''),
    };
  };
const which = locate((name) => `/bin/${name}`);
const command: Command = (args, shell, where) =>
  /^-[vV]$/.test(args[0]) ? which(args, shell, where) : args.length === 0 ? ok() : perform(args, shell, where);

const pwd: Command = (_args, { vars }) => ok(`${vars.get(CWD) ?? '/'}\n`);
const rest: Command = () => ({ forever: true });

function ask(command: string): Command {
  return (args) => {
    const errand = errandOf([command, ...args]);
    return errand ? { errand } : ok();
  };
}

/** Those of the image, which a manifest may name without a shell: all of COMMAND_NAMES. */
export const PROGRAMS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    ...Object.fromEntries(NETWORK_COMMANDS.map((command) => [command, ask(command)])),
    ...NAMESPACE_COMMANDS,
    ...MACHINE_COMMANDS,
    ...FILE_COMMANDS,
    ...TEXT_COMMANDS,
    ...GREP_COMMANDS,
    ...PRINTING_COMMANDS,
    ...KILL_COMMANDS,
    ...STARTING_COMMANDS,
    ...WORD_COMMANDS,
    ...SUMS,
    awk,
    find,
    ping,
    sed,
    sleep,
    printenv,
    test,
    '[': test,
    ls,
    pwd,
    which,
    true: () => ok(),
    false: () => ({ status: 1 }),
  }),
);

/** What a shell has without any program. Source: dash(1). */
const BUILTINS: ReadonlySet<string> = new Set(
  ': [ [[ builtin cd command echo export false kill printf pwd readonly set test trap true type unset'.split(' '),
);
/** Those of the images that Kubernetes is made of, beside its processes. */
const CLUSTER_PROGRAMS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({ etcdctl, 'iptables-save': askKernel('iptables-save') }),
);

/** Those that only a script may name: the shell's own, and servers in the foreground. */
const IN_SCRIPTS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    '[[': test,
    ':': () => ok(),
    command,
    builtin: command,
    type: which,
    cd: changeFolder,
    export: exportVariables,
    readonly: setVariables,
    unset,
    set,
    trap,
    sh: runScript('sh'),
    bash: runScript('bash'),
    ash: runScript('ash'),
    pause: rest,
  } satisfies Readonly<Record<string, Command>>),
);
