/**
 * The port on which kube-controller-manager and kube-scheduler say that they are well, to their own machine only.
 * Upstream: kubeadm's --bind-address=127.0.0.1, ports 10257 and 10259; apiserver pkg/server/options/authorization.go: who says no name may ask for health alone (v1.36).
 */
import type { Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { answerAnonymous } from '../apiserver/anonymous.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import type { Listen } from './packet.ts';

/** `ip`: the machine's. */
export interface HealthPort {
  readonly ip: string;
  readonly pod: string;
  readonly port: number;
}

export function openHealthPort(ctx: Context, { ip, pod, port }: HealthPort): void {
  ctx.send(`${ctx.host}/linux`, {
    protocol: 'listen',
    ns: ip,
    ports: [{ proto: 'tcp', port, isLoopback: true }],
    name: `kube-system/${pod}`,
  } satisfies Listen);
}

/** True when the message was such a question. */
export function healthAsked(ctx: Context, message: Message): boolean {
  const body = message.body as HttpCall;
  if (message.kind !== 'call' || body.protocol !== 'http') return false;
  ctx.reply(answerAnonymous(true, body.path === '/version' ? { ...body, path: '/metrics' } : body));
  return true;
}
