/**
 * Clears the place that a pod was nominated to: takes nominations of lower priority away, marks the victims and deletes them. The pod waits until that is asked for.
 * Upstream: pkg/scheduler/framework/preemption/executor.go prepareCandidateAsync, IsPodRunningPreemption (v1.36), SchedulerAsyncPreemption on: all victims but one
 * at once, the last one when they are done, so that its end is news that the pod hears.
 * Simplified: a deletion is tried again as a patch is (pkg/scheduler/util/utils.go PatchPodStatus), without jitter; calls are not limited to 16 at once; what was begun
 * goes on when another has failed. News that come while a pod waits here are forgotten, as upstream, but any news wake it afterwards, where upstream's waits for the end of a pod.
 */
import { rfc3339 } from '../../api/machinery/time.ts';
import { keyOf } from '../../api/object.ts';
import type { V1Pod, V1Status } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { EventId, Us } from '../../kernel/message.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { callApi, type Endpoint } from '../client/api-client.ts';
import { recordSeries, type SeriesRecorder } from '../client/event-series.ts';
import { viewOf, type IndexedCache } from '../client/indexed-cache.ts';
import type { Nominator } from './nominator.ts';
import type { Preemption } from './plugin.ts';
import { BY_SCHEDULER, DISRUPTION_TARGET } from './preemption.ts';
import { priorityOf } from './pod-priority.ts';
import { DEFAULT_NAME } from './profile.ts';

/** How far a pod is that preempts. The objects are as they were when it began; `pending`: victims that were asked for and not answered yet. */
export interface Preempting {
  readonly pod: V1Pod;
  readonly machine: string;
  readonly victims: ReadonlyMap<string, V1Pod>;
  readonly last: string;
  readonly pending: Set<string>;
  isLastAsked: boolean;
  hasFailed: boolean;
  /** The cycle, and what led to it: whatever is asked for has them as its causes, also the last victim, which waited for the others. */
  readonly causes: readonly EventId[];
}
export interface ExecutorState {
  readonly config: { readonly epochMs: number };
  readonly reflectors: { readonly endpoint: Endpoint; readonly cache: IndexedCache };
  readonly recorder: SeriesRecorder;
  readonly nominator: Nominator;
  /** pod that preempts → how far it is */
  readonly preempting: Map<string, Preempting>;
}
/** An answer about a victim of the pod `preemptor`, or the time to ask once more; `tries`: how often it was tried before. */
export interface VictimThen {
  readonly victim: string;
  readonly preemptor: string;
  readonly asked: 'condition' | 'delete';
  readonly tries: number;
}

/** Upstream: client-go util/retry DefaultBackoff. */
const RETRY_US: readonly Us[] = [10_000, 50_000, 250_000];
/** Upstream: pkg/scheduler/util/utils.go Retriable. */
const isRetriable = ({ code, body }: ApiResponse): boolean =>
  [409, 500, 503].includes(code) || (code === 0 && (body as V1Status).reason === 'ConnectionRefused');

const PATCH = 'application/strategic-merge-patch+json';
const pathTo = ({ metadata }: V1Pod): string => `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
const podAt = ({ reflectors }: ExecutorState, key: string): V1Pod | undefined => viewOf(reflectors.cache).get<V1Pod>('pods', key);

/** Is the pod still asking for its victims' end? The last one may be ending although the answer is not here yet. */
export function isPreempting(state: ExecutorState, key: string): boolean {
  const running = state.preempting.get(key);
  if (!running) return false;
  const last = running.isLastAsked ? podAt(state, running.last) : undefined;
  return !running.isLastAsked || (last !== undefined && !last.metadata?.deletionTimestamp);
}

export function prepareCandidate(
  state: ExecutorState,
  pod: V1Pod,
  { node = '', victims, candidates }: Preemption,
  because: readonly EventId[],
  ctx: Context,
): void {
  const causes = [ctx.cause, ...because];
  ctx.note({
    says: 'scheduler/preempting',
    about: `pods/${keyOf(pod)}`,
    with: {
      pod: pod.metadata?.name,
      machine: node,
      victims: victims.map(nameOf),
      candidates: candidates.length,
      priority: priorityOf(pod),
    },
  });
  const living = new Map(
    victims.flatMap((key) => {
      const victim = podAt(state, key);
      return victim && !victim.metadata?.deletionTimestamp ? [[key, victim] as const] : [];
    }),
  );
  const keys = [...living.keys()];
  const last = keys.pop();
  if (last === undefined) return;
  for (const key of state.nominator.podsOn.get(node) ?? []) clearNomination(state, key, pod, { node, causes }, ctx);
  const running: Preempting = {
    pod,
    machine: node,
    victims: living,
    last,
    pending: new Set(keys),
    isLastAsked: false,
    hasFailed: false,
    causes,
  };
  state.preempting.set(keyOf(pod), running);
  for (const key of keys) preempt(state, running, key, ctx);
  if (keys.length === 0) askForLast(state, running, ctx);
}

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** A pod of lower priority that waits for a place on this machine may not fit any more. */
function clearNomination(
  state: ExecutorState,
  key: string,
  preemptor: V1Pod,
  { node, causes }: { readonly node: string; readonly causes: readonly EventId[] },
  ctx: Context,
): void {
  const other = podAt(state, key);
  if (!other?.status?.nominatedNodeName || priorityOf(other) >= priorityOf(preemptor)) return;
  ctx.note({
    says: 'scheduler/nomination-cleared',
    about: `pods/${key}`,
    with: { pod: nameOf(key), machine: node, by: preemptor.metadata?.name },
  });
  callApi(
    ctx,
    state.reflectors.endpoint,
    { method: 'PATCH', path: `${pathTo(other)}/status`, contentType: PATCH, body: { status: { nominatedNodeName: null } } },
    { status: key },
    { because: causes },
  );
}

function askForLast(state: ExecutorState, running: Preempting, ctx: Context): void {
  running.isLastAsked = true;
  running.pending.add(running.last);
  preempt(state, running, running.last, ctx);
}

/** Says on the victim why it ends, then deletes it. */
function preempt(state: ExecutorState, running: Preempting, key: string, ctx: Context, tries = 0): void {
  const victim = running.victims.get(key);
  if (!victim) return;
  const message = `${running.pod.spec?.schedulerName ?? DEFAULT_NAME}: preempting to accommodate a higher priority pod`;
  const was = victim.status?.conditions?.find((c) => c.type === DISRUPTION_TARGET);
  if (was?.status === 'True' && was.reason === BY_SCHEDULER && was.message === message) return remove(state, running, key, ctx);
  const lastTransitionTime = was?.status === 'True' ? was.lastTransitionTime : rfc3339(state.config.epochMs + Math.floor(ctx.now / 1000));
  const condition = {
    type: DISRUPTION_TARGET,
    status: 'True',
    reason: BY_SCHEDULER,
    message,
    lastTransitionTime,
    observedGeneration: victim.metadata?.generation,
  };
  ask(
    state,
    running,
    { method: 'PATCH', path: `${pathTo(victim)}/status`, contentType: PATCH, body: { status: { conditions: [condition] } } },
    { victim: key, preemptor: keyOf(running.pod), asked: 'condition', tries },
    ctx,
  );
}

function remove(state: ExecutorState, running: Preempting, key: string, ctx: Context, tries = 0): void {
  const victim = running.victims.get(key);
  if (victim)
    ask(
      state,
      running,
      { method: 'DELETE', path: pathTo(victim) },
      { victim: key, preemptor: keyOf(running.pod), asked: 'delete', tries },
      ctx,
    );
}

const ask = ({ reflectors }: ExecutorState, { causes }: Preempting, request: ApiRequest, then: VictimThen, ctx: Context): void => {
  callApi(ctx, reflectors.endpoint, request, then, { because: causes });
};

/** Tries a call about a victim once more. */
export function askAgain(state: ExecutorState, { victim: key, preemptor, asked, tries }: VictimThen, ctx: Context): void {
  const running = state.preempting.get(preemptor);
  if (running?.pending.has(key)) (asked === 'delete' ? remove : preempt)(state, running, key, ctx, tries);
}

/** Takes an answer about a victim, and says whether the pod is to be tried again at once because something went wrong. A victim that is gone already is as good as deleted. */
export function victimAnswered(state: ExecutorState, then: VictimThen, response: ApiResponse, ctx: Context): boolean {
  const { victim: key, preemptor, asked, tries } = then;
  const running = state.preempting.get(preemptor);
  if (!running?.pending.has(key)) return false;
  const { code } = response;
  const isDone = code >= 200 && code < 300;
  if (isDone && asked === 'condition') {
    remove(state, running, key, ctx);
    return false;
  }
  if (tries < RETRY_US.length && isRetriable(response)) {
    ctx.wake(RETRY_US[tries], { ...then, tries: tries + 1 } satisfies VictimThen);
    return false;
  }
  running.pending.delete(key);
  if (isDone) tell(state, running, key, ctx);
  else if (code !== 404) {
    running.hasFailed = true;
    ctx.note({
      says: 'scheduler/preemption-failed',
      about: `pods/${preemptor}`,
      with: { pod: nameOf(preemptor), victim: nameOf(key), machine: running.machine, code },
    });
  }
  if (running.pending.size > 0) return false;
  if (!running.isLastAsked && !running.hasFailed) {
    askForLast(state, running, ctx);
    return false;
  }
  state.preempting.delete(preemptor);
  return running.hasFailed;
}

function tell({ reflectors, recorder }: ExecutorState, { pod, machine, victims }: Preempting, key: string, ctx: Context): void {
  const victim = victims.get(key);
  if (!victim) return;
  ctx.note({
    says: 'scheduler/preempted',
    about: `pods/${key}`,
    with: { pod: nameOf(key), machine, by: pod.metadata?.name, seconds: victim.spec?.terminationGracePeriodSeconds ?? 30 },
  });
  recordSeries(ctx, recorder, reflectors.endpoint, victim, {
    type: 'Normal',
    reason: 'Preempted',
    action: 'Preempting',
    message: `Preempted by pod ${pod.metadata?.uid} on node ${machine}`,
    related: pod,
  });
}
