/**
 * kube-controller-manager: one process, one informer a resource, many pure controllers. It owns all concurrency: queues, retries, slow starts, and that a
 * key is not reconciled again before its own writes are seen.
 * Upstream: cmd/kube-controller-manager, pkg/controller/controller_utils.go slowStartBatch (v1.36). Simplified: the queues are not rate-limited as a whole.
 */
import { kindNamed } from '../../api/registry.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import { parsePath, pathOf, resourceNameOf } from '../../api/paths.ts';
import type { Answer, Component, Context } from '../../kernel/component.ts';
import type { EventId, Us } from '../../kernel/message.ts';
import type { Fact } from '../../kernel/fact.ts';
import { assert } from '../../lib/assert.ts';
import { statusOf, type ApiRequest, type ApiResponse } from '../api-request.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { campaign, createElection, electionAnswered, electionWake, type Election } from '../client/leader-election.ts';
import { createEventRecorder, recordEvent, type EventRecorder } from '../client/event-recorder.ts';
import { eventAnswered, eventTried, type EventText } from '../client/event-writer.ts';
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
import type { ControllerEvent, Watch, WatchedChange } from './controller.ts';
import { controllers } from './registry.ts';
import { addKey, backOffUs, createWorkQueue, type WorkQueue } from './work-queue.ts';

export interface ControllerManagerConfig {
  readonly api: string;
  readonly epochMs: number;
}

interface Gone {
  readonly resource: string;
  readonly key: string;
  readonly uid: string;
}
interface Job {
  readonly controller: string;
  readonly key: string;
  writes: readonly ApiRequest[];
  readonly slowStart: number;
  readonly notes: readonly Fact[];
  readonly isToldAfter: boolean;
  next: number;
  batch: number;
  open: number;
  failed: number;
  /** resource → the newest version this job wrote */
  readonly versions: Map<string, number>;
  /** Objects that it deleted at once. */
  readonly gone: Gone[];
  readonly causes: readonly EventId[];
}
export interface ManagerState {
  readonly config: ControllerManagerConfig;
  readonly reflectors: Reflectors;
  readonly queues: Map<string, WorkQueue>;
  /** 'controller|key' */
  readonly jobs: Map<string, Job>;
  /** When a key will be looked at again: 'controller|key' → virtual µs. */
  readonly timers: Map<string, Us>;
  /** 'controller|key' → what its plan wants to be remembered. */
  readonly memories: Map<string, unknown>;
  /** 'controller|key': a worker is still busy with it. */
  readonly busy: Set<string>;
  readonly recorder: EventRecorder;
  /** Only the leader looks and acts. */
  readonly election: Election;
  isStarted: boolean;
}

/** Upstream: --concurrent-*-syncs, 5 for most controllers. */
const WORKERS = 5;
const byName = new Map(controllers.map((c) => [c.name, c]));
/** resource → who asks about its changes */
const watchers = new Map<string, { readonly controller: string; readonly watch: Watch }[]>();
for (const { name, watches } of controllers)
  for (const watch of watches) watchers.set(watch.resource, [...(watchers.get(watch.resource) ?? []), { controller: name, watch }]);

export const controllerManager: Component<ManagerState, ControllerManagerConfig> = {
  role: 'kube-controller-manager',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.controllerManager }, true);
    const election = createElection(ctx, {
      name: 'kube-controller-manager',
      component: 'kube-controller-manager',
      epochMs: config.epochMs,
    });
    campaign(ctx, election, reflectors.endpoint);
    return {
      election,
      config,
      reflectors,
      queues: new Map(controllers.map((c) => [c.name, createWorkQueue()])),
      jobs: new Map(),
      timers: new Map(),
      memories: new Map(),
      busy: new Set(),
      recorder: createEventRecorder('controller-manager', config.epochMs),
      isStarted: false,
    };
  },
  handle(state, message, ctx) {
    if (eventTried(ctx, state.reflectors.endpoint, message)) return;
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    if (message.kind === 'wake' && electionWake(message.body)) return campaign(ctx, state.election, state.reflectors.endpoint);
    const timer = message.body as { readonly timer?: string; readonly busy?: string };
    if (message.kind === 'wake' && timer.busy !== undefined) {
      state.busy.delete(timer.busy);
      return pump(state, ctx);
    }
    if (message.kind === 'wake' && timer.timer !== undefined && (state.timers.get(timer.timer) ?? Number.MAX_SAFE_INTEGER) <= ctx.now) {
      state.timers.delete(timer.timer);
      const bar = timer.timer.indexOf('|');
      enqueue(state, timer.timer.slice(0, bar), timer.timer.slice(bar + 1), ctx.cause);
      pump(state, ctx);
    }
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
    const { job: id, write } = then as { readonly job: string; readonly write: number };
    const job = state.jobs.get(id);
    if (job) finishWrite(state, job, write, answer, ctx);
  },
};

/** Starts one informer a resource. */
function lead(state: ManagerState, ctx: Context): void {
  for (const resource of [...new Set(controllers.flatMap((c) => c.watches.map((w) => w.resource)))].sort((a, b) => (a < b ? -1 : 1))) {
    const kind = kindNamed(resource);
    assert(kind, `${resource} is a kind`);
    startReflector(ctx, state.reflectors, { resource, path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural }) });
  }
}

function enqueue(state: ManagerState, controller: string, key: string, cause: EventId): void {
  const queue = state.queues.get(controller);
  if (queue) addKey(queue, key, cause);
}

function taken(state: ManagerState, changes: readonly Change[], ctx: Context): void {
  const cache = viewOf(state.reflectors.cache);
  for (const change of changes) {
    const what: WatchedChange = {
      object: change.object,
      deleted: change.type === 'DELETED',
      cache,
      ...(change.old ? { old: change.old } : {}),
    };
    for (const { controller, watch } of watchers.get(change.resource) ?? []) {
      for (const key of watch.keys(what)) enqueue(state, controller, key, ctx.cause);
      for (const event of watch.events?.(what) ?? []) writeDown(state, event, ctx);
    }
  }
  for (const [id, job] of state.jobs) if (job.open === 0 && job.next >= job.writes.length) settleJob(state, id, job, ctx);
  pump(state, ctx);
}

/** Lets every controller take keys while it has a worker free. */
function pump(state: ManagerState, ctx: Context): void {
  if (!state.isStarted) {
    if (!hasSynced(state.reflectors)) return;
    state.isStarted = true;
    ctx.note({ says: 'controller-manager/synced', about: ctx.self, with: { controllers: controllers.length } });
  }
  for (const controller of controllers) {
    const queue = state.queues.get(controller.name);
    if (!queue || queue.waiting.size === 0) continue;
    let busy = 0;
    for (const job of state.jobs.values()) if (job.controller === controller.name) busy++;
    for (const [key, causes] of queue.waiting) {
      if (busy >= (controller.workers ?? WORKERS)) break;
      const id = `${controller.name}|${key}`;
      if (state.jobs.has(id) || state.busy.has(id)) continue;
      queue.waiting.delete(key);
      if (reconcile(state, controller.name, key, causes, ctx)) busy++;
    }
  }
}

function reconcile(state: ManagerState, controller: string, key: string, causes: readonly EventId[], ctx: Context): boolean {
  const id = `${controller}|${key}`;
  const memory = state.memories.get(id);
  const plan = byName.get(controller)?.reconcile(key, viewOf(state.reflectors.cache), {
    nowUs: ctx.now,
    epochMs: state.config.epochMs,
    ...(memory === undefined ? {} : { memory }),
  });
  if (!plan) return false;
  if (plan.memory !== undefined) state.memories.set(id, Object.freeze(plan.memory));
  else if (memory !== undefined) state.memories.delete(id);
  if (plan.busyUs !== undefined) {
    state.busy.add(id);
    ctx.wake(plan.busyUs, { busy: id });
  }
  if (plan.againAfterUs !== undefined) lookAgain(state, id, plan.againAfterUs, ctx, plan.isUnderWay !== true);
  if (!plan.isToldAfter || plan.writes.length === 0) for (const note of plan.notes) ctx.note(note);
  if (plan.writes.length === 0) {
    state.queues.get(controller)?.failures.delete(key);
    return false;
  }
  const job: Job = {
    controller,
    key,
    writes: plan.writes,
    slowStart: plan.slowStart ?? 0,
    notes: plan.notes,
    isToldAfter: plan.isToldAfter === true,
    next: 0,
    batch: 1,
    open: 0,
    failed: 0,
    versions: new Map(),
    gone: [],
    causes: [...causes],
  };
  state.jobs.set(id, job);
  sendNext(state, id, job, ctx);
  return true;
}

function lookAgain(state: ManagerState, id: string, after: Us, ctx: Context, background: boolean): void {
  const due = ctx.now + after;
  const pending = state.timers.get(id);
  if (pending !== undefined && pending <= due && pending > ctx.now) return;
  state.timers.set(id, due);
  ctx.wake(after, { timer: id }, background);
}

function sendNext(state: ManagerState, id: string, job: Job, ctx: Context): void {
  const inSlowStart = job.next < job.slowStart;
  const size = inSlowStart ? Math.min(job.batch, job.slowStart - job.next) : 1;
  if (inSlowStart) job.batch *= 2;
  for (let i = 0; i < size; i++) {
    const write = job.next++;
    job.open++;
    callApi(ctx, state.reflectors.endpoint, job.writes[write], { job: id, write }, { because: job.causes });
  }
}

function finishWrite(state: ManagerState, job: Job, write: number, answer: Answer, ctx: Context): void {
  const id = `${job.controller}|${job.key}`;
  job.open--;
  const response = responseOf(answer);
  const request = job.writes[write];
  if (response.code === 0 || response.code >= 400) {
    const isFine = response.code === 404 && request.method === 'DELETE';
    if (!isFine) {
      const isFirst = job.failed === 0;
      job.failed = response.code || 1;
      job.next = job.writes.length;
      if (isFirst && isRefusal(response)) refuse(state, job, response, ctx);
    }
  } else {
    const body = response.body as KubeObject | undefined;
    remember(job, request, body);
    emitEvents(state, job, write, body?.metadata?.name ?? parsePath(request.path)?.name ?? '', ctx);
  }
  if (job.open > 0) return;
  if (job.next < job.writes.length) return sendNext(state, id, job, ctx);
  if (job.isToldAfter && job.failed === 0) for (const note of job.notes) ctx.note(note);
  settleJob(state, id, job, ctx);
  pump(state, ctx);
}

function remember(job: Job, request: ApiRequest, body: KubeObject | undefined): void {
  const path = parsePath(request.path);
  if (!path || !body?.metadata) return;
  const resource = resourceNameOf(path.group, path.plural);
  if (request.method === 'DELETE' && path.name === undefined) {
    // The list's own revision is of the whole store: this resource's watch may never come to it.
    for (const item of (body as { readonly items?: readonly KubeObject[] }).items ?? [])
      job.gone.push({ resource, uid: item.metadata?.uid ?? '', key: keyOf(item) });
    return;
  }
  const version = Number(body.metadata.resourceVersion ?? 0);
  const uid = (request.body as { readonly preconditions?: { readonly uid?: string } } | undefined)?.preconditions?.uid;
  const key = path.namespace === undefined ? (path.name ?? '') : `${path.namespace}/${path.name ?? ''}`;
  if (version > 0) job.versions.set(resource, Math.max(version, job.versions.get(resource) ?? 0));
  else if (uid !== undefined) job.gone.push({ resource, uid, key });
}

/** A job is over when the cache shows what it wrote; then the key may be taken again. */
function settleJob(state: ManagerState, id: string, job: Job, ctx: Context): void {
  for (const [resource, version] of job.versions) if ((state.reflectors.byResource.get(resource)?.version ?? version) < version) return;
  const cache = viewOf(state.reflectors.cache);
  for (let last = job.gone.at(-1); last; last = job.gone.at(-1)) {
    const seen = state.reflectors.byResource.has(last.resource) ? cache.get(last.resource, last.key)?.metadata : undefined;
    if (seen?.uid === last.uid && !seen.deletionTimestamp) return;
    job.gone.pop();
  }
  state.jobs.delete(id);
  const queue = state.queues.get(job.controller);
  if (!queue) return;
  if (job.failed === 0) {
    queue.failures.delete(job.key);
    if (job.writes.length > 0) addKey(queue, job.key, ctx.cause);
    return;
  }
  lookAgain(state, id, backOffUs(queue, job.key), ctx, (queue.failures.get(job.key) ?? 0) > 8);
}

/** `write`: the write whose success the Event tells of, when it is not the last. A message with $name is said once for each write in [from, to). */
type EventWish = EventText & Partial<ControllerEvent> & { readonly write?: number; readonly from?: number; readonly to?: number };

/** The Events that a plan's facts ask for: one for each created or deleted object, or one when its write is done. */
function emitEvents(state: ManagerState, job: Job, write: number, name: string, ctx: Context): void {
  for (const note of job.notes) {
    const wish = note.with?.event as EventWish | undefined;
    if (!wish) continue;
    const isEach = wish.message.includes('$name');
    const isDue = isEach
      ? write >= (wish.from ?? 0) && write < (wish.to ?? (job.slowStart || job.writes.length))
      : write === (wish.write ?? job.writes.length - 1);
    if (isDue) emit(state, note, { ...wish, message: wish.message.replace('$name', name) }, ctx);
  }
}

/** Who an Event says it is from: 'deployment/scaled' → deployment-controller. */
function sourceOf(says: string): string {
  const [area] = says.split('/');
  return SOURCES[area] ?? `${area}-controller`;
}
const SOURCES: Readonly<Record<string, string>> = {
  'node-lifecycle': 'node-controller',
  nodelifecycle: 'node-controller',
  node: 'node-controller',
  endpointslice: 'endpoint-slice-controller',
  podgc: 'pod-garbage-collector',
  garbagecollector: 'garbage-collector-controller',
};

function emit(state: ManagerState, note: Fact, event: EventText & Partial<ControllerEvent>, ctx: Context): void {
  const ref = /^([^/]+)\/(.+)$/.exec(note.about ?? '');
  const { component = sourceOf(note.says), regarding = ref ? viewOf(state.reflectors.cache).get(ref[1], ref[2]) : undefined } = event;
  if (regarding) writeDown(state, { ...event, component, regarding }, ctx);
}

function writeDown(state: ManagerState, { component, regarding, type, reason, message }: ControllerEvent, ctx: Context): void {
  recordEvent(ctx, { ...state.recorder, source: Object.freeze({ component }) }, state.reflectors.endpoint, regarding, {
    type,
    reason,
    message,
  });
}

const FAILED: Readonly<Record<string, readonly [string, string]>> = {
  SuccessfulCreate: ['FailedCreate', 'Error creating'],
  SuccessfulDelete: ['FailedDelete', 'Error deleting'],
};

/** Not a conflict that a fresh look resolves, nor a namespace in which nothing can be made any more. Upstream: CreatePods, manageReplicas. */
function isRefusal(response: ApiResponse): boolean {
  return (
    response.code >= 400 &&
    response.code !== 409 &&
    !statusOf(response)?.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating')
  );
}

/** Tells what was refused: in an Event, and in what the controller writes down. Upstream: controller_utils.go FailedCreatePodReason. */
function refuse(state: ManagerState, job: Job, response: ApiResponse, ctx: Context): void {
  const said = statusOf(response)?.message ?? '';
  for (const note of job.notes) {
    const reason = (note.with?.event as EventWish | undefined)?.reason ?? '';
    if (Object.hasOwn(FAILED, reason))
      emit(state, note, { type: 'Warning', reason: FAILED[reason][0], message: `${FAILED[reason][1]}: ${said}` }, ctx);
  }
  const written =
    byName
      .get(job.controller)
      ?.refused?.(job.key, viewOf(state.reflectors.cache), { nowUs: ctx.now, epochMs: state.config.epochMs }, said) ?? [];
  job.writes = [...job.writes, ...written];
}
