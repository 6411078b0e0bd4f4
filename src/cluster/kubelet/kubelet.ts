/**
 * kubelet: the captain of a machine. It registers it, watches the apiserver for its own pods and nobody else's, and drives the runtime until they run.
 * Upstream: pkg/kubelet/kubelet.go (v1.36). Simplified: one worker step at a time a pod; containerd's events are acted on at the next whole second, as PLEG would.
 */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Node, V1Pod, V1Taint } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import type { Answer, Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { badRequest, internalError } from '../../api/machinery/status.ts';
import { callApi, responseOf, type Endpoint } from '../client/api-client.ts';
import { createEventRecorder, recordEvent, type EventRecorder } from '../client/event-recorder.ts';
import { eventAnswered, eventTried } from '../client/event-writer.ts';
import { kubeletIdentity } from '../client/identity.ts';
import { createReflectors, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import type { KubeletExec, LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { Listen } from '../network/packet.ts';
import type { ContainerEvent, CriReply } from '../runtime/cri.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { logTarget, logText } from './container-logs.ts';
import { createWorker, recordOf, type PodWorker } from './known.ts';
import { isAllowed, leaseObject, nodeObject, nodeStatus } from './node-status.ts';
import { mirrorAll, mirrorAnswered } from './mirror-pods.ts';
import { seenAt } from './static-pods.ts';
import { rfc3339Nano } from '../../api/machinery/time.ts';
import { arrived, podChanged } from './pod-changes.ts';
import { criAnswered, hookAnswered, probeAnswered, referenceAnswered, syncPod, timerFired, type PodTimer } from './pod-sync.ts';
import { allDone } from './next-step.ts';
import { referencesOf } from '../../api/pods/references.ts';
import { remountAnswered } from './remount.ts';
import { cleanUp, HOUSEKEEPING_US, recover, type Found } from './recovery.ts';
import { statusWritten } from './status-writer.ts';
import { withEntry } from '../../lib/persistent.ts';

export interface MachineShape {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  readonly ephemeralStorage: string;
  readonly extended?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly V1Taint[];
  readonly podCIDR?: string;
  readonly podGateway?: string;
  readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
}
export interface KubeletConfig {
  readonly machine: string;
  readonly ip: string;
  readonly api: string;
  readonly epochMs: number;
  readonly spec: MachineShape;
  readonly staticPods: readonly V1Pod[];
  readonly containerd: string;
  readonly cni: string;
  /** The Service address of the cluster's DNS. */
  readonly clusterDns: string;
}

export interface KubeletState {
  readonly config: KubeletConfig;
  readonly endpoint: Endpoint;
  readonly reflectors: Reflectors;
  readonly workers: Map<string, PodWorker>;
  readonly recorder: EventRecorder;
  node: V1Node | undefined;
  /** Its Node was deleted: nobody makes another until the kubelet starts anew. */
  isForgotten: boolean;
  /** As an Event last said. */
  isUnschedulable: boolean;
  isNetworkReady: boolean;
  isRegistered: boolean;
  /** Runtime events not yet looked at. */
  readonly pleg: ContainerEvent[];
  readonly mirrors: Set<string>;
  /** What the runtime held when this kubelet started; undefined until it answered. */
  runtime: Found | undefined;
  /** When the lease was last renewed. */
  renewedAt: number;
  /** When the runtime was last known to be there, and whether the API was told that it is not. */
  runtimeSeenAt: number;
  isRuntimeDown: boolean;
}
type Then =
  | { readonly step: 'register' | 'lease' | 'node-status' | 'runtime' }
  | { readonly step: 'logs'; readonly client: { readonly id: number; readonly from: string }; readonly call: LogsCall }
  | { readonly step: 'exec'; readonly client: { readonly id: number; readonly from: string } }
  | { readonly step: 'list' };

const LEASE_US = 10_000_000;
const RELIST_US = 1_000_000;
/** Upstream: updateRuntimeUp, every 5 s. */
const RUNTIME_CHECK_US = 5_000_000;
const REPORT_US = 300_000_000;
const SILENCE_US = 25_000_000;
const RUNTIME_PATIENCE_US = 30_000_000;
const RUNTIME_DOWN = 'container runtime is down';

export const kubelet: Component<KubeletState, KubeletConfig> = {
  role: 'kubelet',
  start(config, ctx) {
    const endpoint = { api: config.api, as: kubeletIdentity(config.machine) };
    const state: KubeletState = {
      config,
      endpoint,
      reflectors: createReflectors(endpoint),
      workers: new Map(),
      recorder: createEventRecorder('kubelet', config.epochMs, config.machine),
      node: undefined,
      isForgotten: false,
      isUnschedulable: false,
      isNetworkReady: false,
      isRegistered: false,
      pleg: [],
      mirrors: new Set(),
      runtime: undefined,
      renewedAt: ctx.now,
      runtimeSeenAt: ctx.now,
      isRuntimeDown: false,
    };
    const seen = rfc3339Nano(config.epochMs, ctx.now);
    for (const pod of config.staticPods.map((manifest) => seenAt(manifest, seen)))
      state.workers.set(keyOf(pod), createWorker(keyOf(pod), pod, true, ctx.now));
    listRuntime(state, ctx);
    register(state, ctx);
    checkRuntime(state, ctx);
    ctx.send(`${config.machine}/linux`, {
      protocol: 'listen',
      ns: config.ip,
      ports: [{ proto: 'tcp', port: 10250 }],
      name: 'kubelet',
    } satisfies Listen);
    ctx.wake(LEASE_US, { lease: true }, true);
    ctx.wake(REPORT_US, { report: true }, true);
    return state;
  },
  handle(state, message, ctx) {
    if (eventTried(ctx, state.reflectors.endpoint, message)) return;
    const changes = reflected(ctx, state.reflectors, message);
    if (changes) return taken(state, changes, ctx);
    if (message.kind === 'wake') return woken(state, message, ctx);
    const body = message.body as ContainerEvent | LogsCall | KubeletExec | HttpCall;
    // Nobody without a certificate, as kubeadm sets it up; the read-only port 10255 is off.
    if (body.protocol === 'http') {
      ctx.reply({ protocol: 'http', status: 401, body: 'Unauthorized' } satisfies HttpReply);
      return;
    }
    if (body.protocol === 'cri-event') {
      if (state.pleg.push(body) === 1) ctx.wake(RELIST_US - (ctx.now % RELIST_US), { relist: true });
      return;
    }
    if (body.protocol !== 'kubelet' || message.kind !== 'call') return;
    if (body.verb === 'exec') runCommand(state, body, message, ctx);
    else readLogs(state, body, message, ctx);
  },
  answered(state, answer, then, ctx) {
    if (eventAnswered(ctx, state.reflectors.endpoint, answer, then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) return taken(state, changes, ctx);
    if (
      criAnswered(state, answer, then, ctx) ||
      referenceAnswered(state, answer, then, ctx) ||
      remountAnswered(state, answer, then, ctx) ||
      hookAnswered(state, answer, then, ctx) ||
      mirrorAnswered(state, answer, then, ctx) ||
      statusWritten(state, answer, then, ctx) ||
      probeAnswered(state, answer, then, ctx)
    )
      return;
    const t = then as Then;
    if (t.step === 'exec') {
      ctx.reply({ exec: (answer.body as CriReply | undefined)?.exec ?? { exitCode: 137, stdout: '', stderr: '' } }, t.client);
      return;
    }
    if (t.step === 'logs') return logsRead(state, t, answer.body as CriReply | undefined, ctx);
    if (t.step === 'list') return runtimeListed(state, answer, ctx);
    if (t.step === 'runtime') {
      networkChecked(
        state,
        (answer.body as { readonly error?: string } | undefined)?.error === undefined && answer.outcome === 'reply',
        ctx,
      );
      return;
    }
    const { code, body } = responseOf(answer);
    if (t.step === 'register') {
      if (code === 201 || code === 200 || code === 409) return registered(state, code === 409 ? undefined : (body as V1Node), ctx);
      ctx.wake(1_000_000, { register: true });
    }
    if (t.step === 'lease' && (code === 200 || code === 201)) leaseRenewed(state, ctx);
    if (t.step === 'node-status' && code === 200) state.node = body as V1Node;
  },
};

function listRuntime(state: KubeletState, ctx: Context): void {
  ctx.call(state.config.containerd, { protocol: 'cri', verb: 'ListPods' }, { step: 'list' } satisfies Then, { deadlineUs: 5_000_000 });
}

function runtimeListed(state: KubeletState, answer: Answer, ctx: Context): void {
  if (answer.outcome !== 'reply') {
    ctx.wake(1_000_000, { list: true });
    return;
  }
  const { sandboxes = [], containers = [] } = answer.body as CriReply;
  state.runtime = { sandboxes, containers };
  if (sandboxes.length > 0) ctx.wake(HOUSEKEEPING_US, { cleanUp: true }, true);
  for (const worker of state.workers.values()) {
    recover(state, worker, ctx);
    syncPod(state, worker, ctx);
  }
}

function register(state: KubeletState, ctx: Context): void {
  callApi(ctx, state.endpoint, { method: 'POST', path: '/api/v1/nodes', body: nodeObject(state.config, ctx.now, state.isNetworkReady) }, {
    step: 'register',
  } satisfies Then);
}

function registered(state: KubeletState, node: V1Node | undefined, ctx: Context): void {
  const isFirst = !state.isRegistered;
  state.isRegistered = true;
  if (node) state.node = node;
  ctx.note({ says: 'kubelet/registered', about: `nodes/${state.config.machine}`, with: { machine: state.config.machine } });
  if (!node) report(state, ctx);
  renewLease(state, ctx);
  mirrorAll(state, ctx);
  if (!isFirst) return;
  sayOfNode(state, ctx, 'Starting', 'Starting kubelet.');
  sayOfNode(state, ctx, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  for (const condition of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID']) sayStatus(state, ctx, condition);
  if (state.isNetworkReady) sayStatus(state, ctx, 'NodeReady');
  startReflector(ctx, state.reflectors, {
    resource: 'nodes',
    path: '/api/v1/nodes',
    query: { fieldSelector: `metadata.name=${state.config.machine}` },
  });
  // Answers keep their order: the Services are here before the first pod is.
  startReflector(ctx, state.reflectors, { resource: 'services', path: '/api/v1/services' });
  startReflector(ctx, state.reflectors, {
    resource: 'pods',
    path: '/api/v1/pods',
    query: { fieldSelector: `spec.nodeName=${state.config.machine}` },
  });
}

/** An Event about the machine. Its uid is its name, as upstream's nodeRef has it. */
function sayOfNode({ config, recorder, endpoint }: KubeletState, ctx: Context, reason: string, message: string): void {
  recordEvent(
    ctx,
    recorder,
    endpoint,
    { apiVersion: 'v1', kind: 'Node', metadata: { name: config.machine, uid: config.machine } },
    { type: 'Normal', reason, message },
  );
}
/** Upstream: recordNodeStatusEvent. */
const sayStatus = (state: KubeletState, ctx: Context, status: string): void =>
  sayOfNode(state, ctx, status, `Node ${state.config.machine} status is now: ${status}`);

/** Asks whether pods can be given a network; until they can, only host-network pods are started. */
function checkRuntime(state: KubeletState, ctx: Context): void {
  ctx.call(
    state.config.cni,
    { protocol: 'cni', command: 'CHECK', containerId: '', netns: '', pod: { namespace: '', name: '', uid: '' } },
    { step: 'runtime' } satisfies Then,
    { deadlineUs: 2_000_000 },
  );
}

function networkChecked(state: KubeletState, isReady: boolean, ctx: Context): void {
  if (!isReady) {
    ctx.wake(RUNTIME_CHECK_US - (ctx.now % RUNTIME_CHECK_US), { runtime: true });
    return;
  }
  if (state.isNetworkReady) return;
  state.isNetworkReady = true;
  ctx.note({ says: 'kubelet/network-ready', about: `nodes/${state.config.machine}`, with: { machine: state.config.machine } });
  if (state.isRegistered) {
    report(state, ctx);
    sayStatus(state, ctx, 'NodeReady');
  }
  for (const worker of state.workers.values()) syncPod(state, worker, ctx);
}

/** Without a Node there is no lease: what the garbage collector took is not made again. Upstream: component-helpers apimachinery/lease/controller.go newLease, nodelease SetNodeOwnerFunc. */
function renewLease(state: KubeletState, ctx: Context): void {
  callApi(
    ctx,
    state.endpoint,
    {
      method: 'PUT',
      path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${state.config.machine}`,
      body: leaseObject(state.config, ctx.now, state.node),
    },
    { step: 'lease' } satisfies Then,
    { background: true },
  );
}

/** Upstream: updateRuntimeUp asks every 5 s and waits 30 s before it says so. Simplified: it looks when it renews its lease. */
function lookAtRuntime(state: KubeletState, ctx: Context): void {
  const wasDown = state.isRuntimeDown;
  if (ctx.isAlive(state.config.containerd)) {
    state.runtimeSeenAt = ctx.now;
    state.isRuntimeDown = false;
  } else if (ctx.now - state.runtimeSeenAt >= RUNTIME_PATIENCE_US) state.isRuntimeDown = true;
  if (wasDown === state.isRuntimeDown || !state.isRegistered) return;
  report(state, ctx);
  sayStatus(state, ctx, wasDown ? 'NodeReady' : 'NodeNotReady');
  if (wasDown) for (const worker of state.workers.values()) syncPod(state, worker, ctx);
}

/** After a silence others may have said of this machine that it is Unknown: it says how it is at once. Upstream: nodeStatusUpdateFrequency compares every 10 s. */
function leaseRenewed(state: KubeletState, ctx: Context): void {
  const silence = ctx.now - state.renewedAt;
  state.renewedAt = ctx.now;
  if (silence > SILENCE_US) report(state, ctx);
}

function report(state: KubeletState, ctx: Context): void {
  callApi(
    ctx,
    state.endpoint,
    {
      method: 'PATCH',
      path: `/api/v1/nodes/${state.config.machine}/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: nodeStatus(
          state.config,
          ctx.now,
          state.isNetworkReady && !state.isRuntimeDown,
          state.node,
          state.isRuntimeDown ? RUNTIME_DOWN : undefined,
        ),
      },
    },
    { step: 'node-status' } satisfies Then,
  );
}

function woken(state: KubeletState, message: Message, ctx: Context): void {
  const body = message.body as {
    readonly lease?: true;
    readonly relist?: true;
    readonly report?: true;
    readonly register?: true;
    readonly mirrors?: true;
    readonly runtime?: true;
    readonly list?: true;
    readonly cleanUp?: true;
    readonly arrives?: string;
  };
  if (body.runtime) return checkRuntime(state, ctx);
  if (body.list) return listRuntime(state, ctx);
  if (body.cleanUp) return cleanUp(state, ctx);
  if (body.lease) {
    ctx.wake(LEASE_US, { lease: true }, true);
    lookAtRuntime(state, ctx);
    if (!state.isRegistered || state.isForgotten) return;
    renewLease(state, ctx);
    if (!isAllowed(state.node)) report(state, ctx);
    return;
  }
  if (body.report) {
    ctx.wake(REPORT_US, { report: true }, true);
    if (state.isRegistered) report(state, ctx);
    return;
  }
  if (body.register) return register(state, ctx);
  if (body.mirrors) return mirrorAll(state, ctx);
  if (body.arrives !== undefined) return arrived(state, body.arrives, ctx);
  if (body.relist) {
    for (const event of state.pleg.splice(0)) relistOne(state, event, ctx);
    return;
  }
  timerFired(state, message.body as PodTimer, ctx);
}

function relistOne(state: KubeletState, event: ContainerEvent, ctx: Context): void {
  for (const worker of state.workers.values()) {
    if (worker.sandbox?.id !== event.sandbox && ![...worker.containers.values()].some((r) => r.current?.id === event.container)) continue;
    if (event.type === 'SANDBOX_STOPPED' && worker.sandbox) {
      worker.sandbox = Object.freeze({ ...worker.sandbox, isReady: false });
      if (!worker.isTerminating)
        ctx.note({
          says: 'kubelet/sandbox-changed',
          about: `pods/${worker.key}`,
          with: { pod: worker.pod.metadata?.name, ip: worker.sandbox.ip, machine: state.config.machine },
        });
    }
    if (event.state) {
      const record = worker.containers.get(event.state.name);
      if (record && record.current?.id === event.state.id) {
        const wasRunning = record.current.state === 'RUNNING';
        worker.containers = withEntry(worker.containers, event.state.name, { ...record, current: event.state });
        if (wasRunning) noticeExit(worker, event.state.name, ctx);
      }
    }
    syncPod(state, worker, ctx);
  }
}

/** Both come over one connection: whatever made a pod fit its machine is known here before the pod is. Upstream fetches the Node again where labels fail. */
function taken(state: KubeletState, changes: readonly Change[], ctx: Context): void {
  for (const change of changes) {
    if (change.resource === 'pods') podChanged(state, change, ctx);
    else if (change.resource === 'nodes' && change.type === 'DELETED') state.isForgotten = true;
    else if (change.resource === 'nodes') {
      state.isForgotten = false;
      state.node = change.object as V1Node;
      saySchedulable(state, state.node, ctx);
    }
  }
}

/** Upstream: recordNodeSchedulableEvent, when it compares the status, every 10 s. */
function saySchedulable(state: KubeletState, { spec }: V1Node, ctx: Context): void {
  const isUnschedulable = spec?.unschedulable ?? false;
  if (isUnschedulable === state.isUnschedulable) return;
  state.isUnschedulable = isUnschedulable;
  sayStatus(state, ctx, isUnschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
}

/** A container that ended by itself. */
function noticeExit(worker: PodWorker, name: string, ctx: Context): void {
  const { current } = recordOf(worker, name);
  if (!allContainers(worker.pod).some((c) => c.name === name) || worker.isTerminating || current?.state !== 'EXITED') return;
  if (referencesOf(worker.pod).length > 0) worker.references = undefined;
  ctx.note({
    says: 'kubelet/container-died',
    about: `pods/${worker.key}`,
    with: {
      pod: worker.pod.metadata?.name,
      container: name,
      exitCode: current.exitCode,
      ip: worker.sandbox?.ip,
      ...(allDone(worker) ? { isOver: true } : {}),
    },
  });
}

function logsRead(state: KubeletState, { client, call }: Extract<Then, { step: 'logs' }>, body: CriReply | undefined, ctx: Context): void {
  if (!body || body.error !== undefined) {
    ctx.reply({ error: badRequest(body?.error ?? 'runtime is down') }, client);
    return;
  }
  ctx.reply({ text: logText(body.lines ?? [], call, { epochMs: state.config.epochMs, now: ctx.now }), lines: body.lines }, client);
}

function workerOf(state: KubeletState, call: { readonly namespace: string; readonly pod: string }): PodWorker | undefined {
  return state.workers.get(`${call.namespace}/${call.pod}`);
}

function readLogs(state: KubeletState, call: LogsCall, message: Message, ctx: Context): void {
  const worker = workerOf(state, call);
  const target = worker
    ? logTarget(worker, call, { ip: state.config.ip, epochMs: state.config.epochMs, now: ctx.now })
    : { error: `pod ${JSON.stringify(call.pod)} cannot be found - no logs available` };
  if ('error' in target) {
    ctx.reply({ error: badRequest(target.error) });
    return;
  }
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'ReadLogs', container: target.id },
    { step: 'logs', client: { id: message.id, from: message.from }, call } satisfies Then,
    { deadlineUs: 10_000_000 },
  );
}

function runCommand(state: KubeletState, call: KubeletExec, message: Message, ctx: Context): void {
  const worker = workerOf(state, call);
  const current = worker && recordOf(worker, call.container).current;
  if (current?.state !== 'RUNNING') {
    ctx.reply({ error: internalError(`error executing command in container: container not found (${JSON.stringify(call.container)})`) });
    return;
  }
  ctx.call(
    state.config.containerd,
    { protocol: 'cri', verb: 'ExecSync', container: current.id, command: call.command },
    { step: 'exec', client: { id: message.id, from: message.from } } satisfies Then,
    { deadlineUs: 15_000_000 },
  );
}
