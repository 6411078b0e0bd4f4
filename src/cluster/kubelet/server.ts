/** What the apiserver asks of a kubelet for users: logs, and commands in containers; and what its ports say to anybody. Upstream: pkg/kubelet/server/server.go. */
import type { Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { badRequest, internalError } from '../../api/machinery/status.ts';
import type { KubeletExec, LogsCall } from '../apiserver/kubelet-proxy.ts';
import { pageAt } from '../network/health-port.ts';
import type { CriReply } from '../runtime/cri.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { logTarget, logText } from './container-logs.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState, Then } from './kubelet-state.ts';

/** Upstream: healthzBindAddress 127.0.0.1, healthzPort 10248. */
export const HEALTHZ_PORT = 10248;

/** On its own port nobody without a certificate is heard, as kubeadm sets it up; the read-only port 10255 is off. */
export const answerHttp = (call: HttpCall): HttpReply =>
  call.port === HEALTHZ_PORT ? pageAt({ '/healthz': 'ok' }, call) : { protocol: 'http', status: 401, body: 'Unauthorized' };

export function workerOf(state: KubeletState, call: { readonly namespace: string; readonly pod: string }): PodWorker | undefined {
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
    { protocol: 'cri', verb: 'ExecSync', container: current.id, command: call.command, ...(call.typed ? { typed: call.typed } : {}) },
    { step: 'exec', client: { id: message.id, from: message.from } } satisfies Then,
    { deadlineUs: call.typed ? undefined : 25_000_000 },
  );
}
