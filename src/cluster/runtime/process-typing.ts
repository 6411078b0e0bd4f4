/** Shells at which somebody types, beside a container's own process or as that. */
import type { Context } from '../../kernel/component.ts';
import { PATIENCE_US } from '../latency.ts';
import type { ExecReply, Typed } from './process-protocol.ts';
import type { ProcessState } from './process-state.ts';
import type { Surroundings } from './shell/rest.ts';
import { isTypedAt, promptAt } from './shell/typing.ts';

/** The shell that is meant, if it is there. */
export const shellFor = ({ beside }: ProcessState, { shell, isMain }: Typed): number | undefined =>
  shell ?? (isMain ? [...beside].find(([, { typing }]) => typing?.isMain)?.[0] : undefined);

/** The shell that is typed at, if it is one. The container's first process has waited for words since it began, and does from now on what they say. */
export function typedProgram({ config }: ProcessState, { isMain }: Typed, command: readonly string[]): string | undefined {
  if (isMain) return config.words[0] ?? (config.hasBusybox ? 'sh' : 'bash');
  return isTypedAt(command) ? command[0] : undefined;
}

/** What a shell at which somebody types has said goes to whoever waits. */
export function sayTyped(state: ProcessState, n: number, at: Surroundings, ctx: Context): void {
  const beside = state.beside.get(n);
  if (!beside?.typing || beside.clients.length === 0) return;
  const { typing, clients, said } = beside;
  const prompt = promptAt(at);
  if (prompt === undefined && said === '') return;
  if (ctx.now - typing.since <= PATIENCE_US) ctx.toForeground();
  const reply: ExecReply = {
    protocol: 'exec',
    exitCode: 0,
    stdout: said,
    stderr: '',
    shell: n,
    ...(prompt === undefined ? {} : { prompt }),
  };
  for (const client of clients) ctx.reply(reply, client);
  beside.said = '';
  beside.clients = [];
}
