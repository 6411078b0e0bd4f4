/** The engine without the page: one synchronous library, the same code that runs in the page's worker. */
import type { Topology } from '../cluster/boot/topology.ts';
import { identities } from '../cluster/client/identity.ts';
import type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
import { connectionsOf, connectionText } from '../cluster/network/conntrack.ts';
import { rulesetOf, type LinuxState } from '../cluster/network/linux.ts';
import { interfacesOf } from '../cluster/network/routes.ts';
import { saveText } from '../cluster/network/rules.ts';
import type { Fact } from '../kernel/fact.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { hashWorld } from '../kernel/state-hash.ts';
import { copy } from '../api/machinery/patch/values.ts';
import { explain } from './explain.ts';
import { checkOptions } from './open-options.ts';
import { checkCommand, checkSession } from './session-rules.ts';
import { checkShape } from './shape.ts';
import { splitLine } from '../kubectl/argv.ts';
import { streams, type Written } from '../kubectl/written.ts';
import { advanceTo, boot, command, createEngine, replayInto, sessionOf, settle, stepEngine, type Engine } from './engine.ts';
import { insideOf } from './look.ts';
import { rowsOf, type Row } from './inside/inside-of.ts';
import { apiRequestOf, identityOf, responseHeaders, type HttpRequest } from './http.ts';
import type { ApiRequest } from '../cluster/api-request.ts';
import { requestInfo } from '../cluster/apiserver/request-info.ts';
import type { Command, ConnectRequest, Fault, LookupRequest, Session } from './session.ts';
import { walkOf, type Walk } from './walk.ts';

export type { Topology, MachineSpec } from '../cluster/boot/topology.ts';
export type { ConnectRequest, Fault, LookupRequest, Session } from './session.ts';
export type { Walk, WalkHop } from './walk.ts';
export type { TraceEvent } from '../kernel/trace.ts';
export type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
export type { Row } from './inside/inside-of.ts';
export { transcript } from '../story/transcript.ts';

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

const SECOND = 1_000_000;
const LIMIT_US = 600 * SECOND;

/** `epoch`: what the clocks on the walls show at power-on. Throws an Error that says what is wrong with the options. */
export function openCluster(options: { seed?: number; topology?: Topology; epoch?: string } = {}): Cluster {
  checkOptions(options);
  const engine = createEngine(options);
  boot(engine);
  return clusterOf(engine);
}

/** The same session gives the same digest. Throws an Error that says what is wrong with the session, before anything of it has happened when that can be known. */
export function replay(session: Session): Cluster {
  checkSession(session);
  const engine = createEngine({ seed: session.seed, topology: session.topology, epoch: session.epoch });
  boot(engine);
  replayInto(engine, session);
  return clusterOf(engine);
}

/** Runs until a note of this command appears, or time is up. */
function await_<T>(engine: Engine, says: string, n: number, limit: number): T | undefined {
  let found: T | undefined;
  const listen = (fact: Fact): void => {
    if (fact.says === says && fact.with?.session === n) found = fact.with as T;
  };
  engine.listeners.add(listen);
  while (found === undefined && stepEngine(engine, limit)) {
    /* deliver */
  }
  engine.listeners.delete(listen);
  return found;
}

/** Gives a command and collects the facts of its flow, until the one that ends it. */
function factsUntil(engine: Engine, says: string, what: Command): Fact[] {
  checkCommand(what);
  const facts: Fact[] = [];
  const n = engine.commands.length + 1;
  const listen = (fact: Fact): void => {
    if (fact.with?.flow === n || (fact.says === says && fact.with?.session === n)) facts.push(fact);
  };
  engine.listeners.add(listen);
  try {
    command(engine, what);
    await_(engine, says, n, engine.world.now + LIMIT_US);
  } finally {
    engine.listeners.delete(listen);
  }
  return facts;
}

/** Time goes on, and by a known amount. */
function spanUs(seconds: number): number {
  if (!Number.isFinite(seconds) || seconds < 0) throw new Error(`virtual time goes on by a number of seconds, not ${seconds}`);
  return Math.round(seconds * SECOND);
}

function linuxOf(engine: Engine, node: string): LinuxState {
  const state = engine.world.actors.get(`${node}/linux`)?.state as LinuxState | undefined;
  if (!state) throw new Error(`there is no machine ${node}, or it is off`);
  return state;
}

/** A watch as a request: its events, a line each, until the server ends it or 600 virtual seconds are over. */
function watched(engine: Engine, request: ApiRequest, as: HttpRequest['as']): RequestResult {
  const facts: Fact[] = [];
  const n = engine.commands.length + 1;
  const listen = (fact: Fact): void => {
    if (fact.says === 'client/event' && fact.with?.session === n) facts.push(fact);
  };
  engine.listeners.add(listen);
  command(engine, { do: 'request', request, as: identityOf(as), isWatch: true });
  const done = await_<{ readonly code: number; readonly body: unknown }>(engine, 'client/answered', n, engine.world.now + LIMIT_US);
  engine.listeners.delete(listen);
  if (!done) command(engine, { do: 'hang-up', client: `laptop/client-${n}` });
  if (done?.body !== undefined) return { status: done.code, headers: responseHeaders(done.body, undefined), body: copy(done.body) };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: facts.map((fact) => `${JSON.stringify({ type: fact.with?.type, object: fact.with?.object })}\n`).join(''),
  };
}

function clusterOf(engine: Engine): Cluster {
  return {
    get now() {
      return engine.world.now / SECOND;
    },
    kubectl(args, stdin = '') {
      const words = typeof args === 'string' ? splitLine(args) : args;
      checkCommand({ do: 'kubectl', args: words, stdin });
      const n = command(engine, { do: 'kubectl', args: words[0] === 'kubectl' ? words.slice(1) : [...words], stdin });
      const limit = engine.world.now + LIMIT_US;
      const done = await_<KubectlResult>(engine, 'kubectl/exited', n, limit);
      if (done) return { stdout: done.stdout, stderr: done.stderr, exitCode: done.exitCode };
      const state = engine.world.actors.get(`laptop/kubectl-${n}`)?.state as Written | undefined;
      const printed = { ...streams(state ?? { printed: [], errors: '' }), exitCode: 130 };
      engine.world.now = Math.max(engine.world.now, limit);
      command(engine, { do: 'hang-up', client: `laptop/kubectl-${n}` });
      return printed;
    },
    request(r) {
      const request = apiRequestOf(r);
      if (requestInfo(request)?.verb === 'watch') return watched(engine, request, r.as);
      const n = command(engine, { do: 'request', request, as: identityOf(r.as) });
      const done = await_<{ readonly code: number; readonly body: unknown; readonly warnings?: readonly string[] }>(
        engine,
        'client/answered',
        n,
        engine.world.now + LIMIT_US,
      );
      if (!done || done.code === 0) return { status: 504, headers: { 'content-type': 'application/json' }, body: copy(done?.body) };
      return { status: done.code, headers: responseHeaders(done.body, done.warnings), body: copy(done.body) };
    },
    watch(path, onEvent, options = {}) {
      checkShape('watch', { onEvent, options }, { onEvent: 'a function', options: { 'headers?': 'anything', 'onEnd?': 'a function' } });
      const { headers, onEnd } = options;
      const { query, ...asked } = apiRequestOf({ method: 'GET', path, ...(headers ? { headers } : {}) });
      const n = command(engine, {
        do: 'request',
        request: { ...asked, query: { ...query, watch: '1' } },
        as: identities.admin,
        isWatch: true,
      });
      const stop = (): void => void engine.listeners.delete(listen);
      const listen = (fact: Fact): void => {
        if (fact.with?.session !== n) return;
        if (fact.says === 'client/event') onEvent({ type: String(fact.with.type), object: copy(fact.with.object) });
        if (fact.says === 'client/answered') {
          stop();
          onEnd?.({ status: Number(fact.with.code), body: copy(fact.with.body) });
        }
      };
      engine.listeners.add(listen);
      return {
        stop() {
          stop();
          if (engine.world.actors.has(`laptop/client-${n}`)) command(engine, { do: 'hang-up', client: `laptop/client-${n}` });
        },
      };
    },
    advance(seconds) {
      advanceTo(engine, engine.world.now + spanUs(seconds));
    },
    settle(limitSeconds = 600) {
      const settled = settle(engine, engine.world.now + spanUs(limitSeconds));
      return { settled, at: engine.world.now / SECOND };
    },
    explain: (pod) => explain(engine, pod),
    connect(r) {
      const facts = factsUntil(engine, 'curl/done', { do: 'connect', connect: { ...r } });
      return walkOf(facts);
    },
    lookup(r) {
      const {
        rcode = 'TIMEOUT',
        answers = [],
        queries = [],
      } = (factsUntil(engine, 'dig/done', { do: 'lookup', lookup: { ...r } }).pop()?.with ?? {}) as {
        readonly rcode?: string;
        readonly answers?: readonly string[];
        readonly queries?: readonly string[];
      };
      return { rcode, answers, queries };
    },
    host(node) {
      const state = linuxOf(engine, node);
      return {
        ...interfacesOf(state),
        conntrack: connectionsOf(state.conntrack, engine.world.now).map((c) => connectionText(c, engine.world.now)),
      };
    },
    iptablesSave(node, table = 'nat') {
      const state = linuxOf(engine, node);
      if (!['nat', 'filter', 'mangle'].includes(table))
        throw new Error(`there is no table ${JSON.stringify(table)}: nat, filter or mangle`);
      if (table === 'mangle')
        return '*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-IPTABLES-HINT - [0:0]\n:KUBE-KUBELET-CANARY - [0:0]\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n';
      return saveText(rulesetOf(state), table);
    },
    fault(f) {
      command(engine, { ...f });
    },
    inspect(address) {
      const inside = insideOf(engine.world, address);
      if (!inside) throw new Error(`nothing runs at ${address}`);
      return rowsOf(inside);
    },
    *trace() {
      for (let i = 0; i < engine.trace.length; i++) yield engine.trace.event(i);
    },
    digest: () => `${engine.world.digest.toString(16).padStart(8, '0')}${hashWorld(engine.world).toString(16).padStart(8, '0')}`,
    session: () => sessionOf(engine),
  };
}
