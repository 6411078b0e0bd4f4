/** A script runs until it rests: it sleeps, waits, asks the network, is trapped, and ends. Beside it run the commands of `kubectl exec`, of probes and hooks. */
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { PATIENCE_US } from '../latency.ts';
import { parseIp } from '../../lib/ip.ts';
import type { DnsQuery, DnsReply } from '../network/coredns.ts';
import type { DnsAnswer } from '../network/dns.ts';
import type { SocketCall, SocketReply } from '../network/packet.ts';
import { addressesIn, candidates } from '../network/resolver.ts';
import { variablesIn } from './environment.ts';
import { foldersIn, type MountReply } from './shared-files.ts';
import { isMissing, isOfAShell, missingText } from './executable.ts';
import { argumentsOf, programOf } from './program.ts';
import type { Where } from './shell/commands.ts';
import { nameAnswer, noSuchName } from './shell/name-commands.ts';
import { unlines } from './shell/text-commands.ts';
import { dateText } from './shell/date.ts';
import { ROOT } from './linux-user.ts';
import { apply, write } from './shell/files.ts';
import { inShell } from './shell/listing.ts';
import { answerText, failureOf, isOutside, outsidePage, type Errand } from './shell/network-commands.ts';
import { advance, said, threadOf, trapped, type Pause, type RunStep, type Thread } from './shell/run.ts';
import { log, MOST_LINES, threadAt, type ProcessState } from './process-state.ts';
import type { ExecCall, ExecReply, HttpCall, HttpReply } from './process-protocol.ts';
import { follow, tellWritten } from './process-files.ts';

/** 0: the container's own script; else one beside it. */
export type Then = { readonly thread: number; readonly errand: Errand; readonly step: RunStep } & (
  | { readonly ask: 'name'; readonly names: readonly string[] }
  | { readonly ask: 'page'; readonly ip: string }
);

const SECOND = 1_000_000;

/** Simplified: a script asks the network once a second at most, and rests as long when it would never rest. */
export const REST_US = SECOND;

/** No wake-up ends this `wait`. */
const FOR_EVER = -1;

const ANSWER_US = 5 * SECOND;

export function execute(state: ProcessState, { command, takesTime = false, limitUs }: ExecCall, message: Message, ctx: Context): void {
  const isAbsent = isMissing(command[0]) || (state.config.isBare && isOfAShell(command[0]));
  const steps = isAbsent ? undefined : programOf(command, state.files, state.config.cwd);
  if (!steps) {
    ctx.reply(
      (isAbsent
        ? {
            protocol: 'exec',
            exitCode: 127,
            stdout: '',
            stderr: '',
            error: `failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${missingText(command[0])}`,
          }
        : { protocol: 'exec', exitCode: 0, stdout: '', stderr: '' }) satisfies ExecReply,
    );
    return;
  }
  const n = ++state.besides;
  state.beside.set(n, {
    ...threadOf(steps, variablesIn(state.config.env), state.config.cwd, argumentsOf(command)),
    client: { id: message.id, from: message.from },
    takesTime,
    said: [],
    complained: [],
  });
  go(state, n, ctx);
  if (limitUs !== undefined && state.beside.has(n)) ctx.wake(limitUs, { abandon: n }, true);
}

function whereOf({ config, besides, startedAt }: ProcessState, ctx: Context): Where {
  const ms = config.epochMs + Math.floor(ctx.now / 1000);
  return {
    hostname: config.env.told.HOSTNAME ?? config.env.before.HOSTNAME ?? config.pod,
    user: config.user ?? ROOT,
    argv: config.argv,
    pid: besides + 6,
    ip: config.ip,
    dateText: dateText(ms),
    seconds: Math.floor(ms / 1000),
    startedMs: config.epochMs + Math.floor(startedAt / 1000),
    hasUnknownFiles: config.isMadeUp ?? false,
  };
}

const surroundings = (state: ProcessState, n: number, ctx: Context): Parameters<typeof advance>[1] => ({
  files: state.files,
  written: state.written,
  ...(state.mounts ? { mounts: state.mounts } : {}),
  where: whereOf(state, ctx),
  now: ctx.now,
  term: () => {
    terminate(state, ctx);
    return n === 0 && state.main !== undefined && !state.main.outer && trapped(state.main) !== undefined;
  },
  print: (line, isComplaint) => {
    const beside = state.beside.get(n);
    if (beside) (isComplaint ? beside.complained : beside.said).push(line);
    else log(state, line, ctx);
  },
});

/** As process 1 it hears SIGTERM only where it catches it. A shell does so when the command is over that it runs, or at once while it waits. Source: POSIX.1-2024, 2.12 Signals and Error Handling. */
export function terminate(state: ProcessState, ctx: Context): void {
  if (!state.main) {
    if (state.config.behaviour.ignoresTerm !== true) ctx.wake(30_000, { exit: state.config.behaviour.termCode ?? 0 });
    return;
  }
  state.isTermed = true;
  if (state.waiting === 0) return;
  if (state.waiting !== FOR_EVER) ctx.cancel(state.waiting);
  go(state, 0, ctx);
}

/** Runs a script until it rests. */
export function go(state: ProcessState, n: number, ctx: Context): void {
  if (n === 0 && state.main && state.isTermed && !state.main.outer) {
    state.main = trapped(state.main) ?? state.main;
    state.isTermed = false;
  }
  if (n === 0) state.waiting = 0;
  const thread = threadAt(state, n);
  if (!thread) return;
  const isSkipping = state.beside.get(n)?.takesTime === false;
  let pause: Pause = advance(thread, surroundings(state, n, ctx));
  for (let skipped = 0; isSkipping && 'sleepUs' in pause && skipped < MOST_LINES; skipped++)
    pause = advance(thread, surroundings(state, n, ctx));
  tellWritten(state, ctx);
  if ('over' in pause && n === 0 && thread.outer && !pause.exits) return trapEnded(state, thread.outer, ctx);
  if ('over' in pause) return over(state, n, pause.over, ctx);
  if ('errand' in pause) return begin(state, n, pause, ctx);
  if ('forever' in pause) {
    if (isSkipping) return over(state, n, 0, ctx);
    if (n === 0 && pause.waits) state.waiting = FOR_EVER;
    if (n === 0 && pause.follows) {
      const { path, said: text } = pause.follows;
      state.follows = { path, partial: '' };
      follow(state, { path, text }, ctx);
    }
    return;
  }
  if (isSkipping) return over(state, n, thread.status, ctx);
  const restUs = 'sleepUs' in pause ? pause.sleepUs : REST_US;
  const id = ctx.wake(restUs, { resume: n }, n === 0 ? !isWaitedFor(state, ctx.now + restUs) : undefined);
  if (n === 0 && 'waits' in pause) state.waiting = id;
}

/** Whoever waits for the pod waits for this, as long as it takes no more than a while and asks nobody, who may not be there for ever. */
const isWaitedFor = ({ config, startedAt, askedAt }: ProcessState, until: number): boolean =>
  config.isAwaited === true && askedAt < startedAt && until - startedAt <= PATIENCE_US;

/** What was interrupted goes on; a trap that called for itself waits a little, for it might for ever. */
function trapEnded(state: ProcessState, outer: Thread, ctx: Context): void {
  state.main = outer;
  if (state.isTermed) ctx.wake(REST_US, { resume: 0 }, true);
  else go(state, 0, ctx);
}

/** Its disk is there: it runs its script, or does at once what it is for. */
export function work(state: ProcessState, ctx: Context): void {
  if (state.main) go(state, 0, ctx);
  else if (state.config.behaviour.kind === 'oneshot') ctx.wake(5_000, { exit: 0 });
}

export function mounted(state: ProcessState, { body }: Answer, ctx: Context): void {
  for (const change of foldersIn((body as MountReply | undefined)?.files ?? {}, state.config.shared ?? [])) apply(state.files, change);
  work(state, ctx);
}

function over(state: ProcessState, n: number, status: number, ctx: Context): void {
  const beside = state.beside.get(n);
  if (!beside) {
    ctx.wake(2_000, { exit: status });
    return;
  }
  state.beside.delete(n);
  ctx.reply(
    { protocol: 'exec', exitCode: status, stdout: unlines(beside.said), stderr: unlines(beside.complained) } satisfies ExecReply,
    beside.client,
  );
}

/** Goes to the network for a script, now or when it may again. */
export function begin(
  state: ProcessState,
  n: number,
  { errand, step }: { readonly errand: Errand; readonly step: RunStep },
  ctx: Context,
): void {
  const early = state.askedAt + REST_US - ctx.now;
  if (n === 0 && early > 0) {
    ctx.wake(early, { errand, step }, true);
    return;
  }
  if (n === 0) state.askedAt = ctx.now;
  const { dns } = state.config;
  const server = errand.server ?? /nameserver (\S+)/.exec(state.files.get('/etc/resolv.conf') ?? '')?.[1] ?? '';
  const then = { thread: n, errand: { ...errand, server }, step };
  if (!errand.asks && (errand.name === 'localhost' || parseIp(errand.name) !== undefined))
    return page(state, { ...then, ask: 'page', ip: errand.name === 'localhost' ? '127.0.0.1' : errand.name }, ctx);
  return askName(state, { ...then, ask: 'name', names: errand.asks && isOutside(errand.name) ? [] : namesFor(errand, dns) }, ctx);
}

/** The machine's own name server knows no name, and is not asked. */
function namesFor({ name, server }: Errand, dns: ProcessState['config']['dns']): readonly string[] {
  if (dns) return candidates(name, dns);
  return server === undefined ? [] : [name.replace(/\.?$/, '.')];
}

function askName(state: ProcessState, then: Extract<Then, { ask: 'name' }>, ctx: Context): void {
  const { errand, names } = then;
  if (names.length === 0) {
    if (!errand.asks) return isOutside(errand.name) ? outside(state, then, ctx) : finish(state, then, failureOf(errand, 'no name'), ctx);
    return finish(state, then, isOutside(errand.name) ? { status: 0 } : noSuchName(errand), ctx);
  }
  const call: SocketCall = {
    protocol: 'socket',
    ns: state.config.ip,
    proto: 'udp',
    dst: errand.server ?? '',
    dport: 53,
    payload: { protocol: 'dns', name: names[0], type: errand.asks?.type ?? 'A' } satisfies DnsQuery,
    flow: 0,
  };
  ctx.call(`${ctx.host}/linux`, call, then, { deadlineUs: ANSWER_US });
}

function page(state: ProcessState, then: Extract<Then, { ask: 'page' }>, ctx: Context): void {
  const { errand, ip } = then;
  const payload: HttpCall = {
    protocol: 'http',
    method: errand.method,
    path: errand.path,
    port: errand.port ?? 0,
    host: errand.name,
    from: state.config.ip,
    ...(errand.agent === undefined ? {} : { agent: errand.agent }),
  };
  ctx.call(
    `${ctx.host}/linux`,
    { protocol: 'socket', ns: state.config.ip, proto: 'tcp', dst: ip, dport: payload.port, payload, flow: 0 } satisfies SocketCall,
    then,
    { deadlineUs: Math.min(errand.patienceUs ?? ANSWER_US, ANSWER_US) },
  );
}

export function answered(state: ProcessState, reply: Answer, then: Then, ctx: Context): void {
  const { errand } = then;
  const data = reply.outcome === 'reply' ? (reply.body as SocketReply) : undefined;
  if (then.ask === 'name') return named(state, then, data?.outcome === 'data' ? (data.payload as DnsReply).answer : undefined, ctx);
  if (data?.outcome !== 'data')
    return finish(
      state,
      then,
      failureOf(errand, reply.outcome === 'deadline' || data?.outcome === 'unreachable' ? 'timeout' : 'refused', then.ip),
      ctx,
    );
  shown(state, then, data.payload as HttpReply, ctx);
}

function shown(state: ProcessState, then: Then, { status, body }: Pick<HttpReply, 'status' | 'body'>, ctx: Context): void {
  const { errand } = then;
  if ((errand.program === 'wget' || errand.failsOnError) && status >= 400) return finish(state, then, failureOf(errand, status), ctx);
  const thread = threadAt(state, then.thread);
  if (errand.into !== undefined && thread && !write(state, { path: inShell(errand.into, thread), text: body }))
    return finish(state, then, { status: 1, err: `${errand.program}: can't open '${errand.into}': Read-only file system` }, ctx);
  finish(state, then, { status: 0, out: answerText(errand, status, body) }, ctx);
}

/** A name server answered, or nobody did. */
function named(state: ProcessState, then: Extract<Then, { ask: 'name' }>, answer: DnsAnswer | undefined, ctx: Context): void {
  const { errand, names } = then;
  const records = answer?.answer ?? [];
  if (records.length === 0 && names.length > 1) return askName(state, { ...then, names: names.slice(1) }, ctx);
  if (errand.asks) return finish(state, then, nameAnswer(errand, names[0], answer), ctx);
  const [ip] = addressesIn(records);
  if (ip !== undefined) return page(state, { thread: then.thread, errand, step: then.step, ask: 'page', ip }, ctx);
  // An ExternalName leads out of the cluster.
  if (records.length > 0 || (answer && isOutside(errand.name))) return outside(state, then, ctx);
  finish(state, then, failureOf(errand, 'no name'), ctx);
}

/** On the internet there is a page at every name. */
const outside = (state: ProcessState, then: Then, ctx: Context): void =>
  shown(state, then, { status: 200, body: outsidePage(then.errand.name) }, ctx);

function finish(
  state: ProcessState,
  { thread: n, step }: Then,
  done: { readonly status: number; readonly out?: string; readonly err?: string },
  ctx: Context,
): void {
  const thread = threadAt(state, n);
  if (!thread) return;
  said(thread, step, done, surroundings(state, n, ctx));
  go(state, n, ctx);
}
