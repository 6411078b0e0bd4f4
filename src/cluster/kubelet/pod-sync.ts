/** Carries out the next step for a pod, and takes in what came of it. Upstream: pkg/kubelet/pod_workers.go, kuberuntime, status/status_manager.go (v1.36). */
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { resolvConfOf } from '../network/resolver.ts';
import type { V1Container, V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { recordEvent, type EventText } from '../client/event-recorder.ts';
import type { CriCall, CriReply } from '../runtime/cri.ts';
import { isRunning, recordOf, type ContainerRecord, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { humanBackoff, statusOf } from './pod-status.ts';
import { beginProbes, countResult, isGood, probeOf, runProbe, type ProbeTimer } from './probes.ts';

export type PodTimer = ProbeTimer | { readonly retry: string };
type CriThen = { readonly cri: NextStep['do'] | 'wait'; readonly pod: string; readonly container?: string };
const BACKOFF_US = 10_000_000;
const MOST_BACKOFF_US = 300_000_000;
const STABLE_US = 600_000_000;
const RUNTIME_TIMEOUT_US = 240_000_000;
const POD_NAME = 'spec.containers';

function say(state: KubeletState, worker: PodWorker, ctx: Context, type: EventText['type'], reason: string, message: string, container?: string): void {
  recordEvent(ctx, state.recorder, state.endpoint, worker.pod, { type, reason, message }, container === undefined ? undefined : `${POD_NAME}{${container}}`);
}

/** Does what is next, and writes the status when it changed. */
export function syncPod(state: KubeletState, worker: PodWorker, ctx: Context): void {
  for (let step = nextStep(worker, ctx.now); ; step = nextStep(worker, ctx.now)) {
    if (!carryOut(state, worker, step, ctx)) break;
  }
  writeStatus(state, worker, ctx);
}

/** Returns true when another step may follow at once. */
function carryOut(state: KubeletState, worker: PodWorker, step: NextStep, ctx: Context): boolean {
  const { pod } = worker;
  const identity = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '', uid: worker.uid };
  const call = (body: CriCall, container?: string): void => {
    worker.busy++;
    ctx.call(state.config.containerd, body, { cri: step.do, pod: worker.key, ...(container === undefined ? {} : { container }) } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
  };
  switch (step.do) {
    case 'nothing': return false;
    case 'wait': ctx.wake(step.until - ctx.now, { retry: worker.key } satisfies PodTimer, true); return false;
    case 'finish': finish(state, worker, ctx); return false;
    case 'sandbox': {
      if (!state.isNetworkReady && !pod.spec?.hostNetwork) return false;
      if (worker.sandbox) say(state, worker, ctx, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      const dns = resolvConfOf(pod, state.config.clusterDns);
      call({ protocol: 'cri', verb: 'RunPodSandbox', pod: identity, attempt: worker.sandboxAttempts++, hostNetwork: pod.spec?.hostNetwork ?? false, ...(dns ? { dns } : {}) });
      return false;
    }
    case 'stop-sandbox': call({ protocol: 'cri', verb: 'StopPodSandbox', sandbox: worker.sandbox?.id ?? '' }); return false;
    case 'stop':
      for (const name of step.containers) {
        const id = recordOf(worker, name).current?.id ?? '';
        say(state, worker, ctx, 'Normal', 'Killing', worker.why.get(name) ?? `Stopping container ${name}`, name);
        call({ protocol: 'cri', verb: 'StopContainer', container: id, timeoutUs: (pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30) * 1_000_000 }, name);
      }
      return false;
    case 'image': call({ protocol: 'cri', verb: 'ImageStatus', image: step.container.image ?? '' }, step.container.name); return false;
    case 'pull': startPull(state, worker, step.container, ctx, call); return false;
    case 'create': {
      const record = recordOf(worker, step.container.name);
      const { container } = step;
      call({ protocol: 'cri', verb: 'CreateContainer', sandbox: worker.sandbox?.id ?? '', container: { name: container.name, image: container.image ?? '', attempt: record.attempts, ports: (container.ports ?? []).map((p) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP', ...(p.name ? { name: p.name } : {}) })), spec: container, ...(container.command ? { command: container.command } : {}), ...(container.args ? { args: container.args } : {}), ...(container.env ? { env: container.env } : {}) } }, container.name);
      return false;
    }
    case 'start': call({ protocol: 'cri', verb: 'StartContainer', container: recordOf(worker, step.container.name).current?.id ?? '' }, step.container.name); return false;
  }
}

function startPull(state: KubeletState, worker: PodWorker, container: V1Container, ctx: Context, call: (body: CriCall, container?: string) => void): void {
  say(state, worker, ctx, 'Normal', 'Pulling', `Pulling image "${container.image}"`, container.name);
  call({ protocol: 'cri', verb: 'PullImage', image: container.image ?? '' }, container.name);
}

/** The pod is over on this machine: last status, then the object may go. */
function finish(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.isFinished = true;
  if (worker.sandbox) ctx.call(state.config.containerd, { protocol: 'cri', verb: 'RemovePodSandbox', sandbox: worker.sandbox.id } satisfies CriCall, { cri: 'nothing', pod: '' } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
  if (worker.isDeleted) state.workers.delete(worker.key);
}

function backOff(worker: PodWorker, name: string, now: number): number {
  const was = worker.backoff.get(name);
  const delayUs = was ? Math.min(MOST_BACKOFF_US, was.delayUs * 2) : BACKOFF_US;
  worker.backoff.set(name, { until: now + delayUs, delayUs });
  return delayUs;
}

export function criAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('cri' in then)) return false;
  const t = then as CriThen;
  const worker = state.workers.get(t.pod);
  if (!worker) return true;
  worker.busy--;
  const reply: CriReply = answer.outcome === 'reply' ? (answer.body as CriReply) : { protocol: 'cri', verb: 'ListPods', error: 'rpc error: code = Unavailable desc = connection error: dial unix /run/containerd/containerd.sock: connect: connection refused' };
  const container = [...(worker.pod.spec?.initContainers ?? []), ...(worker.pod.spec?.containers ?? [])].find((c) => c.name === t.container);
  if (t.cri === 'sandbox') sandboxMade(state, worker, reply, ctx);
  else if (t.cri === 'stop-sandbox') { if (worker.sandbox) worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false }); }
  else if (t.cri === 'stop' && t.container) { worker.killing.delete(t.container); worker.why.delete(t.container); markStopped(worker, t.container, ctx); }
  else if (container) containerStep(state, worker, container, t.cri, reply, ctx);
  syncPod(state, worker, ctx);
  return true;
}

/** StopContainer was answered, so the container is down whatever the event stream says later. */
function markStopped(worker: PodWorker, name: string, ctx: Context): void {
  const record = recordOf(worker, name);
  if (!record.current || record.current.state !== 'RUNNING') return;
  const isServer = worker.isTerminating;
  worker.containers.set(name, Object.freeze({ ...record, current: { ...record.current, state: 'EXITED' as const, exitCode: isServer ? 0 : 137, reason: isServer ? 'Completed' : 'Error', finishedAt: ctx.now } }));
}

function sandboxMade(state: KubeletState, worker: PodWorker, reply: CriReply, ctx: Context): void {
  if (reply.error !== undefined) {
    worker.sandboxError = reply.error;
    say(state, worker, ctx, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = ${reply.error}`);
    worker.backoff.set('', { until: ctx.now + BACKOFF_US, delayUs: BACKOFF_US });
    return;
  }
  worker.sandboxError = undefined;
  worker.backoff.delete('');
  worker.sandbox = Object.freeze({ id: reply.sandbox ?? '', ip: reply.ip ?? '', isReady: true, attempt: worker.sandboxAttempts - 1 });
  ctx.note({ says: 'kubelet/sandbox-ready', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, ip: reply.ip, machine: state.config.machine } });
}

function containerStep(state: KubeletState, worker: PodWorker, container: V1Container, step: string, reply: CriReply, ctx: Context): void {
  const record = recordOf(worker, container.name);
  const set = (next: Partial<ContainerRecord>): void => void worker.containers.set(container.name, Object.freeze({ ...record, ...next }));
  const megabytes = reply.image?.sizeBytes ?? 0;
  if (step === 'image') {
    if (reply.image) { say(state, worker, ctx, 'Normal', 'Pulled', `Container image "${container.image}" already present on machine`, container.name); set({ hasImage: true }); return; }
    if (container.imagePullPolicy === 'Never') { set({ pullError: { message: `Container image "${container.image}" is not present with pull policy of Never`, isBackOff: false } }); backOff(worker, container.name, ctx.now); return; }
    worker.busy++;
    say(state, worker, ctx, 'Normal', 'Pulling', `Pulling image "${container.image}"`, container.name);
    ctx.call(state.config.containerd, { protocol: 'cri', verb: 'PullImage', image: container.image ?? '' } satisfies CriCall, { cri: 'pull', pod: worker.key, container: container.name } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
    return;
  }
  if (step === 'pull') return pulled(state, worker, container, reply, megabytes, ctx);
  if (step === 'create') {
    if (reply.error !== undefined) { say(state, worker, ctx, 'Warning', 'Failed', `Error: ${reply.error}`, container.name); backOff(worker, container.name, ctx.now); return; }
    say(state, worker, ctx, 'Normal', 'Created', `Container created`, container.name);
    const last = record.current?.state === 'EXITED' ? { last: record.current } : {};
    set({ ...last, attempts: record.attempts + 1, current: { id: reply.container ?? '', sandbox: worker.sandbox?.id ?? '', pod: { namespace: worker.pod.metadata?.namespace ?? '', name: worker.pod.metadata?.name ?? '', uid: worker.uid }, name: container.name, image: container.image ?? '', imageId: '', attempt: record.attempts, state: 'CREATED', exitCode: 0, reason: '', createdAt: ctx.now, startedAt: 0, finishedAt: 0, address: addressOf(state, worker, container), spec: { name: container.name, image: container.image ?? '', attempt: record.attempts, ports: [], spec: container } } });
    return;
  }
  if (step !== 'start' || !record.current) return;
  if (reply.error !== undefined) {
    set({ current: { ...record.current, state: 'EXITED', exitCode: 128, reason: 'StartError', message: reply.error, finishedAt: ctx.now } });
    say(state, worker, ctx, 'Warning', 'Failed', `Error: ${reply.error}`, container.name);
    crashed(state, worker, container, ctx);
    return;
  }
  const previous = worker.backoff.get(container.name);
  set({ current: { ...record.current, state: 'RUNNING', startedAt: ctx.now } });
  say(state, worker, ctx, 'Normal', 'Started', `Container started`, container.name);
  ctx.note({ says: 'kubelet/container-started', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, container: container.name, machine: state.config.machine, attempt: record.current.attempt } });
  beginProbes(ctx, worker, container, record.current.id);
  if (previous) worker.backoff.set(container.name, { ...previous, until: 0 });
}

function addressOf(state: KubeletState, worker: PodWorker, container: V1Container): string {
  return worker.pod.spec?.hostNetwork && (worker.isStatic || worker.pod.metadata?.namespace?.startsWith('kube-')) ? `${state.config.machine}/${container.name}` : `${worker.pod.metadata?.namespace}/${worker.pod.metadata?.name}/${container.name}`;
}

function pulled(state: KubeletState, worker: PodWorker, container: V1Container, reply: CriReply, bytes: number, ctx: Context): void {
  const record = recordOf(worker, container.name);
  if (reply.error === undefined) {
    const took = goSeconds(reply.tookUs ?? 0);
    say(state, worker, ctx, 'Normal', 'Pulled', `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). Image size: ${bytes} bytes.`, container.name);
    const { pullError: _e, ...rest } = record;
    worker.containers.set(container.name, Object.freeze({ ...rest, hasImage: true }));
    worker.backoff.delete(container.name);
    return;
  }
  const again = record.pullError !== undefined;
  say(state, worker, ctx, 'Warning', 'Failed', `Failed to pull image "${container.image}": ${reply.error}`, container.name);
  say(state, worker, ctx, 'Warning', 'Failed', 'Error: ErrImagePull', container.name);
  worker.containers.set(container.name, Object.freeze({ ...record, pullError: { message: reply.error, isBackOff: again } }));
  backOff(worker, container.name, ctx.now);
  ctx.note({ says: 'kubelet/pull-failed', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, image: container.image, error: reply.error } });
  ctx.wake(2_000_000, { retry: worker.key } satisfies PodTimer);
}

/** '1.234s', '56ms', as Go prints a duration rounded to the millisecond. */
function goSeconds(us: number): string {
  const ms = Math.round(us / 1000);
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

/** An exited container is started again, the second time and later only after a wait. */
function crashed(state: KubeletState, worker: PodWorker, container: V1Container, ctx: Context): void {
  const record = recordOf(worker, container.name);
  const ran = (record.current?.finishedAt ?? 0) - (record.current?.startedAt ?? 0);
  if (ran > STABLE_US) worker.backoff.delete(container.name);
  const was = worker.backoff.get(container.name);
  if (!was) { worker.backoff.set(container.name, { until: ctx.now, delayUs: BACKOFF_US / 2 }); return; }
  const delayUs = backOff(worker, container.name, ctx.now);
  say(state, worker, ctx, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${worker.pod.metadata?.name}_${worker.pod.metadata?.namespace}(${worker.uid})`, container.name);
  ctx.note({ says: 'kubelet/back-off', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, container: container.name, delay: humanBackoff(delayUs) } });
}

/** A container that ended by itself. */
export function noticeExit(state: KubeletState, worker: PodWorker, name: string, ctx: Context): void {
  const container = [...(worker.pod.spec?.containers ?? []), ...(worker.pod.spec?.initContainers ?? [])].find((c) => c.name === name);
  const record = recordOf(worker, name);
  if (!container || worker.isTerminating || record.current?.state !== 'EXITED') return;
  ctx.note({ says: 'kubelet/container-died', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, container: name, exitCode: record.current.exitCode, ip: worker.sandbox?.ip } });
  const policy = worker.pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never' || (policy === 'OnFailure' && record.current.exitCode === 0)) return;
  if (worker.sandbox?.isReady) crashed(state, worker, container, ctx);
}

export function relisted(state: KubeletState, answer: Answer, ctx: Context): void {
  const reply = answer.body as CriReply | undefined;
  for (const sandbox of reply?.sandboxes ?? []) {
    const key = `${sandbox.pod.namespace}/${sandbox.pod.name}`;
    const worker = state.workers.get(key);
    if (!worker || worker.uid !== sandbox.pod.uid || !sandbox.isReady) continue;
    worker.sandbox = Object.freeze({ id: sandbox.id, ip: sandbox.ip, isReady: ctx.isAlive(sandbox.address), attempt: sandbox.attempt });
    worker.sandboxAttempts = sandbox.attempt + 1;
  }
  for (const worker of state.workers.values()) syncPod(state, worker, ctx);
}

/** Whether two statuses differ in nothing but when their conditions changed. */
function saysSame(a: V1PodStatus, b: V1PodStatus): boolean {
  const [before, now] = [a.conditions ?? [], b.conditions ?? []];
  return before.length === now.length && now.every((c, i) => { const was = before[i]; return c.type === was.type && c.status === was.status && c.reason === was.reason && c.message === was.message; }) && sameJson({ ...a, conditions: 0 }, { ...b, conditions: 0 });
}

function writeStatus(state: KubeletState, worker: PodWorker, ctx: Context): void {
  if (worker.isWriting || !state.isRegistered || worker.isDeleted) return;
  if (worker.isStatic && !state.mirrors.has(worker.key)) return;
  const status = statusOf(worker, { ip: state.config.ip, epochMs: state.config.epochMs, now: ctx.now });
  const path = `/api/v1/namespaces/${worker.pod.metadata?.namespace}/pods/${worker.pod.metadata?.name}`;
  if (!worker.writtenStatus || !saysSame(worker.writtenStatus, status)) {
    worker.writtenStatus = deepFreeze(status);
    worker.isWriting = true;
    callApi(ctx, state.endpoint, { method: 'PATCH', path: `${path}/status`, contentType: 'application/merge-patch+json', body: { ...(worker.isStatic ? {} : { metadata: { uid: worker.uid } }), status } }, { wrote: worker.key });
    return;
  }
  if (worker.isFinished && worker.isTerminating && !worker.isStatic) {
    worker.isDeleted = true;
    callApi(ctx, state.endpoint, { method: 'DELETE', path, body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid: worker.uid } } }, { wrote: worker.key });
  }
}

export function statusWritten(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('wrote' in then)) return false;
  const worker = state.workers.get((then as { readonly wrote: string }).wrote);
  if (!worker) return true;
  worker.isWriting = false;
  const { code, body } = responseOf(answer);
  if (worker.isDeleted) { if (code === 200 || code === 404 || code === 409) state.workers.delete(worker.key); else { worker.isDeleted = false; ctx.wake(2_000_000, { retry: worker.key } satisfies PodTimer, true); } return true; }
  if (code === 200 && !worker.isStatic) { const pod = body as V1Pod; worker.pod = { ...worker.pod, status: pod.status ?? worker.pod.status }; }
  else if (code !== 200) { worker.writtenStatus = undefined; if (code !== 404) ctx.wake(2_000_000, { retry: worker.key } satisfies PodTimer, true); return true; }
  writeStatus(state, worker, ctx);
  return true;
}

export function timerFired(state: KubeletState, timer: PodTimer, ctx: Context): void {
  if ('retry' in timer) {
    const worker = state.workers.get(timer.retry);
    if (!worker) return;
    for (const [name, record] of worker.containers) if (record.pullError && !record.pullError.isBackOff) worker.containers.set(name, Object.freeze({ ...record, pullError: { ...record.pullError, isBackOff: true } }));
    return syncPod(state, worker, ctx);
  }
  const worker = state.workers.get(timer.pod);
  if (worker && runProbe(ctx, worker, timer) === 'passed') judge(state, worker, timer, { ok: true, why: '' }, ctx);
}

export function probeAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('probed' in then)) return false;
  const timer = (then as { readonly probed: ProbeTimer }).probed;
  const worker = state.workers.get(timer.pod);
  if (worker && recordOf(worker, timer.container).current?.id === timer.id && isRunning(recordOf(worker, timer.container))) judge(state, worker, timer, isGood(answer), ctx);
  return true;
}

function judge(state: KubeletState, worker: PodWorker, timer: ProbeTimer, result: { readonly ok: boolean; readonly why: string }, ctx: Context): void {
  const container = [...(worker.pod.spec?.containers ?? []), ...(worker.pod.spec?.initContainers ?? [])].find((c) => c.name === timer.container);
  const probe = container && probeOf(container, timer.type);
  if (!probe) return;
  const verdict = countResult(worker, timer, probe, result.ok);
  const title = timer.type[0].toUpperCase() + timer.type.slice(1);
  if (!result.ok) say(state, worker, ctx, 'Warning', 'Unhealthy', `${title} probe failed: ${probe.httpGet ? (result.why.startsWith('HTTP') ? result.why : `Get "http://${worker.sandbox?.ip}:${probe.httpGet.port}${probe.httpGet.path ?? '/'}": dial tcp ${worker.sandbox?.ip}:${probe.httpGet.port}: ${result.why}`) : `dial tcp ${worker.sandbox?.ip}:${probe.tcpSocket?.port}: ${result.why}`}`, timer.container);
  if (verdict === 'turned-ok') { ctx.toForeground(); ctx.note({ says: 'kubelet/probe-succeeded', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, container: timer.container, type: timer.type } }); }
  if (verdict === 'turned-bad') {
    ctx.toForeground();
    ctx.note({ says: 'kubelet/probe-failed', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, container: timer.container, type: timer.type, why: result.why } });
    if (timer.type !== 'readiness') { worker.killing.add(timer.container); worker.why.set(timer.container, `Container ${timer.container} failed ${timer.type} probe, will be restarted`); }
  }
  if (verdict === 'turned-ok' || verdict === 'turned-bad') syncPod(state, worker, ctx);
}
