/**
 * Whether a pod that runs here can have other resources in place: never, not yet, or at once.
 * Upstream: pkg/kubelet/allocation/allocation_manager.go handlePodResourcesResize, handlers.go; pkg/kubelet/kubelet.go SyncPod; pkg/kubelet/events/resize.go (v1.36).
 * Simplified: what waits is tried again when a pod of the machine changes or leaves, and not every three minutes besides; what was given is read from the
 * runtime's containers when a kubelet starts, not from a file; what a whole pod is given it has at once; no CPU and memory managers, no swap.
 */
import { qosClass } from '../../api/pods/qos.ts';
import { withResources } from '../../api/pods/resize.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1Container, V1Pod, V1PodCondition } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { withEntry, withMember } from '../../lib/persistent.ts';
import { requestOf, resourcesOf } from '../scheduler/pod-request.ts';
import { priorityOf } from '../scheduler/pod-priority.ts';
import { isRunning, recordOf, type PodWorker, type Resize } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { refusalOf, type Refusal } from './predicates.ts';
import { differing, needsRestart } from './update-containers.ts';
import { say } from './worker-calls.ts';

/** Takes in a pod whose containers are to have other resources: those that were given stay until there is room for the others. */
export function changePod(state: KubeletState, worker: PodWorker, pod: V1Pod, ctx: Context): void {
  worker.pod = deepFreeze(withResources(pod, worker.pod));
  worker.resize = deepFreeze({ ...worker.resize, wanted: pod });
  decide(state, worker, pod, ctx);
}

function decide(state: KubeletState, worker: PodWorker, wanted: V1Pod, ctx: Context): void {
  if (!state.node || worker.isTerminating || worker.failure || worker.isFinished) return;
  const why = refusal(state, worker, wanted);
  if (why) return wait(state, worker, { wanted, why }, ctx);
  const limits = worker.pod.spec?.resources?.limits;
  worker.pod = Object.freeze({ ...worker.pod, spec: wanted.spec });
  worker.resize = deepFreeze({ inProgress: conditionOf('PodResizeInProgress', { state, worker, wanted, ctx }) });
  say(state, worker, ctx, 'Normal', 'ResizeStarted', `Pod resize started: ${summary(wanted)}`);
  const restarted = restartForResize(worker, limits);
  tell(state, worker, ctx, {
    does: 'gives',
    what: 'other resources in place',
    why: `There is room for them. ${
      restarted.length > 0
        ? `${restarted.join(', ')} must begin anew for it: so its resizePolicy says.`
        : 'The runtime is told, and no container begins anew.'
    }`,
  });
}

/** Upstream: podResizesAdmitHandler, then those that every pod is asked. */
function refusal(state: KubeletState, worker: PodWorker, wanted: V1Pod): Refusal | undefined {
  const room = resourcesOf(state.node?.status?.allocatable);
  const wants = requestOf(wanted);
  for (const [name, of] of [
    ['memory', 'memory'],
    ['cpu', 'cpuMilli'],
  ] as const)
    if (wants[of] > room[of])
      return {
        reason: 'Infeasible',
        message: `Node didn't have enough capacity: ${name}, requested: ${wants[of]}, capacity: ${room[of]}`,
      };
  const others = [...state.workers.values()].filter((other) => other !== worker);
  const refused = refusalOf(wanted, state.node, others);
  return refused && { reason: 'Deferred', message: refused.message };
}

function wait(
  state: KubeletState,
  worker: PodWorker,
  { wanted, why }: { readonly wanted: V1Pod; readonly why: Refusal },
  ctx: Context,
): void {
  const was = worker.resize?.pending;
  if (was?.reason === why.reason && was.message === why.message && was.observedGeneration === wanted.metadata?.generation) return;
  const pending = conditionOf('PodResizePending', { state, worker, wanted, ctx, why });
  worker.resize = deepFreeze({ ...worker.resize, wanted, pending });
  say(state, worker, ctx, 'Warning', `Resize${why.reason}`, `Pod resize ${why.reason}: ${summary(wanted, why.message)}`);
  tell(state, worker, ctx, {
    does: why.reason === 'Deferred' ? 'cannot yet give' : 'can never give',
    what: 'the resources that it is to have',
    why: `${why.message}. ${why.reason === 'Deferred' ? 'It tries again when another pod leaves.' : 'This machine is too small.'}`,
  });
}

function conditionOf(
  type: 'PodResizePending' | 'PodResizeInProgress',
  {
    state,
    worker,
    wanted,
    ctx,
    why,
  }: { readonly state: KubeletState; readonly worker: PodWorker; readonly wanted: V1Pod; readonly ctx: Context; readonly why?: Refusal },
): V1PodCondition {
  const now = rfc3339(state.config.epochMs + Math.floor(ctx.now / 1000));
  const was = type === 'PodResizePending' ? worker.resize?.pending : undefined;
  return {
    type,
    status: 'True',
    ...why,
    lastProbeTime: now,
    lastTransitionTime: was?.reason === why?.reason ? (was?.lastTransitionTime ?? now) : now,
    observedGeneration: wanted.metadata?.generation,
  };
}

type Amounts = Readonly<Record<string, string>> | undefined;

/** Containers that run without a limit of their own: that of the pod, which was another, is theirs. */
function otherwiseLimited(worker: PodWorker, name: 'cpu' | 'memory', limits: Amounts): readonly { readonly given: V1Container }[] {
  const { spec } = worker.pod;
  if (spec?.resources?.limits?.[name] === limits?.[name]) return [];
  return (spec?.containers ?? [])
    .filter((c) => c.resources?.limits?.[name] === undefined && isRunning(recordOf(worker, c.name)))
    .map((given) => ({ given }));
}

/** Stops the containers whose policy asks for it; they start again with what they were given. */
function restartForResize(worker: PodWorker, limits: Amounts): readonly string[] {
  const names = new Set(
    (['memory', 'cpu'] as const).flatMap((name) =>
      [...differing(worker, name), ...otherwiseLimited(worker, name, limits)]
        .filter((one) => needsRestart(one, name))
        .map(({ given }) => given.name),
    ),
  );
  for (const name of names) {
    worker.killing = withMember(worker.killing, name);
    worker.replaced = withMember(worker.replaced, name);
    worker.why = withEntry(worker.why, name, `Container ${name} resize requires restart`);
  }
  return [...names];
}

/** The resources of each container, as Events tell them. */
function summary({ metadata, spec }: V1Pod, error?: string): string {
  const sorted = (amounts: Readonly<Record<string, string>> | undefined): object | undefined =>
    amounts && Object.fromEntries(Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const each = (containers: readonly V1Container[] | undefined): readonly object[] | undefined =>
    containers?.map(({ name, resources }) => ({
      name,
      resources: { limits: sorted(resources?.limits), requests: sorted(resources?.requests) },
    }));
  return JSON.stringify({
    initContainers: each(spec?.initContainers),
    containers: each(spec?.containers),
    generation: metadata?.generation,
    error,
  });
}

/** As a pass over the pod begins: is everything as it was given? */
export function endResize(state: KubeletState, worker: PodWorker, ctx: Context): void {
  if (worker.replaced.size > 0 || differing(worker, 'memory').length > 0 || differing(worker, 'cpu').length > 0) return;
  const { inProgress, ...rest }: Resize = worker.resize ?? {};
  worker.resize = rest.wanted ? Object.freeze(rest) : undefined;
  const { metadata, ...pod } = worker.pod;
  const then = { ...pod, metadata: { ...metadata, generation: inProgress?.observedGeneration } };
  say(state, worker, ctx, 'Normal', 'ResizeCompleted', `Pod resize completed: ${summary(then)}`);
  tell(state, worker, ctx, { does: 'has given', what: 'other resources in place', why: 'Its containers have what it was given.' });
}

/** A kubelet that starts: what the containers run with is what they were given; the rest is seen to when all its pods are known. */
export function resume(worker: PodWorker): void {
  const wanted = worker.pod;
  const has = (containers: readonly V1Container[] = []): V1Container[] =>
    containers.map((c) => {
      const record = recordOf(worker, c.name);
      return isRunning(record) ? { ...c, resources: record.current?.spec.spec.resources } : c;
    });
  const running = {
    ...wanted,
    spec: { ...wanted.spec, containers: has(wanted.spec?.containers), initContainers: has(wanted.spec?.initContainers) },
  };
  worker.pod = deepFreeze(withResources(wanted, running));
  worker.resize = Object.freeze({ wanted });
}

/** Tries again what had to wait, and names who got it: by priority, then by class, then those that wait longest. Upstream: sortPendingResizes. */
export function retryResizes(state: KubeletState, ctx: Context): readonly PodWorker[] {
  const waiting = [...state.workers.values()].filter(({ resize }) => resize?.wanted && resize.pending?.reason !== 'Infeasible');
  const rank = ({ pod }: PodWorker): number => (qosClass(pod.spec) === 'Guaranteed' ? 0 : 1);
  const since = ({ resize }: PodWorker): string => resize?.pending?.lastTransitionTime ?? '';
  waiting.sort((a, b) => priorityOf(b.pod) - priorityOf(a.pod) || rank(a) - rank(b) || (since(a) < since(b) ? -1 : 1));
  return waiting.filter((worker) => {
    const was = worker.resize;
    if (was?.wanted) decide(state, worker, was.wanted, ctx);
    return worker.resize !== was;
  });
}

function tell(
  state: KubeletState,
  worker: PodWorker,
  ctx: Context,
  words: { readonly does: string; readonly what: string; readonly why: string },
): void {
  ctx.note({
    says: 'kubelet/resize',
    about: `pods/${worker.key}`,
    with: { pod: worker.pod.metadata?.name, machine: state.config.machine, ...words },
  });
}
