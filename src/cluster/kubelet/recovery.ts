/**
 * What a kubelet that starts finds already running: the runtime kept the containers while it was away, and their numbers say how often they were restarted.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go GetPodStatus, pkg/kubelet/pleg/generic.go Relist, kubelet_pods.go HandlePodCleanups (v1.36).
 */
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { allContainers, allStatuses } from '../../api/pods/containers.ts';
import { parseTime } from '../../api/machinery/time.ts';
import type { Context } from '../../kernel/component.ts';
import type { RuntimeContainer, Sandbox } from '../runtime/cri.ts';
import { late } from '../late.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { beginRemounting } from './remount.ts';
import { see } from './seen.ts';
import { tellRuntime } from './worker-calls.ts';
import { withEntry } from '../../lib/persistent.ts';

export interface Found {
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly RuntimeContainer[];
}

const newestFirst = (a: { readonly attempt: number }, b: { readonly attempt: number }): number => b.attempt - a.attempt;

/** Gives a new worker what the runtime holds of its pod. */
export function recover(state: KubeletState, worker: PodWorker, ctx: Context): void {
  const mine = state.runtime?.containers.filter((c) => c.pod.uid === worker.uid) ?? [];
  const [sandbox] = [...(state.runtime?.sandboxes ?? [])].filter((s) => s.pod.uid === worker.uid).sort(newestFirst);
  const { pod } = worker;
  if (pod.status?.startTime && !worker.isStatic) worker.startedAt = (parseTime(pod.status.startTime) - state.config.epochMs) * 1000;
  if (!sandbox) return;
  worker.sandbox = Object.freeze({ id: sandbox.id, ip: sandbox.ip, isReady: sandbox.isReady, attempt: sandbox.attempt });
  worker.sandboxAttempts = sandbox.attempt + 1;
  beginRemounting(ctx, worker);
  for (const container of allContainers(pod)) {
    const [current, last] = mine.filter((c) => c.name === container.name).sort(newestFirst);
    if (!current) continue;
    worker.containers = withEntry(worker.containers, container.name, {
      current,
      ...(last ? { last } : {}),
      attempts: current.attempt + 1,
      hasImage: true,
    });
  }
  see(worker, ctx);
  let isResized = false;
  for (const container of allContainers(pod)) {
    const { current } = recordOf(worker, container.name);
    if (current?.state !== 'RUNNING') continue;
    const was = allStatuses(pod).find((s) => s.name === container.name);
    if (was?.ready && container.readinessProbe)
      worker.probes = withEntry(worker.probes, `${container.name}/readiness`, { successes: 0, failures: 0, isOk: true, runs: 0 });
    if (was?.started && container.startupProbe)
      worker.probes = withEntry(worker.probes, `${container.name}/startup`, { successes: 0, failures: 0, isOk: true, runs: 0 });
    isResized ||= !sameJson(current.spec.spec.resources ?? {}, container.resources ?? {});
  }
  if (isResized && !worker.isStatic) late().resume(worker);
}

/** How long after the runtime's answer what nobody wants is stopped. Upstream: housekeepingPeriod. */
export const HOUSEKEEPING_US = 2_000_000;

/** Stops what runs for pods that are no longer this machine's; not before the apiserver has said which are. Upstream: sourcesReady.AllReady. */
export function cleanUp(state: KubeletState, ctx: Context): void {
  if (!state.reflectors.byResource.get('pods')?.hasSynced) {
    ctx.wake(HOUSEKEEPING_US, { cleanUp: true }, true);
    return;
  }
  const wanted = new Set([...state.workers.values()].map((w) => w.uid));
  for (const container of state.runtime?.containers ?? [])
    if (!wanted.has(container.pod.uid) && container.state === 'RUNNING')
      tellRuntime(state, ctx, { protocol: 'cri', verb: 'StopContainer', container: container.id, timeoutUs: 30_000_000 });
  for (const sandbox of state.runtime?.sandboxes ?? [])
    if (!wanted.has(sandbox.pod.uid) && sandbox.isReady)
      tellRuntime(state, ctx, { protocol: 'cri', verb: 'StopPodSandbox', sandbox: sandbox.id });
  state.runtime = {
    sandboxes: state.runtime?.sandboxes.filter((s) => wanted.has(s.pod.uid)) ?? [],
    containers: state.runtime?.containers.filter((c) => wanted.has(c.pod.uid)) ?? [],
  };
}
