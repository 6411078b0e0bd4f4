/** Tunnels to pods, as the apiserver asks for them. Upstream: pkg/kubelet/server/server.go getPortForward (v1.36). Simplified: it asks the runtime for each connection. */
import { badRequest } from '../../api/machinery/status.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import type { KubeletForward, Tunnel } from '../apiserver/port-forward.ts';
import type { CriReply } from '../runtime/cri.ts';
import type { KubeletState, Then } from './kubelet-state.ts';
import { workerOf } from './server.ts';

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
