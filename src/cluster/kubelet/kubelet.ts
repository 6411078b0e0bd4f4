/**
 * kubelet: the captain of a machine. It registers it, watches the apiserver for its own pods and nobody else's, and drives the runtime until they run.
 * Upstream: pkg/kubelet/kubelet.go (v1.36). Simplified: one worker step at a time a pod.
 */
import type { V1Node } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import type { Component, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { responseOf } from '../client/api-client.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import { eventAnswered, eventTried } from '../client/event-writer.ts';
import { kubeletIdentity } from '../client/identity.ts';
import { createReflectors, reflected, reflectedAnswer, type Change } from '../client/reflector.ts';
import type { KubeletExec, LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { KubeletForward } from '../apiserver/port-forward.ts';
import type { Listen } from '../network/packet.ts';
import type { ContainerEvent, CriReply } from '../runtime/cri.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import { createWorker } from './known.ts';
import { isAllowed } from './node-status.ts';
import { mirrorAll, mirrorAnswered } from './mirror-pods.ts';
import { seenAt } from './static-pods.ts';
import { rfc3339Nano } from '../../api/machinery/time.ts';
import { arrived, podChanged, retryWaiting } from './pod-changes.ts';
import { criAnswered, hookAnswered, probeAnswered, referenceAnswered, timerFired, type PodTimer } from './pod-sync.ts';
import { remountAnswered } from './remount.ts';
import { cleanUp } from './recovery.ts';
import { statusWritten } from './status-writer.ts';
import type { KubeletConfig, KubeletState, Then } from './kubelet-state.ts';
import {
  checkRuntime,
  LEASE_US,
  leaseRenewed,
  lookAtRuntime,
  networkChecked,
  register,
  registered,
  renewLease,
  report,
  REPORT_US,
  saySchedulable,
} from './own-node.ts';
import { listRuntime, looked, relist, runtimeListed } from './pleg.ts';
import { seeLater } from './seen.ts';
import { late } from '../late.ts';
import { answerHttp, HEALTHZ_PORT, logsRead, readLogs, runCommand } from './server.ts';

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
      since: ctx.now,
      pleg: [],
      unseen: new Set(),
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
      ports: [
        { proto: 'tcp', port: 10250 },
        { proto: 'tcp', port: HEALTHZ_PORT, isLoopback: true },
      ],
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
    const body = message.body as ContainerEvent | LogsCall | KubeletExec | KubeletForward | HttpCall;
    if (body.protocol === 'http') {
      ctx.reply(answerHttp(body));
      return;
    }
    if (body.protocol === 'cri-event') {
      seeLater(state, body, ctx);
      return;
    }
    if (body.protocol !== 'kubelet' || message.kind !== 'call') return;
    if (body.verb === 'exec') runCommand(state, body, message, ctx);
    else if (body.verb === 'portForward') late().forwardPort(state, body, message, ctx);
    else readLogs(state, body, message, ctx);
  },
  answered(state, answer, then, ctx) {
    if (eventAnswered(ctx, state.reflectors.endpoint, answer, then)) return;
    const changes = reflectedAnswer(ctx, state.reflectors, answer, then);
    if (changes) return taken(state, changes, ctx);
    if (
      criAnswered(state, answer, then, ctx) ||
      looked(state, answer, then, ctx) ||
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
    if (t.step === 'forward') return late().portForwarded(t, answer, ctx);
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
  if (body.relist) return relist(state, ctx);
  timerFired(state, message.body as PodTimer, ctx);
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
  retryWaiting(state, ctx);
}
