/** Sandboxes: a network namespace, an address in it from the CNI plugin, and pause, which holds it. Upstream: containerd 2 internal/cri/server/sandbox_{run,stop,remove}.go. */
import type { Context } from '../../kernel/component.ts';
import type { CniReply } from '../network/cni.ts';
import type { PauseConfig } from './pause.ts';
import {
  forget,
  hex,
  reply,
  type Client,
  type ContainerdState,
  type PauseBegun,
  type RunPodSandbox,
  type SandboxBegun,
  type Then,
} from './containerd-state.ts';

const NAMESPACE_US = 8_000;
const PAUSE_US = 25_000;

/** Upstream: sandbox_run.go. First the network namespace, then the plugin, then pause. */
export function runSandbox(state: ContainerdState, call: RunPodSandbox, client: Client, ctx: Context): void {
  const id = hex(`sandbox/${call.pod.uid}/${call.attempt}`);
  ctx.note({
    says: 'containerd/netns-created',
    about: `pods/${call.pod.namespace}/${call.pod.name}`,
    with: { pod: call.pod.name, machine: state.config.machine, hostNetwork: call.hostNetwork },
  });
  if (call.hostNetwork) return startPause(state, { call, id, client }, state.config.ip, ctx);
  ctx.wake(NAMESPACE_US, { plug: { client, call, id } });
}

/** The namespace is there: the plugin is asked for an address. */
export function plug(state: ContainerdState, { client, call, id }: SandboxBegun, ctx: Context): void {
  ctx.call(
    state.config.cni,
    {
      protocol: 'cni',
      command: 'ADD',
      containerId: id,
      netns: `/var/run/netns/cni-${id.slice(0, 8)}`,
      pod: call.pod,
      ...(call.portMappings ? { portMappings: call.portMappings } : {}),
    },
    { step: 'cni-add', client, call, id } satisfies Then,
    { deadlineUs: 20_000_000 },
  );
}

export function plugged(state: ContainerdState, t: Extract<Then, { step: 'cni-add' }>, body: CniReply, ctx: Context): void {
  if (body.error !== undefined || body.ip === undefined)
    return reply(ctx, t.client, {
      verb: 'RunPodSandbox',
      error: `failed to setup network for sandbox "${t.id}": ${body.error ?? 'no address'}`,
    });
  startPause(state, t, body.ip, ctx);
}

function startPause(state: ContainerdState, { call, id, client }: SandboxBegun, ip: string, ctx: Context): void {
  const address = `${call.pod.namespace}/${call.pod.name}/pause`;
  if (ctx.isAlive(address)) ctx.exit(address, { exitCode: 0, reason: 'replaced' });
  state.disk.sandboxes.set(
    id,
    Object.freeze({
      id,
      pod: call.pod,
      attempt: call.attempt,
      hostNetwork: call.hostNetwork,
      hostname: call.hostname,
      ip,
      isReady: true,
      address,
      createdAt: ctx.now,
      ...(call.dns ? { dns: call.dns } : {}),
    }),
  );
  ctx.spawn({
    address,
    role: 'pause',
    config: { sandbox: id, ip, ...(call.dns ? { dns: call.dns } : {}) } satisfies PauseConfig,
    afterUs: 5_000,
  });
  ctx.wake(PAUSE_US, { started: { client, id, ip, pod: call.pod } });
}

/** Pause holds the namespace: the sandbox is ready. */
export function pauseStarted(state: ContainerdState, { client, id, ip, pod }: PauseBegun, ctx: Context): void {
  ctx.note({
    says: 'containerd/pause-started',
    about: `pods/${pod.namespace}/${pod.name}`,
    with: { pod: pod.name, machine: state.config.machine, ip },
  });
  reply(ctx, client, { verb: 'RunPodSandbox', sandbox: id, ip });
}

export function stopSandbox(state: ContainerdState, id: string, client: Client, ctx: Context): void {
  const sandbox = state.disk.sandboxes.get(id);
  if (!sandbox) return reply(ctx, client, { verb: 'StopPodSandbox' });
  state.disk.sandboxes.set(id, Object.freeze({ ...sandbox, isReady: false }));
  if (ctx.isAlive(sandbox.address)) ctx.exit(sandbox.address, { exitCode: 0, reason: 'stopped' });
  if (sandbox.hostNetwork) return reply(ctx, client, { verb: 'StopPodSandbox' });
  ctx.call(
    state.config.cni,
    { protocol: 'cni', command: 'DEL', containerId: id, netns: '', pod: sandbox.pod },
    { step: 'cni-del', client, id } satisfies Then,
    { deadlineUs: 20_000_000 },
  );
}

export function removeSandbox({ disk }: ContainerdState, id: string, client: Client, ctx: Context): void {
  disk.volumes.delete(disk.sandboxes.get(id)?.pod.uid ?? '');
  disk.sandboxes.delete(id);
  for (const [container, c] of disk.containers) if (c.sandbox === id) forget(disk, container);
  reply(ctx, client, { verb: 'RemovePodSandbox' });
}
