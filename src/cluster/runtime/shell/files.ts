/** A container's files, and what was written to them since they were last looked at. Simplified: a file is its text, a folder is a name that ends with '/'. */

/** `text` null: the file is gone. With `appends` the text comes after what is there. */
export interface FileChange { readonly path: string; readonly text: string | null; readonly appends?: true }
export interface Files { readonly files: Map<string, string>; readonly written: FileChange[] }

/** What is kept of a file that is written to for ever. */
const MOST_TEXT = 4096;

export function write(on: Files, change: FileChange): void {
  if (change.path === '/dev/null') return;
  apply(on.files, change);
  on.written.push(change);
}

export function apply(files: Map<string, string>, { path, text, appends }: FileChange): void {
  if (text === null) files.delete(path);
  else files.set(path, appends ? lastPart((files.get(path) ?? '') + text) : text);
}

const lastPart = (text: string): string => (text.length > MOST_TEXT ? text.slice(text.indexOf('\n', text.length - MOST_TEXT) + 1) : text);
