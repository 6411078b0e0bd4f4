/** Where a process prints to and reads from. Source: POSIX.1-2024, 2.7 Redirection. Simplified: every writer of a file appends to it. */
import type { Step } from './compile.ts';
import { expand, inQuotes, oneField, type Shell, type Substitute } from './expand.ts';
import { write, type Files } from './files.ts';
import { inShell, isFolder } from './listing.ts';
import type { Target } from './parse.ts';
import { end, hasReader, type Script, type Stream, type Streams, type Thread } from './script.ts';
import type { Source } from './tokens.ts';

interface Surroundings extends Files {
  readonly script: Script;
  readonly where: { readonly hasUnknownFiles: boolean };
  readonly print: (text: string, isComplaint?: true) => void;
  readonly log: (text: string) => void;
}
/** 128 + SIGPIPE. */
export const BROKEN_PIPE = 141;

/** The streams of what is redirected, or why not. */
export function opened(
  { out, err, from }: Extract<Step, { op: 'redirect' }>,
  thread: Thread,
  shell: Shell,
  inside: Substitute,
  at: Surroundings,
): Streams | string {
  const { streams } = thread;
  const text = from && textOf(from, shell, inside, at);
  if (text && 'refusal' in text) return text.refusal;
  const [to, complaints] = [out, err].map((target) => streamOf(target, streams, shell, inside));
  for (const [i, target] of [out, err].entries()) {
    const stream = [to, complaints][i];
    if (typeof target === 'string' || typeof stream !== 'object' || !('file' in stream)) continue;
    const isNew = !target.appends && !(i === 1 && typeof to === 'object' && 'file' in to && to.file === stream.file);
    if (isFolder(at.files, stream.file) && !at.files.has(stream.file)) return `sh: can't create ${stream.file}: Is a directory`;
    if (!write(at, { path: stream.file, text: '', ...(isNew ? {} : { appends: true as const }) }))
      return `sh: can't create ${stream.file}: Read-only file system`;
  }
  const pipe = text && feed(at.script, text.text);
  const read = pipe ?? streams.from;
  return { ...(read === undefined ? {} : { from: read }), out: to, err: complaints, outer: streams };
}

/** A text that is to be read. */
function feed(script: Script, text: string): number {
  script.pipes.set(++script.last, text);
  return script.last;
}

/** Some files are streams. */
function streamOf(target: Target, { out, err }: Streams, shell: Shell, inside: Substitute): Stream {
  if (target === 'stdout') return out;
  if (target === 'stderr') return err;
  const name = oneField(target.file, shell, inside);
  if (/^\/proc\/1\/fd\/[12]$/.test(name)) return 'log';
  if (/^\/(dev\/(stdout|fd\/1)|proc\/self\/fd\/1)$/.test(name)) return out;
  return /^\/(dev\/(stderr|fd\/2)|proc\/self\/fd\/2)$/.test(name) ? err : { file: inShell(name, shell) };
}

/** What an input is taken from. */
function textOf(
  from: Source,
  shell: Shell,
  inside: Substitute,
  { files, where }: Surroundings,
): { readonly text: string } | { readonly refusal: string } {
  if (!('file' in from)) return { text: from.isLiteral ? from.text : inQuotes(from.text, shell, inside) };
  const [name = ''] = expand([from.file], shell, inside);
  const text = files.get(inShell(name, shell));
  if (text === undefined && !where.hasUnknownFiles && !/^\/(dev|proc|sys)\//.test(name))
    return { refusal: `sh: can't open ${name}: no such file` };
  return { text: text ?? '' };
}

/** Prints a text, or a complaint, where the process has it go. Nobody reads the pipe any more: that ends it. */
export function print(thread: Thread, text: string, at: Surroundings, isComplaint?: true): void {
  const stream = isComplaint ? thread.streams.err : thread.streams.out;
  if (stream === 'stdout') at.print(text);
  else if (stream === 'stderr') at.print(text, true);
  else if (stream === 'log') at.log(text);
  else if ('file' in stream) write(at, { path: stream.file, text, appends: true });
  else if (!hasReader(at.script, stream.pipe)) end(at.script, thread, BROKEN_PIPE);
  else at.script.pipes.set(stream.pipe, (at.script.pipes.get(stream.pipe) ?? '') + text);
}
