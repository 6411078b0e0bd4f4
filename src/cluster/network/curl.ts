/** Two small programs that a person runs in a pod or on a machine: `curl` asks for a page, `dig` for a name. Simplified: TLS is not encrypted, a connection is given up after 10 s. */
import type { Answer, Component, Context } from '../../kernel/component.ts';
import { parseIp } from '../../lib/ip.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { CURL } from '../runtime/shell/network-commands.ts';
import type { DnsQuery, DnsReply } from './coredns.ts';
import type { SocketCall, SocketReply } from './packet.ts';
import { LAPTOP } from './laptop.ts';
import { addressesIn, candidates, type ResolvConf } from './resolver.ts';
import type { Target } from './target.ts';

/** Where a program runs: its kernel, its network namespace and its resolver. */
export interface Place {
  readonly linux: string;
  readonly ns: string;
  readonly dns?: ResolvConf;
  readonly session: number;
}
export interface CurlConfig extends Place {
  readonly target: Target;
  readonly method: string;
  readonly hostHeader: string;
  readonly sourcePort?: number;
}
export interface DigConfig extends Place {
  readonly name: string;
  readonly type: DnsQuery['type'];
}
export type Verdict = 'answered' | 'refused' | 'timeout' | 'nxdomain';
interface Asking {
  readonly names: readonly string[];
  readonly queries: string[];
}
export interface CurlState extends Asking {
  readonly config: CurlConfig;
}
interface DigState extends Asking {
  readonly config: DigConfig;
  hasName: boolean;
}
type Then = { readonly step: 'dns' } | { readonly step: 'http'; readonly ip: string };

const CONNECT_US = 10_000_000;
/** Source: resolv.conf(5): RES_TIMEOUT. */
const DNS_US = 5_000_000;

export const curl: Component<CurlState, CurlConfig> = {
  role: 'curl',
  start(config, ctx) {
    const { host } = config.target;
    const isIp = parseIp(host) !== undefined;
    const state: CurlState = {
      config,
      names: isIp || host === 'localhost' || !config.dns ? [] : candidates(host, config.dns),
      queries: [],
    };
    if (isIp) connect(state, host, ctx);
    else if (host === 'localhost') connect(state, '127.0.0.1', ctx);
    else if (!config.dns)
      finish(state, ctx, 'nxdomain', {
        why: `Could not resolve host: ${host}: this place asks a resolver outside the cluster, which knows nothing of the cluster's names`,
      });
    else ask(config, state, 'A', ctx);
    return state;
  },
  handle() {
    /* nobody calls a curl */
  },
  answered(state, answer, then, ctx) {
    const t = then as Then;
    if (t.step === 'http') {
      over(state, answer, t.ip, ctx);
      return;
    }
    const reply = dnsReply(answer);
    if (typeof reply === 'string') {
      finish(state, ctx, answer.outcome === 'deadline' ? 'timeout' : 'refused', {
        why: `Could not resolve host: ${state.config.target.host}: ${reply}`,
      });
      return;
    }
    const [ip] = addressesIn(reply.answer);
    if (ip !== undefined) connect(state, ip, ctx);
    else if (!ask(state.config, state, 'A', ctx))
      finish(state, ctx, 'nxdomain', { why: `Could not resolve host: ${state.config.target.host}` });
  },
};

export const dig: Component<DigState, DigConfig> = {
  role: 'dig',
  start(config, ctx) {
    const state: DigState = { config, names: config.dns ? candidates(config.name, config.dns) : [], queries: [], hasName: false };
    if (!ask(config, state, config.type, ctx)) found(state, ctx, 'NXDOMAIN', []);
    return state;
  },
  handle() {
    /* nobody calls a dig */
  },
  answered(state, answer, _then, ctx) {
    const reply = dnsReply(answer);
    if (typeof reply === 'string') {
      found(state, ctx, answer.outcome === 'deadline' ? 'TIMEOUT' : 'REFUSED', []);
      return;
    }
    if (reply.rcode === 'NOERROR' && reply.answer.length > 0) {
      found(state, ctx, 'NOERROR', reply.answer);
      return;
    }
    // A name that exists and has no such record is remembered while others are tried. Source: glibc res_nsearch, got_nodata.
    if (reply.rcode === 'NOERROR') state.hasName = true;
    if (!ask(state.config, state, state.config.type, ctx)) found(state, ctx, state.hasName ? 'NOERROR' : reply.rcode, []);
  },
};

/** Asks for the next name; false when none is left. */
function ask({ dns, linux, ns, session }: Place, state: Asking, type: DnsQuery['type'], ctx: Context): boolean {
  const name = state.names[state.queries.length];
  if (name === undefined || !dns) return false;
  state.queries.push(name);
  const call: SocketCall = {
    protocol: 'socket',
    ns,
    proto: 'udp',
    dst: dns.nameserver,
    dport: 53,
    payload: { protocol: 'dns', name, type } satisfies DnsQuery,
    flow: session,
  };
  ctx.call(linux, call, { step: 'dns' } satisfies Then, { deadlineUs: DNS_US });
  return true;
}

/** The name server's answer, or why there is none. */
function dnsReply(answer: Answer): DnsReply['answer'] | string {
  if (answer.outcome === 'deadline') return 'the name server did not answer';
  const reply = answer.body as SocketReply | undefined;
  if (answer.outcome === 'refused' || reply?.outcome !== 'data')
    return `the name server is not there (${reply?.why ?? 'connection refused'})`;
  return (reply.payload as DnsReply).answer;
}

function connect(state: CurlState, ip: string, ctx: Context): void {
  const { target, method, linux, ns, session, hostHeader, sourcePort } = state.config;
  const payload: HttpCall = {
    protocol: 'http',
    method,
    path: target.path,
    port: target.port,
    host: hostHeader,
    from: ns,
    agent: CURL,
    ...(ctx.host === LAPTOP ? { flow: session } : {}),
  };
  const call: SocketCall = {
    protocol: 'socket',
    ns,
    proto: target.proto,
    dst: ip,
    dport: target.port,
    payload,
    flow: session,
    ...(sourcePort === undefined ? {} : { sport: sourcePort }),
  };
  ctx.call(linux, call, { step: 'http', ip } satisfies Then, { deadlineUs: CONNECT_US });
}

function over(state: CurlState, answer: Answer, ip: string, ctx: Context): void {
  const at = `${ip} port ${state.config.target.port}`;
  if (answer.outcome === 'deadline') {
    finish(state, ctx, 'timeout', { why: `Failed to connect to ${at}: Connection timed out` });
    return;
  }
  const reply = answer.body as SocketReply | undefined;
  if (reply?.outcome === 'data') {
    const http = reply.payload as HttpReply;
    finish(state, ctx, 'answered', { status: http.status, body: http.body, why: `HTTP ${http.status}` });
    return;
  }
  finish(state, ctx, reply?.outcome === 'unreachable' ? 'timeout' : 'refused', {
    why: `Failed to connect to ${at}: ${reply?.why ?? 'Connection refused'}`,
  });
}

function finish(
  state: CurlState,
  ctx: Context,
  verdict: Verdict,
  more: { readonly why: string; readonly status?: number; readonly body?: string },
): void {
  ctx.note({
    says: 'curl/done',
    about: `flows/${state.config.session}`,
    with: {
      session: state.config.session,
      flow: state.config.session,
      verdict,
      host: state.config.target.host,
      port: state.config.target.port,
      ...more,
    },
  });
  ctx.exit(ctx.self, { exitCode: verdict === 'answered' ? 0 : verdict === 'nxdomain' ? 6 : verdict === 'timeout' ? 28 : 7 });
}

function found(state: DigState, ctx: Context, rcode: string, answers: readonly string[]): void {
  ctx.note({
    says: 'dig/done',
    about: `flows/${state.config.session}`,
    with: { session: state.config.session, rcode, answers, queries: [...state.queries], name: state.config.name, why: rcode },
  });
  ctx.exit(ctx.self, { exitCode: rcode === 'NOERROR' ? 0 : 1 });
}
