/** Commands that say who, where and when one is: id, whoami, uname, hostname, ps, date. Sources: busybox' coreutils/{id,whoami,uname}.c, procps/ps.c. Simplified: of processes there are the container's first one and who asks. */
import { timeText } from './date.ts';
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { KERNEL, type LinuxUser } from '../linux-user.ts';

/** Those that an image's /etc/passwd and /etc/group have; the others have no name. */
const NAMES: Readonly<Record<number, string>> = { 0: 'root', 65534: 'nobody' };

interface Here {
  readonly hostname: string;
  readonly user: LinuxUser;
  /** What the first process was started with. */
  readonly argv: string;
  readonly pid: number;
  /** Those of the pod's containers, where they see each other's. */
  readonly processes?: readonly { readonly pid: number; readonly uid: number; readonly title: string }[];
  readonly ip: string;
  readonly dateText: string;
  readonly seconds: number;
}
type MachineCommand = (args: readonly string[], shell: Shell, here: Here) => Effect;

export const MACHINE_COMMANDS = { id, whoami, uname, hostname, ps, date } satisfies Readonly<Record<string, MachineCommand>>;

export const nameOf = (id: number): string => NAMES[id] ?? String(id);
const named = (id: number): string => (NAMES[id] === undefined ? `${id}` : `${id}(${NAMES[id]})`);
/** The letters of all flags. */
const flagsOf = (args: readonly string[]): string =>
  args
    .filter((a) => /^-[a-z]+$/i.test(a))
    .join('')
    .replaceAll('-', '');
const said = (line: string): Effect => ok(`${line}\n`);
const lower = (a: number, b: number): number => a - b;

function id(args: readonly string[], _shell: Shell, { user }: Here): Effect {
  const flags = flagsOf(args);
  const { uid, gid, supplementalGroups } = user;
  const word = (n: number): string => (flags.includes('n') ? nameOf(n) : `${n}`);
  if (flags.includes('u')) return said(word(uid));
  if (flags.includes('g')) return said(word(gid));
  const groups = [...supplementalGroups].sort(lower);
  if (flags.includes('G')) return said(groups.map(word).join(' '));
  return said(`uid=${named(uid)} gid=${named(gid)} groups=${groups.map(named).join(',')}`);
}

function whoami(_args: readonly string[], _shell: Shell, { user }: Here): Effect {
  const name = NAMES[user.uid];
  return name === undefined ? no(`whoami: unknown uid ${user.uid}`) : said(name);
}

function uname(args: readonly string[], _shell: Shell, here: Here): Effect {
  const flags = flagsOf(args);
  const all: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', here.hostname],
    ['r', KERNEL],
    ['v', '#1 SMP PREEMPT_DYNAMIC'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = flags.includes('a') ? 'snrvmo' : flags === '' ? 's' : flags;
  const words = all.filter(([letter]) => wanted.includes(letter)).map(([, word]) => word);
  return said(words.join(' '));
}

function hostname(args: readonly string[], shell: Shell, here: Here): Effect {
  if (args.includes('-i')) return said(here.ip);
  return said(args.some((a) => a === '-f' || a === '--fqdn') ? fullName(here.hostname, shell) : here.hostname);
}

/** As /etc/hosts has it. Source: hostname(1). */
const fullName = (host: string, { files }: Shell): string =>
  (files.get('/etc/hosts') ?? '')
    .split('\n')
    .map((line) => line.split(/\s+/).slice(1))
    .find((names) => names.includes(host))?.[0] ?? host;

/** A shell that runs nothing else has become it. */
function ps(args: readonly string[], _shell: Shell, { user, argv, pid, processes }: Here): Effect {
  const pause = { pid: 1, uid: PAUSE_USER, title: '/pause' };
  const others = processes ?? [{ pid: 1, uid: user.uid, title: argv }];
  const own = { pid, uid: user.uid, title: ['ps', ...args].join(' ') };
  const all = [...(others[0].pid === 1 ? [] : [pause]), ...others, ...(argv === own.title ? [] : [own])];
  const row = ({ pid: n, uid, title }: typeof pause): string => `${String(n).padStart(5)} ${nameOf(uid).padEnd(8)}  0:00 ${title}`;
  return said(['PID   USER     TIME  COMMAND', ...all.map(row)].join('\n'));
}
/** Source: kubernetes/build/pause/Dockerfile. */
const PAUSE_USER = 65535;

/** date [-u] [+FORMAT] */
function date(args: readonly string[], _shell: Shell, { dateText, seconds }: Here): Effect {
  const format = args.find((a) => a.startsWith('+'))?.slice(1);
  return said(format === undefined ? dateText : timeText(format, { dateText, seconds }));
}
