/** The engine without the page: one synchronous library, the same code that runs in the page's worker. */
import { copy } from '../api/machinery/patch/values.ts';
import type { Topology } from '../cluster/boot/topology.ts';
import { hashWorld } from '../kernel/state-hash.ts';
import { explain } from './explain.ts';
import { checkOptions } from './open-options.ts';
import { checkSession } from './session-rules.ts';
import { advanceTo, boot, command, createEngine, replayInto, sessionOf, settle, type Engine } from './engine.ts';
import { insideOf } from './look.ts';
import { rowsOf } from './inside/inside-of.ts';
import { factsUntil, lookedUp, openedWatch, ranKubectl, requested } from './calls.ts';
import type { Cluster } from './cluster.ts';
import { hostOf, iptablesOf } from './host.ts';
import { checkMachines } from './machine-rules.ts';
import type { Session } from './session.ts';
import { told } from './shape.ts';
import { walkOf } from './walk.ts';

export type { Cluster, HostNetwork, KubectlResult, RequestResult } from './cluster.ts';
export type { Topology, MachineSpec } from '../cluster/boot/topology.ts';
export type { ConnectRequest, Fault, LookupRequest, Session } from './session.ts';
export type { Walk, WalkHop } from './walk.ts';
export type { TraceEvent } from '../kernel/trace.ts';
export type { SchedulingDecision } from '../cluster/scheduler/framework.ts';
export type { Row } from './inside/inside-of.ts';
export { transcript } from '../story/transcript.ts';

const SECOND = 1_000_000;
/** A year: longer spans are milliseconds taken for seconds, and would run for days. */
const LONGEST_S = 31_536_000;

/** `epoch`: what the clocks on the walls show at power-on. Throws an Error that says what is wrong with the options. */
export function openCluster(options: { seed?: number; topology?: Topology; epoch?: string } = {}): Cluster {
  checkOptions(options);
  checkMachines(options.topology);
  const engine = createEngine(copy(options) as typeof options);
  boot(engine);
  return clusterOf(engine);
}

/** The same session gives the same digest. Throws an Error that says what is wrong with the session, before anything of it has happened when that can be known. */
export function replay(given: Session): Cluster {
  checkSession(given);
  checkMachines(given.topology);
  const session = copy(given) as Session;
  const engine = createEngine({ seed: session.seed, topology: session.topology, epoch: session.epoch });
  boot(engine);
  replayInto(engine, session);
  return clusterOf(engine);
}

/** Time goes on, and by a known amount. */
function spanUs(seconds: number, most = Number.MAX_VALUE): number {
  if (!(Number.isFinite(seconds) && seconds >= 0)) throw new Error(`virtual time goes on by a number of seconds, not ${told(seconds)}`);
  if (seconds > most) throw new Error(`virtual time goes on by at most ${most} seconds at once, a year, not by ${seconds}`);
  return Math.round(seconds * SECOND);
}

function clusterOf(engine: Engine): Cluster {
  return {
    get now() {
      return engine.world.now / SECOND;
    },
    kubectl: (args, stdin = '') => ranKubectl(engine, args, stdin),
    request: (r) => requested(engine, r),
    watch: (path, onEvent, options = {}) => openedWatch(engine, path, onEvent, options),
    advance(seconds) {
      advanceTo(engine, engine.world.now + spanUs(seconds, LONGEST_S));
    },
    settle(limitSeconds = 600) {
      const settled = settle(engine, engine.world.now + spanUs(limitSeconds));
      return { settled, at: engine.world.now / SECOND };
    },
    explain(pod) {
      if (typeof pod !== 'string' || !pod.includes('/')) throw new Error(`explain wants a pod as 'namespace/name', not ${told(pod)}`);
      return explain(engine, pod);
    },
    connect: (r) => walkOf(factsUntil(engine, 'curl/done', { do: 'connect', connect: r })),
    lookup: (r) => lookedUp(engine, r),
    host: (node) => hostOf(engine, node),
    iptablesSave: (node, table = 'nat') => iptablesOf(engine, node, table),
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
    session: () => copy(sessionOf(engine)) as Session,
  };
}
