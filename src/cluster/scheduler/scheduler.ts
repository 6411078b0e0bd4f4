/**
 * kube-scheduler: finds a machine for each pod that has none. It cannot write nodeName; it POSTs a Binding.
 * Upstream: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go (v1.36). Simplified: no extenders, no permit, reserve and preBind plugins.
 */
import { keyOf } from '../../api/object.ts';
import { withMore } from '../../lib/with-more.ts';
import { pathOf } from '../../api/paths.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { kindNamed } from '../../api/registry.ts';
import type { V1Node, V1Pod, V1PodCondition } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { Us } from '../../kernel/message.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { campaign, createElection, electionAnswered, electionWake, type Election } from '../client/leader-election.ts';
import { createSeriesRecorder, recordSeries, seriesLookedAt, type SeriesRecorder } from '../client/event-series.ts';
import { eventAnswered, eventTried } from '../client/event-writer.ts';
import { identities } from '../client/identity.ts';
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
import { healthAsked, openHealthPort } from '../network/health-port.ts';
import { helpful, isAssigned } from './cluster-event.ts';
import { decide, type SchedulingDecision } from './framework.ts';
import { addPod, createFleet, machineInfos, removePod, setNode, type Fleet } from './machine-info.ts';
import { noteDecision } from './narrate.ts';
import { createNominator, followNomination, nominate, nominatedPods, removeNomination, type Nominator } from './nominator.ts';
import binder from './plugins/default-binder.ts';
import { askAgain, isPreempting, prepareCandidate, victimAnswered, type Preempting, type VictimThen } from './preemption-executor.ts';
import { defaultProfile, profileOf, type Profile } from './profile.ts';
import {
  activateNow,
  backOff,
  createQueue,
  enqueuePod,
  flush,
  FLUSH_US,
  forget,
  hasNext,
  isQueued,
  park,
  takeNext,
  wake,
  wakeLeftOvers,
  type SchedulingQueue,
  type Waiting,
} from './queue.ts';

/** `configuration`: a KubeSchedulerConfiguration. */
export interface SchedulerConfig {
  readonly api: string;
  readonly epochMs: number;
  readonly seed: number;
  readonly ip: string;
  readonly pod: string;
  readonly configuration?: object;
}
export interface SchedulerState {
  readonly config: SchedulerConfig;
  readonly reflectors: Reflectors;
  readonly queue: SchedulingQueue;
  readonly fleet: Fleet;
  /** Pods given a machine whose binding is not seen yet. */
  readonly assumed: Map<string, string>;
  readonly nominator: Nominator;
  readonly preempting: Map<string, Preempting>;
  /** Where the next cycle starts to look. */
  start: number;
  isCycling: boolean;
  backoffWakeAt: Us;
  readonly recorder: SeriesRecorder;
  /** Only the leader looks and acts. Upstream's informers run before that; here they start with it. */
  readonly election: Election;
}
type Then = { readonly bind: string; readonly machine: string; readonly waiting: Waiting } | { readonly status: string } | VictimThen;

/** How long a cycle takes. Upstream schedules some hundreds of pods a second. */
const CYCLE_US = 1_500;
const RESOURCES = ['namespaces', 'nodes', 'pods', 'replicasets.apps', 'services', 'statefulsets.apps'];

export const scheduler: Component<SchedulerState, SchedulerConfig> = {
  role: 'kube-scheduler',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.scheduler });
    const election = createElection(ctx, { name: 'kube-scheduler', component: 'default-scheduler', epochMs: config.epochMs });
    campaign(ctx, election, reflectors.endpoint);
    openHealthPort(ctx, { ...config, port: 10259 });
    ctx.wake(FLUSH_US, { leftOvers: true }, true);
    return {
      election,
      config,
      reflectors,
      queue: createQueue(),
      fleet: createFleet(),
      assumed: new Map(),
      nominator: createNominator(),
      preempting: new Map(),
      start: 0,
      isCycling: false,
      backoffWakeAt: 0,
      recorder: createSeriesRecorder('default-scheduler', config.epochMs),
    };
  },
  handle(state, message, ctx) {
    if (eventTried(ctx, state.reflectors.endpoint, message) || seriesLookedAt(ctx, state.recorder, state.reflectors.endpoint, message))
      return;
    if (healthAsked(ctx, message)) return;
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    if (message.kind !== 'wake') return;
    if (electionWake(message.body)) return campaign(ctx, state.election, state.reflectors.endpoint);
    const body = message.body as { readonly cycle?: true; readonly backoff?: true; readonly leftOvers?: true } | VictimThen;
    if ('victim' in body) return askAgain(state, body, ctx);
    if (body.leftOvers) {
      wakeLeftOvers(state.queue, ctx.now, ctx.cause);
      ctx.wake(FLUSH_US, { leftOvers: true }, true);
    }
    if (body.cycle) {
      state.isCycling = false;
      cycle(state, ctx);
    }
    if (body.backoff) state.backoffWakeAt = 0;
    next(state, ctx);
  },
  answered(state, answer, then, ctx) {
    if (eventAnswered(ctx, state.reflectors.endpoint, answer, then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) return taken(state, changes, ctx);
    const elected = electionAnswered(ctx, state.election, state.reflectors.endpoint, answer, then);
    if (elected) {
      if (elected === 'acquired') lead(state, ctx);
      return;
    }
    const t = then as Then;
    if ('bind' in t) bound(state, t, responseOf(answer).code, ctx);
    if ('victim' in t && victimAnswered(state, t, responseOf(answer), ctx)) {
      activateNow(state.queue, t.preemptor);
      next(state, ctx);
    }
  },
};

function lead(state: SchedulerState, ctx: Context): void {
  for (const resource of RESOURCES) {
    const kind = kindNamed(resource);
    if (kind)
      startReflector(ctx, state.reflectors, { resource, path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural }) });
  }
}

const profiles = new WeakMap<object, Map<string, Profile | undefined>>();
/** The profile that answers for a pod; none when the pod asks for another scheduler. */
function profileFor(config: SchedulerConfig, pod: V1Pod): Profile | undefined {
  const name = pod.spec?.schedulerName ?? defaultProfile.name;
  if (!config.configuration) return name === defaultProfile.name ? defaultProfile : undefined;
  let known = profiles.get(config.configuration);
  if (!known) {
    known = new Map();
    profiles.set(config.configuration, known);
  }
  if (!known.has(name)) known.set(name, profileOf(config.configuration, name));
  return known.get(name);
}

function taken(state: SchedulerState, changes: readonly Change[], ctx: Context): void {
  for (const change of changes) {
    if (change.resource === 'pods') podChanged(state, change, ctx);
    if (change.resource === 'nodes')
      setNode(state.fleet, change.object.metadata?.name ?? '', change.type === 'DELETED' ? undefined : (change.object as V1Node));
    if (state.queue.unschedulable.size === 0) continue;
    const cache = viewOf(state.reflectors.cache);
    for (const key of helpful(state.queue, change, (waiting) => cache.get<V1Pod>('pods', waiting)))
      if (!isPreempting(state, key)) wake(state.queue, key, ctx.now, ctx.cause);
  }
  next(state, ctx);
}

function podChanged(state: SchedulerState, change: Change, ctx: Context): void {
  const pod = change.object as V1Pod;
  const key = keyOf(pod);
  const machine = pod.spec?.nodeName;
  if (machine) {
    forget(state.queue, key);
    removeNomination(state.nominator, key);
    const assumed = state.assumed.get(key);
    if (assumed !== undefined) {
      state.assumed.delete(key);
      if (assumed !== machine) removePod(state.fleet, assumed, key);
    }
    if (change.type === 'DELETED' || !isAssigned(pod)) removePod(state.fleet, machine, key);
    else addPod(state.fleet, machine, key, pod);
    return;
  }
  if (change.type === 'DELETED' || pod.metadata?.deletionTimestamp) {
    forget(state.queue, key);
    removeNomination(state.nominator, key);
    unassume(state, key);
    return;
  }
  if (state.assumed.has(key)) return;
  const profile = profileFor(state.config, pod);
  if (!profile || profile.plugins.some(({ plugin }) => plugin.preEnqueue && plugin.preEnqueue(pod).code !== 'fits')) return;
  followNomination(state.nominator, pod, change.old as V1Pod | undefined);
  if (!isQueued(state.queue, key)) enqueuePod(state.queue, key, pod, ctx.now, ctx.cause);
}

function unassume(state: SchedulerState, key: string): void {
  const machine = state.assumed.get(key);
  if (machine === undefined) return;
  state.assumed.delete(key);
  removePod(state.fleet, machine, key);
}

/** Starts the next cycle when none is running, and sees to it that back-offs end. */
function next(state: SchedulerState, ctx: Context): void {
  const due = flush(state.queue, ctx.now);
  if (due !== undefined && (state.backoffWakeAt === 0 || due < state.backoffWakeAt)) {
    state.backoffWakeAt = due;
    ctx.wake(due - ctx.now, { backoff: true }, true);
  }
  if (state.isCycling || !hasNext(state.queue) || !hasSynced(state.reflectors)) return;
  state.isCycling = true;
  ctx.toForeground();
  ctx.wake(CYCLE_US, { cycle: true });
}

function decideFor(state: SchedulerState, pod: V1Pod, attempt: number, record: boolean): SchedulingDecision {
  const cache = viewOf(state.reflectors.cache);
  const nominated = nominatedPods(state.nominator, (key) => cache.get<V1Pod>('pods', key));
  return decide(
    {
      pod,
      machines: machineInfos(state.fleet),
      imageHolders: state.fleet.imageHolders,
      groups: state.fleet.groups,
      cache,
      seed: state.config.seed,
      attempt,
      start: state.start,
      profile: profileFor(state.config, pod),
      nominated,
    },
    { record },
  );
}

/** Everything that the cycle about to run will find for this pod: for the engine, which replays to just before a cycle to explain it. */
export function explainCycle(state: SchedulerState, key: string): SchedulingDecision | undefined {
  const pod = viewOf(state.reflectors.cache).get<V1Pod>('pods', key);
  const waiting = state.queue.active.get(key) ?? state.queue.backoff.get(key) ?? state.queue.unschedulable.get(key);
  return pod && waiting ? decideFor(state, pod, waiting.attempts + 1, true) : undefined;
}

function cycle(state: SchedulerState, ctx: Context): void {
  const taken = takeNext(state.queue);
  const pod = taken ? viewOf(state.reflectors.cache).get<V1Pod>('pods', taken.key) : undefined;
  if (!taken || !pod || pod.spec?.nodeName || pod.metadata?.deletionTimestamp) return;
  const waiting: Waiting = withMore(taken, { attempts: taken.attempts + 1 });
  const decision = decideFor(state, pod, waiting.attempts, false);
  state.start = decision.nextStart;
  noteDecision(ctx, decision, pod);
  if (decision.chosen === undefined) return refuse(state, pod, waiting, decision, ctx);
  state.assumed.set(waiting.key, decision.chosen);
  removeNomination(state.nominator, waiting.key);
  addPod(state.fleet, decision.chosen, waiting.key, pod);
  callApi(
    ctx,
    state.reflectors.endpoint,
    binder.bind(pod, decision.chosen),
    { bind: waiting.key, machine: decision.chosen, waiting } satisfies Then,
    { because: waiting.causes },
  );
}

/** The answer to a Binding. A pod that could not be bound is tried again later. */
function bound(
  state: SchedulerState,
  { bind: key, machine, waiting }: Extract<Then, { readonly bind: string }>,
  code: number,
  ctx: Context,
): void {
  const pod = viewOf(state.reflectors.cache).get<V1Pod>('pods', key);
  if (code === 201 || code === 200) {
    ctx.note({ says: 'scheduler/bound', about: `pods/${key}`, with: { pod: key.slice(key.indexOf('/') + 1), machine } });
    if (pod)
      recordSeries(ctx, state.recorder, state.reflectors.endpoint, pod, {
        type: 'Normal',
        reason: 'Scheduled',
        action: 'Binding',
        message: `Successfully assigned ${key} to ${machine}`,
      });
    return;
  }
  unassume(state, key);
  if (code !== 404 && pod && !pod.spec?.nodeName && !pod.metadata?.deletionTimestamp) {
    ctx.note({ says: 'scheduler/binding-failed', about: `pods/${key}`, with: { pod: pod.metadata?.name, machine, code } });
    backOff(state.queue, waiting, ctx.now);
    writeStatus(state, pod, nominationOf(pod, ''), waiting, ctx);
  }
  next(state, ctx);
}

/** Upstream: truncateMessage. */
const NOTE_LIMIT = 1024;
const truncated = (message: string): string => (message.length <= NOTE_LIMIT ? message : `${message.slice(0, NOTE_LIMIT - 4)} ...`);

/** Puts the pod aside, and says why on it. When it may take others' place, it waits for their end. */
function refuse(state: SchedulerState, pod: V1Pod, waiting: Waiting, decision: SchedulingDecision, ctx: Context): void {
  const { preemption, nominatedNodeName, fitError: message = '' } = decision;
  if (preemption?.node !== undefined) prepareCandidate(state, pod, preemption, waiting.causes, ctx);
  park(state.queue, waiting, decision.refusedBy, ctx.now);
  nominate(state.nominator, waiting.key, nominatedNodeName ?? pod.status?.nominatedNodeName ?? '');
  recordSeries(ctx, state.recorder, state.reflectors.endpoint, pod, {
    type: 'Warning',
    reason: 'FailedScheduling',
    action: 'Scheduling',
    message: truncated(message),
  });
  writeStatus(state, pod, { ...nominationOf(pod, nominatedNodeName), ...conditionOf(state, pod, message, ctx.now) }, waiting, ctx);
}

function writeStatus(state: SchedulerState, pod: V1Pod, status: object, waiting: Waiting, ctx: Context): void {
  if (Object.keys(status).length > 0)
    callApi(
      ctx,
      state.reflectors.endpoint,
      {
        method: 'PATCH',
        path: `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}/status`,
        contentType: 'application/strategic-merge-patch+json',
        body: { status },
      },
      { status: waiting.key } satisfies Then,
      { because: waiting.causes },
    );
}

function conditionOf(
  { config }: SchedulerState,
  pod: V1Pod,
  message: string,
  now: Us,
): { readonly conditions?: readonly V1PodCondition[] } {
  const was = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
  if (was?.message === message && was.status === 'False') return {};
  const lastTransitionTime = was?.status === 'False' ? was.lastTransitionTime : rfc3339(config.epochMs + Math.floor(now / 1000));
  return {
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastTransitionTime,
        observedGeneration: pod.metadata?.generation,
      },
    ],
  };
}

function nominationOf({ status }: V1Pod, name: string | undefined): { readonly nominatedNodeName?: string | null } {
  return name === undefined || name === (status?.nominatedNodeName ?? '') ? {} : { nominatedNodeName: name === '' ? null : name };
}
