/**
 * Where one is among the files, and what they look like: cd, ls. Sources: busybox' coreutils/ls.c and shell/ash.c; of mounts pkg/volume/util/atomic_writer.go, pkg/volume/volume_linux.go SetVolumeOwnership, pkg/volume/emptydir (v1.36).
 * Simplified: the kubelet's links, through which it shows all files of a volume at once, are not listed; all files are as old as their container; what is in a mount is the user's, all else root's; what a known image has under /usr, /var, /opt and the like is taken as there.
 */
import { dateText } from './date.ts';
import { mountAt, type Files, type Mount } from './files.ts';
import type { LinuxUser } from '../linux-user.ts';
import { nameOf } from './machine-commands.ts';

interface Here {
  readonly user: LinuxUser;
  readonly startedMs: number;
  readonly hasUnknownFiles: boolean;
}
interface Shell extends Files {
  readonly vars: Map<string, string>;
}
type Said = { readonly status: number; readonly out?: string; readonly err?: string };

/** Where a script keeps its working directory; without one it is /. */
export const CWD = '\u0000cwd';

/** The full name of a file, through the kubelet's link. */
export function pathOf(name: string, cwd = ''): string {
  const parts: string[] = [];
  for (const part of (name.startsWith('/') ? name : `${cwd}/${name}`).split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.' && part !== '..data') parts.push(part);
  return `/${parts.join('/')}${name.endsWith('/') && parts.length > 0 ? '/' : ''}`;
}
export const inShell = (name: string, { vars }: Pick<Shell, 'vars'>): string => pathOf(name, vars.get(CWD));

/** What every image has. */
const ROOT_FOLDERS: readonly string[] = ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'tmp', 'usr', 'var'];
/** Nothing is known of what an image has in these. */
const UNKNOWN = /^\/(bin|boot|dev|etc|lib\w*|opt|proc|run|s?bin|srv|sys|usr|var)(\/|$)/;
export const isFolder = (files: ReadonlyMap<string, string>, path: string): boolean =>
  path === '/' ||
  ROOT_FOLDERS.includes(path.replace(/^\/|\/$/g, '')) ||
  [...files.keys()].some((name) => name.startsWith(path.replace(/\/?$/, '/')));

export function changeFolder([name = '~']: readonly string[], shell: Shell, { hasUnknownFiles }: Here): Said {
  const { files, vars } = shell;
  const path = inShell(name === '~' ? (vars.get('HOME') ?? '/') : name, shell).replace(/(.)\/$/, '$1');
  const isFile = files.has(path);
  if (isFile || (!hasUnknownFiles && !isFolder(files, path) && !UNKNOWN.test(path)))
    return { status: 2, err: `sh: cd: can't cd to ${name}: ${isFile ? 'Not a directory' : 'No such file or directory'}` };
  vars.set(CWD, path);
  return { status: 0 };
}

interface Looks extends Here {
  readonly flags: string;
  readonly shell: Shell;
}

export function ls(args: readonly string[], shell: Shell, where: Here): Said {
  const looks: Looks = { ...where, flags: args.filter((a) => a.startsWith('-')).join(''), shell };
  const names = args.filter((a) => !a.startsWith('-'));
  const [found, folders]: [string[], string[]] = [[], []];
  for (const name of names.length === 0 ? ['.'] : names) {
    const path = inShell(name, shell).replace(/(.)\/$/, '$1');
    const isThere = isFolder(shell.files, path);
    if (shell.files.has(path) || (isThere && looks.flags.includes('d'))) found.push(line(name, path, looks));
    else if (isThere) folders.push((names.length > 1 ? `${name}:\n` : '') + inside(path, looks));
    else return { status: 1, out: found.join(''), err: `ls: ${name}: No such file or directory` };
  }
  return { status: 0, out: [...(found.length > 0 ? [found.join('')] : []), ...folders].join('\n') };
}

/** What is in a folder, in order. */
export function namesIn(files: ReadonlyMap<string, string>, path: string): readonly string[] {
  const begins = path.replace(/\/?$/, '/');
  const found = [...files.keys()].filter((f) => f.startsWith(begins) && f !== begins).map((f) => f.slice(begins.length).split('/')[0]);
  return [...new Set([...(path === '/' ? ROOT_FOLDERS : []), ...found])].sort((a, b) => (a < b ? -1 : 1));
}

function inside(path: string, looks: Looks): string {
  const {
    flags,
    shell: { files },
  } = looks;
  const all = flags.includes('a') ? ['.', '..'] : [];
  const shown = [...all, ...namesIn(files, path).filter((f) => all.length > 0 || !f.startsWith('.'))];
  const lines = shown.map((f) => line(f, pathOf(`${path}/${f}`), looks));
  return [...(flags.includes('l') ? [`total ${shown.length * 4}\n`] : []), ...lines].join('');
}

const letters = (mode: number): string => [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-')).join('');

function line(name: string, path: string, { flags, shell: { files, mounts }, user, startedMs }: Looks): string {
  if (!flags.includes('l')) return `${name}\n`;
  const mount = mountAt(mounts, path);
  const text = files.get(path);
  const isOwn = mount !== undefined && mount.path !== path && !mount.isReadOnly;
  const mode = text === undefined ? folderMode(path, mount) : `-${letters(fileMode(path, mount))}`;
  const owners = [isOwn ? user.uid : 0, mount?.group ?? (isOwn ? user.gid : 0)].map((id) => nameOf(id).padEnd(8)).join(' ');
  return `${mode}    ${text === undefined ? 2 : 1} ${owners} ${String(text?.length ?? 4096).padStart(9)} ${dateText(startedMs).slice(4, 16)} ${name}\n`;
}

const fileMode = (path: string, { path: at = '', made, group }: Partial<Mount> = {}): number =>
  made
    ? (made.items?.find((item) => item.path === path.slice(at.length + 1))?.mode ?? made.defaultMode ?? 0o644) |
      (group === undefined ? 0 : 0o440)
    : 0o644;
/** Volumes let everybody in. */
const folderMode = (path: string, mount: Mount | undefined): string =>
  mount?.path === path ? `drwxrw${mount.group === undefined ? 'x' : 's'}rwx` : path === '/tmp' ? 'drwxrwxrwt' : 'drwxr-xr-x';
