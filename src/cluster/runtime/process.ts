/** A process in a container: it starts, logs, listens, sleeps, answers, and exits. Idle processes send nothing. */
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import type { Listen } from '../network/packet.ts';
import type { ResolvConf } from '../network/resolver.ts';
import type { LogLine } from './cri.ts';
import { isMissing, programOf, type Behaviour, type Step } from './program.ts';

export interface ProcessConfig {
  readonly behaviour: Behaviour;
  readonly steps?: readonly Step[];
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
  readonly host: string;
  readonly container: string;
  /** The container's id: its log is kept under it. */
  readonly id: string;
  readonly env: Readonly<Record<string, string>>;
}
/** The logs of this container and of the one before it; files that scripts made. */
export interface Disk { readonly logs: readonly { readonly id: string; readonly lines: readonly LogLine[] }[] }
export interface ProcessState { readonly config: ProcessConfig; pc: number; status: number; requests: number; readonly log: LogLine[]; readonly files: Map<string, string>; readonly before: Disk['logs'] }

export interface HttpCall { readonly protocol: 'http'; readonly method: string; readonly path: string; readonly port: number; readonly host?: string; readonly from: string }
export interface HttpReply { readonly protocol: 'http'; readonly status: number; readonly body: string; readonly refused?: true }
/** Runs a command beside the process, as `kubectl exec` and exec probes do. */
export interface ExecCall { readonly protocol: 'exec'; readonly command: readonly string[] }
export interface ExecReply { readonly protocol: 'exec'; readonly exitCode: number; readonly output: string; readonly error?: string }
export interface LogsQuery { readonly protocol: 'logs'; readonly id: string }
export interface Signal { readonly protocol: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' }

const MOST_LINES = 200;
const MOST_STEPS = 200;

export const process: Component<ProcessState, ProcessConfig> = {
  role: 'process',
  start(config, ctx, disk) {
    const state: ProcessState = { config, pc: 0, status: 0, requests: 0, log: [], files: new Map(), before: ((disk as Disk | undefined)?.logs ?? []).slice(0, 1) };
    listen(config, ctx);
    for (const line of config.behaviour.startup ?? []) log(state, line, ctx);
    if (config.steps) run(state, ctx);
    else if (config.behaviour.kind === 'oneshot') ctx.wake(5_000, { exit: 0 });
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') return woken(state, message, ctx);
    const body = message.body as HttpCall | Signal | ExecCall | LogsQuery;
    if (body.protocol === 'http') ctx.reply(answer(state, body, ctx));
    else if (body.protocol === 'logs') ctx.reply({ protocol: 'logs', lines: linesOf(diskOf(state), body.id) });
    else if (body.protocol === 'exec') ctx.reply(runBeside(state, body));
    else if (body.signal === 'SIGTERM' && state.config.behaviour.ignoresTerm !== true && !state.config.steps) ctx.wake(30_000, { exit: 0 });
  },
  disk: diskOf,
};

function diskOf(state: ProcessState): Disk { return { logs: [{ id: state.config.id, lines: state.log.slice() }, ...state.before] }; }
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

/** Simplified: the command takes no time, and sleeps are skipped. */
function runBeside(state: ProcessState, { command }: ExecCall): ExecReply {
  const steps = programOf(command, undefined, state.config.env, true);
  if (!steps) return isMissing(command[0]) ? { protocol: 'exec', exitCode: 127, output: '', error: `exec: "${command[0]}": executable file not found in $PATH` } : { protocol: 'exec', exitCode: 0, output: '' };
  const lines: string[] = [];
  let status = 0;
  for (let pc = 0, n = 0; pc < steps.length && n < MOST_STEPS; n++) {
    const step = steps[pc++];
    if (step.op === 'exit') { status = step.code; break; }
    if (step.op === 'jump') pc = step.to;
    else if (step.op === 'unless') { if ((status === 0) !== step.isOk) pc = step.to; } else status = plainStep(state.files, step, status, (text) => lines.push(text));
  }
  return { protocol: 'exec', exitCode: status, output: lines.map((l) => `${l}\n`).join('') };
}

/** A step that takes no time and goes nowhere: the status after it. */
function plainStep(files: Map<string, string>, step: Step, status: number, print: (text: string) => void): number {
  switch (step.op) {
    case 'echo': print(step.text); return status;
    case 'status': return step.code;
    case 'write': files.set(step.file, step.text ?? files.get(step.file) ?? ''); return 0;
    case 'remove': files.delete(step.file); return 0;
    case 'show': { const text = files.get(step.file); print(text ?? `cat: can't open '${step.file}': No such file or directory`); return text === undefined ? 1 : 0; }
    case 'exists': return files.has(step.file) === step.wanted ? 0 : 1;
    case 'list': for (const name of files.keys()) print(name); return 0;
    default: return status;
  }
}

function listen({ ip, ports, pod, namespace, udpPorts }: ProcessConfig, ctx: Context): void {
  const all = [...ports.map((port) => ({ proto: 'tcp' as const, port })), ...udpPorts.map((port) => ({ proto: 'udp' as const, port }))];
  if (all.length > 0) ctx.send(`${ctx.host}/linux`, { protocol: 'listen', ns: ip, ports: all, name: `${namespace}/${pod}` } satisfies Listen);
}

/** The pause container: it holds the pod's namespaces, and waits to be told to stop. */
export interface PauseConfig { readonly sandbox: string; readonly ip: string; readonly dns?: ResolvConf }
export const pause: Component<{ readonly since: number }, PauseConfig> = {
  role: 'pause',
  start: (_config, ctx) => ({ since: ctx.now }),
  handle: () => { /* pause(2) */ },
};

function log(state: ProcessState, text: string, ctx: Context): void {
  state.log.push({ at: ctx.now, text });
  if (state.log.length > MOST_LINES) state.log.shift();
}

function woken(state: ProcessState, message: Message, ctx: Context): void {
  const body = message.body as { readonly exit?: number; readonly resume?: true };
  if (body.exit !== undefined) { ctx.toForeground(); ctx.exit(ctx.self, { exitCode: body.exit }); return; }
  if (body.resume) { ctx.toForeground(); run(state, ctx); }
}

/** Runs steps until one takes time. */
function run(state: ProcessState, ctx: Context): void {
  const steps = state.config.steps ?? [];
  for (let n = 0; n < MOST_STEPS; n++) {
    const step = steps[state.pc++];
    if (step === undefined) return finish(state, ctx, state.status);
    switch (step.op) {
      case 'unless': if ((state.status === 0) !== step.isOk) state.pc = step.to; break;
      case 'jump': state.pc = step.to; break;
      case 'exit': return finish(state, ctx, step.code);
      case 'sleep': ctx.wake(step.us, { resume: true }, true); return;
      case 'forever': return;
      default: state.status = plainStep(state.files, step, state.status, (text) => log(state, text, ctx));
    }
  }
  ctx.wake(1000, { resume: true }, true);
}

function finish(_state: ProcessState, ctx: Context, exitCode: number): void {
  ctx.wake(2_000, { exit: exitCode });
}

function answer(state: ProcessState, call: HttpCall, ctx: Context): HttpReply {
  const { config } = state;
  if (!config.ports.includes(call.port)) return { protocol: 'http', status: 0, body: '', refused: true };
  state.requests++;
  const status = /^\/(status\/)?(\d{3})$/.exec(call.path)?.[2];
  if (call.path !== '/' && config.behaviour.startup) log(state, `${call.from} - - "${call.method} ${call.path} HTTP/1.1" 200`, ctx);
  const body = (config.behaviour.body ?? 'ok').replace(/\$(pod|host|path|ip|requests)\b/g, (_m, name: string) => ({ pod: config.pod, host: call.host ?? '', path: call.path, ip: config.ip, requests: String(state.requests) })[name] ?? '');
  return { protocol: 'http', status: status === undefined ? 200 : Number(status), body };
}
