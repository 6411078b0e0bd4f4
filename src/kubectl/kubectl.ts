/** kubectl as one more actor: a command line runs on the user's laptop, asks the apiserver like everybody else, and prints. */
import type { Answer, Component, Context } from '../kernel/component.ts';
import type { EventId } from '../kernel/message.ts';
import { callApi, responseOf, type Endpoint, type WatchEvent } from '../cluster/client/api-client.ts';
import { identities } from '../cluster/client/identity.ts';
import { assert } from '../lib/assert.ts';
import { parseArgv } from './argv.ts';
import type { Command, Env, Output, Told } from './command.ts';

export interface KubectlConfig { readonly api: string; readonly args: readonly string[]; readonly stdin: string; readonly epochMs: number; readonly session: number }
interface KubectlState { readonly config: KubectlConfig; readonly command: string; model: unknown; stdout: string; stderr: string; readonly streams: Map<EventId, string>; open: number; failures: number }
/** The note that a finished command leaves. */
export interface Printed { readonly stdout: string; readonly stderr: string; readonly exitCode: number; readonly session: number }

const files = import.meta.glob<readonly Command[]>('./commands/*.ts', { eager: true, import: 'default' });
const commands = new Map(Object.keys(files).sort((a, b) => (a < b ? -1 : 1)).flatMap((path) => files[path].map((command) => [command.name, command] as const)));
assert(commands.size > 0, 'no kubectl command was found');

/** The command and what follows it: 'rollout status' is one command. */
function commandOf(args: readonly string[]): { readonly name: string; readonly rest: readonly string[] } | undefined {
  const words = args[0] === 'kubectl' ? args.slice(1) : args;
  const two = `${words[0] ?? ''} ${words[1] ?? ''}`;
  if (commands.has(two)) return { name: two, rest: words.slice(2) };
  return commands.has(words[0] ?? '') ? { name: words[0], rest: words.slice(1) } : undefined;
}

export const kubectl: Component<KubectlState, KubectlConfig> = {
  role: 'kubectl',
  start(config, ctx) {
    const found = commandOf(config.args);
    const state: KubectlState = { config, command: found?.name ?? '', model: undefined, stdout: '', stderr: '', streams: new Map(), open: 0, failures: 0 };
    ctx.note({ says: 'kubectl/started', about: ctx.self, with: { command: config.args.join(' ') } });
    const command = commands.get(state.command);
    if (!command) take(state, { err: config.args.length === 0 ? 'kubectl controls the Kubernetes cluster manager.\n' : `error: unknown command "${config.args[0]}" for "kubectl"\n`, exit: 1 }, ctx);
    else take(state, command.init(envOf(state, ctx)), ctx);
    return state;
  },
  handle(state, message, ctx) {
    const event = message.body as WatchEvent | undefined;
    if (message.kind !== 'send' || event?.protocol !== 'watch') return;
    const tag = state.streams.get(event.stream);
    if (tag !== undefined && event.type !== 'BOOKMARK') told(state, { tag, event: { type: event.type, object: event.object } }, ctx);
  },
  answered(state, answer, then, ctx) {
    const t = then as { readonly tag: string; readonly data?: unknown; readonly isWatch?: boolean };
    if (t.isWatch) { take(state, { err: 'error: watch closed\n', exit: 1 }, ctx); return; }
    state.open--;
    told(state, { tag: t.tag, data: t.data, response: responseOf(answer as Answer) }, ctx);
  },
  inspect: (state) => [{ name: 'command', value: `kubectl ${state.config.args.join(' ')}` }, { name: 'printed', value: state.stdout + state.stderr }],
};

function envOf(state: KubectlState, ctx: Context): Env {
  const { rest } = commandOf(state.config.args) ?? { rest: [] };
  const argv = parseArgv(state.command === 'set' || state.command.includes(' ') ? rest : rest);
  return { argv: state.command === 'patch' ? parseArgvFor('patch', rest) : argv, stdin: state.config.stdin, nowMs: state.config.epochMs + Math.floor(ctx.now / 1000), namespace: argv.flags.get('namespace') ?? 'default' };
}
function parseArgvFor(command: string, rest: readonly string[]): Env['argv'] {
  const { words, flags } = parseArgv([command, ...rest]);
  return { words: words.slice(1), flags };
}

function told(state: KubectlState, what: Told, ctx: Context): void {
  const command = commands.get(state.command);
  if (command) take(state, command.update(state.model, what, envOf(state, ctx)), ctx);
}

function take(state: KubectlState, output: Output, ctx: Context): void {
  state.stdout += output.out ?? '';
  state.stderr += output.err ?? '';
  if ('state' in output) state.model = output.state;
  const endpoint: Endpoint = { api: state.config.api, as: identities.admin };
  for (const { tag, request, isWatch, data } of output.ask ?? []) {
    const id = callApi(ctx, endpoint, request, { tag, isWatch: isWatch ?? false, ...(data === undefined ? {} : { data }) }, { isWatch: isWatch ?? false });
    if (isWatch) state.streams.set(id, tag); else state.open++;
  }
  if (output.exit === undefined) return;
  ctx.note({ says: 'kubectl/exited', about: ctx.self, with: { stdout: state.stdout, stderr: state.stderr, exitCode: output.exit, session: state.config.session } satisfies Printed as unknown as Readonly<Record<string, unknown>> });
  ctx.exit(ctx.self, { exitCode: output.exit });
}
