/**
 * kube-scheduler: finds a machine for each pod that has none. It cannot write nodeName; it POSTs a Binding.
 * Upstream: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go (v1.36). Simplified: no leader election, no preemption, one profile.
 */
import { keyOf } from '../../api/object.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { createEventRecorder, isEventAnswer, recordEvent, type EventRecorder } from '../client/event-recorder.ts';
import { identities } from '../client/identity.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { createReflectors, hasSynced, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import { runCycle, type NodeDecision, type SchedulingDecision } from './cycle.ts';
import { addPod, createMachine, machineInfos, removePod, type Machine } from './machine-info.ts';
import { createQueue, enqueuePod, flush, forget, LEFT_OVER_US, park, takeNext, wakePods, type SchedulingQueue, type Waiting } from './queue.ts';
import { plugins } from './registry.ts';

export interface SchedulerConfig { readonly api: string; readonly epochMs: number; readonly seed: number; readonly name?: string }
interface SchedulerState {
  readonly config: SchedulerConfig;
  readonly reflectors: Reflectors;
  readonly queue: SchedulingQueue;
  readonly machines: Map<string, Machine>;
  /** Pods given a machine whose binding is not seen yet. */
  readonly assumed: Map<string, string>;
  start: number;
  isCycling: boolean;
  backoffWakeAt: number;
  readonly recorder: EventRecorder;
}
type Then = { readonly bind: string; readonly machine: string; readonly waiting: Waiting } | { readonly status: string };

/** How long a cycle takes. Upstream schedules some hundreds of pods a second. */
const CYCLE_US = 1_500;
const RESOURCES = [['pods', '/api/v1/pods'], ['nodes', '/api/v1/nodes'], ['services', '/api/v1/services'], ['replicasets.apps', '/apis/apps/v1/replicasets']] as const;

export const scheduler: Component<SchedulerState, SchedulerConfig> = {
  role: 'kube-scheduler',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.scheduler });
    for (const [resource, path] of RESOURCES) startReflector(ctx, reflectors, { resource, path });
    ctx.wake(LEFT_OVER_US / 10, { leftOvers: true }, true);
    return { config, reflectors, queue: createQueue(), machines: new Map(), assumed: new Map(), start: 0, isCycling: false, backoffWakeAt: 0, recorder: createEventRecorder(config.name ?? 'default-scheduler', config.epochMs) };
  },
  handle(state, message, ctx) {
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    if (message.kind !== 'wake') return;
    const body = message.body as { readonly cycle?: true; readonly backoff?: true; readonly leftOvers?: true };
    if (body.leftOvers) { wakePods(state.queue, (w) => w.since + LEFT_OVER_US <= ctx.now, ctx.now, ctx.cause); ctx.wake(LEFT_OVER_US / 10, { leftOvers: true }, true); }
    if (body.cycle) { state.isCycling = false; cycle(state, ctx); }
    if (body.backoff) state.backoffWakeAt = 0;
    next(state, ctx);
  },
  answered(state, answer, then, ctx) {
    if (isEventAnswer(then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) return taken(state, changes, ctx);
    const t = then as Then;
    if (!('bind' in t)) return;
    const pod = viewOf(state.reflectors.cache).get<V1Pod>('pods', t.bind);
    const { code } = responseOf(answer);
    if (code === 201 && pod) recordEvent(ctx, state.recorder, state.reflectors.endpoint, pod, { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${t.bind} to ${t.machine}` });
    if (code === 201 || code === 404) return;
    unassume(state, t.bind);
    if (pod && !pod.spec?.nodeName) { park(state.queue, t.waiting, [], ctx.now); wakePods(state.queue, (w) => w.key === t.bind, ctx.now, ctx.cause); }
    next(state, ctx);
  },
  inspect: (state) => [
    { name: 'active', value: String(state.queue.active.size), rows: [...state.queue.active.values()].map(rowOf) },
    { name: 'backoff', value: String(state.queue.backoff.size), rows: [...state.queue.backoff.values()].map(rowOf) },
    { name: 'unschedulable', value: String(state.queue.unschedulable.size), rows: [...state.queue.unschedulable.values()].map(rowOf) },
    { name: 'assumed', value: String(state.assumed.size) },
  ],
};

const rowOf = (w: Waiting): { readonly name: string; readonly value: string } => ({ name: w.key, value: `${w.attempts} attempts${w.refusedBy.length > 0 ? ` · refused by ${w.refusedBy.join(', ')}` : ''}` });

function machineAt(state: SchedulerState, name: string): Machine {
  let machine = state.machines.get(name);
  if (!machine) { machine = createMachine(); state.machines.set(name, machine); }
  return machine;
}

function taken(state: SchedulerState, changes: readonly Change[], ctx: Context): void {
  for (const change of changes) {
    if (change.resource === 'pods') podChanged(state, change, ctx);
    if (change.resource === 'nodes') machineAt(state, change.object.metadata?.name ?? '').node = change.type === 'DELETED' ? undefined : (change.object as V1Node);
    const what = `${change.resource}/${change.type === 'ADDED' ? 'added' : change.type === 'DELETED' ? 'deleted' : 'updated'}`;
    if (state.queue.unschedulable.size > 0) wakePods(state.queue, (w) => isHelpful(w, what, change), ctx.now, ctx.cause);
  }
  next(state, ctx);
}

/** Only changes that a refusing plugin asks about, and of pods only those that free something. */
function isHelpful(waiting: Waiting, what: string, change: Change): boolean {
  if (what === 'nodes/updated' && !nodeMatters(change)) return false;
  if (what === 'pods/updated' && keyOf(change.object) !== waiting.key) return false;
  if (what === 'pods/added' && !(change.object as V1Pod).spec?.nodeName) return false;
  return plugins.some((p) => waiting.refusedBy.includes(p.name) && (p.retryOn ?? []).includes(what)) && (what !== 'pods/updated' || JSON.stringify((change.object as V1Pod).spec) !== JSON.stringify((change.old as V1Pod | undefined)?.spec));
}
const nodeMatters = ({ object, old }: Change): boolean => { const [a, b] = [object as V1Node, old as V1Node | undefined]; return !b || JSON.stringify([a.spec, a.metadata?.labels, a.status?.allocatable]) !== JSON.stringify([b.spec, b.metadata?.labels, b.status?.allocatable]); };

const isDone = (pod: V1Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function podChanged(state: SchedulerState, change: Change, ctx: Context): void {
  const pod = change.object as V1Pod;
  const key = keyOf(pod);
  const machine = pod.spec?.nodeName;
  if (machine) {
    forget(state.queue, key);
    const assumed = state.assumed.get(key);
    if (assumed !== undefined) { state.assumed.delete(key); if (assumed !== machine) removePod(machineAt(state, assumed), key); }
    if (change.type === 'DELETED' || isDone(pod)) removePod(machineAt(state, machine), key); else addPod(machineAt(state, machine), key, pod);
    return;
  }
  if (change.type === 'DELETED' || pod.metadata?.deletionTimestamp) { forget(state.queue, key); unassume(state, key); return; }
  if (pod.spec?.schedulerName !== (state.config.name ?? 'default-scheduler') || state.assumed.has(key)) return;
  if (plugins.some((p) => p.preEnqueue && p.preEnqueue(pod).code !== 'fits')) return;
  enqueuePod(state.queue, key, pod, ctx.now, ctx.cause);
}

function unassume(state: SchedulerState, key: string): void {
  const machine = state.assumed.get(key);
  if (machine === undefined) return;
  state.assumed.delete(key);
  removePod(machineAt(state, machine), key);
}

/** Starts the next cycle when none is running, and sees to it that back-offs end. */
function next(state: SchedulerState, ctx: Context): void {
  const due = flush(state.queue, ctx.now);
  if (due !== undefined && (state.backoffWakeAt === 0 || due < state.backoffWakeAt)) { state.backoffWakeAt = due; ctx.wake(due - ctx.now, { backoff: true }, true); }
  if (state.isCycling || state.queue.active.size === 0 || !hasSynced(state.reflectors)) return;
  state.isCycling = true;
  ctx.toForeground();
  ctx.wake(CYCLE_US, { cycle: true });
}

function cycle(state: SchedulerState, ctx: Context): void {
  const waiting = takeNext(state.queue);
  const cache = viewOf(state.reflectors.cache);
  const pod = waiting ? cache.get<V1Pod>('pods', waiting.key) : undefined;
  if (!waiting || !pod || pod.spec?.nodeName || pod.metadata?.deletionTimestamp) return;
  const attempt = waiting.attempts + 1;
  const decision = runCycle({ pod, machines: machineInfos(state.machines.values()), cache, seed: state.config.seed, attempt, start: state.start });
  state.start = decision.nextStart;
  explain(decision, ctx);
  if (decision.chosen === undefined) return refuse(state, pod, { ...waiting, attempts: attempt }, decision, ctx);
  state.assumed.set(waiting.key, decision.chosen);
  addPod(machineAt(state, decision.chosen), waiting.key, { ...pod, spec: { ...pod.spec, containers: pod.spec?.containers ?? [], nodeName: decision.chosen } });
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata?.name, namespace: pod.metadata?.namespace, uid: pod.metadata?.uid }, target: { apiVersion: 'v1', kind: 'Node', name: decision.chosen } };
  callApi(ctx, state.reflectors.endpoint, { method: 'POST', path: `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}/binding`, body: binding }, { bind: waiting.key, machine: decision.chosen, waiting: { ...waiting, attempts: attempt } } satisfies Then, { because: waiting.causes });
}

function refuse(state: SchedulerState, pod: V1Pod, waiting: Waiting, decision: SchedulingDecision, ctx: Context): void {
  park(state.queue, waiting, decision.refusedBy, ctx.now);
  const message = decision.fitError ?? '';
  recordEvent(ctx, state.recorder, state.reflectors.endpoint, pod, { type: 'Warning', reason: 'FailedScheduling', message });
  const was = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
  if (was?.message === message) return;
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: was?.status === 'False' ? was.lastTransitionTime : rfc3339(state.config.epochMs + Math.floor(ctx.now / 1000)), observedGeneration: pod.metadata?.generation };
  callApi(ctx, state.reflectors.endpoint, { method: 'PATCH', path: `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}/status`, contentType: 'application/strategic-merge-patch+json', body: { status: { conditions: [condition] } } }, { status: waiting.key } satisfies Then, { because: waiting.causes as readonly EventId[] });
}

/** Facts for people: who was excluded and why, who won and by what. */
function explain(decision: SchedulingDecision, ctx: Context): void {
  const about = `pods/${decision.pod}`;
  const pod = decision.pod.slice(decision.pod.indexOf('/') + 1);
  if (decision.chosen === undefined) { ctx.note({ says: 'scheduler/unschedulable', about, with: { pod, message: decision.fitError, attempt: decision.attempt } }); return; }
  const refused = decision.nodes.flatMap((n) => { const no = n.verdicts.find((v) => v.code !== 'fits'); return no ? [{ machine: n.name, plugin: no.plugin, reason: no.reasons[0] }] : []; });
  ctx.note({ says: 'scheduler/filtered', about, with: { pod, evaluated: decision.evaluated, feasible: decision.feasible, refused: refused.slice(0, 5) } });
  const ranked = [...decision.nodes].filter((n) => n.verdicts.every((v) => v.code === 'fits')).sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  const winner = ranked.find((n) => n.name === decision.chosen);
  const second = ranked.find((n) => n.name !== decision.chosen);
  ctx.note({ says: 'scheduler/chose', about, with: { pod, machine: decision.chosen, total: winner?.total, ...(second ? { second: second.name, by: (winner?.total ?? 0) - second.total, gains: gains(winner, second) } : {}), ...(decision.tie ? { tie: decision.tie } : {}) } });
}

function gains(winner: NodeDecision | undefined, second: NodeDecision): readonly { readonly plugin: string; readonly by: number }[] {
  return (winner?.scores ?? []).map((s) => ({ plugin: s.plugin, by: s.weighted - (second.scores.find((o) => o.plugin === s.plugin)?.weighted ?? 0) })).filter((g) => g.by !== 0);
}

