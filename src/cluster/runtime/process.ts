/** A process in a container: it starts, logs, listens, sleeps, asks, answers, and exits. Idle processes send nothing. */
import type { Answer, Component, Context } from '../../kernel/component.ts';
import type { EventId, Message } from '../../kernel/message.ts';
import { PATIENCE_US } from '../latency.ts';
import { parseIp } from '../../lib/ip.ts';
import type { DnsQuery, DnsReply } from '../network/coredns.ts';
import type { InUse, Listen, SocketCall, SocketReply } from '../network/packet.ts';
import { addressesIn, candidates, type ResolvConf } from '../network/resolver.ts';
import type { LogLine } from './cri.ts';
import { variablesIn, type Environment } from './environment.ts';
import {
  foldersIn,
  fromVolumes,
  toVolumes,
  type MountCall,
  type FilesWritten,
  type MountReply,
  type SharedFolder,
  type SharedWrite,
} from './shared-files.ts';
import { isMissing, isOfAShell, missingText, programOf, type Behaviour, type Step } from './program.ts';
import type { Where } from './shell/commands.ts';
import { unlines } from './shell/text-commands.ts';
import { dateText } from './shell/date.ts';
import { ROOT, type LinuxUser } from './linux-user.ts';
import { apply, write, type FileChange, type Files, type Mount } from './shell/files.ts';
import { inShell } from './shell/listing.ts';
import { answerText, failureOf, isOutside, nameLines, type Errand } from './shell/network-commands.ts';
import { serve } from './web-server.ts';
import { advance, said, tell, threadOf, trapped, type Pause, type RunStep, type Thread } from './shell/run.ts';

export interface ProcessConfig {
  readonly behaviour: Behaviour;
  readonly steps?: readonly Step[];
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  /** Ports that its image usually has and the manifest does not name: it does without them where another has them. */
  readonly spare?: readonly number[];
  /** Nobody here knows the image, nor what files it has. */
  readonly isMadeUp?: true;
  /** The pod's other containers wait until it has ended. */
  readonly isAwaited?: true;
  /** Its image has no shell. */
  readonly isBare?: boolean;
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
  readonly host: string;
  readonly container: string;
  /** The container's id: its log is kept under it. */
  readonly id: string;
  readonly env: Environment;
  /** Without one it is root. */
  readonly user?: LinuxUser;
  /** What `ps` calls it. */
  readonly argv: string;
  /** Path → text of what the kubelet and the runtime put there. */
  readonly files: Readonly<Record<string, string>>;
  /** What the wall clock showed at virtual 0. */
  readonly epochMs: number;
  readonly dns?: ResolvConf;
  /** Bytes that its cgroup lets it have. */
  readonly memoryLimit?: number;
  readonly shared?: readonly SharedFolder[];
  readonly mounts?: readonly Mount[];
  /** The manifest's workingDir. */
  readonly cwd?: string;
  /** Where it leaves its last word, and what else is taken for it. */
  readonly lastWord: { readonly path: string; readonly policy: string };
}
/** The logs of this container and of the one before it. */
export interface Disk {
  readonly logs: readonly { readonly id: string; readonly lines: readonly LogLine[] }[];
}
export interface Beside extends Thread {
  readonly client: { readonly id: EventId; readonly from: string };
  readonly takesTime: boolean;
  readonly said: string[];
  readonly complained: string[];
}
export interface ProcessState extends Files {
  readonly config: ProcessConfig;
  readonly startedAt: number;
  requests: number;
  readonly log: LogLine[];
  /** The file that its script follows, and what came after the last line break. */
  follows: { readonly path: string; partial: string } | undefined;
  readonly before: Disk['logs'];
  main: Thread | undefined;
  /** SIGTERM came; the trap runs when the command before it is over. */
  isTermed: boolean;
  /** What ends the script's `wait`; 0: it does not wait. */
  waiting: EventId;
  readonly beside: Map<number, Beside>;
  besides: number;
  askedAt: number;
}

export interface HttpCall {
  readonly protocol: 'http';
  readonly method: string;
  readonly path: string;
  readonly port: number;
  readonly host?: string;
  /** The address that the server sees. */
  readonly from: string;
  readonly agent?: string;
}
export interface HttpReply {
  readonly protocol: 'http';
  readonly status: number;
  readonly body: string;
  readonly refused?: true;
}
/** Runs a command beside the process, as `kubectl exec`, exec probes and hooks do. Simplified: without `takesTime` its sleeps are skipped. */
export interface ExecCall {
  readonly protocol: 'exec';
  readonly command: readonly string[];
  readonly takesTime?: boolean;
  /** When it is ended at the latest. */
  readonly limitUs?: number;
}
export interface ExecReply {
  readonly protocol: 'exec';
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not begin, in containerd's words; without the id that it would have had. */
  readonly error?: string;
}
export interface LogsQuery {
  readonly protocol: 'logs';
  readonly id: string;
}
export interface Signal {
  readonly protocol: 'signal';
  readonly signal: 'SIGTERM' | 'SIGKILL';
}
/** How a process ended, for the runtime, and what it wrote as its last word. */
export interface Ended {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}
/** 0: the container's own script; else one beside it. */
type Then = { readonly thread: number; readonly errand: Errand; readonly step: RunStep } & (
  | { readonly ask: 'name'; readonly names: readonly string[] }
  | { readonly ask: 'page'; readonly ip: string }
);

const MOST_LINES = 200;
const SECOND = 1_000_000;
/** Simplified: a script asks the network once a second at most, and rests as long when it would never rest. */
const REST_US = SECOND;
/** No wake-up ends this `wait`. */
const FOR_EVER = -1;
const ANSWER_US = 5 * SECOND;
/** Upstream: pkg/kubelet/container/runtime.go MaxContainerTerminationMessage…. */
const LAST_WORD = { bytes: 4096, logLines: 80, logBytes: 2048 };

export const process: Component<ProcessState, ProcessConfig> = {
  role: 'process',
  start(config, ctx, disk) {
    const state: ProcessState = {
      config,
      startedAt: ctx.now,
      requests: 0,
      log: [],
      files: new Map(Object.entries(config.files)),
      written: [],
      follows: undefined,
      before: ((disk as Disk | undefined)?.logs ?? []).slice(0, 1),
      main: config.steps && threadOf(config.steps, variablesIn(config.env), config.cwd),
      ...(config.mounts ? { mounts: config.mounts } : {}),
      isTermed: false,
      waiting: 0,
      beside: new Map(),
      besides: 0,
      askedAt: -REST_US,
    };
    listen(config, ctx);
    for (const line of config.behaviour.startup ?? []) log(state, line, ctx);
    if (config.memoryLimit !== undefined && (config.behaviour.memory ?? 0) > config.memoryLimit)
      ctx.wake(200_000, { exit: 137, reason: 'OOMKilled' });
    else if (config.shared) ctx.call(`${ctx.host}/containerd`, { protocol: 'mount' } satisfies MountCall, { mount: true });
    else work(state, ctx);
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') return woken(state, message, ctx);
    const body = message.body as HttpCall | Signal | ExecCall | LogsQuery | SharedWrite | FilesWritten | InUse;
    if (body.protocol === 'http') {
      const { reply, line } = serve(state, body, ctx.now);
      if (line !== undefined) log(state, line, ctx);
      ctx.reply(reply);
    } else if (body.protocol === 'logs') ctx.reply({ protocol: 'logs', lines: linesOf(diskOf(state), body.id) });
    else if (body.protocol === 'exec') execute(state, body, message, ctx);
    else if (body.protocol === 'write') writtenBeside(state, fromVolumes(body.changes, state.config.shared ?? []), ctx);
    else if (body.protocol === 'in-use') portTaken(state, body, ctx);
    else if (body.protocol === 'files') writtenBeside(state, body.changes, ctx);
    else if (body.signal === 'SIGTERM') terminate(state, ctx);
  },
  answered: (state, reply, then, ctx) =>
    'mount' in (then as object) ? mounted(state, reply, ctx) : answered(state, reply, then as Then, ctx),
  disk: diskOf,
};

function diskOf(state: ProcessState): Disk {
  return { logs: [{ id: state.config.id, lines: state.log.slice() }, ...state.before] };
}
const linesOf = (disk: Disk | undefined, id: string): readonly LogLine[] => disk?.logs.find((log) => log.id === id)?.lines ?? [];

/** Reads the log files that the processes of one container left on the machine's disk. */
export const logReader: Component<{ readonly disk: Disk | undefined }, object> = {
  role: 'log-reader',
  start: (_config, _ctx, disk) => ({ disk: disk as Disk | undefined }),
  handle(state, message, ctx) {
    if (message.kind === 'call') ctx.reply({ protocol: 'logs', lines: linesOf(state.disk, (message.body as LogsQuery).id) });
  },
  disk: (state) => state.disk,
};

function execute(state: ProcessState, { command, takesTime = false, limitUs }: ExecCall, message: Message, ctx: Context): void {
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
    ...threadOf(steps, variablesIn(state.config.env), state.config.cwd),
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

const threadAt = (state: ProcessState, n: number): Thread | undefined => (n === 0 ? state.main : state.beside.get(n));
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
function terminate(state: ProcessState, ctx: Context): void {
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
function go(state: ProcessState, n: number, ctx: Context): void {
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
function work(state: ProcessState, ctx: Context): void {
  if (state.main) go(state, 0, ctx);
  else if (state.config.behaviour.kind === 'oneshot') ctx.wake(5_000, { exit: 0 });
}

function mounted(state: ProcessState, { body }: Answer, ctx: Context): void {
  for (const change of foldersIn((body as MountReply | undefined)?.files ?? {}, state.config.shared ?? [])) apply(state.files, change);
  work(state, ctx);
}

/** What was written into shared folders is told to the runtime, which tells those beside. */
function tellWritten(state: ProcessState, ctx: Context): void {
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
function writtenBeside(state: ProcessState, changes: readonly FileChange[], ctx: Context): void {
  for (const change of changes) {
    apply(state.files, change);
    follow(state, change, ctx);
  }
}

/** What is written into the file that its script follows goes to the log. */
function follow(state: ProcessState, { path, text }: FileChange, ctx: Context): void {
  if (path === state.follows?.path && text !== null) tell(state.follows, text, { print: (line) => log(state, line, ctx) });
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
function begin(state: ProcessState, n: number, { errand, step }: { readonly errand: Errand; readonly step: RunStep }, ctx: Context): void {
  const early = state.askedAt + REST_US - ctx.now;
  if (n === 0 && early > 0) {
    ctx.wake(early, { errand, step }, true);
    return;
  }
  if (n === 0) state.askedAt = ctx.now;
  const { dns } = state.config;
  const server = errand.server ?? /nameserver (\S+)/.exec(state.files.get('/etc/resolv.conf') ?? '')?.[1] ?? '';
  const then = { thread: n, errand: { ...errand, server }, step };
  if (errand.name === 'localhost' || parseIp(errand.name) !== undefined)
    return page(state, { ...then, ask: 'page', ip: errand.name === 'localhost' ? '127.0.0.1' : errand.name }, ctx);
  return askName(
    state,
    {
      ...then,
      ask: 'name',
      names: isOutside(errand.name) ? [] : dns ? candidates(errand.name, dns) : errand.server === undefined ? [] : [`${errand.name}.`],
    },
    ctx,
  );
}

function askName(state: ProcessState, then: Extract<Then, { ask: 'name' }>, ctx: Context): void {
  const { errand, names } = then;
  if (names.length === 0)
    return isOutside(errand.name)
      ? finish(state, then, { status: 0 }, ctx)
      : finish(
          state,
          then,
          errand.port === undefined ? { status: 1, out: unlines(nameLines(errand, errand.name, [])) } : failureOf(errand, 'no name'),
          ctx,
        );
  const call: SocketCall = {
    protocol: 'socket',
    ns: state.config.ip,
    proto: 'udp',
    dst: errand.server ?? '',
    dport: 53,
    payload: { protocol: 'dns', name: names[0], type: 'A' } satisfies DnsQuery,
    flow: 0,
  };
  ctx.call(`${ctx.host}/linux`, call, then, { deadlineUs: ANSWER_US });
}

function page(state: ProcessState, then: Extract<Then, { ask: 'page' }>, ctx: Context): void {
  const { errand, ip } = then;
  if (errand.port === undefined) return finish(state, then, { status: 0, out: unlines(nameLines(errand, errand.name, [ip])) }, ctx);
  const payload: HttpCall = {
    protocol: 'http',
    method: errand.method,
    path: errand.path,
    port: errand.port,
    host: errand.name,
    from: state.config.ip,
    ...(errand.agent === undefined ? {} : { agent: errand.agent }),
  };
  ctx.call(
    `${ctx.host}/linux`,
    { protocol: 'socket', ns: state.config.ip, proto: 'tcp', dst: ip, dport: errand.port, payload, flow: 0 } satisfies SocketCall,
    then,
    { deadlineUs: ANSWER_US },
  );
}

function answered(state: ProcessState, reply: Answer, then: Then, ctx: Context): void {
  const { errand } = then;
  const data = reply.outcome === 'reply' ? (reply.body as SocketReply) : undefined;
  if (then.ask === 'name') {
    const lines = data?.outcome === 'data' ? (data.payload as DnsReply).answer.answer : [];
    const found = addressesIn(lines);
    const alias = /\tCNAME\t(.*)/.exec(lines[0] ?? '')?.[1];
    // An ExternalName leads out of the cluster.
    if (found.length === 0 && alias !== undefined)
      return finish(
        state,
        then,
        {
          status: 0,
          ...(errand.port === undefined
            ? { out: unlines([...nameLines(errand, '', []).slice(0, 3), `${then.names[0].replace(/\.$/, '')}\tcanonical name = ${alias}`]) }
            : {}),
        },
        ctx,
      );
    if (found.length === 0) return askName(state, { ...then, names: then.names.slice(1) }, ctx);
    if (errand.port !== undefined) return page(state, { thread: then.thread, errand, step: then.step, ask: 'page', ip: found[0] }, ctx);
    return finish(state, then, { status: 0, out: unlines(nameLines(errand, then.names[0].replace(/\.$/, ''), found)) }, ctx);
  }
  if (data?.outcome !== 'data')
    return finish(
      state,
      then,
      failureOf(errand, reply.outcome === 'deadline' || data?.outcome === 'unreachable' ? 'timeout' : 'refused', then.ip),
      ctx,
    );
  const { status, body } = data.payload as HttpReply;
  if ((errand.program === 'wget' || errand.failsOnError) && status >= 400)
    return finish(state, then, failureOf(errand, status, then.ip), ctx);
  const thread = threadAt(state, then.thread);
  if (errand.into !== undefined && thread && !write(state, { path: inShell(errand.into, thread), text: body }))
    return finish(state, then, { status: 1, err: `${errand.program}: can't open '${errand.into}': Read-only file system` }, ctx);
  finish(state, then, { status: 0, out: answerText(errand, status, body) }, ctx);
}

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

function listen({ ip, ports, pod, namespace, udpPorts }: ProcessConfig, ctx: Context): void {
  const all = [...ports.map((port) => ({ proto: 'tcp' as const, port })), ...udpPorts.map((port) => ({ proto: 'udp' as const, port }))];
  if (all.length > 0)
    ctx.send(`${ctx.host}/linux`, { protocol: 'listen', ns: ip, ports: all, name: `${namespace}/${pod}` } satisfies Listen);
}

/** Another process of the pod listens there already: it says so and ends, unless it does without the port. */
function portTaken(state: ProcessState, { proto, port }: InUse, ctx: Context): void {
  const { behaviour, spare } = state.config;
  if (spare?.includes(port)) return;
  log(
    state,
    (behaviour.bindError ?? 'listen $proto :$port: bind: address already in use').replace('$proto', proto).replace('$port', String(port)),
    ctx,
  );
  ctx.wake(2_000, { exit: 1 });
}

function log(state: ProcessState, text: string, ctx: Context): void {
  state.log.push({ at: ctx.now, text });
  if (state.log.length > MOST_LINES) state.log.shift();
}

function woken(state: ProcessState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly exit?: number;
    readonly reason?: string;
    readonly resume?: number;
    readonly abandon?: number;
    readonly errand?: Errand;
    readonly step?: RunStep;
  };
  if (body.exit !== undefined) {
    ctx.toForeground();
    ctx.exit(ctx.self, endOf(state, body.exit, body.reason));
    return;
  }
  if (body.errand && body.step) {
    begin(state, 0, { errand: body.errand, step: body.step }, ctx);
    return;
  }
  if (body.abandon !== undefined) state.beside.delete(body.abandon);
  if (body.resume !== undefined) go(state, body.resume, ctx);
}

function lastLines({ log, main }: ProcessState): string {
  const lines = log.slice(-LAST_WORD.logLines).map(({ text }) => text);
  return lines.length === 0 ? '' : `${lines.join('\n')}${main?.isOpen ? '' : '\n'}`.slice(-LAST_WORD.logBytes);
}

/** Upstream: kuberuntime_container.go getTerminationMessage. */
function endOf(state: ProcessState, exitCode: number, reason: string | undefined): Ended {
  const { path, policy } = state.config.lastWord;
  const written = state.files.get(path)?.slice(-LAST_WORD.bytes);
  const message = written || (policy === 'FallbackToLogsOnError' && exitCode !== 0 ? lastLines(state) : '');
  return { exitCode, ...(reason === undefined ? {} : { reason }), ...(message ? { message } : {}) };
}
