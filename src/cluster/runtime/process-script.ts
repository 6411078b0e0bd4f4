/** A script runs until it rests: it sleeps, waits, asks the network, is trapped, and ends. Beside it run the commands of `kubectl exec`, of probes and hooks. */
import type { EtcdCall, EtcdReply, Op } from '../etcd/protocol.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { PATIENCE_US } from '../latency.ts';
import { parseIp } from '../../lib/ip.ts';
import type { DnsQuery, DnsReply } from '../network/coredns.ts';
import type { DnsAnswer } from '../network/dns.ts';
import type { Namespace, NamespaceCall } from '../network/namespace.ts';
import type { SocketCall, SocketReply } from '../network/packet.ts';
import { addressesIn, candidates } from '../network/resolver.ts';
import { variablesIn } from './environment.ts';
import { foldersIn, type MountReply } from './shared-files.ts';
import { isAbsent, missingText } from './executable.ts';
import { keepPorts } from './listening.ts';
import { argumentsOf, programOf } from './program.ts';
import { isOfBusybox } from './shell/commands.ts';
import { nameAnswer, noSuchName } from './shell/name-commands.ts';
import { tell } from './shell/command.ts';
import { etcdText, opsAfter } from './shell/etcdctl.ts';
import { commandOf } from './shell/compile.ts';
import { apply, write } from './shell/files.ts';
import { inShell } from './shell/listing.ts';
import { shownText } from './shell/namespace-commands.ts';
import { answerText, failureOf, isOutside, outsideAddress, outsidePage, type Errand } from './shell/network-commands.ts';
import { heading, patienceUs, pinged } from './shell/ping.ts';
import { done, type Surroundings } from './shell/rest.ts';
import { advance, answered as told, hears, INTERRUPTED, interrupted, waits, type Begun, type Pause } from './shell/run.ts';
import { scriptOf, type Thread } from './shell/script.ts';
import { awaitWords, hangUp, promptAt, type } from './shell/typing.ts';
import { log, MOST_LINES, scriptAt, type ProcessState } from './process-state.ts';
import type { ExecCall, ExecReply, HttpCall, HttpReply, Typed } from './process-protocol.ts';
import { tellWritten } from './process-files.ts';
import { signalled, surroundings } from './process-surroundings.ts';
import { sayTyped, shellFor, typedProgram } from './process-typing.ts';

/** A process of a script: 0 is the container's own, any other one beside it. */
export type Then = Begun & { readonly script: number } & (
    | { readonly ask: 'name'; readonly names: readonly string[] }
    | { readonly ask: 'page'; readonly ip: string }
    | { readonly ask: 'echo'; readonly ip: string; readonly at: number }
    | { readonly ask: 'kernel' }
    | { readonly ask: 'etcd'; readonly at: number }
  );

const SECOND = 1_000_000;

/** Simplified: a script asks the network once a second at most, and rests as long when it would never rest. One that somebody waits for may ask so often before. */
export const REST_US = SECOND;
const MOST_AT_ONCE = 100;

const ANSWER_US = 5 * SECOND;

export function execute(state: ProcessState, call: ExecCall, message: Message, ctx: Context): void {
  const { command, takesTime = false, limitUs, typed, processes } = call;
  const shell = typed && shellFor(state, typed);
  if (typed && shell !== undefined) return hear(state, shell, typed, message, ctx);
  const { config, files } = state;
  let isMissed = isAbsent(command[0], config);
  const typedAt = typed && !isMissed ? typedProgram(state, typed, command) : undefined;
  const steps = isMissed
    ? undefined
    : typedAt !== undefined
      ? []
      : (programOf(command, files, config.cwd) ?? (config.isOfCluster ? commandOf(command) : undefined));
  isMissed ||= !steps && config.isBusybox === true && !isOfBusybox(command[0]);
  if (!steps) {
    ctx.reply(
      (isMissed
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
    script: scriptOf(steps, {
      env: variablesIn(config.env),
      ...(config.cwd === undefined ? {} : { cwd: config.cwd }),
      args: argumentsOf(command),
      pid: typed?.isMain ? 1 : n + (processes?.at(-1)?.pid ?? 0) + 6,
    }),
    clients: [{ id: message.id, from: message.from }],
    ...(typed && typedAt !== undefined ? { typing: { since: ctx.now, ...(typed.isMain ? { isMain: true as const } : {}) } } : {}),
    takesTime,
    asked: 0,
    askedAt: 0,
    ...(processes ? { processes } : {}),
    said: '',
    complained: '',
  });
  const script = scriptAt(state, n);
  if (typedAt !== undefined && script) awaitWords(script, typedAt);
  go(state, n, ctx);
  const beside = state.beside.get(n);
  if (limitUs !== undefined && beside) beside.limit = ctx.wake(limitUs, { abandon: n }, true);
}

/** As process 1 it hears SIGTERM only where it catches it: a shell that waits does so at once, any other when the command is over that it runs. */
export function terminate(state: ProcessState, ctx: Context): void {
  signalled(state, ctx);
  if (state.main && waits(state.main)) go(state, 0, ctx);
}

/** Runs a script until it rests. */
export function go(state: ProcessState, n: number, ctx: Context): void {
  const script = scriptAt(state, n);
  if (!script) return;
  const at = surroundings(state, n, script, ctx);
  const pause = advanced(state, n, at);
  tellWritten(state, ctx);
  if (n === 0) keepPorts(state, ctx);
  const wake = state.wakes.get(n);
  if (wake !== undefined) ctx.cancel(wake);
  state.wakes.delete(n);
  if (n !== 0 && state.isTermed && state.main && waits(state.main)) go(state, 0, ctx);
  if ('over' in pause) return over(state, n, pause.over, ctx);
  sayTyped(state, n, at, ctx);
  if (!sleeps(state, n) && !pause.asks) return over(state, n, 0, ctx);
  // Whoever has typed it waits, also for an answer that does not come.
  const isAwaited = state.beside.get(n)?.typing !== undefined && promptAt(at) === undefined;
  const restUs = pause.isBusy ? REST_US : (pause.restUs ?? (isAwaited ? REST_US : undefined));
  if (restUs !== undefined) state.wakes.set(n, ctx.wake(restUs, { resume: n }, isBackground(state, n, ctx.now + restUs)));
  for (const call of pause.errands) begin(state, n, call, ctx);
}

/** A command for which nobody takes time does not sleep, nor wait for what never ends; unless it asks others, for whom time passes. */
function sleeps({ beside }: ProcessState, n: number): boolean {
  const { takesTime = true, asked = 0 } = beside.get(n) ?? {};
  return takesTime || asked > 0;
}

function advanced(state: ProcessState, n: number, at: Surroundings): Pause {
  const heard = (): boolean => n === 0 && state.isTermed && hears(at);
  if (heard()) state.isTermed = false;
  let pause = advance(at);
  if (heard()) {
    state.isTermed = false;
    pause = advance(at);
  }
  if (sleeps(state, n)) return pause;
  let { now } = at;
  for (
    let skipped = 0;
    skipped < MOST_LINES && !('over' in pause) && (pause.isBusy || (pause.restUs !== undefined && !pause.asks));
    skipped++
  ) {
    now += pause.restUs ?? 0;
    pause = advance({ ...at, now });
  }
  return pause;
}

/** Whether nobody waits for it; undefined: as whoever it runs for. At a shell nobody waits for ever. */
function isBackground(state: ProcessState, n: number, until: number): boolean | undefined {
  if (n === 0) return !isWaitedFor(state, until);
  const since = state.beside.get(n)?.typing?.since;
  return since === undefined ? undefined : until - since > PATIENCE_US;
}

/** Somebody types, or waits for what is said, or has gone. Source: kubelet's and containerd's streams: a terminal that is closed hangs up its shell; one that was there before goes on. */
function hear(state: ProcessState, n: number, { text, isKey, isGone }: Typed, message: Message, ctx: Context): void {
  const beside = state.beside.get(n);
  const client = { id: message.id, from: message.from };
  const answer = (reply: Partial<ExecReply>): void =>
    void ctx.reply({ protocol: 'exec', exitCode: 0, stdout: '', stderr: '', ...reply } satisfies ExecReply, client);
  if (!beside?.typing) return answer({ exitCode: 137 });
  if (isKey || isGone) answer({ shell: n });
  else beside.clients.push(client);
  if (isGone && !beside.typing.isMain) hangUp(beside.script);
  else if (text !== '') {
    beside.typing.since = ctx.now;
    type(text, surroundings(state, n, beside.script, ctx));
  }
  go(state, n, ctx);
}

/** Whoever waits for the pod waits for this, as long as it takes no more than a while and asks nobody, who may not be there for ever. */
const isWaitedFor = ({ config, startedAt, askedAt }: ProcessState, until: number): boolean =>
  config.isAwaited === true && askedAt < startedAt && until - startedAt <= PATIENCE_US;

/** What served one request is over. */
export function servedOnce(state: ProcessState, thread: Thread, ctx: Context): void {
  if (!state.main) return;
  delete thread.rest;
  done(thread, 0, surroundings(state, 0, state.main, ctx));
  go(state, 0, ctx);
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
    if (state.partial !== '') {
      log(state, state.partial, ctx);
      state.isOpen = true;
    }
    ctx.wake(2_000, { exit: status });
    return;
  }
  if (beside.limit !== undefined) ctx.cancel(beside.limit);
  if (beside.typing?.isMain) ctx.wake(2_000, { exit: status });
  state.beside.delete(n);
  const reply: ExecReply = { protocol: 'exec', exitCode: status, stdout: beside.said, stderr: beside.complained };
  for (const client of beside.clients) ctx.reply(reply, client);
}

/** It has had its time: whoever waited for it hears as if they had pressed Ctrl-C. A probe's caller waits no more. */
export function abandon(state: ProcessState, n: number, ctx: Context): void {
  const beside = state.beside.get(n);
  if (!beside || beside.takesTime) state.beside.delete(n);
  else over(state, n, interrupted(surroundings(state, n, beside.script, ctx)) ?? INTERRUPTED, ctx);
}

/** Goes to the network for a script, now or when it may again. */
export function begin(state: ProcessState, n: number, begun: Begun, ctx: Context): void {
  const { errand } = begun;
  const beside = state.beside.get(n);
  const early = (beside ?? state).askedAt + REST_US - ctx.now;
  if (early > 0 && (beside?.asked ?? MOST_AT_ONCE) >= MOST_AT_ONCE) {
    ctx.wake(early, { begun, script: n }, beside ? isBackground(state, n, ctx.now + early) : true);
    return;
  }
  (beside ?? state).askedAt = ctx.now;
  if (beside) beside.asked++;
  if (errand.shows) {
    const tables = errand.program === 'iptables-save' ? { tables: true as const } : {};
    const call: NamespaceCall = { protocol: 'namespace', ns: state.config.ip, ...tables };
    ctx.call(`${ctx.host}/linux`, call, { ...begun, script: n, ask: 'kernel' } satisfies Then, { deadlineUs: ANSWER_US });
    return;
  }
  if (errand.etcd) return askEtcd(state, { ...begun, script: n, ask: 'etcd', at: ctx.now }, errand.etcd.ops, ctx);
  if (errand.ping?.ip !== undefined) return reach(state, { ...begun, script: n }, errand.ping.ip, ctx);
  const { dns } = state.config;
  const server = errand.server ?? /nameserver (\S+)/.exec(state.files.get('/etc/resolv.conf') ?? '')?.[1] ?? '';
  const then = { ...begun, script: n, errand: { ...errand, server } };
  if (!errand.asks && (errand.name === 'localhost' || parseIp(errand.name) !== undefined))
    return reach(state, then, errand.name === 'localhost' ? '127.0.0.1' : errand.name, ctx);
  return askName(state, { ...then, ask: 'name', names: errand.asks && isOutside(errand.name) ? [] : namesFor(errand, dns) }, ctx);
}

/** A store that is not there does not answer. */
function askEtcd({ config }: ProcessState, then: Then, success: readonly Op[], ctx: Context): void {
  const call: EtcdCall = { protocol: 'etcd', verb: 'txn', txn: { compare: [], success, failure: [] } };
  ctx.call(`${config.host}/etcd`, call, then, { deadlineUs: ANSWER_US });
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

/** Its address is known. */
function reach(state: ProcessState, { script, pid, number, errand }: Begun & { readonly script: number }, ip: string, ctx: Context): void {
  const then = { script, pid, number, errand, ip };
  if (!errand.ping) return page(state, { ...then, ask: 'page' }, ctx);
  const call: SocketCall = { protocol: 'socket', ns: state.config.ip, proto: 'icmp', dst: ip, dport: 0, payload: undefined, flow: 0 };
  const own = scriptAt(state, script);
  const thread = own?.threads.get(pid);
  if (own && thread && errand.ping.sent === 0) {
    const at = surroundings(state, script, own, ctx);
    tell(thread, { out: heading(errand.name, errand.ping, ip) }, at);
    sayTyped(state, script, at, ctx);
  }
  const deadlineUs = patienceUs(errand.ping, ctx.now);
  ctx.call(`${ctx.host}/linux`, call, { ...then, ask: 'echo', at: ctx.now } satisfies Then, { deadlineUs });
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
  if (then.ask === 'kernel')
    return finish(state, then, reply.outcome === 'reply' ? shownText(errand, reply.body as Namespace) : { status: 1 }, ctx);
  if (then.ask === 'etcd') {
    if (!errand.etcd) return;
    const told = reply.outcome === 'reply' ? (reply.body as EtcdReply) : undefined;
    const more = told && opsAfter(errand.etcd, told);
    if (more) return askEtcd(state, { ...then, errand: { ...errand, etcd: { ...errand.etcd, ops: more } } }, more, ctx);
    return finish(state, then, etcdText(errand.etcd, told, ctx.now - then.at), ctx);
  }
  const data = reply.outcome === 'reply' ? (reply.body as SocketReply) : undefined;
  if (then.ask === 'echo') {
    const ttl = data?.outcome === 'data' ? (data.payload as number) : undefined;
    if (errand.ping) finish(state, then, pinged({ ...errand, ping: errand.ping }, { ...then, now: ctx.now, ttl }), ctx);
    return;
  }
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
  if ((errand.program === 'wget' || errand.failsOnError) && status >= 400)
    return finish(state, then, failureOf(errand, status, then.ask === 'page' ? then.ip : undefined), ctx);
  const thread = scriptAt(state, then.script)?.threads.get(then.pid);
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
  if (ip !== undefined) return reach(state, then, ip, ctx);
  // An ExternalName leads out of the cluster.
  if (records.length > 0 || (answer && isOutside(errand.name))) return outside(state, then, ctx);
  finish(state, then, failureOf(errand, 'no name'), ctx);
}

/** On the internet there is a page at every name, and whoever has it answers a ping. */
function outside(state: ProcessState, then: Then, ctx: Context): void {
  const { name, ping } = then.errand;
  if (ping) reach(state, then, outsideAddress(name), ctx);
  else shown(state, then, { status: 200, body: outsidePage(name) }, ctx);
}

function finish(state: ProcessState, { script: n, pid, number }: Then, result: Parameters<typeof told>[1], ctx: Context): void {
  const script = scriptAt(state, n);
  if (!script) return;
  told({ pid, number }, result, surroundings(state, n, script, ctx));
  go(state, n, ctx);
}
