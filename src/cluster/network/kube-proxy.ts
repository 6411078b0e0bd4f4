/**
 * kube-proxy: turns Services and EndpointSlices into rules of its machine's kernel. It is never in a packet's path.
 * Upstream: pkg/proxy/iptables/proxier.go, pkg/proxy/node.go NodeManager, pkg/util/async bounded_frequency_runner (v1.36: at most one sync a second). Simplified: every sync is a full one; a port of its own that another process has is not told of.
 */
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1EndpointSlice, V1Node, V1Service } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import type { Cache } from '../client/cache.ts';
import { EVERYTHING } from '../api-request.ts';
import { identities } from '../client/identity.ts';
import { createSeriesRecorder, recordSeries } from '../client/event-series.ts';
import { eventAnswered, eventTried } from '../client/event-writer.ts';
import { viewOf } from '../client/indexed-cache.ts';
import {
  createReflectors,
  hasSynced,
  reflected,
  reflectedAnswer,
  startReflector,
  type Change,
  type Reflectors,
} from '../client/reflector.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { pageAt } from './health-port.ts';
import type { Listen } from './packet.ts';
import { healthChecks, serviceHealth, type HealthChecks } from './service-health.ts';

export interface KubeProxyConfig {
  readonly api: string;
  readonly machine: string;
  readonly ip: string;
  readonly epochMs: number;
}
/** What the kernel is told: the objects that the rules follow from, so that machines share them and each rule is built when somebody looks. */
export interface IptablesRestore {
  readonly protocol: 'iptables-restore';
  readonly services: readonly V1Service[];
  readonly slices: readonly V1EndpointSlice[];
  /** Where the machine is. */
  readonly zone?: string;
}
export interface RulesChange {
  readonly service: string;
  readonly was: number | null;
  readonly now: number | null;
}
export interface ProxyState {
  readonly config: KubeProxyConfig;
  readonly reflectors: Reflectors;
  lastSync: number;
  isWaiting: boolean;
  syncs: number;
  /** Ready endpoints by Service, as the rules have them. */
  ready: Readonly<Record<string, number>>;
  zone: string | undefined;
  /** The ports on which load balancers ask it. */
  checks: HealthChecks;
}

/** What another proxy, or none, is for is not looked at. */
const PROXIED = { labelSelector: '!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name' };
const MIN_SYNC_US = 1_000_000;
const WORK_US = 20_000;

/** Upstream: --healthz-bind-address 0.0.0.0:10256. */
const HEALTHZ_PORT = 10256;

/** Upstream: --metrics-bind-address 127.0.0.1:10249; cmd/kube-proxy/app/server.go serveMetrics. Simplified: no metrics. */
const METRICS_PORT = 10249;
const METRICS = { '/healthz': 'ok', '/proxyMode': 'iptables' };

function answerHttp(state: ProxyState, call: HttpCall, now: number): HttpReply {
  const service = state.checks[call.port];
  if (service !== undefined) return serviceHealth(viewOf(state.reflectors.cache), service, state.config.machine, state.syncs > 0);
  return call.port === HEALTHZ_PORT && /^\/(healthz|livez)$/.test(call.path)
    ? healthz(state, now)
    : pageAt(call.port === METRICS_PORT ? METRICS : {}, call);
}

/** Upstream: pkg/proxy/healthcheck/proxy_health.go. */
function healthz({ config, syncs, lastSync }: ProxyState, now: number): HttpReply {
  const at = (us: number): string => rfc3339(config.epochMs + Math.floor(us / 1000));
  return {
    protocol: 'http',
    status: syncs > 0 ? 200 : 503,
    body: JSON.stringify({ lastUpdated: at(lastSync), currentTime: at(now), nodeEligible: true }),
  };
}

export const kubeProxy: Component<ProxyState, KubeProxyConfig> = {
  role: 'kube-proxy',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.kubeProxy });
    startReflector(ctx, reflectors, { resource: 'services', path: '/api/v1/services', query: PROXIED, concern: EVERYTHING });
    startReflector(ctx, reflectors, {
      resource: 'endpointslices.discovery.k8s.io',
      path: '/apis/discovery.k8s.io/v1/endpointslices',
      query: PROXIED,
      concern: EVERYTHING,
    });
    startReflector(ctx, reflectors, {
      resource: 'nodes',
      path: '/api/v1/nodes',
      query: { fieldSelector: `metadata.name=${config.machine}` },
    });
    // Upstream: birthCry; its reference to the machine has the name as uid.
    recordSeries(
      ctx,
      createSeriesRecorder('kube-proxy', config.epochMs),
      reflectors.endpoint,
      { apiVersion: '', kind: 'Node', metadata: { name: config.machine, uid: config.machine } },
      { type: 'Normal', reason: 'Starting', action: 'StartKubeProxy', message: '' },
    );
    ctx.send(`${config.machine}/linux`, {
      protocol: 'listen',
      ns: config.ip,
      ports: [
        { proto: 'tcp', port: HEALTHZ_PORT },
        { proto: 'tcp', port: METRICS_PORT, isLoopback: true },
      ],
      name: 'kube-proxy',
    } satisfies Listen);
    return { config, reflectors, lastSync: -MIN_SYNC_US, isWaiting: false, syncs: 0, ready: {}, zone: undefined, checks: {} };
  },
  handle(state, message, ctx) {
    if (eventTried(ctx, state.reflectors.endpoint, message)) return;
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    if (message.kind === 'wake') {
      state.isWaiting = false;
      sync(state, ctx);
    }
    if (message.kind === 'call' && (message.body as HttpCall).protocol === 'http')
      ctx.reply(answerHttp(state, message.body as HttpCall, ctx.now));
  },
  answered(state, answer, then, ctx) {
    if (eventAnswered(ctx, state.reflectors.endpoint, answer, then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) taken(state, changes, ctx);
  },
};

function taken(state: ProxyState, changes: readonly Change[], ctx: Context): void {
  if (changes.length === 0 || state.isWaiting || !hasSynced(state.reflectors)) return;
  // Of its machine nothing but the place concerns it.
  if (state.syncs > 0 && changes.every(({ resource }) => resource === 'nodes') && zoneOf(state) === state.zone) return;
  state.isWaiting = true;
  ctx.wake(Math.max(WORK_US, state.lastSync + MIN_SYNC_US - ctx.now), { sync: true });
}

const zoneOf = ({ config, reflectors }: ProxyState): string | undefined =>
  viewOf(reflectors.cache).get<V1Node>('nodes', config.machine)?.metadata?.labels?.['topology.kubernetes.io/zone'];

function sync(state: ProxyState, ctx: Context): void {
  const { services, slices, ready, checks } = knownTo(viewOf(state.reflectors.cache));
  state.lastSync = ctx.now;
  state.syncs++;
  ctx.note({
    says: 'kube-proxy/synced',
    about: `nodes/${state.config.machine}`,
    with: {
      machine: state.config.machine,
      services: services.length,
      endpoints: Object.values(ready).reduce((n, r) => n + r, 0),
      changed: changesBetween(state.ready, ready),
    },
  });
  state.ready = ready;
  state.zone = zoneOf(state);
  ctx.send(`${state.config.machine}/linux`, {
    protocol: 'iptables-restore',
    services,
    slices,
    ...(state.zone === undefined ? {} : { zone: state.zone }),
  } satisfies IptablesRestore);
  followChecks(state, checks, ctx);
}

/** Opens the ports of Services that are new, and closes those of the ones that are gone. */
function followChecks(state: ProxyState, checks: HealthChecks, ctx: Context): void {
  const missingIn = (those: HealthChecks, ports: HealthChecks): Listen['ports'] =>
    Object.keys(ports)
      .filter((port) => !(port in those))
      .map((port) => ({ proto: 'tcp', port: Number(port) }));
  const { machine, ip } = state.config;
  const [ports, closes] = [missingIn(state.checks, checks), missingIn(checks, state.checks)];
  state.checks = checks;
  if (ports.length > 0 || closes.length > 0)
    ctx.send(`${machine}/linux`, { protocol: 'listen', ns: ip, ports, closes, name: 'kube-proxy' } satisfies Listen);
}

interface Known {
  readonly services: readonly V1Service[];
  readonly slices: readonly V1EndpointSlice[];
  readonly ready: Readonly<Record<string, number>>;
  readonly checks: HealthChecks;
}
/** What the last proxy knew. Those that have seen the same Services and slices, which is nearly always all of them, share lists and counts. */
let latest: Known | undefined;

function knownTo(cache: Cache): Known {
  const services = cache.list<V1Service>('services');
  const slices = cache.list<V1EndpointSlice>('endpointslices.discovery.k8s.io');
  if (!latest || !sameItems(latest.services, services) || !sameItems(latest.slices, slices))
    latest = deepFreeze({ services, slices, ready: readyByService(services, slices), checks: healthChecks(services) });
  return latest;
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, i) => item === b[i]);

const keyOf = (namespace: string | undefined, name: string | undefined): string => `${namespace}/${name}`;

const readyCounts = new WeakMap<V1EndpointSlice, number>();
function readyIn(slice: V1EndpointSlice): number {
  let count = readyCounts.get(slice);
  if (count === undefined) {
    count = (slice.endpoints ?? []).filter((e) => e.conditions?.ready ?? true).length;
    readyCounts.set(slice, count);
  }
  return count;
}

function readyByService(services: readonly V1Service[], slices: readonly V1EndpointSlice[]): Readonly<Record<string, number>> {
  const ready: Record<string, number> = Object.fromEntries(services.map((s) => [keyOf(s.metadata?.namespace, s.metadata?.name), 0]));
  for (const slice of slices) {
    const key = keyOf(slice.metadata?.namespace, slice.metadata?.labels?.['kubernetes.io/service-name']);
    if (key in ready) ready[key] += readyIn(slice);
  }
  return ready;
}

/** What a sync changes for Services: endpoints before and after; null is a Service without rules. At most eight are told. */
function changesBetween(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): readonly RulesChange[] {
  const keys = [...Object.keys(after), ...Object.keys(before).filter((k) => !(k in after))];
  return keys
    .map((service) => ({ service, was: before[service] ?? null, now: after[service] ?? null }))
    .filter((c) => c.was !== c.now)
    .slice(0, 8);
}
