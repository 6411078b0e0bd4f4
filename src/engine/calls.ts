/** What is asked of a cluster from outside and awaited: kubectl, requests, watches, packets, names. */
import { copy } from '../api/machinery/patch/values.ts';
import type { ApiRequest } from '../cluster/api-request.ts';
import { requestInfo } from '../cluster/apiserver/request-info.ts';
import type { Fact } from '../kernel/fact.ts';
import { splitLine } from '../kubectl/argv.ts';
import { streams, type Written } from '../kubectl/written.ts';
import type { Cluster, KubectlResult, RequestResult } from './cluster.ts';
import { command, stepEngine, type Engine } from './engine.ts';
import { apiRequestOf, identityOf, responseHeaders, type HttpRequest } from './http.ts';
import type { Command, LookupRequest } from './session.ts';
import { checkCommand } from './session-rules.ts';
import { checkShape } from './shape.ts';

/** How long an answer is waited for: 600 virtual seconds. */
const LIMIT_US = 600_000_000;
interface Answered {
  readonly code: number;
  readonly body: unknown;
  readonly warnings?: readonly string[];
}

/** Runs until one of these notes of this command appears, or time is up. */
function awaited<T>(engine: Engine, says: string | readonly string[], n: number, limit: number): T | undefined {
  let found: T | undefined;
  const listen = (fact: Fact): void => {
    if ((typeof says === 'string' ? fact.says === says : says.includes(fact.says)) && fact.with?.session === n) found = fact.with as T;
  };
  engine.listeners.add(listen);
  while (found === undefined && stepEngine(engine, limit)) {
    /* deliver */
  }
  engine.listeners.delete(listen);
  return found;
}

/** Gives a command and collects the facts of its flow, until the one that ends it. */
export function factsUntil(engine: Engine, says: string, asked: Command): Fact[] {
  checkCommand(asked);
  const what = copy(asked) as Command;
  const facts: Fact[] = [];
  const n = engine.commands.length + 1;
  const listen = (fact: Fact): void => {
    if (fact.with?.flow === n || (fact.says === says && fact.with?.session === n)) facts.push(fact);
  };
  engine.listeners.add(listen);
  try {
    command(engine, what);
    awaited(engine, says, n, engine.world.now + LIMIT_US);
  } finally {
    engine.listeners.delete(listen);
  }
  return facts;
}

/** A line that ends in & goes on beside what comes after it, once it has said that it listens. */
export function ranKubectl(engine: Engine, args: string | readonly string[], stdin: string): KubectlResult {
  const all = typeof args === 'string' ? splitLine(args) : args;
  checkCommand({ do: 'kubectl', args: all, stdin });
  const isBeside = all.at(-1) === '&';
  const words = isBeside ? all.slice(0, -1) : all;
  const n = command(engine, { do: 'kubectl', args: words[0] === 'kubectl' ? words.slice(1) : [...words], stdin });
  const limit = engine.world.now + LIMIT_US;
  const done = awaited<Partial<KubectlResult>>(engine, isBeside ? ['kubectl/exited', 'kubectl/printed'] : 'kubectl/exited', n, limit);
  const { stdout = '', stderr = '', exitCode } = done ?? {};
  if (exitCode !== undefined) return { stdout, stderr, exitCode };
  const state = engine.world.actors.get(`laptop/kubectl-${n}`)?.state as Written | undefined;
  const printed = { ...streams(state ?? { printed: [], errors: '' }), exitCode: isBeside ? 0 : 130 };
  if (isBeside) return printed;
  engine.world.now = Math.max(engine.world.now, limit);
  command(engine, { do: 'hang-up', client: `laptop/kubectl-${n}` });
  return printed;
}

export function requested(engine: Engine, r: HttpRequest): RequestResult {
  const request = apiRequestOf(r);
  if (requestInfo(request)?.verb === 'watch') return watched(engine, request, r.as);
  const n = command(engine, { do: 'request', request, as: identityOf(r.as, request) });
  const done = awaited<Answered>(engine, 'client/answered', n, engine.world.now + LIMIT_US);
  if (!done || done.code === 0) return { status: 504, headers: { 'content-type': 'application/json' }, body: copy(done?.body) };
  return { status: done.code, headers: responseHeaders(done.body, done.warnings), body: copy(done.body) };
}

/** A watch as a request: its events, a line each, until the server ends it or 600 virtual seconds are over. */
function watched(engine: Engine, request: ApiRequest, as: HttpRequest['as']): RequestResult {
  const facts: Fact[] = [];
  const n = engine.commands.length + 1;
  const listen = (fact: Fact): void => {
    if (fact.says === 'client/event' && fact.with?.session === n) facts.push(fact);
  };
  engine.listeners.add(listen);
  command(engine, { do: 'request', request, as: identityOf(as, request), isWatch: true });
  const done = awaited<Answered>(engine, 'client/answered', n, engine.world.now + LIMIT_US);
  engine.listeners.delete(listen);
  if (!done) command(engine, { do: 'hang-up', client: `laptop/client-${n}` });
  if (done?.body !== undefined) return { status: done.code, headers: responseHeaders(done.body, undefined), body: copy(done.body) };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: facts.map((fact) => `${JSON.stringify({ type: fact.with?.type, object: fact.with?.object })}\n`).join(''),
  };
}

export function openedWatch(
  engine: Engine,
  path: string,
  onEvent: Parameters<Cluster['watch']>[1],
  options: NonNullable<Parameters<Cluster['watch']>[2]>,
): { stop(): void } {
  checkShape('watch', { onEvent, options }, { onEvent: 'a function', options: { 'headers?': 'anything', 'onEnd?': 'a function' } });
  const { headers, onEnd } = options;
  const { query, ...asked } = apiRequestOf({ method: 'GET', path, ...(headers ? { headers } : {}) });
  const n = command(engine, {
    do: 'request',
    request: { ...asked, query: { ...query, watch: '1' } },
    as: identityOf(undefined, asked),
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
}

export function lookedUp(engine: Engine, lookup: LookupRequest): ReturnType<Cluster['lookup']> {
  const done = factsUntil(engine, 'dig/done', { do: 'lookup', lookup }).pop();
  const { rcode = 'TIMEOUT', answers = [], queries = [] } = (done?.with ?? {}) as Partial<ReturnType<Cluster['lookup']>>;
  return { rcode, answers, queries };
}
