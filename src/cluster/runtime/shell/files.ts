/** A container's files, and what was written to them since they were last looked at. Simplified: a file is its text, a folder is a name that ends with '/'. */

/** `text` null: the file is gone. With `appends` the text comes after what is there. */
export interface FileChange {
  readonly path: string;
  readonly text: string | null;
  readonly appends?: true;
}
/**
 * What is mounted, as far as it shows. Upstream: cri-api Mount; pkg/kubelet/kubelet_pods.go makeMounts.
 * `made`: of what is made of objects, the modes. `group`: the pod's fsGroup.
 */
export interface Mount {
  readonly path: string;
  readonly isReadOnly?: true;
  readonly made?: Made;
  readonly group?: number;
}
export interface Made {
  readonly defaultMode?: number;
  readonly items?: readonly { readonly path: string; readonly mode?: number }[];
}
export interface Files {
  readonly files: Map<string, string>;
  readonly written: FileChange[];
  readonly mounts?: readonly Mount[];
}

/** What is kept of a file that is written to for ever. */
const MOST_TEXT = 4096;

/** The innermost mount that a path lies in. */
export function mountAt(mounts: readonly Mount[] | undefined, path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts ?? [])
    if ((path === mount.path || path.startsWith(`${mount.path}/`)) && mount.path.length >= (found?.path.length ?? 0)) found = mount;
  return found;
}

/** False: it may not be written there. */
export function write(on: Files, change: FileChange): boolean {
  if (change.path === '/dev/null') return true;
  if (mountAt(on.mounts, change.path)?.isReadOnly) return false;
  apply(on.files, change);
  const last = on.written.at(-1);
  if (change.appends && last?.path === change.path && last.text !== null)
    on.written.splice(-1, 1, { ...last, text: last.text + change.text });
  else on.written.push(change);
  return true;
}

export function apply(files: Map<string, string>, { path, text, appends }: FileChange): void {
  if (text === null) files.delete(path);
  else files.set(path, appends ? lastPart((files.get(path) ?? '') + text) : text);
}

const lastPart = (text: string): string => (text.length > MOST_TEXT ? text.slice(text.indexOf('\n', text.length - MOST_TEXT) + 1) : text);
