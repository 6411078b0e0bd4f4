/**
 * Connections into a pod's network namespace, as `kubectl port-forward` makes them: to the pod's own loopback, past every Service and every rule.
 * Upstream: containerd 2 internal/cri/server/sandbox_portforward_linux.go. Simplified: a connection is one request and its answer.
 */
import type { Answer, Context } from '../../kernel/component.ts';
import { LOOPBACK } from '../network/laptop.ts';
import type { SocketCall, SocketReply } from '../network/packet.ts';
import type { CriCall } from './cri.ts';
import { reply, type Client, type ContainerdState, type Then } from './containerd-state.ts';

const verb = 'PortForward';
const PATIENCE_US = 10_000_000;

/** Upstream: kubelet pkg/cri/streaming/portforward. */
const wrong = (port: number, sandbox: string, why: string): string => `error forwarding port ${port} to pod ${sandbox}, uid : ${why}`;

export function portForward(state: ContainerdState, call: Extract<CriCall, { verb: typeof verb }>, client: Client, ctx: Context): void {
  const { sandbox: id, stream } = call;
  const sandbox = state.disk.sandboxes.get(id);
  if (!stream) return reply(ctx, client, { verb, ...(sandbox?.isReady ? {} : { error: 'sandbox container is not running' }) });
  if (!sandbox?.isReady)
    return reply(ctx, client, {
      verb,
      error: wrong(
        stream.port,
        id,
        sandbox
          ? `network namespace for sandbox ${JSON.stringify(id)} is closed`
          : `failed to find sandbox ${JSON.stringify(id)} in store: not found`,
      ),
    });
  const { port, payload } = stream;
  const socket: SocketCall = {
    protocol: 'socket',
    ns: sandbox.ip,
    proto: 'tcp',
    dst: LOOPBACK,
    dport: port,
    payload,
    flow: payload.flow ?? 0,
  };
  ctx.note({
    says: 'containerd/dialled-in',
    about: `pods/${sandbox.pod.namespace}/${sandbox.pod.name}`,
    with: { machine: state.config.machine, pod: sandbox.pod.name, port },
  });
  ctx.call(`${state.config.machine}/linux`, socket, { step: 'stream', client, sandbox: id, port } satisfies Then, {
    deadlineUs: PATIENCE_US,
  });
}

export function streamed(
  { disk }: ContainerdState,
  { client, sandbox: id, port }: Extract<Then, { step: 'stream' }>,
  answer: Answer,
  ctx: Context,
): void {
  const { outcome, payload, why = 'i/o timeout' } = (answer.body as SocketReply | undefined) ?? { outcome: 'unreachable' };
  if (outcome === 'data') return reply(ctx, client, { verb, payload });
  const netns = disk.sandboxes.get(id)?.hostNetwork ? 'host' : `/var/run/netns/cni-${id.slice(0, 8)}`;
  const dial = (at: string): string => `${at}:${port}: connect: ${why.toLowerCase()}`;
  reply(ctx, client, {
    verb,
    error: wrong(
      port,
      id,
      `failed to execute portforward in network namespace ${JSON.stringify(netns)}: failed to connect to localhost:${port} inside namespace ${JSON.stringify(id)}, IPv4: dial tcp4 ${dial(LOOPBACK)} IPv6 dial tcp6 ${dial('[::1]')} `,
    ),
  });
}
