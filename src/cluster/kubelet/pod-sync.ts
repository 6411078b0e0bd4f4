/** Carries out the next step for a pod. Upstream: pkg/kubelet/pod_workers.go, kuberuntime/kuberuntime_manager.go SyncPod (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import { isOver } from '../../api/pods/phase.ts';
import { late } from '../late.ts';
import { podGateway } from '../network/flannel.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { responseOf, type ApiReply } from '../client/api-client.ts';
import type { CriReply } from '../runtime/cri.ts';
import type { HostPathReply } from '../runtime/machine-files.ts';
import { isPastDeadline, PAST_DEADLINE, type DeadlineTimer } from './active-deadline.ts';
import { containerStep, markStopped, pull, sandboxMade } from './container-steps.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { hookOver, isHookOk, POST_START_FAILED, type HookTimer } from './hooks.ts';
import { judge } from './probe-verdicts.ts';
import { isGood, runProbe, type ProbeTimer } from './probes.ts';
import { entriesOf, pullWarning } from './references.ts';
import { beginAnew, beginsAnew } from './restart-all.ts';
import { remount, type RemountTimer } from './remount.ts';
import { callRuntime, say, workerFor, type CriThen } from './worker-calls.ts';
import { writeStatus } from './status-writer.ts';
import { withEntry, withoutEntry, withoutMember } from '../../lib/persistent.ts';
import { passOver, retryWhenSeen } from './seen.ts';
import { backOff, pullsBackOff, stillWaits, waitUntil, type WaitTimer } from './waiting-starts.ts';
import { askReferences, finish, makeSandbox, showReferences, stop, unmounted, type Call, type ReferenceThen } from './pod-steps.ts';
import { configError, create } from './create-container.ts';

export type PodTimer = ProbeTimer | RemountTimer | HookTimer | DeadlineTimer | WaitTimer | { readonly retry: string };

/**
 * Does what is next, and writes the status when it changed.
 * Upstream: kubelet.go SyncPod sets the status, of what was seen, before the runtime's part, which holds the pod's worker until it returns.
 */
export function syncPod(state: KubeletState, worker: PodWorker, ctx: Context, isMidway = worker.busy > 0): void {
  if (state.runtime === undefined) return;
  if (!isMidway && worker.resize?.inProgress) late().endResize(state, worker, ctx);
  let step = nextStep(worker, ctx.now);
  while (carryOut(state, worker, step, ctx)) step = nextStep(worker, ctx.now);
  if (worker.busy === 0) passOver(state, worker, step.do === 'wait' || worker.reasons.size > 0, ctx);
  if (!isMidway || worker.busy === 0) writeStatus(state, worker, ctx);
}

/** Returns true when another step may follow at once. */
function carryOut(state: KubeletState, worker: PodWorker, step: NextStep, ctx: Context): boolean {
  const call: Call = (body, container) =>
    callRuntime(state, worker, ctx, body, { cri: step.do, ...(container === undefined ? {} : { container }) });
  switch (step.do) {
    case 'nothing':
      return false;
    case 'wait':
      waitUntil(worker, step.until, ctx);
      return false;
    case 'finish':
      finish(state, worker, ctx);
      return false;
    case 'sandbox':
      return makeSandbox(state, worker, ctx, call);
    case 'stop-sandbox':
      call({ protocol: 'cri', verb: 'StopPodSandbox', sandbox: worker.sandbox?.id ?? '' });
      return false;
    case 'begin-anew':
      beginAnew(state, worker, ctx);
      return true;
    case 'stop':
      worker.isRestartingAll = !worker.isTerminating && !worker.failure && beginsAnew(worker);
      for (const name of step.containers) stop(state, worker, name, ctx, call);
      return false;
    case 'references':
      askReferences(state, worker, ctx);
      return false;
    case 'unmounted':
      unmounted(state, worker, step.why, ctx);
      return true;
    case 'back-off':
      backOff(state, worker, step, ctx);
      return true;
    case 'config-error':
      configError(state, worker, step, ctx);
      return true;
    case 'resize': {
      const { name, resources = {} } = step.container;
      call({ protocol: 'cri', verb: 'UpdateContainerResources', container: recordOf(worker, name).current?.id ?? '', resources }, name);
      return false;
    }
    case 'image':
      call({ protocol: 'cri', verb: 'ImageStatus', image: step.container.image ?? '' }, step.container.name);
      return false;
    case 'pull':
      pull(state, worker, step.container, ctx);
      return false;
    case 'create':
      return create(state, worker, step.container, ctx, call);
    case 'start':
      call(
        { protocol: 'cri', verb: 'StartContainer', container: recordOf(worker, step.container.name).current?.id ?? '' },
        step.container.name,
      );
      return false;
  }
}

export function referenceAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('reference' in then)) return false;
  const { reference } = then as ReferenceThen;
  const worker = workerFor(state, then as ReferenceThen);
  if (!worker) return true;
  worker.busy--;
  worker.found = withEntry(worker.found, reference, foundIn(answer));
  if (worker.busy === 0) {
    worker.references = worker.found;
    showReferences(worker);
    const warning = pullWarning(worker.pod, worker.found);
    if (warning !== undefined) say(state, worker, ctx, 'Warning', 'FailedToRetrieveImagePullSecret', warning);
    syncPod(state, worker, ctx);
  }
  return true;
}

/** The entries of an object, or what the machine's disk says of a path; null: it is not there. */
function foundIn(answer: Answer): Readonly<Record<string, string>> | null {
  const said = answer.outcome === 'reply' ? (answer.body as HostPathReply | ApiReply) : undefined;
  if (said?.protocol === 'host-path') return said.error === undefined ? {} : { error: said.error };
  const { code, body } = responseOf(answer);
  return code === 200 ? entriesOf(body as Parameters<typeof entriesOf>[0]) : null;
}

export function criAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('cri' in then)) return false;
  const t = then as CriThen;
  const worker = workerFor(state, t);
  if (!worker) return true;
  worker.busy--;
  const reply: CriReply =
    answer.outcome === 'reply'
      ? (answer.body as CriReply)
      : {
          protocol: 'cri',
          verb: 'ListPods',
          error:
            'rpc error: code = Unavailable desc = connection error: dial unix /run/containerd/containerd.sock: connect: connection refused',
        };
  const container = allContainers(worker.pod).find((c) => c.name === t.container);
  if (t.cri === 'sandbox') sandboxMade(state, worker, reply, ctx);
  else if (t.cri === 'stop-sandbox') {
    if (worker.sandbox && reply.error === undefined) worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false });
  } else if (t.cri === 'stop' && t.container) {
    const why = worker.why.get(t.container);
    worker.killing = withoutMember(worker.killing, t.container);
    worker.why = withoutEntry(worker.why, t.container);
    if (why === POST_START_FAILED) retryWhenSeen(state, worker, t.container, ctx);
    markStopped(worker, t.container, reply, { now: ctx.now, why });
  } else if (t.cri === 'resize') late().updated(worker, reply);
  else if (container) containerStep(state, worker, container, t.cri, reply, ctx);
  if (reply.error !== undefined && answer.outcome !== 'reply') {
    ctx.wake(1_000_000, { retry: worker.key } satisfies PodTimer, true);
    writeStatus(state, worker, ctx);
    return true;
  }
  // Upstream: OnPodSandboxReady tells the API at once, before images are pulled.
  syncPod(state, worker, ctx, t.cri !== 'sandbox');
  return true;
}

function hookEnded(state: KubeletState, { hooked }: HookTimer, isOk: boolean, ctx: Context): void {
  const worker = state.workers.get(hooked.pod);
  if (worker && hookOver(state, worker, hooked, isOk, ctx)) syncPod(state, worker, ctx, true);
}

export function hookAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('hooked' in then)) return false;
  hookEnded(state, then as HookTimer, isHookOk(answer), ctx);
  return true;
}

export function timerFired(state: KubeletState, timer: PodTimer, ctx: Context): void {
  if ('retry' in timer) {
    const worker = state.workers.get(timer.retry);
    if (!worker) return;
    pullsBackOff(state, worker, ctx);
    return syncPod(state, worker, ctx);
  }
  if ('waits' in timer) return stillWaits(state, timer, ctx);
  if ('remount' in timer) return remount(state, timer, ctx);
  if ('deadline' in timer) return pastDeadline(state, timer.deadline, ctx);
  if ('hooked' in timer) return hookEnded(state, timer, true, ctx);
  const worker = state.workers.get(timer.pod);
  if (!worker) return;
  const result = runProbe(ctx, worker, timer, {
    from: podGateway(state.node) ?? state.config.ip,
    machine: state.config.machine,
    machineIP: state.config.ip,
  });
  if (typeof result === 'object' && judge(state, worker, timer, result, ctx)) syncPod(state, worker, ctx, false);
}

function pastDeadline(state: KubeletState, key: string, ctx: Context): void {
  const worker = state.workers.get(key);
  if (!worker || worker.failure || worker.isTerminating || isOver(worker.pod) || !isPastDeadline(worker, ctx.now)) return;
  ctx.toForeground();
  worker.failure = PAST_DEADLINE;
  say(state, worker, ctx, 'Normal', PAST_DEADLINE.reason, PAST_DEADLINE.message);
  syncPod(state, worker, ctx);
}

export function probeAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('probed' in then)) return false;
  const timer = (then as { readonly probed: ProbeTimer }).probed;
  const worker = state.workers.get(timer.pod);
  const record = worker && recordOf(worker, timer.container).current;
  if (worker && record?.id === timer.id && record.state === 'RUNNING' && judge(state, worker, timer, isGood(answer), ctx))
    syncPod(state, worker, ctx, false);
  return true;
}
