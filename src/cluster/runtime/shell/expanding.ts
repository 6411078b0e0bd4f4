/** The words of a step, once every `$(…)` in them has run. */
import { compileScript } from './compile.ts';
import type { Shell, Substitute } from './expand.ts';
import type { Surroundings } from './rest.ts';
import { fork, TERMINAL, type Thread } from './script.ts';

/** What a step's words become; undefined: not before a `$(…)` has run, which it begins. What is set meanwhile counts only then. */
export function expanding<T>(thread: Thread, at: Surroundings, expanded: (shell: Shell, inside: Substitute) => T): T | undefined {
  let asked = 0;
  let wanted: string | undefined;
  const shell = shellOf(thread, at, new Map(thread.vars));
  const result = expanded(shell, (script) => {
    const known = thread.known[asked++];
    if (!known) wanted ??= script;
    return known?.text ?? '';
  });
  if (wanted === undefined) {
    thread.vars = shell.vars;
    return result;
  }
  const { script } = at;
  const pipe = ++script.last;
  script.pipes.set(pipe, '');
  const { from, err } = thread.streams;
  const child = fork(script, thread, compileScript(wanted), { streams: { ...(from === undefined ? {} : { from }), out: { pipe }, err } });
  thread.rest = { parts: [child.pid], into: pipe };
  return undefined;
}

const shellOf = (thread: Thread, { files, written, mounts }: Surroundings, vars: Map<string, string>): Shell => ({
  vars,
  exported: thread.exported,
  files,
  written,
  ...(mounts ? { mounts } : {}),
  args: thread.args,
  functions: thread.functions,
  status: thread.status,
  pid: thread.pid,
  job: thread.job,
  isAtTerminal: thread.streams.from === TERMINAL,
  goesOn: thread.goesOn !== undefined,
  input: undefined,
  inputUntil: () => undefined,
});
