/** What the apiserver asks of a kubelet for users: logs, commands in containers, and tunnels to pods. Upstream: pkg/kubelet/server/server.go. */
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { badRequest, internalError } from '../../api/machinery/status.ts';
import type { KubeletExec, KubeletForward, LogsCall, Tunnel } from '../apiserver/kubelet-proxy.ts';
import type { CriReply } from '../runtime/cri.ts';
import { logTarget, logText } from './container-logs.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState, Then } from './kubelet-state.ts';

function workerOf(state: KubeletState, call: { readonly namespace: string; readonly pod: string }): PodWorker | undefined {
  return state.workers.get(`${call.namespace}/${call.pod}`);
}

export function readLogs(state: KubeletState, call: LogsCall, message: Message, ctx: Context): void {
  const worker = workerOf(state, call);
  const target = worker
    ? logTarget(worker, call, { ip: state.config.ip, epochMs: state.config.epochMs, now: ctx.now })
    : { error: `pod ${JSON.stringify(call.pod)} cannot be found - no logs available` };
  if ('error' in target) {
    ctx.reply({ error: badRequest(target.error) });
    return;
  }
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'ReadLogs', container: target.id },
    { step: 'logs', client: { id: message.id, from: message.from }, call } satisfies Then,
    { deadlineUs: 10_000_000 },
  );
}

export function logsRead(
  state: KubeletState,
  { client, call }: Extract<Then, { step: 'logs' }>,
  body: CriReply | undefined,
  ctx: Context,
): void {
  if (!body || body.error !== undefined) {
    ctx.reply({ error: badRequest(body?.error ?? 'runtime is down') }, client);
    return;
  }
  ctx.reply({ text: logText(body.lines ?? [], call, { epochMs: state.config.epochMs, now: ctx.now }), lines: body.lines }, client);
}

export function runCommand(state: KubeletState, call: KubeletExec, message: Message, ctx: Context): void {
  const worker = workerOf(state, call);
  const current = worker && recordOf(worker, call.container).current;
  if (current?.state !== 'RUNNING') {
    ctx.reply({ error: internalError(`error executing command in container: container not found (${JSON.stringify(call.container)})`) });
    return;
  }
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'ExecSync', container: current.id, command: call.command },
    { step: 'exec', client: { id: message.id, from: message.from } } satisfies Then,
    { deadlineUs: 15_000_000 },
  );
}

/** Upstream: GetPortForward, and with it the runtime's streaming server. */
export function forwardPort(state: KubeletState, call: KubeletForward, message: Message, ctx: Context): void {
  const sandbox = call.stream?.sandbox ?? workerOf(state, call)?.sandbox?.id;
  if (sandbox === undefined) {
    ctx.reply({ error: { ...badRequest('unable to upgrade connection: pod does not exist'), code: 404 } });
    return;
  }
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'PortForward', sandbox, ...(call.stream ? { stream: call.stream } : {}) },
    { step: 'forward', client: { id: message.id, from: message.from }, at: { machine: state.config.machine, sandbox } } satisfies Then,
    { deadlineUs: 15_000_000 },
  );
}

const RUNTIME_GONE =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"';
export function portForwarded({ client, at }: Extract<Then, { step: 'forward' }>, { body }: Answer, ctx: Context): void {
  const { error, payload } = (body as CriReply | undefined) ?? { error: RUNTIME_GONE, payload: undefined };
  const tunnel: Tunnel = error === undefined ? { at, payload } : { error };
  ctx.reply({ tunnel }, client);
}
