/**
 * The next thing to do for a pod, derived each time from what is known.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, SyncPod (v1.36). Simplified: nothing.
 */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import { late } from '../late.ts';
import { backOffKey, restartAt } from './back-off.ts';
import { hasBegun, hasStarted, isRunning, isSeenRunning, recordOf, type ContainerRecord, type PodWorker } from './known.ts';
import { environmentOf, mountError } from './references.ts';
import { beginsAnew } from './restart-all.ts';
import { rootError } from './run-as.ts';
import { shouldRestart } from './restart-policy.ts';

export type NextStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'sandbox' }
  | { readonly do: 'stop-sandbox' }
  | { readonly do: 'finish' }
  | { readonly do: 'references' }
  | { readonly do: 'unmounted'; readonly why: string }
  | { readonly do: 'begin-anew' }
  | { readonly do: 'stop'; readonly containers: readonly string[] }
  | { readonly do: 'back-off'; readonly container: V1Container; readonly until: number }
  | { readonly do: 'config-error'; readonly container: V1Container; readonly why: string }
  | { readonly do: 'resize'; readonly container: V1Container }
  | { readonly do: 'image' | 'pull' | 'create' | 'start'; readonly container: V1Container };

const NOTHING: NextStep = { do: 'nothing' };

export function nextStep(worker: PodWorker, now: number): NextStep {
  if (worker.busy > 0 || worker.isFinished) return NOTHING;
  const running = [...worker.containers].filter(([, record]) => isRunning(record)).map(([name]) => name);
  if (worker.isTerminating || worker.failure) return end(worker, running);
  if (worker.sandbox && !worker.sandbox.isReady && running.length > 0) return { do: 'stop', containers: firstOf(worker, running) };
  if (worker.sandbox?.isReady && beginsAnew(worker)) return running.length > 0 ? { do: 'stop', containers: running } : { do: 'begin-anew' };
  const doomed = running.filter((name) => worker.killing.has(name));
  if (doomed.length > 0) return { do: 'stop', containers: doomed };
  if (allDone(worker))
    return running.length > 0
      ? { do: 'stop', containers: firstOf(worker, running) }
      : worker.sandbox?.isReady
        ? { do: 'stop-sandbox' }
        : NOTHING;
  if (!worker.sandbox?.isReady) return isLeft(worker) ? NOTHING : sandboxStep(worker, now);
  const update = worker.resize?.inProgress && late().updateOf(worker);
  if (update) return { do: 'resize', container: update };
  return joinStep(worker, now) ?? initStep(worker, now) ?? containerStep(worker, now);
}

/** Ephemeral containers start as soon as there is a sandbox, and never again. */
function joinStep(worker: PodWorker, now: number): NextStep | undefined {
  for (const container of worker.pod.spec?.ephemeralContainers ?? []) {
    const record = recordOf(worker, container.name);
    if (record.current && record.current.state !== 'CREATED') continue;
    const step = bring(worker, container, record, now);
    if (step.do !== 'wait') return step;
  }
  return undefined;
}

/** A pod that is never restarted gets no second sandbox once one of its containers was there, even when others were still to come. */
function isLeft({ pod, sandbox, containers }: PodWorker): boolean {
  const { restartPolicy, containers: proper = [] } = pod.spec ?? {};
  return (
    restartPolicy === 'Never' &&
    sandbox !== undefined &&
    proper.every((c) => c.restartPolicy === undefined) &&
    [...containers.values()].some(({ current }) => current !== undefined)
  );
}

/** Volumes first, then the sandbox. */
function sandboxStep(worker: PodWorker, now: number): NextStep {
  const wait = worker.waits.get('');
  if (wait && wait.until > now) return { do: 'wait', until: wait.until };
  if (worker.references === undefined) return { do: 'references' };
  const why = mountError(worker.pod, worker.references);
  return why === undefined ? { do: 'sandbox' } : { do: 'unmounted', why };
}

/** Undefined when every init container is done and every sidecar has started. What comes after a sidecar is the next pass's. A sidecar whose successor has begun holds nobody up any more: it is started again when its time comes. */
function initStep(worker: PodWorker, now: number): NextStep | undefined {
  const { spec } = worker.pod;
  const begun = hasBegun(worker);
  const inits = spec?.initContainers ?? [];
  const isHere = ({ current }: ContainerRecord): boolean => current !== undefined && current.sandbox === worker.sandbox?.id;
  const newest = inits.findLastIndex((init) => isHere(recordOf(worker, init.name)));
  for (const [i, init] of inits.entries()) {
    const record = recordOf(worker, init.name);
    const isSidecar = init.restartPolicy === 'Always';
    const isPast = begun || i < newest;
    if (begun && !isSidecar) continue;
    if (record.current?.state === 'EXITED' && record.current.exitCode === 0 && !isSidecar && isHere(record)) continue;
    if (isRunning(record)) {
      if (isSidecar && isSeenRunning(worker, init.name) && (isPast || hasStarted(worker, init))) continue;
      return NOTHING;
    }
    if (record.current?.state === 'EXITED' && isHere(record) && !shouldRestart(init, spec, record.current.exitCode)) return NOTHING;
    const step = bring(worker, init, record, now);
    if (isPast && isSidecar && step.do === 'wait') continue;
    return step;
  }
  return undefined;
}

function containerStep(worker: PodWorker, now: number): NextStep {
  let soonest: number | undefined;
  for (const container of worker.pod.spec?.containers ?? []) {
    const record = recordOf(worker, container.name);
    if (isRunning(record) || !mayStart(worker, container, record)) continue;
    const step = bring(worker, container, record, now);
    if (step.do === 'wait') soonest = Math.min(soonest ?? step.until, step.until);
    else return step;
  }
  return soonest === undefined ? NOTHING : { do: 'wait', until: soonest };
}

function end(worker: PodWorker, running: readonly string[]): NextStep {
  if (running.length > 0) return { do: 'stop', containers: firstOf(worker, running) };
  if (worker.sandbox?.isReady) return { do: 'stop-sandbox' };
  return { do: 'finish' };
}

/** Who is stopped first: sidecars wait for the others, and end in the opposite order. Upstream: kuberuntime_termination_order.go. Simplified: a sidecar's preStop hook waits, too. */
function firstOf({ pod }: PodWorker, running: readonly string[]): readonly string[] {
  const sidecars = (pod.spec?.initContainers ?? [])
    .filter((c) => c.restartPolicy === 'Always' && running.includes(c.name))
    .map((c) => c.name);
  const others = running.filter((name) => !sidecars.includes(name));
  return others.length > 0 ? others : sidecars.slice(-1);
}

/** Whether an exited container is started again. */
const mayStart = (worker: PodWorker, container: V1Container, { current }: ContainerRecord): boolean =>
  current?.state !== 'EXITED' || isReplaced(worker, container) || shouldRestart(container, worker.pod.spec, current.exitCode);
/** It was stopped for a new image, or for other resources. */
const isReplaced = (worker: PodWorker, { name }: V1Container): boolean => worker.replaced.has(name);

/** Whether everything has ended, and nothing of it is started again. */
export function allDone(worker: PodWorker): boolean {
  const { spec } = worker.pod;
  const all = spec?.containers ?? [];
  const isOver = (c: V1Container): boolean => {
    const { current } = recordOf(worker, c.name);
    return current?.state === 'EXITED' && !isReplaced(worker, c) && !shouldRestart(c, spec, current.exitCode);
  };
  const failedInit = (spec?.initContainers ?? []).some(
    (c) => c.restartPolicy !== 'Always' && recordOf(worker, c.name).current?.exitCode !== 0 && isOver(c),
  );
  return failedInit || (all.length > 0 && all.every(isOver));
}

/** Back-off, image, container, start; in that order, one at a time. */
function bring(worker: PodWorker, container: V1Container, record: ContainerRecord, now: number): NextStep {
  const wait = worker.waits.get(container.name);
  if (wait && wait.until > now) return { do: 'wait', until: wait.until };
  if (record.current?.state === 'CREATED' && record.current.sandbox === worker.sandbox?.id) return { do: 'start', container };
  const ended = lastEnd(worker, container.name);
  const until = ended === undefined ? 0 : restartAt(worker.backoff.get(backOffKey(container)), ended);
  if (until > now)
    return worker.reasons.get(container.name)?.reason === 'CrashLoopBackOff' ? { do: 'wait', until } : { do: 'back-off', container, until };
  if (!record.hasImage) return container.imagePullPolicy === 'Always' ? { do: 'pull', container } : { do: 'image', container };
  if (worker.references === undefined) return { do: 'references' };
  const env = worker.references.size === 0 ? undefined : environmentOf(container, worker.pod.metadata?.namespace ?? '', worker.references);
  const why = env && 'error' in env ? env.error : rootError(container, worker.pod);
  if (why !== undefined) return { do: 'config-error', container, why };
  return { do: 'create', container };
}

/** When the container that the back-off counts from ended. */
export function lastEnd(worker: PodWorker, name: string): number | undefined {
  const { current, last } = recordOf(worker, name);
  const seen = worker.probeKilled.has(name) ? last : current;
  return seen?.state === 'EXITED' ? seen.finishedAt : undefined;
}
