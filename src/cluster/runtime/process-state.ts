/** A process in a container: what it was started with, and what it holds. */
import type { Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import type { Listen } from '../network/packet.ts';
import type { ResolvConf } from '../network/resolver.ts';
import type { LogLine } from './cri.ts';
import type { Environment } from './environment.ts';
import type { SharedFolder } from './shared-files.ts';
import type { Behaviour } from './executable.ts';
import type { LinuxUser } from './linux-user.ts';
import type { Files, Mount } from './shell/files.ts';
import type { PodProcess } from './process-protocol.ts';
import type { Script } from './shell/script.ts';

export interface ProcessConfig {
  readonly behaviour: Behaviour;
  /** What it was told to run instead of the image's own program. */
  readonly words: readonly string[];
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  /** Ports that its image usually has and the manifest does not name: it does without them where another has them. */
  readonly spare?: readonly number[];
  /** Nobody here knows the image, nor what files it has. */
  readonly isMadeUp?: true;
  /** Its image has busybox and nothing else. */
  readonly isBusybox?: true;
  /** The pod's other containers wait until it has ended. */
  readonly isAwaited?: true;
  /** Those that it sees besides, as it starts. */
  readonly processes?: readonly PodProcess[];
  /** It is not the first process of its namespace, and dies of signals that it does not catch. */
  readonly sharesPids?: true;
  /** Its image has no shell. */
  readonly isBare?: true;
  /** Nothing else is in its image. */
  readonly programs?: readonly string[];
  /** It stands beside a part of the cluster. */
  readonly isOfCluster?: true;
  /** Its programs are busybox's, and maybe others. */
  readonly hasBusybox?: true;
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
  readonly host: string;
  readonly container: string;
  /** The container's id: its log is kept under it. */
  readonly id: string;
  readonly env: Environment;
  /** Without one it is root. */
  readonly user?: LinuxUser;
  /** What `ps` calls it. */
  readonly argv: string;
  /** Path → text of what the kubelet and the runtime put there. */
  readonly files: Readonly<Record<string, string>>;
  /** What the wall clock showed at virtual 0. */
  readonly epochMs: number;
  readonly dns?: ResolvConf;
  /** Bytes that its cgroup lets it have. */
  readonly memoryLimit?: number;
  readonly shared?: readonly SharedFolder[];
  readonly mounts?: readonly Mount[];
  /** The manifest's workingDir. */
  readonly cwd?: string;
  /** Where it leaves its last word, and what else is taken for it. */
  readonly lastWord: { readonly path: string; readonly policy: string };
}

/** The logs of this container and of the one before it. */
export interface Disk {
  readonly logs: readonly { readonly id: string; readonly lines: readonly LogLine[] }[];
}

export interface Beside {
  readonly script: Script;
  /** Who waits for it; of a shell at its prompt, nobody. */
  clients: { readonly id: EventId; readonly from: string }[];
  /** Of a shell at which somebody types: when something was typed last, and whether the container is over with it. */
  readonly typing?: { since: number; readonly isMain?: true };
  readonly takesTime: boolean;
  /** Those of the pod, where they are seen. */
  readonly processes?: readonly PodProcess[];
  /** How often, and when last, it has asked the network. */
  asked: number;
  askedAt: number;
  /** The timer that ends it. */
  limit?: EventId;
  said: string;
  complained: string;
}

export interface ProcessState extends Files {
  readonly config: ProcessConfig;
  readonly startedAt: number;
  requests: number;
  readonly log: LogLine[];
  /** Said, without its line break so far. */
  partial: string;
  /** Its last line ended without one. */
  isOpen?: true;
  readonly before: Disk['logs'];
  main: Script | undefined;
  /** SIGTERM came; the trap runs when the command before it is over. */
  isTermed: boolean;
  /** What lets a script go on that rests, by its number. */
  readonly wakes: Map<number, EventId>;
  readonly beside: Map<number, Beside>;
  besides: number;
  /** Where programs of its script listen. */
  opened: Listen['ports'];
  askedAt: number;
}

export const MOST_LINES = 200;

export function diskOf(state: ProcessState): Disk {
  return { logs: [{ id: state.config.id, lines: state.log.slice() }, ...state.before] };
}

export const linesOf = (disk: Disk | undefined, id: string): readonly LogLine[] => disk?.logs.find((log) => log.id === id)?.lines ?? [];
/** 0: the container's own; else one beside it. */
export const scriptAt = (state: ProcessState, n: number): Script | undefined => (n === 0 ? state.main : state.beside.get(n)?.script);

export function log(state: ProcessState, text: string, ctx: Context): void {
  state.log.push({ at: ctx.now, text });
  if (state.log.length > MOST_LINES) state.log.shift();
}

/** Logs the whole lines, and keeps what has no line break yet. */
export function tell(state: ProcessState, text: string, ctx: Context): void {
  const lines = (state.partial + text).split('\n');
  state.partial = lines.pop() ?? '';
  for (const line of lines) log(state, line, ctx);
}
