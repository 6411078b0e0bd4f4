/** What runs in an ordinary container, as a step machine whose state is data: servers that answer, and small shell scripts. */
import type { AccessLog } from './access-log.ts';
import { KNOWN_COMMANDS } from './shell/commands.ts';
import { pathOf } from './shell/listing.ts';
import { compileScript, type Step } from './shell/parse.ts';

export type { Step };

export interface Behaviour {
  readonly kind: 'server' | 'oneshot' | 'forever';
  /** What its process is called, where it is not as its image. */
  readonly title?: string;
  /** Ports it listens on when the manifest declares none. */
  readonly ports?: readonly number[];
  readonly startup?: readonly string[];
  /** What it says when another process has its $port. */
  readonly bindError?: string;
  /** How it logs requests; without it, it does not. */
  readonly accessLog?: AccessLog;
  /** The body of an answer; $host, $pod, $path, $ip, $client, $method are filled in, and $tag, the image's without a v. */
  readonly body?: string;
  /** The folder of its pages: any other page is not found. Without it every path answers with the body. */
  readonly root?: string;
  readonly startUs?: number;
  /** Whether SIGTERM ends it at once. */
  readonly ignoresTerm?: boolean;
  /** What SIGTERM makes it end with; 0 where nothing is said. A Go program that does not catch it: 2, as the kernel kills no first process by it. Upstream: Go's runtime/signal_unix.go dieFromSignal. */
  readonly termCode?: number;
  /** From so long after its start this path answers 500. */
  readonly fails?: { readonly path: string; readonly afterUs: number };
  /** Memory that it takes as it starts, bytes. */
  readonly memory?: number;
}

/** Names that say themselves that there is no such executable; every other one is there. */
export const isMissing = (command = ''): boolean =>
  /no-?_?such|(^|\/)nope|missing|does-?not-?exist|non-?exist|not-?found|(^|\/)(invalid|bogus|fake|wrong|typo)/i.test(command);

/** Images of one program and nothing else, by their names. Source: their Dockerfiles (`FROM scratch` or distroless). */
export const isBareImage = (image: string): boolean =>
  /(^|\/)(pause|whoami|http-echo|hello-app|hello-world|coredns|etcd|kube-(apiserver|controller-manager|scheduler))(:|@|$)|distroless/.test(
    image,
  );
/** What such an image lacks: a shell, and what comes with one. */
export const isOfAShell = (command = ''): boolean => {
  const name = command.replace(/^.*\//, '');
  return SHELLS.has(name) || KNOWN_COMMANDS.has(name);
};

/** What is said of one that is not: of a path that it is not there, of a name that nobody found it. Upstream: runc libcontainer/standard_init_linux.go, Go's os/exec LookPath. */
export const missingText = (command: string): string =>
  `exec: "${command}": ${command.includes('/') ? `stat ${command}: no such file or directory` : 'executable file not found in $PATH'}`;

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const SHELLS = new Set(['sh', 'bash', 'ash']);
export const isShell = (word: string): boolean => SHELLS.has(word.replace(/^.*\//, ''));
/** A shell without a script reads what is typed. It waits for ever where nobody types, and does not hear SIGTERM. */
export const INTERACTIVE: Behaviour = { kind: 'forever', ignoresTerm: true };

/** A script that is nothing but a program of the image: '/opt/app/bin/start.sh --port 80'. */
function isProgram(script: string, files: ReadonlyMap<string, string>): boolean {
  const path = /^\s*(?:exec\s+)?(\.{0,2}\/[\w./-]+)(?:\s+[\w./:=,@%+-]+)*\s*$/.exec(script)?.[1];
  return path !== undefined && !isMissing(path) && !files.has(path.replace(/^\./, '')) && !KNOWN_COMMANDS.has(path.replace(/^.*\//, ''));
}

/** What a container is told to run; undefined means a program of the image that is no script. `files`: what is mounted, by path. */
export function programOf(words: readonly string[], files: ReadonlyMap<string, string>, cwd?: string): readonly Step[] | undefined {
  if (words.length === 0) return undefined;
  const name = words[0].replace(/^.*\//, '');
  const mounted = words[0].includes('/') ? files.get(pathOf(words[0], cwd)) : undefined;
  if (mounted !== undefined) return compileScript(mounted);
  if (isShell(name) && words.length > 1) {
    const at = words.findIndex((word, i) => i > 0 && /^-\w*c$/.test(word));
    if (at < 0) return compileScript(files.get(pathOf(words.find((word, i) => i > 0 && !word.startsWith('-')) ?? '', cwd)) ?? '');
    if (isProgram(words[at + 1] ?? '', files)) return undefined;
    return compileScript(words[at + 1] ?? 'echo "sh: option requires an argument -- c"; exit 2');
  }
  return KNOWN_COMMANDS.has(name) || (name === 'nginx' && words[1] === '-s') ? [{ op: 'run', words: words.map(quoted) }] : undefined;
}
