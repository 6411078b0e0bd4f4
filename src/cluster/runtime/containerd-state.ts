/** What containerd holds: sandboxes, containers, images and logs on its disk; who waits for a pull or an end. */
import type { Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import { fnv1a32, mix } from '../../lib/hash.ts';
import type { Volumes } from './machine-files.ts';
import type { ContainerEvent, CriCall, CriReply, LogLine, RuntimeContainer, Sandbox } from './cri.ts';

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

export interface Client {
  readonly id: EventId;
  readonly from: string;
}

export interface Image {
  readonly id: string;
  readonly sizeBytes: number;
}

export interface Disk {
  readonly sandboxes: Map<string, Sandbox>;
  readonly containers: Map<string, RuntimeContainer>;
  readonly images: Map<string, Image>;
  readonly logs: Map<string, readonly LogLine[]>;
  readonly volumes: Volumes;
}

export interface ContainerdState {
  readonly config: ContainerdConfig;
  readonly disk: Disk;
  /** Image → clients that wait for the pull under way, since when. */
  readonly pulls: Map<string, { readonly clients: Client[]; readonly since: number }>;
  /** Container → clients that wait for its end. */
  readonly stops: Map<string, Client[]>;
}

export type RunPodSandbox = Extract<CriCall, { verb: 'RunPodSandbox' }>;

export interface SandboxBegun {
  readonly client: Client;
  readonly call: RunPodSandbox;
  readonly id: string;
}

export interface PauseBegun {
  readonly client: Client;
  readonly id: string;
  readonly ip: string;
  readonly pod: Sandbox['pod'];
}

export type Then =
  | ({ readonly step: 'cni-add' } & SandboxBegun)
  | { readonly step: 'cni-del'; readonly client: Client; readonly id: string }
  | { readonly step: 'manifest'; readonly image: string }
  | { readonly step: 'exec'; readonly client: Client }
  | { readonly step: 'stream'; readonly client: Client; readonly sandbox: string; readonly port: number }
  | { readonly step: 'logs'; readonly client: Client; /** Spawned for this read. */ readonly reader?: string };

/** 64 hexadecimal digits, the same for the same text. */
export function hex(text: string): string {
  const first = fnv1a32(text);
  const second = fnv1a32(text, first);
  let digits = '';
  for (let i = 0; i < 8; i++)
    digits += mix(i % 2 === 0 ? first : second, i)
      .toString(16)
      .padStart(8, '0');
  return digits;
}

export function reply(ctx: Context, client: Client, body: Omit<CriReply, 'protocol'>): void {
  ctx.reply({ protocol: 'cri', ...body } satisfies CriReply, client);
}

export function tell(state: ContainerdState, ctx: Context, event: Omit<ContainerEvent, 'protocol'>): void {
  ctx.send(state.config.kubelet, { protocol: 'cri-event', ...event } satisfies ContainerEvent);
}

export function containerAt({ disk }: ContainerdState, address: string): RuntimeContainer | undefined {
  for (const c of disk.containers.values()) if (c.state === 'RUNNING' && c.address === address) return c;
  return undefined;
}

export const put = (state: ContainerdState, container: RuntimeContainer): void =>
  void state.disk.containers.set(container.id, Object.freeze(container));

export function forget({ containers, logs }: Disk, id: string): void {
  containers.delete(id);
  logs.delete(id);
}

/** Who carries out commands in a container whose own process is a part of the cluster. */
export const besideOf = ({ address }: RuntimeContainer): string => `${address}/exec`;
