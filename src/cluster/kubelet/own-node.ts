/**
 * The kubelet and its Node: it registers the machine, renews its lease, and says how it stands.
 * Upstream: pkg/kubelet/kubelet_node_status.go, component-helpers apimachinery/lease/controller.go (v1.36).
 */
import type { V1Node } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { callApi } from '../client/api-client.ts';
import { recordEvent } from '../client/event-recorder.ts';
import { startReflector } from '../client/reflector.ts';
import { leaseObject, nodeObject, nodeStatus } from './node-status.ts';
import { mirrorAll } from './mirror-pods.ts';
import { syncPod } from './pod-sync.ts';
import type { KubeletState, Then } from './kubelet-state.ts';

export const LEASE_US = 10_000_000;

/** Upstream: updateRuntimeUp, every 5 s. */
const RUNTIME_CHECK_US = 5_000_000;

export const REPORT_US = 300_000_000;
const SILENCE_US = 25_000_000;
const RUNTIME_PATIENCE_US = 30_000_000;
const RUNTIME_DOWN = 'container runtime is down';

export function register(state: KubeletState, ctx: Context): void {
  callApi(ctx, state.endpoint, { method: 'POST', path: '/api/v1/nodes', body: nodeObject(state.config, ctx.now, state.isNetworkReady) }, {
    step: 'register',
  } satisfies Then);
}

export function registered(state: KubeletState, node: V1Node | undefined, ctx: Context): void {
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
export function checkRuntime(state: KubeletState, ctx: Context): void {
  ctx.call(
    state.config.cni,
    { protocol: 'cni', command: 'CHECK', containerId: '', netns: '', pod: { namespace: '', name: '', uid: '' } },
    { step: 'runtime' } satisfies Then,
    { deadlineUs: 2_000_000 },
  );
}

export function networkChecked(state: KubeletState, isReady: boolean, ctx: Context): void {
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
export function renewLease(state: KubeletState, ctx: Context): void {
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
export function lookAtRuntime(state: KubeletState, ctx: Context): void {
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
export function leaseRenewed(state: KubeletState, ctx: Context): void {
  const silence = ctx.now - state.renewedAt;
  state.renewedAt = ctx.now;
  if (silence > SILENCE_US) report(state, ctx);
}

export function report(state: KubeletState, ctx: Context): void {
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

/** Upstream: recordNodeSchedulableEvent, when it compares the status, every 10 s. */
export function saySchedulable(state: KubeletState, { spec }: V1Node, ctx: Context): void {
  const isUnschedulable = spec?.unschedulable ?? false;
  if (isUnschedulable === state.isUnschedulable) return;
  state.isUnschedulable = isUnschedulable;
  sayStatus(state, ctx, isUnschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
}
