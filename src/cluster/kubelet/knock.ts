/**
 * How the kubelet asks for a page, or whether a port is open: of the container's own process, or through the network of another address that the manifest names.
 * Upstream: pkg/probe/{http,tcp}, pkg/kubelet/lifecycle/handlers.go (v1.36). Simplified: the container's own process is met directly.
 */
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import type { SocketCall, SocketReply } from '../network/packet.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';

export interface Knock {
  readonly call: HttpCall;
  /** Of the container. */
  readonly process: string;
  /** What the manifest says of the host. */
  readonly host?: string;
  readonly podIP?: string;
  readonly machine: string;
  readonly machineIP: string;
}

export function knock(
  ctx: Context,
  { call, process, host, podIP, machine, machineIP }: Knock,
  then: unknown,
  deadlineUs: number | undefined,
): EventId {
  if (!host || host === podIP) return ctx.call(process, call, then, { deadlineUs });
  const socket: SocketCall = { protocol: 'socket', ns: machineIP, proto: 'tcp', dst: host, dport: call.port, payload: call, flow: 0 };
  return ctx.call(`${machine}/linux`, socket, then, { deadlineUs });
}

/** The answer as the process itself gives it. */
export function unwrapped(answer: Answer): Answer {
  const reply = answer.body as SocketReply | undefined;
  if (answer.outcome !== 'reply' || reply?.protocol !== 'socket') return answer;
  return reply.outcome === 'data' ? { ...answer, body: reply.payload } : { ...answer, outcome: 'refused', body: undefined };
}
