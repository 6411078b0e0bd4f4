/**
 * Container hooks: postStart, which holds the pod up until it is over, and preStop, which takes its time out of the grace period.
 * Upstream: pkg/kubelet/lifecycle/handlers.go, pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer, killContainer (v1.36). Simplified: nothing.
 */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId } from '../../kernel/message.ts';
import { allContainers } from '../../api/pods/containers.ts';
import { NO_ENTRIES, withEntry, withMember, withoutEntry } from '../../lib/persistent.ts';
import { podGateway } from '../network/flannel.ts';
import type { CriCall, CriReply } from '../runtime/cri.ts';
import type { HttpReply } from '../runtime/process-protocol.ts';
import { knock, unwrapped } from './knock.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { portOf } from './probes.ts';
import { callRuntime, say } from './worker-calls.ts';

interface HookRun {
  readonly hook: 'postStart' | 'preStop';
  readonly pod: string;
  readonly container: string;
  readonly id: string;
  readonly since: number;
}
export interface HookTimer {
  readonly hooked: HookRun;
}
/** What a container is left when its preStop hook used up the whole grace period. Upstream: minimumGracePeriodInSeconds. */
export const LEAST_GRACE_US = 2_000_000;
const SECOND = 1_000_000;
/** Why such a container is killed. */
export const POST_START_FAILED = 'FailedPostStartHook';

/** A probe that ends a container may say how long that takes. Upstream: kuberuntime_container.go setTerminationGracePeriod. */
export function graceUsOf({ pod, why }: PodWorker, container?: V1Container): number {
  const probe = container && /failed (liveness|startup) probe/.exec(why.get(container.name) ?? '')?.[1];
  const own =
    probe === undefined
      ? undefined
      : (probe === 'startup' ? container?.startupProbe : container?.livenessProbe)?.terminationGracePeriodSeconds;
  return (pod.metadata?.deletionGracePeriodSeconds ?? own ?? pod.spec?.terminationGracePeriodSeconds ?? 30) * SECOND;
}

/** Starts a container's hook, for at most so long; the pod waits for its end. */
export function runHook(
  state: KubeletState,
  worker: PodWorker,
  container: V1Container,
  hook: HookRun['hook'],
  ctx: Context,
  deadlineUs?: number,
): void {
  const { exec, httpGet, sleep } = container.lifecycle?.[hook] ?? {};
  const { current } = recordOf(worker, container.name);
  const then: HookTimer = { hooked: { hook, pod: worker.key, container: container.name, id: current?.id ?? '', since: ctx.now } };
  worker.busy++;
  const started = sleep ? { wake: ctx.wake(Math.min(sleep.seconds * SECOND, deadlineUs ?? Infinity), then) } : { call: call() };
  worker.hooks = withEntry(worker.hooks, container.name, started);

  function call(): EventId {
    if (httpGet)
      return knock(
        ctx,
        {
          call: {
            protocol: 'http',
            method: 'GET',
            path: httpGet.path ?? '/',
            port: portOf(httpGet.port, container) ?? 0,
            from: podGateway(state.node) ?? state.config.ip,
            agent: 'kube-lifecycle/1.36',
          },
          process: current?.address ?? '',
          host: httpGet.host,
          podIP: worker.sandbox?.ip,
          machine: state.config.machine,
          machineIP: state.config.ip,
        },
        then,
        deadlineUs,
      );
    return ctx.call(
      state.config.containerd,
      { protocol: 'cri', verb: 'ExecSync', container: current?.id ?? '', command: exec?.command ?? [], takesTime: true } satisfies CriCall,
      then,
      { deadlineUs },
    );
  }
}

/** A pod that is to end, or to end sooner, does not wait for its hooks. Upstream: the pod worker cancels the sync under way. */
export function abandonHooks(worker: PodWorker, ctx: Context): void {
  for (const hook of worker.hooks.values()) {
    if ('call' in hook) ctx.hangUp(hook.call);
    else ctx.cancel(hook.wake);
    worker.busy--;
  }
  worker.hooks = NO_ENTRIES;
}

/** The pod has less time to end than it was told: what still runs is told again. Upstream: pod_workers.go calculateEffectiveGracePeriod, at least 1 s. */
export function hurry(state: KubeletState, worker: PodWorker, ctx: Context): void {
  abandonHooks(worker, ctx);
  for (const [name, record] of worker.containers) {
    if (record.current?.state === 'RUNNING')
      callRuntime(
        state,
        worker,
        ctx,
        { protocol: 'cri', verb: 'StopContainer', container: record.current.id, timeoutUs: Math.max(SECOND, graceUsOf(worker)) },
        { cri: 'stop', container: name },
      );
  }
}

/** Time that is up is not a failure. */
export function isHookOk(answer: Answer): boolean {
  const { outcome, body } = unwrapped(answer);
  const reply = body as CriReply | HttpReply | undefined;
  if (outcome !== 'reply') return outcome === 'deadline';
  return reply?.protocol === 'http'
    ? reply.refused !== true
    : reply?.error === undefined && reply?.exec?.exitCode === 0 && reply.exec.error === undefined;
}

/** Takes in a hook's end. Returns true when the pod must be looked at again. */
export function hookOver(
  state: KubeletState,
  worker: PodWorker,
  { hook, container: name, id, since }: HookRun,
  isOk: boolean,
  ctx: Context,
): boolean {
  const container = allContainers(worker.pod).find((c) => c.name === name);
  if (!container || recordOf(worker, name).current?.id !== id) return false;
  ctx.toForeground();
  worker.busy--;
  worker.hooks = withoutEntry(worker.hooks, name);
  if (hook === 'preStop') {
    if (!isOk) say(state, worker, ctx, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', name);
    const spentUs = Math.floor((ctx.now - since) / SECOND) * SECOND;
    callRuntime(
      state,
      worker,
      ctx,
      {
        protocol: 'cri',
        verb: 'StopContainer',
        container: id,
        timeoutUs: Math.max(LEAST_GRACE_US, graceUsOf(worker, container) - spentUs),
      },
      { cri: 'stop', container: name },
    );
    return false;
  }
  if (!isOk) {
    say(state, worker, ctx, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', name);
    worker.killing = withMember(worker.killing, name);
    worker.why = withEntry(worker.why, name, POST_START_FAILED);
    worker.reasons = withEntry(worker.reasons, name, { reason: 'PostStartHookError', message: 'PostStartHook failed' });
  }
  return true;
}
