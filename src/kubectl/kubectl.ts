/** kubectl as one more actor: a command line runs on the user's laptop, asks the apiserver like everybody else, and prints. */
import type { Answer, Component, Context } from '../kernel/component.ts';
import type { EventId } from '../kernel/message.ts';
import { impersonationOf, type Impersonation } from '../cluster/api-request.ts';
import { callApi, noAnswer, responseOf, type Endpoint, type WatchEvent } from '../cluster/client/api-client.ts';
import { laptopKernel, LOOPBACK } from '../cluster/network/laptop.ts';
import type { InUse, Listen } from '../cluster/network/packet.ts';
import { identities } from '../cluster/client/identity.ts';
import { assert } from '../lib/assert.ts';
import { commandLine } from '../lib/command-line.ts';
import { parseArgv, type Argv } from './argv.ts';
import { flagKind, flagsOf } from './flags.ts';
import { warningsOf, type Command, type Connection, type Env, type Output, type Told } from './command.ts';
import { ENDLESS_US, heardOf, isKnock, knock, patienceOf, TOO_LATE, UNANSWERED_US } from './dialling.ts';
import { unreadError } from './files.ts';
import { helpOf, withoutCommand } from './help.ts';
import type { TypedIn } from './keyboard.ts';
import { inOrder, streams, type Chunk } from './written.ts';
import { checkValues, deprecatedText } from './flag-values.ts';
import { outputError } from './printing.ts';

export interface KubectlConfig {
  readonly api: string;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly epochMs: number;
  readonly session: number;
  readonly isTerminal?: true;
}
export interface KubectlState {
  readonly config: KubectlConfig;
  readonly command: string;
  readonly argv: Argv;
  model: unknown;
  readonly printed: Chunk[];
  /** How many of these are told; undefined while it waits for nothing but answers, and so tells them when it ends. */
  told?: number;
  errors: string;
  readonly streams: Map<EventId, string>;
  /** What was asked and is not answered. */
  readonly open: Map<EventId, { readonly tag: string; readonly data?: unknown }>;
  /** Somebody has answered: there is a connection. */
  isConnected: boolean;
  /** What of the files could not be read: said at the end. */
  unread: string;
  /** What the server has warned of: each is said once. */
  readonly warnings: string[];
}
/** The note that a finished command leaves. `printed`: what has not been told before, where some has, or both streams have something; in the order in which it was written. */
export interface Printed {
  readonly printed?: readonly Chunk[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly session: number;
}

const files = import.meta.glob<readonly Command[]>('./commands/*.ts', { eager: true, import: 'default' });
const commands = new Map(
  Object.keys(files)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((path) =>
      files[path].flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const)),
    ),
);
assert(commands.size > 0, 'no kubectl command was found');

/** The command and what follows it: 'rollout status' is one command, and so is 'create service clusterip'. Flags may come first. */
function commandOf(args: readonly string[]): { readonly name: string; readonly rest: readonly string[] } | undefined {
  const words = args[0] === 'kubectl' ? args.slice(1) : args;
  const first = leadingFlags(words);
  const [before, after] = [words.slice(0, first), words.slice(first)];
  for (const n of [3, 2, 1]) {
    const name = after.slice(0, n).join(' ');
    if (after.length >= n && commands.has(name) && !isGroup(after.slice(0, n + 1).join(' ')))
      return { name, rest: [...before, ...after.slice(n)] };
  }
  return undefined;
}

/** 'create service' is no command, but the beginning of some. */
const isGroup = (words: string): boolean => !commands.has(words) && [...commands.keys()].some((name) => name.startsWith(`${words} `));

/** How many words are global flags before the command. */
function leadingFlags(words: readonly string[]): number {
  let i = 0;
  while (i < words.length && words[i].startsWith('-')) i += flagKind('', words[i].replace(/^--?/, '')) === '=' ? 2 : 1;
  return i;
}

export const kubectl: Component<KubectlState, KubectlConfig> = {
  role: 'kubectl',
  start(config, ctx) {
    const { name, rest } = commandOf(config.args) ?? { name: '', rest: [] };
    const command = commands.get(name);
    const state: KubectlState = {
      config,
      command: name,
      argv: parseArgv(command?.name ?? '', rest),
      model: undefined,
      printed: [],
      errors: '',
      streams: new Map(),
      open: new Map(),
      isConnected: false,
      unread: '',
      warnings: [],
    };
    ctx.note({ says: 'kubectl/started', about: ctx.self, with: { command: commandLine(config.args) } });
    const env = envOf(state, ctx);
    if (!command) take(state, withoutCommand(config.args[0] === 'kubectl' ? config.args.slice(1) : config.args, commands), ctx);
    else {
      state.unread = unreadOf(command.name, env);
      take(state, begun(command, env), ctx);
    }
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') {
      const { dialled } = message.body as { readonly dialled?: EventId };
      if (dialled === undefined) told(state, { tag: 'timer' }, ctx);
      else if (!state.isConnected && state.open.has(dialled)) knock(state.config.api, dialled, ctx);
      return;
    }
    if (message.kind === 'call')
      return told(state, { tag: 'connection', data: { id: message.id, from: message.from, body: message.body } satisfies Connection }, ctx);
    const event = message.body as WatchEvent | InUse | TypedIn | undefined;
    if (event?.protocol === 'typed') return told(state, { tag: 'typed-in', data: event.text }, ctx);
    if (event?.protocol === 'in-use') return told(state, { tag: 'in-use', data: event.port }, ctx);
    if (message.kind !== 'send' || event?.protocol !== 'watch') return;
    const tag = state.streams.get(event.stream);
    if (tag !== undefined && event.type !== 'BOOKMARK') told(state, { tag, event: { type: event.type, object: event.object } }, ctx);
  },
  answered(state, answer, then, ctx) {
    if (isKnock(then)) {
      const heard = heardOf(state.config.api, answer, then, ctx);
      if (heard !== undefined && state.open.has(then.dialled)) lose(state, then.dialled, heard, ctx);
      return;
    }
    const t = then as { readonly tag: string; readonly data?: unknown; readonly isWatch?: boolean };
    if (answer.outcome === 'deadline')
      return lose(state, answer.re, patienceOf(state.argv) === undefined ? 'http2: client connection lost' : TOO_LATE, ctx);
    if (answer.outcome === 'reply') state.isConnected = true;
    if (t.isWatch) {
      if (state.streams.has(answer.re)) take(state, { err: 'error: watch closed before UntilWithoutRetry timeout\n', exit: 1 }, ctx);
      return;
    }
    state.open.delete(answer.re);
    told(state, { tag: t.tag, data: t.data, response: responseOf(answer as Answer) }, ctx);
  },
};

/** Those that say at once what is wrong with a file. */
const MAKERS: readonly string[] = ['apply', 'create', 'diff', 'replace'];
function unreadOf(name: string, env: Env): string {
  if (!env.argv.flags.has('filename') || env.argv.flags.has('kustomize') || MAKERS.includes(name)) return '';
  const error = unreadError(env) ?? '';
  const isTable = name === 'get' && ['', 'wide'].includes(env.argv.flags.get('output') ?? '');
  return (isTable || name === 'describe') && !error.startsWith('error: the path') ? error.replace(/^error: /, '') : error;
}

function begun(command: Command, env: Env): Output {
  if (env.argv.flags.has('help')) return { out: helpOf(command.name), exit: 0 };
  const values = checkValues(env.argv, { nowMs: env.nowMs, own: flagsOf(command.name) });
  const wrong =
    env.argv.error ??
    values.error ??
    (command.name !== 'get' && flagKind(command.name, 'template') !== undefined ? outputError(env.argv) : undefined);
  if (wrong !== undefined) return { err: (env.argv.error === undefined ? deprecatedText(env.argv) : '') + wrong, exit: 1 };
  const output = command.init(env);
  return { ...output, said: values.said + (output.said ?? '') };
}

const envOf = ({ config, argv }: KubectlState, ctx: Context): Env => ({
  argv,
  stdin: config.stdin,
  nowMs: config.epochMs + Math.floor(ctx.now / 1000),
  namespace: argv.flags.get('namespace') ?? 'default',
  isTerminal: config.isTerminal === true,
});

/** --as and --as-group, as headers. */
const impersonation = (argv: Argv): Impersonation | undefined => impersonationOf(argv.flags.get('as'), argv.all.get('as-group'));

function told(state: KubectlState, what: Told, ctx: Context): void {
  const command = commands.get(state.command);
  for (const warning of what.response ? warningsOf(what.response) : [])
    if (!state.warnings.includes(warning)) {
      state.warnings.push(warning);
      write(state, 'stderr', warning);
    }
  if (command) take(state, command.update(state.model, what, envOf(state, ctx)), ctx, what.event !== undefined);
}

/** `isNews`: that is what a watch has brought. */
function take(state: KubectlState, output: Output, ctx: Context, isNews = false): void {
  write(state, 'stderr', output.said);
  write(state, 'stdout', output.out);
  state.errors += output.err ?? '';
  if ('state' in output) state.model = output.state;
  const endpoint: Endpoint = { api: state.config.api, as: identities.admin };
  const impersonate = impersonation(state.argv);
  if (output.hangUp !== undefined)
    for (const [id, tag] of state.streams)
      if (tag === output.hangUp) {
        state.streams.delete(id);
        ctx.hangUp(id);
      }
  if (output.listen) listenOn(output.listen, ctx);
  for (const { to, body } of output.answers ?? []) ctx.reply(body, to);
  if (output.exit === undefined) tell(state, output, ctx, isNews);
  if (output.wakeUs !== undefined && output.exit === undefined) ctx.wake(output.wakeUs, { timer: true }, true);
  for (const { tag, request, isWatch, data } of output.ask ?? []) {
    const id = callApi(
      ctx,
      endpoint,
      impersonate ? { ...request, impersonate } : request,
      { tag, isWatch: isWatch ?? false, ...(data === undefined ? {} : { data }) },
      { isWatch: isWatch ?? false, deadlineUs: patienceOf(state.argv) ?? ENDLESS_US },
    );
    if (isWatch) {
      state.streams.set(id, tag);
      continue;
    }
    state.open.set(id, { tag, ...(data === undefined ? {} : { data }) });
    if (!state.isConnected) ctx.wake(UNANSWERED_US, { dialled: id }, true);
  }
  if (output.exit === undefined) return;
  state.errors += state.unread;
  const count = state.warnings.length;
  const isWarned = state.argv.flags.has('warnings-as-errors') && count > 0 && output.exit === 0;
  if (isWarned) state.errors += `error: ${count} ${count === 1 ? 'warning' : 'warnings'} received\n`;
  const exitCode = output.exit || (state.unread === '' && !isWarned ? 0 : 1);
  ctx.note({
    says: 'kubectl/exited',
    about: ctx.self,
    with: {
      ...streams(state),
      ...(state.told !== undefined || isMixed(state) ? { printed: inOrder(state).slice(state.told) } : {}),
      exitCode,
      session: state.config.session,
    } satisfies Printed as unknown as Readonly<Record<string, unknown>>,
  });
  ctx.exit(ctx.self, { exitCode });
}

/** From when on it waits for what may never come, what it prints is told as it comes. Whoever began it learns of that at once, when there is nothing to print yet, too. */
function tell(state: KubectlState, output: Output, ctx: Context, isNews: boolean): void {
  const begins = output.goesOn ?? (output.wakeUs !== undefined || output.ask?.some(({ isWatch }) => isWatch) === true);
  if (output.prompt === undefined && (state.told === undefined ? !begins : state.told === state.printed.length)) return;
  const printed = state.printed.slice(state.told);
  state.told = state.printed.length;
  ctx.note({
    says: 'kubectl/printed',
    about: ctx.self,
    with: {
      session: state.config.session,
      printed,
      ...(isNews || output.isEcho ? { isNews: true } : {}),
      ...(output.prompt === undefined ? {} : { prompt: output.prompt }),
    },
  });
}

/** A request that is given up. */
function lose(state: KubectlState, id: EventId, message: string, ctx: Context): void {
  const asked = state.open.get(id);
  if (!asked) return;
  state.open.delete(id);
  ctx.hangUp(id);
  told(state, { ...asked, response: noAnswer('Timeout', message) }, ctx);
}

/** The loopback of the computer that it runs on, which nobody has needed before. */
function listenOn(ports: readonly number[], ctx: Context): void {
  if (!ctx.isAlive(laptopKernel.address)) ctx.spawn(laptopKernel);
  const listen: Listen = { protocol: 'listen', ns: LOOPBACK, name: 'kubectl', ports: ports.map((port) => ({ proto: 'tcp', port })) };
  ctx.send(laptopKernel.address, listen);
}

function write(state: KubectlState, to: Chunk['to'], text: string | undefined): void {
  if (text) state.printed.push({ to, text });
}
const isMixed = (state: KubectlState): boolean => new Set(inOrder(state).map(({ to }) => to)).size > 1;
