/**
 * containerd: starts what the kubelet asks for. The network namespace comes first, then the CNI plugin puts an address into it, and only then the pause container
 * starts in it and holds it.
 * Upstream: containerd 2 internal/cri/server/{sandbox_run,container_create,container_start,container_stop,image_pull}.go.
 * Simplified: an image is one layer; the namespace is held by pause alone and not also by a pinned file.
 */
import type { Component, Context } from '../../kernel/component.ts';
import type { EventId, Message } from '../../kernel/message.ts';
import { fnv1a32, mix } from '../../lib/hash.ts';
import type { CniReply } from '../network/cni.ts';
import type { ContainerEvent, CriCall, CriReply, LogLine, RuntimeContainer, Sandbox } from './cri.ts';
import { familyOf, parseReference } from './images/registry.ts';
import { launchOf } from './launch.ts';
import { fromVolumes, type MountCall, type MountReply, type SharedWrite } from './shared-files.ts';
import { apply } from './shell/files.ts';
import type { RegistryReply } from './registry.ts';
import type { PauseConfig } from './pause.ts';
import type { Ended, ExecCall, ExecReply, LogsQuery, Signal } from './process.ts';

export interface ContainerdConfig {
  readonly machine: string;
  readonly ip: string;
  readonly epochMs: number;
  readonly seed: number;
  readonly registry: string;
  readonly kubelet: string;
  readonly cni: string;
  readonly api: string;
  readonly images: readonly string[];
  /** On the machine's disk, for kube-scheduler. */
  readonly schedulerConfiguration?: object;
}
interface Client {
  readonly id: EventId;
  readonly from: string;
}
interface Image {
  readonly id: string;
  readonly sizeBytes: number;
}
export interface Disk {
  readonly sandboxes: Map<string, Sandbox>;
  readonly containers: Map<string, RuntimeContainer>;
  readonly images: Map<string, Image>;
  readonly logs: Map<string, readonly LogLine[]>;
  /** Pod → what is in its volumes, 'volume/path' → text. */
  readonly volumes: Map<string, Map<string, string>>;
}
export interface ContainerdState {
  readonly config: ContainerdConfig;
  readonly disk: Disk;
  /** Image → clients that wait for the pull under way, since when. */
  readonly pulls: Map<string, { readonly clients: Client[]; readonly since: number }>;
  /** Container → clients that wait for its end. */
  readonly stops: Map<string, Client[]>;
}
type Then =
  | { readonly step: 'cni-add'; readonly client: Client; readonly call: Extract<CriCall, { verb: 'RunPodSandbox' }>; readonly id: string }
  | { readonly step: 'cni-del'; readonly client: Client; readonly id: string }
  | { readonly step: 'manifest'; readonly image: string }
  | { readonly step: 'exec'; readonly client: Client }
  | { readonly step: 'logs'; readonly client: Client; /** Spawned for this read. */ readonly reader?: string };

/** Download and unpack, bytes a second. */
const BANDWIDTH = 40_000_000;
const UNPACK = 80_000_000;
const NAMESPACE_US = 8_000;
const PAUSE_US = 25_000;
/** How soon a command is tried again in a container whose process is just starting. */
const STARTING_US = 10_000;

export const containerd: Component<ContainerdState, ContainerdConfig> = {
  role: 'containerd',
  start(config, ctx, disk) {
    const fresh: Disk = {
      sandboxes: new Map(),
      containers: new Map(),
      images: new Map(config.images.map((image) => [parseReference(image).canonical, imageOf(image)])),
      logs: new Map(),
      volumes: new Map(),
    };
    const state = { config, disk: (disk as Disk | undefined) ?? fresh, pulls: new Map(), stops: new Map() };
    findLost(state, ctx);
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'exited') return exited(state, message.body as { readonly address: string; readonly reason: Partial<Ended> }, ctx);
    if (message.kind === 'wake') return woken(state, message, ctx);
    if (message.kind === 'send') return written(state, message.body as SharedWrite, message.from, ctx);
    const body = message.body as CriCall | MountCall;
    if (body.protocol === 'mount')
      ctx.reply({
        protocol: 'mount',
        files: Object.fromEntries(state.disk.volumes.get(containerAt(state, message.from)?.pod.uid ?? '') ?? []),
      } satisfies MountReply);
    else serve(state, body, { id: message.id, from: message.from }, ctx);
  },
  answered(state, answer, then, ctx) {
    const t = then as Then;
    if (t.step === 'cni-add')
      return plugged(
        state,
        t,
        answer.outcome === 'reply' ? (answer.body as CniReply) : { protocol: 'cni', error: 'cni plugin not initialized' },
        ctx,
      );
    if (t.step === 'cni-del') {
      reply(ctx, t.client, { verb: 'StopPodSandbox' });
      return;
    }
    if (t.step === 'exec') {
      const done = answer.body as ExecReply | undefined;
      reply(ctx, t.client, { verb: 'ExecSync', exec: done ?? { exitCode: 137, stdout: '', stderr: '' } });
      return;
    }
    if (t.step === 'logs') {
      if (t.reader !== undefined && ctx.isAlive(t.reader)) ctx.exit(t.reader, { exitCode: 0, reason: 'read' });
      reply(ctx, t.client, { verb: 'ReadLogs', lines: (answer.body as { readonly lines?: readonly LogLine[] } | undefined)?.lines ?? [] });
      return;
    }
    const body = (answer.body ?? { protocol: 'registry', error: 'failed to do request: connection refused' }) as RegistryReply;
    if ('error' in body) return pulled(state, t.image, undefined, body.error, ctx);
    // Of an image that is here only the manifest is asked for.
    const here = state.disk.images.get(t.image);
    if (here) return pulled(state, t.image, here, undefined, ctx);
    ctx.wake(Math.round((body.sizeBytes / BANDWIDTH + body.sizeBytes / UNPACK) * 1_000_000), {
      pulled: t.image,
      sizeBytes: body.sizeBytes,
    });
  },
  disk: (state) => state.disk,
};

/** What ended while it was away, by a power cut or by itself. Upstream: containerd internal/cri/server/restart.go: exit code 255, reason Unknown. */
function findLost(state: ContainerdState, ctx: Context): void {
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

/** 64 hexadecimal digits, the same for the same text. */
function hex(text: string): string {
  const first = fnv1a32(text);
  const second = fnv1a32(text, first);
  let digits = '';
  for (let i = 0; i < 8; i++)
    digits += mix(i % 2 === 0 ? first : second, i)
      .toString(16)
      .padStart(8, '0');
  return digits;
}
const imageOf = (image: string): Image => ({
  id: `sha256:${hex(parseReference(image).canonical)}`,
  sizeBytes: familyOf(parseReference(image))?.sizeBytes ?? 0,
});

function reply(ctx: Context, client: Client, body: Omit<CriReply, 'protocol'>): void {
  ctx.reply({ protocol: 'cri', ...body } satisfies CriReply, client);
}
function tell(state: ContainerdState, ctx: Context, event: Omit<ContainerEvent, 'protocol'>): void {
  ctx.send(state.config.kubelet, { protocol: 'cri-event', ...event } satisfies ContainerEvent);
}

function serve(state: ContainerdState, call: CriCall, client: Client, ctx: Context): void {
  const { disk } = state;
  switch (call.verb) {
    case 'RunPodSandbox': {
      const id = hex(`sandbox/${call.pod.uid}/${call.attempt}`);
      ctx.note({
        says: 'containerd/netns-created',
        about: `pods/${call.pod.namespace}/${call.pod.name}`,
        with: { pod: call.pod.name, machine: state.config.machine, hostNetwork: call.hostNetwork },
      });
      if (call.hostNetwork) {
        startPause(state, call, id, state.config.ip, client, ctx);
        return;
      }
      ctx.wake(NAMESPACE_US, { plug: { client, call, id } });
      return;
    }
    case 'ImageStatus': {
      const image = disk.images.get(parseReference(call.image).canonical);
      return reply(ctx, client, { verb: call.verb, ...(image ? { image } : {}) });
    }
    case 'PullImage':
      return pull(state, call.image, client, ctx);
    case 'CreateContainer': {
      const sandbox = disk.sandboxes.get(call.sandbox);
      if (!sandbox)
        return reply(ctx, client, { verb: call.verb, error: `failed to find sandbox id ${JSON.stringify(call.sandbox)}: not found` });
      const id = hex(`container/${sandbox.id}/${call.container.name}/${call.container.attempt}`);
      const image = disk.images.get(parseReference(call.container.image).canonical);
      const address =
        sandbox.hostNetwork && familyOf(parseReference(call.container.image))?.role
          ? `${state.config.machine}/${call.container.name}`
          : `${sandbox.pod.namespace}/${sandbox.pod.name}/${call.container.name === 'pause' ? 'pause.1' : call.container.name}`;
      if (call.container.attempt > 1)
        for (const [old, c] of disk.containers)
          if (
            c.pod.uid === sandbox.pod.uid &&
            c.name === call.container.name &&
            c.state === 'EXITED' &&
            c.attempt < call.container.attempt - 1
          ) {
            disk.containers.delete(old);
            disk.logs.delete(old);
          }
      const reference = parseReference(call.container.image);
      const container: RuntimeContainer = Object.freeze({
        id,
        sandbox: sandbox.id,
        pod: sandbox.pod,
        name: call.container.name,
        image: call.container.image,
        imageName: reference.canonical,
        imageId: image ? `${reference.repository}@${image.id}` : '',
        attempt: call.container.attempt,
        state: 'CREATED',
        exitCode: 0,
        reason: '',
        createdAt: ctx.now,
        startedAt: 0,
        finishedAt: 0,
        address,
        spec: call.container,
      });
      disk.containers.set(id, container);
      return reply(ctx, client, { verb: call.verb, container: id, containers: [container] });
    }
    case 'StartContainer':
      return startContainer(state, call.container, client, ctx);
    case 'StopContainer':
      return stopContainer(state, call.container, call.timeoutUs, client, ctx);
    case 'RemoveContainer':
      disk.containers.delete(call.container);
      disk.logs.delete(call.container);
      return reply(ctx, client, { verb: call.verb });
    case 'StopPodSandbox':
      return stopSandbox(state, call.sandbox, client, ctx);
    case 'RemovePodSandbox':
      disk.volumes.delete(disk.sandboxes.get(call.sandbox)?.pod.uid ?? '');
      disk.sandboxes.delete(call.sandbox);
      for (const [id, c] of disk.containers)
        if (c.sandbox === call.sandbox) {
          disk.containers.delete(id);
          disk.logs.delete(id);
        }
      return reply(ctx, client, { verb: call.verb });
    case 'ListPods':
      return reply(ctx, client, { verb: call.verb, sandboxes: [...disk.sandboxes.values()], containers: [...disk.containers.values()] });
    case 'ReadLogs':
      return readLogs(state, call, client, ctx);
    case 'ExecSync': {
      const container = disk.containers.get(call.container);
      if (container?.state !== 'RUNNING')
        return reply(ctx, client, { verb: call.verb, error: `container ${JSON.stringify(call.container)} is not running` });
      if (familyOf(parseReference(container.image))?.role)
        return reply(ctx, client, { verb: call.verb, exec: { exitCode: 0, stdout: '', stderr: '' } });
      if (!ctx.isAlive(container.address)) {
        ctx.wake(STARTING_US, { again: { call, client } });
        return;
      }
      ctx.call(
        container.address,
        { protocol: 'exec', command: call.command, ...(call.takesTime ? { takesTime: true } : {}) } satisfies ExecCall,
        { step: 'exec', client } satisfies Then,
        { deadlineUs: call.takesTime ? undefined : 10_000_000 },
      );
      return;
    }
  }
}

function plugged(state: ContainerdState, t: Extract<Then, { step: 'cni-add' }>, body: CniReply, ctx: Context): void {
  const { call, client, id } = t;
  if (body.error !== undefined || body.ip === undefined)
    return reply(ctx, client, {
      verb: 'RunPodSandbox',
      error: `failed to setup network for sandbox "${id}": ${body.error ?? 'no address'}`,
    });
  startPause(state, call, id, body.ip, client, ctx);
}

function startPause(
  state: ContainerdState,
  call: Extract<CriCall, { verb: 'RunPodSandbox' }>,
  id: string,
  ip: string,
  client: Client,
  ctx: Context,
): void {
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

function woken(state: ContainerdState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly plug?: { readonly client: Client; readonly call: Extract<CriCall, { verb: 'RunPodSandbox' }>; readonly id: string };
    readonly started?: { readonly client: Client; readonly id: string; readonly ip: string; readonly pod: Sandbox['pod'] };
    readonly pulled?: string;
    readonly sizeBytes?: number;
    readonly kill?: string;
    readonly again?: { readonly call: CriCall; readonly client: Client };
  };
  if (body.again) return serve(state, body.again.call, body.again.client, ctx);
  if (body.plug) {
    const { call, client, id } = body.plug;
    ctx.call(
      state.config.cni,
      { protocol: 'cni', command: 'ADD', containerId: id, netns: `/var/run/netns/cni-${id.slice(0, 8)}`, pod: call.pod },
      { step: 'cni-add', client, call, id } satisfies Then,
      { deadlineUs: 20_000_000 },
    );
  }
  if (body.started) {
    const { client, id, ip, pod } = body.started;
    ctx.note({
      says: 'containerd/pause-started',
      about: `pods/${pod.namespace}/${pod.name}`,
      with: { pod: pod.name, machine: state.config.machine, ip },
    });
    reply(ctx, client, { verb: 'RunPodSandbox', sandbox: id, ip });
  }
  if (body.pulled !== undefined) pulled(state, body.pulled, { ...imageOf(body.pulled), sizeBytes: body.sizeBytes ?? 0 }, undefined, ctx);
  if (body.kill !== undefined) {
    const c = state.disk.containers.get(body.kill);
    if (c?.state === 'RUNNING') ctx.exit(c.address, { exitCode: 137, reason: 'Error' });
  }
}

function pull(state: ContainerdState, image: string, client: Client, ctx: Context): void {
  const name = parseReference(image).canonical;
  const under = state.pulls.get(name);
  if (under) {
    under.clients.push(client);
    return;
  }
  state.pulls.set(name, { clients: [client], since: ctx.now });
  ctx.call(state.config.registry, { protocol: 'registry', image }, { step: 'manifest', image: name } satisfies Then, {
    deadlineUs: 60_000_000,
  });
}

function pulled(state: ContainerdState, name: string, image: Image | undefined, error: string | undefined, ctx: Context): void {
  const under = state.pulls.get(name);
  state.pulls.delete(name);
  const isNew = image !== undefined && state.disk.images.get(name) === undefined;
  if (image) state.disk.images.set(name, Object.freeze(image));
  for (const client of under?.clients ?? [])
    reply(ctx, client, {
      verb: 'PullImage',
      tookUs: ctx.now - (under?.since ?? ctx.now),
      ...(error === undefined ? {} : { error }),
      ...(image ? { image } : {}),
    });
  if (isNew)
    ctx.note({
      says: 'containerd/image-pulled',
      about: ctx.self,
      with: {
        image: name,
        machine: state.config.machine,
        seconds: (ctx.now - (under?.since ?? ctx.now)) / 1e6,
        megabytes: Math.round(image.sizeBytes / 1e5) / 10,
        isMadeUp: familyOf(parseReference(name)) === undefined,
      },
    });
}

function startContainer(state: ContainerdState, id: string, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(id);
  const sandbox = container ? state.disk.sandboxes.get(container.sandbox) : undefined;
  if (!container || !sandbox?.isReady) return reply(ctx, client, { verb: 'StartContainer', error: 'sandbox container is not running' });
  makeFolders(state.disk, container);
  const launch = launchOf(container, sandbox, {
    ...state.config,
    volumes: Object.fromEntries((container.spec.shared && state.disk.volumes.get(container.pod.uid)) ?? []),
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
  ctx.spawn({ address: container.address, role: launch.role, config: launch.config, afterUs: launch.startUs });
  reply(ctx, client, { verb: 'StartContainer', container: id });
}

/** A folder of a volume that a container mounts by itself is there for the others, too. Upstream: pkg/volume/util/subpath, which the kubelet asks. */
function makeFolders({ volumes }: Disk, { pod, spec }: RuntimeContainer): void {
  for (const { volume } of spec.shared ?? []) {
    const files = volumes.get(pod.uid) ?? new Map<string, string>();
    if (!volume.includes('/') || files.has(volume)) continue;
    volumes.set(pod.uid, files.set(`${volume}/`, ''));
  }
}

const put = (state: ContainerdState, container: RuntimeContainer): void =>
  void state.disk.containers.set(container.id, Object.freeze(container));

function stopContainer(state: ContainerdState, id: string, timeoutUs: number, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(id);
  if (!container || container.state !== 'RUNNING')
    return reply(ctx, client, { verb: 'StopContainer', ...(container ? { containers: [container] } : {}) });
  const waiting = state.stops.get(id) ?? [];
  waiting.push(client);
  state.stops.set(id, waiting);
  if (timeoutUs > 0) ctx.send(container.address, { protocol: 'signal', signal: 'SIGTERM' } satisfies Signal);
  ctx.wake(timeoutUs, { kill: id });
}

function stopSandbox(state: ContainerdState, id: string, client: Client, ctx: Context): void {
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

/** A process of mine is gone: remember how, and tell the kubelet. */
function exited(
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

function containerAt({ disk }: ContainerdState, address: string): RuntimeContainer | undefined {
  for (const c of disk.containers.values()) if (c.state === 'RUNNING' && c.address === address) return c;
  return undefined;
}

/** A process wrote into a volume: it is kept, and those of its pod that run are told. */
function written(state: ContainerdState, write: SharedWrite, from: string, ctx: Context): void {
  const { containers, volumes } = state.disk;
  const writer = containerAt(state, from);
  if (!writer) return;
  const files = volumes.get(writer.pod.uid) ?? new Map<string, string>();
  const fresh = write.changes.filter(({ path, text }) => text !== null && !files.has(path)).map((c) => c.path);
  for (const change of write.changes) apply(files, change);
  if (files.size > 0) volumes.set(writer.pod.uid, files);
  else volumes.delete(writer.pod.uid);
  const readers = [...containers.values()].filter(
    (c) =>
      c.state === 'RUNNING' && c.pod.uid === writer.pod.uid && c !== writer && fromVolumes(write.changes, c.spec.shared ?? []).length > 0,
  );
  for (const reader of readers) ctx.send(reader.address, write);
  if (fresh.length > 0)
    ctx.note({
      says: 'containerd/file-written',
      about: `pods/${writer.pod.namespace}/${writer.pod.name}`,
      with: { pod: writer.pod.name, container: writer.name, files: fresh, readers: readers.map((c) => c.name) },
    });
}

function readLogs(state: ContainerdState, call: Extract<CriCall, { verb: 'ReadLogs' }>, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(call.container);
  if (!container)
    return reply(ctx, client, {
      verb: 'ReadLogs',
      error: `an error occurred when try to find container ${JSON.stringify(call.container)}: not found`,
    });
  const reference = parseReference(container.image);
  const family = familyOf(reference);
  if (family?.role || container.state === 'CREATED')
    return reply(ctx, client, {
      verb: 'ReadLogs',
      lines:
        container.state === 'CREATED'
          ? []
          : (family?.behaviour.startup ?? []).map((text) => ({
              at: container.startedAt,
              text: text.replace('$tag', reference.tag.replace(/^v/, '')),
            })),
    });
  if (container.state === 'RUNNING' && !ctx.isAlive(container.address)) {
    ctx.wake(STARTING_US, { again: { call, client } });
    return;
  }
  const reads = !ctx.isAlive(container.address);
  if (reads) ctx.spawn({ address: container.address, role: 'log-reader', config: {}, afterUs: 0 });
  ctx.call(
    container.address,
    { protocol: 'logs', id: container.id } satisfies LogsQuery,
    { step: 'logs', client, ...(reads ? { reader: container.address } : {}) } satisfies Then,
    { deadlineUs: 5_000_000 },
  );
}
