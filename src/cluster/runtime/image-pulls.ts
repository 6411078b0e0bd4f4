/** Images: what is here, and what comes from the registry, at the machine's bandwidth. Upstream: containerd 2 internal/cri/server/image_pull.go. Simplified: an image is one layer. */
import type { Context } from '../../kernel/component.ts';
import { familyOf, parseReference } from './images/registry.ts';
import type { RegistryReply } from './registry.ts';
import { hex, reply, type Client, type ContainerdState, type Disk, type Image, type Then } from './containerd-state.ts';

/** Download and unpack, bytes a second. */
const BANDWIDTH = 40_000_000;

const UNPACK = 80_000_000;

export const imageOf = (image: string): Image => ({
  id: `sha256:${hex(parseReference(image).canonical)}`,
  sizeBytes: familyOf(parseReference(image))?.sizeBytes ?? 0,
});

export function imageHere({ images }: Disk, name: string): { readonly image?: Image } {
  const image = images.get(parseReference(name).canonical);
  return image ? { image } : {};
}

export function pull(state: ContainerdState, image: string, client: Client, ctx: Context): void {
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

/** The registry says how large an image is: it takes its time to come. */
export function manifestRead(state: ContainerdState, name: string, body: RegistryReply, ctx: Context): void {
  if ('error' in body) return pulled(state, name, undefined, body.error, ctx);
  // Of an image that is here only the manifest is asked for.
  const here = state.disk.images.get(name);
  if (here) return pulled(state, name, here, undefined, ctx);
  ctx.wake(Math.round((body.sizeBytes / BANDWIDTH + body.sizeBytes / UNPACK) * 1_000_000), { pulled: name, sizeBytes: body.sizeBytes });
}

export function pulled(state: ContainerdState, name: string, image: Image | undefined, error: string | undefined, ctx: Context): void {
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
