/** What goes into a running container and comes out of it: commands, logs, and what it writes into its pod's volumes. */
import type { Context } from '../../kernel/component.ts';
import type { CriCall, RuntimeContainer } from './cri.ts';
import { late } from '../late.ts';
import { familyOf, parseReference } from './images/registry.ts';
import { partOf } from './launch.ts';
import { filesIn, MACHINE, ownerOf, toWrite } from './machine-files.ts';
import { fromVolumes, type SharedWrite } from './shared-files.ts';
import { apply } from './shell/files.ts';
import { processesBeside } from './pod-processes.ts';
import type { ExecCall, LogsQuery } from './process-protocol.ts';
import { containerAt, reply, type Client, type ContainerdState, type Then } from './containerd-state.ts';

/** How soon a command is tried again in a container whose process is just starting. */
const STARTING_US = 10_000;
/** Simplified: a command that somebody waits for ends after this. */
const MOST_US = 20_000_000;

export function execSync(state: ContainerdState, call: Extract<CriCall, { verb: 'ExecSync' }>, client: Client, ctx: Context): void {
  const container = state.disk.containers.get(call.container);
  if (container?.state !== 'RUNNING')
    return reply(ctx, client, { verb: call.verb, error: `container ${JSON.stringify(call.container)} is not running` });
  const isOfCluster = partOf(state.disk, container) !== undefined;
  if (!isOfCluster && !ctx.isAlive(container.address)) {
    ctx.wake(STARTING_US, { again: { call, client } });
    return;
  }
  const isEndless = call.takesTime === true || call.typed !== undefined;
  const processes = processesBeside(state, container);
  ctx.call(
    isOfCluster ? late().execAddress(state, container, ctx) : container.address,
    {
      protocol: 'exec',
      command: call.command,
      ...(isEndless ? { takesTime: true } : { limitUs: MOST_US }),
      ...(call.typed ? { typed: call.typed } : {}),
      ...(processes ? { processes } : {}),
    } satisfies ExecCall,
    { step: 'exec', client } satisfies Then,
    { deadlineUs: isEndless ? undefined : MOST_US + 1_000_000 },
  );
}

export function readLogs(state: ContainerdState, call: Extract<CriCall, { verb: 'ReadLogs' }>, client: Client, ctx: Context): void {
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

/** A process wrote into a volume: it is kept, and those are told that run and have it: of its pod, and of a folder of the machine of any pod. */
export function written(state: ContainerdState, write: SharedWrite, from: string, ctx: Context): void {
  const { containers, volumes } = state.disk;
  const writer = containerAt(state, from);
  if (!writer) return;
  const ownerHere = (path: string): string => ownerOf(path, writer.pod.uid);
  const fresh = write.changes.filter(({ path, text }) => text !== null && !filesIn(volumes, ownerHere(path)).has(path)).map((c) => c.path);
  for (const change of write.changes) apply(toWrite(volumes, ownerHere(change.path)), change);
  const readers: RuntimeContainer[] = [];
  for (const c of containers.values()) {
    if (c.state !== 'RUNNING' || c === writer) continue;
    const changes = c.pod.uid === writer.pod.uid ? write.changes : write.changes.filter(({ path }) => ownerHere(path) === MACHINE);
    if (fromVolumes(changes, c.spec.shared ?? []).length === 0) continue;
    readers.push(c);
    ctx.send(c.address, { ...write, changes } satisfies SharedWrite);
  }
  if (fresh.length > 0)
    ctx.note({
      says: 'containerd/file-written',
      about: `pods/${writer.pod.namespace}/${writer.pod.name}`,
      with: {
        pod: writer.pod.name,
        container: writer.name,
        files: fresh,
        readers: readers.map((c) => c.name),
        ...(fresh.some((path) => ownerHere(path) === MACHINE) ? { isOnMachine: true } : {}),
      },
    });
}
