/** A session is the whole truth: engine, seed, topology and the user's commands. Everything else is a cache of it. */
import type { ApiRequest } from '../cluster/api-request.ts';
import type { Topology } from '../cluster/boot/topology.ts';
import type { Identity } from '../cluster/client/identity.ts';
import type { Us } from '../kernel/message.ts';

export type Fault =
  | {
      readonly do: 'kill' | 'stop' | 'start' | 'pause' | 'resume';
      /** 'worker-1', 'worker-1/kubelet', 'default/web-x7k2p/nginx', 'default/web-x7k2p/pause' */
      readonly what: string;
    }
  | { readonly do: 'partition' | 'heal'; readonly a: string; readonly b: string }
  | { readonly do: 'slow'; readonly a: string; readonly b: string; readonly factor: number };

/** `from`: 'namespace/pod', 'node/NAME', 'internet', or 'laptop', where kubectl runs and `kubectl port-forward` listens. */
export interface ConnectRequest {
  readonly from: string;
  readonly to: string;
  readonly method?: string;
  readonly host?: string;
  readonly protocol?: 'TCP' | 'UDP';
  readonly sourcePort?: number;
}
export interface LookupRequest {
  readonly from: string;
  readonly name: string;
  readonly type?: 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME';
}

export type Command =
  /** `isTerminal`: its words come from somebody who may type more. */
  | { readonly do: 'kubectl'; readonly args: readonly string[]; readonly stdin: string; readonly isTerminal?: true }
  /** A line, with its end, or a key that goes to a kubectl that reads them. */
  | { readonly do: 'type'; readonly client: string; readonly text: string }
  | { readonly do: 'request'; readonly request: ApiRequest; readonly as: Identity; readonly isWatch?: true }
  | { readonly do: 'hang-up'; readonly client: string }
  | { readonly do: 'connect'; readonly connect: ConnectRequest }
  | { readonly do: 'lookup'; readonly lookup: LookupRequest }
  | Fault;

export interface Session {
  /** Digests are comparable only for equal engines. */
  readonly engine: string;
  readonly seed: number;
  /** The RFC 3339 instant of virtual 0. */
  readonly epoch: string;
  readonly topology: Topology;
  /** A command takes effect after every delivery due at or before `at`, in list order. */
  readonly commands: readonly { readonly at: Us; readonly command: Command }[];
  /** How far it had run when it was written down; without it, to its last command. */
  readonly head?: {
    readonly at: Us;
    readonly delivered: number;
    /** With those that found nobody, or were called off. */
    readonly taken?: number;
  };
}
export const ENGINE = '0.1.0';
export const EPOCH = '2026-05-04T09:00:00Z';
