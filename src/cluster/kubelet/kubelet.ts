/**
 * kubelet: the captain of a machine. It registers it, watches the apiserver for its own pods and nobody else's, and drives the runtime until they run.
 * Upstream: pkg/kubelet/kubelet.go (v1.36). Simplified: one worker step at a time a pod; containerd's events are acted on at the next whole second, as PLEG would.
 */
import type { V1Node, V1Pod, V1Taint } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { internalError } from '../../api/machinery/status.ts';
import { callApi, responseOf, type Endpoint } from '../client/api-client.ts';
import { createEventRecorder, isEventAnswer, type EventRecorder } from '../client/event-recorder.ts';
import { kubeletIdentity } from '../client/identity.ts';
import { createReflectors, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import type { LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { ContainerEvent, CriReply } from '../runtime/cri.ts';
import { createWorker, type PodWorker } from './known.ts';
import { leaseObject, nodeObject, nodeStatus } from './node-status.ts';
import { criAnswered, noticeExit, probeAnswered, relisted, statusWritten, syncPod, timerFired, type PodTimer } from './pod-sync.ts';
import { mirrorOf, mirrorKey } from './static-pods.ts';

export interface MachineShape { readonly cpu: string; readonly memory: string; readonly pods: number; readonly ephemeralStorage: string; readonly extended?: Readonly<Record<string, string>>; readonly labels?: Readonly<Record<string, string>>; readonly taints?: readonly V1Taint[]; readonly podCIDR?: string; readonly podGateway?: string; readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[] }
export interface KubeletConfig { readonly machine: string; readonly ip: string; readonly api: string; readonly epochMs: number; readonly spec: MachineShape; readonly staticPods: readonly V1Pod[]; readonly containerd: string; readonly cni: string; /** The Service address of the cluster's DNS. */ readonly clusterDns: string }

export interface KubeletState {
  readonly config: KubeletConfig;
  readonly endpoint: Endpoint;
  readonly reflectors: Reflectors;
  readonly workers: Map<string, PodWorker>;
  readonly recorder: EventRecorder;
  node: V1Node | undefined;
  isNetworkReady: boolean;
  isRegistered: boolean;
  /** Runtime events not yet looked at. */
  readonly pleg: ContainerEvent[];
  readonly mirrors: Set<string>;
}
type Then = { readonly step: 'register' | 'lease' | 'lease-create' | 'node-status' | 'mirror' | 'runtime'; readonly key?: string } | { readonly step: 'logs'; readonly client: { readonly id: number; readonly from: string } } | { readonly step: 'list' };

const LEASE_US = 10_000_000;
const RELIST_US = 1_000_000;
/** Upstream: updateRuntimeUp, every 5 s. */
const RUNTIME_CHECK_US = 5_000_000;
const REPORT_US = 300_000_000;

export const kubelet: Component<KubeletState, KubeletConfig> = {
  role: 'kubelet',
  start(config, ctx) {
    const endpoint = { api: config.api, as: kubeletIdentity(config.machine) };
    const state: KubeletState = { config, endpoint, reflectors: createReflectors(endpoint), workers: new Map(), recorder: createEventRecorder('kubelet', config.epochMs, config.machine), node: undefined, isNetworkReady: false, isRegistered: false, pleg: [], mirrors: new Set() };
    for (const pod of config.staticPods) state.workers.set(keyOf(pod), createWorker(keyOf(pod), pod, true, ctx.now));
    ctx.call(config.containerd, { protocol: 'cri', verb: 'ListPods' }, { step: 'list' } satisfies Then, { deadlineUs: 5_000_000 });
    register(state, ctx);
    checkRuntime(state, ctx);
    ctx.wake(LEASE_US, { lease: true }, true);
    ctx.wake(REPORT_US, { report: true }, true);
    return state;
  },
  handle(state, message, ctx) {
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) { for (const change of changes) podChanged(state, change, ctx); return; }
    if (message.kind === 'wake') return woken(state, message, ctx);
    const body = message.body as ContainerEvent | LogsCall;
    if (body.protocol === 'cri-event') { if (state.pleg.push(body) === 1) ctx.wake(RELIST_US - (ctx.now % RELIST_US), { relist: true }); return; }
    if (body.protocol === 'kubelet' && message.kind === 'call') readLogs(state, body, message, ctx);
  },
  answered(state, answer, then, ctx) {
    if (isEventAnswer(then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) { for (const change of changes) podChanged(state, change, ctx); return; }
    if (criAnswered(state, answer, then, ctx) || statusWritten(state, answer, then, ctx) || probeAnswered(state, answer, then, ctx)) return;
    const t = then as Then;
    if (t.step === 'logs') { const body = answer.body as CriReply | undefined; ctx.reply(body?.error !== undefined || !body ? { error: { ...internalError(body?.error ?? 'runtime is down'), code: 400, message: body?.error ?? 'runtime is down' } } : { text: (body.lines ?? []).map((l) => `${l.text}\n`).join(''), lines: body.lines }, t.client); return; }
    if (t.step === 'list') { relisted(state, answer, ctx); return; }
    if (t.step === 'runtime') { networkChecked(state, (answer.body as { readonly error?: string } | undefined)?.error === undefined && answer.outcome === 'reply', ctx); return; }
    const { code, body } = responseOf(answer);
    if (t.step === 'register') {
      if (code === 201 || code === 200 || code === 409) return registered(state, code === 409 ? undefined : (body as V1Node), ctx);
      ctx.wake(1_000_000, { register: true });
    }
    if (t.step === 'lease' && code === 404) callApi(ctx, state.endpoint, { method: 'POST', path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', body: leaseObject(state.config, ctx.now, state.node) }, { step: 'lease-create' } satisfies Then);
    if (t.step === 'node-status' && code === 200) state.node = body as V1Node;
    if (t.step === 'mirror' && code !== 201 && code !== 409 && t.key) { state.mirrors.delete(t.key); ctx.wake(2_000_000, { mirrors: true }, true); }
  },
  inspect: (state) => [
    { name: 'registered', value: String(state.isRegistered) }, { name: 'network', value: state.isNetworkReady ? 'ready' : 'cni plugin not initialized' },
    { name: 'pods', value: String(state.workers.size), rows: [...state.workers.values()].map((w) => ({ name: w.key, value: `${w.isTerminating ? 'terminating' : w.busy > 0 ? 'working' : 'in sync'}${w.isStatic ? ' · static' : ''} · ${w.sandbox?.ip ?? 'no sandbox'}` })) },
  ],
};

function register(state: KubeletState, ctx: Context): void {
  callApi(ctx, state.endpoint, { method: 'POST', path: '/api/v1/nodes', body: nodeObject(state.config, ctx.now, state.isNetworkReady) }, { step: 'register' } satisfies Then);
}

function registered(state: KubeletState, node: V1Node | undefined, ctx: Context): void {
  const isFirst = !state.isRegistered;
  state.isRegistered = true;
  if (node) state.node = node;
  ctx.note({ says: 'kubelet/registered', about: `nodes/${state.config.machine}`, with: { machine: state.config.machine } });
  if (!node) report(state, ctx);
  renewLease(state, ctx);
  mirrorAll(state, ctx);
  if (isFirst) startReflector(ctx, state.reflectors, { resource: 'pods', path: '/api/v1/pods', query: { fieldSelector: `spec.nodeName=${state.config.machine}` } });
}

/** Asks whether pods can be given a network; until they can, only host-network pods are started. */
function checkRuntime(state: KubeletState, ctx: Context): void {
  ctx.call(state.config.cni, { protocol: 'cni', command: 'CHECK', containerId: '', netns: '', pod: { namespace: '', name: '', uid: '' } }, { step: 'runtime' } satisfies Then, { deadlineUs: 2_000_000 });
}

function networkChecked(state: KubeletState, isReady: boolean, ctx: Context): void {
  if (!isReady) { ctx.wake(RUNTIME_CHECK_US - (ctx.now % RUNTIME_CHECK_US), { runtime: true }); return; }
  if (state.isNetworkReady) return;
  state.isNetworkReady = true;
  ctx.note({ says: 'kubelet/network-ready', about: `nodes/${state.config.machine}`, with: { machine: state.config.machine } });
  if (state.isRegistered) report(state, ctx);
  for (const worker of state.workers.values()) syncPod(state, worker, ctx);
}

function renewLease(state: KubeletState, ctx: Context): void {
  callApi(ctx, state.endpoint, { method: 'PUT', path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${state.config.machine}`, body: leaseObject(state.config, ctx.now, state.node) }, { step: 'lease' } satisfies Then, { background: true });
}

function report(state: KubeletState, ctx: Context): void {
  callApi(ctx, state.endpoint, { method: 'PATCH', path: `/api/v1/nodes/${state.config.machine}/status`, contentType: 'application/merge-patch+json', body: { status: nodeStatus(state.config, ctx.now, state.isNetworkReady, state.node) } }, { step: 'node-status' } satisfies Then);
}

/** Shows the static pods to the API: mirror pods, which cannot be changed through it. */
function mirrorAll(state: KubeletState, ctx: Context): void {
  for (const worker of state.workers.values()) {
    if (!worker.isStatic || state.mirrors.has(worker.key)) continue;
    state.mirrors.add(worker.key);
    callApi(ctx, state.endpoint, { method: 'POST', path: `/api/v1/namespaces/${worker.pod.metadata?.namespace}/pods`, body: mirrorOf(worker.pod, state.node) }, { step: 'mirror', key: worker.key } satisfies Then);
  }
}

function woken(state: KubeletState, message: Message, ctx: Context): void {
  const body = message.body as { readonly lease?: true; readonly relist?: true; readonly report?: true; readonly register?: true; readonly mirrors?: true; readonly runtime?: true };
  if (body.runtime) return checkRuntime(state, ctx);
  if (body.lease) { ctx.wake(LEASE_US, { lease: true }, true); if (state.isRegistered) renewLease(state, ctx); return; }
  if (body.report) { ctx.wake(REPORT_US, { report: true }, true); if (state.isRegistered) report(state, ctx); return; }
  if (body.register) return register(state, ctx);
  if (body.mirrors) return mirrorAll(state, ctx);
  if (body.relist) { for (const event of state.pleg.splice(0)) relistOne(state, event, ctx); return; }
  timerFired(state, message.body as PodTimer, ctx);
}

function relistOne(state: KubeletState, event: ContainerEvent, ctx: Context): void {
  for (const worker of state.workers.values()) {
    if (worker.sandbox?.id !== event.sandbox && ![...worker.containers.values()].some((r) => r.current?.id === event.container)) continue;
    if (event.type === 'SANDBOX_STOPPED' && worker.sandbox) {
      worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false });
      if (!worker.isTerminating) ctx.note({ says: 'kubelet/sandbox-changed', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, ip: worker.sandbox.ip, machine: state.config.machine } });
    }
    if (event.state) { const record = worker.containers.get(event.state.name); if (record && record.current?.id === event.state.id) { const wasRunning = record.current.state === 'RUNNING'; worker.containers.set(event.state.name, Object.freeze({ ...record, current: event.state })); if (wasRunning) noticeExit(state, worker, event.state.name, ctx); } }
    syncPod(state, worker, ctx);
  }
}

function podChanged(state: KubeletState, { object, type }: Change, ctx: Context): void {
  const pod = object as V1Pod;
  const key = keyOf(pod);
  const staticKey = mirrorKey(pod);
  const worker = state.workers.get(key);
  if (staticKey !== undefined) {
    const own = state.workers.get(staticKey);
    if (own?.isStatic) { if (type === 'DELETED') { state.mirrors.delete(staticKey); own.writtenStatus = undefined; mirrorAll(state, ctx); } else if (type === 'ADDED') { own.writtenStatus = undefined; syncPod(state, own, ctx); } }
    return;
  }
  if (type === 'DELETED') {
    if (worker && !worker.isFinished) { worker.isTerminating = true; worker.isDeleted = true; syncPod(state, worker, ctx); } else state.workers.delete(key);
    return;
  }
  if (!worker || (worker.uid !== pod.metadata?.uid && worker.isFinished)) {
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
    const fresh = createWorker(key, pod, false, ctx.now);
    state.workers.set(key, fresh);
    ctx.note({ says: 'kubelet/saw-pod', about: `pods/${key}`, with: { pod: pod.metadata?.name, machine: state.config.machine, containers: (pod.spec?.containers ?? []).map((c) => c.name) } });
    if (pod.metadata?.deletionTimestamp) fresh.isTerminating = true;
    return syncPod(state, fresh, ctx);
  }
  worker.pod = pod;
  if (pod.metadata?.deletionTimestamp && !worker.isTerminating) {
    worker.isTerminating = true;
    ctx.note({ says: 'kubelet/terminating', about: `pods/${key}`, with: { pod: pod.metadata.name, graceSeconds: pod.metadata.deletionGracePeriodSeconds } });
  }
  syncPod(state, worker, ctx);
}

function readLogs(state: KubeletState, call: LogsCall, message: Message, ctx: Context): void {
  const worker = state.workers.get(`${call.namespace}/${call.pod}`) ?? [...state.workers.values()].find((w) => w.isStatic && `${w.key}` === `${call.namespace}/${call.pod}`);
  if (!worker) { ctx.reply({ error: { ...internalError(`pod ${call.pod} not found`), code: 404 } }); return; }
  ctx.call(state.config.containerd, { protocol: 'cri', verb: 'ReadLogs', pod: { namespace: call.namespace, name: call.pod, uid: worker.uid }, container: call.container, previous: call.previous }, { step: 'logs', client: { id: message.id, from: message.from } } satisfies Then, { deadlineUs: 10_000_000 });
}

