/** What a process writes and what others write into its folders: told on, and followed by a script that does so. */
import type { Context } from '../../kernel/component.ts';
import { fromVolumes, toVolumes, type SharedWrite } from './shared-files.ts';
import { apply, type FileChange } from './shell/files.ts';
import { print } from './shell/streams.ts';
import { scriptAt, type ProcessState } from './process-state.ts';
import { surroundings } from './process-surroundings.ts';

/** What was written into shared folders is told to the runtime, which tells those beside. */
export function tellWritten(state: ProcessState, ctx: Context): void {
  if (state.written.length === 0) return;
  const written = state.written.splice(0);
  const folders = state.config.shared ?? [];
  const changes = toVolumes(written, folders);
  if (changes.length > 0) ctx.send(`${ctx.host}/containerd`, { protocol: 'write', changes } satisfies SharedWrite);
  // A volume may be mounted twice in one container.
  for (const change of fromVolumes(changes, folders)) if (!written.some((own) => own.path === change.path)) apply(state.files, change);
  for (const change of written) follow(state, change, ctx);
}

/** Others wrote into what this container has mounted. */
export function writtenBeside(state: ProcessState, changes: readonly FileChange[], ctx: Context): void {
  for (const change of changes) {
    apply(state.files, change);
    follow(state, change, ctx);
  }
}

/** What is written into a file is said by those who follow it. */
function follow(state: ProcessState, { path, text }: FileChange, ctx: Context): void {
  for (const n of [0, ...state.beside.keys()]) {
    const script = scriptAt(state, n);
    for (const thread of script?.threads.values() ?? []) {
      if (!script || !text || !thread.rest || !('follows' in thread.rest) || thread.rest.follows !== path) continue;
      const at = surroundings(state, n, script, ctx);
      const { awaits } = thread.rest;
      if (awaits !== undefined) {
        thread.rest = { forever: true, follows: path };
        print(thread, `tail: ${awaits} has appeared; following end of new file\n`, at, true);
      }
      print(thread, text, at);
      if (typeof thread.streams.out === 'object') ctx.wake(0, { resume: n }, true);
    }
  }
}
