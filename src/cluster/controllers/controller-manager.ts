/**
 * kube-controller-manager: one process, one informer a resource, many pure controllers. It owns all concurrency: queues, retries, slow starts, and that a
 * key is not reconciled again before its own writes are seen.
 * Upstream: cmd/kube-controller-manager, pkg/controller/controller_utils.go slowStartBatch (v1.36). Simplified: the queues are not rate-limited as a whole.
 */
import { kindNamed } from '../../api/registry.ts';
import { pathOf } from '../../api/paths.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import { assert } from '../../lib/assert.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import { eventAnswered, eventTried } from '../client/event-writer.ts';
import { identities } from '../client/identity.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { campaign, createElection, electionAnswered, electionWake } from '../client/leader-election.ts';
import { createReflectors, hasSynced, reflected, reflectedAnswer, startReflector, type Change } from '../client/reflector.ts';
import type { Watch, WatchedChange } from './controller.ts';
import { writeDown } from './job-events.ts';
import { healthAsked, openHealthPort } from '../network/health-port.ts';
import { controllerNamed, finishWrite, idOf, lookAgain, settleJob, startJob } from './jobs.ts';
import type { ControllerManagerConfig, ManagerState } from './manager-state.ts';
import { controllers } from './registry.ts';
import { addKey, createWorkQueue } from './work-queue.ts';

/** Upstream: --concurrent-*-syncs, 5 for most controllers. */
const WORKERS = 5;
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
    openHealthPort(ctx, { ...config, port: 10257 });
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
    if (eventTried(ctx, state.reflectors.endpoint, message) || healthAsked(ctx, message)) return;
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
    if (job && finishWrite(state, job, write, answer, ctx)) pump(state, ctx);
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
  for (const job of state.jobs.values()) if (job.open === 0 && job.next >= job.writes.length) settleJob(state, job, ctx);
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
      const id = idOf({ controller: controller.name, key });
      if (state.jobs.has(id) || state.busy.has(id)) continue;
      queue.waiting.delete(key);
      if (reconcile(state, controller.name, key, causes, ctx)) busy++;
    }
  }
}

function reconcile(state: ManagerState, controller: string, key: string, causes: readonly EventId[], ctx: Context): boolean {
  const id = idOf({ controller, key });
  const memory = state.memories.get(id);
  const plan = controllerNamed.get(controller)?.reconcile(key, viewOf(state.reflectors.cache), {
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
  startJob(state, { controller, key, causes }, plan, ctx);
  return true;
}
