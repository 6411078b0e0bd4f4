/**
 * A job carries out one plan: its writes go out one after the other or as a slow start, and it is over when the cache shows them.
 * Upstream: pkg/controller/controller_utils.go slowStartBatch, ControllerExpectations (v1.36).
 */
import { keyOf, type KubeObject } from '../../api/object.ts';
import { parsePath, resourceNameOf } from '../../api/paths.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId, Us } from '../../kernel/message.ts';
import { statusOf, type ApiRequest, type ApiResponse } from '../api-request.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { viewOf } from '../client/indexed-cache.ts';
import type { Plan } from './controller.ts';
import { emitEvents, tellRefusal } from './job-events.ts';
import type { Job, ManagerState } from './manager-state.ts';
import { controllers } from './registry.ts';
import { addKey, backOffUs } from './work-queue.ts';

export const controllerNamed = new Map(controllers.map((c) => [c.name, c]));
/** As jobs, timers and memories are named: 'controller|key'. */
export const idOf = ({ controller, key }: Pick<Job, 'controller' | 'key'>): string => `${controller}|${key}`;

interface Begun {
  readonly controller: string;
  readonly key: string;
  readonly causes: readonly EventId[];
}
export function startJob(state: ManagerState, { controller, key, causes }: Begun, plan: Plan, ctx: Context): void {
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
  state.jobs.set(idOf(job), job);
  sendNext(state, job, ctx);
}

function sendNext(state: ManagerState, job: Job, ctx: Context): void {
  const inSlowStart = job.next < job.slowStart;
  const size = inSlowStart ? Math.min(job.batch, job.slowStart - job.next) : 1;
  if (inSlowStart) job.batch *= 2;
  for (let i = 0; i < size; i++) {
    const write = job.next++;
    job.open++;
    callApi(ctx, state.reflectors.endpoint, job.writes[write], { job: idOf(job), write }, { because: job.causes });
  }
}

/** Takes the answer to one write in. True when the job has nothing more to send, whether or not it can be settled yet. */
export function finishWrite(state: ManagerState, job: Job, write: number, answer: Answer, ctx: Context): boolean {
  job.open--;
  const response = responseOf(answer);
  const request = job.writes[write];
  if (response.code === 0 || response.code >= 400) {
    const isGoneAlready = response.code === 404 && request.method === 'DELETE';
    if (!isGoneAlready) fail(state, job, response, ctx);
  } else {
    const body = response.body as KubeObject | undefined;
    remember(job, request, body);
    emitEvents(state, job, write, body?.metadata?.name ?? parsePath(request.path)?.name ?? '', ctx);
  }
  if (job.open > 0) return false;
  if (job.next < job.writes.length) {
    sendNext(state, job, ctx);
    return false;
  }
  if (job.isToldAfter && job.failed === 0) for (const note of job.notes) ctx.note(note);
  settleJob(state, job, ctx);
  return true;
}

/** The first refusal ends the plan. */
function fail(state: ManagerState, job: Job, response: ApiResponse, ctx: Context): void {
  const isFirst = job.failed === 0;
  job.failed = response.code || 1;
  job.next = job.writes.length;
  if (!isFirst || !isRefusal(response)) return;
  const said = statusOf(response)?.message ?? '';
  tellRefusal(state, job, said, ctx);
  const clock = { nowUs: ctx.now, epochMs: state.config.epochMs };
  const written = controllerNamed.get(job.controller)?.refused?.(job.key, viewOf(state.reflectors.cache), clock, said) ?? [];
  job.writes = [...job.writes, ...written];
}

/** Not a conflict that a fresh look resolves, nor a namespace in which nothing can be made any more. Upstream: CreatePods, manageReplicas. */
function isRefusal(response: ApiResponse): boolean {
  return (
    response.code >= 400 &&
    response.code !== 409 &&
    !statusOf(response)?.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating')
  );
}

/** What the cache must show before the key may be taken again. */
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
export function settleJob(state: ManagerState, job: Job, ctx: Context): void {
  for (const [resource, version] of job.versions) if ((state.reflectors.byResource.get(resource)?.version ?? version) < version) return;
  const cache = viewOf(state.reflectors.cache);
  for (let last = job.gone.at(-1); last; last = job.gone.at(-1)) {
    const seen = state.reflectors.byResource.has(last.resource) ? cache.get(last.resource, last.key)?.metadata : undefined;
    if (seen?.uid === last.uid && !seen.deletionTimestamp) return;
    job.gone.pop();
  }
  state.jobs.delete(idOf(job));
  const queue = state.queues.get(job.controller);
  if (!queue) return;
  if (job.failed === 0) {
    queue.failures.delete(job.key);
    if (job.writes.length > 0) addKey(queue, job.key, ctx.cause);
    return;
  }
  lookAgain(state, idOf(job), backOffUs(queue, job.key), ctx, (queue.failures.get(job.key) ?? 0) > 8);
}

export function lookAgain(state: ManagerState, id: string, after: Us, ctx: Context, background: boolean): void {
  const due = ctx.now + after;
  const pending = state.timers.get(id);
  if (pending !== undefined && pending <= due && pending > ctx.now) return;
  state.timers.set(id, due);
  ctx.wake(after, { timer: id }, background);
}
