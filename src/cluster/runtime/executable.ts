/** The program that a container is told to run: whether its image has it, and what it is like. */
import type { AccessLog } from './access-log.ts';
import { COMMAND_NAMES } from './shell/command-names.ts';

export interface Behaviour {
  readonly kind: 'server' | 'oneshot' | 'forever';
  /** What its process is called, where it is not as its image. */
  readonly title?: string;
  /** Ports it listens on when the manifest declares none. */
  readonly ports?: readonly number[];
  /** Lines that it logs as it starts; $time is filled in, as Go's glog has it. */
  readonly startup?: readonly string[];
  /** What it says when another process has its $port. */
  readonly bindError?: string;
  /** How it logs requests; without it, it does not. */
  readonly accessLog?: AccessLog;
  /** The body of an answer; $host, $pod, $path, $ip, $client, $method are filled in, and $tag, the image's without a v. */
  readonly body?: string;
  /** Where a release says it otherwise: tag → body. */
  readonly bodyOf?: Readonly<Record<string, string>>;
  /** The folder of its pages: any other page is not found. Without it every path answers with the body. */
  readonly root?: string;
  readonly startUs?: number;
  /** Whether SIGTERM ends it at once. */
  readonly ignoresTerm?: boolean;
  /** What SIGTERM makes it end with; 0 where nothing is said. A Go program that does not catch it: 2, as the kernel kills no first process by it. Upstream: Go's runtime/signal_unix.go dieFromSignal. */
  readonly termCode?: number;
  /** How long a part of the cluster takes to end by SIGTERM. */
  readonly termUs?: number;
  /** From so long after its start this path answers 500. */
  readonly fails?: { readonly path: string; readonly afterUs: number };
  /** Memory that it takes as it starts, bytes. */
  readonly memory?: number;
}

const SHELLS = new Set(['sh', 'bash', 'ash']);
export const isShell = (word: string): boolean => SHELLS.has(word.replace(/^.*\//, ''));
/** A shell without a script reads what is typed. It waits for ever where nobody types, and does not hear SIGTERM. */
export const INTERACTIVE: Behaviour = { kind: 'forever', ignoresTerm: true };

/** Names that say themselves that there is no such executable; every other one is there. */
export const isMissing = (command = ''): boolean =>
  /no-?_?such|(^|\/)nope|missing|does-?not-?exist|non-?exist|not-?found|(^|\/)(invalid|bogus|fake|wrong|typo)/i.test(command);

/** Images of one program and nothing else, by their names. Source: their Dockerfiles (`FROM scratch` or distroless). */
export const isBareImage = (image: string): boolean =>
  /(^|\/)(pause|whoami|http-echo|hello-app|hello-world|coredns|etcd|kube-(apiserver|controller-manager|scheduler))(:|@|$)|distroless/.test(
    image,
  );
/** Images whose programs are busybox's: they have neither bash nor ss. Source: their Dockerfiles; those of postgres and the like on Alpine add bash. */
export const hasBusybox = (image: string): boolean =>
  /(^|\/)(busybox|alpine|curl)(:|@|$)|(^|\/)(nginx|httpd|redis|memcached|node|python|golang):[^@]*alpine/.test(image);
/** What an image of one program lacks: a shell, and what comes with one. */
const isOfAShell = (command = ''): boolean => {
  const name = command.replace(/^.*\//, '');
  return SHELLS.has(name) || COMMAND_NAMES.has(name);
};

/** Whether an image lacks what it is told to run, as far as their names say so. */
export const isAbsent = (
  command = '',
  image: { readonly isBare?: boolean; readonly hasBusybox?: boolean; readonly programs?: readonly string[] },
): boolean =>
  isMissing(command) ||
  image.programs?.includes(command.replace(/^.*\//, '')) === false ||
  (image.isBare === true && isOfAShell(command)) ||
  (image.hasBusybox === true && /^(.*\/)?(bash|ss)$/.test(command));

/** What is said of one that is not: of a path that it is not there, of a name that nobody found it. Upstream: runc libcontainer/standard_init_linux.go, Go's os/exec LookPath. */
export const missingText = (command: string): string =>
  `exec: "${command}": ${command.includes('/') ? `stat ${command}: no such file or directory` : 'executable file not found in $PATH'}`;
