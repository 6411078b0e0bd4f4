/** Containers: made, started, stopped, and how they ended. Upstream: containerd 2 internal/cri/server/container_{create,start,stop}.go. */
import type { Context } from '../../kernel/component.ts';
import type { CriCall, RuntimeContainer, Sandbox } from './cri.ts';
import { familyOf, parseReference } from './images/registry.ts';
import { launchOf, partOf } from './launch.ts';
import { processesBeside } from './pod-processes.ts';
import type { Ended, Signal } from './process-protocol.ts';
import type { ProcessConfig } from './process-state.ts';
import { besideOf, containerAt, forget, hex, put, reply, tell, type Client, type ContainerdState, type Disk } from './containerd-state.ts';
import { filesIn, mountable, ownerOf, toWrite } from './machine-files.ts';

export function createContainer(
  state: ContainerdState,
  call: Extract<CriCall, { verb: 'CreateContainer' }>,
  client: Client,
  ctx: Context,
): void {
  const { disk } = state;
  const sandbox = disk.sandboxes.get(call.sandbox);
  if (!sandbox)
    return reply(ctx, client, { verb: call.verb, error: `failed to find sandbox id ${JSON.stringify(call.sandbox)}: not found` });
  const { name, image, attempt } = call.container;
  if (attempt > 1) forgetBefore(disk, sandbox, name, attempt - 1);
  const reference = parseReference(image);
  const here = disk.images.get(reference.canonical);
  const container: RuntimeContainer = Object.freeze({
    id: hex(`container/${sandbox.id}/${name}/${attempt}`),
    sandbox: sandbox.id,
    pod: sandbox.pod,
    name,
    image,
    imageName: reference.canonical,
    imageId: here ? `${reference.repository}@${here.id}` : '',
    attempt,
    state: 'CREATED',
    exitCode: 0,
    reason: '',
    createdAt: ctx.now,
    startedAt: 0,
    finishedAt: 0,
    address: addressOf(state, sandbox, call.container),
    spec: call.container,
  });
  disk.containers.set(container.id, container);
  reply(ctx, client, { verb: call.verb, container: container.id, containers: [container] });
}

/** Where its process is spoken to: a part of the cluster by its machine, all others by their pod. */
function addressOf({ config }: ContainerdState, { hostNetwork, pod }: Sandbox, { name, image }: RuntimeContainer['spec']): string {
  if (hostNetwork && familyOf(parseReference(image))?.role) return `${config.machine}/${name}`;
  return `${pod.namespace}/${pod.name}/${name === 'pause' ? 'pause.1' : name}`;
}

/** Of a container that is made again and again the last two are kept, as the kubelet's garbage collection does. */
function forgetBefore(disk: Disk, { pod }: Sandbox, name: string, attempt: number): void {
  for (const [old, c] of disk.containers)
    if (c.pod.uid === pod.uid && c.name === name && c.state === 'EXITED' && c.attempt < attempt) forget(disk, old);
}

export function startContainer(state: ContainerdState, id: string, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(id);
  const sandbox = container ? state.disk.sandboxes.get(container.sandbox) : undefined;
  if (!container || !sandbox?.isReady) return reply(ctx, client, { verb: 'StartContainer', error: 'sandbox container is not running' });
  makeFolders(state.disk, container);
  const launch = launchOf(container, sandbox, {
    ...state.config,
    volumes: mountable(state.disk.volumes, container.pod.uid, container.spec.shared),
  });
  if (ctx.isAlive(container.address)) ctx.exit(container.address, { exitCode: 137, reason: 'replaced' });
  if ('error' in launch) {
    put(state, {
      ...container,
      state: 'EXITED',
      exitCode: 128,
      reason: 'StartError',
      message: launch.error,
      startedAt: 0,
      finishedAt: ctx.now,
    });
    return reply(ctx, client, { verb: 'StartContainer', error: launch.error });
  }
  put(state, { ...container, state: 'RUNNING', startedAt: ctx.now });
  const processes = processesBeside(state, container);
  const config = processes ? { ...(launch.config as ProcessConfig), processes } : launch.config;
  ctx.spawn({ address: container.address, role: launch.role, config, afterUs: launch.startUs });
  reply(ctx, client, { verb: 'StartContainer', container: id });
}

/** A folder of a volume that a container mounts by itself is there for the others, too, and one of the machine is made. Upstream: pkg/volume/util/subpath, which the kubelet asks; containerd internal/cri/opts/spec_linux_opts.go WithMounts. */
function makeFolders({ volumes }: Disk, { pod, spec }: RuntimeContainer): void {
  for (const { volume } of spec.shared ?? []) {
    const owner = ownerOf(volume, pod.uid);
    if (!volume.includes('/') || [...filesIn(volumes, owner).keys()].some((file) => file === volume || file.startsWith(`${volume}/`)))
      continue;
    toWrite(volumes, owner).set(`${volume}/`, '');
  }
}

/** How long most parts of the cluster take to end by SIGTERM. */
const ENDS_US = 30_000;

export function stopContainer(state: ContainerdState, id: string, timeoutUs: number, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(id);
  if (!container || container.state !== 'RUNNING')
    return reply(ctx, client, { verb: 'StopContainer', ...(container ? { containers: [container] } : {}) });
  const waiting = state.stops.get(id) ?? [];
  waiting.push(client);
  state.stops.set(id, waiting);
  const part = timeoutUs > 0 ? partOf(state.disk, container) : undefined;
  const { termUs = ENDS_US, termCode = 0 } = part?.behaviour ?? {};
  if (part && termUs < timeoutUs) return void ctx.wake(termUs, { kill: id, exitCode: termCode });
  if (timeoutUs > 0) ctx.send(container.address, { protocol: 'signal', signal: 'SIGTERM' } satisfies Signal);
  ctx.wake(timeoutUs, { kill: id });
}

/** Its grace is over, or a part of the cluster has done what it does at SIGTERM. */
export function kill({ disk }: ContainerdState, id: string, exitCode: number, ctx: Context): void {
  const c = disk.containers.get(id);
  if (c?.state === 'RUNNING') ctx.exit(c.address, { exitCode, reason: 'Error' });
}

/** A process of mine is gone: remember how, and tell the kubelet. */
export function exited(
  state: ContainerdState,
  { address, reason }: { readonly address: string; readonly reason: Partial<Ended> | undefined },
  ctx: Context,
): void {
  ctx.toForeground();
  for (const sandbox of state.disk.sandboxes.values()) {
    if (sandbox.address !== address || !sandbox.isReady) continue;
    if (reason?.reason === 'replaced') continue;
    state.disk.sandboxes.set(sandbox.id, Object.freeze({ ...sandbox, isReady: false }));
    tell(state, ctx, { type: 'SANDBOX_STOPPED', sandbox: sandbox.id });
    return;
  }
  const container = containerAt(state, address);
  if (!container) return;
  const beside = besideOf(container);
  if (ctx.isAlive(beside)) ctx.exit(beside, { exitCode: 137, reason: 'Error' });
  const exitCode = reason?.exitCode ?? 137;
  const gone: RuntimeContainer = {
    ...container,
    state: 'EXITED',
    exitCode,
    reason: exitCode === 0 ? 'Completed' : reason?.reason === 'OOMKilled' ? 'OOMKilled' : 'Error',
    ...(reason?.message === undefined ? {} : { message: reason.message }),
    finishedAt: ctx.now,
  };
  put(state, gone);
  for (const client of state.stops.get(container.id) ?? []) reply(ctx, client, { verb: 'StopContainer', containers: [gone] });
  state.stops.delete(container.id);
  ctx.note({
    says: 'containerd/container-exited',
    about: `pods/${container.pod.namespace}/${container.pod.name}`,
    with: { pod: container.pod.name, container: container.name, exitCode },
  });
  tell(state, ctx, { type: 'CONTAINER_STOPPED', sandbox: container.sandbox, container: container.id, state: gone });
}

/** What ended while it was away, by a power cut or by itself. Upstream: containerd internal/cri/server/restart.go: exit code 255, reason Unknown. */
export function findLost(state: ContainerdState, ctx: Context): void {
  const { disk } = state;
  for (const sandbox of disk.sandboxes.values())
    if (sandbox.isReady && !ctx.isAlive(sandbox.address)) {
      disk.sandboxes.set(sandbox.id, Object.freeze({ ...sandbox, isReady: false }));
      tell(state, ctx, { type: 'SANDBOX_STOPPED', sandbox: sandbox.id });
    }
  for (const c of disk.containers.values())
    if (c.state === 'RUNNING' && !ctx.isAlive(c.address)) {
      const gone: RuntimeContainer = Object.freeze({ ...c, state: 'EXITED', exitCode: 255, reason: 'Unknown', finishedAt: ctx.now });
      disk.containers.set(c.id, gone);
      tell(state, ctx, { type: 'CONTAINER_STOPPED', sandbox: c.sandbox, container: c.id, state: gone });
    }
}
