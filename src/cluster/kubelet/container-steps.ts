/** Takes in what the runtime answered, and says so in Events. Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go, images/image_manager.go (v1.36). */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { CriReply } from '../runtime/cri.ts';
import { cannotMake } from './cannot-make.ts';
import { recordOf, type ContainerRecord, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { POST_START_FAILED, runHook } from './hooks.ts';
import { beginRemounting } from './remount.ts';
import { retryWhenSeen } from './seen.ts';
import { callRuntime, say } from './worker-calls.ts';
import { isWellFormed } from '../runtime/images/registry.ts';
import { withEntry, withMember, withoutEntry } from '../../lib/persistent.ts';

const PULL_FIRST_US = 10_000_000;
const PULL_MOST_US = 300_000_000;

/** Waits, the next time twice as long. */
export function retryAfter(
  worker: PodWorker,
  what: string,
  now: number,
  of: { readonly firstUs: number; readonly mostUs: number } = { firstUs: PULL_FIRST_US, mostUs: PULL_MOST_US },
): void {
  const was = worker.waits.get(what);
  const delayUs = was ? Math.min(of.mostUs, was.delayUs * 2) : of.firstUs;
  worker.waits = withEntry(worker.waits, what, { until: now + delayUs, delayUs });
}

export function sandboxFailed(state: KubeletState, worker: PodWorker, why: string, ctx: Context): void {
  worker.sandboxError = why;
  say(state, worker, ctx, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${why}`);
  worker.waits = withEntry(worker.waits, '', { until: ctx.now + PULL_FIRST_US, delayUs: PULL_FIRST_US });
}

export function sandboxMade(state: KubeletState, worker: PodWorker, reply: CriReply, ctx: Context): void {
  if (reply.error !== undefined) return sandboxFailed(state, worker, `rpc error: code = Unknown desc = ${reply.error}`, ctx);
  worker.sandboxError = undefined;
  worker.waits = withoutEntry(worker.waits, '');
  worker.sandbox = Object.freeze({ id: reply.sandbox ?? '', ip: reply.ip ?? '', isReady: true, attempt: worker.sandboxAttempts - 1 });
  beginRemounting(ctx, worker);
  ctx.note({
    says: 'kubelet/sandbox-ready',
    about: `pods/${worker.key}`,
    with: { pod: worker.pod.metadata?.name, ip: reply.ip, machine: state.config.machine },
  });
}

/** StopContainer was answered, so the container is down whatever the event stream says later. */
export function markStopped(
  worker: PodWorker,
  name: string,
  reply: CriReply,
  { now, why }: { readonly now: number; readonly why: string | undefined },
): void {
  const record = recordOf(worker, name);
  if (!record.current || record.current.state !== 'RUNNING' || reply.verb !== 'StopContainer') return;
  const ended = reply.containers?.[0] ?? { ...record.current, state: 'EXITED' as const, exitCode: 137, reason: 'Error', finishedAt: now };
  worker.containers = withEntry(worker.containers, name, { ...record, current: ended });
  if (!worker.isTerminating && worker.sandbox?.isReady && why !== POST_START_FAILED)
    worker.probeKilled = withMember(worker.probeKilled, name);
}

export function containerStep(
  state: KubeletState,
  worker: PodWorker,
  container: V1Container,
  step: string,
  reply: CriReply,
  ctx: Context,
): void {
  switch (step) {
    case 'image':
      return imageKnown(state, worker, container, reply, ctx);
    case 'pull':
      return pulled(state, worker, container, reply, ctx);
    case 'create':
      return created(state, worker, container, reply, ctx);
    case 'start':
      return started(state, worker, container, reply, ctx);
    default:
  }
}

function imageKnown(state: KubeletState, worker: PodWorker, container: V1Container, reply: CriReply, ctx: Context): void {
  const { name, image } = container;
  if (reply.image) {
    say(
      state,
      worker,
      ctx,
      'Normal',
      'Pulled',
      `Container image "${image}" already present on machine and can be accessed by the pod`,
      name,
    );
    worker.containers = withEntry(worker.containers, name, { ...recordOf(worker, name), hasImage: true });
    return;
  }
  if (reply.error !== undefined) return retryAfter(worker, name, ctx.now);
  if (container.imagePullPolicy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    say(state, worker, ctx, 'Warning', 'ErrImageNeverPull', message, name);
    say(state, worker, ctx, 'Warning', 'Failed', 'Error: ErrImageNeverPull', name);
    cannotMake(worker, name, { reason: 'ErrImageNeverPull', message }, ctx);
    worker.waits = withEntry(worker.waits, name, { until: ctx.now + PULL_FIRST_US, delayUs: PULL_FIRST_US });
    return;
  }
  pull(state, worker, container, ctx);
}

export function pull(state: KubeletState, worker: PodWorker, { name, image = '' }: V1Container, ctx: Context): void {
  if (!isWellFormed(image)) return malformed(state, worker, name, image, ctx);
  say(state, worker, ctx, 'Normal', 'Pulling', `Pulling image "${image}"`, name);
  callRuntime(state, worker, ctx, { protocol: 'cri', verb: 'PullImage', image }, { cri: 'pull', container: name });
}

/** A name that no registry could know is not even asked for. Upstream: image_manager.go applyDefaultImageTag. */
function malformed(state: KubeletState, worker: PodWorker, name: string, image: string, ctx: Context): void {
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
  say(state, worker, ctx, 'Warning', 'InspectFailed', message, name);
  say(state, worker, ctx, 'Warning', 'Failed', 'Error: InvalidImageName', name);
  cannotMake(worker, name, { reason: 'InvalidImageName', message }, ctx);
  worker.waits = withEntry(worker.waits, name, { until: ctx.now + PULL_FIRST_US, delayUs: PULL_FIRST_US });
}

function pulled(state: KubeletState, worker: PodWorker, container: V1Container, reply: CriReply, ctx: Context): void {
  const { name, image } = container;
  if (reply.error === undefined) {
    const took = goSeconds(reply.tookUs ?? 0);
    say(
      state,
      worker,
      ctx,
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${reply.image?.sizeBytes ?? 0} bytes.`,
      name,
    );
    worker.containers = withEntry(worker.containers, name, { ...recordOf(worker, name), hasImage: true });
    worker.waits = withoutEntry(worker.waits, name);
    return;
  }
  const reason = 'ErrImagePull';
  say(state, worker, ctx, 'Warning', 'Failed', `Failed to pull image "${image}": ${reply.error}`, name);
  say(state, worker, ctx, 'Warning', 'Failed', `Error: ${reason}`, name);
  worker.reasons = withEntry(worker.reasons, name, { reason, message: reply.error });
  retryAfter(worker, name, ctx.now);
  ctx.note({
    says: 'kubelet/pull-failed',
    about: `pods/${worker.key}`,
    with: { pod: worker.pod.metadata?.name, image, error: reply.error, retryIn: (worker.waits.get(name)?.delayUs ?? 0) / 1_000_000 },
  });
  ctx.wake(2_000_000, { retry: worker.key });
}

/** '1.234s', '56ms', as Go prints a duration rounded to the millisecond. */
function goSeconds(us: number): string {
  const ms = Math.round(us / 1000);
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

function created(state: KubeletState, worker: PodWorker, container: V1Container, reply: CriReply, ctx: Context): void {
  const { name } = container;
  const record = recordOf(worker, name);
  if (reply.error !== undefined) {
    say(state, worker, ctx, 'Warning', 'Failed', `Error: ${reply.error}`, name);
    cannotMake(worker, name, { reason: 'CreateContainerError', message: reply.error }, ctx);
    return retryAfter(worker, name, ctx.now);
  }
  say(state, worker, ctx, 'Normal', 'Created', `Container created`, name);
  const last = record.current?.state === 'EXITED' ? { last: record.current } : {};
  const spec = { name, image: container.image ?? '', attempt: record.attempts, ports: [], spec: container };
  const current = reply.containers?.[0] ?? {
    id: reply.container ?? '',
    sandbox: worker.sandbox?.id ?? '',
    pod: { namespace: worker.pod.metadata?.namespace ?? '', name: worker.pod.metadata?.name ?? '', uid: worker.uid },
    name,
    image: container.image ?? '',
    imageId: '',
    attempt: record.attempts,
    state: 'CREATED' as const,
    exitCode: 0,
    reason: '',
    createdAt: ctx.now,
    startedAt: 0,
    finishedAt: 0,
    address: '',
    spec,
  };
  worker.containers = withEntry(worker.containers, name, {
    ...record,
    ...last,
    attempts: record.attempts + 1,
    hasImage: false,
    current,
  } satisfies ContainerRecord);
}

function started(state: KubeletState, worker: PodWorker, container: V1Container, reply: CriReply, ctx: Context): void {
  const { name } = container;
  const record = recordOf(worker, name);
  if (!record.current) return;
  if (reply.error !== undefined) {
    worker.containers = withEntry(worker.containers, name, {
      ...record,
      current: { ...record.current, state: 'EXITED', exitCode: 128, reason: 'StartError', message: reply.error, finishedAt: ctx.now },
    } satisfies ContainerRecord);
    cannotMake(worker, name, { reason: 'RunContainerError', message: reply.error }, ctx);
    retryWhenSeen(state, worker, name, ctx);
    say(state, worker, ctx, 'Warning', 'Failed', `Error: ${reply.error}`, name);
    return;
  }
  worker.containers = withEntry(worker.containers, name, {
    ...record,
    current: { ...record.current, state: 'RUNNING', startedAt: ctx.now },
  } satisfies ContainerRecord);
  worker.reasons = withoutEntry(worker.reasons, name);
  say(state, worker, ctx, 'Normal', 'Started', `Container started`, name);
  if (container.lifecycle?.postStart) runHook(state, worker, container, 'postStart', ctx);
}
