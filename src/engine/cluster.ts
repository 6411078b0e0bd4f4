/** A cluster as its callers have it: the names are a contract. */
import type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { Row } from './inside/inside-of.ts';
import type { ConnectRequest, Fault, LookupRequest, Session } from './session.ts';
import type { Walk } from './walk.ts';

export interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
export interface RequestResult {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export interface Cluster {
  /** Virtual seconds since power-on. */
  readonly now: number;
  /** Runs until the command exits, at most 600 virtual seconds; then as after Ctrl-C (130). */
  kubectl(args: string | readonly string[], stdin?: string): KubectlResult;
  /** The Kubernetes REST API; the default identity is the admin of admin.conf. The body is the caller's own, to change and to send back; of a watch it is its events, a line each. */
  request(r: {
    method: string;
    path: string;
    body?: unknown;
    headers?: Record<string, string>;
    as?: { user: string; groups?: readonly string[] };
  }): RequestResult;
  /** `headers`: Accept may ask for Tables or metadata alone. `onEnd`: the server has closed the stream, or refused it. */
  watch(
    path: string,
    onEvent: (event: { type: string; object: unknown }) => void,
    options?: { headers?: Record<string, string>; onEnd?: (answer: { readonly status: number; readonly body: unknown }) => void },
  ): { stop(): void };
  advance(seconds: number): void;
  /** Until no foreground message is pending; the default limit is 600 virtual seconds. */
  settle(limitSeconds?: number): { settled: boolean; at: number };
  /** Sends one request and follows its packets, rule by rule, there and back. Throws an Error when `from` or `to` names nothing. */
  connect(r: ConnectRequest): Walk;
  /** What a process there is told when it asks for a name, with every name that its search list made it ask for. */
  lookup(r: LookupRequest): { rcode: string; answers: readonly string[]; queries: readonly string[] };
  /** A machine's network, as `ip -j link|addr|route|neigh`, `bridge -j fdb` and `conntrack -L` say it. */
  host(node: string): HostNetwork;
  /** 'namespace/name' → one decision an attempt: verdict per machine and plugin, raw and normalised scores, weights, totals. */
  explain(pod: string): readonly SchedulingDecision[];
  /** As iptables-save prints it. */
  iptablesSave(node: string, table?: 'nat' | 'filter' | 'mangle'): string;
  /** Throws an Error when the fault names nothing that is there. */
  fault(f: Fault): void;
  inspect(address: string): readonly Row[];
  trace(): Iterable<TraceEvent>;
  digest(): string;
  session(): Session;
}

export interface HostNetwork {
  readonly links: readonly object[];
  readonly addresses: readonly object[];
  readonly routes: readonly object[];
  readonly neighbours: readonly object[];
  readonly fdb: readonly object[];
  readonly conntrack: readonly string[];
}
