/** The commands of a small container image, over the container's files and environment. Simplified: one behaviour for busybox, coreutils and bash; a command that is not here succeeds and says nothing. */
import { errandOf, NETWORK_COMMANDS, type Errand } from './network-commands.ts';
import type { Shell } from './expand.ts';
import type { LinuxUser } from '../linux-user.ts';
import { aboutHere, MACHINE_COMMANDS } from './machine-commands.ts';
import { write, type FileChange } from './files.ts';
import { changeFolder, CWD, inShell, isFolder, ls } from './listing.ts';
import { FILTERS, lines, linesIn, unlines } from './text-commands.ts';

/** What a command does: it says something and is over, it takes time, it asks the network, it never ends, it ends the script, or it waits for what runs in the background. */
export type Effect =
  | {
      readonly status: number;
      readonly out?: string;
      readonly err?: string;
      /** The container's first process hears SIGTERM. */
      readonly terms?: true;
    }
  | { readonly sleepUs: number }
  | { readonly errand: Errand }
  | { readonly forever: true; readonly follows?: Follow }
  | { readonly exit: number }
  | { readonly script: string }
  | { readonly waits: true };
/** A file whose new lines are said as they come, after `said`. */
export interface Follow {
  readonly path: string;
  readonly said: string;
}
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

const ok = (out = ''): Effect => ({ status: 0, ...(out === '' ? {} : { out }) });
const no = (err: string, status = 1): Effect => ({ status, err });

/** Seconds of `sleep`: '5', '0.5', '2m', '1h', 'infinity'. */
export function sleepUs(text: string | undefined): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.MAX_SAFE_INTEGER;
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text ?? '');
  if (!match) return undefined;
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2]] ?? 1;
  return Math.round(Number(match[1]) * unit * 1_000_000);
}

const escapes = (text: string): string =>
  text.replace(/\\(n|t|r|e|\\|0?33|c)/g, (_m, c: string) => ({ n: '\n', t: '\t', r: '', '\\': '\\', c: '' })[c] ?? '');

function echo(args: readonly string[]): Effect {
  const flags = args[0] !== undefined && /^-[neE]+$/.test(args[0]) ? args[0] : '';
  const text = args.slice(flags === '' ? 0 : 1).join(' ');
  return { status: 0, out: (flags.includes('e') ? escapes(text) : text) + (flags.includes('n') ? '' : '\n') };
}

function printf([format = '', ...args]: readonly string[]): Effect {
  let at = 0;
  return ok(escapes(format).replace(/%-?\d*([sdif%])/g, (_m, kind: string) => (kind === '%' ? '%' : (args[at++] ?? ''))));
}

function sleep(args: readonly string[]): Effect {
  const us = sleepUs(args[0]);
  if (us === undefined) return no(`sleep: invalid time interval '${args[0] ?? ''}'`);
  return us === Number.MAX_SAFE_INTEGER ? { forever: true } : { sleepUs: us };
}

function cat(names: readonly string[], shell: Shell): Effect {
  if (names.length === 0) return ok(shell.input);
  let out = '';
  for (const name of names) {
    const text = shell.files.get(inShell(name, shell));
    if (text === undefined)
      return {
        status: 1,
        out,
        err: isFolder(shell.files, inShell(name, shell))
          ? 'cat: read error: Is a directory'
          : `cat: can't open '${name}': No such file or directory`,
      };
    out += text;
  }
  return { status: 0, out };
}

/** Whether `test` finds its words true. */
function holds(words: readonly string[], shell: Shell): boolean {
  if (words[0] === '!') return !holds(words.slice(1), shell);
  for (const [joint, both] of [
    ['-o', false],
    ['||', false],
    ['-a', true],
    ['&&', true],
  ] as const) {
    const at = words.indexOf(joint);
    if (at > 0) {
      const left = holds(words.slice(0, at), shell);
      const right = holds(words.slice(at + 1), shell);
      return both ? left && right : left || right;
    }
  }
  const [a = '', operator, b = ''] = words;
  if (words.length >= 3) {
    if (/^!?==?$/.test(operator)) return (a === b) !== operator.startsWith('!');
    const more = Number(a) - Number(b);
    return (
      { '-eq': more === 0, '-ne': more !== 0, '-gt': more > 0, '-ge': more >= 0, '-lt': more < 0, '-le': more <= 0 }[operator] ?? false
    );
  }
  const path = inShell(operator ?? '', shell);
  switch (words.length === 2 ? a : '') {
    case '-z':
      return operator === '';
    case '-n':
      return operator !== '';
    case '-d':
      return isFolder(shell.files, path);
    case '-s':
      return (shell.files.get(path) ?? '') !== '';
    case '-f':
    case '-r':
    case '-w':
    case '-x':
      return shell.files.has(path);
    case '-e':
      return shell.files.has(path) || isFolder(shell.files, path);
    default:
      return a !== '';
  }
}

function environment(names: readonly string[], { vars }: Shell): Effect {
  if (names.length === 0)
    return ok(
      [...vars]
        .filter(([k]) => !k.startsWith('\u0000'))
        .map(([k, v]) => `${k}=${v}\n`)
        .join(''),
    );
  return { status: names.every((n) => vars.has(n)) ? 0 : 1, out: names.flatMap((n) => (vars.has(n) ? [`${vars.get(n)}\n`] : [])).join('') };
}

/** Writes them all, up to the first that it may not. */
function writeAll(shell: Shell, refusal: (path: string) => string, changes: readonly FileChange[]): Effect {
  for (const change of changes) if (!write(shell, change)) return no(`${refusal(change.path)}: Read-only file system`);
  return ok();
}

function remove(names: readonly string[], shell: Shell): Effect {
  const paths = names.map((name) => inShell(name, shell));
  return writeAll(
    shell,
    (path) => `rm: can't remove '${path}'`,
    [...shell.files.keys()]
      .filter((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)))
      .map((path) => ({ path, text: null })),
  );
}

function copy(
  args: readonly string[],
  shell: Shell,
  { moves, isLenient }: { readonly moves: boolean; readonly isLenient: boolean },
): Effect {
  const [from = '', to = ''] = args.map((name) => inShell(name, shell));
  const text = shell.files.get(from) ?? (isLenient ? '' : undefined);
  if (text === undefined) return no(`cp: can't stat '${args[0]}': No such file or directory`);
  return writeAll(shell, (path) => `cp: can't create '${path}'`, [
    { path: isFolder(shell.files, to) ? `${to.replace(/\/$/, '')}/${from.split('/').pop()}` : to, text },
    ...(moves ? [{ path: from, text: null }] : []),
  ]);
}

/** The command's input: the files that it names, or what was piped to it. */
const inputOf = (names: readonly string[], shell: Shell): string =>
  names.length > 0 ? names.map((n) => shell.files.get(inShell(n, shell)) ?? '').join('') : (shell.input ?? '');

/** `-n 3`, `-n3`, `-3` and `-n +3` of head and tail, and the files that are named. */
function countOf(args: readonly string[]): { readonly count: number; readonly isFrom: boolean; readonly names: readonly string[] } {
  const at = args.findIndex((a) => /^-\w*n$/.test(a));
  const word = at >= 0 ? (args[at + 1] ?? '') : (args.map((a) => /^-n?(\+?\d+)$/.exec(a)?.[1]).find((n) => n !== undefined) ?? '10');
  return {
    count: Math.abs(Number(word)) || 0,
    isFrom: word.startsWith('+'),
    names: args.filter((a, i) => !/^-./.test(a) && !(at >= 0 && i === at + 1)),
  };
}
const missing = (command: string, names: readonly string[], shell: Shell): string | undefined => {
  const name = names.find((n) => !shell.files.has(inShell(n, shell)) && n !== '-');
  return name === undefined ? undefined : `${command}: ${name}: No such file or directory`;
};

function head(args: readonly string[], shell: Shell): Effect {
  const { count, names } = countOf(args);
  const err = missing('head', names, shell);
  return err === undefined ? ok(unlines(linesIn(inputOf(names, shell)).slice(0, count))) : no(err);
}

function tail(args: readonly string[], shell: Shell): Effect {
  const { count, isFrom, names } = countOf(args);
  const all = lines(inputOf(names, shell));
  const last = unlines(isFrom ? all.slice(Math.max(0, count - 1)) : count === 0 ? [] : all.slice(-count));
  if (args.some((a) => /^-\w*[fF]|^--follow/.test(a)))
    return { forever: true, ...(names.length === 0 ? {} : { follows: { path: inShell(names[names.length - 1], shell), said: last } }) };
  const err = missing('tail', names, shell);
  return err === undefined ? ok(last) : no(err);
}

function grep(args: readonly string[], shell: Shell): Effect {
  const flags = args.filter((a) => a.startsWith('-')).join('');
  const [pattern = '', ...names] = args.filter((a) => !a.startsWith('-'));
  const isHit = (line: string): boolean =>
    (flags.includes('i') ? line.toLowerCase().includes(pattern.toLowerCase()) : line.includes(pattern)) !== flags.includes('v');
  const hits = linesIn(inputOf(names, shell)).filter(isHit);
  return { status: hits.length > 0 ? 0 : 1, ...(/q/.test(flags) ? {} : { out: flags.includes('c') ? `${hits.length}\n` : unlines(hits) }) };
}

/** Words that name files are read; all others are for the filter. */
function filtered(
  filter: (text: string, args: readonly string[]) => string,
  command: string,
  args: readonly string[],
  shell: Shell,
): Effect {
  const isFile = (word: string, i: number): boolean => command !== 'tr' && !word.startsWith('-') && !/^-[dfc]$/.test(args[i - 1] ?? '');
  const names = args.filter(isFile);
  const err = missing(command, names, shell);
  if (err !== undefined) return no(err);
  const out = filter(
    inputOf(names, shell),
    args.filter((word, i) => !isFile(word, i)),
  );
  return ok(command === 'wc' && names.length === 1 ? out.replace(/\n$/, ` ${names[0]}\n`) : out);
}

/** What ends a server that catches it. SIGKILL does not: the kernel keeps a namespace's first process from it. Source: pid_namespaces(7). */
const ENDS = /^-(?:s)?(?:SIG)?(TERM|INT|QUIT|15|2|3)$/;

/** kill, killall and pkill. Simplified: there is one process that can be named, the first one; of an image that nobody knows any name is taken for its. */
function kill(command: string, args: readonly string[], { argv, hasUnknownFiles }: Where): Effect {
  const [signal = '-TERM', ...targets] =
    args[0] === '-s' ? [`-${args[1]}`, ...args.slice(2)] : args[0]?.startsWith('-') ? args : ['-TERM', ...args];
  const first = argv.split(/[\s:]/)[0].replace(/^.*\//, '');
  const isNamed = (target: string): boolean => hasUnknownFiles || (command === 'pkill' ? first.includes(target) : first === target);
  const isMeant = command === 'kill' ? targets.includes('1') : targets.some(isNamed);
  if (command !== 'kill' && !isMeant) return command === 'pkill' ? { status: 1 } : no(`killall: ${targets[0] ?? ''}: no process killed`);
  return { status: 0, ...(isMeant && ENDS.test(signal) ? { terms: true } : {}) };
}

/** As /etc/hosts has it. Source: hostname(1). */
const fullName = (host: string, { files }: Shell): string =>
  (files.get('/etc/hosts') ?? '')
    .split('\n')
    .map((line) => line.split(/\s+/).slice(1))
    .find((names) => names.includes(host))?.[0] ?? host;

function seq(args: readonly string[]): Effect {
  const [from, to] = args.length > 1 ? [Number(args[0]), Number(args[args.length - 1])] : [1, Number(args[0])];
  return ok(Array.from({ length: Math.max(0, Math.min(1000, to - from + 1)) }, (_, i) => `${from + i}\n`).join(''));
}

export function perform(words: readonly string[], shell: Shell, where: Where): Effect {
  const [name = '', ...args] = words;
  const command = name.replace(/^.*\//, '');
  const plain = args.filter((a) => !a.startsWith('-'));
  if (NETWORK_COMMANDS.includes(command)) {
    const errand = errandOf([command, ...args]);
    return errand ? { errand } : ok();
  }
  if (MACHINE_COMMANDS.includes(command)) return aboutHere(command, args, where);
  const filter = FILTERS.get(command);
  if (filter) return filtered(filter, command, args, shell);
  switch (command) {
    case 'exec':
      return perform(args, shell, where);
    case 'sh':
    case 'bash':
    case 'ash': {
      const at = args.findIndex((a) => /^-\w*c$/.test(a));
      return at < 0 ? ok() : { script: args[at + 1] ?? '' };
    }
    case 'sleep':
      return sleep(args);
    case 'echo':
      return echo(args);
    case 'printf':
      return printf(args);
    case 'exit':
      return { exit: Number(args[0] ?? shell.status) & 255 };
    case 'false':
      return { status: 1 };
    case 'hostname':
      return ok(
        `${args.includes('-i') ? where.ip : args.some((a) => a === '-f' || a === '--fqdn') ? fullName(where.hostname, shell) : where.hostname}\n`,
      );
    case 'date':
      return ok(`${args[0] === '+%s' ? where.seconds : where.dateText}\n`);
    case 'env':
    case 'printenv':
      return environment(plain, shell);
    case 'export':
      for (const [, key, value] of args.flatMap((a) => {
        const m = /^(\w+)=(.*)$/s.exec(a);
        return m ? [m] : [];
      }))
        shell.vars.set(key, value);
      return ok();
    case 'trap':
      if (args.some((a, i) => i > 0 && /^(?:SIG)?TERM$|^15$/.test(a))) {
        if (args[0] === '-') shell.vars.delete(TRAP);
        else shell.vars.set(TRAP, args[0]);
      }
      return ok();
    case 'wait':
      return { waits: true };
    case 'head':
      return head(args, shell);
    case 'tail':
      return tail(args, shell);
    case 'grep':
    case 'egrep':
      return grep(args, shell);
    case 'seq':
      return seq(args);
    case 'touch':
      return writeAll(
        shell,
        (path) => `touch: ${path}`,
        plain
          .map((file) => inShell(file, shell))
          .filter((path) => !shell.files.has(path))
          .map((path) => ({ path, text: '' })),
      );
    case 'mkdir':
      return writeAll(
        shell,
        (path) => `mkdir: can't create directory '${path.slice(0, -1)}'`,
        plain.map((folder) => ({ path: inShell(`${folder}/`, shell), text: '' })),
      );
    case 'rm':
      return remove(plain, shell);
    case 'cp':
    case 'mv':
      return copy(plain, shell, { moves: command === 'mv', isLenient: where.hasUnknownFiles });
    case 'cat':
      return cat(plain, shell);
    case 'tee':
      return {
        ...writeAll(
          shell,
          (path) => `tee: ${path}`,
          plain.map((file) => ({
            path: inShell(file, shell),
            text: shell.input ?? '',
            ...(args.includes('-a') ? { appends: true as const } : {}),
          })),
        ),
        ...(shell.input === undefined ? {} : { out: shell.input }),
      };
    case 'ls':
      return ls(args, shell, where);
    case 'cd':
      return changeFolder(args, shell, where);
    case 'pwd':
      return ok(`${shell.vars.get(CWD) ?? '/'}\n`);
    case 'test':
    case '[':
    case '[[':
      return {
        status: holds(
          args.filter((a, i) => i < args.length - 1 || !/^\]{1,2}$/.test(a)),
          shell,
        )
          ? 0
          : 1,
      };
    case 'kill':
    case 'killall':
    case 'pkill':
      return kill(command, args, where);
    case 'nginx':
    case 'httpd':
      if (args[0] === '-s') return { status: 0, ...(/^(quit|stop)$/.test(args[1] ?? '') ? { terms: true } : {}) };
      return { forever: true };
    case 'httpd-foreground':
    case 'pause':
      return { forever: true };
    default:
      return shell.input === undefined ? ok() : ok(shell.input);
  }
}

/** Where a script keeps what it wants done on SIGTERM; '': nothing. */
export const TRAP = '\u0000trap';
/** Commands that are understood when a manifest names them without a shell. */
export const KNOWN_COMMANDS: readonly string[] = [
  ...NETWORK_COMMANDS,
  ...MACHINE_COMMANDS,
  'sleep',
  'echo',
  'true',
  'false',
  'env',
  'printenv',
  'hostname',
  'date',
  'head',
  'tail',
  'printf',
  'touch',
  'rm',
  'cat',
  'ls',
  'pwd',
  'test',
  '[',
  'seq',
  'mkdir',
  'cp',
  'mv',
  'grep',
  'tee',
  'kill',
  'killall',
  'pkill',
  ...FILTERS.keys(),
];
