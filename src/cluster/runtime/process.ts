/** A process in a container: it starts, logs, listens, sleeps, answers, and exits. Idle processes send nothing. */
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import type { Listen } from '../network/packet.ts';
import type { ResolvConf } from '../network/resolver.ts';
import type { LogLine } from './cri.ts';
import type { Behaviour, Step } from './program.ts';

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
  /** A start that fails: the executable is missing. */
  readonly startError?: string;
}
interface ProcessState { readonly config: ProcessConfig; pc: number; status: number; requests: number; readonly log: LogLine[] }

export interface HttpCall { readonly protocol: 'http'; readonly method: string; readonly path: string; readonly port: number; readonly host?: string; readonly from: string }
export interface HttpReply { readonly protocol: 'http'; readonly status: number; readonly body: string; readonly refused?: true }
export interface Signal { readonly protocol: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' }

const MOST_LINES = 200;
const MOST_STEPS = 200;

export const process: Component<ProcessState, ProcessConfig> = {
  role: 'process',
  start(config, ctx) {
    const state: ProcessState = { config, pc: 0, status: 0, requests: 0, log: [] };
    listen(config, ctx);
    for (const line of config.behaviour.startup ?? []) log(state, line, ctx);
    if (config.steps) run(state, ctx);
    else if (config.behaviour.kind === 'oneshot') ctx.wake(5_000, { exit: 0 });
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') return woken(state, message, ctx);
    const body = message.body as HttpCall | Signal | { readonly protocol: 'logs' };
    if (body.protocol === 'http') ctx.reply(answer(state, body, ctx));
    else if (body.protocol === 'logs') ctx.reply({ protocol: 'logs', lines: state.log.slice() });
    else if (body.signal === 'SIGTERM' && state.config.behaviour.ignoresTerm !== true && !state.config.steps) ctx.wake(30_000, { exit: 0 });
  },
  inspect: (state) => [
    { name: 'listens on', value: state.config.ports.join(', ') || '—' }, { name: 'requests', value: String(state.requests) },
    { name: 'log', value: `${state.log.length} lines`, rows: state.log.slice(-50).map((l) => ({ name: `${(l.at / 1e6).toFixed(3)} s`, value: l.text })) },
  ],
  disk: (state) => state.log,
};

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
      case 'echo': log(state, step.text, ctx); break;
      case 'status': state.status = step.code; break;
      case 'unless': if ((state.status === 0) !== step.isOk) state.pc = step.to; break;
      case 'jump': state.pc = step.to; break;
      case 'exit': return finish(state, ctx, step.code);
      case 'sleep': ctx.wake(step.us, { resume: true }, true); return;
      case 'forever': return;
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
