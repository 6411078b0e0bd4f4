/** Other resources for a container that is there. Upstream: containerd 2 internal/cri/server/container_update_resources.go. Simplified: a program that runs keeps the memory limit that it began with. */
import type { Context } from '../../kernel/component.ts';
import { reply, type Client, type ContainerdState } from './containerd-state.ts';
import type { CriCall } from './cri.ts';

export function updateResources(
  { disk }: ContainerdState,
  { verb, container: id, resources }: Extract<CriCall, { verb: 'UpdateContainerResources' }>,
  client: Client,
  ctx: Context,
): void {
  const container = disk.containers.get(id);
  if (!container) return reply(ctx, client, { verb, error: `failed to find container: ${id}: not found` });
  const now = Object.freeze({ ...container, spec: { ...container.spec, spec: { ...container.spec.spec, resources } } });
  disk.containers.set(id, now);
  reply(ctx, client, { verb, containers: [now] });
}
