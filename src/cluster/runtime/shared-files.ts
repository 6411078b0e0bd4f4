/**
 * Folders that several containers of a pod have: its emptyDirs, and the machine's.
 * Simplified: containerd holds what is in them and tells the containers beside of each write, where a kernel has one file system for all.
 */
import type { FileChange } from './shell/files.ts';

/** `volume`: with the part of it that is mounted; of a hostPath the path on the machine. It may be a file, too. */
export interface SharedFolder {
  readonly volume: string;
  readonly path: string;
}
/** A process that starts asks what is in the folders now. */
export interface MountCall {
  readonly protocol: 'mount';
}
/** 'volume/path' → text. */
export interface MountReply {
  readonly protocol: 'mount';
  readonly files: Readonly<Record<string, string>>;
}
/** From a process to containerd, and from there to those beside it: paths are 'volume/path'. */
export interface SharedWrite {
  readonly protocol: 'write';
  readonly changes: readonly FileChange[];
}

/** From the kubelet, which writes on the machine's disk what is mounted: paths are the container's own. */
export interface FilesWritten {
  readonly protocol: 'files';
  readonly changes: readonly FileChange[];
}

/** What of the changes others see, by the names that all of them know; of mounts in mounts the inner one counts. */
export function toVolumes(changes: readonly FileChange[], folders: readonly SharedFolder[]): readonly FileChange[] {
  return changes.flatMap((change) =>
    folders
      .filter((f) => change.path === f.path || change.path.startsWith(`${f.path}/`))
      .sort((a, b) => b.path.length - a.path.length)
      .slice(0, 1)
      .map((f) => ({ ...change, path: f.volume + change.path.slice(f.path.length) })),
  );
}

/** The same changes as a container with these folders sees them. */
export function fromVolumes(changes: readonly FileChange[], folders: readonly SharedFolder[]): readonly FileChange[] {
  return changes.flatMap((change) =>
    folders
      .filter((f) => change.path === f.volume || change.path.startsWith(`${f.volume}/`))
      .map((f) => ({ ...change, path: f.path + change.path.slice(f.volume.length) })),
  );
}

/** What a container with these folders finds in them. `files`: 'volume/path' → text. */
export const foldersIn = (files: MountReply['files'], folders: readonly SharedFolder[]): readonly FileChange[] =>
  fromVolumes(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    folders,
  );
