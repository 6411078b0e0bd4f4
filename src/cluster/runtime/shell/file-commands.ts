/** Commands that read and write whole files: cat, tee, touch, mkdir, rm, cp, mv. Source: busybox' coreutils. Simplified: of cp and mv one file at a time. */
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { write, type FileChange } from './files.ts';
import { inShell, isFolder } from './listing.ts';

interface Here {
  /** Any file may be in the image. */
  readonly hasUnknownFiles: boolean;
}

export const FILE_COMMANDS = { cat, tee, touch, mkdir, rm, cp, mv };

const plain = (args: readonly string[]): readonly string[] => args.filter((a) => !a.startsWith('-'));

function cat(args: readonly string[], shell: Shell): Effect {
  const names = plain(args);
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

function tee(args: readonly string[], shell: Shell): Effect {
  const changes = plain(args).map((file) => ({
    path: inShell(file, shell),
    text: shell.input ?? '',
    ...(args.includes('-a') || shell.goesOn ? { appends: true as const } : {}),
  }));
  return { ...writeAll(shell, (path) => `tee: ${path}`, changes), ...(shell.input === undefined ? {} : { out: shell.input }) };
}

function touch(args: readonly string[], shell: Shell): Effect {
  const paths = plain(args).map((file) => inShell(file, shell));
  const changes = paths.filter((path) => !shell.files.has(path)).map((path) => ({ path, text: '' }));
  return writeAll(shell, (path) => `touch: ${path}`, changes);
}

function mkdir(args: readonly string[], shell: Shell): Effect {
  const changes = plain(args).map((folder) => ({ path: inShell(`${folder}/`, shell), text: '' }));
  return writeAll(shell, (path) => `mkdir: can't create directory '${path.slice(0, -1)}'`, changes);
}

function rm(args: readonly string[], shell: Shell): Effect {
  const paths = plain(args).map((name) => inShell(name, shell));
  const gone = [...shell.files.keys()].filter((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
  return writeAll(
    shell,
    (path) => `rm: can't remove '${path}'`,
    gone.map((path) => ({ path, text: null })),
  );
}

function cp(args: readonly string[], shell: Shell, here: Here): Effect {
  return copy(args, shell, { ...here, moves: false });
}

function mv(args: readonly string[], shell: Shell, here: Here): Effect {
  return copy(args, shell, { ...here, moves: true });
}

function copy(args: readonly string[], shell: Shell, { hasUnknownFiles, moves }: Here & { readonly moves: boolean }): Effect {
  const names = plain(args);
  const [from = '', to = ''] = names.map((name) => inShell(name, shell));
  const text = shell.files.get(from) ?? (hasUnknownFiles ? '' : undefined);
  if (text === undefined) return no(`cp: can't stat '${names[0]}': No such file or directory`);
  return writeAll(shell, (path) => `cp: can't create '${path}'`, [
    { path: isFolder(shell.files, to) ? `${to.replace(/\/$/, '')}/${from.split('/').pop()}` : to, text },
    ...(moves ? [{ path: from, text: null }] : []),
  ]);
}

/** Writes them all, up to the first that it may not. */
function writeAll(shell: Shell, refusal: (path: string) => string, changes: readonly FileChange[]): Effect {
  for (const change of changes) if (!write(shell, change)) return no(`${refusal(change.path)}: Read-only file system`);
  return ok();
}
