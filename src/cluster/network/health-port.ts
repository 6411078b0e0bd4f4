/**
 * The ports on which the parts of a cluster say that they are well, most of them to their own machine only.
 * Upstream: kubeadm's --bind-address=127.0.0.1, ports 10257 and 10259; apiserver pkg/server/options/authorization.go: who says no name may ask for health alone (v1.36).
 */
import type { Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { answerAnonymous } from '../apiserver/anonymous.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
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

/** kube-controller-manager and kube-scheduler: true when the message was such a question. */
export function healthAsked(ctx: Context, message: Message): boolean {
  const body = message.body as HttpCall;
  if (message.kind !== 'call' || body.protocol !== 'http') return false;
  ctx.reply(body.path === '/version' ? pageAt({}, body) : answerAnonymous(true, body));
  return true;
}

/** The pages of a port: path → text. */
export function pageAt(pages: Readonly<Record<string, string>>, { path }: HttpCall): HttpReply {
  const body = pages[path];
  return { protocol: 'http', status: body === undefined ? 404 : 200, body: body ?? '404 page not found\n' };
}
