/**
 * kube-controller-manager: one process, one informer a resource, many pure controllers. It owns all concurrency: queues, retries, slow starts, and that a
 * key is not reconciled again before its own writes are seen.
 * Upstream: cmd/kube-controller-manager, pkg/controller/controller_utils.go slowStartBatch (v1.36). Simplified: no leader election.
 */
import { kindNamed } from '../../api/registry.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import { parsePath, pathOf, resourceNameOf } from '../../api/paths.ts';
import type { Answer, Component, Context } from '../../kernel/component.ts';
import type { EventId, Us } from '../../kernel/message.ts';
import type { Fact } from '../../kernel/fact.ts';
import { assert } from '../../lib/assert.ts';
import type { ApiRequest } from '../api-request.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { createEventRecorder, isEventAnswer, recordEvent, type EventRecorder, type EventText } from '../client/event-recorder.ts';
import { identities } from '../client/identity.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { createReflectors, hasSynced, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import { controllers } from './registry.ts';
import { addKey, backOffUs, createWorkQueue, type WorkQueue } from './work-queue.ts';

export interface ControllerManagerConfig { readonly api: string; readonly epochMs: number }

interface Written { readonly resource: string; readonly version: number; /** Set for a delete: gone when no object of this uid is cached. */ readonly uid?: string; readonly key: string }
interface Job {
  readonly controller: string;
  readonly key: string;
  readonly writes: readonly ApiRequest[];
  readonly slowStart: number;
  readonly notes: readonly Fact[];
  next: number;
  batch: number;
  open: number;
  failed: number;
  readonly written: Written[];
  readonly causes: readonly EventId[];
}
interface ManagerState {
  readonly config: ControllerManagerConfig;
  readonly reflectors: Reflectors;
  readonly queues: Map<string, WorkQueue>;
  /** 'controller|key' */
  readonly jobs: Map<string, Job>;
  /** When a key will be looked at again: 'controller|key' → virtual µs. */
  readonly timers: Map<string, Us>;
  readonly recorder: EventRecorder;
  isStarted: boolean;
}

/** Upstream: --concurrent-*-syncs, 5 for most controllers. */
const WORKERS = 5;
const byName = new Map(controllers.map((c) => [c.name, c]));

export const controllerManager: Component<ManagerState, ControllerManagerConfig> = {
  role: 'kube-controller-manager',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.controllerManager });
    for (const resource of [...new Set(controllers.flatMap((c) => c.watches.map((w) => w.resource)))].sort((a, b) => (a < b ? -1 : 1))) {
      const kind = kindNamed(resource);
      assert(kind, `${resource} is a kind`);
      startReflector(ctx, reflectors, { resource, path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural }) });
    }
    return { config, reflectors, queues: new Map(controllers.map((c) => [c.name, createWorkQueue()])), jobs: new Map(), timers: new Map(), recorder: createEventRecorder('controller-manager', config.epochMs), isStarted: false };
  },
  handle(state, message, ctx) {
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    const timer = message.body as { readonly timer?: string };
    if (message.kind === 'wake' && timer.timer !== undefined && (state.timers.get(timer.timer) ?? Number.MAX_SAFE_INTEGER) <= ctx.now) {
      state.timers.delete(timer.timer);
      const bar = timer.timer.indexOf('|');
      enqueue(state, timer.timer.slice(0, bar), timer.timer.slice(bar + 1), ctx.cause);
      pump(state, ctx);
    }
  },
  answered(state, answer, then, ctx) {
    if (isEventAnswer(then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) return taken(state, changes, ctx);
    const { job: id, write } = then as { readonly job: string; readonly write: number };
    const job = state.jobs.get(id);
    if (job) finishWrite(state, job, write, answer, ctx);
  },
  inspect: (state) => [
    { name: 'informers', value: '', rows: [...state.reflectors.byResource.values()].map((r) => ({ name: r.resource, value: `${viewOf(state.reflectors.cache).count(r.resource)} objects${r.hasSynced ? '' : ' · not synced'}` })) },
    ...[...state.queues].map(([name, queue]) => ({ name, value: `${queue.waiting.size} waiting · ${[...state.jobs.values()].filter((j) => j.controller === name).length} at work`, rows: [...queue.waiting.keys()].map((key) => ({ name: key, value: 'waiting' })) })),
  ],
};

function enqueue(state: ManagerState, controller: string, key: string, cause: EventId): void {
  const queue = state.queues.get(controller);
  if (queue) addKey(queue, key, cause);
}

function taken(state: ManagerState, changes: readonly Change[], ctx: Context): void {
  const cache = viewOf(state.reflectors.cache);
  for (const change of changes) {
    const what = { object: change.object, deleted: change.type === 'DELETED', cache, ...(change.old ? { old: change.old } : {}) };
    for (const controller of controllers) for (const watch of controller.watches) if (watch.resource === change.resource) for (const key of watch.keys(what)) enqueue(state, controller.name, key, ctx.cause);
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
      if (state.jobs.has(id)) continue;
      queue.waiting.delete(key);
      if (reconcile(state, controller.name, key, causes, ctx)) busy++;
    }
  }
}

function reconcile(state: ManagerState, controller: string, key: string, causes: readonly EventId[], ctx: Context): boolean {
  const plan = byName.get(controller)?.reconcile(key, viewOf(state.reflectors.cache), { nowUs: ctx.now, epochMs: state.config.epochMs });
  if (!plan) return false;
  const id = `${controller}|${key}`;
  if (plan.againAfterUs !== undefined) lookAgain(state, id, plan.againAfterUs, ctx, true);
  for (const note of plan.notes) ctx.note(note);
  if (plan.writes.length === 0) { state.queues.get(controller)?.failures.delete(key); return false; }
  const job: Job = { controller, key, writes: plan.writes, slowStart: plan.slowStart ?? 0, notes: plan.notes, next: 0, batch: 1, open: 0, failed: 0, written: [], causes: [...causes] };
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
    if (!isFine) { job.failed = response.code || 1; job.next = job.writes.length; }
  } else remember(job, request, response.body as KubeObject);
  if (job.failed === 0) emitEvents(state, job, write, response.body as KubeObject, ctx);
  if (job.open > 0) return;
  if (job.next < job.writes.length) return sendNext(state, id, job, ctx);
  settleJob(state, id, job, ctx);
  pump(state, ctx);
}

function remember(job: Job, request: ApiRequest, body: KubeObject | undefined): void {
  const path = parsePath(request.path);
  if (!path || !body?.metadata) return;
  const resource = resourceNameOf(path.group, path.plural);
  const version = Number(body.metadata.resourceVersion ?? 0);
  const uid = (request.body as { readonly preconditions?: { readonly uid?: string } } | undefined)?.preconditions?.uid;
  const key = path.namespace === undefined ? (path.name ?? '') : `${path.namespace}/${path.name ?? ''}`;
  if (version > 0) job.written.push({ resource, version, key: keyOf(body) });
  else if (uid !== undefined) job.written.push({ resource, version: 0, uid, key });
}

/** A job is over when the cache shows what it wrote; then the key may be taken again. */
function settleJob(state: ManagerState, id: string, job: Job, ctx: Context): void {
  const cache = viewOf(state.reflectors.cache);
  const isSeen = ({ resource, version, uid, key }: Written): boolean => {
    const reflector = state.reflectors.byResource.get(resource);
    if (!reflector) return true;
    return uid === undefined ? reflector.version >= version : cache.get(resource, key)?.metadata?.uid !== uid;
  };
  if (!job.written.every(isSeen)) return;
  state.jobs.delete(id);
  const queue = state.queues.get(job.controller);
  if (!queue) return;
  if (job.failed === 0) { queue.failures.delete(job.key); if (job.writes.length > 0) addKey(queue, job.key, ctx.cause); return; }
  lookAgain(state, id, backOffUs(queue, job.key), ctx, (queue.failures.get(job.key) ?? 0) > 8);
}

/** The Events that a plan's facts ask for: one for each created or deleted object, or one when all is written. */
function emitEvents(state: ManagerState, job: Job, write: number, body: KubeObject | undefined, ctx: Context): void {
  for (const note of job.notes) {
    const text = note.with?.event as EventText | undefined;
    const ref = /^([^/]+)\/(.+)$/.exec(note.about ?? '');
    const about = ref ? viewOf(state.reflectors.cache).get(ref[1], ref[2]) : undefined;
    if (!text || !about) continue;
    const path = parsePath(job.writes[write].path);
    const name = body?.metadata?.name ?? path?.name ?? '';
    if (text.message.includes('$name')) { if (write < job.slowStart || job.slowStart === 0) recordEvent(ctx, state.recorder, state.reflectors.endpoint, about, { ...text, message: text.message.replace('$name', name) }); }
    else if (write === job.writes.length - 1) recordEvent(ctx, state.recorder, state.reflectors.endpoint, about, text);
  }
}
