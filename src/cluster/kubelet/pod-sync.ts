/** Carries out the next step for a pod. Upstream: pkg/kubelet/pod_workers.go, kuberuntime/kuberuntime_manager.go SyncPod (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import { isOver } from '../../api/pods/phase.ts';
import { podGateway } from '../network/flannel.ts';
import { resolvConfOf } from '../network/resolver.ts';
import type { V1Container } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import type { CriCall, CriReply } from '../runtime/cri.ts';
import { isPastDeadline, PAST_DEADLINE, type DeadlineTimer } from './active-deadline.ts';
import { backOffKey, humanBackoff, raised, restartAt } from './back-off.ts';
import { cannotMake, sayWhy } from './cannot-make.ts';
import { containerStep, kindOf, markStopped, pull, RELIST, RELIST_US, retryAfter, sandboxFailed, sandboxMade } from './container-steps.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet.ts';
import { lastEnd, nextStep, type NextStep } from './next-step.ts';
import { graceUsOf, hookOver, isHookOk, LEAST_GRACE_US, POST_START_FAILED, runHook, type HookTimer } from './hooks.ts';
import { judge } from './probe-verdicts.ts';
import { runProbe, isGood, type ProbeTimer } from './probes.ts';
import { withSubPaths } from './sub-paths.ts';
import { downwardOf, mountedFiles, mountsOf, sharedFolders } from './downward.ts';
import { referencesOf } from '../../api/pods/references.ts';
import { ROOT } from '../runtime/linux-user.ts';
import { linuxUserOf } from './run-as.ts';
import { entriesOf, environmentOf, mountedReferences, type References } from './references.ts';
import { remount, type RemountTimer } from './remount.ts';
import { MOST_NODENAME, nodenameOf, tooLong } from './hostname.ts';
import { forget } from './forget.ts';
import { addresseeOf, callRuntime, say, tellRuntime, workerFor, type Addressee, type CriThen } from './worker-calls.ts';
import { writeStatus } from './status-writer.ts';
import { NO_ENTRIES, withEntry, withoutEntry, withoutMember } from '../../lib/persistent.ts';

/** A container still waits for its next start. */
interface WaitTimer {
  readonly waits: string;
  readonly container: string;
  readonly until: number;
}
export type PodTimer = ProbeTimer | RemountTimer | HookTimer | DeadlineTimer | WaitTimer | { readonly retry: string };
interface ReferenceThen extends Addressee {
  readonly reference: string;
}
const MOUNT_FIRST_US = 500_000;
const MOUNT_MOST_US = 122_000_000;
const CONFIG_RETRY_US = 10_000_000;
/** Upstream: pod_workers.go completeWork looks at what waits at the latest after the sync frequency. */
const RESYNC_US = 60_000_000;

/**
 * Does what is next, and writes the status when it changed: as a pass over the pod begins and when it is over, not in its midst.
 * Upstream: kubelet.go SyncPod sets the status before the runtime's part, which holds the pod's worker until it returns.
 */
export function syncPod(state: KubeletState, worker: PodWorker, ctx: Context, isMidway = worker.busy > 0): void {
  if (state.runtime === undefined) return;
  for (let step = nextStep(worker, ctx.now); ; step = nextStep(worker, ctx.now)) {
    if (!carryOut(state, worker, step, ctx)) break;
  }
  if (!isMidway || worker.busy === 0) writeStatus(state, worker, ctx);
}

type Call = (body: CriCall, container?: string) => void;

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
    case 'stop':
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

function waitUntil(worker: PodWorker, until: number, ctx: Context): void {
  if (worker.wakeAt === until && until > ctx.now) return;
  worker.wakeAt = until;
  ctx.wake(until - ctx.now, { retry: worker.key } satisfies PodTimer, true);
}

/** Returns true when there cannot be one. */
function makeSandbox(state: KubeletState, worker: PodWorker, ctx: Context, call: Call): boolean {
  const { pod } = worker;
  worker.endsSince = undefined;
  if (!state.isNetworkReady && !pod.spec?.hostNetwork) return false;
  if (worker.sandbox) say(state, worker, ctx, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  const hostname = nodenameOf(pod, state.config.machine);
  if (hostname.length > MOST_NODENAME) {
    sandboxFailed(state, worker, tooLong(hostname), ctx);
    return true;
  }
  const dns = resolvConfOf(pod, state.config.clusterDns);
  const identity = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '', uid: worker.uid };
  call({
    protocol: 'cri',
    verb: 'RunPodSandbox',
    pod: identity,
    attempt: worker.sandboxAttempts++,
    hostNetwork: pod.spec?.hostNetwork ?? false,
    hostname,
    ...(dns ? { dns } : {}),
  });
  return false;
}

function stop(state: KubeletState, worker: PodWorker, name: string, ctx: Context, call: Call): void {
  const { pod } = worker;
  const container = allContainers(pod).find((c) => c.name === name);
  say(state, worker, ctx, 'Normal', 'Killing', worker.why.get(name) ?? `Stopping container ${name}`, name);
  if (!worker.killing.has(name)) worker.endsSince ??= ctx.now;
  const waitedUs = worker.killing.has(name) ? 0 : ctx.now - (worker.endsSince ?? ctx.now);
  const graceUs = graceUsOf(worker, container);
  const timeoutUs = waitedUs === 0 ? graceUs : Math.max(LEAST_GRACE_US, graceUs - waitedUs);
  if (container?.lifecycle?.preStop && timeoutUs > 0) runHook(state, worker, container, 'preStop', ctx, timeoutUs);
  else call({ protocol: 'cri', verb: 'StopContainer', container: recordOf(worker, name).current?.id ?? '', timeoutUs }, name);
}

/** Asks for the pod's ConfigMaps and Secrets, all at once. */
function askReferences(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.references = undefined;
  const wanted = referencesOf(worker.pod);
  worker.found = NO_ENTRIES;
  for (const reference of wanted) {
    worker.busy++;
    const [plural, name] = reference.split('/');
    callApi(ctx, state.endpoint, { method: 'GET', path: `/api/v1/namespaces/${worker.pod.metadata?.namespace}/${plural}/${name}` }, {
      reference,
      ...addresseeOf(worker),
    } satisfies ReferenceThen);
  }
}

export function referenceAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('reference' in then)) return false;
  const { reference } = then as ReferenceThen;
  const worker = workerFor(state, then as ReferenceThen);
  if (!worker) return true;
  worker.busy--;
  const { code, body } = responseOf(answer);
  worker.found = withEntry(worker.found, reference, code === 200 ? entriesOf(body as Parameters<typeof entriesOf>[0]) : null);
  if (worker.busy === 0) {
    worker.references = worker.found;
    showReferences(worker);
    syncPod(state, worker, ctx);
  }
  return true;
}

/** What the volumes show from now on. */
function showReferences(worker: PodWorker): void {
  for (const reference of mountedReferences(worker.pod)) {
    const entries = worker.found.get(reference);
    if (entries !== undefined) worker.shown = withEntry(worker.shown, reference, entries);
  }
}

function unmounted(state: KubeletState, worker: PodWorker, why: string, ctx: Context): void {
  say(state, worker, ctx, 'Warning', 'FailedMount', why);
  if (!worker.waits.has('')) sayWhy(worker, { reason: 'FailedMount', message: why }, ctx);
  retryAfter(worker, '', ctx.now, { firstUs: MOUNT_FIRST_US, mostUs: MOUNT_MOST_US });
  worker.references = undefined;
}

function backOff(state: KubeletState, worker: PodWorker, { container, until }: Extract<NextStep, { do: 'back-off' }>, ctx: Context): void {
  const { metadata } = worker.pod;
  const delay = humanBackoff(worker.backoff.get(backOffKey(container))?.delayUs ?? 0);
  writeStatus(state, worker, ctx);
  worker.reasons = withEntry(worker.reasons, container.name, {
    until: worker.reasons.get(container.name) ?? null,
    reason: 'CrashLoopBackOff',
    message: `back-off ${delay} restarting failed container=${container.name} pod=${metadata?.name}_${metadata?.namespace}(${worker.uid})`,
  });
  worker.probeKilled = withoutMember(worker.probeKilled, container.name);
  sayBackOff(state, worker, ctx, { name: container.name, until });
  ctx.note({ says: 'kubelet/back-off', about: `pods/${worker.key}`, with: { pod: metadata?.name, container: container.name, delay } });
  ctx.wake(RELIST_US, { retry: worker.key } satisfies PodTimer, true);
  waitUntil(worker, until, ctx);
}

/** Said at each look at the pod, as long as the container waits. */
function sayBackOff(
  state: KubeletState,
  worker: PodWorker,
  ctx: Context,
  { name, until }: { readonly name: string; readonly until: number },
): void {
  const { metadata } = worker.pod;
  say(
    state,
    worker,
    ctx,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${name} in pod ${metadata?.name}_${metadata?.namespace}(${worker.uid})`,
    name,
  );
  if (until - ctx.now > RESYNC_US) ctx.wake(RESYNC_US, { waits: worker.key, container: name, until } satisfies WaitTimer, true);
}

function stillWaits(state: KubeletState, { waits, container, until }: WaitTimer, ctx: Context): void {
  const worker = state.workers.get(waits);
  const ended = worker && lastEnd(worker, container);
  const spec = worker && allContainers(worker.pod).find((c) => c.name === container);
  if (
    ended === undefined ||
    !spec ||
    worker.isTerminating ||
    worker.failure ||
    restartAt(worker.backoff.get(backOffKey(spec)), ended) !== until
  )
    return;
  sayBackOff(state, worker, ctx, { name: container, until });
}

function configError(
  state: KubeletState,
  worker: PodWorker,
  { container: { name }, why }: { readonly container: V1Container; readonly why: string },
  ctx: Context,
): void {
  cannotMake(worker, name, { reason: 'CreateContainerConfigError', message: why }, ctx);
  say(state, worker, ctx, 'Warning', 'Failed', `Error: ${why}`, name);
  worker.waits = withEntry(worker.waits, name, { until: ctx.now + CONFIG_RETRY_US, delayUs: CONFIG_RETRY_US });
  if (referencesOf(worker.pod).length > 0) worker.references = undefined;
  worker.containers = withEntry(worker.containers, name, { ...recordOf(worker, name), hasImage: false });
}

/** Returns true when it cannot be made as it is asked for. */
function create(state: KubeletState, worker: PodWorker, container: V1Container, ctx: Context, call: Call): boolean {
  const { name } = container;
  const record = recordOf(worker, name);
  const ended = lastEnd(worker, name);
  const where = downwardOf(state, worker);
  const { services } = where;
  const references: References = worker.references ?? new Map();
  const resolved = environmentOf(container, worker.pod.metadata?.namespace ?? '', references, where);
  const own = 'env' in resolved ? resolved.env : (container.env ?? []);
  const env = own.length === 0 ? services : [...own, ...services.filter((s) => !own.some((v) => v.name === s.name))];
  const placed = withSubPaths(container, env);
  if ('error' in placed) {
    configError(state, worker, { container, why: placed.error }, ctx);
    return true;
  }
  if (ended !== undefined)
    worker.backoff = withEntry(worker.backoff, backOffKey(container), raised(worker.backoff.get(backOffKey(container)), ended, ctx.now));
  worker.probeKilled = withoutMember(worker.probeKilled, name);
  worker.replaced = withoutMember(worker.replaced, name);
  const files = mountedFiles(placed.container, references, where);
  const shared = sharedFolders(placed.container, worker.pod);
  const mounts = mountsOf(placed.container, worker.pod);
  const user = linuxUserOf(container, worker.pod);
  call(
    {
      protocol: 'cri',
      verb: 'CreateContainer',
      sandbox: worker.sandbox?.id ?? '',
      container: {
        name,
        image: container.image ?? '',
        attempt: record.attempts,
        ...(kindOf(worker.pod, container).kind === 'init' ? { isAwaited: true as const } : {}),
        ports: (container.ports ?? []).map((p) => ({
          port: p.containerPort,
          protocol: p.protocol ?? 'TCP',
          ...(p.name ? { name: p.name } : {}),
        })),
        spec: placed.container,
        ...(container.command ? { command: container.command } : {}),
        ...(container.args ? { args: container.args } : {}),
        ...(env.length > 0 ? { env } : {}),
        ...(user === ROOT ? {} : { user }),
        ...(Object.keys(files).length > 0 ? { files } : {}),
        ...(shared.length > 0 ? { shared } : {}),
        ...(mounts.length > 0 ? { mounts } : {}),
      },
    },
    name,
  );
  return false;
}

/** The pod is over on this machine: last status, then the object may go. */
function finish(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.isFinished = true;
  if (worker.sandbox && worker.isTerminating)
    tellRuntime(state, ctx, { protocol: 'cri', verb: 'RemovePodSandbox', sandbox: worker.sandbox.id });
  if (worker.isDeleted) forget(state, worker, ctx);
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
    if (why === POST_START_FAILED) retryAfter(worker, t.container, ctx.now, RELIST);
    markStopped(worker, t.container, reply, { now: ctx.now, why });
  } else if (container) containerStep(state, worker, container, t.cri, reply, ctx);
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
  if (worker && hookOver(state, worker, hooked, isOk, ctx)) syncPod(state, worker, ctx, !isOk);
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
    sayReasons(worker);
    return syncPod(state, worker, ctx);
  }
  if ('waits' in timer) return stillWaits(state, timer, ctx);
  if ('remount' in timer) return remount(state, timer, ctx);
  if ('deadline' in timer) return pastDeadline(state, timer.deadline, ctx);
  if ('hooked' in timer) return hookEnded(state, timer, true, ctx);
  const worker = state.workers.get(timer.pod);
  if (
    worker &&
    runProbe(ctx, worker, timer, {
      from: podGateway(state.node) ?? state.config.ip,
      machine: state.config.machine,
      machineIP: state.config.ip,
    }) === 'passed' &&
    judge(state, worker, timer, { ok: true, why: '' }, ctx)
  )
    syncPod(state, worker, ctx, false);
}

/** A start that is waited for is said so from the next look at the runtime on: until then the API has how the container ended, or what was said before. */
function sayReasons(worker: PodWorker): void {
  for (const [name, { until, ...why }] of worker.reasons) if (until !== undefined) worker.reasons = withEntry(worker.reasons, name, why);
}

/** A pull that failed is now waited for. */
function pullsBackOff(state: KubeletState, worker: PodWorker, ctx: Context): void {
  for (const container of allContainers(worker.pod)) {
    const why = worker.reasons.get(container.name);
    if (why?.reason !== 'ErrImagePull' || (worker.waits.get(container.name)?.until ?? 0) <= ctx.now) continue;
    worker.reasons = withEntry(worker.reasons, container.name, {
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${container.image}": ErrImagePull: ${why.message}`,
    });
    say(state, worker, ctx, 'Normal', 'BackOff', `Back-off pulling image "${container.image}"`, container.name);
    say(state, worker, ctx, 'Warning', 'Failed', 'Error: ImagePullBackOff', container.name);
  }
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
