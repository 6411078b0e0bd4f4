/**
 * containerd: starts what the kubelet asks for. The network namespace comes first, then the CNI plugin puts an address into it, and only then the pause container
 * starts in it and holds it.
 * Upstream: containerd 2 internal/cri/server/{sandbox_run,container_create,container_start,container_stop,image_pull}.go.
 * Simplified: an image is one layer; the namespace is held by pause alone and not also by a pinned file.
 */
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import type { CniReply } from '../network/cni.ts';
import type { CriCall, LogLine } from './cri.ts';
import { parseReference } from './images/registry.ts';
import { checkHostPath, mountable, type HostPathCall, type HostPathReply } from './machine-files.ts';
import type { MountCall, MountReply, SharedWrite } from './shared-files.ts';
import type { RegistryReply } from './registry.ts';
import type { Ended, ExecReply } from './process-protocol.ts';
import {
  containerAt,
  forget,
  reply,
  type Client,
  type ContainerdConfig,
  type ContainerdState,
  type Disk,
  type PauseBegun,
  type SandboxBegun,
  type Then,
} from './containerd-state.ts';
import { createContainer, exited, findLost, kill, startContainer, stopContainer } from './containers.ts';
import { imageHere, imageOf, manifestRead, pull, pulled } from './image-pulls.ts';
import { pauseStarted, plug, plugged, removeSandbox, runSandbox, stopSandbox } from './sandboxes.ts';
import { late } from '../late.ts';
import { execSync, readLogs, written } from './container-io.ts';

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
    const body = message.body as CriCall | MountCall | HostPathCall;
    if (body.protocol === 'mount') {
      const container = containerAt(state, message.from);
      const files = container ? mountable(state.disk.volumes, container.pod.uid, container.spec.shared) : {};
      ctx.reply({ protocol: 'mount', files } satisfies MountReply);
    } else if (body.protocol === 'host-path') {
      const error = checkHostPath(state.disk.volumes, body);
      ctx.reply({ protocol: 'host-path', ...(error === undefined ? {} : { error }) } satisfies HostPathReply);
    } else serve(state, body, { id: message.id, from: message.from }, ctx);
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
    if (t.step === 'stream') return late().streamed(state, t, answer, ctx);
    if (t.step === 'logs') {
      if (t.reader !== undefined && ctx.isAlive(t.reader)) ctx.exit(t.reader, { exitCode: 0, reason: 'read' });
      reply(ctx, t.client, { verb: 'ReadLogs', lines: (answer.body as { readonly lines?: readonly LogLine[] } | undefined)?.lines ?? [] });
      return;
    }
    manifestRead(
      state,
      t.image,
      (answer.body ?? { protocol: 'registry', error: 'failed to do request: connection refused' }) as RegistryReply,
      ctx,
    );
  },
  disk: (state) => state.disk,
};

function serve(state: ContainerdState, call: CriCall, client: Client, ctx: Context): void {
  const { disk } = state;
  switch (call.verb) {
    case 'RunPodSandbox':
      return runSandbox(state, call, client, ctx);
    case 'ImageStatus':
      return reply(ctx, client, { verb: call.verb, ...imageHere(disk, call.image) });
    case 'PullImage':
      return pull(state, call.image, client, ctx);
    case 'CreateContainer':
      return createContainer(state, call, client, ctx);
    case 'StartContainer':
      return startContainer(state, call.container, client, ctx);
    case 'StopContainer':
      return stopContainer(state, call.container, call.timeoutUs, client, ctx);
    case 'RemoveContainer':
      forget(disk, call.container);
      return reply(ctx, client, { verb: call.verb });
    case 'UpdateContainerResources':
      return late().updateResources(state, call, client, ctx);
    case 'StopPodSandbox':
      return stopSandbox(state, call.sandbox, client, ctx);
    case 'RemovePodSandbox':
      return removeSandbox(state, call.sandbox, client, ctx);
    case 'ListPods':
      return reply(ctx, client, { verb: call.verb, sandboxes: [...disk.sandboxes.values()], containers: [...disk.containers.values()] });
    case 'ListContainers':
      return reply(ctx, client, { verb: call.verb, containers: [...disk.containers.values()].filter((c) => c.pod.uid === call.pod) });
    case 'ReadLogs':
      return readLogs(state, call, client, ctx);
    case 'PortForward':
      return late().portForward(state, call, client, ctx);
    case 'ExecSync':
      return execSync(state, call, client, ctx);
  }
}

function woken(state: ContainerdState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly plug?: SandboxBegun;
    readonly started?: PauseBegun;
    readonly pulled?: string;
    readonly sizeBytes?: number;
    readonly kill?: string;
    readonly exitCode?: number;
    readonly again?: { readonly call: CriCall; readonly client: Client };
  };
  if (body.again) return serve(state, body.again.call, body.again.client, ctx);
  if (body.plug) plug(state, body.plug, ctx);
  if (body.started) pauseStarted(state, body.started, ctx);
  if (body.pulled !== undefined) pulled(state, body.pulled, { ...imageOf(body.pulled), sizeBytes: body.sizeBytes ?? 0 }, undefined, ctx);
  if (body.kill !== undefined) kill(state, body.kill, body.exitCode ?? 137, ctx);
}
