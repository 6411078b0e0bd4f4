/** Commands that say who and where one is: id, whoami, uname, ps. Sources: busybox' coreutils/{id,whoami,uname}.c, procps/ps.c. Simplified: of processes there are the container's first one and who asks. */
import { KERNEL, type LinuxUser } from '../linux-user.ts';

/** Those that an image's /etc/passwd and /etc/group have; the others have no name. */
const NAMES: Readonly<Record<number, string>> = { 0: 'root', 65534: 'nobody' };

interface Here {
  readonly hostname: string;
  readonly user: LinuxUser;
  /** What the first process was started with. */
  readonly argv: string;
  readonly pid: number;
}
type Said = { readonly status: number; readonly out?: string; readonly err?: string };

export const nameOf = (id: number): string => NAMES[id] ?? String(id);
const named = (id: number): string => (NAMES[id] === undefined ? `${id}` : `${id}(${NAMES[id]})`);
const lower = (a: number, b: number): number => a - b;

function id(flags: string, { uid, gid, supplementalGroups }: LinuxUser): string {
  const isName = flags.includes('n');
  const word = (n: number): string => (isName ? nameOf(n) : `${n}`);
  if (flags.includes('u')) return word(uid);
  if (flags.includes('g')) return word(gid);
  const groups = [...supplementalGroups].sort(lower);
  return flags.includes('G') ? groups.map(word).join(' ') : `uid=${named(uid)} gid=${named(gid)} groups=${groups.map(named).join(',')}`;
}

function uname(flags: string, hostname: string): string {
  const all: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', hostname],
    ['r', KERNEL],
    ['v', '#1 SMP PREEMPT_DYNAMIC'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = flags.includes('a') ? 'snrvmo' : flags === '' ? 's' : flags;
  return all
    .filter(([letter]) => wanted.includes(letter))
    .map(([, word]) => word)
    .join(' ');
}

function ps({ user, argv, pid }: Here, own: string): string {
  const who = nameOf(user.uid).padEnd(8);
  return [
    'PID   USER     TIME  COMMAND',
    ...(
      [
        [1, argv],
        [pid, own],
      ] as const
    ).map(([n, words]) => `${String(n).padStart(5)} ${who}  0:00 ${words}`),
  ].join('\n');
}

export const MACHINE_COMMANDS: readonly string[] = ['id', 'whoami', 'uname', 'ps'];

export function aboutHere(command: string, args: readonly string[], here: Here): Said {
  const flags = args
    .filter((a) => /^-[a-z]+$/i.test(a))
    .join('')
    .replaceAll('-', '');
  const said = (out: string): Said => ({ status: 0, out: `${out}\n` });
  switch (command) {
    case 'id':
      return said(id(flags, here.user));
    case 'whoami': {
      const name = NAMES[here.user.uid];
      return name === undefined ? { status: 1, err: `whoami: unknown uid ${here.user.uid}` } : said(name);
    }
    case 'uname':
      return said(uname(flags, here.hostname));
    default:
      return said(ps(here, [command, ...args].join(' ')));
  }
}
