/** What is said to a process in a container, and what it says. */

export interface HttpCall {
  readonly protocol: 'http';
  readonly method: string;
  readonly path: string;
  readonly port: number;
  readonly host?: string;
  /** The address that the server sees. */
  readonly from: string;
  readonly agent?: string;
  /** Of a request that goes through a tunnel: whose packets those behind it are, for people only. */
  readonly flow?: number;
}

export interface HttpReply {
  readonly protocol: 'http';
  readonly status: number;
  readonly body: string;
  readonly refused?: true;
}

/** Runs a command beside the process, as `kubectl exec`, exec probes and hooks do. Simplified: without `takesTime` its sleeps are skipped. */
export interface ExecCall {
  readonly protocol: 'exec';
  readonly command: readonly string[];
  readonly takesTime?: boolean;
  /** When it is ended at the latest. */
  readonly limitUs?: number;
  readonly typed?: Typed;
  /** The first processes of the pod's containers, where they see each other's. */
  readonly processes?: readonly PodProcess[];
}
/** What somebody types at a shell: a line or a key. Nothing: what it says next is waited for. Without a shell one begins. */
export interface Typed {
  readonly shell?: number;
  readonly text: string;
  /** A key that comes while something runs: another call waits for what is said. */
  readonly isKey?: true;
  /** Who typed has gone. */
  readonly isGone?: true;
  /** The shell is the container's first process. */
  readonly isMain?: true;
}
export interface PodProcess {
  readonly pid: number;
  readonly uid: number;
  /** What `ps` calls it. */
  readonly title: string;
  readonly address: string;
}

export interface ExecReply {
  readonly protocol: 'exec';
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** A shell that goes on, which is at its prompt or still runs something. */
  readonly shell?: number;
  readonly prompt?: string;
  /** Why it did not begin, in containerd's words; without the id that it would have had. */
  readonly error?: string;
}

export interface LogsQuery {
  readonly protocol: 'logs';
  readonly id: string;
}

export interface Signal {
  readonly protocol: 'signal';
  readonly signal: 'SIGTERM' | 'SIGKILL';
}

/** How a process ended, for the runtime, and what it wrote as its last word. */
export interface Ended {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}
