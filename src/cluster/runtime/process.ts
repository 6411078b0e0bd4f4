/** A process in a container: it starts, logs, listens, sleeps, asks, answers, and exits. Idle processes send nothing. */
import type { Component, Context } from '../../kernel/component.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { Message } from '../../kernel/message.ts';
import type { InUse } from '../network/packet.ts';
import { variablesIn } from './environment.ts';
import { listen } from './listening.ts';
import { fromVolumes, type FilesWritten, type MountCall, type SharedWrite } from './shared-files.ts';
import type { Begun } from './shell/run.ts';
import { serve } from './web-server.ts';
import { scriptOf } from './shell/script.ts';
import { diskOf, linesOf, log, type Disk, type ProcessConfig, type ProcessState } from './process-state.ts';
import type { Ended, ExecCall, HttpCall, LogsQuery, Signal } from './process-protocol.ts';
import { argumentsOf, programOf } from './program.ts';
import { abandon, answered, begin, execute, go, mounted, REST_US, servedOnce, terminate, work, type Then } from './process-script.ts';
import { writtenBeside } from './process-files.ts';

/** Upstream: pkg/kubelet/container/runtime.go MaxContainerTerminationMessage…. */
const LAST_WORD = { bytes: 4096, logLines: 80, logBytes: 2048 };

export const process: Component<ProcessState, ProcessConfig> = {
  role: 'process',
  start(config, ctx, disk) {
    const files = new Map(Object.entries(config.files));
    const steps = programOf(config.words, files, config.cwd);
    const state: ProcessState = {
      config,
      startedAt: ctx.now,
      requests: 0,
      log: [],
      files,
      written: [],
      partial: '',
      before: ((disk as Disk | undefined)?.logs ?? []).slice(0, 1),
      main:
        steps &&
        scriptOf(steps, {
          env: variablesIn(config.env),
          ...(config.cwd === undefined ? {} : { cwd: config.cwd }),
          args: argumentsOf(config.words),
        }),
      ...(config.mounts ? { mounts: config.mounts } : {}),
      isTermed: false,
      wakes: new Map(),
      beside: new Map(),
      besides: 0,
      opened: [],
      askedAt: -REST_US,
    };
    if (!steps) {
      listen(config, ctx);
      for (const line of config.behaviour.startup ?? [])
        log(
          state,
          line.replace('$time', () => glogTime(config.epochMs, ctx.now)),
          ctx,
        );
    }
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
      const { reply, line, isOver } = serve(state, body, ctx.now);
      if (line !== undefined) log(state, line, ctx);
      ctx.reply(reply);
      if (isOver) servedOnce(state, isOver, ctx);
    } else if (body.protocol === 'logs') ctx.reply({ protocol: 'logs', lines: linesOf(diskOf(state), body.id) });
    else if (body.protocol === 'exec') execute(state, body, message, ctx);
    else if (body.protocol === 'write') writtenBeside(state, fromVolumes(body.changes, state.config.shared ?? []), ctx);
    else if (body.protocol === 'in-use') portTaken(state, body, ctx);
    else if (body.protocol === 'files') writtenBeside(state, body.changes, ctx);
    else if (body.signal === 'SIGTERM') terminate(state, ctx);
    else ctx.wake(0, { exit: 137 });
  },
  answered: (state, reply, then, ctx) =>
    'mount' in (then as object) ? mounted(state, reply, ctx) : answered(state, reply, then as Then, ctx),
  disk: diskOf,
};

/** '0504 09:00:25.000123'. Source: glog's header. */
function glogTime(epochMs: number, nowUs: number): string {
  const [, month, day, time] = /^\d+-(\d\d)-(\d\d)T([\d:]+)/.exec(rfc3339(epochMs + Math.floor(nowUs / 1000))) ?? [];
  return `${month}${day} ${time}.${String((epochMs * 1000 + nowUs) % 1_000_000).padStart(6, '0')}`;
}

/** Reads the log files that the processes of one container left on the machine's disk. */
export const logReader: Component<{ readonly disk: Disk | undefined }, object> = {
  role: 'log-reader',
  start: (_config, _ctx, disk) => ({ disk: disk as Disk | undefined }),
  handle(state, message, ctx) {
    if (message.kind === 'call') ctx.reply({ protocol: 'logs', lines: linesOf(state.disk, (message.body as LogsQuery).id) });
  },
  disk: (state) => state.disk,
};

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

function woken(state: ProcessState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly exit?: number;
    readonly reason?: string;
    readonly resume?: number;
    readonly abandon?: number;
    readonly begun?: Begun;
    readonly script?: number;
  };
  if (body.exit !== undefined) {
    ctx.toForeground();
    ctx.exit(ctx.self, endOf(state, body.exit, body.reason));
    return;
  }
  if (body.begun) {
    begin(state, body.script ?? 0, body.begun, ctx);
    return;
  }
  if (body.abandon !== undefined) abandon(state, body.abandon, ctx);
  if (body.resume === undefined) return;
  state.wakes.delete(body.resume);
  go(state, body.resume, ctx);
}

function lastLines({ log, isOpen }: ProcessState): string {
  const lines = log.slice(-LAST_WORD.logLines).map(({ text }) => text);
  return lines.length === 0 ? '' : `${lines.join('\n')}${isOpen ? '' : '\n'}`.slice(-LAST_WORD.logBytes);
}

/** Upstream: kuberuntime_container.go getTerminationMessage. */
function endOf(state: ProcessState, exitCode: number, reason: string | undefined): Ended {
  const { path, policy } = state.config.lastWord;
  const written = state.files.get(path)?.slice(-LAST_WORD.bytes);
  const message = written || (policy === 'FallbackToLogsOnError' && exitCode !== 0 ? lastLines(state) : '');
  return { exitCode, ...(reason === undefined ? {} : { reason }), ...(message ? { message } : {}) };
}
