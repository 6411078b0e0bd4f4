/** The commands of a small container image, over the container's files and environment. Simplified: one behaviour for busybox, coreutils and bash; a command that is not here succeeds and says nothing. */
import type { LinuxUser } from '../linux-user.ts';
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { FILE_COMMANDS } from './file-commands.ts';
import { KILL_COMMANDS } from './kill.ts';
import { changeFolder, CWD, ls } from './listing.ts';
import { MACHINE_COMMANDS } from './machine-commands.ts';
import { errandOf, NETWORK_COMMANDS } from './network-commands.ts';
import { PRINTING_COMMANDS } from './printing-commands.ts';
import { set } from './set.ts';
import { sleep } from './sleep.ts';
import { test } from './test.ts';
import { TEXT_COMMANDS } from './text-commands.ts';
import { trap } from './trap.ts';
import { env, exportVariables, unset } from './variable-commands.ts';

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
}

type Command = (args: readonly string[], shell: Shell, where: Where) => Effect;

export function perform([name = '', ...args]: readonly string[], shell: Shell, where: Where): Effect {
  const command = name.replace(/^.*\//, '');
  if (command === 'exec') return perform(args, shell, where);
  return (PROGRAMS.get(command) ?? IN_SCRIPTS.get(command) ?? passOn)(args, shell, where);
}

/** What was piped to it goes on. */
const passOn: Command = (_args, { input }) => ok(input);
const pwd: Command = (_args, { vars }) => ok(`${vars.get(CWD) ?? '/'}\n`);
const serve: Command = () => ({ forever: true });
const webServer: Command = ([flag, signal = '']) =>
  flag === '-s' ? { status: 0, ...(/^(quit|stop)$/.test(signal) ? { terms: true } : {}) } : { forever: true };

function ask(command: string): Command {
  return (args) => {
    const errand = errandOf([command, ...args]);
    return errand ? { errand } : ok();
  };
}

const runScript: Command = (args) => {
  const at = args.findIndex((a) => /^-\w*c$/.test(a));
  return at < 0 ? ok() : { script: args[at + 1] ?? '' };
};

/** Those of the image, which a manifest may name without a shell: all of COMMAND_NAMES. */
export const PROGRAMS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    ...Object.fromEntries(NETWORK_COMMANDS.map((command) => [command, ask(command)])),
    ...MACHINE_COMMANDS,
    ...FILE_COMMANDS,
    ...TEXT_COMMANDS,
    ...PRINTING_COMMANDS,
    ...KILL_COMMANDS,
    sleep,
    env,
    printenv: env,
    test,
    '[': test,
    ls,
    pwd,
    true: passOn,
    false: () => ({ status: 1 }),
  }),
);

/** Those that only a script may name: the shell's own, and servers in the foreground. */
const IN_SCRIPTS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    '[[': test,
    cd: changeFolder,
    export: exportVariables,
    local: exportVariables,
    readonly: exportVariables,
    unset,
    set,
    eval: (args) => ({ script: args.join(' ') }),
    trap,
    wait: () => ({ waits: true }),
    exit: ([status], shell) => ({ exit: Number(status ?? shell.status) & 255 }),
    sh: runScript,
    bash: runScript,
    ash: runScript,
    nginx: webServer,
    httpd: webServer,
    'httpd-foreground': serve,
    pause: serve,
  } satisfies Readonly<Record<string, Command>>),
);
